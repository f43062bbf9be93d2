"""The cards against their predicates, the vocabulary and the sources; and each rule of the catalogue that data decide.

Every R-rule (`catalogue/rules.md`) is in one of four: `RULES` names an application that passes and one that is
refused; `ANSWERS`, of rules that refuse nobody, two applications and what is answered to each; `TESTED_IN` the test of
what the register does and no decision says; `NOT_BY_DATA` why no data can decide.
"""

import ast
import os
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

from registry.services import application, decision, headers
from registry.services.application import Application, NotAnApplication, Readings, read
from registry.services.catalogue import EVERY_CARD, SECTIONS, NoCard, card, cards
from registry.services.decision import Decision, card_for, decide
from registry.services.rules import PREDICATES

LAW = date(2021, 12, 1)
NEW = [one for one in EVERY_CARD if one.since == LAW]
OLD = [one for one in EVERY_CARD if one.since < LAW]
RULES_OF_ALL = [(one, section, rule) for one in EVERY_CARD for section, rule in one.every_rule()]

VOCABULARY: dict[str, set[str]] = {
    "documents": set(
        """application declaration identity_document parent_identity_document birth_certificate foreign_birth_document
        foreign_documents_translation citizenship_registration_certificate dwelling_right_document military_document
        fee_evidence representative_identity representative_authority social_institution_certificate
        homeless_certificate_copy foreigner_passport foreigner_passport_translation emigration_decision owner_identity
        ownership_document court_decision death_certificate foreign_death_document emancipation_document
        true_data status_proof owner_data_N""".split()
    ),
    "consents": set(
        """owner_N tenant_family dwelling_authorised_person mortgagee parent_1 parent_2 any_parent other_parent
        other_representative guardianship_body other_co_owners subject""".split()
    ),
    "payments": {"payment"},
    "barred": set(
        """wrong_service_for_age one_address_only co_owner_cannot_be_removed rental_not_ended
        identity_document_not_for_diia dwelling_not_for_diia not_parents_address parent_not_in_registry
        portal_check_failed not_a_residence_mistake outside_community
        foreigners_only channel_not_admitted not_a_notice only_as_notice""".split()
    ),
    "messages": set(
        """dms previous_office_electronic previous_office_paper guardianship_body applicant_sms
        applicant_diia""".split()
    ),
    "tasks": {"offence_protocol", "dms_referral", "dms_new_document", "record_occupied_address"},
    "marks": {"previous_residence", "batch_overdue", "removed_under_name", "family_set", "previous_periods"},
}
"""The ids of `cases/services_vocabulary.yaml`, and what an application is marked with."""

OLDER_ONLY = {"removal_application", "tax_number", "passport_copy", "military_unit_certificate"}
"""Demanded before 1 December 2021 and never since; the last is of card 71-05 alone."""

GROUNDS: dict[str, tuple[int, set[int]]] = {
    "encumbrance": (1, {1, 3, 5, 8, 9}),
    "property_mismatch": (2, {1, 3, 5, 8, 9}),
    "incomplete": (3, set(range(1, 10))),
    "false_or_invalid": (4, set(range(1, 10))),
    "under_14_or_unauthorised": (5, set(range(1, 10))),
    "no_assigned_address": (6, {1, 3, 5, 8, 9}),
    "not_a_dwelling": (7, {1, 3, 5, 8, 9}),
    "parent_mismatch_under_14": (8, {3, 5, 9}),
    "parent_mismatch_14_18": (9, {1, 2, 4, 5, 8}),
}
"""The nine grounds: official number, and the cards that print each (card 4 the last by mistake: T-03)."""

SERVICES = [id for id in headers.SERVICES if any(id in one.services for one in NEW)]
"""Those of the vocabulary; a card of a later day is tested where it is written."""
ADULT, MINOR, CHILD = "1990-03-15", "2008-09-01", "2018-09-01"
CHILDREN = ("register_child_residence", "deregister_child_residence", "declare_child_residence")
DECLARATIONS = ("declare_residence", "declare_child_residence")


def facts(service: str, **said: Any) -> dict[str, Any]:
    """The plain facts of an application that the service takes, with what is said changed; a `subject`, `dwelling` …
    is added to."""
    child, electronic = service in CHILDREN, service in DECLARATIONS
    base: dict[str, Any] = {
        "service": service,
        "received": "2025-03-13T09:00",
        "channel": "diia" if electronic else "office",
        "subject": {"born": CHILD if child else ADULT},
        "applicant": {"kind": "parent"} if child else {},
        "dwelling": {"subject_is_owner": True} if electronic else {"right_document_held": True},
    }
    for name, value in said.items():
        base[name] = {**base[name], **value} if isinstance(value, dict) and name in base else value
    return base


def ask(service: str, **said: Any) -> Application:
    """The application of such facts."""
    return read(facts(service, **said))


def complete(asked: Application, without: tuple[str, ...] = ()) -> Application:
    """The same with everything submitted that its card asks for, but for what it goes without."""
    needed = decide(asked, card_for(asked))
    consents = {"parent_1" if one.id == "any_parent" else one.id for one in needed.consents_required}
    return replace(
        asked,
        documents=frozenset(one.id for one in needed.documents_required) - set(without),
        consents=frozenset(consents) - set(without),
    )


def everything(service: str, *without: str, **said: Any) -> dict[str, Any]:
    """The plain facts with everything submitted that the card asks for, but for what they go without."""
    asked = complete(ask(service, **said), without)
    return {**facts(service, **said), "documents": sorted(asked.documents), "consents": sorted(asked.consents)}


def decided(service: str, without: tuple[str, ...] = (), settings: Readings | None = None, **said: Any) -> Decision:
    asked = complete(ask(service, **said), without)
    return decide(asked, card_for(asked), settings or Readings())


def ids(listed) -> set[str]:
    return {one.id for one in listed}


