"""Every operation of the API: its stable name, and the shape of what it answers.

The table describes and does nothing: what a route returns goes out as it is, and is held against the shapes by the
tests, which send every answer that they get through them (`tests/described.py`). A new route is a line here, its shapes
in `api/answers`, its words in `registry/texts.toml`, an example in `api/examples.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.answers import (
    acts,
    cases,
    dwellings,
    extracts,
    households,
    law,
    looks,
    outgoing,
    people,
    plain,
    rulings,
    state,
    streets,
)


@dataclass(frozen=True)
class Operation:
    """`answers` are the shapes of its successes by status: several where it may answer one or another. `refused` are
    statuses that cannot be told from how it is asked; the rest of them `api/openapi.py` adds. `file` are the kinds of
    file that it answers with instead."""

    id: str
    answers: Mapping[int, tuple[Any, ...]]
    refused: tuple[int, ...] = ()
    file: tuple[str, ...] = ()


def reads(id: str, *shapes: Any, refused: tuple[int, ...] = ()) -> Operation:
    """A question."""
    return Operation(id, {200: shapes}, refused)


def acts_at_once(id: str, shape: Any, *or_tried: Any) -> Operation:
    """An act that is recorded at once; `or_tried` is what it answers with `dry_run`."""
    return Operation(id, {201: (shape,), 200: (shape, *or_tried)})


def may_wait(id: str, shape: Any, waits: Any = acts.Waiting, *or_tried: Any) -> Operation:
    """An act that may wait for another person."""
    first = (shape,) if waits is shape else (shape, waits)
    return Operation(id, {201: (shape,), 202: (waits,), 200: (*first, *or_tried)})


def file(id: str, *kinds: str, refused: tuple[int, ...] = ()) -> Operation:
    """A question that is answered by a file."""
    return Operation(id, {200: ()}, refused, kinds)


PREFIX = "/api/v1"
_PERSON, _DWELLING = PREFIX + "/persons/{person}", PREFIX + "/dwellings/{dwelling}"
_HOME, _LINK = _PERSON + "/residences/{residence}", _PERSON + "/family/{link}"
_MARK, _PROTECTS = _PERSON + "/absences/{mark}", _PERSON + "/address-protection"
_CASE, _OUT = PREFIX + "/applications/{application}", PREFIX + "/outbox/{outgoing}"
_OF_PERSON, _OF_DWELLING, _OF_CASE = acts.RecordedOfPerson, acts.RecordedOfDwelling, acts.RecordedOfApplication
_PDF = "application/pdf"

OPERATIONS: Mapping[str, Operation] = {
    "GET /healthz": reads("check_alive", plain.Alive),
    "GET /readyz": reads("check_ready", plain.Ready),
    f"GET {PREFIX}/state": reads("get_state", state.State),
    f"POST {PREFIX}/search/people": reads("search_people", people.FoundPeople),
    f"POST {PREFIX}/search/dwellings": reads("search_dwellings", dwellings.FoundDwellings),
    # People.
    f"POST {PREFIX}/persons": acts_at_once("enter_person", _OF_PERSON, acts.ActTried),
    f"POST {PREFIX}/residents": may_wait("enter_resident", _OF_PERSON, acts.Waiting, acts.ActTried),
    f"GET {_PERSON}": reads("get_person", people.Person),
    f"GET {_PERSON}/facts": reads("list_person_facts", people.PersonFacts),
    f"POST {_PERSON}/death-annulment": may_wait("annul_death", _OF_PERSON),
    f"POST {_PERSON}/particulars-correction": may_wait("correct_particulars", _OF_PERSON),
    f"POST {_PERSON}/particulars-update": acts_at_once("update_particulars", _OF_PERSON, acts.ActTried),
    f"POST {_PERSON}/withdrawal": may_wait("withdraw_person", _OF_PERSON),
    f"POST {_PERSON}/merge": may_wait("merge_person", _OF_PERSON, acts.Waiting, acts.ActTried),
    f"POST {_PERSON}/merge-annulment": may_wait("annul_merge", _OF_PERSON),
    f"GET {_PERSON}/residences": reads("ask_residences", people.Residences),
    f"POST {_PERSON}/past-residences": acts_at_once("enter_past_residence", _OF_PERSON),
    f"POST {_HOME}/correction": may_wait("correct_residence", _OF_PERSON),
    f"POST {_HOME}/annulment": may_wait("annul_residence", _OF_PERSON),
    f"POST {_HOME}/carry-over-annulment": may_wait("annul_carry_over", _OF_PERSON),
    f"POST {_PERSON}/deregistration-annulment": may_wait("annul_deregistration", _OF_PERSON),
    f"GET {_PERSON}/family": reads("ask_family", people.Family),
    f"POST {_LINK}/end": acts_at_once("end_family_link", _OF_PERSON),
    f"POST {_LINK}/correction": may_wait("correct_family_link", _OF_PERSON),
    f"POST {_LINK}/annulment": may_wait("annul_family_link", _OF_PERSON),
    f"POST {_PERSON}/identity-seal": may_wait("seal_identity", _OF_PERSON),
    f"POST {_PERSON}/identity-seal-annulment": may_wait("annul_identity_seal", _OF_PERSON),
    f"GET {_PERSON}/absences": reads("ask_absences", people.Absences),
    f"POST {_PERSON}/absences": acts_at_once("enter_absence", _OF_PERSON),
    f"POST {_MARK}/end": acts_at_once("end_absence", _OF_PERSON),
    f"POST {_MARK}/correction": may_wait("correct_absence", _OF_PERSON),
    f"POST {_MARK}/annulment": may_wait("annul_absence", _OF_PERSON),
    f"GET {_PROTECTS}": reads("ask_address_protection", people.Protections),
    f"POST {_PROTECTS}": acts_at_once("protect_address", _OF_PERSON),
    f"POST {_PROTECTS}/{{mark}}/end": acts_at_once("end_address_protection", _OF_PERSON),
    f"POST {_PROTECTS}/{{mark}}/annulment": may_wait("annul_address_protection", _OF_PERSON),
    f"GET {_PERSON}/papers": reads("list_person_papers", people.PersonPapers),
    # Dwellings.
    f"POST {PREFIX}/dwellings": acts_at_once("enter_dwelling", _OF_DWELLING),
    f"GET {_DWELLING}": reads("get_dwelling", dwellings.DwellingCard),
    f"GET {_DWELLING}/residents": reads("ask_residents", dwellings.Residents),
    f"GET {PREFIX}/moved": reads("list_movers", people.Movers),
    f"POST {_DWELLING}/names": acts_at_once("rename_dwelling", _OF_DWELLING),
    f"POST {_DWELLING}/correction": acts_at_once("correct_dwelling", _OF_DWELLING),
    f"POST {_DWELLING}/readdressing": acts_at_once("readdress_dwelling", _OF_DWELLING),
    f"POST {_DWELLING}/owners": acts_at_once("note_owners", _OF_DWELLING),
    f"POST {_DWELLING}/encumbrances": acts_at_once("note_encumbrance", _OF_DWELLING),
    f"POST {_DWELLING}/leases": acts_at_once("note_lease", _OF_DWELLING),
    f"POST {PREFIX}/household-answers": reads(
        "answer_household", households.HouseholdOfDwelling, households.HouseholdOfMember
    ),
    f"POST {PREFIX}/household-requests": acts_at_once("receive_household_request", households.HouseholdReceived),
    f"GET {PREFIX}/household-requests/{{household}}": reads("get_household_request", households.HouseholdAnswerable),
    f"POST {PREFIX}/household-requests/{{household}}/answer": acts_at_once(
        "answer_household_request", households.HouseholdReplied
    ),
    # Extracts.
    f"POST {_PERSON}/extracts": acts_at_once("issue_extract", extracts.IssuedExtract),
    f"POST {_DWELLING}/extracts": acts_at_once("issue_dwelling_extract", extracts.IssuedExtract),
    f"GET {PREFIX}/extracts/superseded": reads("list_superseded_extracts", extracts.SupersededExtracts),
    f"GET {PREFIX}/extracts/{{year}}/{{number}}": reads("get_extract", extracts.Extract),
    f"GET {PREFIX}/extracts/{{year}}/{{number}}/document": file("download_extract", _PDF),
    # The second person.
    f"GET {PREFIX}/changes": reads("list_changes", cases.AwaitingChanges),
    f"POST {_CASE}/approval": acts_at_once("approve_change", acts.Judged),
    f"POST {_CASE}/rejection": acts_at_once("reject_change", acts.Judged),
    f"GET {PREFIX}/past-entries": reads("list_past_entries", cases.PastEntries),
    # Applications.
    f"POST {PREFIX}/applications": may_wait(
        "file_application",
        cases.ApplicationReceived,
        cases.ApplicationReceived,
        rulings.Tried,
        rulings.LawAlone,
    ),
    f"GET {PREFIX}/applications": reads("list_applications", cases.ApplicationList, refused=(404,)),
    f"GET {_CASE}": reads("get_application", cases.WholeApplication),
    f"POST {_CASE}/checks": acts_at_once("answer_check", _OF_CASE),
    f"POST {_CASE}/decision": may_wait("decide_application", cases.Decided, cases.DecisionWaits, rulings.Tried),
    f"GET {_CASE}/decision": reads("get_decision", cases.Decision),
    f"POST {_CASE}/papers": acts_at_once("bring_papers", acts.WentOn, rulings.Tried),
    f"POST {_CASE}/papers/{{paper}}/correction": acts_at_once("correct_paper", _OF_CASE),
    f"POST {_CASE}/papers/{{paper}}/annulment": acts_at_once("annul_paper", _OF_CASE),
    f"POST {_CASE}/without-movement": acts_at_once("leave_application", acts.WentOn),
    f"POST {_CASE}/movement": acts_at_once("move_application", acts.WentOn),
    f"POST {_CASE}/withdrawal": acts_at_once("withdraw_application", acts.WentOn),
    f"POST {_CASE}/amendment": acts_at_once("amend_application", acts.WentOn, rulings.Tried),
    f"POST {_CASE}/comparison": acts_at_once("compare_application", acts.WentOn),
    f"GET {_CASE}/letters": reads("list_letters", cases.ApplicationLetters),
    f"GET {_CASE}/letters/{{part}}/document": file("download_letter", _PDF, refused=(409,)),
    f"GET {PREFIX}/status/{{code}}": reads("get_status", cases.PublicStatus, refused=(429,)),
    f"PUT {PREFIX}/scans/{{sha256}}": Operation("keep_scan", {201: (plain.Kept,), 200: (plain.Kept,)}),
    f"GET {PREFIX}/scans/{{sha256}}": file("download_scan", _PDF, "image/jpeg", "image/png"),
    # Messages and tasks.
    f"GET {PREFIX}/outbox": reads("list_outbox", outgoing.Outbox),
    f"GET {_OUT}": reads("get_outgoing", outgoing.WholeOutgoing),
    f"GET {_OUT}/document": file("download_message", _PDF, refused=(409,)),
    f"POST {PREFIX}/outbox/sent": acts_at_once("record_sent_together", acts.RecordedTogether),
    f"POST {PREFIX}/outbox/done": acts_at_once("record_done_together", acts.RecordedTogether),
    f"POST {_OUT}/sent": acts_at_once("record_sent", acts.RecordedOfOutgoing),
    f"POST {_OUT}/done": acts_at_once("record_done", acts.RecordedOfOutgoing),
    f"POST {_OUT}/failed": acts_at_once("record_failed", acts.RecordedOfOutgoing),
    f"POST {_OUT}/reopened": acts_at_once("reopen_outgoing", acts.RecordedOfOutgoing),
    f"POST {_OUT}/drawn": acts_at_once("draw_up_paper", acts.RecordedOfOutgoing),
    # Visits and the access journal.
    f"POST {PREFIX}/visits": Operation("begin_visit", {201: (looks.VisitRecord,)}),
    f"POST {PREFIX}/visits/{{visit}}/end": reads("end_visit", looks.VisitRecord, refused=(422,)),
    f"GET {_PERSON}/looks": reads("list_person_looks", looks.LooksAtPerson),
    f"GET {PREFIX}/looks": reads("list_looks", looks.AccessEntries),
    # The law and the community.
    f"GET {PREFIX}/services": reads("list_services", law.ServiceList),
    f"GET {PREFIX}/services/{{service}}": reads("get_service", law.Service),
    f"GET {PREFIX}/offices": reads("list_offices", law.OfficeList),
    f"GET {PREFIX}/offices/{{office}}": reads("get_office", law.OfficeAt),
    f"GET {PREFIX}/community": reads("get_community", law.CommunityOnDay),
    f"GET {PREFIX}/territories": reads("list_territories", law.Territories),
    f"GET {PREFIX}/streets": reads("list_streets", streets.StreetsListed),
    f"GET {PREFIX}/streets/reconciliation": reads("count_streets", streets.StreetsCounted),
    f"GET {PREFIX}/streets/unlisted": reads("list_unlisted_dwellings", streets.HomesUnlisted),
    f"GET {PREFIX}/streets/{{street}}": reads("get_street", streets.StreetCard),
    f"GET {PREFIX}/streets/{{street}}/houses": reads("list_houses", streets.HousesOfStreet),
    f"GET {PREFIX}/streets/{{street}}/reconciliation": reads("get_street_reconciliation", streets.HomesOfStreet),
}
