"""Commands on the community's list of streets and houses."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from api.commands import cards, list_changes
from api.commands.asking import KnownAt, Position
from api.commands.helping import Commands
from api.commands.registers import As, acting, clerk_of, up_to_date
from api.commands.terminal import Json, Stop, answer_lines, err, say, typed
from api.shapes import streets as shapes
from registry import addresses, community, gate, questions, texts
from registry import streets as lists
from registry.aggregates.street import decisions
from registry.aggregates.street.matching import STATES, OnList
from registry.aggregates.values import Fault, sure
from registry.app import Registry
from registry.card_index import street_list, street_names, telling
from registry.card_index.street_list import LoadedStreets
from registry.settings import Settings
from registry.streets import NOW

COMMANDS, OPTIONS = texts.TEXTS["commands"], texts.TEXTS["options"]
A_PAGE = 200
SHOWN = ("settlement", "street_name", "names_before", "houses")
COUNTED = ("settlement", "street_name", *STATES, "without_dwelling")
COMPARED = ("address", "street_state", "right", "dwelling")

streets = Commands(help=COMMANDS["streets"])
Street = Annotated[str, typer.Argument(help=OPTIONS["streets STREET"])]
On = Annotated[str | None, typer.Option("--on", help=OPTIONS["streets on"])]
Settlement = Annotated[str | None, typer.Option("--settlement", help=OPTIONS["streets settlement"])]


@streets.command("import", help=COMMANDS["streets import"])
def import_(
    file: Annotated[Path | None, typer.Argument(help=OPTIONS["streets import FILE"])] = None,
    from_register: Annotated[bool, typer.Option("--from-register", help=OPTIONS["streets from-register"])] = False,
    rejects: Annotated[Path | None, typer.Option(help=OPTIONS["import --rejects"])] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=OPTIONS["import --dry-run"])] = False,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Loads the list from a file, or proposes it from the dwellings of the register."""
    if (file is None) is not from_register:
        raise Stop(2, texts.say("streets_say", "file_or_register"))
    settings = Settings.read()
    with up_to_date(settings) as registry:
        clerk = clerk_of(registry, acting(registry, settings, "streets import", as_))
        if file:
            loaded = street_list.load(file, clerk=clerk, dry_run=dry_run)
        else:
            loaded = street_list.propose(clerk=clerk, dry_run=dry_run)
    path = rejects or settings.data / "rejects.csv"
    if file:
        values = telling.look_again(street_list.table(file), loaded.rejects) if loaded.rejects else {}
        telling.write_list(path, loaded.rejects, values)
    for _, one in loaded.gone:
        err.print(
            texts.say("streets_say", "gone", one.settlement, _name(one.names[-1].name)), soft_wrap=True, markup=False
        )
    for reject in (*loaded.rejects, *loaded.warnings):
        err.print(f"{reject.file}:{reject.line} {reject.column}: {reject.message}", soft_wrap=True, markup=False)
    _told(loaded, as_json, path)
    if loaded.rejects:
        raise typer.Exit(3)


@streets.command("show", help=COMMANDS["streets show"])
def show(
    name: Annotated[str | None, typer.Option("--name", help=OPTIONS["streets name"], callback=typed(gate.line))] = None,
    settlement: Settlement = None,
    on: On = None,
    known_at: KnownAt = None,
    position: Position = None,
    as_json: Json = False,
) -> None:
    """The streets of the list, with their names on a day and before."""
    with up_to_date(Settings.read()) as registry:
        head, day, position, _ = _asked(registry, on, known_at, position)
        found = _all(registry, position, name, settlement)
        rows = [shapes.street(one, day) for one in found]
    if not as_json:
        rows = [{**one, "street_name": _name(one["name"]), "names_before": _before(one)} for one in rows]
    answer: Any = rows if position else texts.say("answers", "not-yet")
    answer_lines({**head, "position": position, "answer": answer}, as_json, SHOWN)


