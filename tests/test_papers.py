"""Papers are facts: what is written on them is kept, decides, is read afterwards, corrected and annulled; over HTTP."""

import hashlib
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from conftest import _database
from filing import BORN, CHILD_BORN, DAY, LEAVE, MOVE, NEXT, VISIT, about, amendment, decided, everything, filed, strict
from given import CLERK, installation
from starlette.testclient import TestClient
from test_api import API, NOBODY, SECRET, Desk, codes, desk, has_cyrillic

from api.main import create_app
from registry import journal, papers, texts
from registry.aggregates.case.correcting import annul_paper, correct_paper
from registry.aggregates.case.events import PaperAnnulled, PaperCorrected
from registry.aggregates.case.state import NO_CASE
from registry.aggregates.papers import Paper
from registry.aggregates.values import Fault, Impossible
from registry.opening import opened
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk", "strict"]


class TestInWords:
    def test_every_detail_that_is_known_is_said(self) -> None:
        one = Paper(
            paper=UUID(int=1),
            id="court_decision",
            number="12/3",
            dated="2025-02-03",
            issuer="Вигаданий суд",
            in_force_on="2025-03-05",
            shown_by="Власник Вигаданий",
        )
        assert papers.said(one, "card_2") == (
            "рішення суду, що набуло законної сили, № 12/3, від 03.02.2025, видано: Вигаданий суд, "
            "законна сила з 05.03.2025, показано: Власник Вигаданий"
        )

    def test_a_consent_and_a_proxy(self) -> None:
        consent = Paper(paper=UUID(int=1), id="owner_2", holder="Власниця Вигадана")
        assert papers.said(consent) == "згода власника (співвласника) житла, чий: Власниця Вигадана"
        proxy = Paper(
            paper=UUID(int=1), id="representative_authority", kind="power_of_attorney", powers=("register_residence",)
        )
        assert papers.said(proxy).endswith("(довіреність), повноваження: Реєстрація місця проживання")

    def test_an_id_that_no_card_names_is_its_own_name(self) -> None:
        assert papers.said(Paper(paper=UUID(int=1), id="something", kind="власний вид")) == "something (власний вид)"


JUDGED = {"number": "127/4567/24", "dated": "2025-01-20", "issuer": "Вигадівський районний суд"}
EVICTED: dict[str, Any] = {**LEAVE, "ground": "court_eviction", "applicant": {"kind": "dwelling_owner"}}
PROXY: dict[str, Any] = {**MOVE, "applicant": {"kind": "proxy_representative"}}


def resident(desk: Desk, **particulars: Any) -> str:
    person = desk.person(**particulars)
    desk.settled(person, desk.dwelling())
    return person


def with_papers(desk: Desk, *papers: dict[str, Any], **body: Any) -> dict[str, Any]:
    """An application with everything that the card asks for, and what is written on some of it."""
    return {**filed(desk, **body), "papers": list(papers), "decide": True}


