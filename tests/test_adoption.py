"""Adoption with another name (C10; card 4, row 9): who the child was is sealed, and who it is does not lead there.

The canary again: every value of the former identity is a word that stands nowhere else. After the removal for the
adoption no word comes from anywhere but by a named ground, whatever was asked; before it, each place tells.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from extracting import text
from filing import DAY, NEXT, about, filed, granted, recorded, strict
from given import CLERK, founded, installation
from running import Command
from starlette.testclient import TestClient
from test_api import API, Desk, codes, desk

from api.main import create_app
from registry import journal
from registry.aggregates.person.events import FamilyLinkEntered
from registry.opening import opened
from registry.storage import access
from registry.storage.database import migrate
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk", "strict"]

BORN = "2017-06-05"
FORMER = {
    **{"surname": "Щиглевський", "given_names": "Пташко", "patronymic": "Дроздович", "birth_date": BORN},
    **{"unzr": "20170605-07772", "birth_place": "с. Гніздове", "citizenship": "ua"},
}
NOW = {"surname": "Лелеченко", "given_names": "Іван", "patronymic": "Петрович", "birth_date": BORN}
WORDS = ("Щиглевськ", "Пташко", "Дроздович", "07771", "Гніздове", "ЩИГ-9", "Пернатова", "Синичк", "Дятленк")
CARD_4: dict[str, Any] = {
    "service": "deregister_child_residence",
    "applicant": {"kind": "guardianship_body"},
    "subject": {"born": BORN, "orphan": True, "adopted_with_new_name": True},
    "applicant_name": "Служба Дятленка",
}
CARD_3: dict[str, Any] = {
    "service": "register_child_residence",
    "subject": {"born": BORN},
    "applicant": {"kind": "parent"},
}
PAPERS = ["identity_document", "representative_identity", "representative_authority", "birth_certificate"]
GROUND = {"Access-Ground": "court"}
BIRTH = [{"kind": "birth_certificate", "number": "000002"}]


class Story:
    """A child with a mother, an extract, an application and a neighbour; then the adoption."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        founded(desk.registry)
        self.home = desk.act(
            "/dwellings",
            {"address": {"settlement": "смт Вигадівка", "street": "вул. Пернатова", "house": "7"}, "kind": "private"},
        )["dwelling"]
        self.mother = desk.person(surname="Синичка", given_names="Мати")
        self.child = desk.person(ref="ЩИГ-9", **FORMER)
        desk.settled(self.child, self.home, "2018-01-01")
        desk.settled(self.mother, self.home, "2018-01-01")
        link = FamilyLinkEntered(link=uuid4(), role="parent", relative=UUID(self.mother), basis="birth_certificate")
        desk.registry.append([(UUID(self.child), [link], 2)], by=CLERK, command=uuid4())
        asks = {"basis": "legal_representative", "requester": "Синичка Мати", "documents": PAPERS}
        self.extract = desk.act(f"/persons/{self.child}/extracts", asks)
        self.before = desk.registry.position()
        self.then = instant(desk)
        self.body = filed(desk, **CARD_4, register=about(self.child))

    def adopted(self) -> str:
        """The removal under the former name; returns its application."""
        said = self.desk.act("/applications", {**self.body, "decide": True})
        assert said["status"] == "granted", said
        assert recorded(said, self.child) == ["former-identity-sealed", "residence-deregistered"]
        assert said["parts"][0]["removed_under_name"] == "previous"
        return said["application"]

    def registered(self, **more: Any) -> str:
        """The adoptive mother registers the child under the name of now; returns the new entry."""
        home, adopter = self.desk.dwelling("30"), self.desk.person(surname="Лелечена")
        self.desk.settled(adopter, home)
        new = {"particulars": {**NOW, **more}, "documents": BIRTH}
        register = about(new, dwelling=home, applicant=adopter)
        said = granted(self.desk, **CARD_3, received=f"{NEXT}T09:40", register=register)
        assert "namesakes" not in said
        return said["decision"]["parts"][0]["persons"][0]


