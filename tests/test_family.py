"""Families (C3) and adoption (C10), over HTTP: who is whose, made in a visit, used by the cards, in both times."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from filing import (
    BORN,
    CHILD_BORN,
    DAY,
    MOVE,
    NEXT,
    about,
    decided,
    filed,
    granted,
    recorded,
    strict,
)
from given import CLERK, entries, uid
from test_api import Desk, codes, desk
from test_counter import differs

from registry import journal
from registry.aggregates.person.events import (
    FamilyLinkAnnulled,
    FamilyLinkEnded,
    FamilyLinkEntered,
    FamilyLinkVersion,
    FormerIdentitySealed,
    Particulars,
    PersonEntered,
    SealAnnulled,
)
from registry.aggregates.person.family import enter_link
from registry.aggregates.person.state import fold
from registry.aggregates.values import Impossible
from registry.opening import opened
from registry.storage.database import migrate
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk", "strict"]

CARD_3: dict[str, Any] = {
    "service": "register_child_residence",
    "subject": {"born": CHILD_BORN},
    "applicant": {"kind": "parent"},
}
MINOR = "2009-09-01"
CARD_1: dict[str, Any] = {"service": "register_residence", "subject": {"born": MINOR}}
CARD_5: dict[str, Any] = {"service": "register_stay", "subject": {"born": MINOR}}
CARD_8: dict[str, Any] = {"service": "declare_residence", "subject": {"born": MINOR}, "channel": "diia"}
CARD_9: dict[str, Any] = {**CARD_3, "service": "declare_child_residence", "channel": "diia"}
LINKED, ENTERED = "family-link-entered", "Мати Вигадана"


def family(desk: Desk, person: str, **times: Any) -> list[tuple[str, str | None]]:
    """Who is who to a person: the role and the id, or the name of somebody outside."""
    answer = desk.get(f"/persons/{person}/family", **times)
    assert answer.status_code == 200, answer.text
    rows = answer.json()["answer"]
    return sorted((row["role"], row["person_id"] or row["name"]) for row in rows)


def link_of(desk: Desk, child: str, role: str = "parent") -> str:
    """The first link of a role."""
    rows = desk.get(f"/persons/{child}/family").json()["answer"]
    return next(row["link_id"] for row in rows if row["role"] == role)


def mother_of(desk: Desk, home: str | None = None, **said: Any) -> str:
    person = desk.person(**{"surname": "Вигадана", "given_names": "Мати", **said})
    if home:
        desk.settled(person, home)
    return person


def claimed(person: str, *links: dict[str, Any]) -> dict[str, Any]:
    """A person of the register whose family the papers show."""
    return {"person": person, "family": list(links)}


def parent(who: str | None = None, paper: str | None = "birth_certificate", **said: Any) -> dict[str, Any]:
    return {"role": "parent", **({"relative": who} if who else {}), **({"paper": paper} if paper else {}), **said}


def linked(desk: Desk, child: str, *parents: str, role: str = "parent") -> None:
    """Links that stand where a story begins, as a visit of long ago made them."""
    links = [
        FamilyLinkEntered(link=uuid4(), role=role, relative=UUID(one), basis="birth_certificate") for one in parents
    ]
    after = desk.registry.person(UUID(child)).version
    desk.registry.append([(UUID(child), links, after)], by=CLERK, command=uuid4())


def now_of(desk: Desk) -> str:
    """The instant at which the last act was recorded."""
    with desk.registry.datastore.get_connection() as connection:
        row = connection.execute("SELECT max(recorded_at) AS at FROM facts").fetchone()
    return row["at"].isoformat()


def agrees(desk: Desk) -> None:
    """The log and what replay makes of it."""
    assert verify(desk.registry).differences == []


class TestMadeInTheVisit:
    """By a paper that the card lists; nobody is asked for one."""

    @pytest.mark.parametrize("how", ["named", "own part", "stateless child"])
    def test_a_parent_who_files_with_the_birth_certificate(self, desk: Desk, how: str) -> None:
        mother, child, home = mother_of(desk), desk.person(birth_date=CHILD_BORN), desk.dwelling()
        part = {**CARD_3, "register": about(child, dwelling=home)}
        if how == "own part":
            told = granted(desk, **MOVE, register=about(mother, dwelling=home), children=[part])
        else:
            part["register"]["applicant"] = mother
            abroad = {"born": CHILD_BORN, "birth_registered_abroad": True}
            told = granted(desk, **{**part, **({"subject": abroad} if how != "named" else {})})
        assert recorded(told, child) == [LINKED, "residence-registered"]
        assert family(desk, child) == [("parent", mother)] and family(desk, mother) == [("child", child)]
        [row] = desk.get(f"/persons/{child}/family").json()["answer"]
        assert (row["role_uk"], row["since"], row["certain"]) == ("мати або батько", None, True)
        [fact] = [one for one in desk.get(f"/persons/{child}/facts").json()["facts"] if one["name"] == LINKED]
        paper = "birth_certificate" if how != "stateless child" else "foreign_birth_document"
        assert fact["body"]["basis"] == paper and fact["body"]["application"] == told["application"]
        agrees(desk)

    def test_what_is_written_on_the_paper_stays_with_the_link(self, desk: Desk) -> None:
        mother, child, home = mother_of(desk), desk.person(birth_date=CHILD_BORN), desk.dwelling()
        paper = {
            "id": "birth_certificate",
            "number": "І-КР 000001",
            "dated": "2018-02-10",
            "issuer": "Вигадівський ВДРАЦС",
        }
        body = filed(desk, **CARD_3, register=about(child, dwelling=home, applicant=mother))
        desk.act("/applications", {**body, "papers": [paper], "decide": True})
        [fact] = [one for one in desk.get(f"/persons/{child}/facts").json()["facts"] if one["name"] == LINKED]
        assert {name: fact["body"]["paper"][name] for name in paper} == paper
        assert "І-КР 000001" in desk.client.get(f"/persons/{child}").text

    def test_a_declaration_is_its_own_paper(self, desk: Desk) -> None:
        mother, child, home = mother_of(desk), desk.person(birth_date=CHILD_BORN), desk.dwelling()
        desk.settled(mother, home)
        granted(desk, **CARD_9, register=about(claimed(child, parent(mother, None)), dwelling=home))
        assert family(desk, child) == [("parent", mother)]

    def test_once_recorded_it_is_recorded_no_more(self, desk: Desk) -> None:
        mother, child = mother_of(desk), desk.person(birth_date=CHILD_BORN)
        for house, day in (("7", DAY), ("9", NEXT)):
            register = about(child, dwelling=desk.dwelling(house), applicant=mother)
            told = granted(desk, **CARD_3, received=f"{day}T09:40", register=register)
        assert recorded(told, child) == ["residence-registered"] and family(desk, child) == [("parent", mother)]

    def test_whom_nobody_named_is_nobodys_parent(self, desk: Desk) -> None:
        child = desk.person(birth_date=CHILD_BORN)
        told = granted(desk, **CARD_3, register=about(child, dwelling=desk.dwelling()))
        assert recorded(told, child) == ["residence-registered"] and family(desk, child) == []

    @pytest.mark.parametrize(
        ("link", "shown"),
        [
            ({"role": "parent", "relative_name": "Вигаданенко Батько", "paper": "birth_certificate"}, True),
            ({"role": "guardian", "since": "2024-05", "paper": "birth_certificate"}, True),
            ({"role": "parent", "paper": "other_parent"}, True),
        ],
    )
    def test_others_by_a_paper_of_the_part(self, desk: Desk, link: dict[str, Any], shown: bool) -> None:
        mother, other, child = mother_of(desk), desk.person(surname="Вигаданко"), desk.person(birth_date=CHILD_BORN)
        said = link if "relative_name" in link else {**link, "relative": other}
        apart = {"same_address": False} if link["paper"] == "other_parent" else {}
        body = {**CARD_3, "parents": apart}
        register = about(claimed(child, said), dwelling=desk.dwelling(), applicant=mother)
        granted(desk, **body, register=register)
        who = link.get("relative_name", other)
        assert family(desk, child) == sorted([(link["role"], who), ("parent", mother)])
        agrees(desk)

    def test_a_mother_who_is_new_is_named_by_her_part(self, desk: Desk) -> None:
        home, new = desk.dwelling(), {"surname": "Новенька", "given_names": "Мати", "birth_date": BORN}
        papers = [{"kind": "passport_card", "number": "000000001"}]
        baby = {"surname": "Новенький", "given_names": "Син", "birth_date": CHILD_BORN}
        son = {"particulars": baby, "documents": [{"kind": "birth_certificate", "number": "1"}]}
        child = {**CARD_3, "register": about({**son, "family": [parent(of_part=1)]}, dwelling=home)}
        body = filed(
            desk, **MOVE, register=about({"particulars": new, "documents": papers}, dwelling=home), children=[child]
        )
        key, sent = str(uuid4()), {**body, "decide": True}
        told = desk.act("/applications", sent, Idempotency_Key=key)
        [mother], [son_id] = (part["persons"] for part in told["decision"]["parts"])
        assert family(desk, son_id) == [("parent", mother)]
        again = desk.post("/applications", sent, Idempotency_Key=key)
        assert again.status_code == 200 and again.json()["application"] == told["application"]
        agrees(desk)

    @pytest.mark.parametrize(
        ("link", "code"),
        [
            (parent("{mother}", "guardianship_decision"), "link-paper-unshown"),
            (parent("{mother}", None), "link-paper-missing"),
            (parent("{child}"), "relative-themselves"),
            (parent("{younger}"), "parent-younger"),
            (parent(), "relative-missing"),
            (parent("{mother}", since="2017"), "before-birth"),
            (parent("{mother}", since="2020-01-01", until="2019-01-01"), "ends-before-start"),
        ],
    )
    def test_no_link_is_a_clear_refusal_that_changes_nothing(self, desk: Desk, link: dict[str, Any], code: str) -> None:
        people = {"mother": mother_of(desk), "younger": desk.person(birth_date="2018-03")}
        people["child"] = child = desk.person(birth_date=CHILD_BORN)
        said = {name: value.format_map(people) if isinstance(value, str) else value for name, value in link.items()}
        plain = filed(desk, **CARD_3, register=about(child, dwelling=desk.dwelling()))
        body = {**plain, "decide": True}
        body["register"]["persons"] = [claimed(child, said)]
        problem = desk.refused("/applications", body)
        assert [one for one, _ in codes(problem)] == [code]
        # Without it the child is registered as before.
        assert granted(desk, **{**plain, "register": about(child, dwelling=plain["register"]["dwelling"])})

    def test_an_unknown_relative_is_named_by_the_form(self, desk: Desk) -> None:
        child = desk.person(birth_date=CHILD_BORN)
        body = filed(desk, **CARD_3, register=about(child, dwelling=desk.dwelling()))
        body["register"]["persons"] = [claimed(child, parent(str(uuid4())))]
        [fault] = desk.refused("/applications", body)["errors"]
        assert (fault["code"], fault["field"]) == ("person-unknown", "register.persons.0.family.0.relative")


class TestInBothTimes:
    """What ended, what was wrong, what never was; and what the register knew of it on a past day."""

    def wards(self, desk: Desk) -> tuple[str, str, str]:
        child, mother, guardian = desk.person(birth_date=CHILD_BORN), mother_of(desk), desk.person(surname="Опікунська")
        linked(desk, child, mother)
        linked(desk, child, guardian, role="guardian")
        return child, mother, guardian

    @pytest.mark.parametrize("until", ["2025-03-01", "2025-03"])
    def test_a_guardianship_that_was_lifted(self, desk: Desk, until: str) -> None:
        child, mother, guardian = self.wards(desk)
        link, then = link_of(desk, child, "guardian"), now_of(desk)
        desk.act(f"/persons/{child}/family/{link}/end", {"until": until, "basis": "рішення про припинення опіки"})
        assert family(desk, child) == [("parent", mother)] and family(desk, guardian) == []
        both = [("guardian", guardian), ("parent", mother)]
        assert family(desk, child, on="2025-02-28") == both == family(desk, child, known_at=then)
        assert family(desk, guardian, on="2025-02-28") == [("ward", child)]
        said = {row["role"]: row for row in desk.get(f"/persons/{child}/family", on="2025-02-28").json()["answer"]}
        assert said["guardian"]["until_known"] == ("day" if len(until) == 10 else "month")
        assert codes(desk.refused(f"/persons/{child}/family/{link}/end", {"until": until, "basis": "ще раз"})) == [
            ("link-ended", "link")
        ]
        agrees(desk)

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"role": "guardian"}, [("guardian", "{mother}"), ("parent", "{father}")]),
            ({"relative": "{other}"}, [("parent", "{father}"), ("parent", "{other}")]),
            ({"relative_name": "Інша Мати"}, [("parent", "{father}"), ("parent", "Інша Мати")]),
        ],
    )
    def test_a_correction_waits_for_the_second_person(
        self, strict: tuple[Desk, Desk], changes: dict[str, str], told: list[tuple[str, str]]
    ) -> None:
        desk, head = strict
        people = {"mother": mother_of(desk), "father": desk.person(surname="Батьків"), "other": mother_of(desk)}
        child = desk.person(birth_date=CHILD_BORN)
        linked(desk, child, people["mother"])
        link, then = link_of(desk, child), now_of(desk)
        linked(desk, child, people["father"])
        said = {name: value.format_map(people) for name, value in changes.items()}
        answer = desk.post(f"/persons/{child}/family/{link}/correction", {**said, "reason": "описка"})
        assert answer.status_code == 202 and ("parent", people["mother"]) in family(desk, child)
        head.act(f"/applications/{answer.json()['application']}/approval")
        assert family(desk, child) == sorted((role, who.format_map(people)) for role, who in told)
        assert family(desk, child, known_at=then) == [("parent", people["mother"])]
        agrees(desk)

    def test_an_annulled_link_is_still_what_was_known_then(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        child, mother, guardian = self.wards(desk)
        link, then = link_of(desk, child, "guardian"), now_of(desk)
        where = f"/persons/{child}/family/{link}/annulment"
        asked = desk.post(where, {"basis": "рішення про іншу дитину"}).json()["application"]
        head.act(f"/applications/{asked}/approval")
        assert family(desk, child) == [("parent", mother)] == family(desk, child, on="2020-01-01")
        assert family(desk, child, known_at=then) == [("guardian", guardian), ("parent", mother)]
        assert family(desk, guardian, known_at=then) == [("ward", child)]
        assert codes(desk.refused(where, {"basis": "ще раз"})) == [("link-annulled", "link")]
        names = [one["name"] for one in desk.get(f"/persons/{child}/facts").json()["facts"]]
        assert names == ["person-entered", LINKED, LINKED, "family-link-annulled"]
        agrees(desk)

    def test_a_rejected_correction_leaves_the_link(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        child, mother, guardian = self.wards(desk)
        where = f"/persons/{child}/family/{link_of(desk, child)}"
        asked = desk.post(f"{where}/annulment", {"basis": "помилка"}).json()["application"]
        head.act(f"/applications/{asked}/rejection", {"reason": "свідоцтво дійсне"})
        assert family(desk, child) == [("guardian", guardian), ("parent", mother)]

    @pytest.mark.parametrize(
        ("act", "body", "code"),
        [
            ("correction", {"role": "guardian"}, "reason-missing"),
            ("correction", {"reason": "описка"}, "nothing-changed"),
            ("correction", {"relative": "{child}", "reason": "описка"}, "relative-themselves"),
            ("correction", {"relative": "{grandchild}", "reason": "описка"}, "link-cyclic"),
            ("correction", {"relative": "{father}", "reason": "описка"}, "link-twice"),
            ("correction", {"relative": "nobody", "reason": "описка"}, "relative-unknown"),
            ("correction", {"since": "2017-01-01", "reason": "описка"}, "before-birth"),
            ("annulment", {}, "basis-missing"),
            ("end", {"basis": "рішення"}, "until-missing"),
            ("end", {"until": "2099-01-01", "basis": "рішення"}, "date-in-future"),
        ],
    )
    def test_what_cannot_be(self, desk: Desk, act: str, body: dict[str, str], code: str) -> None:
        mother, father = mother_of(desk), desk.person(surname="Батьків")
        child, grandchild = desk.person(birth_date="2018"), desk.person(birth_date="2018")
        linked(desk, child, mother, father)
        linked(desk, grandchild, child)
        people = {"child": child, "grandchild": grandchild, "father": father}
        rows = desk.get(f"/persons/{child}/family").json()["answer"]
        [link] = [row["link_id"] for row in rows if row["person_id"] == mother]
        said = {name: value.format_map(people) for name, value in body.items()}
        problem = desk.refused(f"/persons/{child}/family/{link}/{act}", said)
        assert [one for one, _ in codes(problem)] == [code]
        assert codes(desk.refused(f"/persons/{child}/family/{uuid4()}/annulment", {"basis": "так"})) == [
            ("link-unknown", "link")
        ]

    def test_of_the_dead_links_are_corrected_and_nothing_else(self, desk: Desk) -> None:
        child, mother, _ = self.wards(desk)
        desk.core("record_death", child, registered_on="2024-01-02")
        link, other = link_of(desk, child), link_of(desk, child, "guardian")
        assert codes(desk.refused(f"/persons/{child}/family/{link}/end", {"until": "2024", "basis": "так"})) == [
            ("person-deceased", None)
        ]
        desk.act(f"/persons/{child}/family/{link}/correction", {"since": CHILD_BORN, "reason": "описка"})
        desk.act(f"/persons/{child}/family/{other}/annulment", {"basis": "чуже рішення"})
        assert family(desk, child) == [("parent", mother)]
        agrees(desk)

    def test_a_lost_race_is_told(self, desk: Desk) -> None:
        child, _, _ = self.wards(desk)
        where = f"/persons/{child}/family/{link_of(desk, child)}/annulment"
        desk.refused(where, {"basis": "помилка"}, 412, If_Match='"1"')
        assert desk.act(where, {"basis": "помилка"}, If_Match='"3"')

    def test_residences_are_as_they_were(self, desk: Desk) -> None:
        child = desk.person(birth_date=CHILD_BORN)
        desk.settled(child, desk.dwelling(), since="2019-01-01")
        before = desk.get(f"/persons/{child}/residences").json()["answer"]
        linked(desk, child, mother_of(desk))
        assert desk.get(f"/persons/{child}/residences").json()["answer"] == before

    def test_the_card_of_a_person_shows_the_family_of_its_times(self, desk: Desk) -> None:
        child, mother, _ = self.wards(desk)
        then = now_of(desk)
        desk.act(f"/persons/{child}/family/{link_of(desk, child, 'guardian')}/annulment", {"basis": "чуже рішення"})
        page = desk.client.get(f"/persons/{child}").text
        family = page[page.index("Родина") :].partition("</section>")[0]
        assert f"/persons/{mother}" in family and "Опікунська" not in family
        assert "Опікунська" in desk.client.get(f"/persons/{child}", params={"known_at": then}).text
        assert "дитина" in desk.client.get(f"/persons/{mother}").text
        assert "Родина" not in desk.client.get(f"/persons/{desk.person()}").text

    def test_a_question_is_checked(self, desk: Desk) -> None:
        child, mother, guardian = self.wards(desk)
        for times in ({"on": "вчора"}, {"known_at": "2999-01-01"}):
            assert desk.get(f"/persons/{child}/family", **times).status_code == 422
        assert desk.get(f"/persons/{uuid4()}/family").status_code == 404
        period = family(desk, child, **{"from": "2020-01-01", "until": "2021-01-01"})
        assert period == [("guardian", guardian), ("parent", mother)]


def consents(desk: Desk, **body: Any) -> set[str]:
    """The consents that a visit needs, as «чи можна?» says."""
    answer = desk.post("/applications?dry_run=1", {"received": f"{DAY}T09:40", **body})
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["parts"][-1]["consents_required"] if not one["optional"]}


def through(channel: dict[str, Any]) -> dict[str, Any]:
    """What a desk says of a declaration that it copies."""
    return {"transcribed": True} if channel.get("channel") == "diia" else {}


class TestUsedByTheCards:
    """What the links say is known before the clerk's words; a missing one says nothing."""

    @pytest.fixture
    def three(self, desk: Desk) -> tuple[str, str, str]:
        """A child of 16, a mother in house 1, a father in house 2."""
        mother = mother_of(desk, desk.dwelling("1"))
        father = desk.person(surname="Батьків")
        desk.settled(father, desk.dwelling("2"))
        return desk.person(birth_date=MINOR), mother, father

    def home(self, desk: Desk, who: str) -> str:
        [row] = desk.get(f"/persons/{who}/residences").json()["answer"]
        return row["dwelling_id"]

    @pytest.mark.parametrize("card", [CARD_3, CARD_9, {**CARD_5, "applicant": {"kind": "parent"}}])
    def test_the_other_parent_at_another_address_agrees(
        self, desk: Desk, three: tuple[str, str, str], card: dict[str, Any]
    ) -> None:
        minor, mother, father = three
        child = desk.person(birth_date=CHILD_BORN) if card["subject"]["born"] == CHILD_BORN else minor
        body = {**card, **through(card), "register": about(child, dwelling=self.home(desk, mother), applicant=mother)}
        assert "other_parent" not in consents(desk, **body)  # nobody knows of the father
        linked(desk, child, mother, father)
        assert "other_parent" in consents(desk, **body)
        told = decided(desk, **{**body, "consents": []})
        assert told["status"] == "refused"
        same = {**filed(desk, **{**body, "consents": []}), "parents": {"same_address": True}}
        assert differs(desk, same) == [("parents.same_address", "no", "yes")]
        granted(desk, **{**body, "received": f"{NEXT}T09:40"})

    def test_at_one_address_nobody_else_is_asked_though_the_words_say_otherwise(
        self, desk: Desk, three: tuple[str, str, str]
    ) -> None:
        _, mother, _ = three
        father, child = desk.person(surname="Інший"), desk.person(birth_date=CHILD_BORN)
        home = self.home(desk, mother)
        desk.settled(father, home)
        body = {**CARD_3, "register": about(child, dwelling=home, applicant=mother)}
        apart = {**body, "parents": {"same_address": False}}
        assert "other_parent" in consents(desk, **apart)
        linked(desk, child, mother, father)
        assert "other_parent" not in consents(desk, **body)
        assert differs(desk, filed(desk, **{**body}) | {"parents": {"same_address": False}}) == [
            ("parents.same_address", "yes", "no")
        ]

    def test_a_father_who_died_is_asked_for_nothing(self, desk: Desk, three: tuple[str, str, str]) -> None:
        _, mother, father = three
        child = desk.person(birth_date=CHILD_BORN)
        body = {**CARD_3, "parents": {"same_address": False}}
        body |= {"register": about(child, dwelling=self.home(desk, mother), applicant=mother)}
        linked(desk, child, mother, father)
        assert "other_parent" in consents(desk, **body)
        desk.core("record_death", father, registered_on="2024-01-02")
        assert "other_parent" not in consents(desk, **body)
        granted(desk, **body)

    @pytest.mark.parametrize("card", [CARD_1, CARD_5, CARD_8])
    def test_a_parents_address_asks_no_owner(
        self, desk: Desk, three: tuple[str, str, str], card: dict[str, Any]
    ) -> None:
        child, mother, _ = three
        home = self.home(desk, mother)
        body = {**card, **through(card), "register": about(child, dwelling=home)}
        assert "owner_1" in consents(desk, **body)
        linked(desk, child, mother)
        assert "owner_1" not in consents(desk, **body)
        said = filed(desk, **body) | {"parents": {"dwelling_is_parents": False}}
        assert differs(desk, said) == [("parents.dwelling_is_parents", "parent-there", "no")]
        # At no parent's address the owner is asked as ever.
        other = {**body, "register": about(child, dwelling=desk.dwelling("9"))}
        assert "owner_1" in consents(desk, **other)

    @pytest.mark.parametrize("card", [CARD_1, CARD_5, CARD_8])
    def test_a_mismatch_needs_both_parents_elsewhere(
        self, desk: Desk, three: tuple[str, str, str], card: dict[str, Any]
    ) -> None:
        child, mother, father = three
        home = desk.dwelling("3")
        desk.settled(desk.person(surname="Сусідська"), home)
        said = {**card, **through(card), "parents": {"dwelling_is_parents": True}}
        said |= {"register": about(child, dwelling=home)}
        linked(desk, child, mother)
        assert filed(desk, **said)  # the father may live there: a missing link is no ground
        linked(desk, child, father)
        apart = {**said, "parents": {"dwelling_is_parents": True, "same_address": False}}
        body = {"documents": ["application", "identity_document"], "consents": [], "received": f"{DAY}T09:40", **apart}
        assert differs(desk, body) == [("parents.dwelling_is_parents", "parents-elsewhere", "yes")]

    def test_who_leaves_the_other_with_the_child_is_told_before_any_paper_is_shown(
        self, desk: Desk, three: tuple[str, str, str]
    ) -> None:
        _, mother, _ = three
        father, child, home = desk.person(surname="Інший"), desk.person(birth_date=CHILD_BORN), desk.dwelling("6")
        desk.settled(father, self.home(desk, mother))
        linked(desk, child, mother, father)
        move = {**MOVE, "subject": {"born": BORN}, "register": about(mother, dwelling=home)}
        body = {**move, "children": [{**CARD_3, "register": about(child, dwelling=home, applicant=mother)}]}
        assert "other_parent" in consents(desk, **body)
        assert granted(desk, **body)["status"] == "granted"

    @pytest.mark.parametrize("card", [CARD_3, CARD_1])
    def test_a_guardian_is_asked_for_and_the_parents_who_live_apart_are_not(
        self, desk: Desk, three: tuple[str, str, str], card: dict[str, Any]
    ) -> None:
        minor, mother, father = three
        ward = minor if card is CARD_1 else desk.person(birth_date=CHILD_BORN)
        guardian = mother_of(desk, desk.dwelling("4"))
        linked(desk, ward, mother, father)
        body = {**card, "register": about(ward, dwelling=self.home(desk, guardian))}
        if card is CARD_3:
            body["applicant"] = {"kind": "legal_representative"}
            body["register"]["applicant"] = guardian
        asked = {"parent_1", "parent_2", "other_parent"}
        assert consents(desk, **body) & asked
        linked(desk, ward, guardian, role="guardian")
        assert not consents(desk, **body) & asked
        granted(desk, **body)

    @pytest.mark.parametrize("until", ["2024-05-01", "2025", "2025-03"])
    def test_who_may_be_no_parent_any_more_contradicts_nothing(
        self, desk: Desk, three: tuple[str, str, str], until: str
    ) -> None:
        _, mother, father = three
        child = desk.person(birth_date=CHILD_BORN)
        linked(desk, child, mother)
        desk.act(f"/persons/{child}/family/{link_of(desk, child)}/end", {"until": until, "basis": "рішення суду"})
        linked(desk, child, father)
        register = about(child, dwelling=self.home(desk, father), applicant=father)
        granted(desk, **CARD_3, parents={"same_address": True}, register=register)

    def test_of_three_the_register_does_not_know_who_the_parents_are(
        self, desk: Desk, three: tuple[str, str, str]
    ) -> None:
        """Two adopted the child; nobody has ended the link to the mother."""
        _, mother, _ = three
        home, child = desk.dwelling("5"), desk.person(birth_date=CHILD_BORN)
        one, other = mother_of(desk, home), mother_of(desk, home)
        linked(desk, child, mother)
        linked(desk, child, one, other, role="adopter")
        body = {**CARD_3, "register": about(child, dwelling=home, applicant=one)}
        assert "other_parent" not in consents(desk, **body)
        assert "other_parent" in consents(desk, **body, parents={"same_address": False})
        granted(desk, **body)

    @pytest.mark.parametrize("said", [True, False])
    def test_parents_who_come_together_in_the_visit_may_say_so_before_they_are_granted_it(
        self, desk: Desk, three: tuple[str, str, str], said: bool
    ) -> None:
        _, mother, father = three
        home, child = desk.dwelling("5"), desk.person(birth_date=CHILD_BORN)
        linked(desk, child, mother, father)
        parts = [{**MOVE, "subject": {"born": BORN}, "register": about(one, dwelling=home)} for one in (mother, father)]
        child_part = {**CARD_3, "register": about(child, dwelling=home, applicant=mother)}
        body = filed(desk, **parts[0], children=[parts[1], child_part])
        body["children"][1] |= {"parents": {"same_address": said}, "consents": []}
        tried = desk.post("/applications?dry_run=1", {**body, "documents": []})
        assert tried.status_code == 200, tried.text
        if said:
            assert desk.act("/applications", {**body, "decide": True})["status"] == "granted"
        else:
            assert differs(desk, body) == [("parents.same_address", "yes", "no")]

    @pytest.mark.parametrize(
        ("card", "ground"), [(CARD_1, "parent_mismatch_14_18"), (CARD_3, "parent_mismatch_under_14")]
    )
    def test_what_the_register_does_not_hold_refuses_nobody(
        self, desk: Desk, three: tuple[str, str, str], card: dict[str, Any], ground: str
    ) -> None:
        minor, mother, _ = three
        child = minor if card is CARD_1 else desk.person(birth_date=CHILD_BORN)
        body, home = {**card, "parents": {"registry_agrees": False}}, desk.dwelling("3")
        desk.settled(desk.person(surname="Сусідська"), home)
        body |= {"register": about(child, dwelling=home)}
        refused = {"received": f"{DAY}T09:40", "documents": ["application"], **body}
        assert differs(desk, refused) == [("parents.registry_agrees", "no-contradiction", "mismatch")]
        linked(desk, child, mother)
        told = decided(desk, **body)
        assert ground in [one["id"] for one in told["decision"]["parts"][0]["grounds"]]

    @pytest.mark.parametrize("outside", ["nobody linked", "father outside", "mother without a residence"])
    def test_parents_outside_this_register_are_no_mismatch(self, desk: Desk, outside: str) -> None:
        child, home = desk.person(birth_date=CHILD_BORN), desk.dwelling()
        links = [parent(relative_name="Батько Зовнішній")] if outside == "father outside" else []
        if outside == "mother without a residence":
            links = [parent(mother_of(desk))]
        words = {"dwelling_is_parents": True, "in_this_registry": False}
        granted(desk, **CARD_3, parents=words, register=about(claimed(child, *links), dwelling=home))
        agrees(desk)

    def test_a_minor_whose_parents_are_outside_comes_with_the_owners_consent(self, desk: Desk) -> None:
        child = desk.person(birth_date=MINOR)
        said = claimed(child, parent(relative_name="Мати Зовнішня", paper="any_parent"))
        granted(desk, **CARD_1, register=about(said, dwelling=desk.dwelling()))
        assert family(desk, child) == [("parent", "Мати Зовнішня")]

    @pytest.mark.parametrize("ended", [True, False])
    def test_a_guardian_who_is_none_any_more(self, desk: Desk, ended: bool) -> None:
        child, guardian, home = desk.person(birth_date=CHILD_BORN), desk.person(surname="Опікунська"), desk.dwelling()
        linked(desk, child, guardian, role="guardian")
        if ended:
            where = f"/persons/{child}/family/{link_of(desk, child, 'guardian')}/end"
            desk.act(where, {"until": "2025-01-01", "basis": "рішення"})
        body = {**CARD_3, "applicant": {"kind": "legal_representative"}}
        told = decided(desk, **body, register=about(child, dwelling=home, applicant=guardian))
        assert told["status"] == ("refused" if ended else "granted")

    def test_a_visit_that_waits_is_approved_while_its_relatives_are_as_they_were(
        self, strict: tuple[Desk, Desk]
    ) -> None:
        desk, head = strict
        for withdrawn in (True, False):
            mother, child = mother_of(desk), desk.person(birth_date=CHILD_BORN)
            mended = {"paper": "свідоцтво", "corrects": True, "particulars": {"surname": "Вигаданко"}}
            one = {**claimed(child, parent(mother)), "changed": mended}
            body = filed(desk, **CARD_3, register=about(one, dwelling=desk.dwelling(f"2{withdrawn:d}")))
            asked = desk.post("/applications", {**body, "decide": True})
            assert asked.status_code == 202, asked.text
            if withdrawn:
                gone = desk.post(f"/persons/{mother}/withdrawal", {"reason": "двічі"}).json()["application"]
                head.act(f"/applications/{gone}/approval")
            approved = head.post(f"/applications/{asked.json()['application']}/approval")
            assert approved.status_code == (409 if withdrawn else 201), approved.text
            assert family(desk, child) == ([] if withdrawn else [("parent", mother)])
        agrees(desk)