def only(desk: Desk, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    """What is decided on an application of one part; a dry run says the same."""
    (tried,) = desk.post("/applications?dry_run=1", body).json()["parts"]
    answer = desk.post("/applications", body)
    assert answer.status_code == status, answer.text
    (part,) = answer.json()["decision"]["parts"]
    assert tried["outcome"] == part["outcome"]
    return part


def grounds(part: dict[str, Any]) -> list[str]:
    return [one["id"] for one in part.get("grounds", [])]


def listed(desk: Desk, person: str, **times: Any) -> list[dict[str, Any]]:
    return desk.get(f"/persons/{person}/papers", **times).json()["papers"]


def instants(desk: Desk) -> str:
    """An instant between what is recorded before and after."""
    at = desk.registry.clock()
    desk.person(surname="Інша")
    return at.isoformat()


class TestKept:
    """What was written is in the application, among the papers of the person, and the same after a journal."""

    @pytest.mark.parametrize(
        ("id", "written", "text"),
        [
            ("identity_document", {"kind": "passport_card", "number": "000000001"}, "у формі картки), № 000000001"),
            ("dwelling_right_document", {"number": "7", "dated": "2024-05-04"}, "житлі, № 7, від 04.05.2024"),
        ],
    )
    def test_beside_its_id(self, desk: Desk, id: str, written: dict[str, Any], text: str) -> None:
        person = desk.person()
        body = with_papers(desk, {"id": id, **written}, **MOVE, register=about(person, dwelling=desk.dwelling()))
        said = desk.act("/applications", body)
        (part,) = desk.get(f"/applications/{said['application']}").json()["parts"]
        (paper,) = part["papers"]
        assert {name: paper[name] for name in written} == written and paper["text"].endswith(text)
        assert "papers" not in part["asked"] and id in part["asked"]["documents"]
        (one,) = listed(desk, person)
        assert (one["paper"], one["annulled"], one["held"]) == (paper["paper"], False, False)
        assert [(shown["application"], shown["id"]) for shown in one["shown"]] == [(said["application"], id)]
        assert said["status"] == "granted" and verify(desk.registry).differences == []

    def test_the_answer_tells_their_keys(self, desk: Desk) -> None:
        row = {"id": "identity_document", "number": "1"}
        person, home = desk.person(), desk.dwelling()
        said = desk.act("/applications", with_papers(desk, row, **MOVE, register=about(person, dwelling=home)))
        (part,) = said["parts"]
        assert [one["paper"] for one in part["papers"]] == [one["paper"] for one in listed(desk, person)]

    def test_without_a_word_it_is_as_before(self, desk: Desk) -> None:
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        said = desk.act("/applications", {**body, "decide": True})
        fact = desk.registry.entries(UUID(said["application"]))[0].fact
        assert said["status"] == "granted" and fact.parts[0].papers is None

    def test_a_repeated_request_is_the_same_one(self, desk: Desk) -> None:
        body = with_papers(
            desk,
            {"id": "identity_document", "number": "1"},
            **MOVE,
            register=about(desk.person(), dwelling=desk.dwelling()),
        )
        key = str(uuid4())
        done = [desk.post("/applications", body, Idempotency_Key=key) for _ in range(2)]
        assert [one.status_code for one in done] == [201, 200] and done[0].json() == done[1].json()
        body["papers"][0]["number"] = "2"
        assert desk.refused("/applications", body, Idempotency_Key=key)["type"] == "/problems/key-reused"

    def test_a_childs_part_has_its_own(self, desk: Desk) -> None:
        mother, child, home = desk.person(), desk.person(birth_date=CHILD_BORN), desk.dwelling()
        part = {"service": "register_child_residence", "subject": {"born": CHILD_BORN}, "applicant": {"kind": "parent"}}
        part |= {"register": about(child, dwelling=home)}
        body = filed(desk, **MOVE, register=about(mother, dwelling=home), children=[part])
        body["children"][0]["papers"] = [{"id": "birth_certificate", "number": "І-ВГ 1", "whose": child}]
        said = desk.act("/applications", body)
        parts = desk.get(f"/applications/{said['application']}").json()["parts"]
        assert [len(one["papers"]) for one in parts] == [0, 1]
        assert (len(listed(desk, mother)), len(listed(desk, child))) == (0, 1)

    def test_of_several_in_one_part_each_keeps_theirs(self, desk: Desk) -> None:
        people, home = [desk.person(), desk.person(surname="Інша")], desk.dwelling()
        rows = [{"id": "identity_document", "number": str(n), "whose": who} for n, who in enumerate(people)]
        body = with_papers(
            desk,
            *rows,
            {"id": "owner_1", "holder": "Власник"},
            **MOVE_BY_CONSENT,
            persons=2,
            register=about(*people, dwelling=home),
        )
        said = desk.act("/applications", body)
        assert said["status"] == "granted"
        parts = desk.get(f"/applications/{said['application']}").json()["parts"]
        assert [[one["id"] for one in part["papers"]] for part in parts] == [["identity_document", "owner_1"]] * 2
        assert [part["papers"][0]["whose"] for part in parts] == people
        assert parts[0]["papers"][1]["paper"] == parts[1]["papers"][1]["paper"]
        assert verify(desk.registry).differences == []

    def test_comes_back_with_a_journal(self, desk: Desk, server: Any, tmp_path: Path) -> None:
        person, at = _with_an_annulled_paper(desk)
        journal.export(desk.registry, tmp_path / "all.jsonl", seen_by=OPEN)
        with contextmanager(_database)(server, template="hromada") as url, opened(url) as another:
            journal.load(another, tmp_path / "all.jsonl", another.clock())
            journal.export(another, tmp_path / "again.jsonl", seen_by=OPEN)
            assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()
            assert verify(another).differences == []
            there = Desk(TestClient(create_app(another, installation(data=tmp_path))), another)
            assert listed(there, person) == listed(desk, person)
            assert listed(there, person, known_at=at) == listed(desk, person, known_at=at)

    def test_a_rebuild_makes_the_same_rows(self, desk: Desk) -> None:
        person, _ = _with_an_annulled_paper(desk)
        before = listed(desk, person)
        assert desk.registry.rebuild("papers") == 4
        assert listed(desk, person) == before and verify(desk.registry).differences == []


MOVE_BY_CONSENT: dict[str, Any] = {"service": "register_residence"}


def _with_an_annulled_paper(desk: Desk) -> tuple[str, str]:
    """Somebody of whose two papers one was corrected and then annulled, and the instant before the annulment."""
    person = desk.person()
    rows = [{"id": "identity_document", "number": "1"}, {"id": "owner_1", "number": "2", "dated": "2025-03-01"}]
    body = with_papers(desk, *rows, **MOVE_BY_CONSENT, register=about(person, dwelling=desk.dwelling()))
    said = desk.act("/applications", body)
    (part,) = desk.get(f"/applications/{said['application']}").json()["parts"]
    one = f"/applications/{said['application']}/papers/{part['papers'][1]['paper']}"
    desk.act(one + "/correction", {"number": "3", "reason": "описка"})
    at = instants(desk)
    desk.act(one + "/annulment", {"reason": "згоди не було"})
    return person, at


class TestJudgment:
    """A decision of a court that is not in force yet is no ground (card 2, row 8: «що набуло законної сили»)."""

    @pytest.mark.parametrize("ground", ["court_eviction", "court_use_lost"])
    def test_not_in_force_it_was_not_submitted(self, desk: Desk, ground: str) -> None:
        person = resident(desk)
        body = {**EVICTED, "ground": ground, "register": about(person)}
        later = {"id": "court_decision", **JUDGED, "in_force_on": NEXT}
        part = only(desk, with_papers(desk, later, **body))
        assert (part["outcome"], part["missing"]) == ("refused", ["court_decision"])
        assert "incomplete" in grounds(part)
        assert everything(desk, person)[0]["until"] is None
        assert only(desk, with_papers(desk, {**later, "in_force_on": DAY}, **body))["outcome"] == "granted"

    @pytest.mark.parametrize("written", [{}, {**JUDGED}])
    def test_of_which_nobody_said_it_only_warns(self, desk: Desk, written: dict[str, Any]) -> None:
        body = with_papers(desk, {"id": "court_decision", **written}, **EVICTED, register=about(resident(desk)))
        (told,) = [
            one
            for one in desk.post("/applications?dry_run=1", body).json()["warnings"]
            if one["part"] == 1 and one["id"] == "court_decision"
        ]
        assert told["unsaid"][-1] == "in_force_on" and "набрання законної сили" in told["text"]
        assert only(desk, body)["outcome"] == "granted"

    def test_declares_dead_from_the_day_of_its_force(self, desk: Desk) -> None:
        person = resident(desk)
        body = {**LEAVE, "ground": "court_declared_dead", "applicant": {"kind": "other"}, "register": about(person)}
        shown = {"id": "court_decision", **JUDGED, "in_force_on": "2025-02-21"}
        filed_ = with_papers(desk, shown, **body, subject={"born": BORN, "declared_dead_on": "2025-02-20"})
        assert codes(desk.refused("/applications", filed_)) == [("paper-says-otherwise", "papers.0.in_force_on")]
        del filed_["subject"]["declared_dead_on"]
        assert only(desk, filed_)["effective_on"] == "2025-02-21"
        assert desk.get(f"/persons/{person}").json()["death"] == {"registered_on": "2025-02-21"}

    def test_one_of_two_in_force_is_enough(self, desk: Desk) -> None:
        rows = [{"id": "court_decision", **JUDGED, "in_force_on": day} for day in (NEXT, "2025-02-21")]
        assert only(desk, with_papers(desk, *rows, **EVICTED, register=about(resident(desk))))["outcome"] == "granted"


class TestProxy:
    """A proxy has its powers and its term; one that does not name the service, or is over, proves no authority."""

    @pytest.mark.parametrize(
        "written",
        [{"powers": ["deregister_residence"]}, {"powers": [MOVE["service"]], "valid_until": "2025-03-10"}],
    )
    def test_proves_no_authority(self, desk: Desk, written: dict[str, Any]) -> None:
        paper = {"id": "representative_authority", "kind": "power_of_attorney", "dated": "2025-01-02", **written}
        part = only(desk, with_papers(desk, paper, **PROXY, register=about(desk.person(), dwelling=desk.dwelling())))
        assert (part["outcome"], grounds(part), part["missing"]) == ("refused", ["under_14_or_unauthorised"], [])

    @pytest.mark.parametrize("written", [{}, {"powers": [MOVE["service"]], "valid_until": DAY}])
    def test_proves_it_to_the_last_day_or_where_nobody_said(self, desk: Desk, written: dict[str, Any]) -> None:
        paper = {"id": "representative_authority", **written}
        body = with_papers(desk, paper, **PROXY, register=about(desk.person(), dwelling=desk.dwelling()))
        assert only(desk, body)["outcome"] == "granted"

    def test_another_that_names_it_is_enough(self, desk: Desk) -> None:
        papers = [{"id": "representative_authority", "powers": [one]} for one in ("issue_extract", MOVE["service"])]
        body = with_papers(desk, *papers, **PROXY, register=about(desk.person(), dwelling=desk.dwelling()))
        assert only(desk, body)["outcome"] == "granted"


class TestAtOnce:
    """An extract that is asked for and given at once keeps the papers that were shown for it."""

    ASKS: ClassVar = {"basis": "legal_representative", "requester": "Представниця Вигадана"}
    SHOWN: ClassVar = ["identity_document", "representative_identity", "representative_authority"]

    @pytest.mark.parametrize(("written", "status"), [({"number": "3"}, 201), ({"powers": [MOVE["service"]]}, 422)])
    def test_its_papers_are_kept_and_decide(self, desk: Desk, written: dict[str, Any], status: int) -> None:
        person, key = resident(desk), str(uuid4())
        row = {"id": "representative_authority", **written}
        body = {**self.ASKS, "documents": self.SHOWN, "papers": [row]}
        done = [desk.post(f"/persons/{person}/extracts", body, Idempotency_Key=key) for _ in range(2)]
        assert (done[0].status_code, done[0].json()) == (status, done[1].json())
        (paper,) = listed(desk, person)
        assert {name: paper[name] for name in written} == written
        body["papers"][0]["issuer"] = "Інший"
        told = desk.post(f"/persons/{person}/extracts", body, Idempotency_Key=key).json()
        assert told["type"] == "/problems/key-reused" and verify(desk.registry).differences == []

    def test_of_what_was_not_shown_it_is_a_fault(self, desk: Desk) -> None:
        body = {"papers": [{"id": "identity_document", "number": "1"}, {"id": "owner_1"}]}
        problem = desk.refused(f"/persons/{resident(desk)}/extracts", body)
        assert codes(problem) == [("paper-not-shown", "papers.1.id")]


class TestTerm:
    """The term of a paper is one truth, whether it is said with the paper or in `valid_until`."""

    @pytest.mark.parametrize("how", ["papers", "valid_until"])
    def test_an_expired_passport_is_invalid(self, desk: Desk, how: str) -> None:
        said = {"papers": [{"id": "identity_document", "valid_until": "2020-01-01"}]}
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling())) | {"decide": True}
        body |= said if how == "papers" else {"valid_until": {"identity_document": "2020-01-01"}}
        assert grounds(only(desk, body)) == ["false_or_invalid"]

    @pytest.mark.parametrize("until", ["2030-01-01", None])
    def test_said_twice_it_is_the_same_or_a_fault(self, desk: Desk, until: str | None) -> None:
        body = with_papers(
            desk,
            {"id": "identity_document", "valid_until": "2031-01-01"},
            **MOVE,
            register=about(desk.person(), dwelling=desk.dwelling()),
        )
        if until is None:
            assert only(desk, {**body, "valid_until": {"identity_document": "2031-01-01"}})["outcome"] == "granted"
            return
        for path in ("/applications", "/applications?dry_run=1"):
            problem = desk.refused(path, {**body, "valid_until": {"identity_document": until}})
            assert codes(problem) == [("paper-says-otherwise", "papers.0.valid_until")]

    def test_otherwise_than_the_register_holds_differs(self, desk: Desk) -> None:
        paper = {"kind": "passport_card", "number": "1", "valid_until": "2030-01-01"}
        who = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": BORN}
        person = desk.act("/persons", {"particulars": who, "documents": [paper]})["person"]
        body = filed(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))
        shown = {"id": "identity_document", "valid_until": "2031-01-01"}
        problem = desk.refused("/applications", {**body, "papers": [shown]})
        assert codes(problem) == [("differs-from-register", "valid_until.identity_document")]
        assert desk.act("/applications", {**body, "papers": [{**shown, "valid_until": "2030-01-01"}]})

    @pytest.mark.parametrize(
        ("kind", "missing"),
        [("permanent_permit", ["foreigner_passport", "foreigner_passport_translation"]), ("refugee_certificate", [])],
    )
    def test_the_kind_of_the_document_is_that_of_the_one_shown(self, desk: Desk, kind: str, missing: list[str]) -> None:
        foreigner = {"subject": {"born": BORN, "citizenship": "foreigner"}}
        body = filed(desk, **MOVE, **foreigner, register=about(desk.person(), dwelling=desk.dwelling()))
        body["documents"] = [one for one in body["documents"] if not one.startswith("foreigner")]
        body |= {"papers": [{"id": "identity_document", "kind": kind}], "decide": True}
        bad = {**body, "subject": {**body["subject"], "identity_document": "temporary_permit"}}
        assert codes(desk.refused("/applications", bad)) == [("paper-says-otherwise", "papers.0.kind")]
        assert only(desk, body)["outcome"] == ("refused" if missing else "granted")

    def test_a_lease_gives_a_right_to_its_last_day_and_is_remembered(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        lease = {"id": "dwelling_right_document", "kind": "lease", "number": "9", "valid_until": "2027-05-01"}
        body = with_papers(desk, lease, **MOVE, register=about(person, dwelling=home))
        assert only(desk, body)["outcome"] == "granted"
        (kept,) = desk.registry.dwelling(UUID(home)).leases
        assert (kept.number, kept.until) == ("9", "2027-05-01")
        owner = {**LEAVE, "ground": "owner_application", "applicant": {"kind": "dwelling_owner"}}
        (part,) = decided(desk, **owner, register=about(person))["decision"]["parts"]
        assert [one["id"] for one in part["barred"]] == ["rental_not_ended"]

    def test_a_lease_that_ended_gives_none(self, desk: Desk) -> None:
        lease = {"id": "dwelling_right_document", "kind": "lease", "valid_until": "2025-01-01"}
        part = only(desk, with_papers(desk, lease, **MOVE, register=about(desk.person(), dwelling=desk.dwelling())))
        assert (part["outcome"], part["missing"]) == ("refused", ["owner_1"])

    @pytest.mark.parametrize("ended", [{"kind": "lease", "valid_until": "2025-01-01"}, {"in_force_on": NEXT}])
    @pytest.mark.parametrize("beside", ["another", "consent", "nothing"])
    def test_a_title_that_gives_no_right_stands_in_the_way_of_nothing_else(
        self, desk: Desk, ended: dict[str, str], beside: str
    ) -> None:
        """A lease that is over, a decision that is not in force: another title, or the owner's consent, does."""
        id = "dwelling_right_document"
        rows = [{"id": id, "number": "1", **ended}, *([{"id": id, "number": "2"}] if beside == "another" else [])]
        body = with_papers(desk, *rows, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        if beside == "consent":
            body["consents"] = ["owner_1"]
        part = only(desk, body)
        assert (part["outcome"], part.get("missing", [])) == (
            ("refused", ["owner_1"]) if beside == "nothing" else ("granted", [])
        )

    @pytest.mark.parametrize(("until", "missing"), [("2025-03-10", ["owner_1"]), (DAY, [])])
    def test_a_consent_that_is_over_is_none(self, desk: Desk, until: str, missing: list[str]) -> None:
        consent = {"id": "owner_1", "holder": "Власник", "valid_until": until}
        body = with_papers(desk, consent, **MOVE_BY_CONSENT, register=about(desk.person(), dwelling=desk.dwelling()))
        assert only(desk, body)["missing"] == missing if missing else only(desk, body)["outcome"] == "granted"


class TestOneKey:
    """A paper that the register knows is one key: what is written on it is not typed again."""

    def test_of_an_earlier_application(self, desk: Desk) -> None:
        person = resident(desk)
        paper = {"id": "representative_authority", "number": "5", "powers": ["deregister_residence"], "whose": person}
        proxy = {"applicant": {"kind": "proxy_representative"}, "register": about(person, dwelling=desk.dwelling("9"))}
        desk.act("/applications", with_papers(desk, paper, **{**MOVE, **proxy}))
        (known,) = listed(desk, person)
        body = with_papers(
            desk, {"id": paper["id"], "paper": known["paper"], "shown_by": "Представник"}, **{**LEAVE, **proxy}
        )
        said = desk.act("/applications", body)
        assert said["status"] == "granted"
        (one,) = listed(desk, person)
        assert (one["number"], one["powers"]) == ("5", ["deregister_residence"])
        assert [shown["shown_by"] for shown in one["shown"]] == ["Представник", None]

    def test_a_document_that_the_register_holds_is_one(self, desk: Desk) -> None:
        paper = {"kind": "passport_card", "number": "000000001", "valid_until": "2030-01-01"}
        who = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": BORN}
        person = desk.act("/persons", {"particulars": who, "documents": [paper]})["person"]
        (held,) = listed(desk, person)
        assert (held["held"], held["number"], held["shown"]) == (True, "000000001", [])
        body = with_papers(
            desk,
            {"id": "identity_document", "paper": held["paper"]},
            **MOVE,
            register=about(person, dwelling=desk.dwelling()),
        )
        assert [one["id"] for one in desk.post("/applications?dry_run=1", body).json()["warnings"]] == [
            "dwelling_right_document"
        ]
        said = desk.act("/applications", body)
        (one,) = listed(desk, person)
        assert one["held"] and [shown["application"] for shown in one["shown"]] == [said["application"]]
        assert len(desk.get(f"/persons/{person}").json()["documents"]) == 1

    def test_a_document_that_changed_is_known_as_it_was(self, desk: Desk) -> None:
        who = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": BORN}
        papers_held = [{"kind": "passport_card", "number": number} for number in ("1", "2")]
        person = desk.act("/persons", {"particulars": who, "documents": papers_held[:1]})["person"]
        (before,), at = listed(desk, person), instants(desk)
        one = {"person": person, "documents": papers_held[1:]}
        said = decided(desk, **MOVE, register=about(one, dwelling=desk.dwelling()))
        assert said["status"] == "granted"
        (now,), (then,) = listed(desk, person), listed(desk, person, known_at=at)
        assert then == before and (now["number"], then["number"]) == ("2", "1") and now["paper"] != then["paper"]

    def test_of_the_owner_who_files_and_of_whoever_is_named(self, desk: Desk) -> None:
        paper, home = {"kind": "passport_card", "number": "7"}, desk.dwelling()
        who = {"surname": "Власниця", "given_names": "Вигадана", "birth_date": BORN}
        owner = desk.act("/persons", {"particulars": who, "documents": [paper]})["person"]
        (held,), person = listed(desk, owner), resident(desk)
        body = {
            **LEAVE,
            "ground": "owner_application",
            "applicant": {"kind": "dwelling_owner"},
            "register": about(person),
        }
        row = {"id": "owner_identity", "paper": held["paper"]}
        problem = desk.refused("/applications", with_papers(desk, row, **body))
        assert codes(problem) == [("paper-key-unknown", "papers.0.paper")]
        assert desk.act("/applications", with_papers(desk, {**row, "whose": owner}, **body))["status"] == "granted"
        row["paper"] = next(one["paper"] for one in listed(desk, owner))
        named = {**MOVE_BY_CONSENT, "register": {**about(person, dwelling=home), "applicant": owner}}
        assert len(listed(desk, owner)[0]["shown"]) == 1 and listed(desk, owner)[0]["held"]
        consent = {"id": "owner_1", "whose": owner}
        assert desk.act("/applications", with_papers(desk, consent, **named))["warnings"] == [
            {
                "part": 1,
                "id": "identity_document",
                "name_uk": "паспортний документ особи",
                "unsaid": ["number"],
                "text": texts.say("api", "paper_warning", name="паспортний документ особи", details="номер"),
            }
        ]

    @pytest.mark.parametrize(
        ("row", "wanted"),
        [
            ({"paper": NOBODY}, "paper-key-unknown"),
            ({"paper": "{known}", "number": "7"}, "paper-details-known"),
        ],
    )
    def test_unknown_or_said_twice_is_a_fault(self, desk: Desk, row: dict[str, Any], wanted: str) -> None:
        person, _ = _with_an_annulled_paper(desk)
        known = next(one["paper"] for one in listed(desk, person) if not one["annulled"])
        row = {"id": "identity_document", **{name: said.format(known=known) for name, said in row.items()}}
        body = with_papers(desk, row, **MOVE, register=about(person, dwelling=desk.dwelling("9")))
        assert codes(desk.refused("/applications", body)) == [(wanted, "papers.0.paper")]

    def test_an_annulled_one_is_a_fault(self, desk: Desk) -> None:
        person, _ = _with_an_annulled_paper(desk)
        gone = next(one["paper"] for one in listed(desk, person) if one["annulled"])
        row = {"id": "owner_1", "paper": gone}
        body = with_papers(desk, row, **MOVE_BY_CONSENT, register=about(person, dwelling=desk.dwelling("9")))
        assert codes(desk.refused("/applications", body)) == [("paper-annulled", "papers.0.paper")]


class TestTakenDownWrongly:
    """A paper is corrected or annulled; what was known of it before is readable for ever, and decided as it was."""

    def test_corrected_it_is_readable_as_known_before(self, desk: Desk) -> None:
        person = desk.person()
        row = {"id": "identity_document", "number": "1", "issuer": "Вигаданий відділ"}
        said = desk.act(
            "/applications", with_papers(desk, row, **MOVE, register=about(person, dwelling=desk.dwelling()))
        )
        (paper,) = listed(desk, person)
        at = instants(desk)
        where = f"/applications/{said['application']}/papers/{paper['paper']}"
        body = {"number": "2", "issuer": None, "reason": "описка"}
        key = str(uuid4())
        version = desk.get(f"/applications/{said['application']}").headers["ETag"]
        done = [desk.post(where + "/correction", body, If_Match=version, Idempotency_Key=key) for _ in range(2)]
        assert [one.status_code for one in done] == [201, 200]
        assert desk.post(where + "/correction", {**body, "number": "3"}, If_Match=version).status_code == 412
        (now,), (then,) = listed(desk, person), listed(desk, person, known_at=at)
        assert (now["number"], now["issuer"]) == ("2", None)
        assert (then["number"], then["issuer"]) == ("1", "Вигаданий відділ")
        assert desk.get(f"/applications/{said['application']}").json()["status"] == "granted"
        assert verify(desk.registry).differences == []

    def test_a_position_is_as_good_as_an_instant(self, desk: Desk) -> None:
        person, at = _with_an_annulled_paper(desk)
        then = desk.get(f"/persons/{person}/papers", known_at=at).json()
        again = desk.get(f"/persons/{person}/papers", position=then["position"]).json()
        assert again["papers"] == then["papers"] and again["position"] == then["position"]
        assert again["known_at"] <= then["known_at"] and listed(desk, person) != then["papers"]

    @pytest.mark.parametrize(
        "said", [{"position": 0}, {"position": "x"}, {"position": 10**6}, {"position": 1, "known_at": "2026-01-01"}]
    )
    def test_what_is_no_position_is_refused(self, desk: Desk, said: dict[str, Any]) -> None:
        answer = desk.get(f"/persons/{desk.person()}/papers", **said)
        assert answer.status_code == 422 and has_cyrillic(answer.json()["detail"])

    def test_annulled_it_is_readable_as_known_before(self, desk: Desk) -> None:
        person, at = _with_an_annulled_paper(desk)
        now, then = listed(desk, person), listed(desk, person, known_at=at)
        assert sorted((one["number"], one["annulled"]) for one in now) == [("1", False), ("3", True)]
        assert sorted((one["number"], one["annulled"]) for one in then) == [("1", False), ("3", False)]
        assert verify(desk.registry).differences == []

    @pytest.mark.parametrize(
        ("path", "body", "now"),
        [
            ("correction", {"number": "6", "shown_by": "Інша", "reason": "описка"}, ("6", False, ["Інша", "Друга"])),
            ("annulment", {"reason": "не було"}, ("5", True, ["Друга", "Перша"])),
        ],
    )
    def test_one_key_is_one_paper_wherever_it_was_shown(self, desk: Desk, path: str, body: Any, now: Any) -> None:
        person, homes = desk.person(), [desk.dwelling(), desk.dwelling("9")]
        row = {"id": "owner_1", "number": "5", "shown_by": "Перша"}
        first = with_papers(desk, row, **MOVE_BY_CONSENT, register=about(person, dwelling=homes[0]))
        said = desk.act("/applications", first)
        (paper,) = listed(desk, person)
        row = {"id": "owner_1", "paper": paper["paper"], "shown_by": "Друга"}
        second = with_papers(desk, row, **MOVE_BY_CONSENT, register=about(person, dwelling=homes[1]))
        desk.act("/applications", {**second, "decide": False})
        at = instants(desk)
        desk.act(f"/applications/{said['application']}/papers/{paper['paper']}/{path}", body)
        (one,), (then,) = listed(desk, person), listed(desk, person, known_at=at)
        assert (one["number"], one["annulled"], sorted(shown["shown_by"] for shown in one["shown"])) == now
        assert (then["number"], then["annulled"], len(then["shown"])) == ("5", False, 2)
        for shown in one["shown"]:
            (part,) = desk.get(f"/applications/{shown['application']}").json()["parts"]
            assert (part["papers"][0]["number"], part["papers"][0]["annulled"]) == now[:2]
        assert verify(desk.registry).differences == []

    def test_before_the_decision_it_is_judged_by_what_now_is(self, desk: Desk) -> None:
        row = {"id": "court_decision", **JUDGED, "in_force_on": NEXT}
        body = with_papers(desk, row, **EVICTED, register=about(resident(desk)))
        where = f"/applications/{desk.act('/applications', {**body, 'decide': False})['application']}"
        (paper,) = desk.get(where).json()["parts"][0]["papers"]
        tried = desk.post(where + "/decision?dry_run=1", {"acted_on": DAY}).json()["parts"][0]
        assert tried["outcome"] == "refused"
        desk.act(f"{where}/papers/{paper['paper']}/correction", {"in_force_on": "2025-02-21", "reason": "описка"})
        assert desk.act(where + "/decision", {"acted_on": DAY})["status"] == "granted"

    @pytest.mark.parametrize(
        ("path", "body", "wanted"),
        [
            ("correction", {"number": "9"}, ("reason-missing", "reason")),
            ("correction", {"reason": "описка"}, ("nothing-changed", "number")),
            ("correction", {"dated": "2030-01-01", "reason": "описка"}, ("paper-of-later", "dated")),
            ("correction", {"powers": ["issue_extract"], "reason": "описка"}, ("paper-has-no-powers", "powers")),
            ("correction", {"whose": SECRET, "reason": "описка"}, ("person-unknown", "whose")),
            ("annulment", {}, ("reason-missing", "reason")),
        ],
    )
    def test_with_a_reason_and_what_can_be(self, desk: Desk, path: str, body: dict[str, Any], wanted: Any) -> None:
        person = desk.person()
        row = {"id": "identity_document", "number": "1"}
        said = desk.act(
            "/applications", with_papers(desk, row, **MOVE, register=about(person, dwelling=desk.dwelling()))
        )
        (paper,) = listed(desk, person)
        where = f"/applications/{said['application']}/papers/"
        assert codes(desk.refused(f"{where}{paper['paper']}/{path}", body)) == [wanted]
        body = {"number": "9", "reason": "описка"} if path == "correction" else {"reason": "не той"}
        assert codes(desk.refused(f"{where}{NOBODY}/{path}", body)) == [("paper-key-unknown", "paper")]

    def test_a_change_that_is_no_application_has_no_papers(self) -> None:
        for act in (partial(correct_paper, changes={"number": "9"}), annul_paper):
            with pytest.raises(Impossible) as refused:
                act(NO_CASE, UUID(NOBODY), reason="не той")
            assert refused.value.faults == (Fault("application-unknown"),)

    @pytest.mark.parametrize("how", ["unknown", "untrue"])
    def test_a_fact_that_names_what_is_not_is_a_difference(self, desk: Desk, how: str) -> None:
        person = desk.person()
        row = {"id": "identity_document", "number": "1"}
        said = desk.act(
            "/applications", with_papers(desk, row, **MOVE, register=about(person, dwelling=desk.dwelling()))
        )
        stream = UUID(said["application"])
        was = desk.registry.entries(stream)[0].fact.parts[0].papers[0]
        wrong = replace(was, number="інше")
        fact = PaperCorrected(paper=was.paper, was=wrong, now=replace(was, number="2"), reason="описка")
        if how == "unknown":
            fact = PaperAnnulled(paper=UUID(NOBODY), reason="немає")
        assert verify(desk.registry).differences == []
        act = desk.registry.append([(stream, [fact], said["decision"]["version"])], by=CLERK, command=uuid4())
        (told,) = verify(desk.registry).differences
        assert told.startswith(f"position {act.position}:") and "paper" in told


class TestWarnings:
    """What the desk asks for and nobody said is told, and stands in nobody's way."""

    def test_each_with_what_is_unsaid(self, desk: Desk) -> None:
        body = filed(desk, **MOVE_BY_CONSENT, register=about(desk.person(), dwelling=desk.dwelling()))
        tried = desk.post("/applications?dry_run=1", body).json()
        told = desk.act("/applications", {**body, "decide": True})
        assert [(one["id"], one["unsaid"]) for one in told["warnings"]] == [
            ("identity_document", ["number"]),
            ("owner_1", ["whose"]),
        ]
        assert told["status"] == "granted" and all(has_cyrillic(one["text"]) for one in told["warnings"])
        assert tried["warnings"] == told["warnings"]

    def test_none_where_all_is_said(self, desk: Desk) -> None:
        rows = [{"id": "identity_document", "number": "1"}, {"id": "owner_1", "holder": "Власник"}]
        body = with_papers(desk, *rows, **MOVE_BY_CONSENT, register=about(desk.person(), dwelling=desk.dwelling()))
        assert desk.act("/applications", body)["warnings"] == []


class TestNewcomers:
    """ДМС matches nobody without a number: a newcomer's own document has one, and nothing else must (A15)."""

    WHO: ClassVar = {"surname": "Нова", "given_names": "Людина", "birth_date": BORN}

    @pytest.mark.parametrize("documents", [[], [{"kind": "passport_card"}]])
    @pytest.mark.parametrize("path", ["/applications", "/applications?dry_run=1"])
    def test_without_a_number_is_a_fault(self, desk: Desk, documents: list[Any], path: str) -> None:
        one = {"particulars": self.WHO, "documents": documents}
        body = {**MOVE, "received": VISIT, "subject": {"born": BORN}, "register": about(one, dwelling=desk.dwelling())}
        problem = desk.refused(path, body)
        assert codes(problem) == [("identity-number-missing", "register.persons.0.documents")]

    @pytest.mark.parametrize("kind", ["passport_card", "birth_certificate"])
    def test_with_one_nothing_else_is_asked(self, desk: Desk, kind: str) -> None:
        one = {"particulars": self.WHO, "documents": [{"kind": kind, "number": "1"}]}
        said = decided(desk, **MOVE, register=about(one, dwelling=desk.dwelling()))
        assert said["status"] == "granted"
        person = said["parts"][0]["persons"][0]
        assert [paper["number"] for paper in listed(desk, person)] == ["1"]

    def test_whom_the_register_holds_needs_none(self, desk: Desk) -> None:
        assert decided(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))["status"] == "granted"


class TestBadInput:
    @pytest.mark.parametrize(
        ("row", "wanted"),
        [
            ({"id": "court_decision"}, ("paper-not-shown", "papers.0.id")),
            ({"id": SECRET}, ("paper-not-shown", "papers.0.id")),
            ({"id": "identity_document", "dated": NEXT}, ("paper-of-later", "papers.0.dated")),
            (
                {"id": "identity_document", "dated": DAY, "valid_until": "2025-03-01"},
                ("paper-days-cross", "papers.0.valid_until"),
            ),
            ({"id": "identity_document", "powers": []}, ("paper-has-no-powers", "papers.0.powers")),
            ({"id": "identity_document", "powers": [SECRET]}, ("value-unknown", "papers.0.powers.0")),
            ({"id": "identity_document", "whose": SECRET}, ("person-unknown", "papers.0.whose")),
            ({"id": "identity_document", "scan": SECRET}, ("not-a-sha256", "papers.0.scan")),
            ({"id": "identity_document", "paper": SECRET}, ("not-an-id", "papers.0.paper")),
            ({"id": "identity_document", SECRET: 1}, ("field-unknown", "papers.0")),
            ({"number": SECRET}, ("missing", "papers.0.id")),
        ],
    )
    def test_names_its_place_and_echoes_nothing(self, desk: Desk, row: dict[str, Any], wanted: Any) -> None:
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        for path in ("/applications", "/applications?dry_run=1"):
            assert codes(desk.refused(path, {**body, "papers": [row]})) == [wanted]

    def test_the_same_paper_twice(self, desk: Desk) -> None:
        person = desk.person()
        row = {"id": "identity_document", "number": "1"}
        desk.act("/applications", with_papers(desk, row, **MOVE, register=about(person, dwelling=desk.dwelling())))
        (known,) = listed(desk, person)
        row = {"id": "identity_document", "paper": known["paper"]}
        body = with_papers(desk, row, row, **MOVE, register=about(person, dwelling=desk.dwelling("9")))
        assert codes(desk.refused("/applications", body)) == [("paper-twice", "papers.1.paper")]

    def test_more_than_a_line_of_the_journal_holds(self, desk: Desk) -> None:
        """Of one part, and of all the parts of a visit."""
        home, rows = desk.dwelling(), [{"id": "identity_document", "issuer": "Щ" * 500, "holder": "Щ" * 500}] * 10
        child = {
            "service": "register_child_residence",
            "subject": {"born": CHILD_BORN},
            "applicant": {"kind": "parent"},
        }
        child["register"] = about(desk.person(birth_date=CHILD_BORN), dwelling=home)
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=home), children=[child])
        more = [{**one, "id": "birth_certificate"} for one in rows[:5]]
        children = [{**body["children"][0], "papers": more}]
        for said, where in (({"papers": rows * 2}, "papers"), ({"papers": rows, "children": children}, "children")):
            assert codes(desk.refused("/applications", {**body, **said})) == [("text-too-long", where)]
        assert desk.act("/applications", {**body, "papers": rows, "decide": True})["status"] == "granted"

    def test_the_law_alone_looks_at_papers_too(self, desk: Desk) -> None:
        body = {**EVICTED, "received": VISIT, "subject": {"born": BORN}, "documents": ["application", "court_decision"]}
        row = {"id": "court_decision", "in_force_on": NEXT}
        tried = desk.post("/applications?dry_run=1", {**body, "papers": [row]}).json()
        assert "court_decision" in [one["id"] for one in tried["missing"]]
        bad = {**body, "papers": [{"id": "owner_1"}]}
        assert codes(desk.refused("/applications?dry_run=1", bad)) == [("paper-not-shown", "papers.0.id")]