@streets.command("reconcile", help=COMMANDS["streets reconcile"])
def reconcile(
    settlement: Settlement = None,
    street: Annotated[str | None, typer.Option("--street", help=OPTIONS["streets STREET"])] = None,
    on: On = None,
    known_at: KnownAt = None,
    position: Position = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """The dwellings compared with the list: counts by street, or with a street the dwellings behind them."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        acting(registry, settings, "streets reconcile", as_)
        head, day, position, within = _asked(registry, on, known_at, position)
        asked: dict[str, Any] = {"day": day, "position": position, "community": within}
        if street:
            [said] = lists.reconciled(registry, [_street(registry, street, settlement, position)], **asked)
            homes = [shapes.home(one) for one in said.homes if one.said.state != "verified" or as_json]
            empty = [{"house": said.street.houses[key].said.house, "flat": flat} for key, flat in said.empty]
            counted = [shapes.counted(said, day)]
        else:
            homes, empty = [], []
            counted = [shapes.counted(one, day) for one in _reconciled(registry, settlement, asked)]
            found, _ = lists.unlisted(registry, **asked, least=10**9)
            counted += _by_name(found, settlement)
    if as_json:
        more = {"dwellings": homes, "without_dwelling": empty} if street else {}
        answer_lines({**head, "position": position, "answer": counted, **more}, True, ())
        return
    rows = [{**one, **one["counts"], "street_name": _name(one["name"])} for one in counted]
    answer_lines({**head, "position": position, "answer": rows}, False, COUNTED)
    if street:
        states = texts.TEXTS["street_states"]
        lines = [{**one, "street_state": states[one["state"]]} for one in homes]
        answer_lines({"answer": lines or texts.say("streets_say", "all_verified")}, False, COMPARED)


@streets.command("rename", help=COMMANDS["streets rename"])
def rename(
    street: Street,
    name: Annotated[str, typer.Argument(help=OPTIONS["streets rename NAME"], callback=typed(gate.name))],
    since: Annotated[
        str, typer.Option("--since", help=OPTIONS["streets since"], callback=typed(gate.whole_day, "not-a-day"))
    ],
    basis: Annotated[
        str, typer.Option("--basis", help=OPTIONS["streets basis"], callback=typed(gate.words, "basis-missing"))
    ],
    settlement: Settlement = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """The street is called otherwise from a day on: in the list."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        clerk = clerk_of(registry, acting(registry, settings, "streets rename", as_))
        asked = {"name": name, "since": since, "basis": basis}
        id = _street(registry, street, settlement, NOW).street
        _told(street_list.change(clerk, id, decisions.rename, **asked, today=clerk.today()), as_json)


@streets.command("carry", help=COMMANDS["streets carry"])
def carry(
    street: Street,
    basis: Annotated[str, typer.Argument(help=OPTIONS["streets basis"], callback=typed(gate.words, "basis-missing"))],
    settlement: Settlement = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=OPTIONS["import --dry-run"])] = False,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """The dwellings on a renamed street get its name, from the day on which it holds."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        clerk = clerk_of(registry, acting(registry, settings, "streets carry", as_))
        within = community.here(registry, settings, clerk.today()).within
        found = _street(registry, street, settlement, NOW)
        done = street_names.carry(clerk, found, basis=basis, community=within, dry_run=dry_run)
    position = done.acts[-1].position if done.acts else None
    twice = [str(one) for one in done.twice]
    said = {"dwellings": done.dwellings, "twice": twice, "position": position}
    lines = [texts.say("streets_say", "carried", done.dwellings)]
    lines += [texts.say("streets_say", "twice", ", ".join(twice))] if twice else []
    say(said, as_json, "\n".join(lines))


@streets.command("annul", help=COMMANDS["streets annul"])
def annul(
    street: Street,
    basis: Annotated[str, typer.Argument(help=OPTIONS["streets basis"], callback=typed(gate.words, "basis-missing"))],
    house: Annotated[list[str] | None, typer.Option("--house", help=OPTIONS["streets house"])] = None,
    settlement: Settlement = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """A street, or houses of it, that are not there."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        clerk = clerk_of(registry, acting(registry, settings, "streets annul", as_))
        id = _street(registry, street, settlement, NOW).street
        if house:
            done = street_list.change(clerk, id, decisions.unlist_houses, houses=house, basis=basis)
        else:
            done = street_list.change(clerk, id, decisions.annul, basis=basis)
        _told(done, as_json)


list_changes.add_to(streets, "streets", "street")