def instant(desk: Desk) -> str:
    with desk.registry.datastore.get_connection() as connection:
        row = connection.execute("SELECT max(recorded_at) AS at FROM facts").fetchone()
    return row["at"].isoformat()


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story(desk)


def asked(story: Story, application: str, *, acts: bool = True) -> Iterator[tuple[str, Any]]:
    """Every place that told of the child before, as it answers now."""
    desk, client = story.desk, story.desk.client
    number = story.extract["number"]
    for typed in ("Щиглевський", "Пташко Щигл", "20170605-07772", "ЩИГ-9", "05.06.2017", "Shchyhl"):
        yield f"search {typed}", desk.post("/search/people", {"q": typed})
        yield f"page search {typed}", client.post("/", data={"q": typed})
    who = f"/persons/{story.child}"
    for place in ("", "/facts", "/residences", "/family", f"/residences?known_at={story.then}"):
        yield f"person{place}", desk.get(who + place)
    yield "by ref", desk.get("/persons/ЩИГ-9")
    yield "by ref then", desk.get("/persons/ЩИГ-9/residences", known_at=story.then)
    yield "page", client.get(who)
    yield "page then", client.get(who, params={"known_at": story.then})
    yield "mother", desk.get(f"/persons/{story.mother}/family")
    yield "mother then", desk.get(f"/persons/{story.mother}/family", known_at=story.then)
    yield "mother's page", client.get(f"/persons/{story.mother}")
    for times in ({}, {"on": "2019-01-01"}, {"known_at": story.then}, {"from": "2017-01-01"}):
        yield f"residents {times}", desk.get(f"/dwellings/{story.home}/residents", **times)
    yield "home then", client.get(f"/dwellings/{story.home}", params={"on": "2019-01-01"})
    yield "application", desk.get(f"/applications/{application}")
    yield "decision", desk.get(f"/applications/{application}/decision")
    yield "letter", client.get(f"/applications/{application}/letter")
    yield "of person", desk.get("/applications", person=story.child)
    yield "applications", desk.get("/applications")
    yield "outbox", desk.get("/outbox")
    yield "extract", desk.get(f"/extracts/{number}")
    yield "document", desk.get(f"/extracts/{number}/document")
    yield "check", client.get(f"/v/{story.extract['code']}")
    yield "statement", client.get(f"/v/{story.extract['code']}.jws")
    yield "superseded", desk.get("/extracts/superseded", since="2020-01-01")
    yield "moved", desk.get("/moved", least=1)
    yield "past", desk.get("/past-entries")
    if not acts:
        return
    again = {**story.body, "decide": True}
    yield "the same visit", desk.post("/applications", again)
    yield "a visit by number", desk.post("/applications?dry_run=1", {**CARD_3, "register": about("20170605-07772")})
    yield "an extract", desk.post(f"/persons/{story.child}/extracts", {})
    yield "an act", desk.post(f"{who}/withdrawal", {"reason": "двічі"})


def said_by(answer: Any) -> str:
    read = text(answer.content) if answer.content.startswith(b"%PDF") else answer.text
    return f"{read}{dict(answer.headers)}"


ELSEWHERE = {"mother's page", "home then"}
"""What is about an address that is nobody's secret, or about the mother."""


def leaks(name: str, answer: Any) -> set[str]:
    own = {"Пернатова", "Синичк"} if name in ELSEWHERE or name.startswith(("residents", "moved")) else set()
    # The page of the search holds what was typed.
    own |= {word for word in WORDS if name.startswith("page search") and word in name}
    return {word for word in WORDS if word in said_by(answer)} - own


