"""Applications over HTTP on a real database: whole stories, from the visit to what the register holds afterwards."""

from html import escape
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from filing import (
    BORN,
    CHILD_BORN,
    DAY,
    LEAVE,
    MOVE,
    PROOF,
    VISIT,
    about,
    alive,
    amendment,
    decided,
    everything,
    filed,
    filed_anyway,
    follows,
    granted,
    listed,
    received,
    recorded,
    strict,
)
from given import NAMED
from test_api import API, NOBODY, SECRET, Desk, codes, desk, has_cyrillic

__all__ = ["desk", "strict"]

LISTED = "UA12060170010065850"


class TestMoves:
    def test_within_the_community_one_fact_and_the_old_residence_ends(self, desk: Desk) -> None:
        person, old, new = desk.person(), desk.dwelling(), desk.dwelling("9")
        desk.settled(person, old)
        said = granted(desk, **MOVE, register=about(person, dwelling=new))
        assert recorded(said, person) == ["residence-registered"]
        assert alive(desk, person, **{"from": "1990-01-01"}) == [(DAY, None), ("2010-07-15", DAY)]
        assert said["parts"][0]["previous_residence"] == "removed" and said["parts"][0]["fee"]["kopiykas"] == 4542
        assert follows(desk, said) == [("applicant_sms", None, DAY), ("dms", person, DAY)]
        assert said["code"].isdigit() and len(said["code"]) == 6 and said["due_by"] == DAY

    def test_from_another_community_the_old_one_is_told_by_the_next_calendar_day(self, desk: Desk) -> None:
        person, new = desk.person(), desk.dwelling()
        there = {"address": "м. Неіснуюче, вул. Тиха, буд. 1", "katottg": "UA" + "1" * 17, "since": "2015-05-05"}
        subject = {"born": BORN, "current_residence": {"place": "other_community"}}
        saturday = "2025-03-15T10:00"
        said = granted(
            desk, **MOVE, received=saturday, subject=subject, register=about(person, dwelling=new, elsewhere=there)
        )
        assert recorded(said, person) == ["residence-registered", "past-residence-entered"]
        rows = everything(desk, person)
        assert [(row["since"], row["until"]) for row in rows] == [("2025-03-15", None), ("2015-05-05", "2025-03-15")]
        assert rows[1]["address"].startswith("м. Неіснуюче")
        assert ("previous_office_electronic", person, "2025-03-16") in follows(desk, said)

    def test_from_another_community_without_saying_which(self, desk: Desk) -> None:
        subject = {"born": BORN, "current_residence": {"place": "other_community"}}
        body = {**MOVE, "received": VISIT, "subject": subject, "documents": ["application", "identity_document"]}
        body["documents"] += ["dwelling_right_document", "fee_evidence"]
        problem = desk.refused("/applications", {**body, "register": about(desk.person(), dwelling=desk.dwelling())})
        assert codes(problem) == [("elsewhere-missing", "register.elsewhere")]

    def test_an_occupied_residence_here_is_kept(self, desk: Desk) -> None:
        address = {"katottg": LISTED, "settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "7"}
        person, old, new = desk.person(), desk.dwelling(address=address), desk.dwelling("9")
        residence = desk.settled(person, old)
        listed(desk, LISTED)
        subject = {"born": BORN, "current_residence": {"kept": True, "occupied": {}}}
        said = granted(desk, **MOVE, subject=subject, register=about(person, dwelling=new, list_entry="II.4"))
        assert recorded(said, person) == ["occupied-address-noted", "residence-registered"]
        rows = {row["residence_id"]: row for row in desk.residences(person)}
        assert len(rows) == 2 and rows[residence]["kept"] and rows[residence]["until"] is None
        assert "record_occupied_address" in [item for item, _, _ in follows(desk, said)]

    def test_an_occupied_residence_elsewhere_is_noted(self, desk: Desk) -> None:
        person, new = desk.person(), desk.dwelling()
        listed(desk, LISTED)
        current = {"place": "other_community", "kept": True, "occupied": {}}
        there = {"address": "м. Неіснуюче, вул. Тиха, буд. 1", "list_entry": "II.4", "list_since": "2022-03-01"}
        said = granted(
            desk,
            **MOVE,
            subject={"born": BORN, "current_residence": current},
            register=about(person, dwelling=new, elsewhere=there),
        )
        assert recorded(said, person) == ["occupied-address-noted", "residence-registered"]
        assert len(everything(desk, person)) == 1
        noted = desk.get(f"/persons/{person}").json()["occupied_addresses"]
        assert [one["list_entry"] for one in noted] == ["II.4"]

    def test_a_parent_with_two_children_is_one_application_with_a_fact_each(self, desk: Desk) -> None:
        parent, first, second = (desk.person(birth_date=born) for born in (BORN, CHILD_BORN, "2020-06-07"))
        home = desk.dwelling()
        children = [
            {
                "service": "register_child_residence",
                "subject": {"born": born},
                "applicant": {"kind": "parent"},
                "register": about(child, dwelling=home),
            }
            for child, born in ((first, CHILD_BORN), (second, "2020-06-07"))
        ]
        before = desk.registry.position()
        said = granted(desk, **MOVE, register=about(parent, dwelling=home), children=children)
        assert recorded(said, parent) == ["residence-registered"]
        # With the certificate of birth shown the parent who files is recorded as one.
        assert [recorded(said, one) for one in (first, second)] == [["family-link-entered", "residence-registered"]] * 2
        assert [part["outcome"] for part in said["decision"]["parts"]] == ["granted"] * 3
        assert [part["fee"]["kopiykas"] for part in said["parts"]] == [4542] * 3
        assert len(desk.get(f"/dwellings/{home}/residents").json()["answer"]) == 3
        messages = [item for item, _, _ in follows(desk, said)]
        assert messages.count("dms") == 3 and messages.count("applicant_sms") == 1
        streams = {entry.stream for entry in entries_after(desk, before)}
        assert streams == {UUID(one) for one in (said["application"], parent, first, second)}

    def test_one_part_granted_and_one_refused(self, desk: Desk) -> None:
        parent, child = desk.person(), desk.person(birth_date=CHILD_BORN)
        home = desk.dwelling()
        refused = {
            "service": "register_child_residence",
            "subject": {"born": CHILD_BORN},
            "applicant": {"kind": "parent"},
            "false_data": True,
            "register": about(child, dwelling=home),
        }
        said = decided(desk, **MOVE, register=about(parent, dwelling=home), children=[refused])
        assert said["status"] == "partly-granted" and list(said["decision"]["recorded"]) == [parent]
        assert [part["outcome"] for part in said["decision"]["parts"]] == ["granted", "refused"]

    def test_a_stay_and_a_declaration(self, desk: Desk) -> None:
        person, home, other = desk.person(), desk.dwelling(), desk.dwelling("9")
        said = granted(
            desk,
            service="declare_residence",
            channel="diia",
            dwelling={"subject_is_owner": True},
            register=about(person, dwelling=home),
        )
        assert recorded(said, person) == ["residence-declared"]
        stay = granted(
            desk,
            service="register_stay",
            received="2025-05-11T09:40",
            dwelling={"right_document_held": True},
            register=about(person, dwelling=other),
        )
        assert recorded(stay, person) == ["stay-registered"] and stay["parts"][0]["fee"]["kopiykas"] == 0
        assert desk.residences(person)[0]["kind"] == "stay"


def entries_after(desk: Desk, position: int) -> list[Any]:
    streams = desk.registry.streams(desk.registry.position())
    return [entry for stream in streams for entry in stream if entry.position > position]


class TestNewPeople:
    WHO: ClassVar = {"surname": "Нова", "given_names": "Людина", "birth_date": BORN, "unzr": "19900504-00011"}

    def test_enters_the_register_with_the_residence(self, desk: Desk) -> None:
        home = desk.dwelling()
        someone = {"particulars": self.WHO, "documents": [{"kind": "passport_card", "number": "1"}]}
        said = granted(desk, **MOVE, register=about(someone, dwelling=home))
        person = next(iter(said["decision"]["recorded"]))
        assert recorded(said, person) == ["person-entered", "residence-registered"]
        read = desk.get(f"/persons/{person}").json()
        assert read["particulars"]["surname"] == "Нова" and read["documents"][0]["number"] == "1"
        assert list(said["parts"][0]["would_record"]) == [person]

    def test_refused_is_nobody_in_the_register(self, desk: Desk) -> None:
        said = decided(desk, **MOVE, false_data=True, register=about({"particulars": self.WHO}))
        assert said["status"] == "refused" and said["decision"]["recorded"] == {}
        person = said["parts"] and desk.get(f"/applications/{said['application']}").json()["parts"][0]["register"]
        assert desk.get(f"/persons/{person['persons'][0]['person']}").status_code == 404

    def test_already_in_the_register(self, desk: Desk) -> None:
        desk.person(unzr="19900504-00011")
        body = {
            **MOVE,
            "subject": {"born": BORN},
            "register": about({"particulars": self.WHO, "documents": PROOF}, dwelling=desk.dwelling()),
        }
        assert codes(desk.refused("/applications", body)) == [("unzr-taken", "register.persons.0.particulars.unzr")]

    def test_born_otherwise_than_the_application_says(self, desk: Desk) -> None:
        someone = {"particulars": self.WHO, "documents": PROOF}
        body = {**MOVE, "subject": {"born": "1990-05-05"}, "register": about(someone)}
        assert codes(desk.refused("/applications", body)) == [("differs-from-register", "subject.born")]

    def test_a_birth_that_the_register_knows_need_not_be_said(self, desk: Desk) -> None:
        home = desk.dwelling()
        for one in ({"person": desk.person()}, {"particulars": self.WHO}):
            assert granted(desk, **MOVE, subject={}, register=about(one, dwelling=home))

    @pytest.mark.parametrize(("born", "day"), [("2007", "2007-03-05"), ("2007-03", "2007-03-05"), (None, BORN)])
    def test_one_of_which_it_does_not_know_the_age_has_to_be(self, desk: Desk, born: str | None, day: str) -> None:
        body = {**MOVE, "received": VISIT, "register": about(desk.person(birth_date=born), dwelling=desk.dwelling())}
        for path in ("/applications", "/applications?dry_run=1"):
            assert codes(desk.refused(path, {**body, "subject": {}})) == [("born-unsaid", "subject.born")]
        assert granted(desk, **{**body, "subject": {"born": day}})

    def test_the_law_alone_is_asked_with_one(self, desk: Desk) -> None:
        for said in ({}, {"born": None}):
            body = {**MOVE, "received": VISIT, "subject": said}
            assert codes(desk.refused("/applications?dry_run=1", body)) == [("missing", "subject.born")]


class TestRemovals:
    def test_by_the_owner_of_two_persons_each_pays_and_is_told_of(self, desk: Desk) -> None:
        home = desk.dwelling()
        people = [desk.person(), desk.person(surname="Інша")]
        for one in people:
            desk.settled(one, home)
        said = granted(
            desk,
            **LEAVE,
            ground="owner_application",
            applicant={"kind": "dwelling_owner"},
            persons=2,
            register=about(*people),
        )
        assert [recorded(said, one) for one in people] == [["residence-deregistered"]] * 2
        assert said["decision"]["parts"][0]["charge"]["due"] == 2 * 4542
        told = follows(desk, said)
        assert {("dms", one, DAY) for one in people} < set(told)
        assert [item for item, _, _ in told].count("applicant_sms") == 1
        assert desk.get(f"/dwellings/{home}/residents").json()["answer"] == []

    def test_of_two_persons_one_of_whom_is_not_named(self, desk: Desk) -> None:
        body = {**LEAVE, "ground": "owner_application", "persons": 2, "subject": {"born": BORN}}
        problem = desk.refused("/applications", {**body, "register": about(desk.person())})
        assert codes(problem) == [("persons-differ", "persons")]

    def test_a_death_ends_it_on_the_day_of_its_registration(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        body = filed(desk, **LEAVE, ground="death_certificate", applicant={"kind": "other"}, register=about(person))
        assert [one["check"] for one in body["checks"]] == ["civil_status"]
        registered = {"check": "civil_status", "said": {"died_on": "2025-02-20", "death_registered_on": "2025-02-24"}}
        said = desk.act("/applications", {**body, "checks": [registered], "decide": True})
        assert recorded(said, person) == ["deceased"]
        assert desk.get(f"/persons/{person}").json()["death"] == {"registered_on": "2025-02-24"}
        assert said["decision"]["parts"][0]["effective_on"] == "2025-02-24"
        assert said["decision"]["parts"][0]["decided_on"] == DAY
        assert alive(desk, person, on="2025-02-23") and not alive(desk, person, on="2025-02-24")

    @pytest.mark.parametrize(
        ("ground", "applicant"),
        [
            ("court_eviction", "court"),
            ("court_removal", "court"),
            ("court_missing", "court"),
            ("institution_notice", "social_institution"),
        ],
    )
    def test_on_a_message_of_another_body(self, desk: Desk, ground: str, applicant: str) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        said = granted(
            desk, **LEAVE, ground=ground, applicant={"kind": applicant}, channel="notice", register=about(person)
        )
        assert recorded(said, person) == ["residence-deregistered"] and alive(desk, person) == []
        assert not [item for item, _, _ in follows(desk, said) if item.startswith("applicant")]
        fact = desk.get(f"/persons/{person}/facts").json()["facts"][-1]
        assert fact["body"]["ground"] == ground and fact["body"]["application"] == said["application"]

    def test_who_lives_nowhere_cannot_be_removed(self, desk: Desk) -> None:
        body = filed_anyway(desk, **LEAVE, register=about(desk.person()))
        assert codes(desk.refused("/applications", body)) == [("residence-missing", "register.persons")]


class TestAmending:
    def test_at_once_without_a_second_person(self, desk: Desk) -> None:
        person, body = amendment(desk)
        said = desk.act("/applications", {**body, "decide": True})
        assert recorded(said, person) == ["residence-corrected"] and said["status"] == "granted"
        row = desk.residences(person)[0]
        assert row["since"] == "2010-07-16" and row["address"].endswith("буд. 9")

    def test_waits_for_the_second_person_whose_approval_grants_it(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        person, body = amendment(desk)
        application = desk.act("/applications", body)["application"]
        key = str(uuid4())
        answer = desk.post(f"/applications/{application}/decision", {"acted_on": DAY}, Idempotency_Key=key)
        said = answer.json()
        assert answer.status_code == 202 and answer.headers["etag"] == f'"{said["version"]}"'
        assert (said["status"], said["asked_for"], said["person"]) == (
            "awaiting-approval",
            "residence-corrected",
            person,
        )
        again = desk.post(f"/applications/{application}/decision", {"acted_on": DAY}, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, said)
        assert desk.residences(person)[0]["since"] == "2010-07-15"
        assert desk.get(f"/applications/{application}").json()["change"]["asked_by"]["id"] == "clerk"
        listed = desk.get("/applications", status="awaiting").json()["applications"]
        assert [one["application"] for one in listed] == [application]
        assert codes(desk.refused(f"/applications/{application}/decision", {}))[0][0] == "change-waiting"
        assert codes(desk.refused(f"/applications/{application}/approval", {}))[0][0] == "same-person"
        head.act(f"/applications/{application}/approval")
        assert desk.residences(person)[0]["since"] == "2010-07-16"
        read = desk.get(f"/applications/{application}").json()
        assert read["status"] == "granted" and read["parts"][0]["outcome"]["by"]["id"] == "head"
        assert [one["item"] for one in read["follows"]] == ["applicant_sms", "dms"]

    def test_asked_and_decided_in_one_request(self, strict: tuple[Desk, Desk]) -> None:
        desk, _ = strict
        _, body = amendment(desk)
        answer = desk.post("/applications", {**body, "decide": True})
        assert answer.status_code == 202 and answer.json()["status"] == "awaiting-approval"
        assert answer.json()["decision"]["asked_for"] == "residence-corrected"

    def test_rejected_may_be_asked_again(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        person, body = amendment(desk)
        application = desk.post("/applications", {**body, "decide": True}).json()["application"]
        head.act(f"/applications/{application}/rejection", {"reason": "немає підстав"})
        assert desk.get(f"/applications/{application}").json()["status"] == "received"
        assert desk.post(f"/applications/{application}/decision", {"acted_on": DAY}).status_code == 202
        assert desk.residences(person)[0]["since"] == "2010-07-15"

    def test_a_change_without_an_application_can_be_looked_at_too(self, strict: tuple[Desk, Desk]) -> None:
        desk, _ = strict
        person = desk.person()
        residence = desk.settled(person, desk.dwelling())
        body = {"since": "2010-07-16", "reason": "описка"}
        asked = desk.post(f"/persons/{person}/residences/{residence}/correction", body)
        read = desk.client.get(asked.headers["location"]).json()
        assert (read["status"], read["parts"]) == ("awaiting-approval", [])
        assert read["change"]["person"] == person and "code" not in read
        decision = desk.refused(asked.headers["location"].removeprefix(API) + "/decision", {})
        assert codes(decision) == [("application-unknown", None)]

    @pytest.mark.parametrize("missing", ["kind", "dwelling", "since"])
    def test_says_the_whole_version(self, desk: Desk, missing: str) -> None:
        _, body = amendment(desk)
        del body["register"]["now"][missing]
        assert codes(desk.refused("/applications", body)) == [("missing", f"register.now.{missing}")]

    def test_says_what_is_corrected(self, desk: Desk) -> None:
        _, body = amendment(desk)
        del body["register"]["now"]
        assert codes(desk.refused("/applications", body)) == [("correction-missing", "register.now")]


class TestExtracts:
    def asked(self, desk: Desk, **more: Any) -> dict[str, Any]:
        person, old, new = desk.person(), desk.dwelling(), desk.dwelling("9")
        desk.settled(person, old)
        desk.settled(person, new, "2020-01-01")
        register = about(person, dwelling=new if "applicant" in more else None)
        return granted(desk, **{"service": "issue_extract", "extract": {}, "register": register, **more})

    def history(self, desk: Desk, said: dict[str, Any]) -> bool:
        entries = desk.registry.of_command(UUID(said["decision"]["command"])).entries
        return next(entry.fact.history for entry in entries if entry.fact.NAME == "extract-requested")

    def test_is_formed_and_numbered(self, desk: Desk) -> None:
        said = self.asked(desk, extract={"history_requested": True})
        extract = said["decision"]["extracts"][0]
        assert "/" in extract["number"] and extract["code"] and extract["error"] is None
        document = desk.client.get(extract["document"])
        assert document.content.startswith(b"%PDF")
        assert self.history(desk, said) and [item for item, _, _ in follows(desk, said)] == []

    def test_granted_though_its_document_could_not_be_made(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: Any, **__: Any) -> bytes:
            raise RuntimeError(SECRET)

        monkeypatch.setattr("registry.extracts.pdf.render", fail)
        said = self.asked(desk)
        extract = said["decision"]["extracts"][0]
        assert extract["document"] is None and has_cyrillic(extract["error"]) and SECRET not in str(said)

    def test_an_owner_who_asks_for_history_gets_none(self, desk: Desk) -> None:
        owner = {"kind": "dwelling_owner"}
        said = self.asked(
            desk, extract={"history_requested": True}, applicant=owner, applicant_name="Вигаданий Власник"
        )
        assert said["status"] == "granted" and not self.history(desk, said)

    def test_whom_the_older_certificate_does_not_know(self, desk: Desk) -> None:
        body = {"service": "issue_extract", "extract": {}, "applicant": {"kind": "court"}, "applicant_name": "Суд"}
        body |= {"documents": ["application", "identity_document", "passport_copy"], "subject": {"born": BORN}}
        body |= {"received": "2020-03-11T10:00", "register": about(desk.person())}
        problem = desk.refused("/applications", body)
        assert problem["type"] == "/problems/cannot-issue" and "Виберіть, хто просить" in problem["detail"]

    def test_somebody_else_has_to_say_who_asks(self, desk: Desk) -> None:
        person = desk.person()
        documents = ["application", "identity_document", "representative_authority", "ownership_document"]
        body = {"service": "issue_extract", "extract": {}, "applicant": {"kind": "dwelling_owner"}, "received": VISIT}
        body |= {"subject": {"born": BORN}, "documents": documents, "register": about(person)}
        assert codes(desk.refused("/applications", body)) == [("applicant-missing", "applicant_name")]


class TestRefusals:
    def test_every_ground_is_stored_with_the_text(self, desk: Desk) -> None:
        dwelling = {"mortgaged": True, "address_assigned": False, "is_dwelling": False}
        body = {**MOVE, "dwelling": dwelling, "documents": [], "consents": [], "false_data": True}
        said = decided(desk, **body, register=about(desk.person()))
        assert said["status"] == "refused" and said["decision"]["recorded"] == {}
        stored = desk.get(f"/applications/{said['application']}/decision")
        part = stored.json()["parts"][0]
        assert stored.headers["etag"] == f'"{said["version"]}"'
        assert [one["number"] for one in part["grounds"]] == [1, 3, 4, 6, 7]
        assert part["grounds"] == said["parts"][0]["grounds"] and set(part["missing"]) > {"application", "mortgagee"}
        assert all(ground["wording"] in part["text"] for ground in part["grounds"])
        assert f"код {said['code']}" in part["text"] and "11.03.2025" in part["text"]
        assert part == said["decision"]["parts"][0]
        sms = next(one for one in desk.get("/outbox", role="message").json()["waiting"] if one["text"])
        assert said["code"] in sms["text"] and NAMED["office_name"] in sms["text"]

    def test_what_is_not_available_this_way(self, desk: Desk) -> None:
        child = desk.person(birth_date=CHILD_BORN)
        said = decided(desk, **MOVE, applicant={"kind": "parent"}, subject={"born": CHILD_BORN}, register=about(child))
        part = said["decision"]["parts"][0]
        assert (said["status"], part["outcome"]) == ("not-possible", "not_possible")
        assert [one["id"] for one in part["barred"]] == ["wrong_service_for_age"]
        assert part["barred"][0]["wording"] in part["text"] and follows(desk, said) == []

    def test_the_letter_for_the_applicant_says_it_all_as_it_was_stored(self, desk: Desk) -> None:
        body = {**MOVE, "documents": [], "applicant_name": "<b>Вигадана</b> Олена"}
        said = decided(desk, **body, register=about(desk.person()))
        page = desk.client.get(f"/applications/{said['application']}/letter")
        text = said["decision"]["parts"][0]["text"]
        assert page.status_code == 200 and "&lt;b&gt;Вигадана" in page.text
        assert all(escape(line, quote=False) in page.text for line in text.split("\n"))
        granted_one = granted(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling("9")))
        none = desk.client.get(f"/applications/{granted_one['application']}/letter")
        assert none.status_code == 409 and "послугу надано" in none.text

    def test_undecided_has_no_decision(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        application = received(desk, **MOVE, register=about(person, dwelling=home))
        answer = desk.get(f"/applications/{application}/decision")
        assert answer.status_code == 404 and answer.json()["type"] == "/problems/not-decided"
        for id in (NOBODY, person, SECRET):
            for path in (f"/applications/{id}", f"/applications/{id}/decision"):
                answer = desk.get(path)
                assert answer.status_code == 404 and SECRET not in answer.text


class TestChecks:
    def test_unanswered_which(self, desk: Desk) -> None:
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        said = desk.act("/applications", {**body, "checks": []})
        assert [(one["check"], one["answered"]) for one in said["parts"][0]["checks"]] == [
            ("ownership", False),
            ("encumbrance", False),
            ("payment", False),
        ]
        where = f"/applications/{said['application']}"
        problem = desk.refused(where + "/decision", {"acted_on": DAY})
        assert [one["named"]["check"] for one in problem["errors"]] == ["ownership", "encumbrance", "payment"]
        assert codes(problem) == [("check-unanswered", "checks")] * 3
        assert "іпотек" not in problem["detail"] and "обтяження" in problem["errors"][1]["detail"]
        desk.refused("/applications", {**body, "checks": [], "decide": True})
        for one in body["checks"]:
            desk.act(where + "/checks", one)
        read = desk.get(where).json()
        assert all(one["answered"] and one["by"]["id"] == "local" for one in read["parts"][0]["checks"])
        assert desk.act(where + "/decision", {"acted_on": DAY})["status"] == "granted"

    def test_what_a_register_says_decides(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        where = "/applications/" + received(desk, **MOVE, register=about(person, dwelling=home))
        desk.act(where + "/checks", {"check": "encumbrance", "said": {"encumbrance": "forbids_registration"}})
        tried = desk.post(where + "/decision?dry_run=1", {"acted_on": DAY}).json()["parts"][0]
        said = desk.act(where + "/decision", {"acted_on": DAY})
        assert said["status"] == tried["outcome"] == "refused" and alive(desk, person) == []
        assert [one["id"] for one in said["parts"][0]["grounds"]] == ["encumbrance"]

    def test_the_fee_that_was_paid_is_returned_unchanged(self, desk: Desk) -> None:
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        paid = {"check": "payment", "said": {"kopiykas": 5000, "receipt": "№ 17"}}
        checks = [one for one in body["checks"] if one["check"] != "payment"]
        said = desk.act("/applications", {**body, "checks": [*checks, paid], "decide": True})
        charge = desk.get(f"/applications/{said['application']}/decision").json()["parts"][0]["charge"]
        assert (charge["due"], charge["paid"], charge["receipt"]) == (4542, 5000, "№ 17")

    def test_too_little_paid_is_not_paid(self, desk: Desk) -> None:
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        checks = [{**one, "said": {"kopiykas": 4541}} if one["check"] == "payment" else one for one in body["checks"]]
        said = desk.act("/applications", {**body, "checks": checks, "decide": True})
        part = said["decision"]["parts"][0]
        assert (part["outcome"], part["missing"]) == ("refused", ["fee_evidence"])
        assert (part["charge"]["due"], part["charge"]["paid"]) == (4542, 4541)

    def test_a_year_without_a_published_amount(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        documents = [
            "application",
            "identity_document",
            "dwelling_right_document",
            "fee_evidence",
        ]
        body = {**MOVE, "received": "2016-06-15T10:00", "subject": {"born": BORN}, "documents": documents}
        body["register"] = about(person, dwelling=home)
        problem = desk.refused("/applications?dry_run=1", body)
        assert codes(problem) == [("no-published-amount", "received")] and "kopiykas" in problem["detail"]
        said = desk.act("/applications", body)
        part = said["parts"][0]
        assert part["outcome"] is None and part["fee"]["kopiykas"] is None and "2016" in part["fee"]["error"]
        where = f"/applications/{said['application']}"
        assert ("paid-missing", "checks") in codes(desk.refused(where + "/decision", {"acted_on": "2016-06-15"}))
        assert codes(desk.refused(where + "/checks", {"check": "payment", "said": {}})) == [
            ("paid-missing", "kopiykas")
        ]
        desk.act(where + "/checks", {"check": "payment", "said": {"kopiykas": 85}})
        for one in part["checks"]:
            if one["check"] != "payment":
                desk.act(where + "/checks", {"check": one["check"], "said": {}})
        decision = desk.act(where + "/decision", {"acted_on": "2016-06-15"})
        assert decision["parts"][0]["charge"]["due"] == decision["parts"][0]["charge"]["paid"] == 85
        assert (
            desk.post(
                "/applications?dry_run=1", {**body, "checks": [{"check": "payment", "said": {"kopiykas": 85}}]}
            ).status_code
            == 200
        )

    @pytest.mark.parametrize(
        ("body", "wanted"),
        [
            ({"check": SECRET, "said": {}}, ("value-unknown", "check")),
            ({"said": {}}, ("missing", "check")),
            ({"check": "payment"}, ("missing", "said")),
            ({"check": "payment", "said": {"kopiykas": -1}}, ("too-small", "said.kopiykas")),
            ({"check": "payment", "said": {"kopiykas": 10**12}}, ("too-big", "said.kopiykas")),
            ({"check": "payment", "said": {"owners": 1}}, ("field-unknown", "said.owners")),
            ({"check": "ownership", "said": {"owners": "2"}}, ("not-a-number", "said.owners")),
            ({"check": "encumbrance", "said": {"encumbrance": SECRET}}, ("value-unknown", "said.encumbrance")),
            ({"check": "civil_status", "said": {}}, ("check-not-asked", "check")),
            ({"check": "ownership", "said": {}, "part": 2}, ("part-unknown", "part")),
            ({"check": "ownership", "said": {}, "part": 0}, ("too-small", "part")),
        ],
    )
    def test_bad_answers(self, desk: Desk, body: dict[str, Any], wanted: tuple[str, str]) -> None:
        application = received(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        assert codes(desk.refused(f"/applications/{application}/checks", body)) == [wanted]
