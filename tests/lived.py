"""Random lives for whole registers: seeded, quick to make by the hundred thousand, of every fact that is about where
somebody lives, lawful or not. Most are plain, as most are; the others hold anything."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from given import CLERK, uid

from registry.aggregates.dwelling.events import Address, AddressRenamed, DwellingCorrected, DwellingEntered
from registry.aggregates.person import events, merge_events, protection_events
from registry.app import Registry
from registry.storage.mapper import Draft, Envelope

HOMES, UNKNOWN = [uid(100 + number) for number in range(6)], uid(199)
BEGUN = datetime(2024, 6, 3, 9, 0, tzinfo=UTC)
ROUND = ("2000-01-01", "2001-01-01", "2001-07-01", "2002-01-01", "2003-01-01", "2000-02-29", "2001-04-30", "2001-12-31")
ROUGH = ("1999", "2000", "2001-02", "2001-07", "2002-12", "2001-02-30", "0001-01-01", "9999-12-31")
KINDS = (events.ResidenceDeclared, events.ResidenceRegistered, events.StayRegistered)


def told(registry: Registry, people: int, seed: int) -> list[UUID]:
    """Enters dwellings and so many lives into the log of an empty register, acts of all of them in a random order and
    without any projection; returns the people."""
    luck = Random(seed)
    waiting = {uid(10_000 + number): _in_acts(luck, _life(luck, number)) for number in range(people)}
    order = [stream for stream, acts in waiting.items() for _ in acts]
    luck.shuffle(order)
    versions: dict[UUID, int] = {}

    def act(number: int, stream: UUID, facts: Sequence[Any]) -> tuple[Envelope, list[Draft]]:
        first = versions.get(stream, 0) + 1
        versions[stream] = first + len(facts) - 1
        envelope = Envelope(BEGUN + timedelta(minutes=7 * number), CLERK, uuid4())
        return envelope, [Draft(stream, version, fact) for version, fact in enumerate(facts, first)]

    said = [*_dwellings(), *((stream, waiting[stream].pop(0)) for stream in order)]
    with registry.recorder.writing() as log:
        log.write_acts((act(number, stream, facts) for number, (stream, facts) in enumerate(said)), registry.mapper)
    return list(waiting)


def _dwellings() -> Iterator[tuple[UUID, list[Any]]]:
    for number, home in enumerate(HOMES):
        ref = f"Ж-{number}" if number % 2 else None
        yield home, [DwellingEntered(address=Address(street="вул. Вигадана", house=str(number)), ref=ref)]
    yield HOMES[0], [AddressRenamed(address=Address(street="вул. Нова"), since="2001-07")]
    yield HOMES[1], [DwellingCorrected(address=Address(street="вул. Виправлена"), reason="описка")]


def _in_acts(luck: Random, facts: list[Any]) -> list[list[Any]]:
    acts: list[list[Any]] = [facts[:1]]
    for fact in facts[1:]:
        if luck.random() < 0.4:
            acts[-1].append(fact)
        else:
            acts.append([fact])
    return acts


def _life(luck: Random, number: int) -> list[Any]:
    born = luck.choice((None, "1999-05-04", "2001", "2000-06", "2000-02-29", "2000-02-30", "2001-03-01"))
    said = events.Particulars(surname="Вигадана", birth_date=born)
    facts: list[Any] = [events.PersonEntered(particulars=said, ref=f"О-{number}" if number % 3 else None)]
    rough = luck.random() < 0.15
    made: list[UUID] = []
    for step in range(luck.choice((0, 1, 1, 2, 2, 3, 4, 6, 9))):
        new = made[0] if made and luck.random() < 0.01 else UUID(int=luck.getrandbits(128), version=4)
        wild = luck.random() < (0.35 if rough else 0.02)
        (_anything if wild else _plainly)(luck, facts, made, new, step)
    return facts


def _day(luck: Random, rough: float = 0.02) -> str:
    if luck.random() < rough:
        return luck.choice(ROUGH)
    return luck.choice(ROUND) if luck.random() < 0.3 else date.fromordinal(730_120 + luck.randrange(1461)).isoformat()


def _home(luck: Random) -> UUID:
    return luck.choice((*HOMES, UNKNOWN))


def _known(luck: Random, made: list[UUID]) -> UUID:
    return luck.choice(made) if made and luck.random() < 0.95 else uid(99)


def _plainly(luck: Random, facts: list[Any], made: list[UUID], new: UUID, step: int) -> None:
    match luck.randrange(10):
        case 0 | 1 | 2 | 3:
            facts.append(luck.choice(KINDS)(residence=new, dwelling=_home(luck), since=_day(luck)))
            made.append(new)
        case 4 | 5:
            first, last = sorted((_day(luck), _day(luck)))
            past = {"residence": new, "kind": "stay", "dwelling": _home(luck), "since": first, "until": last}
            # Most come before anything else and after one another, as cards have them.
            earlier = {"since": f"19{60 + step}-01-01", "until": f"19{60 + step + luck.randrange(1, 3)}-01-01"}
            facts.append(events.PastResidenceEntered(**(past | earlier if luck.random() < 0.8 else past)))
            made.append(new)
        case 6 | 7:
            left = _known(luck, made)
            facts.append(events.ResidenceDeregistered(residence=left, dwelling=HOMES[0], until=_day(luck)))
        case 8:
            facts.append(luck.choice(_quiet(new)))
        case 9 if luck.random() < 0.3:
            facts.append(events.Deceased(registered_on=_day(luck)))


def _quiet(new: UUID) -> list[Any]:
    changes = (events.Change(field="surname", was="Вигадана", now="Нова"),)
    return [
        events.FamilyLinkEntered(link=new, role="parent", relative_name="Мати"),
        events.ParticularsUpdated(changes=changes, basis="документ"),
        events.OccupiedAddressNoted(address="с. Вигадане", list_entry="1"),
        protection_events.AddressProtected(mark=new, basis="суд", since="2001-01-01"),
        events.FormerIdentitySealed(basis="усиновлення"),
    ]


def _anything(luck: Random, facts: list[Any], made: list[UUID], new: UUID, step: int) -> None:
    version, known, home, day = len(facts) + 1, _known(luck, made), _home(luck), _day(luck, 0.3)
    maybe = luck.choice((day, None))
    now = events.ResidenceVersion(
        kind="declared", dwelling=home, since=maybe, until=luck.choice((None, _day(luck, 0.3)))
    )
    was = events.ResidenceVersion(kind="stay", dwelling=home)
    born = (events.Change(field="birth_date", now=luck.choice((None, "2001-05-01", "2002"))),)
    taken = luck.randrange(1, version + 1)
    said = luck.choice(
        (
            luck.choice(KINDS)(residence=new, dwelling=home, since=maybe),
            events.PastResidenceEntered(
                residence=new, kind="registered", dwelling=home, since=maybe, until=_day(luck, 0.3)
            ),
            events.ResidenceDeregistered(residence=known, dwelling=home, until=day),
            events.ResidenceCorrected(residence=known, was=was, now=now, reason="описка"),
            events.ResidenceAnnulled(residence=known, dwelling=home, basis="висновок", revives=luck.random() < 0.5),
            events.ResidenceCarriedOver(from_residence=known, residence=new, dwelling=home, since=day, succession=1),
            events.OccupiedAddressNoted(residence=known, list_entry="1"),
            events.Deceased(registered_on=day),
            events.DeathAnnulled(takes_back=taken, basis="тезка"),
            events.DeregistrationAnnulled(takes_back=taken, residence=known, dwelling=home, basis="суд"),
            events.CarryOverAnnulled(takes_back=taken, residence=known, dwelling=home, basis="суд"),
            events.ParticularsCorrected(changes=born, basis="документ"),
            merge_events.EntryMerged(survivor=uid(10_000), reason="двійник"),
            merge_events.MergeAnnulled(takes_back=taken, basis="двоє"),
            events.EntryWithdrawn(reason="помилка"),
            events.PersonEntered(particulars=events.Particulars(surname="Вигадана", birth_date=maybe)),
        )
    )
    facts.append(said)
    if said.NAME in ("residence-carried-over", "past-residence-entered") or isinstance(said, KINDS):
        made.append(new)