class TestCards:
    def test_every_predicate_is_used_and_every_name_used_is_one(self):
        used = {name for one in EVERY_CARD for name in one.when}
        used |= {name for _, _, rule in RULES_OF_ALL for name in rule.names()}
        assert used == set(PREDICATES)

    def test_every_predicate_says_what_it_asks(self):
        assert [name for name, function in PREDICATES.items() if not function.__doc__] == []

    @pytest.mark.parametrize("section", VOCABULARY)
    def test_the_vocabulary_and_the_cards_in_force_name_the_same(self, section):
        assert {rule.id for one in NEW for rule in one.rules[section]} == VOCABULARY[section]

    @pytest.mark.parametrize("section", VOCABULARY)
    def test_the_older_cards_add_only_what_was_demanded_then(self, section):
        older = {rule.id for one in OLD for rule in one.rules[section]} - VOCABULARY[section]
        assert older == (OLDER_ONLY if section == "documents" else set())

    @pytest.mark.parametrize("ground", GROUNDS)
    def test_a_refusal_ground_has_its_number_on_the_cards_that_print_it(self, ground):
        number, printed = GROUNDS[ground]
        found = {int(one.number): rule.number for one in NEW for rule in one.rules["refusals"] if rule.id == ground}
        assert found == dict.fromkeys(printed, number)

    def test_no_card_refuses_on_anything_else(self):
        assert {rule.id for one in EVERY_CARD for rule in one.rules["refusals"]} == set(GROUNDS)

    def test_every_applicant_and_ground_of_the_vocabulary_is_named_and_no_other(self):
        kinds = {kind for _, section, rule in RULES_OF_ALL if section == "applicants" for kind in rule.kinds}
        grounds = {rule.id for _, section, rule in RULES_OF_ALL if section == "grounds"}
        assert kinds == set(get_args(application.ApplicantKind))
        assert grounds == set(get_args(application.GroundId))

    def test_an_applicant_files_on_grounds_that_the_card_has(self):
        for one in EVERY_CARD:
            has = {rule.id for rule in one.rules["grounds"]}
            for rule in one.rules["applicants"]:
                assert rule.grounds - {"stay_ended"} <= has | ({"application"} if one.number == "6" else set()), rule

    def test_identity_documents_are_of_the_vocabulary(self):
        known = set(get_args(application.IdentityDocument)) - {"other"}
        assert {kind for _, _, rule in RULES_OF_ALL for kind in rule.accepted} == known

    @pytest.mark.parametrize(("one", "section", "rule"), RULES_OF_ALL, ids=lambda value: getattr(value, "id", value))
    def test_every_rule_has_its_wording_reference_and_dates(self, one, section, rule):
        by_analogy = rule.inferred.startswith("за аналогією")
        source = r"\d{3}" if one.since > LAW else "003" if one.since == LAW or by_analogy else "004"
        # What cards 17-28 and 17-07 give.
        other = rule.id == "emancipation_document" or (section != "documents" and "c17-07" in rule.reference)
        source = "004" if other else source
        assert re.fullmatch(rf"{source} c[\d-]+ r\d+(\.\d)?", rule.reference)
        assert rule.uk == rule.uk.strip() and rule.uk
        assert one.since <= rule.since < rule.until <= one.until
        if section in ("documents", "consents", "payments"):
            assert rule.name and rule.reason
        assert bool(rule.facts) == (section == "refusals")
        assert rule.deadline in (None, *decision._DEADLINES)

    @pytest.mark.parametrize("service", SERVICES)
    def test_every_day_has_its_card_without_gap_or_overlap(self, service):
        held = sorted({(one.since, one.until) for one in EVERY_CARD if service in one.services})
        assert held[-1] == (LAW, date.max)
        assert all(earlier[1] == later[0] for earlier, later in pairwise(held))
        assert held[0][0] in (date(2016, 4, 4), LAW)

    def test_the_regime_changes_at_midnight(self):
        last, first = date(2021, 11, 30), LAW
        assert [card("register_residence", on).number for on in (last, first)] == ["71-01", "1"]
        assert [card("register_child_residence", on).number for on in (last, first)] == ["71-01", "3"]
        assert [one.number for one in cards("issue_extract", last)] == ["71-03", "71-04"]
        for service in ("amend_record", *DECLARATIONS):
            with pytest.raises(NoCard):
                card(service, last)
        with pytest.raises(NoCard):
            card("register_residence", date(2016, 4, 3))

    def test_a_certificate_of_a_removal_has_a_card_of_its_own(self):
        asked = [
            ask("issue_extract", received="2021-08-17T10:00", extract={"state": state})
            for state in ("active", "removed")
        ]
        assert [card_for(one).number for one in asked] == ["71-03", "71-04"]

    def test_a_dated_block_holds_between_its_days(self):
        rule = replace(NEW[0].rules["documents"][0], until=date(2030, 1, 1))
        assert [rule.in_force(date(2030, 1, 1) - timedelta(days=back)) for back in (1, 0)] == [True, False]

    @pytest.mark.skipif("SOURCES" not in os.environ, reason="SOURCES names the folder of the official documents")
    @pytest.mark.parametrize("one", EVERY_CARD, ids=lambda one: one.id)
    def test_every_wording_is_in_the_source_word_for_word(self, one):
        said = {(one.title, one.reference), *((rule.uk, rule.reference) for _, rule in one.every_rule())}
        assert [wording for wording, reference in said if plain(wording) not in source_of(reference)] == []


def source_of(reference: str) -> str:
    """The official document where a reference stands."""
    return plain(next(Path(os.environ["SOURCES"]).glob(reference[:3] + "_*")).read_text("utf-8"))


def plain(text: str) -> str:
    """The text without the marks of bookmarks, and broken lines joined."""
    text = re.sub(r"(?<=\S)-\n\s*", "-", re.sub(r"\[bookmark: n\d+\]", "", text))
    return " ".join(text.split())


# For each ground what makes it hold, besides which nothing is wrong.
BREAKS: dict[str, dict[str, Any]] = {
    "encumbrance": {"dwelling": {"encumbrance": "forbids_registration"}},
    "property_mismatch": {"dwelling": {"property_register_agrees": False}},
    "incomplete": {"without": ("application", "declaration", "true_data", "identity_document")},
    "false_or_invalid": {"false_data": True},
    "under_14_or_unauthorised": {"applicant": {"kind": "other"}},
    "no_assigned_address": {"dwelling": {"address_assigned": False}},
    "not_a_dwelling": {"dwelling": {"is_dwelling": False}},
    "parent_mismatch_under_14": {"subject": {"born": CHILD}, "parents": {"registry_agrees": False}},
    "parent_mismatch_14_18": {"subject": {"born": MINOR}, "parents": {"registry_agrees": False}},
}
HELD = [
    (service, ground)
    for service in SERVICES
    for ground, (_, printed) in GROUNDS.items()
    if int(card(service, LAW).number) in printed
    and (service, ground) != ("deregister_child_residence", list(GROUNDS)[8])
]


class TestGrounds:
    @pytest.mark.parametrize("service", SERVICES)
    def test_a_complete_application_is_granted(self, service):
        granted = decided(service)
        assert (granted.decision, granted.grounds, granted.missing) == ("granted", (), ())

    @pytest.mark.parametrize(("service", "ground"), HELD)
    def test_each_ground_of_each_card_refuses_alone(self, service, ground):
        change = dict(BREAKS[ground])
        if (service, ground) == ("amend_record", "under_14_or_unauthorised"):
            change = {"subject": {"born": CHILD}}
        if (service, ground) == ("register_stay", "parent_mismatch_under_14"):
            change["applicant"] = {"kind": "parent"}
        refused = decided(service, **change)
        assert refused.decision == "refused"
        (held,) = refused.grounds
        assert held.id == ground
        assert held.wording and held.said and held.reference.startswith("003 c" + card(service, LAW).number)

    @pytest.mark.parametrize("ground", BREAKS)
    @pytest.mark.parametrize("service", SERVICES)
    def test_a_card_without_the_ground_does_not_refuse_on_it(self, service, ground):
        if (service, ground) in HELD or ground == "incomplete":
            return
        change = {name: value for name, value in BREAKS[ground].items() if name != "subject"}
        assert ground not in ids(decided(service, **change).grounds)

    def test_the_last_ground_of_card_4_can_never_arise(self):
        for born in (CHILD, "2011-03-14"):
            refused = decided("deregister_child_residence", subject={"born": born}, parents={"registry_agrees": False})
            assert refused.decision == "granted"

    def test_all_that_hold_are_listed_together_with_what_triggered_them(self):
        refused = decided(
            "register_residence",
            without=("military_document",),
            subject={"born": MINOR, "military_duty": True},
            dwelling={
                "encumbrance": "forbids_registration",
                "property_register_agrees": False,
                "address_assigned": False,
                "is_dwelling": False,
            },
            parents={"registry_agrees": False},
            applicant={"kind": "other"},
            false_data=True,
            invalid_documents=["identity_document"],
        )
        assert [one.number for one in refused.grounds] == [1, 2, 3, 4, 5, 6, 7, 9]
        assert dict((one.id, one.facts) for one in refused.grounds)["false_or_invalid"] == (
            "false_data",
            "invalid_document",
        )

    def test_a_bar_answers_alone(self):
        barred = decided("register_residence", false_data=True, subject={"current_residence": {"kept": True}})
        assert (barred.decision, ids(barred.barred), barred.grounds) == ("not_possible", {"one_address_only"}, ())
        assert barred.messages == barred.tasks == () and barred.effective_on is None

    def test_lateness_is_never_one(self):
        late = decided("register_residence", subject={"deregistered_on": "2020-01-01"})
        assert (late.decision, late.late, ids(late.tasks)) == ("granted", True, {"offence_protocol"})

    def test_the_reading_of_card_5_holds_everywhere(self):
        for service in ("register_residence", "register_child_residence", "register_stay", *DECLARATIONS):
            assert decided(service, dwelling={"encumbrance": "other"}).decision == "granted"
            assert decided(service, dwelling={"mortgaged": True}).decision == "granted"
            refused = decided(service, ("mortgagee",), dwelling={"mortgaged": True})
            assert ids(refused.grounds) == {"encumbrance", "incomplete"}
            assert refused.missing == ("mortgagee",)


