"""The journal: what goes out comes back the same, byte for byte; what is none changes nothing (semantics 7)."""

import hashlib
import json
import re
import runpy
import tracemalloc
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from conftest import _database
from given import CLERK

from registry import journal
from registry.aggregates.dwelling.events import Address
from registry.aggregates.extract.events import ExtractIssued, ExtractNumberVoided, ExtractRequested
from registry.aggregates.person.events import Document, Particulars
from registry.aggregates.values import Actor
from registry.opening import opened
from registry.projections import runner
from registry.storage import mapper
from registry.storage.recorder import NotEmpty
from registry.viewer import OPEN
from replay.compare import verify

KEYS = [
    *("position", "stream", "version", "name", "schema", "recorded_at", "by", "command"),
    *("since", "until", "person", "dwelling", "residence", "body", "salt", "leaf"),
]
NAMES = (
    Particulars(surname='О"Ніл \\ «Вигаданий»', given_names="Ім’я 'лапки'", patronymic="\\u0041\\n"),
    Particulars(surname="Смайл 🏠👩‍👩‍👧", given_names="Ї\u0301ї\u0308 й\u0306", patronymic="и\u0306"),
    Particulars(surname="‏אבג דה‎", given_names="\u202eтсет\u202c", patronymic="\u2028\u2029\u00a0\x7f"),
    Particulars(surname="Table\tNew\nLine\r", given_names="�\U0010ffff", phone="0" * 500, unzr="20000101-00017"),
)
BIG = {"whole": 2**63 - 1, "more": 2**64 - 1, "less": -(2**63), "safe": 2**53 + 1, "part": 0.1, "text": '"\\/\b'}


@contextmanager
def register(server):
    with contextmanager(_database)(server, template="hromada") as url, opened(url, connections=3) as made:
        yield made


@pytest.fixture
def empty(server):
    """A register without a fact."""
    with register(server) as made:
        yield made


@pytest.fixture(scope="module")
def whole(server):
    """A small register with something of everything: a readdressing (an act of several facts), extracts, odd names."""
    with register(server) as made:
        clerk = Clerk(made, Actor("clerk-«1»", 'Адміністратор "Вигадана" О. О.'))
        homes = [
            clerk.enter_dwelling(command=uuid4(), address=Address(street=f"вул. Вигадана «{n}»", house="13-А\\1"))
            .entries[0]
            .stream
            for n in range(3)
        ]
        people = []
        for number, said in enumerate(NAMES):
            papers = [Document(kind="паспорт", number='"№" 1\\2', latin="O'Neil")]
            asked = {"particulars": said, "documents": papers, "ref": f"ref-{number}"}
            people.append(clerk.enter_person(command=uuid4(), **asked).entries[0].stream)
            about = {
                "kind": "declared",
                "dwelling": homes[0],
                "since": ("2001", "2001-02", "2001-02-28", "2002")[number],
            }
            clerk.settle(people[-1], command=uuid4(), **about, basis="заява № 1/2")
        renumbered = {"successor": homes[1], "since": "2010-05-01", "reason": "рішення «№ 1»"}
        clerk.readdress(homes[0], command=uuid4(), **renumbered)
        clerk.record_death(people[1], command=uuid4(), registered_on="2020-12")
        changes = {"surname": "О’Ніл", "patronymic": None}
        clerk.change_particulars(people[0], command=uuid4(), corrects=True, changes=changes, basis="скан")
        extracts = [uuid4() for _ in range(3)]
        for number, extract in enumerate(extracts):
            asked = ExtractRequested(
                person=people[number],
                year=0,
                number=0,
                code=f"CODE{number}",
                on="2024-06-03",
                read_at=made.position(),
                history=True,
                basis="person",
                requester=NAMES[number].surname,
                content={"big": BIG, "nested": [{"a": None, "б": [True, 1, 1.5, ""]}], "name": NAMES[number].surname},
            )
            made.append([(extract, [asked], 0)], by=CLERK, command=uuid4())
        issued = ExtractIssued(person=people[0], sha256="ab" * 32, renderer="1")
        made.append([(extracts[0], [issued], 1)], by=CLERK, command=uuid4())
        voided = ExtractNumberVoided(person=people[1], reason="не сформовано\\")
        made.append([(extracts[1], [voided], 1)], by=CLERK, command=uuid4())
        yield made


