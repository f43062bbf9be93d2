"""Rows 9, 10 and 16 of the cards: how each service is asked for, and what may come as a notice, from whom."""

import pytest
from test_services import ask, decided, ids

from registry.services.adopted import Readings
from registry.services.decision import card_for

APPLIES_BY = {
    "register_residence": "office",
    "deregister_residence": "office diia notice",
    "register_child_residence": "office emaliatko notice",
    "deregister_child_residence": "office diia notice",
    "register_stay": "office",
    "amend_record": "office",
    "issue_extract": "office diia notice",
    "declare_residence": "diia",
    "declare_child_residence": "diia notice",
}
COURT = ("court_eviction", "court_missing", "court_declared_dead", "court_removal")
OFFICIAL = {"court", "other", "dms", "civil_registry", "registration_body", "social_institution"}
SENDERS = {
    **{ground: OFFICIAL for ground in COURT},
    "death_data": {"civil_registry"},
    "dms_notice": {"dms"},
    "permit_cancelled": {"dms"},
    "institution_notice": {"social_institution"},
    "authorised_person_notice": {"dwelling_authorised_person"},
    "registered_elsewhere_notice": {"registration_body"},
}
"""The bodies that send each notice."""


class TestChannels:
    @pytest.mark.parametrize("service", APPLIES_BY)
    @pytest.mark.parametrize("channel", ["office", "diia", "emaliatko", "notice"])
    def test_a_channel_that_the_card_does_not_admit_is_barred_in_its_words(self, service: str, channel: str) -> None:
        barred = decided(service, channel=channel).barred
        admitted = channel in APPLIES_BY[service].split()
        assert ("channel_not_admitted" in ids(barred)) is not admitted
        for one in barred:
            assert one.id != "channel_not_admitted" or one.reference == f"{card_for(ask(service)).reference} r10"

    @pytest.mark.parametrize("ground", ["application", "owner_application", "emigration", "stay_ended"])
    @pytest.mark.parametrize("kind", ["person", "legal_representative", "dwelling_owner", "court", "dms", "other"])
    def test_an_application_never_comes_as_a_notice(self, ground: str, kind: str) -> None:
        said = {"ground": ground, "applicant": {"kind": kind}}
        told = decided("deregister_residence", channel="notice", **said)
        at_office = decided("deregister_residence", **said)
        assert told.decision == ("refused" if at_office.grounds else "not_possible")
        assert ids(told.barred) == (set() if at_office.grounds else {"not_a_notice"})

    @pytest.mark.parametrize("ground", SENDERS)
    @pytest.mark.parametrize("kind", sorted(set().union(*SENDERS.values(), {"person", "dwelling_owner"})))
    def test_a_notice_comes_from_the_bodies_that_the_card_names(self, ground: str, kind: str) -> None:
        subject = {"citizenship": "foreigner", "identity_document": "permanent_permit"}
        said = {"ground": ground, "applicant": {"kind": kind}, "subject": subject, "payments": 1}
        told = decided("deregister_residence", channel="notice", **said).decision
        assert (told == "granted") is (kind in SENDERS[ground])

    @pytest.mark.parametrize("received", ["2025-03-13T09:00", "2021-08-17T10:00"])
    def test_a_parent_sends_no_notice_of_a_newborn_and_the_civil_registry_does_not_come(self, received: str) -> None:
        said = {"received": received, "subject": {"born": "2021-08-01", "birth_registered_on": "2021-08-05"}}
        service = "register_child_residence"
        assert ids(decided(service, channel="notice", **said).barred) == {"not_a_notice"}
        registry = {"applicant": {"kind": "civil_registry"}}
        assert decided(service, channel="notice", **registry, **said).decision == "granted"
        assert decided(service, **registry, **said).decision != "granted"

    def test_a_portal_is_for_people_and_not_for_bodies(self) -> None:
        orphan = {"subject": {"orphan": True}, "applicant": {"kind": "guardianship_body"}}
        assert decided("deregister_child_residence", **orphan).decision == "granted"
        assert decided("deregister_child_residence", channel="diia", **orphan).decision == "refused"
        registry = {"applicant": {"kind": "civil_registry"}}
        assert decided("declare_child_residence", channel="diia", **registry).decision == "refused"
        assert decided("declare_child_residence", channel="notice", **registry).decision == "granted"

    def test_before_the_law_too(self) -> None:
        said = {"received": "2021-08-17T10:00", "channel": "notice", "ground": "dms_notice"}
        assert decided("deregister_residence", applicant={"kind": "dms"}, **said).decision == "granted"
        for kind in ("other", "person"):
            assert ids(decided("deregister_residence", applicant={"kind": kind}, **said).barred) == {"not_a_notice"}

    @pytest.mark.parametrize("ground", ["dms_notice", "institution_notice", "authorised_person_notice"])
    @pytest.mark.parametrize("channel", ["office", "diia"])
    def test_a_notice_does_not_come_as_an_application(self, ground: str, channel: str) -> None:
        (kind,) = SENDERS[ground]
        told = decided("deregister_residence", channel=channel, ground=ground, applicant={"kind": kind})
        assert ids(told.barred) == {"only_as_notice"}

    def test_an_official_request_for_an_extract_comes_as_a_notice_of_a_body(self) -> None:
        for kind in ("official_body", "court", "guardianship_body"):
            body = {"applicant": {"kind": kind}}
            told = decided("issue_extract", channel="notice", **body)
            assert (told.decision, told.documents_required) == ("granted", ())
            assert ids(decided("issue_extract", ground="official_request", **body).barred) == {"only_as_notice"}
            unanswered = Readings(official_requests=False)
            assert decided("issue_extract", channel="notice", settings=unanswered, **body).decision == "refused"
        for kind in ("person", "dwelling_owner", "mortgagee"):
            assert decided("issue_extract", channel="notice", applicant={"kind": kind}).decision != "granted"
        assert decided("issue_extract", channel="notice", applicant={"kind": "other"}).decision == "refused"

    def test_what_the_civil_registry_says_may_be_looked_up_at_the_office(self) -> None:
        said = {"ground": "death_data", "applicant": {"kind": "civil_registry"}}
        assert decided("deregister_residence", **said).decision == "granted"
        assert decided("deregister_residence", channel="diia", **said).decision == "refused"