class TestAges:
    @pytest.mark.parametrize(
        ("service", "born", "kind", "expected"),
        [
            ("register_residence", "2011-03-13", "person", "granted"),
            ("register_residence", "2011-03-14", "person", "refused"),
            ("register_residence", "2011-03-14", "legal_representative", "not_possible"),
            ("register_child_residence", "2011-03-14", "parent", "granted"),
            ("register_child_residence", "2011-03-13", "parent", "not_possible"),
            ("deregister_child_residence", "2011-03-13", "parent", "not_possible"),
            ("declare_child_residence", "2011-03-13", "parent", "not_possible"),
            ("declare_residence", "2011-03-14", "dwelling_owner", "not_possible"),
            ("register_stay", "2011-03-14", "person", "refused"),
            ("issue_extract", "2011-03-14", "person", "refused"),
            ("issue_extract", "2011-03-14", "parent", "granted"),
        ],
    )
    def test_the_fourteenth_birthday_itself_counts(self, service, born, kind, expected):
        assert decided(service, subject={"born": born}, applicant={"kind": kind}).decision == expected

    @pytest.mark.parametrize(("born", "asked"), [("2007-03-14", {"any_parent"}), ("2007-03-13", set())])
    def test_consent_ends_on_the_eighteenth(self, born, asked):
        assert ids(decided("register_residence", subject={"born": born}).consents_required) == asked

    @pytest.mark.parametrize(
        ("received", "expected"), [("2022-02-28T09:00", "refused"), ("2022-03-01T09:00", "granted")]
    )
    def test_who_is_born_on_29_february_is_older_on_1_march(self, received, expected):
        assert decided("register_residence", received=received, subject={"born": "2008-02-29"}).decision == expected


Case = tuple[str, dict[str, Any]]
HERE, ELSEWHERE = {"place": "this_community"}, {"place": "other_community"}
APART = {"parents": {"same_address": False}}
PERMIT = {"citizenship": "foreigner", "identity_document": "temporary_permit"}
CO_OWNER = {"applicant": {"kind": "dwelling_co_owner"}, "ground": "owner_application"}
OWNER = {"applicant": {"kind": "dwelling_owner"}, "ground": "owner_application"}
LODGER = {"dwelling": {"right_document_held": False, "owners": 2}}
REPRESENTED = {"applicant": {"kind": "legal_representative"}}
MINE = {"subject": {"born": MINOR}}
SHELTER = {"kind": "social_institution", "right_document_held": False}
BOTH_FLATS = {"subject": {"current_residence": {**ELSEWHERE, "kept": True}}}
OLDER = "2021-08-17T10:00"
NEWBORN_OF_2021 = {"received": OLDER, "subject": {"born": "2021-08-01", "birth_registered_on": "2021-08-05"}}


def minor(**said: Any) -> dict[str, Any]:
    return {**said, "subject": {"born": MINOR, **said.get("subject", {})}}


def lacking(*named: str, **said: Any) -> dict[str, Any]:
    return {"without": named, **said}


