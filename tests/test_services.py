"""The cards against their predicates, the vocabulary and the sources; and where the rules of the catalogue are tested.

Every R-rule (`catalogue/rules.md`) is in one of three: `cases/services/pairs.json` shows what data decide
(`test_pairs.py`), `TESTED_IN` names the test of what the register does and no decision says, `NOT_BY_DATA` why no data
can decide.
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
from given import judged

from registry.services import application, decision, headers
from registry.services.adopted import Readings
from registry.services.application import Application, NotAnApplication, read
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
        true_data status_proof owner_data_N military_data""".split()
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
        foreigners_only absence_protected channel_not_admitted not_a_notice only_as_notice""".split()
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
    needed = judged(asked)
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
    return judged(asked, settings or Readings())


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


HERE, ELSEWHERE = {"place": "this_community"}, {"place": "other_community"}
PERMIT = {"citizenship": "foreigner", "identity_document": "temporary_permit"}
OWNER = {"applicant": {"kind": "dwelling_owner"}, "ground": "owner_application"}


TESTED_IN = {
    "R-004": "test_application_effects.py::TestKeeping::test_one_in_another_community_is_noted_before_settling_anew",
    "R-005": "test_extract_pdf.py::TestContents::test_says_of_itself",
    "R-094": "test_wording.py::TestTelling::test_a_declaration_through_diia_too",
    "R-102": "test_application_effects.py::TestRemoving::test_the_address_and_the_day_stay_in_the_register",
    "R-110": "test_application_effects.py::TestKeeping::test_a_child_of_this_register_on_any_day_and_nobody_else",
    "R-120": "test_application_decisions.py::TestChecks::test_what_was_declared_stays_as_it_was_declared",
    "R-127": "test_extract_pdf.py::TestContents::test_what_the_register_does_not_have_leaves_no_label",
    "R-129": "test_extracts.py::test_while_away_states_the_last_residence_left_here",
    "R-137": "test_wording.py::TestTelling::test_no_personal_data_and_a_code_of_six_digits",
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
    @pytest.mark.parametrize("rule", TESTED_IN)
    def test_what_is_tested_elsewhere_is(self, rule):
        file, *path = TESTED_IN[rule].split("::")
        found: Any = ast.parse((Path(__file__).parent / file).read_text("utf-8"))
        for name in path:
            found = next((one for one in found.body if getattr(one, "name", None) == name), None)
            assert found, name

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
            entry = judged(asked, acted_on=acted_on)
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