def _asked(
    registry: Registry, on: str | None, known_at: str | None, position: int | None
) -> tuple[dict[str, Any], date, int, str]:
    """Both times of a question, its day and position, and how the codes of this community begin then."""
    now = registry.clock()
    question = questions.asked(on=on, known_at=known_at, position=position, now=now)
    question = questions.settled(registry, question, now)
    within = community.here(registry, Settings.read(), question.day, question.position).within
    return question.head, question.day, sure(question.position), within


def _all(registry: Registry, position: int, name: str | None, settlement: str | None) -> list[OnList]:
    found: list[OnList] = []
    while True:
        after = found[-1].street if found else None
        page = lists.page(registry, position=position, name=name, settlement=settlement, after=after, limit=A_PAGE)
        found += page
        if len(page) < A_PAGE:
            return found


def _reconciled(registry: Registry, settlement: str | None, asked: dict[str, Any]) -> list[lists.Reconciled]:
    every = _all(registry, asked["position"], None, settlement)
    pages = (every[start : start + A_PAGE] for start in range(0, len(every), A_PAGE))
    return [one for page in pages for one in lists.reconciled(registry, page, **asked)]


def _by_name(homes: list[lists.Home], settlement: str | None) -> list[dict[str, Any]]:
    """The streets that the list has not, as dwellings call them, with how many there are."""
    wanted = addresses.settlement(settlement) if settlement else None
    found: dict[tuple[str | None, str | None], int] = {}
    for one in homes:
        if wanted is None or addresses.settlement(one.address.settlement).may_be(wanted):
            named = (one.address.settlement, one.address.street)
            found[named] = found.get(named, 0) + 1
    nothing = dict.fromkeys((*STATES, "without_dwelling"), 0)
    return [
        {"street": None, "settlement": place, "name": name, "counts": {**nothing, "missing": count}}
        for (place, name), count in found.items()
    ]


def _street(registry: Registry, said: str, settlement: str | None, position: int) -> OnList:
    """A street by its id, or by its name where only one is called so. Raises `Stop`."""
    try:
        found = lists.of_ids(registry, [UUID(said)], position)
    except ValueError:
        called, place = addresses.street("" if addresses.says_none(said) else said), addresses.settlement(settlement)
        found = [
            one
            for one in lists.meant(registry, [called.key], position)
            if any(addresses.street(name).may_be(called) for _, _, name in one.names)
            and (not place.key or addresses.settlement(one.settlement).may_be(place))
        ]
    if not found:
        raise Stop(2, texts.fault_text(Fault("street-unknown")))
    if len(found) > 1:
        several = "; ".join(f"{one.settlement}, {_name(one.names[-1][2])}: {one.street}" for one in found)
        raise Stop(2, texts.say("streets_say", "several", several))
    return found[0]


def _name(name: str | None) -> str | None:
    """The name of a street as people read it; the empty one is of houses that stand on no street."""
    return texts.say("streets_say", "no_street") if name == "" else name


def _before(one: dict[str, Any]) -> str:
    return ", ".join(name["name"] for name in one["names"] if name["name"] != one["name"])


def _told(loaded: LoadedStreets, as_json: bool, rejects: Path | None = None) -> None:
    gone = [{"street": str(id), "settlement": one.settlement, "name": one.names[-1].name} for id, one in loaded.gone]
    said: dict[str, Any] = {
        "position": loaded.acts[-1].position if loaded.acts else None,
        "facts": loaded.facts,
        "houses": loaded.houses,
        "same": loaded.same,
        "gone": gone,
        "houses_gone": loaded.houses_gone,
        "rejected": telling.rejected(loaded.rejects),
        "warnings": telling.rejected(loaded.warnings),
        "waits": loaded.waits,
    }
    if loaded.sources:
        said["files"] = [cards.as_read(one) for one in loaded.sources]
        said["faults"] = telling.kinds(loaded.rejects)
    counts = ", ".join(f"{texts.label('facts', name)}: {count}" for name, count in loaded.facts.items())
    lines = [*map(cards.read_so, loaded.sources), counts or texts.say("territories_say", "nothing_new")]
    lines += [texts.say("streets_say", "houses_gone", loaded.houses_gone)] if loaded.houses_gone else []
    lines += [texts.say("streets_say", "waits")] if loaded.waits else []
    lines += [texts.say("territories_say", "rejected_rows", said["rejected"], rejects)] if loaded.rejects else []
    say(said, as_json, "\n".join(lines))
