"""Issuing extracts by their two facts: what they state, their numbers, the kept bytes, and what cannot be issued."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pypdfium2
import pytest
from clerks import Clerk
from extracting import asked_for
from given import CLERK, installation

from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.cases import at_desk
from registry.cases.cases import Cases
from registry.extracts import issuing, pdf, requesting
from registry.opening import opened
from registry.viewer import OPEN
from replay.compare import verify


@pytest.fixture
def registry(database_url):
    with opened(database_url) as register:
        yield register


@pytest.fixture
def settings(tmp_path):
    return installation(data=tmp_path)


@pytest.fixture
def person(registry):
    """Somebody who moved within the community, was away between, and whose street was renamed since."""
    clerk = Clerk(registry, CLERK)

    def home(street, kind=None):
        address = Address(settlement="м. Вигадів", street=street, house="7")
        return clerk.enter_dwelling(command=uuid4(), address=address, kind=kind).entries[0].stream

    said = Particulars(surname="Вигаданко", given_names="Ївга", patronymic="Остапівна", birth_date="1985-04-02")
    stream = clerk.enter_person(command=uuid4(), particulars=said).entries[0].stream
    old, away, new = home("вул. Рання"), home("Краків", "abroad"), home("вул. Пізня")
    for dwelling, since in ((old, "2004-05"), (away, "2012-03-01"), (new, "2019-08-15")):
        clerk.settle(stream, command=uuid4(), kind="registered", dwelling=dwelling, since=since)
    renamed = Address(settlement="м. Вигадів", street="вул. Нова", house="7")
    clerk.rename_address(old, command=uuid4(), address=renamed, since="2015-01-01")
    return stream


def issue(registry, person, settings, **asked):
    command = asked.pop("command", None) or uuid4()
    cases = Cases(Clerk(registry, CLERK), settings)
    return at_desk.issue(cases, asked_for(person=person, **asked), command=command)


def text(made: bytes) -> str:
    document = pypdfium2.PdfDocument(made)
    return " ".join(page.get_textpage().get_text_bounded() for page in document).replace("\xa0", " ")


def test_states_the_current_residence_and_no_other(registry, person, settings):
    issued = issue(registry, person, settings)
    assert [row["address"] for row in issued.residences] == ["м. Вигадів, вул. Пізня, буд. 7"]
    assert "вул. Пізня" in text(issued.pdf) and "вул. Рання" not in text(issued.pdf)
    assert issued.number == f"{datetime.now(UTC).year}/000000001"
    assert hashlib.sha256(issued.pdf).hexdigest() == issued.sha256


def test_previous_periods_are_those_of_this_community_with_both_names(registry, person, settings):
    issued = issue(registry, person, settings, history=True)
    rows = [(row["address"], row["address_now"], row["since"], row["until"]) for row in issued.residences]
    assert rows == [
        ("м. Вигадів, вул. Пізня, буд. 7", None, "2019-08-15", None),
        ("м. Вигадів, вул. Рання, буд. 7", "м. Вигадів, вул. Нова, буд. 7", "2004-05", "2012-03-01"),
    ]
    assert "Краків" not in text(issued.pdf)


def test_on_a_past_day_states_what_held_then(registry, person, settings):
    issued = issue(registry, person, settings, on=date(2008, 1, 1))
    assert [(row["address"], row["until"]) for row in issued.residences] == [("м. Вигадів, вул. Рання, буд. 7", None)]
    assert "01.01.2008" in text(issued.pdf)


def test_while_away_states_the_last_residence_left_here(registry, person, settings):
    issued = issue(registry, person, settings, on=date(2016, 1, 1))
    assert [(row["until"], row["address_now"]) for row in issued.residences] == [
        ("2012-03-01", "м. Вигадів, вул. Нова, буд. 7")
    ]


def test_as_the_register_stood_is_the_state_before_a_correction(registry, person, settings):
    before = datetime.now(UTC)
    clerk = Clerk(registry, CLERK)
    last = registry.person(person).residences[-1]
    asked = {"residence": last.id, "changes": {"since": "2019-09-01"}, "reason": "описка"}
    clerk.correct_residence(person, command=uuid4(), **asked)
    then = issue(registry, person, settings, known_at=before)
    now = issue(registry, person, settings)
    assert (then.residences[0]["since"], now.residences[0]["since"]) == ("2019-08-15", "2019-09-01")
    assert then.position < now.position


def test_nobody_who_never_lived_here_has_data(registry, settings):
    clerk = Clerk(registry, CLERK)
    stream = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана")).entries[0].stream
    issued = issue(registry, stream, settings, history=True)
    assert issued.residences == [] and "відсутн" in text(issued.pdf)


def test_numbers_have_no_gap_when_a_document_cannot_be_drawn(registry, person, settings, monkeypatch):
    issue(registry, person, settings)

    def fails(content, statement):
        raise pdf.CannotRender("немає шрифту")

    monkeypatch.setattr(pdf, "render", fails)
    with pytest.raises(issuing.CannotIssue, match="немає шрифту"):
        issue(registry, person, settings)
    monkeypatch.undo()
    assert issue(registry, person, settings).number.endswith("/000000003")
    rows = registry.query("extracts", "of_person", person=person)
    assert [(row["number"], row["issued"], row["voided"]) for row in rows] == [
        (3, True, False),
        (2, False, True),
        (1, True, False),
    ]


def test_a_repeated_command_gives_the_first_document(registry, person, settings):
    command = uuid4()
    first = issue(registry, person, settings, command=command)
    assert issue(registry, person, settings, command=command) == first
    with pytest.raises(at_desk.AskedOtherwise):
        issue(registry, person, settings, command=command, history=True)
    assert len(registry.query("extracts", "of_person", person=person)) == 1


def test_a_document_comes_back_by_its_number_and_is_drawn_again_if_it_was_lost(registry, person, settings):
    issued = issue(registry, person, settings, history=True)
    assert issuing.document(registry, settings, issued.number, by=CLERK, seen_by=OPEN) == issued.pdf
    kept = settings.data / "documents" / f"{issued.sha256}.pdf"
    kept.write_bytes(b"damaged")
    assert issuing.document(registry, settings, issued.number, by=CLERK, seen_by=OPEN) == issued.pdf
    kept.unlink()
    assert issuing.document(registry, settings, issued.number, by=CLERK, seen_by=OPEN) == issued.pdf
    for number in ("2026/9", "0000/000000001", "nothing", "1/2/3", f"{issued.number}9999"):
        with pytest.raises(issuing.NoDocument):
            issuing.document(registry, settings, number, by=CLERK, seen_by=OPEN)


def test_numbers_left_open_by_a_crash_are_closed(registry, person, settings, monkeypatch):
    monkeypatch.setattr(issuing, "_finish", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        issue(registry, person, settings)
    now = datetime.now(UTC)
    assert issuing.void_unfinished(registry, by=CLERK, now=now) == 0
    assert issuing.void_unfinished(registry, by=CLERK, now=now + timedelta(minutes=11)) == 1
    assert [row["voided"] for row in registry.query("extracts", "of_person", person=person)] == [True]
    assert verify(registry).differences == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"basis": "dwelling_owner", "requester": "ТОВ «Вигадка»", "history": True}, "Попередні періоди"),
        ({"basis": "neighbour"}, "Такої підстави немає"),
        ({"basis": "mortgagee"}, "хто просить витяг"),
        ({"on": date(2999, 1, 1)}, "ще не настала"),
        ({"known_at": datetime(2001, 1, 1, tzinfo=UTC)}, "ще не вівся"),
    ],
)
def test_what_cannot_be_issued_takes_no_number(registry, person, settings, asked, words):
    before = registry.position()
    with pytest.raises(issuing.CannotIssue, match=words):
        issue(registry, person, settings, **asked)
    assert registry.position() == before


def test_somebody_unknown_gets_a_clear_answer(registry, person, settings):
    with pytest.raises(issuing.CannotIssue, match="немає"):
        issue(registry, uuid4(), settings)


def test_nothing_of_the_person_is_in_the_code(registry, person, settings):
    codes = {issue(registry, person, settings).code for _ in range(5)}
    assert len(codes) == 5
    assert all(len(code) == 12 and set(code) <= set(requesting.ALPHABET) for code in codes)