RULES: list[tuple[str, str, dict[str, Any], dict[str, Any], set[str]]] = [
    # The rule, the service, what is granted, what is not, and the grounds or bars of the latter.
    (
        "R-001",
        "register_residence",
        {"subject": {"current_residence": HERE}},
        {"subject": {"current_residence": {"kept": True}}},
        {"one_address_only"},
    ),
    (
        "R-002",
        "declare_residence",
        {"subject": {"current_residence": {"kept": True, "occupied": {}}}},
        {"subject": {"current_residence": {"kept": True, "occupied": {"end_date": "2025-01-01"}}}},
        {"one_address_only"},
    ),
    ("R-006", "register_residence", {"subject": {"current_residence": ELSEWHERE}}, BOTH_FLATS, {"one_address_only"}),
    (
        "R-008",
        "register_residence",
        {"subject": {"born": "2011-03-13"}},
        {"subject": {"born": "2011-03-14"}},
        {"under_14_or_unauthorised"},
    ),
    ("R-009", "register_stay", minor(), {"subject": {"born": CHILD}}, {"under_14_or_unauthorised"}),
    ("R-010", "declare_residence", {}, {"applicant": {"kind": "parent"}}, {"under_14_or_unauthorised"}),
    (
        "R-011",
        "register_residence",
        {"applicant": {"kind": "dwelling_authorised_person"}},
        {"applicant": {"kind": "other"}},
        {"under_14_or_unauthorised"},
    ),
    (
        "R-012",
        "register_stay",
        {"applicant": {"kind": "proxy_representative"}},
        lacking("representative_authority", applicant={"kind": "proxy_representative"}),
        {"under_14_or_unauthorised", "incomplete"},
    ),
    (
        "R-013",
        "register_residence",
        lacking("owner_1", applicant={"kind": "social_institution"}, dwelling=SHELTER),
        {"applicant": {"kind": "other"}, "dwelling": SHELTER},
        {"under_14_or_unauthorised"},
    ),
    (
        "R-015",
        "register_child_residence",
        {"subject": {"orphan": True}, "applicant": {"kind": "guardianship_body"}},
        {"subject": {"orphan": True}},
        {"under_14_or_unauthorised"},
    ),
    (
        "R-016",
        "deregister_residence",
        {"subject": {"capacity": "incapable"}, **REPRESENTED},
        lacking("other_representative", subject={"capacity": "incapable"}, **REPRESENTED),
        {"incomplete"},
    ),
    (
        "R-017",
        "deregister_residence",
        {"subject": {"capacity": "limited"}, **REPRESENTED},
        {"subject": {"capacity": "limited"}},
        {"under_14_or_unauthorised"},
    ),
    (
        "R-018",
        "deregister_residence",
        OWNER,
        {"applicant": {"kind": "other"}, "ground": "owner_application"},
        {"under_14_or_unauthorised"},
    ),
    ("R-019", "deregister_child_residence", {}, OWNER, {"under_14_or_unauthorised"}),
    ("R-020", "register_residence", LODGER, lacking("owner_2", **LODGER), {"incomplete"}),
    (
        "R-021",
        "register_residence",
        {"dwelling": {"mortgaged": True}},
        lacking("mortgagee", dwelling={"mortgaged": True}),
        {"encumbrance", "incomplete"},
    ),
    ("R-022", "register_residence", minor(**APART), lacking("parent_2", **minor(**APART)), {"incomplete"}),
    ("R-023", "register_residence", minor(), lacking("parent_1", **minor()), {"incomplete"}),
    (
        "R-024",
        "register_residence",
        lacking("parent_1", **minor(subject={"learner": True}, dwelling={"kind": "dormitory_school"})),
        lacking("parent_1", **minor(dwelling={"kind": "dormitory_other"})),
        {"incomplete"},
    ),
    ("R-026", "register_child_residence", APART, lacking("other_parent", **APART), {"incomplete"}),
    (
        "R-027",
        "register_child_residence",
        lacking("other_parent", parents={"same_address": False, "child_place_decided": True}),
        lacking("other_parent", **APART),
        {"incomplete"},
    ),
    (
        "R-028",
        "register_child_residence",
        {"channel": "emaliatko", **APART},
        lacking("other_parent", channel="emaliatko", **APART),
        {"incomplete"},
    ),
    (
        "R-029",
        "deregister_child_residence",
        {"channel": "diia"},
        lacking("other_parent", channel="diia"),
        {"incomplete"},
    ),
    (
        "R-030",
        "deregister_residence",
        lacking("parent_1", **minor(dwelling={"kind": "dormitory_school"})),
        lacking("parent_1", **minor()),
        {"incomplete"},
    ),
    (
        "R-031",
        "deregister_residence",
        {"subject": {"guardianship": True}, **REPRESENTED},
        lacking("guardianship_body", subject={"guardianship": True}, **REPRESENTED),
        {"incomplete"},
    ),
    (
        "R-032",
        "declare_residence",
        {"dwelling": {"subject_is_owner": False, "owners": 2}},
        lacking("owner_2", dwelling={"subject_is_owner": False, "owners": 2}),
        {"incomplete"},
    ),
    (
        "R-033",
        "declare_residence",
        lacking("owner_2", dwelling={"owners": 3}),
        lacking("owner_2", dwelling={"subject_is_owner": False, "owners": 3}),
        {"incomplete"},
    ),
    (
        "R-034",
        "declare_residence",
        lacking("owner_1", **minor(dwelling={"subject_is_owner": False}, parents={"dwelling_is_parents": True})),
        lacking("owner_1", dwelling={"subject_is_owner": False}, parents={"dwelling_is_parents": True}),
        {"incomplete"},
    ),
    (
        "R-035",
        "register_stay",
        lacking("owner_1", **minor(dwelling={"right_document_held": False}, parents={"dwelling_is_parents": True})),
        lacking("owner_1", dwelling={"right_document_held": False}, parents={"dwelling_is_parents": True}),
        {"incomplete"},
    ),
    (
        "R-036",
        "declare_residence",
        lacking("parent_1", **minor(parents={"dwelling_is_parents": True})),
        lacking("parent_1", **minor()),
        {"incomplete"},
    ),
    (
        "R-037",
        "declare_residence",
        lacking(
            "parent_1",
            **minor(subject={"learner": True}, dwelling={"kind": "dormitory_other", "subject_is_owner": False}),
        ),
        lacking("parent_1", **minor(dwelling={"kind": "dormitory_other", "subject_is_owner": False})),
        {"incomplete"},
    ),
    (
        "R-038",
        "declare_residence",
        {"applicant": {"kind": "dwelling_owner"}, "dwelling": {"subject_is_owner": False}},
        lacking("subject", applicant={"kind": "dwelling_owner"}, dwelling={"subject_is_owner": False}),
        {"incomplete"},
    ),
    (
        "R-039",
        "declare_residence",
        {"dwelling": {"kind": "dormitory_other", "subject_is_owner": False}},
        lacking("dwelling_authorised_person", dwelling={"kind": "dormitory_other", "subject_is_owner": False}),
        {"incomplete"},
    ),
    ("R-040", "declare_child_residence", lacking("other_parent"), lacking("other_parent", **APART), {"incomplete"}),
    ("R-041", "deregister_residence", CO_OWNER, lacking("other_co_owners", **CO_OWNER), {"incomplete"}),
    (
        "R-042",
        "register_residence",
        {"subject": {"citizenship": "foreigner", "identity_document": "refugee_certificate"}},
        {"subject": {"identity_document": "other"}},
        {"incomplete"},
    ),
    (
        "R-044",
        "register_residence",
        lacking("military_document"),
        lacking("military_document", subject={"military_duty": True}),
        {"incomplete"},
    ),
    (
        "R-046",
        "register_residence",
        {"subject": PERMIT},
        lacking("foreigner_passport_translation", subject=PERMIT),
        {"incomplete"},
    ),
    (
        "R-047",
        "register_child_residence",
        lacking("citizenship_registration_certificate", parents={"foreigner_in_birth_certificate": True}),
        lacking(
            "citizenship_registration_certificate",
            subject={"first_registration": True},
            parents={"foreigner_in_birth_certificate": True},
        ),
        {"incomplete"},
    ),
    (
        "R-048",
        "register_child_residence",
        {"subject": {"birth_registered_abroad": True}},
        lacking("foreign_birth_document", subject={"birth_registered_abroad": True}),
        {"incomplete"},
    ),
    (
        "R-049",
        "register_child_residence",
        lacking("foreign_documents_translation"),
        lacking("foreign_documents_translation", subject={"birth_registered_abroad": True}),
        {"incomplete"},
    ),
    (
        "R-050",
        "register_residence",
        lacking("homeless_certificate_copy", dwelling={"kind": "social_institution"}),
        lacking(
            "homeless_certificate_copy", subject={"homeless_record": True}, dwelling={"kind": "social_institution"}
        ),
        {"incomplete"},
    ),
    (
        "R-051",
        "amend_record",
        lacking("representative_authority", subject={"born": CHILD}, applicant={"kind": "parent"}),
        {"subject": {"born": CHILD}, "applicant": {"kind": "other", "authority_proved": False}},
        {"incomplete"},
    ),
    (
        "R-053",
        "deregister_residence",
        {"ground": "emigration"},
        lacking("emigration_decision", ground="emigration"),
        {"incomplete"},
    ),
    ("R-054", "deregister_residence", {**OWNER, "persons": 2}, {**OWNER, "persons": 2, "payments": 1}, {"incomplete"}),
    (
        "R-055",
        "deregister_residence",
        lacking("military_document", channel="diia", subject={"military_duty": True}),
        lacking("military_document", subject={"military_duty": True}),
        {"incomplete"},
    ),
    (
        "R-056",
        "deregister_residence",
        minor(channel="diia"),
        {"channel": "diia", **REPRESENTED},
        {"under_14_or_unauthorised"},
    ),
    ("R-058", "amend_record", {}, lacking("identity_document"), {"incomplete"}),
    (
        "R-059",
        "issue_extract",
        {"applicant": {"kind": "dwelling_owner"}},
        lacking("ownership_document", applicant={"kind": "dwelling_owner"}),
        {"incomplete"},
    ),
    (
        "R-060",
        "deregister_residence",
        {"ground": "stay_ended", "subject": PERMIT, "valid_until": {"identity_document": "2025-03-12"}},
        {"subject": PERMIT, "valid_until": {"identity_document": "2025-03-12"}},
        {"false_or_invalid"},
    ),
    ("R-080", "declare_residence", {"payments": 1}, {"payments": 0}, {"incomplete"}),
    (
        "R-081",
        "register_child_residence",
        lacking("fee_evidence", channel="emaliatko"),
        {"channel": "emaliatko", "payments": 0},
        {"incomplete"},
    ),
    ("R-083", "register_residence", {}, {"payments": 0}, {"incomplete"}),
    (
        "R-084",
        "register_residence",
        {"dwelling": {"mortgaged": True}},
        {"dwelling": {"encumbrance": "forbids_registration"}},
        {"encumbrance"},
    ),
    ("R-085", "register_residence", {}, {"dwelling": {"property_register_agrees": False}}, {"property_mismatch"}),
    ("R-086", "register_residence", {"subject": PERMIT}, lacking("foreigner_passport", subject=PERMIT), {"incomplete"}),
    (
        "R-087",
        "register_residence",
        {"subject": PERMIT, "valid_until": {"identity_document": "2025-03-13"}},
        {"subject": PERMIT, "valid_until": {"identity_document": "2025-03-12"}},
        {"false_or_invalid"},
    ),
    (
        "R-088",
        "amend_record",
        {"subject": PERMIT, "valid_until": {"identity_document": "2025-03-12"}},
        {"invalid_documents": ["identity_document"]},
        {"false_or_invalid"},
    ),
    ("R-089", "register_residence", {}, {"dwelling": {"address_assigned": False}}, {"no_assigned_address"}),
    ("R-090", "register_residence", {}, {"dwelling": {"is_dwelling": False}}, {"not_a_dwelling"}),
    ("R-091", "declare_residence", minor(), minor(parents={"registry_agrees": False}), {"parent_mismatch_14_18"}),
    ("R-092", "register_child_residence", {}, {"parents": {"registry_agrees": False}}, {"parent_mismatch_under_14"}),
    (
        "R-095",
        "deregister_residence",
        {"ground": "court_eviction", "applicant": {"kind": "court"}, "channel": "notice"},
        lacking("court_decision", ground="court_eviction", applicant={"kind": "court"}, channel="notice"),
        {"incomplete"},
    ),
    (
        "R-097",
        "deregister_residence",
        {"dwelling": {"subject_is_owner": True}},
        {**CO_OWNER, "dwelling": {"subject_is_owner": True}},
        {"co_owner_cannot_be_removed"},
    ),
    (
        "R-098",
        "deregister_residence",
        {**OWNER, "dwelling": {"rental": {"until": "2025-03-12"}}},
        {**OWNER, "dwelling": {"rental": {"until": "2025-03-13"}}},
        {"rental_not_ended"},
    ),
    (
        "R-099",
        "deregister_residence",
        {"dwelling": {"rental": {}}},
        {
            "dwelling": {"rental": {}},
            "ground": "authorised_person_notice",
            "channel": "notice",
            "applicant": {"kind": "dwelling_authorised_person"},
        },
        {"rental_not_ended"},
    ),
    (
        "R-100",
        "deregister_child_residence",
        {"subject": {"orphan": True, "adopted_with_new_name": True}, "applicant": {"kind": "guardianship_body"}},
        {"subject": {"orphan": True, "adopted_with_new_name": True}},
        {"under_14_or_unauthorised"},
    ),
    (
        "R-101",
        "deregister_residence",
        {"ground": "stay_ended", "subject": PERMIT},
        lacking("application", ground="stay_ended", subject=PERMIT),
        {"incomplete"},
    ),
    (
        "R-103",
        "register_child_residence",
        {"subject": {"born": "2011-03-14"}},
        {"subject": {"born": "2011-03-13"}},
        {"wrong_service_for_age"},
    ),
    (
        "R-104",
        "register_child_residence",
        {"channel": "emaliatko"},
        {"channel": "emaliatko", "parents": {"in_this_registry": False}},
        {"parent_not_in_registry"},
    ),
    (
        "R-106",
        "declare_child_residence",
        {"channel": "notice", "applicant": {"kind": "civil_registry"}},
        {"channel": "notice", "applicant": {"kind": "civil_registry"}, "parents": {"registry_agrees": False}},
        {"parent_mismatch_under_14"},
    ),
    (
        "R-107",
        "register_child_residence",
        lacking("application", channel="emaliatko", **NEWBORN_OF_2021),
        lacking("application", channel="diia", **NEWBORN_OF_2021),
        {"incomplete"},
    ),
    ("R-108", "declare_child_residence", {}, {"parents": {"dwelling_is_parents": False}}, {"not_parents_address"}),
    (
        "R-114",
        "deregister_child_residence",
        {"subject": {"orphan": True}, **REPRESENTED},
        lacking("guardianship_body", subject={"orphan": True}, **REPRESENTED),
        {"incomplete"},
    ),
    (
        "R-115",
        "register_child_residence",
        {"parents": {"child_place_decided": True}},
        lacking("application", parents={"child_place_decided": True}),
        {"incomplete"},
    ),
    (
        "R-116",
        "declare_residence",
        {"subject": {"identity_document": "passport_travel"}},
        {"subject": {"identity_document": "passport_booklet"}},
        {"identity_document_not_for_diia"},
    ),
    (
        "R-117",
        "declare_residence",
        {"dwelling": {"kind": "dormitory_school", "subject_is_owner": False}},
        {"dwelling": {"in_property_register": False}},
        {"dwelling_not_for_diia"},
    ),
    (
        "R-118",
        "declare_residence",
        {"dwelling": {"subject_is_owner": False, "owners": 2}},
        lacking("owner_data_2", dwelling={"subject_is_owner": False, "owners": 2}),
        {"incomplete"},
    ),
    ("R-119", "declare_child_residence", {}, {"portal_check_passed": False}, {"portal_check_failed"}),
    ("R-124", "amend_record", {}, {"ground": "personal_data_change"}, {"not_a_residence_mistake"}),
    (
        "R-125",
        "issue_extract",
        {"applicant": {"kind": "mortgagee"}},
        {"applicant": {"kind": "other"}},
        {"under_14_or_unauthorised"},
    ),
    ("R-131", "issue_extract", {}, {"invalid_documents": ["identity_document"]}, {"false_or_invalid"}),
    (
        "R-149",
        "register_residence",
        {"received": "2021-08-17T10:00", "subject": {"born": "2006-08-17"}},
        lacking("birth_certificate", received="2021-08-17T10:00", subject={"born": "2006-08-17"}),
        {"incomplete"},
    ),
    (
        "R-151",
        "issue_extract",
        {"received": "2021-08-17T10:00", "invalid_documents": ["identity_document"]},
        lacking("identity_document", received="2021-08-17T10:00"),
        {"incomplete"},
    ),
    (
        "R-152",
        "register_residence",
        {"received": "2021-08-17T10:00", **REPRESENTED},
        lacking("other_representative", received="2021-08-17T10:00", **REPRESENTED),
        {"incomplete"},
    ),
    (
        "R-153",
        "register_stay",
        {},
        lacking(
            "military_unit_certificate",
            received="2021-08-17T10:00",
            subject={"serves_in_unit": True, "identity_document": "protection_application_certificate"},
        ),
        {"incomplete"},
    ),
]

