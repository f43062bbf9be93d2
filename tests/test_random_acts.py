"""Whatever clerks do, in whatever order, lawful or not: the register stays whole, and every way of asking agrees.

Each example is a sequence of random acts through the one door on a real database of its own.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from clerks import REQUESTS, Clerk
from conftest import _database
from given import CLERK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiers import tries

from registry import journal, questions
from registry.aggregates.dwelling.events import Address, Owner
from registry.aggregates.person import state as person_state
from registry.aggregates.person.events import Document, Particulars
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL, Actor, Impossible, NeedsConfirmation
from registry.app import LostRace, Registry
from registry.opening import opened
from registry.projections import runner
from registry.viewer import OPEN
from replay import answers
from replay.compare import verify

PEOPLE, DWELLINGS, EXAMPLES = 3, 6, 35
HEAD = Actor("head", "Керівник Вигадана Г. Г.")
SURNAMES = ("Вигаданий", "Казковий", "Д’якун", "Омріяна")
DAYS = (date(2001, 7, 1), date(2002, 1, 1), date(2030, 1, 1))

_exact = st.dates(date(2000, 1, 1), date(2003, 12, 31)).map(date.isoformat)
_round = st.sampled_from(["2000-01-01", "2001-01-01", "2001-07-01", "2002-01-01", "2003-01-01"])
_rough = st.sampled_from(["1999", "2000", "2001", "2002", "2001-02", "2001-07", "2002-12"])
_wrong = st.sampled_from(["2001-02-30", "2999-01-01", "учора", "1970-01-01", "2001-13"])
_dates = st.one_of(_round, _exact, _round, _exact, _rough, _rough, _wrong)
_picks = st.integers(0, 5)
_maybe = st.one_of(_dates, _dates, st.none())


@dataclass(frozen=True)
class Ask:
    """One thing asked of the clerk; what the numbers point at is looked up when its turn comes."""

    act: str
    who: int
    which: int
    home: int
    other: int
    since: str | None
    until: str | None
    kind: str
    flag: bool
    confirmed: bool


ACTS = sorted((*REQUESTS, "request_change", "approve", "reject"))
OFTEN = (
    *("settle", "settle", "settle", "enter_past_residence", "correct_residence", "deregister_residence", "readdress"),
    *("request_change", "approve", "merge_entries", "annul_merge"),
)
KINDS = st.sampled_from(["declared", "registered", "stay"])

# Named acts, then others at random: most examples hold a life worth asking about.
asks = st.builds(
    Ask,
    act=st.one_of(st.sampled_from(OFTEN), st.sampled_from(ACTS)),
    who=_picks,
    which=_picks,
    home=_picks,
    other=_picks,
    since=_maybe,
    until=_maybe,
    kind=KINDS,
    flag=st.booleans(),
    confirmed=st.sampled_from([True, True, False]),
)


@dataclass
class Told:
    """What was acted so far, and what the register answered after each act."""

    registry: Registry
    people: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(PEOPLE)])
    homes: list[UUID] = field(default_factory=list)
    said: list[tuple] = field(default_factory=list)
    pointed: dict[UUID, UUID] = field(default_factory=dict)
    kept: dict[UUID, frozenset] = field(default_factory=dict)
    asked_for: list[UUID] = field(default_factory=list)

    def __post_init__(self):
        self.clerk, self.head = Clerk(self.registry, CLERK), Clerk(self.registry, HEAD)
        for number, kind in enumerate((None, "private", None, "elsewhere", "abroad", None)):
            asked = {"address": Address(street=f"вул. Вигадана, {number}"), "kind": kind, "ref": f"Ж-{number}"}
            self.homes.append(self.clerk.enter_dwelling(command=uuid4(), **asked).entries[0].stream)
        for number, person in enumerate(self.people[:2]):
            said = Particulars(surname=SURNAMES[number], birth_date=(None, "2000-06")[number])
            self.clerk.enter_person(command=uuid4(), person=person, particulars=said, ref=(None, "О-1")[number])

    def does(self, ask: Ask) -> bool:
        """Acts as asked; whether anything was recorded. What is refused changes nothing."""
        before, command = self.registry.position(), uuid4()
        try:
            act = getattr(self, ask.act)(ask, command=command)
        except (Impossible, NeedsConfirmation, LostRace) as refused:
            # Alone, only an approval can come too late: the person or a dwelling changed since it was asked for.
            assert refused.raced and ask.act == "approve" if isinstance(refused, LostRace) else refused.faults
            assert self.registry.position() == before
            assert self.registry.of_command(command) is None
            if ask.confirmed:
                assert not isinstance(refused, NeedsConfirmation)
            return False
        assert not act.repeated
        assert [entry.position for entry in act.entries] == list(range(before + 1, self.registry.position() + 1))
        again = getattr(self, ask.act)(ask, command=command)
        assert again.repeated and again.entries == act.entries and self.registry.position() == act.position
        self.said.append((act, everything(self, act.recorded_at)))
        return True

    # The acts, each from an Ask

    def enter_person(self, ask, **how):
        said = Particulars(
            surname=SURNAMES[ask.other % 4] if ask.which else None,
            birth_date=ask.since if ask.flag else None,
            unzr=f"20000101-0001{ask.other}" if ask.kind == "stay" else None,
        )
        ref = f"О-{ask.other}" if ask.kind != "declared" else None
        return self.clerk.enter_person(person=self.person(ask), particulars=said, ref=ref, **how)

    def enter_resident(self, ask, **how):
        said = Particulars(surname=SURNAMES[ask.other % 4], birth_date=ask.since if ask.flag else None)
        asked = {"kind": ask.kind, "dwelling": self.home(ask.home), "since": ask.since, "basis": "картка"}
        asked |= {"particulars": said, "confirmed": ask.confirmed}
        return self.clerk.enter_resident(person=self.person(ask), **asked, **how)

    def settle(self, ask, **how):
        asked = {"kind": ask.kind, "dwelling": self.home(ask.home), "since": ask.since, "basis": "заява"}
        return self.clerk.settle(self.person(ask), confirmed=ask.confirmed, **asked, **how)

    def enter_past_residence(self, ask, **how):
        asked = {"kind": ask.kind, "dwelling": self.home(ask.home), "since": ask.since, "until": ask.until}
        return self.clerk.enter_past_residence(self.person(ask), confirmed=ask.confirmed, **asked, **how)

    def deregister_residence(self, ask, **how):
        return self.named("deregister_residence", ask, how, until=ask.until, ground="заява")

    def correct_residence(self, ask, **how):
        offered = {"dwelling": self.home(ask.home), "since": ask.since, "until": ask.until, "kind": ask.kind}
        changes = {name: offered[name] for name in sorted(offered)[ask.other % 3 :]}
        return self.named("correct_residence", ask, how, changes=changes, reason="описка")

    def annul_residence(self, ask, **how):
        until = ask.until if ask.other == 0 else None
        return self.named("annul_residence", ask, how, basis="висновок", revives=ask.flag, revived_until=until)

    def annul_deregistration(self, ask, **how):
        return self.clerk.annul_deregistration(self.person(ask), basis="суд", confirmed=ask.confirmed, **how)

    def annul_carry_over(self, ask, **how):
        return self.named("annul_carry_over", ask, how, basis="суд")

    def annul_death(self, ask, **how):
        return self.clerk.annul_death(self.person(ask), basis="тезка", **how)

    def record_death(self, ask, **how):
        return self.clerk.record_death(self.person(ask), registered_on=ask.since, confirmed=ask.confirmed, **how)

    def note_occupied_address(self, ask, **how):
        until = ask.until if ask.flag else None
        if ask.other == 0:
            asked = {"list_entry": "п. 1", "address": "с. Вигадане", "confirmed": ask.confirmed}
            return self.clerk.note_occupied_address(self.person(ask), **asked, **how)
        return self.named("note_occupied_address", ask, how, list_entry="п. 1", list_until=until)

    def change_particulars(self, ask, **how):
        offered = {"surname": SURNAMES[ask.other % 4], "birth_date": ask.since, "patronymic": None}
        changes = {name: offered[name] for name in sorted(offered)[ask.which % 3 :]}
        documents = [Document(kind="паспорт", number="000001")] if ask.other == 5 else None
        asked = {"corrects": ask.flag, "changes": changes, "documents": documents, "basis": "документ"}
        return self.clerk.change_particulars(self.person(ask), **asked, **how)

    def update_particulars(self, ask, **how):
        changes = {"surname": SURNAMES[ask.other % 4]} if ask.flag else {"birth_date": ask.since}
        return self.clerk.update_particulars(self.person(ask), changes=changes, basis="документ", **how)

    def correct_particulars(self, ask, **how):
        return self.change_particulars(replace(ask, flag=True), **how)

    def merge_entries(self, ask, **how):
        gone, into = self.person(ask), self.people[ask.other % PEOPLE]
        known = self.registry.person(gone).residences
        keep = self.kept.setdefault(how["command"], frozenset(one.id for one in known[ask.which % 3 :][:2]))
        # Often with something to keep, sometimes named wrongly.
        return self.clerk.merge_entries(
            gone, into=into, keep=keep, reason="внесено двічі", confirmed=ask.confirmed, **how
        )

    def annul_merge(self, ask, **how):
        gone = [one for one in self.people if self.registry.person(one).merged]
        named = self.pointed.setdefault(how["command"], gone[ask.which % len(gone)] if gone else self.person(ask))
        return self.clerk.annul_merge(named, basis="двоє", **how)

    def withdraw_entry(self, ask, **how):
        # Rarely: it empties a life.
        return self.clerk.withdraw_entry(self.person(ask), reason="помилка" if ask.other == 0 else None, **how)

    def request_change(self, ask, **how):
        two, person = Clerk(self.registry, CLERK, second_person=True), self.person(ask)
        known = self.registry.person(person).residences
        if known and ask.flag:
            asked = {"residence": known[ask.which % len(known)].id, "changes": {"dwelling": self.home(ask.home)}}
            act = two.correct_residence(person, reason="описка", confirmed=ask.confirmed, **asked, **how)
        else:
            act = two.annul_deregistration(person, basis="суд", confirmed=ask.confirmed, **how)
        self.asked_for += [] if act.repeated else [act.entries[0].stream]
        return act

    def approve(self, ask, **how):
        return self.head.approve(self.change(ask), **how)

    def reject(self, ask, **how):
        # Rarely: it leaves less to approve.
        return self.clerk.reject(self.change(ask), reason="помилка" if ask.other == 0 else None, **how)

    def enter_dwelling(self, ask, **how):
        kind = "немає такого" if ask.home == 5 else "private"
        address = Address(street=f"вул. Нова, {ask.which}") if ask.flag else Address()
        return self.clerk.enter_dwelling(address=address, kind=kind, ref=f"Ж-{ask.other}", **how)

    def rename_address(self, ask, **how):
        address = Address(street=f"вул. Перейменована, {ask.which}")
        return self.clerk.rename_address(self.home(ask.home), address=address, since=ask.since, **how)

    def correct_dwelling(self, ask, **how):
        address = Address(street=f"вул. Виправлена, {ask.which % 2}")
        return self.clerk.correct_dwelling(self.home(ask.home), address=address, kind=None, reason="описка", **how)

    def change_kind(self, ask, **how):
        kind = "elsewhere" if ask.other == 5 else ("private", "state_or_communal")[ask.which % 2]
        return self.clerk.change_kind(self.home(ask.home), kind=kind, basis="рішення", **how)

    def record_owners(self, ask, **how):
        owners = (Owner(name=f"Власниця Вигадана {ask.which}", person=self.person(ask) if ask.flag else None),)
        return self.clerk.record_owners(self.home(ask.home), owners=owners, since=ask.since, basis="договір", **how)

    def record_encumbrance(self, ask, **how):
        asked = {"kind": ("mortgage", "other")[ask.which % 2], "number": str(ask.other), "since": ask.since}
        return self.clerk.record_encumbrance(self.home(ask.home), until=ask.until if ask.flag else None, **asked, **how)

    def record_lease(self, ask, **how):
        asked = {"number": str(ask.other), "since": ask.since, "lessee": self.person(ask), "basis": "договір найму"}
        return self.clerk.record_lease(self.home(ask.home), until=ask.until if ask.flag else None, **asked, **how)

    def readdress(self, ask, **how):
        asked = {"successor": self.home(ask.other), "since": ask.since, "reason": "рішення виконкому"}
        return self.clerk.readdress(self.home(ask.home), confirmed=ask.confirmed, **asked, **how)

    # Looking up what an Ask points at

    def person(self, ask: Ask) -> UUID:
        return self.people[ask.who % PEOPLE]

    def change(self, ask: Ask) -> UUID:
        return self.asked_for[-1 - ask.which % len(self.asked_for)] if self.asked_for else uuid4()

    def home(self, number: int) -> UUID:
        return self.homes[number % len(self.homes)]

    def named(self, act: str, ask: Ask, how: dict, **asked):
        known = self.registry.person(self.person(ask)).residences
        now = known[ask.which % len(known)].id if known else uuid4()
        # A command that is given again speaks of the same residence as before.
        residence = self.pointed.setdefault(how["command"], now)
        asked |= {"residence": residence, "confirmed": ask.confirmed}
        return getattr(self.clerk, act)(self.person(ask), **asked, **how)


def over_all_time(known_at: datetime) -> questions.Asked:
    now = datetime.now(UTC)
    return questions.Asked(period=True, known_at=known_at, today=now.date())


def everything(told: Told, known_at: datetime) -> dict:
    """Every answer of the projections as known at an instant: people and dwellings over all time and on some days."""
    registry, now = told.registry, datetime.now(UTC)
    asked = [over_all_time(known_at), *(questions.Asked(on=day, known_at=known_at, today=now.date()) for day in DAYS)]
    said = {}
    for number, question in enumerate(asked):
        for person in told.people:
            try:
                said["residence", person, number] = questions.residence(
                    registry, str(person), question, now, seen_by=OPEN
                )
            except questions.NotFound:
                said["residence", person, number] = None
        for home in told.homes:
            said["occupancy", home, number] = questions.occupancy(registry, str(home), question, now, seen_by=OPEN)
    return {key: answer and (answer["position"], answer["answer"]) for key, answer in said.items()}


def folded(told: Told, position: int) -> dict[UUID, person_state.Person]:
    """The people as the log alone says, up to a position."""
    found = {
        stream: [entry for entry in told.registry.entries(stream) if entry.position <= position]
        for stream in told.people
    }
    return {stream: person_state.fold(entries) for stream, entries in found.items()}


def replay_agrees(told: Told, position: int, said: dict) -> None:
    """Every answer of the projections is the one that replay folds from the log."""
    people = folded(told, position)
    periods = [(None, None), *((day, day + timedelta(1)) for day in DAYS)]
    for number, (start, end) in enumerate(periods):
        for person, state in people.items():
            answer = said["residence", person, number]
            # A merged entry is answered for by whoever has its place, as the facts alone say.
            while state.merged:
                state = people[state.merged.says.survivor]
            if answer is None:
                assert not state.entered
                continue
            low, high = start or BEFORE_ALL, end or AFTER_ALL
            expected = [
                answers.stretch_json(one)
                | {"certain": answers.covers(one, max(low, one.since or low), min(high, one.until or high))}
                for one in answers.residence_over(state, start, end)
            ]
            found = [{name: row[name] for name in (*expected[0],)} for row in answer[1]] if expected else answer[1]
            assert found == expected
        for home in told.homes:
            segments = answers.occupancy_over(people, home, start, end)
            found = said["occupancy", home, number][1]
            if start is None:
                refs = {person: state.ref or str(person) for person, state in people.items()}
                assert [(one["from"], one["until"], one["persons"]) for one in found] == [
                    (iso(one["from"], BEFORE_ALL), iso(one["until"], AFTER_ALL), sorted(map(refs.get, one["persons"])))
                    for one in segments
                ]
            else:
                there = {str(person) for one in segments for person in one["persons"]}
                assert {row["person_id"] for row in found} == there
                assert len(found) >= len(there)


def iso(day: date, unbounded: date) -> str | None:
    return None if day == unbounded else day.isoformat()


def tables(registry: Registry) -> dict[str, Counter]:
    """All rows of all projections."""
    columns = {one.TABLE: (*one.COLUMNS, "known_from", "known_until") for one in runner.PROJECTIONS}
    with registry.snapshot() as connection:
        return {
            name: Counter(
                repr([row[column] for column in columns[name]]) for row in connection.execute(f"SELECT * FROM {name}")
            )
            for name in columns
        }


def never_two_at_once(registry: Registry) -> None:
    """Of what the register ever believed at one position, no two standing residences of a person share a day."""
    with registry.snapshot() as connection:
        rows = connection.execute("SELECT * FROM residences WHERE state = 'standing' AND NOT kept").fetchall()
    for position in {row["known_from"] for row in rows}:
        spans: dict[UUID, list] = {}
        for row in rows:
            if row["known_from"] <= position and (row["known_until"] is None or position < row["known_until"]):
                spans.setdefault(row["person"], []).append((row["since"] or date.min, row["until"] or date.max))
        for of_person in spans.values():
            assert all(end <= start for (_, end), (start, _) in pairwise(sorted(of_person)))
            assert all(start < end for start, end in of_person)


@contextmanager
def a_register(server):
    with contextmanager(_database)(server, template="hromada") as url, opened(url, connections=4) as registry:
        yield registry


def agreed(server, folder, asked) -> Counter:
    """Acts as asked on a register of its own, checks that everything agrees, and tells which acts were recorded."""
    spent: Counter = Counter()
    with a_register(server) as registry:
        told = Told(registry)
        for ask in asked:
            if told.does(ask):
                spent[ask.act] += 1
        never_two_at_once(registry)
        whole(registry)
        for act, then in told.said:
            assert everything(told, act.recorded_at) == then, f"as known at position {act.position}"
        for act, then in {id(one): one for one in (*told.said[-1:], *told.said[len(told.said) // 2 :][:1])}.values():
            replay_agrees(told, act.position, then)
        rows = tables(registry)
        for name in rows:
            assert registry.rebuild(name) == rows[name].total()
        assert tables(registry) == rows
        journal.export(registry, folder / "one.jsonl", seen_by=OPEN)
    with a_register(server) as other:
        journal.load(other, folder / "one.jsonl", datetime.now(UTC))
        journal.export(other, folder / "two.jsonl", seen_by=OPEN)
        assert (folder / "two.jsonl").read_bytes() == (folder / "one.jsonl").read_bytes()
        assert tables(other) == rows
        whole(other)
    return spent


def whole(registry: Registry) -> None:
    report = verify(registry)
    assert report.found == 0, report.differences


@settings(max_examples=tries(EXAMPLES), deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.lists(asks, min_size=12, max_size=30))
def test_whatever_is_acted_every_way_of_asking_agrees(server, tmp_path_factory, asked):
    agreed(server, tmp_path_factory.mktemp("journal"), asked)


def test_every_act_of_the_clerk_takes_part(server, tmp_path):
    """One life in which each act is recorded once; the property above draws from the same ones."""

    def ask(act, **said):
        nothing = {name: None for name in ("since", "until")} | {"flag": True, "confirmed": True, "kind": "registered"}
        return Ask(act=act, **{"who": 0, "which": 0, "home": 0, "other": 1, **nothing, **said})

    life = [
        ask("enter_dwelling", other=6),
        ask("rename_address", home=1, since="2002-05"),
        ask("correct_dwelling", home=2),
        ask("change_kind", home=2, which=1),
        ask("record_owners", since="2001"),
        ask("record_encumbrance", since="2001"),
        ask("record_lease", since="2001", until="2030"),
        ask("settle", since="2001"),
        ask("enter_past_residence", home=3, since=None, until="2000-02"),
        ask("deregister_residence", until="2001-07-01"),
        ask("annul_deregistration"),
        ask("readdress", home=0, other=1, since="2002-01-01"),
        ask("correct_residence", which=1, home=4, since="1999", until="2000", other=0),
        ask("annul_carry_over", which=2),
        ask("note_occupied_address", flag=False),
        ask("settle", home=2, since="2002-06-01", kind="stay"),
        ask("annul_residence", which=3),
        ask("change_particulars", since="1980"),
        ask("update_particulars", flag=True, other=2),
        ask("correct_particulars", since="1981"),
        ask("request_change", home=3),
        ask("approve"),
        ask("request_change", home=4),
        ask("reject", other=0),
        ask("record_death", since="2003"),
        ask("annul_death"),
        ask("withdraw_entry", other=0),
        ask("enter_resident", who=2, other=2, since="1995", flag=False),
        ask("withdraw_entry", who=2, other=0),
        ask("enter_person", who=2, which=1, other=3, since="1990"),
        ask("settle", who=2, since="2001"),
        ask("merge_entries", who=2, other=1),
        ask("annul_merge", who=2),
    ]
    assert set(agreed(server, tmp_path, life)) == {one.act for one in life} == set(ACTS)
