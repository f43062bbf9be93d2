"""One vocabulary, both ways: its ids ↔ the closed lists of the facts ↔ the cards ↔ the API's form ↔ the labels.

The lists here are this project's copy of `cases/services_vocabulary.yaml`; documents, consents, bars, messages and
tasks are in `VOCABULARY`, the nine grounds in `GROUNDS` of the services' tests. Documents and consents have no labels
but the name that each card gives them.
"""

import ast
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from test_api import Desk, desk
from test_services import GROUNDS, OLDER_ONLY, RULES_OF_ALL, SERVICES, VOCABULARY, decided

from api.case_forms import WORKED_OUT
from registry import services
from registry.aggregates.case import past, ruling
from registry.aggregates.dwelling import decisions as about_dwelling
from registry.cases.extracts_asked import BASES
from registry.outgoing import makers
from registry.services import application, checks, decision, headers
from registry.services.catalogue import EVERY_CARD
from registry.services.rules import PREDICATES
from registry.texts import TEXTS

__all__ = ["desk"]

IDS = {
    "services": """register_residence deregister_residence register_child_residence deregister_child_residence
        register_stay amend_record issue_extract declare_residence declare_child_residence""",
    "channels": "office diia emaliatko notice",
    "applicants": """person parent legal_representative proxy_representative owner_representative dwelling_owner
        dwelling_co_owner dwelling_authorised_person social_institution guardianship_body mortgagee trust_owner dms
        court civil_registry registration_body official_body other""",
    "citizenship": "ua foreigner stateless",
    "identity_documents": """passport_card passport_booklet passport_travel temporary_ua_certificate permanent_permit
        temporary_permit refugee_certificate additional_protection_certificate temporary_protection_certificate
        stateless_document protection_application_certificate other""",
    "capacity": "full emancipated limited incapable",
    "residence_kinds": "residence stay",
    "places": "this_community other_community",
    "dwelling_kinds": """private state_or_communal dormitory_school dormitory_other social_institution
        orphan_institution military_unit family_type_home foster_family""",
    "encumbrances": "none forbids_registration other",
    "grounds": """application owner_application emigration stay_ended court_ownership_lost court_use_lost
        court_eviction court_missing court_declared_dead court_removal death_certificate death_data
        foreign_death_document dms_notice permit_cancelled institution_notice authorised_person_notice
        registered_elsewhere_notice official_request residence_mistake personal_data_change""",
    "extract_states": "active removed cancelled",
    "decisions": "granted refused not_possible",
    "previous_residence": "removed kept",
    "names_removed_under": "previous",
}
V = {name: set(listed.split()) for name, listed in IDS.items()}

CLOSED: dict[tuple[type, str], str] = {
    (application.Application, "channel"): "channels",
    (application.Application, "ground"): "grounds",
    (application.Application, "moves_to"): "dwelling_kinds",
    (application.Applicant, "kind"): "applicants",
    (application.Applicant, "citizenship"): "citizenship",
    (application.Applicant, "identity_document"): "identity_documents",
    (application.Subject, "citizenship"): "citizenship",
    (application.Subject, "identity_document"): "identity_documents",
    (application.Subject, "capacity"): "capacity",
    (application.Subject, "deregistered_from"): "places",
    (application.CurrentResidence, "kind"): "residence_kinds",
    (application.CurrentResidence, "place"): "places",
    (application.AskedDwelling, "kind"): "dwelling_kinds",
    (application.AskedDwelling, "encumbrance"): "encumbrances",
    (application.PreviousPeriod, "place"): "places",
    (application.ExtractAsked, "state"): "extract_states",
    (checks.Encumbrance, "encumbrance"): "encumbrances",
    (decision.Decision, "decision"): "decisions",
    (decision.Decision, "previous_residence"): "previous_residence",
    (decision.Decision, "removed_under_name"): "names_removed_under",
}
"""Every closed list of the facts, the answers and the decision."""