Two = tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]
OCCUPIED = {"current_residence": {"kept": True, "occupied": {}}}
GIRL = {"subject": {"born": "2024-12-01", "birth_registered_on": "2024-12-13"}}
GIRL_LATE = {"subject": {"born": "2024-12-01", "birth_registered_on": "2024-12-12"}}
ORPHAN = {"subject": {"orphan": True}, "applicant": {"kind": "guardianship_body"}}
COURT = {"applicant": {"kind": "court"}, "channel": "notice"}
DEAD = {"subject": {"died_on": "2025-03-08", "death_registered_on": "2025-03-10"}}
PAPERS = {"application", "dwelling_right_document", "fee_evidence", "identity_document"}
BAD_PASSPORT = {"invalid_documents": ["identity_document"]}
WANTED = {"history_requested": True, "previous_periods": [{"id": "here"}, {"id": "there", **ELSEWHERE}]}


def removed(on: str, **said: Any) -> dict[str, Any]:
    return {"subject": {"deregistered_on": on, **said}}


def came(at: str, **said: Any) -> dict[str, Any]:
    return {"received": at, **said}


MOVE, REMOVE, CHILDS, DECLARE = (
    "register_residence",
    "deregister_residence",
    "register_child_residence",
    DECLARATIONS[0],
)
ANSWERS: list[Two] = [
    # The rule, the service, what is said and answered, and something else and what is answered to that.
    ("R-003", MOVE, {"subject": OCCUPIED}, {"tasks": {"record_occupied_address"}}, {}, {"tasks": set()}),
    (
        "R-007",
        MOVE,
        {},
        {"documents": PAPERS},
        came(OLDER),
        {"documents": PAPERS | {"passport_copy", "tax_number"}},
    ),
    (
        "R-014",
        MOVE,
        {"documents_collected_on": "2025-03-06"},
        {"batch_overdue": False},
        {"documents_collected_on": "2025-03-05"},
        {"batch_overdue": True},
    ),
    (
        "R-052",
        MOVE,
        {"subject": {"current_residence": HERE}},
        {"documents": PAPERS},
        came(OLDER, subject={"current_residence": HERE}),
        {"documents": PAPERS | {"passport_copy", "tax_number", "removal_application"}},
    ),
    (
        "R-057",
        CHILDS,
        {"channel": "emaliatko"},
        {"documents": {"application"}},
        {},
        {"documents": {"application", "birth_certificate", "fee_evidence", "parent_identity_document"}},
    ),
    (
        "R-061",
        REMOVE,
        {"channel": "diia"},
        {"documents": {"application"}},
        {},
        {"documents": {"application", "identity_document", "fee_evidence"}},
    ),
    (
        "R-062",
        REMOVE,
        came("2025-03-11T20:05"),
        {"due_by": "2025-03-11"},
        came("2025-03-11T20:05", channel="diia"),
        {"due_by": "2025-03-12"},
    ),
    (
        "R-063",
        REMOVE,
        came("2025-03-11T20:00", channel="diia"),
        {"due_by": "2025-03-12"},
        came("2025-03-11T19:59", channel="diia"),
        {"due_by": "2025-03-11"},
    ),
    (
        "R-064",
        DECLARE,
        came("2025-03-16T12:00"),
        {"due_by": "2025-03-17"},
        came("2025-03-17T10:00"),
        {"due_by": "2025-03-17"},
    ),
    (
        "R-065",
        REMOVE,
        came("2021-11-22T16:10", channel="diia"),
        {"due_by": "2021-11-23"},
        came("2025-03-13T14:45", channel="diia"),
        {"due_by": "2025-03-13"},
    ),
    (
        "R-066",
        MOVE,
        removed("2025-02-11"),
        {"late": False, "fee": 4542, "tasks": set()},
        removed("2025-02-10"),
        {"late": True, "fee": 7570, "tasks": {"offence_protocol"}, "decision": "granted"},
    ),
    (
        "R-067",
        MOVE,
        {"subject": {**PERMIT, "permit_received_on": "2025-02-11"}},
        {"late": False, "fee": 4542, "tasks": set()},
        {"subject": {**PERMIT, "permit_received_on": "2025-02-10"}},
        {"late": True, "fee": 7570, "tasks": {"dms_referral"}},
    ),
    ("R-068", CHILDS, GIRL, {"late": False, "fee": 4542}, GIRL_LATE, {"late": True, "fee": 7570}),
    (
        "R-069",
        MOVE,
        removed("2025-01-10", current_residence=HERE),
        {"late": False, "fee": 4542},
        removed("2025-01-10"),
        {"late": True, "fee": 7570},
    ),
    (
        "R-070",
        DECLARATIONS[1],
        {"family_formed": ["2024-06-03T10:00", "2024-06-03T18:00", "2024-06-04T09:59"]},
        {"family_set": True},
        {"family_formed": ["2024-06-03T10:00", "2024-06-03T18:00", "2024-06-04T10:01"]},
        {"family_set": False},
    ),
    (
        "R-071",
        "amend_record",
        came("2025-03-13T09:00"),
        {"due_by": "2025-03-13"},
        came("2025-03-13T23:59", channel="diia"),
        {"due_by": "2025-03-13"},
    ),
    ("R-072", MOVE, came("2022-01-10T10:00"), {"fee": 3722}, came("2021-12-31T10:00"), {"fee": 3405}),
    (
        "R-073",
        REMOVE,
        came("2022-01-10T10:00"),
        {"fee": 3722, "late": False},
        came("2022-01-10T10:00", **removed("2012-01-10")),
        {"fee": 3722, "late": False},
    ),
    ("R-074", MOVE, {"subject": {"current_residence": HERE}}, {"fee": 4542}, {}, {"fee": 4542}),
    (
        "R-075",
        "register_stay",
        {"payments": 0},
        {"fee": 0, "decision": "granted"},
        {"payments": 0, **removed("2015-01-01")},
        {"fee": 0, "decision": "granted"},
    ),
    ("R-076", CHILDS, {**ORPHAN, "dwelling": {"kind": "foster_family"}}, {"fee": 0}, ORPHAN, {"fee": 4542}),
    ("R-077", REMOVE, {**COURT, "ground": "court_eviction"}, {"fee": 0}, OWNER, {"fee": 4542}),
    (
        "R-078",
        REMOVE,
        {**COURT, "ground": "court_removal"},
        {"fee": 4542},
        {**COURT, "ground": "court_use_lost"},
        {"fee": 0},
    ),
    (
        "R-079",
        MOVE,
        came("2022-03-01T10:00", **removed("2022-01-01")),
        {"fee": 6203},
        came("2022-03-01T10:00"),
        {"fee": 3722},
    ),
    (
        "R-082",
        REMOVE,
        came("2022-03-01T10:00", persons=3, **OWNER),
        {"fee": 11166},
        came("2022-03-01T10:00", **OWNER),
        {"fee": 3722},
    ),
    (
        "R-093",
        MOVE,
        removed("2015-01-01"),
        {"decision": "granted", "late": True},
        {**removed("2015-01-01"), "false_data": True},
        {"decision": "refused", "late": True},
    ),
    (
        "R-096",
        REMOVE,
        {**DEAD, "ground": "death_data", "channel": "notice", "applicant": {"kind": "civil_registry"}},
        {"effective_on": "2025-03-10"},
        {**DEAD, **COURT, "ground": "court_eviction"},
        {"effective_on": "2025-03-13"},
    ),
    ("R-113", CHILDS, ORPHAN, {"deadlines": {"guardianship_body": "2025-03-13"}}, {}, {"deadlines": {}}),
    (
        "R-122",
        DECLARE,
        {},
        {"messages": {"dms", "applicant_diia"}},
        {"false_data": True},
        {"messages": {"applicant_diia"}},
    ),
    (
        "R-123",
        "register_stay",
        came("2025-03-13T09:00"),
        {"due_by": "2025-03-13"},
        came("2025-03-13T23:59", channel="diia"),
        {"due_by": "2025-03-13"},
    ),
    (
        "R-128",
        "issue_extract",
        {"extract": WANTED},
        {"periods": ("here",)},
        {"extract": WANTED, "applicant": {"kind": "dwelling_owner"}},
        {"periods": ()},
    ),
    (
        "R-132",
        MOVE,
        {},
        {"messages": {"dms", "applicant_sms"}},
        {"false_data": True},
        {"messages": {"applicant_sms"}},
    ),
    (
        "R-133",
        MOVE,
        came("2024-06-08T10:00", subject={"current_residence": ELSEWHERE}),
        {"deadlines": {"previous_office_electronic": "2024-06-09"}},
        came("2024-06-08T10:00", subject={"current_residence": ELSEWHERE}, false_data=True),
        {"deadlines": {}},
    ),
    (
        "R-134",
        MOVE,
        {"subject": {"current_residence": {**ELSEWHERE, "electronic_exchange": False}}},
        {"deadlines": {"previous_office_paper": "2025-03-13"}},
        {"subject": {"current_residence": ELSEWHERE}},
        {"deadlines": {"previous_office_electronic": "2025-03-14"}},
    ),
    (
        "R-135",
        MOVE,
        {"subject": {"current_residence": HERE}},
        {"messages": {"dms", "applicant_sms"}},
        {"subject": {"current_residence": ELSEWHERE}},
        {"messages": {"dms", "applicant_sms", "previous_office_electronic"}},
    ),
    (
        "R-136",
        "amend_record",
        {},
        {"messages": {"dms", "applicant_sms"}},
        {"false_data": True},
        {"messages": {"applicant_sms"}},
    ),
    ("R-138", MOVE, removed("2025-02-10"), {"tasks": {"offence_protocol"}}, removed("2025-02-11"), {"tasks": set()}),
    (
        "R-139",
        MOVE,
        BAD_PASSPORT,
        {"tasks": {"offence_protocol"}, "decision": "refused"},
        {**BAD_PASSPORT, "subject": PERMIT},
        {"tasks": {"dms_referral"}, "decision": "refused"},
    ),
    (
        "R-140",
        MOVE,
        {"subject": {**PERMIT, "permit_received_on": "2025-02-10"}},
        {"tasks": {"dms_referral"}},
        removed("2025-02-10"),
        {"tasks": {"offence_protocol"}},
    ),
    (
        "R-141",
        REMOVE,
        {**BAD_PASSPORT, "subject": PERMIT},
        {"tasks": {"dms_referral", "dms_new_document"}},
        BAD_PASSPORT,
        {"tasks": {"offence_protocol"}},
    ),
    ("R-142", "register_stay", removed("2015-01-01"), {"tasks": set()}, BAD_PASSPORT, {"tasks": set()}),
]

