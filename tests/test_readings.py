"""A decision tells on which readings of the card it rested: those that bear on this application, and no others."""

from datetime import date
from typing import Any

import pytest
from test_services import CHILD, MINOR, SERVICES, decided

from registry.services.adopted import Readings

PERMIT = {"citizenship": "foreigner", "identity_document": "temporary_permit"}
LATE_FOREIGNER = {**PERMIT, "deregistered_on": "2025-01-01"}
REFUGEE = {"citizenship": "foreigner", "identity_document": "refugee_certificate"}
BY_LATER = {**LATE_FOREIGNER, "permit_received_on": "2025-03-10"}
FRIDAY_EVENING = {"channel": "notice", "received": "2025-03-14T20:00", "applicant": {"kind": "civil_registry"}}


ROUTINE = ("T-10", "T-18", "T-27", "T-38")
"""What is told of every registration of a child, every removal of old, every declaration, every refusal."""
OLDER = "2021-06-15T10:00"


def told(service: str, without: tuple[str, ...] = (), **said: Any) -> tuple[str, ...]:
    return tuple(one for one in decided(service, without, **said).readings if one not in ROUTINE)


@pytest.mark.parametrize(
    ("reading", "service", "said"),
    [
        ("T-01", "register_residence", {"dwelling": {"encumbrance": "other"}}),
        ("T-01", "declare_residence", {"dwelling": {"mortgaged": True}}),
        (
            "T-02",
            "deregister_residence",
            {
                "ground": "stay_ended",
                "subject": PERMIT,
                "valid_until": {"identity_document": "2020-01-01"},
            },
        ),
        ("T-05", "register_residence", {"applicant": {"kind": "proxy_representative"}}),
        (
            "T-07",
            "deregister_residence",
            {"ground": "institution_notice", "channel": "notice", "applicant": {"kind": "social_institution"}},
        ),
        ("T-09", "deregister_residence", {"ground": "court_removal"}),
        ("T-11", "register_child_residence", {}),
        ("T-11", "deregister_child_residence", {}),
        ("T-11", "declare_child_residence", {"parents": {"same_address": False, "child_place_decided": True}}),
        ("T-12", "register_residence", {"subject": BY_LATER}),
        ("T-13", "issue_extract", {"applicant": {"kind": "mortgagee"}}),
        ("T-29", "register_residence", {"subject": LATE_FOREIGNER}),
        ("T-31", "register_stay", {"subject": {"current_residence": {}}}),
        ("T-31", "register_residence", {"subject": {"current_residence": {"kind": "stay"}}}),
        ("T-32", "register_child_residence", FRIDAY_EVENING),
        ("T-37", "declare_child_residence", {"family_formed": ["2025-03-10T09:00", "2025-03-12T09:00"]}),
        (
            "T-41",
            "deregister_residence",
            {"ground": "owner_application", "applicant": {"kind": "dwelling_owner"}, "dwelling": {"rental": {}}},
        ),
        ("consents_by_age", "register_residence", {"subject": {"born": MINOR, "capacity": "emancipated"}}),
        ("proxy_gets_extract", "issue_extract", {"applicant": {"kind": "proxy_representative"}}),
        ("foreign_death_document", "deregister_residence", {"ground": "foreign_death_document"}),
        (
            "T-12",
            "register_residence",
            {
                "subject": {**PERMIT, "deregistered_on": "2021-01-01", "permit_received_on": "2021-06-10"},
                "received": OLDER,
            },
        ),
        (
            "T-17",
            "deregister_child_residence",
            {"received": OLDER, "subject": {"born": "2015-01-01"}, "parents": {"same_address": False}},
        ),
        ("T-19", "issue_extract", {"received": OLDER, "extract": {"state": "removed"}}),
        ("T-25", "register_residence", {"subject": {"deregistered_on": "2025-02-07"}, "received": "2025-03-10T09:00"}),
        (
            "T-25",
            "register_child_residence",
            {
                "subject": {"born": CHILD, "birth_registered_on": "2024-12-09"},
                "parents": {"other_exists": False},
                "received": "2025-03-10T09:00",
            },
        ),
        ("T-31", "declare_residence", {"subject": {"current_residence": {"kind": "stay"}}}),
        ("T-33", "register_residence", {"subject": {**REFUGEE, "permit_received_on": "2025-01-02"}}),
        ("T-39", "issue_extract", {"subject": {"born": CHILD}, "applicant": {"kind": "parent"}}),
        (
            "T-39",
            "issue_extract",
            {"received": OLDER, "subject": {"born": "2015-01-01"}, "applicant": {"kind": "parent"}},
        ),
        (
            "T-40",
            "deregister_residence",
            {"subject": {"capacity": "incapable"}, "applicant": {"kind": "legal_representative"}},
        ),
        ("T-42", "register_residence", {"persons": 2}),
        ("T-45", "register_residence", {"subject": {"homeless_record": True}}),
        ("T-45", "register_residence", {"dwelling": {"kind": "social_institution"}}),
    ],
)
def test_it_is_told_where_it_bears_on_the_application(reading: str, service: str, said: dict[str, Any]) -> None:
    assert told(service, **said) == (reading,)


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_told_where_the_card_says_it_all(service: str) -> None:
    parents = {"parents": {"other_exists": False}} if "child" in service else {}
    assert told(service, **parents) == ()


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("register_residence", {"dwelling": {"encumbrance": "forbids_registration"}}),
        ("register_stay", {"dwelling": {"mortgaged": True}}),
        ("deregister_residence", {"ground": "stay_ended", "subject": PERMIT}),
        ("deregister_residence", {"ground": "court_eviction"}),
        ("register_residence", {"subject": {"born": MINOR}}),
        ("register_residence", {"subject": {**PERMIT, "permit_received_on": "2025-03-10"}}),
        ("register_residence", {"subject": {**BY_LATER, "permit_received_on": "2025-01-02"}, "documents": []}),
        ("register_residence", {"subject": {"current_residence": {}}}),
        ("register_stay", {"subject": {"current_residence": {"kind": "stay", "kept": True}}}),
        ("deregister_residence", {"channel": "diia", "received": "2025-03-13T20:00"}),
        ("deregister_residence", {"received": "2025-03-15T10:00"}),
        (
            "deregister_residence",
            {
                "ground": "owner_application",
                "applicant": {"kind": "dwelling_owner"},
                "dwelling": {"rental": {"until": "2026-01-01"}},
            },
        ),
        ("issue_extract", {"applicant": {"kind": "dwelling_owner"}}),
        ("register_residence", {"subject": {"deregistered_on": "2025-02-06"}, "received": "2025-03-11T09:00"}),
        ("register_residence", {"subject": {"deregistered_on": "2025-02-09"}, "received": "2025-03-10T09:00"}),
        ("declare_residence", {"subject": {"current_residence": {}}}),
        ("register_residence", {"subject": REFUGEE}),
        ("register_residence", {"subject": {"homeless_record": True}, "applicant": {"kind": "social_institution"}}),
        ("deregister_residence", {"subject": {"born": MINOR}}),
    ],
)
def test_a_neighbour_that_the_card_decides_itself_tells_none(service: str, said: dict[str, Any]) -> None:
    without = ("application",) if said.pop("documents", None) == [] else ()
    assert told(service, without, **said) == ()