class TestSealed:
    def test_after_the_removal_nothing_tells_who_the_child_was(self, story: Story) -> None:
        for name, answer in asked(story, str(uuid4()), acts=False):
            told = {"person", "person/facts", "search Щиглевський", "by ref", "mother", "extract", "document", "page"}
            assert name not in told or leaks(name, answer), name
        application = story.adopted()
        for name, answer in asked(story, application):
            assert answer.status_code < 500, (name, answer.text)
            assert (name, leaks(name, answer)) == (name, set())

    def test_a_name_or_a_number_is_not_found_an_id_is_hidden(self, story: Story) -> None:
        desk, application = story.desk, story.adopted()
        assert desk.get("/persons/ЩИГ-9").status_code == 404
        assert desk.get(f"/persons/{story.child}").status_code == 403
        assert desk.get(f"/applications/{application}").status_code == 403
        nobody = {"people": [], "next": None, "total": 0, "total_exact": True}
        assert desk.post("/search/people", {"q": "Щиглевський"}).json() == nobody
        visit = {**CARD_3, "received": f"{DAY}T09:40", "register": about("20170605-07772", dwelling=story.home)}
        assert codes(desk.refused("/applications", visit)) == [("person-unknown", "register.persons.0.person")]

    @pytest.mark.parametrize("more", [{}, {"unzr": "20170605-07772"}])
    def test_who_the_child_is_leads_nowhere(self, story: Story, more: dict[str, str]) -> None:
        """The number may be the same: that it is taken would tell."""
        desk = story.desk
        story.adopted()
        new = story.registered(**more)
        assert new != story.child
        rows = desk.post("/search/people", {"q": "Лелеченко"}).json()["people"]
        assert [(row["id"], row["former_names"]) for row in rows] == [(new, [])]
        words = [one for one in WORDS if one not in str(more)]
        for answer in (
            desk.get(f"/persons/{new}"),
            desk.get(f"/persons/{new}/facts"),
            desk.get(f"/persons/{new}/family"),
            desk.client.get(f"/persons/{new}"),
        ):
            assert [word for word in (*words, story.child) if word in answer.text] == []
        if more:
            found = desk.post("/search/people", {"q": more["unzr"]}).json()["people"]
            assert [row["id"] for row in found] == [new]
        assert verify(desk.registry).differences == []

    def test_the_same_name_and_birth_is_no_namesake(self, story: Story) -> None:
        story.adopted()
        names = {name: FORMER[name] for name in ("surname", "given_names")}
        assert story.registered(**names)

    def test_without_another_name_nothing_is_sealed(self, story: Story) -> None:
        subject = {"born": BORN, "orphan": True}
        said = granted(story.desk, **{**CARD_4, "subject": subject}, register=about(story.child))
        assert recorded(said, story.child) == ["residence-deregistered"]
        found = story.desk.post("/search/people", {"q": "Щиглевський"}).json()["people"]
        assert [row["id"] for row in found] == [story.child]

    def test_a_refused_removal_seals_nothing(self, story: Story) -> None:
        body = {**story.body, "documents": [], "decide": True}
        assert story.desk.act("/applications", body)["status"] == "refused"
        assert story.desk.get(f"/persons/{story.child}").status_code == 200

    def test_counts_of_a_day_stay_true(self, story: Story) -> None:
        def then() -> list[Any]:
            return story.desk.get(f"/dwellings/{story.home}/residents", on="2019-01-01").json()["answer"]

        before = then()
        story.adopted()
        assert len(then()) == len(before) == 2
        [hidden] = [row for row in then() if row["person_id"] is None]
        assert (hidden["name"], hidden["since"]) == ("дані приховано", "2018-01-01")

    def test_what_is_kept_beside_the_entry_is_sealed_with_it(self, story: Story) -> None:
        """Papers, an absence, an extract of the dwelling, letters, what went out: each told before."""
        desk, child = story.desk, story.child
        body = filed(desk, **CARD_3, register=about(child, dwelling=desk.dwelling("31"), applicant=story.mother))
        paper = {"id": "birth_certificate", "number": "07771", "holder": "Щиглевський", "whose": child}
        refused = desk.act(
            "/applications", {**body, "documents": ["birth_certificate"], "papers": [paper], "decide": True}
        )
        [letter] = desk.get(f"/applications/{refused['application']}/letters").json()["letters"]
        absent = {"ground": "rotation_work", "paper": "довідка Дятленка", "since": "2024-01-01"}
        desk.act(f"/persons/{child}/absences", absent)
        [mark] = [one["mark"] for one in desk.get(f"/persons/{child}/absences").json()["answer"]]
        owner = {"basis": "dwelling_owner", "requester": "Вигаданий", "documents": ["identity_document"]}
        owner["documents"].append("ownership_document")
        extract = desk.act(f"/dwellings/{story.home}/extracts", owner)
        story.adopted()
        items = desk.client.get(f"{API}/outbox", headers=GROUND).json()["waiting"]
        [told] = [one["id"] for one in items if one["person"] == child]
        paths = [f"/persons/{child}/papers", f"/persons/{child}/absences", "/outbox", f"/outbox/{told}"]
        paths += [
            f"/outbox/{told}/document",
            f"/extracts/{extract['number']}",
            f"/extracts/{extract['number']}/document",
        ]
        paths += [letter["document"].removeprefix(API), f"/applications/{refused['application']}/letters"]
        for path in paths:
            assert [word for word in WORDS if word in said_by(desk.get(path))] == [], path
            assert desk.client.get(API + path, headers=GROUND).status_code == 200, path
        assert desk.post(f"/outbox/{told}/sent", {"how": "electronic"}).status_code == 403
        assert desk.post(f"/persons/{child}/absences/{mark}/annulment", {"basis": "x"}).status_code == 403
        sent = desk.client.post(f"{API}/outbox/{told}/sent", json={"how": "electronic"}, headers=GROUND)
        assert sent.status_code == 201, sent.text
        assert "Щиглевськ" not in desk.get("/outbox", state="sent").text