TESTED_IN = {
    "R-004": "test_application_effects.py::TestKeeping::test_one_in_another_community_is_noted_before_settling_anew",
    "R-005": "test_extract_pdf.py::TestContents::test_says_of_itself",
    "R-043": "test_services.py::TestRules::test_a_certificate_of_asking_for_protection_is_enough_for_a_stay_only",
    "R-045": "test_services.py::TestRules::test_no_military_document_is_asked_there",
    "R-094": "test_known_and_wording.py::TestTelling::test_a_declaration_through_diia_too",
    "R-102": "test_application_effects.py::TestRemoving::test_the_address_and_the_day_stay_in_the_register",
    "R-110": "test_application_effects.py::TestKeeping::test_a_child_of_this_register_on_any_day_and_nobody_else",
    "R-120": "test_application_decisions.py::TestChecks::test_what_was_declared_stays_as_it_was_declared",
    "R-127": "test_extract_pdf.py::TestContents::test_what_the_register_does_not_have_leaves_no_label",
    "R-129": "test_extracts.py::test_while_away_states_the_last_residence_left_here",
    "R-137": "test_known_and_wording.py::TestTelling::test_no_personal_data_and_a_code_of_six_digits",
    "R-144": "test_application_decisions.py::TestReceiving::test_any_office_takes_any_address",
    "R-145": "test_offices.py::TestHours::test_of_seven_offices",
    "R-146": "test_offices.py::TestHours::test_of_the_eighth",
}
"""What the register does, beyond any decision on an application, and the test that shows it."""