class TestKeptForEver:
    def test_a_journal_comes_back_byte_for_byte(self, desk: Desk, empty_database_url: str, tmp_path: Any) -> None:
        mother, child = mother_of(desk), desk.person(birth_date=CHILD_BORN)
        granted(desk, **CARD_3, register=about(child, dwelling=desk.dwelling(), applicant=mother))
        link = link_of(desk, child)
        desk.act(f"/persons/{child}/family/{link}/correction", {"since": CHILD_BORN, "reason": "описка"})
        desk.act(f"/persons/{child}/family/{link}/end", {"until": "2024-01-01", "basis": "рішення суду"})
        desk.act(f"/persons/{child}/family/{link}/annulment", {"basis": "чуже свідоцтво"})
        first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
        journal.export(desk.registry, first, seen_by=OPEN)
        migrate(empty_database_url)
        with opened(empty_database_url) as other:
            journal.load(other, first, desk.registry.clock())
            assert verify(other).differences == []
            journal.export(other, second, seen_by=OPEN)
            assert other.rebuild("family") == desk.registry.rebuild("family") > 0
        assert first.read_bytes() == second.read_bytes()
        agrees(desk)

    @pytest.mark.parametrize(
        "fact",
        [
            FamilyLinkEntered(link=uid(7), role="parent", relative=uid(7)),
            FamilyLinkEnded(link=uid(7), until="2024"),
            FamilyLinkAnnulled(link=uid(7), basis="помилка"),
            SealAnnulled(takes_back=1, basis="помилка"),
            FormerIdentitySealed(basis="усиновлення", successor=uid(7)),
        ],
    )
    def test_what_names_nothing_is_a_difference(self, desk: Desk, fact: Any) -> None:
        child = desk.person(birth_date=CHILD_BORN)
        agrees(desk)
        act = desk.registry.append([(UUID(child), [fact], 1)], by=CLERK, command=uuid4())
        [said] = verify(desk.registry).differences
        assert said.startswith(f"position {act.position}: {fact.NAME} names ")


class TestTheDecision:
    """What no form lets through."""

    def test_a_role_that_is_none(self) -> None:
        person = fold(entries([PersonEntered(particulars=Particulars(surname="Вигадана"))]))
        said = FamilyLinkVersion(role="neighbour", relative_name="Сусід")
        with pytest.raises(Impossible) as refused:
            enter_link(person, id=uid(1), link=uid(2), said=said, people={}, today=date(2025, 3, 11))
        assert [fault.code for fault in refused.value.faults] == ["role-unknown"]
