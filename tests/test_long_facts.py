"""What one line of the journal cannot hold (semantics 7): the content of an extract stands in several facts of its act,
and what nobody can say in parts is refused in words before anybody waits for it."""

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from clocks import StoppedClock
from conftest import _database
from extracting import Office, text
from given import CLERK, founded, installation
from starlette.testclient import TestClient
from test_api import Desk

from api.main import create_app
from registry import journal
from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.extract.events import ExtractContinued, ExtractNumberVoided, ExtractRequested
from registry.aggregates.extract.state import asked_for, fold
from registry.aggregates.person.events import Particulars, PersonEntered, ResidenceRegistered
from registry.aggregates.values import Impossible, supposed
from registry.extracts import issuing, pdf, statement
from registry.extracts import keys as signing
from registry.extracts.content import parted
from registry.opening import opened
from registry.storage import mapper
from registry.viewer import OPEN
from replay.compare import verify

RESIDENTS = 1_000


def filled(office: Office, residents: int) -> tuple[UUID, list[UUID]]:
    """A house and everybody who lives there."""
    home, people = uuid4(), [uuid4() for _ in range(residents)]
    where = DwellingEntered(address=Address(settlement="смт Вигадівка", street="вул. Калинова", house="7"))
    lines: list[Any] = [(home, [where], 0)]
    for number, one in enumerate(people):
        who = Particulars(
            surname=f"Вигаданенко-Придуманенко{number}", given_names="Зеновія-Горислава", patronymic="Остапівна"
        )
        lives = ResidenceRegistered(residence=uuid4(), dwelling=home, since="2010-07-15")
        lines.append((one, [PersonEntered(particulars=who), lives], 0))
    office.registry.append(lines, by=CLERK, command=uuid4())
    return home, people


@contextmanager
def an_office(server, folder):
    with contextmanager(_database)(server, template="hromada") as url, opened(url, clock=StoppedClock()) as register:
        yield Office(register, installation(data=folder))


@pytest.fixture(scope="module")
def crowded(server, tmp_path_factory):
    """An office that issued an extract of a house with a thousand residents."""
    with an_office(server, tmp_path_factory.mktemp("crowded")) as office:
        founded(office.registry)
        home, people = filled(office, RESIDENTS)
        yield office, home, people, office.of(home)


def test_an_extract_of_a_thousand_residents_stands_in_several_lines(crowded, server, tmp_path):
    office, _, people, issued = crowded
    row = issuing.by_number(office.registry, issued.number)
    entries = office.registry.entries(row["extract"])
    continued = [one.fact for one in entries if isinstance(one.fact, ExtractContinued)]
    assert len(continued) > 3 and len({one.command for one in entries[: 1 + len(continued)]}) == 1
    assert entries[0].fact.content["residents"] == []
    stated = asked_for(entries).fact.content["residents"]
    assert len(stated) == RESIDENTS and {UUID(one["person_id"]) for one in stated} == set(people)
    assert len(issued.residents) == RESIDENTS
    journal.export(office.registry, tmp_path / "out.jsonl", seen_by=OPEN)
    lines = (tmp_path / "out.jsonl").read_bytes().splitlines(keepends=True)
    assert max(map(len, lines)) <= mapper.LONGEST
    with an_office(server, tmp_path) as there:
        journal.load(there.registry, tmp_path / "out.jsonl", office.now())
        assert asked_for(there.registry.entries(row["extract"])).fact.content["residents"] == stated
        assert verify(there.registry).found == 0


def test_its_document_names_everybody_and_proves_itself(crowded):
    office, *_, issued = crowded
    said = text(issued.pdf)
    assert all(f"Придуманенко{number}" in said for number in (0, 1, 499, RESIDENTS - 1))
    assert office.again(issued) == issued.pdf
    keys = {"keys": [one.as_dict(private=False) for one in signing.kept(office.settings)]}
    assert statement.checked(issued.pdf, keys).outcome == "valid"
    (office.settings.data / "documents" / f"{issued.sha256}.pdf").unlink()
    # Drawn again from all the facts, it is the same file.
    assert office.again(issued) == issued.pdf


def test_verify_finds_nothing(crowded):
    assert verify(crowded[0].registry).found == 0


def test_it_is_superseded_by_a_change_of_the_last_of_them(crowded):
    office, _, people, issued = crowded
    assert office.superseded(issued) is None
    office.does(
        "change_particulars", people[-1], corrects=True, changes={"surname": "Інша"}, basis="описка", confirmed=True
    )
    assert office.superseded(issued) == office.today()