@pytest.fixture(scope="module")
def lines(whole, tmp_path_factory):
    """The lines of the journal of `whole`, each with its LF."""
    path = tmp_path_factory.mktemp("journal") / "good.jsonl"
    assert journal.export(whole, path, seen_by=OPEN) == whole.position()
    return path.read_bytes().splitlines(keepends=True)


def load(registry, path: Path, content) -> int:
    path.write_bytes(content if isinstance(content, bytes) else b"".join(content))
    return journal.load(registry, path, datetime.now(UTC))


def rows(registry) -> dict[str, list[str]]:
    """All rows of all tables but the time of the mark."""
    columns = {one.TABLE: (*one.COLUMNS, "known_from", "known_until") for one in runner.PROJECTIONS}
    columns |= {"facts": ("notification_id", "state", "leaf"), "marks": ("mark",)}
    with registry.snapshot() as connection:
        found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in columns}
    return {name: sorted(repr([row[column] for column in columns[name]]) for row in found[name]) for name in columns}


leaf_of = runpy.run_path(str(Path(__file__).parent.parent / "contrib" / "leaves.py"))["leaf_of"]


def with_leaf(line: bytes) -> bytes:
    """A line made by hand, with the leaf that belongs to its bytes: computed by a program that shares no code."""
    zeros = re.sub(rb',"leaf":"[0-9a-f]{64}"\}\n\Z', b',"leaf":"' + b"0" * 64 + b'"}\n', line)
    try:
        leaf = leaf_of(zeros.decode())[1]
    except UnicodeDecodeError:
        leaf = mapper.leaf(zeros[:-76] + b"}").hex()
    return zeros[:-67] + leaf.encode() + zeros[-3:]


def salt_as(new: bytes):
    """The member of a salt in another form, the line's leaf right by the rule that its bytes say now."""

    def edit(line: bytes) -> bytes:
        state = re.sub(rb',"leaf":"[0-9a-f]{64}"\}\n\Z', b"}", line)
        state = re.sub(rb',"salt":"([0-9a-f]{32})"\}\Z', lambda found: new.replace(b"SALT", found[1]) + b"}", state)
        return journal.line_bytes(state, mapper.leaf(state))

    return edit


def salt_first(line: bytes) -> bytes:
    salt = re.search(rb',"salt":"[0-9a-f]{32}"', line)[0]
    return with_leaf(line.replace(salt, b"").replace(b',"body":', salt + b',"body":'))


def of_the_other_rule(line: bytes) -> bytes:
    state = re.sub(rb',"leaf":"[0-9a-f]{64}"\}\n\Z', b"}", line)
    return journal.line_bytes(state, hashlib.sha256(b"\0" + state).digest())


def long_body(length: int):
    """A line with so many bytes, of which a name is the most."""

    def edit(line: bytes) -> bytes:
        body = json.loads(line)["body"]
        more = length - len(changed(line, body=body | {"ref": ""}))
        return changed(line, body=body | {"ref": "x" * more})

    return edit


def changed(line: bytes, **members) -> bytes:
    """A line with other members, in the order and form of the journal, its leaf right."""
    said = json.loads(line) | members
    text = json.dumps({key: said[key] for key in said if key != "leaf"}, ensure_ascii=False, separators=(",", ":"))
    return with_leaf(text.encode()[:-1] + b',"leaf":"' + b"0" * 64 + b'"}\n')


