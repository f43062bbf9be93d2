"""A decision tells on which readings of the card it rested: those that bear on this application, and no others."""

from typing import Any

import pytest
from test_services import CHILD, MINOR, SERVICES, decided

from registry.services.adopted import Readings

PERMIT = {"citizenship": "foreigner", "identity_document": "temporary_permit"}
LATE_FOREIGNER = {**PERMIT, "deregistered_on": "2025-01-01"}
BY_LATER = {**LATE_FOREIGNER, "permit_received_on": "2025-03-10"}
FRIDAY_EVENING = {"channel": "notice", "received": "2025-03-14T20:00", "applicant": {"kind": "civil_registry"}}


def told(service: str, without: tuple[str, ...] = (), **said: Any) -> tuple[str, ...]:
    return decided(service, without, **said).readings


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
        ("T-06", "register_residence", {"subject": {"born": MINOR}, "parents": {"dwelling_is_parents": True}}),
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