class TestScans:
    """A picture is kept by its sha256, never required, and shown only as one of a paper that was shown."""

    PICTURES: ClassVar = {"image/png": b"\x89PNG\r\n\x1a\n1", "image/jpeg": b"\xff\xd8\xff\xe02"}

    @pytest.mark.parametrize("kind", PICTURES)
    def test_is_kept_and_shown_with_its_paper(self, desk: Desk, kind: str) -> None:
        made = self.PICTURES[kind]
        sha256 = hashlib.sha256(made).hexdigest()
        path, before = f"{API}/scans/{sha256}", desk.registry.position()
        assert [desk.client.put(path, content=made).status_code for _ in range(2)] == [201, 200]
        assert desk.registry.position() == before and desk.client.get(path).status_code == 404
        row = {"id": "identity_document", "number": "1", "scan": sha256}
        body = with_papers(desk, row, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        assert desk.act("/applications", body)["status"] == "granted"
        shown = desk.client.get(path)
        assert (shown.content, shown.headers["content-type"]) == (made, kind)
        assert shown.headers["content-disposition"].startswith("attachment")

    @pytest.mark.parametrize(("made", "name", "status"), [(b"<html>", None, 422), (b"%PDF-1", "0" * 64, 422)])
    def test_is_what_it_says(self, desk: Desk, made: bytes, name: str | None, status: int, tmp_path: Path) -> None:
        answer = desk.client.put(f"{API}/scans/{name or hashlib.sha256(made).hexdigest()}", content=made)
        assert answer.status_code == status and has_cyrillic(answer.json()["detail"])
        assert not (tmp_path / "scans").exists()

    def test_no_name_leads_out_of_the_folder(self, desk: Desk) -> None:
        for name in ("..%2Fkeys", "a" * 63, "A" * 64):
            assert desk.client.put(f"{API}/scans/{name}", content=b"%PDF-").status_code == 404
            assert desk.client.get(f"{API}/scans/{name}").status_code == 404

    @pytest.mark.parametrize(("more", "status"), [(0, 201), (1, 413)])
    def test_a_page_of_a_telephone_is_taken_and_no_more(self, desk: Desk, more: int, status: int) -> None:
        made = b"%PDF-" + b"0" * (10 * 2**20 - 5 + more)
        path = f"{API}/scans/{hashlib.sha256(made).hexdigest()}"
        assert desk.client.put(path, content=made).status_code == status


class TestSecondPerson:
    """A case that waits is approved as it was asked for: a paper that says otherwise meanwhile stands in the way."""

    @pytest.mark.parametrize("corrected", [{"in_force_on": NEXT}, {"number": "1"}])
    def test_a_corrected_paper(self, strict: tuple[Desk, Desk], corrected: dict[str, Any]) -> None:
        clerk, head = strict
        person, body = amendment(clerk)
        evicted = {**EVICTED, "subject": {"born": BORN}, "register": about(resident(clerk, surname="Інша"))}
        body = filed(clerk, **{name: said for name, said in body.items() if name != "checks"}, children=[evicted])
        body["children"][0]["papers"] = [{"id": "court_decision", **JUDGED, "in_force_on": "2025-02-21"}]
        answer = clerk.post("/applications", {**body, "decide": True})
        assert answer.status_code == 202, answer.text
        where = f"/applications/{answer.json()['application']}"
        (paper,) = clerk.get(where).json()["parts"][1]["papers"]
        clerk.act(f"{where}/papers/{paper['paper']}/correction", {**corrected, "reason": "описка"})
        if "number" in corrected:
            head.act(where + "/approval")
            assert clerk.get(where).json()["status"] == "granted"
        else:
            assert codes(head.refused(where + "/approval", {})) == [("change-differs", None)]
        assert verify(clerk.registry).differences == [] and everything(clerk, person)


class TestPage:
    """The card of a person lists the papers, as known at the asked time."""

    def test_lists_what_was_shown(self, desk: Desk) -> None:
        person, at = _with_an_annulled_paper(desk)
        now, then = (desk.client.get(f"/persons/{person}", params={"known_at": known_at}).text for known_at in ("", at))
        assert "Папери" in now and "№ 3, від 01.03.2025" in now
        assert "відомості скасовано" in now and "відомості скасовано" not in then

    def test_says_nothing_where_there_are_none(self, desk: Desk) -> None:
        assert "Папери" not in desk.client.get(f"/persons/{desk.person()}").text