KEYS: dict[type, str] = {
    application.Applicant: "kind authority_proved citizenship identity_document permit_received_on",
    application.Subject: """born citizenship identity_document military_duty capacity orphan guardianship learner
        homeless_record birth_registered_abroad first_registration adopted_with_new_name deregistered_on
        deregistered_from permit_received_on birth_registered_on died_on death_registered_on declared_dead_on
        registered_elsewhere_on current_residence serves_in_unit absence_protected absence_stands""",
    application.CurrentResidence: "kind place kept occupied electronic_exchange",
    application.Occupied: "end_date",
    application.AskedDwelling: """kind owners subject_is_owner right_document_held in_property_register encumbrance
        mortgaged property_register_agrees address_assigned is_dwelling rental""",
    application.Rental: "until terminated_on",
    application.Parents: """other_exists same_address child_place_decided dwelling_is_parents registry_agrees
        in_this_registry foreigner_in_birth_certificate""",
    application.ExtractAsked: "state history_requested previous_periods",
    application.PreviousPeriod: "id place",
    application.Application: """service received channel ground applicant subject dwelling parents documents consents
        invalid_documents valid_until false_data persons payments moves_to portal_check_passed family_formed
        documents_collected_on extract""",
}
"""The keys of a case; `serves_in_unit` is asked by card 71-05 alone, an absence before an owner's removal."""

READINGS = {rule.id for _, section, rule in RULES_OF_ALL if section == "readings"}
"""The readings that the cards tell of, by T-number or by the field that decides them."""

SEEN_BY_NOBODY = {"died_on", "deregistered_from"}
"""What is said and decides nothing: of a death the day of its registration counts, and where somebody was removed last
is compared with the register."""


def closed(hint: Any) -> set[str] | None:
    """The values of a closed list, optional or not."""
    literals = [one for one in (hint, *get_args(hint)) if get_origin(one) is application.Literal]
    return set(get_args(literals[0])) if literals else None


def closed_lists(kinds: Any) -> dict[tuple[type, str], set[str]]:
    return {
        (kind, name): values
        for kind in kinds
        for name, hint in get_type_hints(kind).items()
        if (values := closed(hint)) is not None
    }


def labels(group: str) -> set[str]:
    return set(TEXTS[group])


class TestFacts:
    def test_every_closed_list_is_one_of_the_vocabulary_and_the_other_way(self):
        found = closed_lists([*KEYS, *checks.CHECKS.values(), decision.Decision])
        assert found == {where: V[name] for where, name in CLOSED.items()}
        assert set(CLOSED.values()) == set(V) - {"services"}

    @pytest.mark.parametrize("kind", KEYS, ids=lambda kind: kind.__name__)
    def test_the_fields_are_the_keys_of_a_case(self, kind):
        assert {one.name for one in fields(kind)} - WORKED_OUT == set(KEYS[kind].split())

    def test_no_dataclass_of_facts_is_left_out(self):
        declared = {one for one in vars(application).values() if isinstance(one, type) and is_dataclass(one)}
        assert declared - {application.Readings, application.Facts, application.Service} == set(KEYS)

    def test_none_of_them_can_be_changed(self):
        kinds = [*KEYS, *checks.CHECKS.values(), checks.Registers]
        assert all(kind.__dataclass_params__.frozen for kind in kinds)

    def test_every_field_is_looked_at_by_some_rule(self):
        read = set()
        for path in Path(services.__path__[0]).glob("*.py"):
            said = ast.walk(ast.parse(path.read_text("utf-8")))
            read |= {node.attr for node in said if isinstance(node, ast.Attribute) and path.name != "application.py"}
        assert {name for keys in KEYS.values() for name in keys.split()} - read == SEEN_BY_NOBODY


