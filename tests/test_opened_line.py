"""A line of the log opened: single values shown, the rest as commitments, the leaf recomputed by whoever has it."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from clerks import Clerk
from given import CLERK
from hypothesis import given
from hypothesis import strategies as st
from running import Command

from registry import journal, opened
from registry.aggregates.person.events import Document, Particulars
from registry.demo import seed
from registry.opening import opened as opened_register
from registry.storage import commitments, mapper
from registry.viewer import OPEN

ROOT = Path(__file__).parent.parent
LEAVES = ROOT / "contrib" / "leaves.py"
leaf_of = runpy.run_path(str(LEAVES))["leaf_of"]
DOCUMENTED = (ROOT / "docs" / "journal.md").read_text("utf-8")
GOLDEN = [line for line in (ROOT / "tests/golden/facts.jsonl").read_bytes().splitlines(keepends=True)]
STATES = [re.sub(rb',"leaf":"\w+"\}\n', b"}", line) for line in GOLDEN if b',"salt":"' in line]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('аї"\\/~{}[],:\n1 '),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('аї"\\/~{}[],:\n1 '), inner, max_size=3),
    max_leaves=12,
)


def line(body) -> str:
    """A salted line with a body, its leaf zeros."""
    said = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return f'{{"position":1,"body":{said},"salt":"{"5a" * 16}","leaf":"{"0" * 64}"}}\n'


def another_program(*arguments) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", LEAVES, *arguments], capture_output=True, text=True, encoding="utf-8")


class TestTheLeaf:
    @given(st.dictionaries(st.text(max_size=3), JSON, max_size=4).filter(lambda body: "\0" not in json.dumps(body)))
    def test_is_what_another_program_says_of_any_body(self, body) -> None:
        written = line(body)
        if "\\u0000" in written or re.search(r"\\ud[89a-f]", written):
            return
        state = written[:-76].encode() + b"}"
        assert mapper.leaf(state).hex() == leaf_of(written)[1]

    @pytest.mark.parametrize(
        "spoilt",
        [
            "{,}",
            '{"a":1,}',
            '{"a": 1}',
            '{"a":1}}',
            "[1",
            '{"a":1}{"b":2}',
            '"a":1',
            "",
            '{"\\u0000":1}',
            '{"a":x}',
            "nul",
        ],
    )
    def test_of_what_is_no_line_is_none(self, spoilt) -> None:
        state = line({}).replace('"body":{}', f'"body":{spoilt}')[:-76].encode() + b"}"
        assert mapper.leaf(state) == b""

    def test_of_the_vectors_is_what_the_page_says(self, tmp_path) -> None:
        lines, members = re.findall(r"```(?:jsonl|text)\n(.*?)```", DOCUMENTED, re.DOTALL)
        (tmp_path / "vectors.jsonl").write_text(lines, "utf-8")
        done = another_program(tmp_path / "vectors.jsonl", "--members")
        assert done.returncode == 0 and done.stdout.splitlines()[-1] == "2 salted, 1 unsalted, 0 wrong"
        printed = [text.split(" ")[:3] for text in done.stdout.splitlines()[:-1]]
        assert [" ".join((*two, path or "(empty)")) for *two, path in printed] == members.splitlines()
        for raw in lines.encode().splitlines():
            state, said = raw[:-75] + b"}", raw[-66:-2].decode()
            assert mapper.leaf(state).hex() == said
        ours = [one for raw in lines.encode().splitlines()[1:] for one in members_of(raw[:-75] + b"}")]
        assert [
            f"{one.salt.hex()} {one.commitment.hex()} {one.path or '(empty)'}" for one in ours
        ] == members.splitlines()

    def test_another_program_says_the_same_of_every_line(self, database_url, tmp_path) -> None:
        with opened_register(database_url) as registry:
            seed(registry, persons=60, now=registry.clock())
            journal.export(registry, tmp_path / "demo.jsonl", seen_by=OPEN)
        done = another_program(tmp_path / "demo.jsonl")
        assert done.returncode == 0 and ", 0 unsalted, 0 wrong" in done.stdout
        assert (
            done := another_program(ROOT / "tests/golden/facts.jsonl")
        ).returncode == 0 and "266 unsalted" in done.stdout
        spoilt = (tmp_path / "demo.jsonl").read_bytes().replace("\u0456".encode(), b"i", 1)
        (tmp_path / "spoilt.jsonl").write_bytes(spoilt)
        assert another_program(tmp_path / "spoilt.jsonl").returncode == 1


def members_of(state: bytes) -> list[commitments.Member]:
    salt = commitments.salt_of(state)
    assert salt
    return commitments.members(state, salt)


def test_lines_of_a_shape_that_is_known_have_the_members_that_they_had_before_it_was(monkeypatch) -> None:
    """After some lines of a shape the next ones are read at once: whatever their values are, and however broken."""
    values = (b'"a"', b'""', b'"\\""', b'"\\\\"', b'",\\"y\\":null"', b"null", b"true", b"-1.5e3", b"[]", b"{}")
    broken = (b'"', b'"a', b"nul", b"[1]", b'{"z":1}', b"1,2", b"", b'"a""b"', b'"\\', b'a"')
    end = b',"salt":"' + b"0" * 32 + b'"}'
    states = [
        b'{"position":1,"name":"n","body":{"x":%b,"y":[%b,{"w":%b}]}' % said + end
        for one in (*values, *broken)
        for said in ((one, b"1", b"2"), (b"1", one, b"2"), (b"1", b"2", one))
    ]
    assert not set(commitments._SHAPES) & {(b"n", number) for number in range(9)}
    monkeypatch.setattr(commitments, "_FEW", len(states))
    unknown = [mapper.leaf(state) for state in states]
    monkeypatch.setattr(commitments, "_FEW", 0)
    assert [mapper.leaf(state) for _ in range(2) for state in states] == 2 * unknown
    assert any(name == b"n" for name, _ in commitments._SHAPES) and b"" in unknown and len({*unknown}) > 20


class TestAnOpenedLine:
    @pytest.mark.parametrize("state", STATES, ids=lambda state: str(mapper.read_line(state).position))
    def test_of_every_fact_proves_itself_whatever_is_shown(self, state) -> None:
        paths = [one.path for one in members_of(state)]
        for shown in ([], paths[-1:], ["/body"], [""]):
            said = json.loads(json.dumps(opened.opened_line(state, shown)))
            found = opened.checked_line(said)
            assert found.valid and found.leaf == mapper.leaf(state).hex()
            assert set(found.shown) == {"", *(paths if shown in (["/body"], [""]) else shown)}
            assert found.hidden == len(paths) - len(found.shown)

    def test_shows_all_that_is_in_an_object_and_nothing_beside_it(self) -> None:
        state = next(one for one in STATES if b'"particulars":{"surname"' in one)
        found = opened.checked_line(opened.opened_line(state, ["/body/particulars"]))
        assert all(path.startswith("/body/particulars/") for path in found.shown if path)
        assert len(found.shown) > 2 and found.hidden

    @pytest.mark.parametrize("path", ["/body/nothing", "surname", "/body/", "/head", "/body/particular"])
    def test_of_a_path_that_is_not_there(self, path) -> None:
        with pytest.raises(opened.CannotOpen) as error:
            opened.opened_line(STATES[0], [path])
        assert (error.value.why, error.value.path) == ("no-path", path)

    def test_of_a_line_without_a_salt(self) -> None:
        with pytest.raises(opened.CannotOpen, match="unsalted"):
            opened.opened_line(re.sub(rb',"leaf":"\w+"\}\n', b"}", GOLDEN[0]), [])


@pytest.fixture(scope="module")
def shown() -> dict:
    state = next(one for one in STATES if b'"particulars":{"surname"' in one)
    return opened.opened_line(state, ["/body/particulars/surname"])


def with_member(number: int, **said):
    """An opened line with another member; what is None is left out."""

    def edit(line):
        members = list(line["members"])
        changed = members[number] | said
        members[number] = {key: value for key, value in changed.items() if value is not None}
        return {**line, "members": members}

    return edit


ALTERED = {
    "a wrong salt": with_member(1, salt="ab" * 16),
    "another value": with_member(1, value='"Інша"'),
    "a foreign path": with_member(1, path="/body/particulars/given_names"),
    "another commitment": with_member(2, commitment="ab" * 32),
    "another head": with_member(0, value='{"position":1}'),
    "a missing commitment": lambda line: {**line, "members": [*line["members"][:2], *line["members"][3:]]},
    "one commitment more": lambda line: {**line, "members": [*line["members"], line["members"][-1]]},
    "another order": lambda line: {**line, "members": [line["members"][0], *line["members"][:0:-1]]},
    "another leaf": lambda line: {**line, "leaf": "ab" * 32},
}
NO_LINE = {
    "no leaf": lambda line: {"members": line["members"]},
    "a leaf in capitals": lambda line: {**line, "leaf": "AB" * 32},
    "no members": lambda line: {**line, "members": []},
    "members that are none": lambda line: {**line, "members": "text"},
    "a member that is none": lambda line: {**line, "members": [*line["members"], 1]},
    "no head": lambda line: {**line, "members": line["members"][1:]},
    "the head twice": lambda line: {**line, "members": [line["members"][0], *line["members"]]},
    "a path twice": lambda line: {**line, "members": [*line["members"], line["members"][1]]},
    "a path that is none": with_member(1, path="surname"),
    "a path with a bad escape": with_member(1, path="/body/a~2"),
    "no salt": with_member(1, salt=None),
    "a salt in capitals": with_member(1, salt="AB" * 16),
    "a short salt": with_member(1, salt="ab"),
    "a value that is no JSON": with_member(1, value="Інша"),
    "a lone surrogate": with_member(1, value='"\ud800"'),
    "a short commitment": with_member(2, commitment="ab"),
    "a commitment and a value": with_member(2, value="1"),
}


class TestCheck:
    @pytest.mark.parametrize("what", ALTERED)
    def test_what_is_altered_is_found(self, shown, what) -> None:
        assert not opened.checked_line(ALTERED[what](shown)).valid

    @pytest.mark.parametrize("what", NO_LINE)
    def test_what_is_no_opened_line_is_none(self, shown, what) -> None:
        with pytest.raises(opened.NoOpenedLine):
            opened.checked_line(NO_LINE[what](shown))

    @pytest.mark.parametrize(
        ("edit", "status", "said"),
        [
            (dict, 0, "Рядок цілий"),
            (ALTERED["a wrong salt"], 1, "змінено"),
            (ALTERED["a missing commitment"], 1, "змінено"),
            (ALTERED["a foreign path"], 1, "змінено"),
            (NO_LINE["a path that is none"], 2, "не розкритий рядок"),
        ],
        ids=["whole", "salt", "missing", "foreign", "none"],
    )
    def test_by_the_command(self, shown, tmp_path, edit, status, said) -> None:
        (tmp_path / "opened.json").write_text(json.dumps(edit(shown), indent=3))
        done = Command(HROMADA_DATA=str(tmp_path))("check", str(tmp_path / "opened.json"))
        assert done.returncode == status and said in done.stdout + done.stderr
        assert len((done.stdout + done.stderr).strip().splitlines()) == (3 if status == 0 else 1)


def test_the_command_opens_a_line_and_writes_down_whom_it_shows(database_url, tmp_path) -> None:
    hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path), COLUMNS="200")
    with opened_register(database_url) as registry:
        who = Particulars(surname="Вигаданко", given_names="Ім’я", unzr="20000101-00017")
        papers = [Document(kind="паспорт", number="000000001")]
        act = Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=who, documents=papers)
    position = str(act.position)
    done = hromada("proof", position, "--show", "/body/particulars/surname")
    assert done.returncode == 0, done.stderr
    assert "Вигаданко" in done.stdout and "20000101-00017" not in done.stdout and "000000001" not in done.stdout
    (tmp_path / "opened.json").write_text(done.stdout)
    checked = hromada("check", str(tmp_path / "opened.json"), "--json")
    assert (checked.returncode, json.loads(checked.stdout)["outcome"]) == (0, "valid")
    looks = json.loads(hromada("access", "--person", str(act.entries[0].stream), "--json").stdout)["looks"]
    assert "command.proof" in [one["route"] for one in looks]
    for arguments, said in (
        ((position, "--show", "/body/nothing"), "немає /body/nothing"),
        (("999",), "з позицією 999 немає"),
        (("0",), ""),
        (("x",), ""),
    ):
        refused = hromada("proof", *arguments)
        assert (refused.returncode, refused.stdout) == (2, "") and said in refused.stderr
    assert "Traceback" not in refused.stderr