@pytest.mark.parametrize("admitted", [True, False])
def test_it_is_told_whichever_way_it_goes(admitted: bool) -> None:
    law = Readings(proxy_gets_extract=admitted)
    found = decided("issue_extract", settings=law, applicant={"kind": "proxy_representative"})
    refused = {fact for one in found.grounds for fact in one.facts}
    assert found.readings == ("proxy_gets_extract",) and ("not_among_applicants" in refused) is not admitted


def test_a_childs_newborn_day_counts_from_the_later_event_too() -> None:
    parent = {"kind": "parent", **PERMIT, "permit_received_on": "2024-01-01"}
    newborn = {"born": CHILD, "birth_registered_on": "2025-03-01"}
    said = {"applicant": parent, "subject": newborn, "parents": {"other_exists": False}}
    assert told("register_child_residence", **said) == ("T-12",)


def test_at_the_parents_address_one_reading_drops_the_owner_and_another_keeps_the_parent() -> None:
    at_parents = {"subject": {"born": MINOR}, "parents": {"dwelling_is_parents": True}}
    assert told("register_residence", **at_parents) == ("T-06", "T-26")
    learner = {**at_parents, "subject": {"born": MINOR, "learner": True}, "dwelling": {"kind": "dormitory_school"}}
    assert told("register_residence", **learner) == ("T-06",)


@pytest.mark.parametrize(
    ("routine", "service"),
    [("T-10", "register_child_residence"), ("T-27", "declare_residence"), ("T-27", "declare_child_residence")],
)
def test_what_the_card_leaves_open_for_everybody_is_told_to_everybody(routine: str, service: str) -> None:
    assert routine in decided(service).readings
    assert ("T-38" in decided(service, false_data=True).readings) is (service == "register_child_residence")


@pytest.mark.parametrize("service", SERVICES)
def test_a_message_of_a_refusal_rests_on_a_reading_and_that_of_a_grant_does_not(service: str) -> None:
    texted = "applicant_sms" in {one.id for one in decided(service, false_data=True).messages}
    assert ("T-38" in decided(service, false_data=True).readings) is texted
    assert "T-38" not in decided(service).readings


def test_a_removal_of_old_had_one_rate() -> None:
    assert "T-18" in decided("deregister_residence", received=OLDER).readings
    assert decided("deregister_residence", received=OLDER, ground="court_eviction").readings == ()


@pytest.mark.parametrize("service", ["register_residence", "deregister_residence", "register_stay"])
def test_an_expired_paper_was_read_as_invalid_before_too(service: str) -> None:
    said: dict[str, Any] = {"received": OLDER, "valid_until": {"identity_document": "2020-01-01"}}
    if service == "register_stay":
        said["subject"] = {"serves_in_unit": True}
    assert "citizens_expired_invalid" in told(service, **said)


def test_what_the_community_added_is_told_where_it_decided() -> None:
    taken = Readings(expired_taken_until={"passport_card": date(2030, 1, 1)})
    expired = {"valid_until": {"identity_document": "2025-01-01"}}
    found = decided("register_residence", settings=taken, **expired)
    assert (found.decision, found.readings) == ("granted", ("expired_taken_until",))
    assert decided("register_residence", settings=taken).readings == ()
    later = Readings(days_where_silent=3)
    assert decided("register_residence", settings=later).readings == ("days_where_silent",)
    assert "days_where_silent" not in decided("register_residence", settings=later, false_data=True).readings