class TestOnAGround:
    @pytest.mark.parametrize("typed", ["Щиглевський", "20170605-07772", "ЩИГ-9"])
    def test_a_search_that_names_one_finds_and_is_written_down(self, story: Story, typed: str) -> None:
        desk = story.desk
        story.adopted()
        last = len(access.entries(desk.registry.access))
        found = desk.post("/search/people", {"q": typed, "ground": "guardianship_body"}).json()["people"]
        assert [row["id"] for row in found] == [story.child]
        [look] = access.entries(desk.registry.access, last)
        assert (look.action, look.persons) == ("searched", (UUID(story.child),))
        assert (look.about["ground"], look.about["route"]) == ("guardianship_body", "search_people")
        assert look.by.name and access.of_person(desk.registry.access, UUID(story.child))[0] == look

    def test_by_the_header_everything_of_it_is_read(self, story: Story) -> None:
        desk, application = story.desk, story.adopted()
        last = len(access.entries(desk.registry.access))
        for path in (f"/persons/{story.child}", f"/persons/{story.child}/facts", f"/applications/{application}"):
            answer = desk.client.get(API + path, headers=GROUND)
            assert answer.status_code == 200 and ("Щиглевський" in answer.text or "Дятленка" in answer.text)
        family = desk.client.get(f"{API}/persons/{story.child}/family", headers=GROUND).json()["answer"]
        assert [row["person_id"] for row in family] == [story.mother]
        looks = access.entries(desk.registry.access, last)
        assert [look.about["ground"] for look in looks] == ["court"] * 4

    @pytest.mark.parametrize("ground", ["curiosity", "", "Щиглевський"])
    def test_no_ground_is_refused_before_anything_is_asked(self, story: Story, ground: str) -> None:
        story.adopted()
        headers = {b"Access-Ground": ground.encode()}
        answer = story.desk.client.get(f"{API}/persons/{story.child}", headers=headers)
        assert answer.status_code == 400 and answer.json()["type"] == "/problems/bad-header"
        problem = story.desk.refused("/search/people", {"q": "Щ", "ground": ground or "x"})
        assert codes(problem) == [("value-unknown", "ground")]

    def test_where_nothing_is_sealed_no_ground_is_written(self, story: Story) -> None:
        last = len(access.entries(story.desk.registry.access))
        assert story.desk.client.get(f"{API}/persons/{story.child}", headers=GROUND).status_code == 200
        [look] = access.entries(story.desk.registry.access, last)
        assert look.persons == (UUID(story.child),) and "ground" not in look.about