NOT_BY_DATA = {
    "R-025": "a clerk or a notary sees in what form a consent is given; an id means: in the form demanded",
    "R-105": "whether data came from the civil registry or from a scan is not a fact of the application",
    "R-109": "whose child a person is, and with whom it lives, the register does not hold",
    "R-111": "Портал Дія compares the number of the birth certificate; R-119 decides what follows when it stops",
    "R-112": "whose address a dwelling is (of late parents, of the foster family) the register does not hold",
    "R-121": "a declarant confirms and signs in Портал Дія, before the declaration comes",
    "R-126": "what a document leaves out is its layout, not a fact that could be otherwise",
    "R-130": "paper and file have equal force by law; a code leads to the page that checks the number",
    "R-143": "who punishes, and how, follows from the protocol, outside this register",
    "R-147": "the register books no visits",
    "R-148": "whether somebody is of a privileged category nobody tells the register",
    "R-150": "that a paper is written on and handed back is done by hand",
    "R-154": "to whom a list of residents is given is another service",
    "R-155": "the papers of other services",
    "R-156": "the papers of other services",
}
"""Why no data of this register can decide a rule."""


class TestRules:
    def test_each_of_the_156_is_in_exactly_one_place(self):
        placed = [rule[0] for rule in RULES] + [rule[0] for rule in ANSWERS] + [*TESTED_IN, *NOT_BY_DATA]
        assert sorted(placed) == [f"R-{number:03}" for number in range(1, 157)]
        assert all(NOT_BY_DATA.values())

    @pytest.mark.parametrize("rule", TESTED_IN)
    def test_what_is_tested_elsewhere_is(self, rule):
        file, *path = TESTED_IN[rule].split("::")
        found: Any = ast.parse((Path(__file__).parent / file).read_text("utf-8"))
        for name in path:
            found = next((one for one in found.body if getattr(one, "name", None) == name), None)
            assert found, name

    @pytest.mark.parametrize("rule", ANSWERS, ids=lambda rule: rule[0])
    def test_two_applications_have_two_answers(self, rule):
        _, service, first, answer, second, other = rule
        for said, wanted in ((first, answer), (second, other)):
            given = answered(decided(service, **said))
            assert {name: given[name] for name in wanted} == wanted

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[0])
    def test_one_passes_and_one_does_not(self, rule):
        _, service, passes, refused, why = rule
        assert decided(service, **passes).decision == "granted"
        second = decided(service, **refused)
        assert ids(second.grounds) | ids(second.barred) == why

    @pytest.mark.parametrize("service", SERVICES)
    def test_no_card_in_force_demands_what_the_law_forbids(self, service):
        listed = {rule.id for rule in card(service, LAW).rules["documents"]}
        assert not listed & OLDER_ONLY

    @pytest.mark.parametrize("service", [*CHILDREN, "amend_record", "issue_extract", *DECLARATIONS])
    def test_no_military_document_is_asked_there(self, service):
        assert "military_document" not in ids(decided(service, subject={"military_duty": True}).documents_required)

    def test_a_certificate_of_asking_for_protection_is_enough_for_a_stay_only(self):
        asylum = {"citizenship": "foreigner", "identity_document": "protection_application_certificate"}
        found = [decided(service, subject=asylum).decision for service in SERVICES[4:7]]
        assert found == ["granted", "refused", "granted"]
        assert decided("register_residence", subject=asylum).missing == ("identity_document",)
        assert decided("deregister_residence", subject=asylum, ground="stay_ended").decision == "granted"

    def test_a_representative_by_proxy_gets_an_extract_only_by_the_setting(self):
        proxy = {"applicant": {"kind": "proxy_representative"}, "documents": ["identity_document"]}
        assert ids(decided("issue_extract", **proxy).grounds) == {"under_14_or_unauthorised"}
        asked = replace(
            ask("issue_extract", **proxy),
            documents=frozenset({"identity_document", "representative_identity", "representative_authority"}),
        )
        assert decide(asked, card_for(asked), Readings(proxy_gets_extract=True)).decision == "granted"

    def test_an_owner_who_files_is_the_first_and_need_not_consent_again(self):
        co_owned = {"subject_is_owner": True, "owners": 3, "right_document_held": False}
        assert ids(decided("register_residence", dwelling=co_owned).consents_required) == {"owner_2", "owner_3"}
        starts = decided(
            "declare_residence",
            dwelling={"subject_is_owner": False, "owners": 2},
            **{"applicant": {"kind": "dwelling_co_owner"}},
        )
        assert ids(starts.consents_required) == {"owner_2", "subject"}
        assert ids(starts.documents_required) == {"declaration", "owner_data_1", "owner_data_2"}

    @pytest.mark.parametrize(
        ("kind", "consent"),
        [
            ("state_or_communal", "tenant_family"),
            ("dormitory_other", "dwelling_authorised_person"),
            ("private", "owner_1"),
        ],
    )
    def test_who_consents_goes_by_the_kind_of_the_dwelling(self, kind, consent):
        for service in ("register_residence", "register_stay"):
            asked = decided(service, dwelling={"kind": kind, "right_document_held": False})
            assert ids(asked.consents_required) == {consent}

    @pytest.mark.parametrize(
        ("service", "said", "listed"),
        [
            ("register_child_residence", {"channel": "emaliatko"}, {"application"}),
            ("deregister_residence", {"channel": "diia", "subject": {"military_duty": True}}, {"application"}),
            ("deregister_child_residence", {"channel": "diia"}, {"application"}),
            ("declare_residence", {}, {"declaration"}),
            ("declare_child_residence", {}, {"declaration"}),
            ("issue_extract", {"channel": "diia"}, set()),
        ],
    )
    def test_by_wire_nothing_is_attached(self, service, said, listed):
        assert ids(decided(service, **said).documents_required) == listed

    def test_in_card_4_the_other_parent_consents_at_one_address_too(self):
        assert ids(decided("deregister_child_residence").consents_required) == {"other_parent"}
        decided_place = decided("deregister_child_residence", parents={"child_place_decided": True})
        assert decided_place.consents_required == ()

    def test_every_document_comes_with_its_reason(self):
        mortgaged = decided("register_residence", dwelling={"mortgaged": True})
        assert [one.reason for one in mortgaged.consents_required] == ["бо житло в іпотеці або довірчій власності"]
        assert all(one.reason.startswith("бо ") for one in mortgaged.documents_required)


def answered(decision: Decision) -> dict[str, Any]:
    """What a decision says, in the words of `ANSWERS`."""
    return {
        "decision": decision.decision,
        "fee": decision.fee.kopiykas,
        "late": decision.late,
        "due_by": decision.due_by.isoformat(),
        "effective_on": decision.effective_on and decision.effective_on.isoformat(),
        "documents": ids(decision.documents_required),
        "messages": ids(decision.messages),
        "deadlines": {one.id: one.deadline.isoformat() for one in decision.messages if one.deadline},
        "tasks": ids(decision.tasks),
        "family_set": decision.family_set,
        "batch_overdue": decision.batch_overdue,
        "periods": decision.extract and decision.extract.previous_periods,
    }