class TestCards:
    def test_the_services_are_those_that_the_cards_offer(self):
        assert set(SERVICES) == V["services"] <= headers.SERVICES.keys()

    def test_each_service_does_one_thing(self):
        does = {id: headers.SERVICES[id] for id in SERVICES}
        removals = {"deregister_residence", "deregister_child_residence"}
        assert {id for id, one in does.items() if one.removes} == removals
        assert {id for id, one in does.items() if one.corrects} == {"amend_record"}
        assert {id for id, one in does.items() if one.informs} == {"issue_extract"}
        assert V["services"] - removals - {"amend_record", "issue_extract"} == {
            id for id, one in does.items() if one.settles
        }
        assert {id for id, one in does.items() if one.of_children} == {id for id in does if "child" in id}

    def test_a_card_admits_channels_of_the_vocabulary(self):
        channels = [service.channels for one in EVERY_CARD for service in one.services.values()]
        assert all(channels) and set().union(*channels) == V["channels"]
        assert {name for one in EVERY_CARD for term in one.terms for name in term.channels} <= V["channels"]

    def test_what_a_card_says_of_other_services_is_said_of_services(self):
        assert all(one.priced_as.keys() <= V["services"] for one in EVERY_CARD)
        assert all(set(one.priced_as.values()) <= one.services.keys() for one in EVERY_CARD)
        assert set().union(*(rule.services for _, _, rule in RULES_OF_ALL)) <= V["services"]

    def test_applicants_grounds_and_identity_documents(self):
        said = {"applicants": set(), "grounds": set(), "identity_documents": {"other"}}
        for _, section, rule in RULES_OF_ALL:
            said["identity_documents"] |= rule.accepted
            said["applicants"] |= rule.kinds
            said["grounds"] |= {rule.id} if section == "grounds" else rule.grounds
        assert said == {name: V[name] for name in said}

    @pytest.mark.parametrize("section", ["documents", "consents", "payments", "barred", "messages", "tasks", "marks"])
    def test_the_cards_name_these_ids_and_no_others(self, section):
        known = VOCABULARY[section] | (OLDER_ONLY if section == "documents" else set())
        assert {rule.id for _, its, rule in RULES_OF_ALL if its == section} == known

    def test_refusal_grounds_and_predicates(self):
        refusals = [rule for _, section, rule in RULES_OF_ALL if section == "refusals"]
        assert {rule.id for rule in refusals} == set(GROUNDS)
        used = {name for one in EVERY_CARD for name in one.when}
        used |= {name for _, _, rule in RULES_OF_ALL for name in rule.names()}
        assert used == set(PREDICATES)

    def test_a_document_and_a_consent_have_a_name_for_people(self):
        listed = [rule for _, section, rule in RULES_OF_ALL if section in ("documents", "consents", "payments")]
        assert [rule.id for rule in listed if not re.search("[а-яіїєґ]", rule.name)] == []

    def test_the_marks_that_a_decision_reads_are_those_of_the_cards(self):
        source = Path(decision.__file__).read_text("utf-8")
        assert set(re.findall(r'marks\.get\("(\w+)"', source)) == VOCABULARY["marks"]


class TestChecks:
    def test_each_has_a_kind_of_answer_a_connection_and_a_label(self):
        connections = {one.name for one in fields(checks.Registers)}
        assert set(checks.CHECKS) == connections == labels("checks")
        assert set(checks.CHECKS.values()) == {*checks._SPEAKS_OF, checks.Payment, checks.Absence}

    def test_an_answer_speaks_of_facts_of_the_application_in_their_own_values(self):
        for answer, about in checks._SPEAKS_OF.items():
            facts = get_type_hints(get_type_hints(application.Application)[about])
            for name, hint in get_type_hints(answer).items():
                assert hint in (facts[name], facts[name] | None)
        said = {one.name for one in fields(checks.Payment)} - {"payments"}
        assert said == {"kopiykas", "receipt"}

    def test_it_is_asked_for_facts_that_some_card_refuses_on(self):
        refusing = {name for _, section, rule in RULES_OF_ALL if section == "refusals" for name in rule.facts}
        assert set().union(*checks._DECIDES.values()) <= refusing & set(PREDICATES)
        assert set(checks._DECIDES) == {"ownership", "encumbrance"}