def test_what_is_exported_comes_back_the_same(whole, empty, lines, tmp_path):
    assert load(empty, tmp_path / "in.jsonl", lines) == len(lines)
    journal.export(empty, tmp_path / "out.jsonl", seen_by=OPEN)
    assert (tmp_path / "out.jsonl").read_bytes() == b"".join(lines)
    here, there = rows(whole), rows(empty)
    assert there.pop("marks") == ["['given-times']"] and here.pop("marks") == []
    assert here == there
    assert verify(empty).found == 0


def test_an_imported_register_goes_on(empty, lines, tmp_path):
    load(empty, tmp_path / "in.jsonl", lines)
    act = Clerk(empty, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Наступна"))
    assert act.position == len(lines) + 1
    request = empty.entries(UUID(json.loads(lines[index_of(lines, "extract-requested")])["stream"]))[0].fact
    last = max(json.loads(line)["body"].get("number", 0) for line in lines)
    more = empty.append([(uuid4(), [replace(request, code="NEW")], 0)], by=CLERK, command=uuid4()).entries[0].fact
    assert more.number == (last + 1 if more.year == request.year else 1)
    assert verify(empty).found == 0


def test_the_commands_of_an_imported_register_still_answer(whole, empty, lines, tmp_path):
    load(empty, tmp_path / "in.jsonl", lines)
    for command in {UUID(json.loads(line)["command"]) for line in lines}:
        # No journal says what was asked: only what was recorded.
        assert empty.of_command(command) == replace(whole.of_command(command), digest=None)


def test_an_imported_register_is_marked_and_another_is_not(whole, empty, lines, tmp_path):
    assert [row["mark"] for row in whole.marks()] == []
    load(empty, tmp_path / "in.jsonl", lines)
    assert [row["mark"] for row in empty.marks()] == ["given-times"]


def test_each_line_has_the_form_of_semantics_7(lines):
    assert len(lines) > 20
    for position, line in enumerate(lines, 1):
        said = json.loads(line)
        assert list(said) == KEYS
        assert said["position"] == position
        compact = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        assert json.loads(compact) == said
        # 0x7f and others may be written as they are; blanks outside of strings may not be.
        outside = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', line[:-1])
        assert not re.search(rb"\s", outside)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", said["recorded_at"])
        for key in ("stream", "command", "person", "dwelling", "residence"):
            assert said[key] is None or said[key] == str(UUID(said[key]))
        assert None not in said["body"].values()
    text = b"".join(lines).decode("utf-8")
    assert text.endswith("\n") and "\r" not in text
    assert "Смайл 🏠👩‍👩‍👧" in text and "אבג" in text and "Ї\u0301" in text


def unsalted(line: bytes) -> bytes:
    """A line as the first releases wrote it."""
    return with_leaf(re.sub(rb',"salt":"[0-9a-f]{32}"', b"", line))


def test_the_leaf_of_a_line_is_what_another_program_says(lines):
    for line in lines:
        said, found = leaf_of(line.decode())
        assert said == found


def test_the_leaf_of_a_line_without_a_salt_is_the_hash_of_it_without_the_leaf(lines):
    for line in map(unsalted, lines):
        member = re.search(rb',"leaf":"([0-9a-f]{64})"\}\n\Z', line)
        rest = line[: member.start()] + b"}"
        assert hashlib.sha256(b"\x00" + rest).hexdigest().encode() == member[1]
        assert mapper.leaf(rest).hex().encode() == member[1]


@pytest.mark.parametrize("salted_from", [9, None], ids=["and goes on with salted ones", "alone"])
def test_lines_of_the_first_releases_stay_as_they_were(empty, lines, tmp_path, salted_from):
    was = [*map(unsalted, lines[:salted_from]), *(lines[salted_from:] if salted_from else ())]
    assert load(empty, tmp_path / "in.jsonl", was) == len(lines)
    journal.export(empty, tmp_path / "out.jsonl", seen_by=OPEN)
    assert (tmp_path / "out.jsonl").read_bytes() == b"".join(was)
    assert verify(empty).found == 0
    Clerk(empty, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Наступна"))
    journal.export(empty, tmp_path / "out.jsonl", seen_by=OPEN)
    last = (tmp_path / "out.jsonl").read_bytes().splitlines(keepends=True)[-1]
    assert re.search(r',"salt":"[0-9a-f]{32}","leaf":"', last.decode()) and len(set(leaf_of(last.decode()))) == 1
    assert verify(empty).found == 0


def test_no_two_lines_have_one_salt(lines):
    salts = [json.loads(line)["salt"] for line in lines]
    assert len(set(salts)) == len(salts)


def test_heads_are_those_of_the_fact(lines):
    by_name = {said["name"]: said for said in map(json.loads, lines)}
    moved = by_name["residence-carried-over"]
    assert (moved["since"], moved["until"], moved["person"]) == ("2010-05-01", None, moved["stream"])
    assert (moved["dwelling"], moved["residence"]) == (moved["body"]["dwelling"], moved["body"]["residence"])
    assert by_name["dwelling-succeeded"]["dwelling"] == by_name["dwelling-succeeded"]["stream"]
    assert by_name["deceased"]["since"] == "2020-12"
    assert by_name["extract-requested"]["person"] == by_name["extract-requested"]["body"]["person"]


def index_of(lines, name: str) -> int:
    return next(number for number, line in enumerate(lines) if json.loads(line)["name"] == name)


def act_of_many(lines) -> int:
    """The index of the second line of an act of several facts."""
    commands = [json.loads(line)["command"] for line in lines]
    return next(number for number in range(1, len(lines)) if commands[number] == commands[number - 1])


def at(number: int, *new: bytes):
    return lambda lines: [*lines[:number], *new, *lines[number + 1 :]]


def edited(number: int, edit):
    return lambda lines: [*lines[:number], edit(lines[number]), *lines[number + 1 :]]


def named(name: str, edit):
    return lambda lines: edited(index_of(lines, name), edit)(lines)


def body(**members):
    return lambda line: changed(line, body=json.loads(line)["body"] | members)


def moved_in_time(number: int, to):
    def bad(lines):
        instant = datetime.fromisoformat(json.loads(lines[number - 1])["recorded_at"]) + to
        return edited(number, lambda line: changed(line, recorded_at=mapper.instant_text(instant)))(lines)

    return bad


def torn(lines):
    """An act whose second fact comes after another act; positions, versions and times are otherwise right."""
    second = act_of_many(lines)
    out = [json.loads(line) for line in lines[: second + 1]]
    out[second]["command"] = out[0]["command"]
    later = datetime.fromisoformat(out[second]["recorded_at"]) + timedelta(microseconds=1)
    return [*lines[:second], changed(lines[second], command=out[0]["command"], recorded_at=mapper.instant_text(later))]


def reordered_keys(line: bytes) -> bytes:
    said = json.loads(line)
    return changed(json.dumps({"stream": said.pop("stream"), **said}).encode() + b"\n")


def number_twice(lines):
    second = [number for number, line in enumerate(lines) if b'"extract-requested"' in line][1]
    return edited(second, body(number=1))(lines)


def unzr_twice(lines):
    second = [number for number, line in enumerate(lines) if b'"person-entered"' in line][1]
    said = json.loads(lines[second])["body"]["particulars"] | {"unzr": "20000101-00017"}
    return edited(second, body(particulars=said))(lines)


BAD = {
    "a line cut in half": (edited(4, lambda line: line[: len(line) // 2] + b"\n"), 5),
    "the last line cut in half": (lambda lines: [*lines[:-1], lines[-1][:40]], "last"),
    "the last line without its LF": (lambda lines: [*lines[:-1], lines[-1][:-1]], "last"),
    "a line ended by CR LF": (edited(3, lambda line: line[:-1] + b"\r\n"), 4),
    "a wrong leaf": (edited(6, lambda line: line[:-68] + b"0" * 64 + line[-4:]), 7),
    "a leaf in capitals": (edited(6, lambda line: re.sub(rb'[0-9a-f]{64}"\}', lambda m: m[0].upper(), line)), 7),
    "no leaf": (edited(6, lambda line: re.sub(rb',"leaf":.*\}', b"}", line)), 7),
    "an altered byte": (edited(2, lambda line: line.replace(b'"version":1', b'"version":2')), 3),
    "an altered name": (named("person-entered", lambda line: line.replace(b"ref-0", b"ref-9")), "person-entered"),
    "a missing line": (lambda lines: lines[:5] + lines[6:], 6),
    "a missing first line": (lambda lines: lines[1:], 1),
    "a line twice": (lambda lines: lines[:6] + lines[5:], 7),
    "two lines in the other order": (lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], 6),
    "an empty line": (lambda lines: [*lines[:5], b"\n", *lines[5:]], 6),
    "keys in another order": (edited(1, reordered_keys), 2),
    "a member too many": (edited(1, lambda line: changed(line, extra=1)), 2),
    "a member of the body too many": (named("person-entered", body(extra=1)), "person-entered"),
    "an absent member as null": (named("deceased", body(basis=None)), "deceased"),
    "blanks": (edited(1, lambda line: with_leaf(line.replace(b'"version":1', b'"version": 1'))), 2),
    "a blank before the line": (edited(1, lambda line: with_leaf(b" " + line)), 2),
    "a letter as an escape": (
        edited(0, lambda line: with_leaf(line.replace("Вигадана".encode(), json.dumps("Вигадана").encode()[1:-1]))),
        1,
    ),
    "pretty JSON": (edited(1, lambda line: json.dumps(json.loads(line), indent=2).encode() + b"\n"), 2),
    "a member twice": (edited(1, lambda line: with_leaf(line.replace(b'"schema":1', b'"schema":1,"schema":1'))), 2),
    "an unknown fact": (named("deceased", lambda line: changed(line, name="resurrected")), "deceased"),
    "a schema of tomorrow": (named("deceased", lambda line: changed(line, schema=999)), "deceased"),
    "a schema before the first": (named("deceased", lambda line: changed(line, schema=0)), "deceased"),
    "a date that is none": (
        named("deceased", lambda line: body(registered_on="2020-13")(changed(line, since="2020-13"))),
        "deceased",
    ),
    "a date of birth that is none": (
        named("person-entered", body(particulars={"surname": "Вигадана", "birth_date": "давно"})),
        "person-entered",
    ),
    "a body of another shape": (named("deceased", body(registered_on=2020)), "deceased"),
    "a body that lacks a member": (
        named("dwelling-succeeded", lambda line: changed(line, body={})),
        "dwelling-succeeded",
    ),
    "a head that is not of the body": (named("deceased", lambda line: changed(line, since="2020-11")), "deceased"),
    "a person that is not of the stream": (
        named("deceased", lambda line: changed(line, person=str(uuid4()))),
        "deceased",
    ),
    "an id in capitals": (edited(1, lambda line: changed(line, command=json.loads(line)["command"].upper())), 2),
    "a time that goes back": (moved_in_time(3, -timedelta(seconds=1)), 4),
    "a time that does not rise": (moved_in_time(3, timedelta(0)), 4),
    "a time to come": (
        lambda lines: [*lines[:-1], changed(lines[-1], recorded_at="2999-01-01T00:00:00.000000Z")],
        "last",
    ),
    "a time in another form": (
        edited(1, lambda line: changed(line, recorded_at=json.loads(line)["recorded_at"][:-1] + "+00:00")),
        2,
    ),
    "an act torn apart": (torn, "act"),
    "two times in an act": (
        lambda lines: moved_in_time(act_of_many(lines), timedelta(microseconds=1))(lines),
        "act",
    ),
    "a version out of turn": (named("deceased", lambda line: changed(line, version=9)), "deceased"),
    "a fact on another aggregate's stream": (
        named(
            "deceased",
            lambda line: changed(
                line,
                name="dwelling-entered",
                since=None,
                person=None,
                dwelling=json.loads(line)["stream"],
                body={"address": {}},
            ),
        ),
        "deceased",
    ),
    "another salt": (edited(6, lambda line: re.sub(rb'"salt":"\w{32}"', b'"salt":"' + b"ab" * 16 + b'"', line)), 7),
    "a salt in capitals": (edited(6, lambda line: salt_as(b',"salt":"' + b"AB" * 16 + b'"')(line)), 7),
    "a salt that is too short": (edited(6, salt_as(b',"salt":"abab"')), 7),
    "a salt that is too long": (edited(6, salt_as(b',"salt":"SALTab"')), 7),
    "a salt that is no hex": (edited(6, salt_as(b',"salt":"' + b"xy" * 16 + b'"')), 7),
    "a salt that is null": (edited(6, salt_as(b',"salt":null')), 7),
    "a salt that is a number": (edited(6, salt_as(b',"salt":1')), 7),
    "no salt after salted lines": (edited(6, unsalted), 7),
    "a salt twice": (edited(6, salt_as(b',"salt":"SALT","salt":"SALT"')), 7),
    "a salt in another place": (edited(6, salt_first), 7),
    "a leaf of the other rule": (edited(6, of_the_other_rule), 7),
    "a leaf of the other rule where there is no salt": (
        lambda lines: [unsalted(lines[0])[:-67] + lines[0][-67:], *lines[1:]],
        1,
    ),
    "a salted line that is too long": (
        named("person-entered", lambda line: long_body(mapper.LONGEST + 1)(line)),
        "person-entered",
    ),
    "a line of the first releases that is too long": (
        lambda lines: [long_body(mapper.LONGEST_UNSALTED + 1)(unsalted(lines[0])), *lines[1:]],
        1,
    ),
    "an empty file": (lambda lines: b"", None),
    "one empty line": (lambda lines: b"\n", 1),
    "a BOM": (lambda lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]], 1),
    "broken UTF-8": (edited(0, lambda line: with_leaf(line.replace("Вигадана".encode(), b"\xff\xfe"))), 1),
    "binary garbage": (lambda lines: bytes(range(256)) * 40, 1),
    "a JSON array": (lambda lines: b"[1,2,3]\n", 1),
    # Well formed line by line, and yet nothing that a register's tables can hold.
    "a text that no table can hold": (named("person-entered", body(particulars={"surname": "Нуль\0"})), None),
    "a text that no index can hold": (
        lambda lines: [long_body(mapper.LONGEST_UNSALTED)(unsalted(lines[0])), *lines[1:]],
        None,
    ),
    "a number that no table can hold": (named("extract-requested", body(number=2**40)), None),
    "an extract's number twice": (lambda lines: number_twice(lines), None),
    "two people with one УНЗР": (lambda lines: unzr_twice(lines), None),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_journal_names_its_line_and_changes_nothing(empty, lines, tmp_path, what):
    spoil, line = BAD[what]
    numbers = {"last": lambda: len(lines), "act": lambda: act_of_many(lines) + 1, None: lambda: None}
    number = line if isinstance(line, int) else numbers.get(line, lambda: index_of(lines, line) + 1)()
    with pytest.raises(journal.BadJournal) as error:
        load(empty, tmp_path / "bad.jsonl", spoil(lines))
    if number:
        assert f"Рядок {number}: " in str(error.value)
    assert re.search("[а-яіїєґ]", str(error.value))
    assert all(found == [] for found in rows(empty).values())
    assert load(empty, tmp_path / "good.jsonl", lines) == len(lines)


def test_the_longest_line_is_taken(empty, lines, tmp_path):
    # The name of a dwelling alone may not be as long as a line: an index holds it.
    long = changed(lines[index_of(lines, "extract-requested")], position=1, version=1, body={})
    said = json.loads(lines[index_of(lines, "extract-requested")])["body"]
    body = {**said, "content": {"text": ""}}
    more = mapper.LONGEST - len(changed(long, body=body))
    longest = changed(long, body={**body, "content": {"text": "x" * more}})
    assert len(longest) == 65_535
    assert load(empty, tmp_path / "long.jsonl", longest) == 1


def test_a_line_as_long_as_the_disk_is_refused_at_once(empty, tmp_path):
    with (tmp_path / "endless.jsonl").open("wb") as file:
        file.truncate(200 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(journal.BadJournal, match="Рядок 1: "):
            journal.load(empty, tmp_path / "endless.jsonl", datetime.now(UTC))
        assert tracemalloc.get_traced_memory()[1] < 4 * mapper.LONGEST_UNSALTED
    finally:
        tracemalloc.stop()


def test_only_an_empty_register_takes_a_journal(empty, lines, tmp_path):
    Clerk(empty, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана"))
    before = rows(empty)
    with pytest.raises(NotEmpty):
        load(empty, tmp_path / "in.jsonl", lines)
    assert rows(empty) == before


def test_a_journal_is_not_loaded_twice(empty, lines, tmp_path):
    load(empty, tmp_path / "in.jsonl", lines)
    with pytest.raises(NotEmpty):
        load(empty, tmp_path / "in.jsonl", lines)
    assert verify(empty).counts["facts"] == len(lines)


def test_an_export_that_fails_leaves_the_file_as_it_was(whole, tmp_path, monkeypatch):
    target = tmp_path / "journal.jsonl"
    target.write_bytes(b"before\n")
    good, seen = journal.line_bytes, []

    def breaks(state, leaf):
        seen.append(state)
        if len(seen) == 10:
            raise OSError(28, "No space left on device")
        return good(state, leaf)

    monkeypatch.setattr(journal, "line_bytes", breaks)
    with pytest.raises(OSError, match="No space"):
        journal.export(whole, target, seen_by=OPEN)
    assert target.read_bytes() == b"before\n"
    assert [path.name for path in tmp_path.iterdir()] == ["journal.jsonl"]


@pytest.mark.parametrize("target", ["missing/journal.jsonl", "folder", "file/journal.jsonl"])
def test_an_export_to_where_nothing_can_be_written_leaves_nothing(whole, tmp_path, target):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError):
        journal.export(whole, tmp_path / target, seen_by=OPEN)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def test_an_export_is_read_by_nobody_else(whole, tmp_path):
    journal.export(whole, tmp_path / "journal.jsonl", seen_by=OPEN)
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o077 == 0


def test_an_empty_register_exports_an_empty_journal(empty, tmp_path):
    assert journal.export(empty, tmp_path / "journal.jsonl", seen_by=OPEN) == 0
    assert (tmp_path / "journal.jsonl").read_bytes() == b""


def test_a_journal_of_an_older_schema_keeps_its_bytes_and_is_upcast(empty, lines, tmp_path, monkeypatch):
    old = index_of(lines, "deceased")
    was = [*lines[:old], changed(lines[old], body={"on_day": "2020-12"}, since="2020-12"), *lines[old + 1 :]]
    monkeypatch.setattr(mapper, "SCHEMA", 2)
    monkeypatch.setitem(mapper.UPCASTS, ("deceased", 1), lambda body: {"registered_on": body["on_day"]})
    assert load(empty, tmp_path / "old.jsonl", was) == len(lines)
    journal.export(empty, tmp_path / "out.jsonl", seen_by=OPEN)
    assert (tmp_path / "out.jsonl").read_bytes() == b"".join(was)
    assert verify(empty).found == 0
    dead = empty.person(UUID(json.loads(was[old])["stream"]))
    assert dead.death.registered_on == "2020-12"
    act = Clerk(empty, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Нова"))
    journal.export(empty, tmp_path / "out.jsonl", seen_by=OPEN)
    last = (tmp_path / "out.jsonl").read_bytes().splitlines()[-1]
    assert json.loads(last)["schema"] == 2 and json.loads(last)["position"] == act.position