class TestByHand:
    """What was removed before, or by another act, is sealed by an act of its own; a wrong one is unsealed."""

    def test_seals_and_unseals_by_two(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        child = desk.person(ref="ЩИГ-9", **FORMER)
        new = desk.person(**NOW)
        asked = desk.post(f"/persons/{child}/identity-seal", {"basis": "рішення суду", "successor": new})
        assert asked.status_code == 202 and desk.get(f"/persons/{child}").status_code == 200
        head.act(f"/applications/{asked.json()['application']}/approval")
        assert desk.get(f"/persons/{child}").status_code == 403
        assert desk.get(f"/persons/{new}/facts").text.count(child) == 0
        facts = desk.client.get(f"{API}/persons/{child}/facts", headers=GROUND).json()["facts"]
        assert facts[-1]["body"] == {"basis": "рішення суду", "successor": new}
        assert desk.post(f"/persons/{child}/identity-seal-annulment", {"basis": "не той"}).status_code == 403
        headers = {"Access-Ground": "own_record"}
        where = f"{API}/persons/{child}/identity-seal-annulment"
        back = desk.client.post(where, json={"basis": "не той запис"}, headers=headers)
        assert back.status_code == 202, back.text
        approved = f"{API}/applications/{back.json()['application']}/approval"
        assert head.client.post(approved).status_code == 403
        assert head.client.post(approved, headers=headers).status_code == 201
        assert desk.get("/persons/ЩИГ-9").status_code == 200
        assert verify(desk.registry).differences == []

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, "basis-missing"),
            ({"basis": "рішення", "successor": "nobody"}, "person-unknown"),
            ({"basis": "рішення", "successor": "ЩИГ-9"}, "relative-themselves"),
        ],
    )
    def test_what_cannot_be(self, desk: Desk, body: dict[str, str], code: str) -> None:
        child = desk.person(ref="ЩИГ-9", **FORMER)
        assert [one for one, _ in codes(desk.refused(f"/persons/{child}/identity-seal", body))] == [code]
        assert codes(desk.refused(f"/persons/{child}/identity-seal-annulment", {"basis": "так"})) == [
            ("not-sealed", None)
        ]

    def test_a_sealed_entry_is_sealed_once(self, story: Story) -> None:
        story.adopted()
        headers = {"Access-Ground": "own_record"}
        where = f"{API}/persons/{story.child}/identity-seal"
        answer = story.desk.client.post(where, json={"basis": "ще раз"}, headers=headers)
        assert codes(answer.json()) == [("already-sealed", None)]

    def test_whoever_still_lives_there_is_removed_first(self, story: Story) -> None:
        problem = story.desk.refused(f"/persons/{story.child}/identity-seal", {"basis": "рішення"})
        assert codes(problem) == [("sealed-lives", "person")]

    def test_who_never_left_is_registered_by_the_new_entry_and_the_former_one_ends_then(self, story: Story) -> None:
        """A stepfather adopts: the child stays at home, with another name."""
        desk, new = story.desk, {"particulars": NOW, "documents": BIRTH}
        said = granted(desk, **CARD_3, register=about(new, dwelling=story.home, applicant=story.mother))
        [child] = said["decision"]["parts"][0]["persons"]
        unsettled = desk.person(surname="Інший")
        where = f"/persons/{story.child}/identity-seal"
        for successor in (unsettled, str(uuid4())):
            assert desk.post(where, {"basis": "рішення", "successor": successor}).status_code == 422
        desk.act(where, {"basis": "рішення суду", "successor": child})
        names = [row["name"] for row in desk.get(f"/dwellings/{story.home}/residents", on=NEXT).json()["answer"]]
        assert sorted(names) == ["Лелеченко Іван Петрович", "Синичка Мати"]
        then = desk.get(f"/dwellings/{story.home}/residents", on="2019-01-01").json()["answer"]
        assert sorted(row["name"] for row in then) == ["Синичка Мати", "дані приховано"]
        assert [word for word in WORDS if word in desk.get(f"/persons/{child}/facts").text] == []
        family = desk.get(f"/persons/{story.mother}/family").json()["answer"]
        assert sorted(row["name"] for row in family) == ["Лелеченко Іван Петрович", "дані приховано"]
        assert verify(desk.registry).differences == []

    @pytest.mark.parametrize("lives", [True, False])
    def test_the_migration_service_is_told_of_a_residence_that_a_seal_ends(self, story: Story, lives: bool) -> None:
        desk = story.desk
        if lives:
            new = {"particulars": NOW, "documents": BIRTH}
            said = granted(desk, **CARD_3, register=about(new, dwelling=story.home, applicant=story.mother))
            [successor] = said["decision"]["parts"][0]["persons"]
            former = story.child
        else:
            former, successor = desk.person(**{**FORMER, "unzr": None}), desk.person(**NOW)
        desk.act(f"/persons/{former}/identity-seal", {"basis": "рішення суду", "successor": successor})
        waiting = desk.client.get(f"{API}/outbox", headers=GROUND).json()["waiting"]
        told = [one for one in waiting if one["person"] == former and one["item"] == "dms"]
        assert len(told) == lives
        if lives:
            assert "Щиглевський" in told[0]["text"]
            assert "Лелеченко" not in told[0]["text"]
            document = f"/outbox/{told[0]['id']}/document"
            assert desk.get(document).status_code == 403
            assert "Щиглевський" in text(desk.client.get(API + document, headers=GROUND).content)
        hidden = [one for one in desk.get("/outbox").json()["waiting"] if one["person"] == former]
        assert all(word not in str(hidden) for word in WORDS)