class TestLabels:
    @pytest.mark.parametrize(
        ("group", "ids"),
        [
            ("citizenship", V["citizenship"]),
            ("dwelling_kinds", V["dwelling_kinds"] | {"elsewhere", "abroad"}),
            ("document_kinds", V["identity_documents"] | {"birth_certificate"}),
            ("grounds", V["grounds"] - {"residence_mistake", "personal_data_change"} | {"moved"}),
            ("messages", VOCABULARY["messages"] | {makers.SUPERSEDED.id, makers.REPLY.id, makers.NOTICE_ANSWER.id}),
            (
                "tasks",
                VOCABULARY["tasks"]
                | {makers.AFTER_DEATH.id, makers.KEPT_ENDED.id, makers.TYPED_ENTRY.id, makers.ANSWER.id},
            ),
            ("bases", {*(id for id in TEXTS["bases"] if id in headers.SERVICES), *decision.DEATHS, "card-index"}),
            ("extract_basis", set(BASES.values())),
            ("paper_journals", set(past.JOURNALS)),
            ("waits_for", set(past.WAITS_FOR)),
            ("readings", READINGS | {one.name for one in fields(application.Readings)}),
        ],
    )
    def test_each_id_has_a_label_and_no_label_is_left_over(self, group, ids):
        assert labels(group) == ids

    def test_a_dwelling_is_of_these_kinds(self):
        assert set(about_dwelling.KINDS) == labels("dwelling_kinds")

    def test_an_extract_has_a_basis_for_whoever_may_get_one(self):
        listed = [(rule.kinds, one) for one, section, rule in RULES_OF_ALL if section == "applicants"]
        kinds = set().union(*(kinds for kinds, one in listed if "issue_extract" in one.services))
        assert kinds == set(BASES)

    def test_the_applicant_is_told_by_the_messages_that_say_so(self):
        assert {one for one in VOCABULARY["messages"] if one.startswith("applicant_")} == set(ruling._TO_APPLICANT)

    def test_a_decision_gives_no_other_message_or_task(self):
        said = [decided(service) for service in sorted(V["services"] - {"declare_child_residence"})]
        assert {one.id for each in said for one in (*each.messages, *each.tasks)} <= labels("messages") | labels(
            "tasks"
        )


class TestTheForm:
    def test_its_closed_lists_are_those_of_the_facts(self, desk: Desk) -> None:
        """Both ways, by the description of the API: no value more, none less, no list left open."""
        schemas = desk.get("/openapi.json").json()["components"]["schemas"]
        found = {
            (kind, one.name): set(values)
            for kind in (*KEYS, *checks.CHECKS.values())
            for one in fields(kind)
            if one.name not in WORKED_OUT and (values := enumerated(schemas[form_of(kind)]["properties"][one.name]))
        }
        asked = {where: V[name] for where, name in CLOSED.items() if where[0] is not decision.Decision}
        assert found == {**asked, (application.Application, "service"): set(headers.SERVICES)}

    @pytest.mark.parametrize("group", [KEYS, checks.CHECKS.values()], ids=["facts", "answers"])
    def test_its_fields_are_those_of_the_facts(self, desk: Desk, group: Any) -> None:
        schemas = desk.get("/openapi.json").json()["components"]["schemas"]
        for kind in group:
            asked, form = {one.name for one in fields(kind)} - WORKED_OUT, set(schemas[form_of(kind)]["properties"])
            assert asked == form if kind is not application.Application else asked < form


def form_of(kind: type) -> str:
    """The name of the form in which facts of a kind are asked for; an application says more of the visit."""
    if kind in checks.CHECKS.values():
        return f"{kind.__name__}Said"
    return "NewApplication" if kind is application.Application else kind.__name__


def enumerated(said: dict[str, Any]) -> list[str]:
    """The closed list of a property, optional or not."""
    return next((one["enum"] for one in (said, *said.get("anyOf", ())) if "enum" in one), [])