class TestWhatFollows:
    def test_a_death_ends_the_residence_on_the_day_of_its_registration(self):
        dead = {"died_on": "2025-03-08", "death_registered_on": "2025-03-10"}
        notice = {"ground": "death_data", "channel": "notice", "applicant": {"kind": "civil_registry"}}
        entry = decided("deregister_residence", subject=dead, **notice)
        assert (entry.effective_on, entry.fee.kopiykas, ids(entry.messages)) == (date(2025, 3, 10), 0, {"dms"})

    @pytest.mark.parametrize(
        ("electronic", "told", "deadline"),
        [(True, "previous_office_electronic", date(2024, 6, 9)), (False, "previous_office_paper", date(2024, 6, 8))],
    )
    @pytest.mark.parametrize("service", ["register_residence", "register_child_residence", *DECLARATIONS])
    def test_the_previous_office_is_told_by_the_next_calendar_day_or_on_paper_the_same(
        self, service, electronic, told, deadline
    ):
        residence = {**ELSEWHERE, "electronic_exchange": electronic}
        moved = decided(service, received="2024-06-08T10:00", subject={"current_residence": residence})
        assert moved.previous_residence == "removed"
        assert {one.id: one.deadline for one in moved.messages if one.deadline} == {told: deadline}

    def test_nobody_is_told_of_a_move_within_the_community_or_of_a_refusal(self):
        within = decided("register_residence", subject={"current_residence": HERE})
        assert ids(within.messages) == {"dms", "applicant_sms"}
        refused = decided("register_residence", false_data=True, subject={"current_residence": ELSEWHERE})
        assert (ids(refused.messages), refused.previous_residence, refused.effective_on) == (
            {"applicant_sms"},
            None,
            None,
        )

    def test_the_guardianship_body_is_told_of_an_orphan_the_same_day(self):
        told = decided("register_child_residence", subject={"orphan": True}, applicant={"kind": "guardianship_body"})
        assert {one.id: one.deadline for one in told.messages if one.deadline} == {
            "guardianship_body": date(2025, 3, 13)
        }

    @pytest.mark.parametrize(
        ("service", "said", "tasks"),
        [
            ("register_residence", {"subject": {"deregistered_on": "2025-02-11"}}, set()),
            ("register_residence", {"subject": {"deregistered_on": "2025-02-10"}}, {"offence_protocol"}),
            ("register_residence", {"subject": {**PERMIT, "permit_received_on": "2025-02-11"}}, set()),
            ("register_residence", {"subject": {**PERMIT, "permit_received_on": "2025-02-10"}}, {"dms_referral"}),
            (
                "register_residence",
                {
                    "subject": {
                        "citizenship": "foreigner",
                        "identity_document": "refugee_certificate",
                        "permit_received_on": "2025-02-10",
                    }
                },
                set(),
            ),
            ("register_residence", {"invalid_documents": ["identity_document"]}, {"offence_protocol"}),
            ("register_residence", {"invalid_documents": ["dwelling_right_document"]}, set()),
            ("deregister_residence", {"invalid_documents": ["identity_document"]}, {"offence_protocol"}),
            (
                "deregister_residence",
                {"subject": PERMIT, "invalid_documents": ["identity_document"]},
                {"dms_referral", "dms_new_document"},
            ),
            ("register_child_residence", {"invalid_documents": ["parent_identity_document"]}, {"offence_protocol"}),
            (
                "register_child_residence",
                {"applicant": {"kind": "parent", **PERMIT}, "invalid_documents": ["parent_identity_document"]},
                {"dms_referral"},
            ),
            (
                "register_child_residence",
                {"subject": {"born": "2024-10-01", "birth_registered_on": "2024-10-02"}},
                set(),
            ),
            (
                "register_child_residence",
                {"applicant": {"kind": "parent", **PERMIT, "permit_received_on": "2025-02-10"}},
                {"dms_referral"},
            ),
            ("deregister_child_residence", {"invalid_documents": ["parent_identity_document"]}, set()),
            ("register_stay", {"invalid_documents": ["identity_document"]}, set()),
            ("declare_residence", {"subject": {"deregistered_on": "2024-02-10"}}, set()),
            (
                "declare_residence",
                {"subject": {"current_residence": {"kept": True, "occupied": {}}}},
                {"record_occupied_address"},
            ),
        ],
    )
    def test_tasks(self, service, said, tasks):
        assert ids(decided(service, **said).tasks) == tasks

    @pytest.mark.parametrize(("last", "together"), [("2024-06-04T10:00", True), ("2024-06-04T10:01", False)])
    def test_a_family_declares_within_24_hours(self, last, together):
        assert decided("declare_child_residence", family_formed=["2024-06-03T10:00", last]).family_set is together

    @pytest.mark.parametrize(("collected", "overdue"), [("2025-03-06", False), ("2025-03-05", True), (None, None)])
    def test_a_batch_is_handed_over_within_a_week(self, collected, overdue):
        assert decided("register_residence", documents_collected_on=collected).batch_overdue is overdue

    @pytest.mark.parametrize(
        ("kind", "shown"), [("person", ("b",)), ("legal_representative", ("b",)), ("dwelling_owner", ())]
    )
    def test_history_is_shown_to_the_person_and_only_of_this_community(self, kind, shown):
        periods = [{"id": "a", "place": "other_community"}, {"id": "b"}]
        wanted = {"state": "removed", "history_requested": True, "previous_periods": periods}
        issued = decided("issue_extract", applicant={"kind": kind}, extract=wanted)
        assert issued.extract and issued.extract.previous_periods == shown
        silent = decided("issue_extract", applicant={"kind": kind}, extract={**wanted, "history_requested": False})
        assert silent.extract and silent.extract.previous_periods == ()

    def test_deadlines_count_from_the_day_of_the_act(self):
        moved = {"received": "2025-03-13T20:00", "subject": {"current_residence": ELSEWHERE}}
        asked = complete(ask("declare_residence", **moved))
        for acted_on, effective in ((None, date(2025, 3, 14)), (date(2025, 3, 13), date(2025, 3, 13))):
            entry = decide(asked, card_for(asked), acted_on=acted_on)
            (told,) = (one.deadline for one in entry.messages if one.deadline)
            assert (entry.effective_on, told) == (effective, effective + timedelta(days=1))

    def test_deciding_twice_gives_the_same(self):
        asked = complete(ask("register_residence", dwelling={"mortgaged": True}))
        assert decide(asked, card_for(asked)) == decide(asked, card_for(asked))


class TestReading:
    def test_defaults_that_depend_on_the_service(self):
        assert ask("amend_record").ground == "residence_mistake"
        assert ask("register_stay").ground == "application"
        assert [ask(one).parents.dwelling_is_parents for one in SERVICES] == [one in CHILDREN for one in SERVICES]
        assert ask("deregister_residence", persons=3).payments == 3

    @pytest.mark.parametrize(
        "said",
        [
            {"unheard": 1},
            {"channel": "fax"},
            {"subject": {"borne": "x"}},
            {"subject": {"born": "2025-02-30"}},
            {"dwelling": {"owners": "3"}},
            {"documents": "application"},
            {"valid_until": {"identity_document": 5}},
            {"dwelling": None},
        ],
    )
    def test_what_is_no_application_is_named(self, said):
        with pytest.raises(NotAnApplication):
            ask("register_residence", **said)

    def test_an_application_without_what_it_must_have_is_none(self):
        with pytest.raises(NotAnApplication):
            read({"service": "register_residence", "received": "2025-03-13T09:00"})

    def test_every_section_of_a_card_is_a_known_one(self):
        assert all(set(one.rules) == set(SECTIONS) for one in EVERY_CARD)