class TestTheRecord:
    def test_the_journal_holds_everything_and_comes_back(
        self, story: Story, empty_database_url: str, tmp_path: Path
    ) -> None:
        story.adopted()
        story.registered()
        first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
        journal.export(story.desk.registry, first, seen_by=OPEN)
        assert "Щиглевський" in first.read_text("utf-8")
        migrate(empty_database_url)
        with opened(empty_database_url) as other:
            journal.load(other, first, story.desk.registry.clock())
            journal.export(other, second, seen_by=OPEN)
            assert verify(other).differences == [] == verify(story.desk.registry).differences
            assert other.rebuild("people") and verify(other).differences == []
            client = TestClient(create_app(other, installation(data=tmp_path)))
            assert client.get(f"{API}/persons/{story.child}").status_code == 403
        assert first.read_bytes() == second.read_bytes()

    def test_commands_tell_nothing_but_the_journal(self, story: Story, database_url: str, tmp_path: Path) -> None:
        story.adopted()
        out = tmp_path / "out"
        hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path), COLUMNS="200")
        for words, status in (
            (["ask", "residence", "ЩИГ-9"], 2),
            (["ask", "residence", "20170605-07772"], 2),
            (["ask", "residence", story.child], 4),
            (["ask", "occupancy", story.home, "--on", "2019-01-01"], 0),
            (["replay", "--json"], 0),
            (["replay", "--person", "ЩИГ-9"], 2),
            (["replay", "--on", "2019-01-01", "--json"], 0),
            (["extract", "ЩИГ-9", "--out", str(out)], 2),
            (["extract", "--again", story.extract["number"], "--out", str(out)], 4),
        ):
            done = hromada(*words)
            told = done.stdout + done.stderr
            own = ("Пернатова", "Синичк")
            assert [word for word in WORDS if word in told and word not in own] == [], words
            assert done.returncode == status, (words, told)
        assert hromada("export", str(out)).returncode == 0 and "Щиглевський" in out.read_text("utf-8")