def test_the_api_tells_the_whole_content(crowded):
    office, home, _, issued = crowded
    client = TestClient(create_app(office.registry, office.settings))
    desk = Desk(client, office.registry)
    said = desk.get(f"/extracts/{issued.number}").json()
    assert len(said["content"]["residents"]) == RESIDENTS
    assert client.get(f"/v/{issued.code}").status_code == 200
    assert client.get(f"/dwellings/{home}").status_code == 200


def asking(rows: int) -> ExtractRequested:
    listed = [{"person_id": str(UUID(int=number)), "surname": "Вигаданенко" * 20} for number in range(rows)]
    said = {"year": 2024, "number": 1, "code": "CODE", "on": "2024-06-03", "read_at": 1, "history": False}
    content = {"residences": [], "previous": None, "residents": listed, "kind": "про житло"}
    return ExtractRequested(**said, basis="person", requester="Вигадана", content=content)


@pytest.mark.parametrize("rows", [0, 1, 100, 130, 500])
def test_the_parts_of_a_request_are_the_whole(rows):
    whole = asking(rows)
    facts = parted(whole)
    assert all(mapper.body_fits(mapper.encode_body(fact), CLERK) for fact in facts) and (len(facts) > 1) == (
        rows >= 100
    )
    entries = list(supposed(facts, 0, datetime.now(UTC).date()))
    assert asked_for(entries).fact == whole
    assert fold(entries).requested == whole


def test_what_continues_nothing_changes_nothing():
    asked = asking(1)
    said = ExtractContinued(rows={"residents": "text", "kind": ["ні"], "previous": [1], "nothing": [1]})
    assert fold(supposed([asked, said], 0, datetime.now(UTC).date())).requested == asked
    assert fold(supposed([said], 0, datetime.now(UTC).date())).requested is None


class TestTheDoor:
    LONG = PersonEntered(particulars=Particulars(surname="Вигадана"), on_card={"birth_date": "ї" * 33_000})

    def test_refuses_what_is_too_long_before_the_lock(self, database_url, monkeypatch):
        with opened(database_url) as registry:
            monkeypatch.setattr(registry.recorder, "share", lambda *_: 1 / 0)
            with pytest.raises(Impossible) as error:
                registry.append([(uuid4(), [self.LONG], 0)], by=CLERK, command=uuid4())
            assert [fault.code for fault in error.value.faults] == ["fact-too-long"]

    def test_a_load_refuses_it_as_well(self, database_url):
        with opened(database_url) as registry, pytest.raises(Impossible), registry.loading() as log:
            envelope = mapper.Envelope(log.next_instant(), CLERK, uuid4())
            log.write([mapper.Draft(uuid4(), 1, self.LONG)], envelope, registry.mapper)

    def test_takes_all_that_a_line_holds(self, database_url, tmp_path):
        with opened(database_url) as registry:
            room = mapper.LONGEST - mapper.HEADS_BYTES - len(mapper.encode_body(self.LONG)) + 2 * 33_000
            longest = PersonEntered(particulars=self.LONG.particulars, on_card={"birth_date": "x" * (room - 100)})
            registry.append([(uuid4(), [longest], 0)], by=CLERK, command=uuid4())
            journal.export(registry, tmp_path / "out.jsonl", seen_by=OPEN)
        assert mapper.LONGEST - 2_000 < (tmp_path / "out.jsonl").stat().st_size <= mapper.LONGEST

    def test_the_api_says_so(self, database_url, tmp_path, monkeypatch):
        with opened(database_url) as registry:
            desk = Desk(TestClient(create_app(registry, installation(data=tmp_path))), registry)
            monkeypatch.setattr(mapper, "LONGEST", 1_100)
            answer = desk.client.post(
                "/api/v1/persons", json={"particulars": {"surname": "Вигадана"}, "confirmed": True}
            )
            assert answer.status_code == 422 and [one["code"] for one in answer.json()["errors"]] == ["fact-too-long"]


def test_a_long_extract_whose_document_cannot_be_made_is_voided(server, tmp_path, monkeypatch):
    with an_office(server, tmp_path) as office:
        founded(office.registry)
        home, _ = filled(office, 300)

        def fails(*said: Any) -> bytes:
            raise pdf.CannotRender("x")

        monkeypatch.setattr(pdf, "render", fails)
        with pytest.raises(issuing.CannotIssue):
            office.of(home)
        [row] = office.registry.query("extracts", "of_dwelling", dwelling=home)
        entries = office.registry.entries(row["extract"])
        assert isinstance(entries[-1].fact, ExtractNumberVoided) and row["voided"] and len(entries) > 2
        assert verify(office.registry).found == 0
