"""Rules of the cards that only a mutant of the pure decision had shown to be untested.

Of 1287 mutants of `registry/services/{decision,predicates,grounds,catalogue,fees,terms}.py` the tests of services, of
their cases, of fees and of terms killed 1100. Each test here fails on at least one of the other 187. What is left
answers the same to every application (fees and terms have moved into the cards since, and their rows with them):

| Where                    | Mutant                                    | Why nothing changes                           |
| ------------------------ | ----------------------------------------- | --------------------------------------------- |
| grounds `_passed`,       | less than 30 days, `>=`, or no term       | asked only of who is late, and late is past   |
| `_TERM`                  |                                           | 30 days from the latest event                 |
| grounds, conditions of   | without `current is not None`             | the card asks for the residence first         |
| the current residence    |                                           |                                               |
| grounds                  | `about_standing_residence` never          | 71-03 is the first of the two, so the default |
| decision `_paid`         | without `or 0`, or `or -1`                | `Application` fills `payments`; persons >= 1  |
| decision `Needed`        | `optional` by default                     | always given                                  |
| catalogue `Rule`         | other defaults of `name`, `reason`        | read only where every card gives them         |
| catalogue `card`         | `any` for `all`, the last for the first   | one condition a card, of two opposite ones    |
| catalogue, fees          | no `encoding`                             | the same in a UTF-8 locale                    |
| predicates `fee_due`     | more than 1 kopiyka                       | no fee is 1 kopiyka                           |

Once the register was the first witness, of 269 mutants of `decision` the tests of services and of their cases killed
238, and of 260 of `grounds` 234 (the others were not run again). Tests here kill 24 and 14 more. The other 7 and 12:

| Where                    | Mutant                                    | Why nothing changes                           |
| ------------------------ | ----------------------------------------- | --------------------------------------------- |
| decision `DEATHS`        | without what ДМС or a court tells         | `day_of_death` has asked before; the cases    |
|                          |                                           | that read it have tests of their own          |
| decision `is_notice`     | whatever the channel                      | asked only of a notice                        |
| decision `_paid`         | without `or 0`                            | `Application` fills `payments`                |
| decision, grounds        | nothing for False or None                 | as good as False; it is None already          |
| grounds, conditions of   | without `is not None`                     | the card asks for the residence first; card 7 |
| a residence, an extract  |                                           | always has an extract                         |
| grounds                  | `about_standing_residence` never          | 71-03 is the first of the two, so the default |
| grounds `_passed`        | less than 30 days, `>=`, or no term       | asked only of who is late                     |
| grounds                  | an expired document is taken of a child's | card 4 has neither the row of card 2 nor      |
| `_expired_is_taken`      | parent too                                | tasks                                         |

Before a case became a value (its decisions now stand in `aggregates/case/case.py` and `ruling.py`, what the register
knows in `case/witness.py`), of 926 mutants of `decisions`, `effects`, `checks` and `known` the tests of applications,
of service cases and of the vocabulary killed 834. Tests there and `TestChecks` here kill 34 more; four went with code
that did nothing. The other 54:

| Where                    | Mutant                                    | Why nothing changes                           |
| ------------------------ | ----------------------------------------- | --------------------------------------------- |
| decisions                | another first id, instant or actor of an  | nobody reads the envelope of what is only     |
| `supposing`              | entry, or no `strict`                     | supposed; as many versions as facts           |
| decisions `receive`      | the last part for the first, no `strict`  | all parts are of one visit and one channel    |
| decisions `required`     | a fee of 1 kopiyka where none is published| asked is only whether there is one            |
| decisions `decide`       | another sum supposed to be paid           | only a bar is looked for, and no bar asks it  |
| effects `residence`      | the last for the first                    | there is exactly one                          |
| effects, checks          | dataclasses without `slots`, `kw_only`    | every field is named where one is made        |
| effects `_Life`, Granted | not `frozen`                              | nobody changes one                            |
| known `_residence`       | without `here is None`, `home is None`    | without a row there is no dwelling            |
| known `_of_subject`      | without `born`, `row.until`               | what is absent is not known to the day        |
| known `_katottg`         | without `home.names`                      | an entered dwelling has a name                |

Once a case was a value, `aggregates/case/` was run module by module against the tests that need no database. All 154
mutants of `past`, `coming` and `second_person` die (the field of a fault and the names of the journals did not count
before). Of 641 of `witness` 563 died; guards that did nothing are gone, and of the 680 of today's tests in
`test_witness` and here kill 663. The other 17:

| Where                    | Mutant                                    | Why nothing changes                           |
| ------------------------ | ----------------------------------------- | --------------------------------------------- |
| `Words`                  | other parameters                          | read by the type checker only                 |
| `_Compared` `words`      | what is no mapping too                    | only parts of the form are asked for          |
| `fill`                   | without the held value being a mapping    | it is one wherever the said one is            |
| `birth_date`, `left_home`| without asking whether there is one       | an absent date is not known to the day, and   |
| `carried`                |                                           | no residence has the id None                  |
| `_told`                  | another word for False                    | only a parent's address is held so: said True |
| `_shows_identity`        | None for False                            | as good as False                              |
| `_where_from`            | without `here`, or without `home`         | there is a home where there is a row          |
| `_left`                  | those without an end too                  | only a kept one has none: it is last only     |
|                          |                                           | where it is alone, and differs from nothing   |
| `_left`                  | without what stands for an absent day     | each of them has ended                        |

Of `effects`, `terms`, `checks`, `fees` and `predicates` nearly nothing was tested but over HTTP of whose contract of a
dwelling is noted, of papers where no day is a working one, of the status of who asks for an extract, of an
emancipation, and of a right that no register shows. Their tests and those here now kill 324 of 326, 83 of 84, 137 of
139, 101 of 105 and 474 of 476:

| Where                    | Mutant                                    | Why nothing changes                           |
| ------------------------ | ----------------------------------------- | --------------------------------------------- |
| effects `_note_dwelling` | without `home is None`                    | no dwelling at hand has the id None           |
| effects `_remove`        | without `or ""`                           | a removal has its ground                      |
| terms `last_day_in_time` | None for None                             | the same                                      |
| checks `Answer`          | another name, or not covariant            | read by the type checker only                 |
| fees `amount`            | what is for some only too                 | in every card the rate stands before it       |
| fees `_amount`           | without `per_mille is None`               | an amount is one of the two                   |
| fees `_for_each`         | less than two persons, or one             | of one person it is not asked                 |
| predicates `fee_due`     | more than 1 kopiyka                       | no fee is 1 kopiyka                           |
| predicates `_rental_ended` | None for False                          | as good as False                              |
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from given import HOURS
from test_services import ADULT, CHILD, DECLARATIONS, HERE, LAW, MINOR, PERMIT, SERVICES, ask, complete, decided, ids

from registry.services import catalogue, predicates, rules
from registry.services.adopted import AS_DECIDED, Readings
from registry.services.application import Facts, NotAnApplication
from registry.services.catalogue import card
from registry.services.checks import (
    CHECKS,
    NO_REGISTERS,
    may_be_told,
    presumed,
    read_answer,
    required,
    with_status,
)
from registry.services.decision import card_for, decide, dues
from registry.services.fees import NoPublishedAmount, share
from registry.services.terms import due_by

COURT = (
    "court_ownership_lost",
    "court_use_lost",
    "court_eviction",
    "court_missing",
    "court_declared_dead",
    "court_removal",
)
DEATH = ("death_certificate", "death_data")
BY_WILL = ("application", "emigration", "stay_ended")
OLDER = "2021-08-17T10:00"
DAY = "2025-03-13"
BEFORE, AFTER = "2025-03-12", "2025-03-14"
REPRESENTATIVES = ("parent", "legal_representative", "proxy_representative")
FOREIGNER = {"citizenship": "foreigner", "identity_document": "permanent_permit"}
REFUGEE = {"citizenship": "foreigner", "identity_document": "refugee_certificate"}


def documents(service: str, **said: Any) -> set[str]:
    return ids(decided(service, **said).documents_required)


def consents(service: str, **said: Any) -> set[str]:
    return ids(decided(service, **said).consents_required)


def why(service: str, *without: str, **said: Any) -> set[str]:
    """The grounds of refusal and the bars."""
    decision = decided(service, without, **said)
    return ids(decision.grounds) | ids(decision.barred)


def sources(ground: str) -> dict[str, Any]:
    """Who tells of a removal that nobody applied for, and how."""
    bodies = {**dict.fromkeys(COURT, "court"), "dms_notice": "dms", "death_data": "civil_registry"}
    kind = bodies.get(ground, "person")
    if ground == "death_certificate":
        kind = "parent"
    return {"ground": ground, "applicant": {"kind": kind}, "channel": "notice" if ground in bodies else "office"}


class TestRemovals:
    def test_the_authorised_person_of_a_dwelling_shows_no_ownership(self):
        """Card 2, rows 9, 16: owners do."""
        asked = documents("deregister_residence", applicant={"kind": "dwelling_authorised_person"})
        assert not asked & {"owner_identity", "ownership_document"}

    def test_only_a_death_takes_effect_before_the_act(self):
        """Card 2, row 9: of who was evicted and died since, the residence ends by the act."""
        dead = {"death_registered_on": "2025-03-10"}
        entry = decided("deregister_residence", subject=dead, **sources("court_eviction"))
        assert entry.effective_on == date(2025, 3, 13)

    @pytest.mark.parametrize("ground", [*COURT, *DEATH, "dms_notice"])
    @pytest.mark.parametrize("service", ["deregister_residence", "deregister_child_residence"])
    def test_without_anybodys_will_nobody_consents(self, service, ground):
        """Cards 2, 4, row 9; row 8 has the decisions and deaths as grounds of their own."""
        born = MINOR if service == "deregister_residence" else CHILD
        assert consents(service, subject={"born": born, "guardianship": True}, **sources(ground)) == set()

    @pytest.mark.parametrize("ground", [*BY_WILL, "owner_application", *COURT, *DEATH, "dms_notice"])
    def test_an_application_is_asked_of_who_applies(self, ground):
        """Card 2, rows 8, 9: a decision or a death needs none."""
        asked = documents("deregister_residence", **{**sources(ground), "channel": "office"})
        assert ("application" in asked) == (ground in (*BY_WILL, "owner_application"))

    @pytest.mark.parametrize("ground", COURT)
    @pytest.mark.parametrize("service", ["deregister_residence", "deregister_child_residence"])
    def test_each_kind_of_courts_decision_is_brought_itself(self, service, ground):
        """Cards 2, 4, row 8."""
        assert why(service, "court_decision", **sources(ground)) == {"incomplete"}

    def test_a_death_certificate_is_brought_and_a_message_brings_none(self):
        """Cards 2, 4, row 8."""
        for service in ("deregister_residence", "deregister_child_residence"):
            assert "death_certificate" in documents(service, **sources("death_certificate"))
            assert why(service, "death_certificate", **sources("death_certificate")) == {"incomplete"}
            assert documents(service, **sources("death_data")) == set()

    @pytest.mark.parametrize("ground", ["court_declared_dead", *DEATH, "dms_notice"])
    def test_every_death_ends_the_residence_on_the_day_of_its_registration(self, ground):
        """Cards 2, 4, row 9; ДМС may tell of one too."""
        dead = {"death_registered_on": "2025-03-10"}
        entry = decided("deregister_residence", subject=dead, **sources(ground))
        assert entry.effective_on == date(2025, 3, 10)

    @pytest.mark.parametrize("kind", ["dwelling_owner", "dwelling_co_owner"])
    @pytest.mark.parametrize("ground", ["application", "owner_application"])
    def test_an_owner_who_applies_shows_what_he_owns(self, kind, ground):
        """Card 2, row 9."""
        asked = documents("deregister_residence", applicant={"kind": kind}, ground=ground)
        assert asked == {"application", "owner_identity", "ownership_document", "fee_evidence"}

    def test_an_owner_who_brings_a_courts_decision_does_not(self):
        """Card 2, rows 8, 9: anybody may bring it."""
        said = {"applicant": {"kind": "dwelling_owner"}, "ground": "court_eviction"}
        assert documents("deregister_residence", **said) == {"court_decision"}

    def test_a_person_who_is_told_of_by_an_owner_needs_no_military_document(self):
        """Card 2, row 9: it is the person's own."""
        for ground in ("application", "owner_application"):
            said = {"applicant": {"kind": "dwelling_owner"}, "ground": ground, "subject": {"military_duty": True}}
            assert "military_document" not in documents("deregister_residence", **said)

    @pytest.mark.parametrize(
        ("rental", "ended"),
        [
            ({"until": BEFORE}, True),
            ({"until": DAY}, False),
            ({"terminated_on": DAY}, True),
            ({"terminated_on": BEFORE, "until": AFTER}, True),
            ({"terminated_on": AFTER}, False),
            ({"terminated_on": AFTER, "until": BEFORE}, True),
            ({}, False),
        ],
    )
    def test_a_rental_ends_on_its_last_day_or_when_terminated(self, rental, ended):
        """Card 2, row 16; T-41."""
        owner = {"applicant": {"kind": "dwelling_owner"}, "ground": "owner_application"}
        assert why("deregister_residence", dwelling={"rental": rental}, **owner) == (
            set() if ended else {"rental_not_ended"}
        )

    def test_the_name_before_adoption_is_kept_for_an_adopted_child_only(self):
        """Card 4, row 9."""
        body = {"kind": "guardianship_body"}
        adopted = {"orphan": True, "adopted_with_new_name": True}
        assert decided("deregister_child_residence").removed_under_name is None
        told = decided("deregister_child_residence", subject=adopted, applicant=body)
        assert told.removed_under_name == "previous"

    def test_of_an_orphan_who_moves_into_an_institution_no_fee_is_due(self):
        """Card 4, row 11.2: by where the child moves to, not by the dwelling that is left."""
        orphan = {"subject": {"orphan": True}, "applicant": {"kind": "guardianship_body"}}
        moves = decided("deregister_child_residence", moves_to="orphan_institution", **orphan)
        stays = decided("deregister_child_residence", dwelling={"kind": "orphan_institution"}, **orphan)
        assert (moves.fee.kopiykas, stays.fee.kopiykas) == (0, 4542)
        arrives = decided("register_child_residence", dwelling={"kind": "orphan_institution"}, **orphan)
        assert arrives.fee.kopiykas == 0


class TestTheDayOfIt:
    """Cards 2, 4, row 9: the day on which a residence ends is not always that of the act."""

    DIED, IN_FORCE, NAMED = "2025-03-03", "2025-03-05", "2025-03-06"
    CARDS = pytest.mark.parametrize("service", ["deregister_residence", "deregister_child_residence"])

    def told(self, service: str, ground: str, kind: str, **subject: Any) -> date | None:
        how = {"ground": ground, "applicant": {"kind": kind}, "channel": "notice"}
        how |= {"channel": "office"} if kind in ("parent", "person") else {}
        return decided(service, subject=subject, **how).effective_on

    @CARDS
    def test_of_a_court_that_declared_a_death_its_entry_into_force(self, service):
        court = ("court_declared_dead", "court")
        both = {"declared_dead_on": self.IN_FORCE, "death_registered_on": self.DIED}
        assert self.told(service, *court, **both) == date.fromisoformat(self.IN_FORCE)
        assert self.told(service, *court, death_registered_on=self.DIED) == date.fromisoformat(self.DIED)

    @CARDS
    def test_of_a_notice_of_the_dms_the_registration_or_else_the_receipt(self, service):
        assert self.told(service, "dms_notice", "dms", death_registered_on=self.DIED) == date.fromisoformat(self.DIED)
        notice = {"ground": "dms_notice", "applicant": {"kind": "dms"}, "channel": "notice"}
        asked = complete(ask(service, **notice))
        entered = decide(asked, card_for(asked), acted_on=date(2025, 3, 20))
        assert entered.effective_on == date.fromisoformat(DAY)

    @CARDS
    def test_of_a_foreign_document_the_registration(self, service):
        told = self.told(service, "foreign_death_document", "parent", death_registered_on=self.DIED)
        assert told == date.fromisoformat(self.DIED)

    @CARDS
    def test_of_somebody_registered_elsewhere_the_day_that_the_notice_names_or_else_the_receipt(self, service):
        elsewhere = ("registered_elsewhere_notice", "registration_body")
        named = self.told(service, *elsewhere, registered_elsewhere_on=self.NAMED)
        assert named == date.fromisoformat(self.NAMED)
        assert self.told(service, *elsewhere) == date.fromisoformat(DAY)

    def test_no_other_act_is_of_another_day(self):
        entry = decided(
            "deregister_residence", subject={"death_registered_on": self.DIED, "declared_dead_on": self.DIED}
        )
        assert entry.effective_on == date.fromisoformat(DAY)


class TestCoOwners:
    """Card 2, row 9: by whatever word the other owner files."""

    OWNER: ClassVar[dict[str, Any]] = {"ground": "owner_application", "applicant": {"kind": "dwelling_owner"}}

    @pytest.mark.parametrize("kind", ["dwelling_owner", "dwelling_co_owner"])
    @pytest.mark.parametrize("ground", ["owner_application", "application"])
    @pytest.mark.parametrize("owners", [1, 2, 3])
    def test_a_co_owner_is_not_removed_by_another(self, kind, ground, owners):
        home = {"owners": owners, "subject_is_owner": True}
        said = {"ground": ground, "applicant": {"kind": kind}, "dwelling": home}
        assert why("deregister_residence", **said) == {"co_owner_cannot_be_removed"}

    @pytest.mark.parametrize("kind", ["dwelling_owner", "dwelling_co_owner"])
    def test_the_other_co_owners_agree_to_the_removal_of_somebody_else(self, kind):
        said = {**self.OWNER, "applicant": {"kind": kind}, "dwelling": {"owners": 3}}
        assert consents("deregister_residence", **said) == {"other_co_owners"}
        assert why("deregister_residence", "other_co_owners", **said) == {"incomplete"}

    @pytest.mark.parametrize(
        "said",
        [
            {**OWNER, "dwelling": {"owners": 1}},
            {**OWNER, "applicant": {"kind": "dwelling_authorised_person"}, "dwelling": {"owners": 3}},
            {"dwelling": {"owners": 3, "subject_is_owner": True}},
            {"ground": "court_eviction", "dwelling": {"owners": 3, "subject_is_owner": True}},
        ],
    )
    def test_nobody_else_is_asked_for(self, said):
        """The only owner, the authorised person, oneself, a court."""
        assert consents("deregister_residence", **said) == set() and why("deregister_residence", **said) == set()


class TestConsents:
    @pytest.mark.parametrize(
        ("kind", "asked"),
        [
            ("private", {"owner_1"}),
            ("foster_family", {"owner_1"}),
            ("family_type_home", {"owner_1"}),
            ("state_or_communal", {"tenant_family"}),
            ("dormitory_school", {"dwelling_authorised_person"}),
            ("dormitory_other", {"dwelling_authorised_person"}),
            ("orphan_institution", {"dwelling_authorised_person"}),
            ("social_institution", set()),
        ],
    )
    @pytest.mark.parametrize("service", ["register_residence", "register_stay"])
    def test_whose_goes_by_the_kind_of_the_dwelling(self, service, kind, asked):
        """Cards 1, 5, row 9."""
        assert consents(service, dwelling={"kind": kind, "right_document_held": False}) == asked

    @pytest.mark.parametrize("kind", ["dwelling_owner", "dwelling_co_owner"])
    def test_an_owner_who_starts_a_declaration_need_not_consent(self, kind):
        """Card 8, row 9."""
        said = {"applicant": {"kind": kind}, "dwelling": {"subject_is_owner": False, "owners": 2}}
        assert consents("declare_residence", **said) == {"owner_2", "subject"}

    @pytest.mark.parametrize("kind", ["dwelling_owner", "dwelling_co_owner", "dwelling_authorised_person"])
    def test_the_subject_of_a_declaration_that_another_starts_does(self, kind):
        """Card 8, row 9."""
        dormitory = {"kind": "dormitory_other", "subject_is_owner": False}
        private = {"subject_is_owner": False}
        dwelling = dormitory if kind == "dwelling_authorised_person" else private
        assert consents("declare_residence", applicant={"kind": kind}, dwelling=dwelling) == {"subject"}

    @pytest.mark.parametrize("service", ["register_residence", "register_stay"])
    @pytest.mark.parametrize(
        ("learner", "kind", "asked"),
        [
            (True, "dormitory_school", set()),
            (True, "dormitory_other", {"any_parent"}),
            (True, "private", {"any_parent"}),
            (False, "dormitory_school", {"any_parent"}),
        ],
    )
    def test_no_parents_of_a_learner_in_a_school_dormitory(self, service, learner, kind, asked):
        """Cards 1, 5, row 9."""
        assert consents(service, subject={"born": MINOR, "learner": learner}, dwelling={"kind": kind}) == asked

    @pytest.mark.parametrize(
        ("learner", "kind", "parents"),
        [
            (True, "dormitory_school", False),
            (True, "dormitory_other", False),
            (True, "private", True),
            (False, "dormitory_other", True),
        ],
    )
    def test_a_learner_who_declares_in_a_dormitory(self, learner, kind, parents):
        """Card 8, row 9; T-36."""
        dwelling = {"kind": kind, "subject_is_owner": kind == "private"}
        asked = consents("declare_residence", subject={"born": MINOR, "learner": learner}, dwelling=dwelling)
        assert ("any_parent" in asked) == parents

    @pytest.mark.parametrize("service", ["register_residence", "register_stay"])
    @pytest.mark.parametrize(
        ("same", "other", "asked"),
        [
            (True, True, {"any_parent"}),
            (False, False, {"any_parent"}),
            (False, True, {"parent_1", "parent_2"}),
        ],
    )
    def test_one_parent_is_enough_at_one_address_or_if_there_is_only_one(self, service, same, other, asked):
        """Cards 1, 5, row 9."""
        parents = {"same_address": same, "other_exists": other}
        assert consents(service, subject={"born": MINOR}, parents=parents) == asked

    @pytest.mark.parametrize(("born", "asked"), [("2007-03-14", set()), ("2007-03-13", {"owner_1"})])
    def test_at_a_parents_address_the_owner_is_not_asked_until_eighteen(self, born, asked):
        """Cards 5, 8, row 9; T-06."""
        said = {"subject": {"born": born}, "parents": {"dwelling_is_parents": True}}
        for service, dwelling in (
            ("declare_residence", {"subject_is_owner": False}),
            ("register_stay", {"right_document_held": False}),
        ):
            assert consents(service, dwelling=dwelling, **said) - {"any_parent"} == asked

    @pytest.mark.parametrize("service", ["register_child_residence", "deregister_child_residence", DECLARATIONS[1]])
    def test_there_is_no_other_parent_to_ask(self, service):
        """Cards 3, 4, 9, row 9."""
        assert consents(service, parents={"same_address": False, "other_exists": False}) == set()

    @pytest.mark.parametrize("given", ["parent_1", "parent_2"])
    def test_either_parent_is_any_parent(self, given):
        asked = ask("register_residence", subject={"born": MINOR}, consents=[given])
        assert "any_parent" not in decide(asked, card_for(asked)).missing

    def test_both_parents_are_the_other_one_too(self):
        """Cards 3, 4, row 9: whoever files, the other one has consented."""
        both = {"consents": ["parent_1", "parent_2"], "parents": {"same_address": False}}
        for service in ("register_child_residence", "deregister_child_residence"):
            asked = ask(service, **both)
            assert "other_parent" not in decide(asked, card_for(asked)).missing
            asked = replace(asked, consents=frozenset({"parent_2"}))
            assert "other_parent" in decide(asked, card_for(asked)).missing


class TestWhoFiles:
    def test_a_representative_by_proxy_proves_authority_for_a_young_child_too(self):
        """Card 5, row 9: only legal representatives need not."""
        assert "representative_authority" in documents(
            "register_stay", subject={"born": CHILD}, applicant={"kind": "proxy_representative"}
        )

    @pytest.mark.parametrize("service", ["register_residence", "deregister_residence", "register_stay"])
    @pytest.mark.parametrize("kind", ["person", *REPRESENTATIVES, "dwelling_authorised_person"])
    def test_representatives_show_who_they_are_and_by_what_right(self, service, kind):
        """Cards 1, 2, 5, row 9."""
        own = {"representative_identity", "representative_authority"}
        asked = documents(service, subject={"born": MINOR}, applicant={"kind": kind})
        assert asked & own == (own if kind in REPRESENTATIVES else set())

    @pytest.mark.parametrize("kind", ["parent", "legal_representative"])
    def test_of_a_young_child_they_prove_no_authority_for_a_stay(self, kind):
        """Card 5, row 9."""
        asked = documents("register_stay", subject={"born": CHILD}, applicant={"kind": kind})
        assert "representative_identity" in asked and "representative_authority" not in asked
        grown = documents("register_stay", subject={"born": "2011-03-13"}, applicant={"kind": kind})
        assert "representative_authority" in grown

    def test_of_a_young_child_only_a_parent_proves_none_for_a_correction(self):
        """Card 6, row 9."""
        for kind, born, proves in (
            ("parent", CHILD, False),
            ("legal_representative", CHILD, True),
            ("parent", MINOR, True),
        ):
            asked = documents("amend_record", subject={"born": born}, applicant={"kind": kind})
            assert ("representative_authority" in asked) == proves

    @pytest.mark.parametrize(
        ("kind", "shown"),
        [
            ("parent", {"representative_identity", "representative_authority"}),
            ("legal_representative", {"representative_identity", "representative_authority"}),
            ("dwelling_owner", {"ownership_document"}),
            ("dwelling_co_owner", {"ownership_document"}),
            ("owner_representative", {"representative_identity", "representative_authority", "ownership_document"}),
            ("dwelling_authorised_person", {"status_proof"}),
            ("mortgagee", {"status_proof"}),
            ("trust_owner", {"status_proof"}),
            ("person", set()),
            ("proxy_representative", set()),
        ],
    )
    def test_each_who_asks_for_an_extract_shows_his_right(self, kind, shown):
        """Card 7, rows 8, 9; T-13."""
        assert documents("issue_extract", subject={"born": MINOR}, applicant={"kind": kind}) == {
            "identity_document",
            *shown,
        }

    def test_a_representative_by_proxy_whom_a_setting_admits_shows_his_right_too(self):
        """Card 7, rows 9, 12; T-05."""
        settings = Readings(proxy_gets_extract=True)
        own = {"representative_identity", "representative_authority"}
        for kind, shown in (("proxy_representative", own), ("mortgagee", set())):
            asked = ask("issue_extract", applicant={"kind": kind})
            assert ids(decide(asked, card_for(asked), settings).documents_required) & own == shown

    @pytest.mark.parametrize(
        ("born", "capacity", "expected"),
        [
            ("2007-03-14", "full", "granted"),
            ("2007-03-13", "full", "refused"),
            (ADULT, "limited", "granted"),
            (ADULT, "incapable", "granted"),
        ],
    )
    @pytest.mark.parametrize("service", ["register_residence", "deregister_residence", "register_stay"])
    def test_parents_do_not_represent_a_grown_person_of_full_capacity(self, service, born, capacity, expected):
        """Cards 1, 2, 5, row 8."""
        said = {"subject": {"born": born, "capacity": capacity}, "applicant": {"kind": "parent"}}
        assert decided(service, **said).decision == expected

    def test_without_proof_somebody_for_another_is_not_authorised_even_where_no_paper_is_asked(self):
        """Cards 1-5, 7-9, row 13; card 6 has no such ground."""
        unproved = {"authority_proved": False}
        assert why("register_child_residence", applicant=unproved) == {"under_14_or_unauthorised"}
        authorised = {"kind": "dwelling_authorised_person", **unproved}
        assert why("register_residence", applicant=authorised) == {"under_14_or_unauthorised"}
        assert why("register_residence", applicant=unproved) == set()  # for oneself
        with_papers = why("register_residence", applicant={"kind": "proxy_representative", **unproved})
        assert with_papers == {"under_14_or_unauthorised"}  # handed in, so not missing
        assert why("amend_record", applicant={"kind": "proxy_representative", **unproved}) == {"incomplete"}

    @pytest.mark.parametrize(("last", "refused"), [(DAY, set()), (BEFORE, {"under_14_or_unauthorised"})])
    def test_a_power_of_attorney_holds_to_its_last_day(self, last, refused):
        """Cards 1, 5, row 13: an expired one was handed in and is no proof of authority."""
        said = {"applicant": {"kind": "proxy_representative"}, "valid_until": {"representative_authority": last}}
        assert (why("register_stay", **said), decided("register_stay", **said).missing) == (refused, ())
        assert decided("amend_record", **said).missing == (("representative_authority",) if refused else ())


class TestDocuments:
    @pytest.mark.parametrize(
        ("service", "said"),
        [
            ("deregister_residence", {"applicant": {"kind": "dwelling_owner"}, "ground": "owner_application"}),
            ("register_child_residence", {"channel": "emaliatko", "parents": {"same_address": False}}),
        ],
    )
    def test_nothing_is_asked_twice(self, service, said):
        """Cards 2, 3, row 9 name the evidence of the fee and the other parent's consent under two conditions."""
        decision = decided(service, **said)
        needed = [one.id for one in (*decision.documents_required, *decision.consents_required)]
        assert len(needed) == len(set(needed))

    def test_what_is_invalid_was_submitted_all_the_same(self):
        """Card 1, row 13: number 4 and not number 3."""
        refused = decided("register_residence", ("identity_document",), invalid_documents=["identity_document"])
        assert (ids(refused.grounds), refused.missing) == ({"false_or_invalid"}, ())

    @pytest.mark.parametrize("serves", [True, False])
    def test_before_the_law_a_military_unit_certifies_who_serves_in_it(self, serves):
        """Card 71-05, row 9."""
        asked = documents("register_stay", received=OLDER, subject={"serves_in_unit": serves})
        assert ("military_unit_certificate" in asked) == serves

    def test_a_foreigner_without_a_permit_shows_no_foreign_passport(self):
        """Card 1, row 9."""
        passport = {"foreigner_passport", "foreigner_passport_translation"}
        for subject, shown in (
            (FOREIGNER, passport),
            (PERMIT, passport),
            (REFUGEE, set()),
            ({**PERMIT, "citizenship": "ua"}, set()),
        ):
            assert documents("register_residence", subject=subject) & passport == shown

    @pytest.mark.parametrize(
        ("first", "foreign", "citizenship", "asked"),
        [
            (True, True, "ua", True),
            (True, False, "ua", False),
            (False, True, "ua", False),
            (True, True, "foreigner", False),
        ],
    )
    def test_the_certificate_of_citizenship_of_a_foreigners_child(self, first, foreign, citizenship, asked):
        """Cards 3, 5, row 9; R-047."""
        said = {
            "subject": {"born": CHILD, "first_registration": first, "citizenship": citizenship},
            "parents": {"foreigner_in_birth_certificate": foreign},
            "applicant": {"kind": "parent"},
        }
        for service in ("register_child_residence", "register_stay"):
            assert ("citizenship_registration_certificate" in documents(service, **said)) == asked

    def test_a_foreigner_is_not_on_the_military_record(self):
        """Card 1, row 9; R-044."""
        for subject, asked in (({}, True), (REFUGEE, False)):
            said = {"subject": {**subject, "military_duty": True}}
            assert ("military_document" in documents("register_residence", **said)) == asked

    @pytest.mark.parametrize(("born", "shown"), [("2005-08-18", "birth_certificate"), ("2005-08-17", "passport_copy")])
    def test_before_the_law_the_sixteenth_birthday_counts(self, born, shown):
        """Cards 71-01, 71-03, row 9; R-149."""
        for service in ("register_residence", "issue_extract"):
            asked = documents(service, received=OLDER, subject={"born": born})
            assert asked & {"birth_certificate", "passport_copy"} == {shown}

    def test_before_the_law_what_is_named_but_not_demanded_is_not_missing(self):
        """Card 71-01, row 9: the tax number, if there is one."""
        decision = decided("register_residence", ("tax_number",), received=OLDER)
        assert "tax_number" in ids(decision.documents_required)
        assert (decision.decision, decision.missing) == ("granted", ())

    @pytest.mark.parametrize(
        ("kind", "in_register", "owner", "admitted"),
        [
            ("private", True, True, True),
            ("private", True, False, True),
            ("private", False, False, False),
            ("dormitory_other", True, False, True),
            ("dormitory_school", False, False, True),
            ("dormitory_other", True, True, False),
            ("state_or_communal", True, False, False),
        ],
    )
    def test_what_dwelling_one_may_declare(self, kind, in_register, owner, admitted):
        """Card 8, row 8."""
        dwelling = {"kind": kind, "in_property_register": in_register, "subject_is_owner": owner}
        assert why("declare_residence", dwelling=dwelling) == (set() if admitted else {"dwelling_not_for_diia"})

    @pytest.mark.parametrize("kind", ["passport_card", "passport_travel", "permanent_permit", "temporary_permit"])
    @pytest.mark.parametrize("service", DECLARATIONS)
    def test_with_what_document_one_may_declare(self, service, kind):
        """Cards 8, 9, row 8; in card 9 it is the parent's."""
        whose = "subject" if service == "declare_residence" else "applicant"
        assert why(service, **{whose: {"identity_document": kind}}) == set()
        barred = {"identity_document_not_for_diia"}
        assert why(service, **{whose: {"identity_document": "refugee_certificate"}}) == barred


class TestInvalidAndExpired:
    def test_late_and_by_an_invalid_passport_there_is_one_protocol(self):
        """Card 1, row 16: one task for two reasons."""
        late = {"deregistered_on": "2025-02-10"}
        refused = decided("register_residence", subject=late, invalid_documents=["identity_document"])
        assert [one.id for one in refused.tasks] == ["offence_protocol"]

    @pytest.mark.parametrize("paper", ["identity_document", "representative_identity"])
    @pytest.mark.parametrize(
        ("whose", "tasks"),
        [
            ({"identity_document": "passport_card"}, {"offence_protocol"}),
            ({"identity_document": "passport_booklet"}, {"offence_protocol"}),
            ({"identity_document": "passport_travel"}, {"offence_protocol"}),
            ({"identity_document": "temporary_ua_certificate"}, set()),
            (PERMIT, {"dms_referral"}),
            ({"citizenship": "stateless", "identity_document": "stateless_document"}, {"dms_referral"}),
            ({"citizenship": "foreigner", "identity_document": "passport_card"}, {"dms_referral"}),
        ],
    )
    def test_an_invalid_passport_is_a_protocol_for_a_citizen_and_a_referral_for_others(self, paper, whose, tasks):
        """Card 1, row 16: whoever shows it."""
        said: dict[str, Any] = {"invalid_documents": [paper]}
        if paper == "identity_document":
            said["subject"] = whose
        else:
            said |= {"applicant": {"kind": "legal_representative", **whose}}
        refused = decided("register_residence", **said)
        assert (ids(refused.grounds), ids(refused.tasks)) == ({"false_or_invalid"}, tasks)

    @pytest.mark.parametrize(
        ("whose", "tasks"), [({}, {"offence_protocol"}), (PERMIT, {"dms_referral", "dms_new_document"})]
    )
    def test_an_owners_invalid_document_too(self, whose, tasks):
        """Card 2, row 16."""
        owner = {"applicant": {"kind": "dwelling_owner", **whose}, "ground": "owner_application"}
        assert ids(decided("deregister_residence", invalid_documents=["owner_identity"], **owner).tasks) == tasks

    def test_a_foreigners_invalid_passport_is_a_referral(self):
        """Card 1, row 16."""
        said = {"subject": PERMIT, "invalid_documents": ["foreigner_passport"]}
        assert ids(decided("register_residence", **said).tasks) == {"dms_referral"}

    @pytest.mark.parametrize(
        ("service", "paper", "said"),
        [
            ("register_residence", "identity_document", {"subject": PERMIT}),
            ("register_residence", "foreigner_passport", {"subject": PERMIT}),
            ("register_child_residence", "parent_identity_document", {"applicant": PERMIT}),
            (
                "register_residence",
                "representative_identity",
                {"applicant": {"kind": "legal_representative", **PERMIT}},
            ),
            (
                "deregister_residence",
                "owner_identity",
                {"applicant": {"kind": "dwelling_owner", **PERMIT}, "ground": "owner_application"},
            ),
        ],
    )
    def test_whichever_passport_document_of_a_foreigner_expired(self, service, paper, said):
        """Cards 1, 2, 3, row 13, number 4: the last day counts; of a citizen by a reading, and only what was shown."""
        assert why(service, valid_until={paper: DAY}, **said) == set()
        assert why(service, valid_until={paper: BEFORE}, **said) == {"false_or_invalid"}
        citizen = {"citizenship": "ua", "identity_document": "passport_card"}
        ours = {name: {**value, **citizen} if isinstance(value, dict) else value for name, value in said.items()}
        shown = paper in documents(service, **ours)
        assert why(service, valid_until={paper: BEFORE}, **ours) == ({"false_or_invalid"} if shown else set())
        found = decided(service, settings=Readings(citizens_expired_invalid=False), valid_until={paper: BEFORE}, **ours)
        assert found.grounds == () and ("citizens_expired_invalid" in found.readings) is shown

    @pytest.mark.parametrize(("paper", "tasks"), [("identity_document", {"offence_protocol"}), ("fee_evidence", set())])
    @pytest.mark.parametrize("service", ["register_residence", "deregister_residence"])
    def test_an_expired_paper_of_a_citizen_is_an_invalid_one(self, service, paper, tasks):
        """Row 13, number 4, and row 16: a passport is a protocol; the last day counts."""
        assert why(service, valid_until={paper: DAY}) == set()
        refused = decided(service, valid_until={paper: BEFORE})
        assert (ids(refused.grounds), ids(refused.tasks)) == ({"false_or_invalid"}, tasks)
        assert "citizens_expired_invalid" in refused.readings

    @pytest.mark.parametrize("service", ["register_residence", "register_child_residence", "deregister_residence"])
    def test_an_expired_permit_is_a_referral(self, service):
        said: dict[str, Any] = {"subject": PERMIT}
        paper = "identity_document"
        if service == "register_child_residence":
            said, paper = {"applicant": {"kind": "parent", **PERMIT}}, "parent_identity_document"
        assert "dms_referral" in ids(decided(service, valid_until={paper: BEFORE}, **said).tasks)
        assert "dms_referral" not in ids(decided(service, valid_until={paper: DAY}, **said).tasks)

    @pytest.mark.parametrize("whose", [PERMIT, {}])
    def test_expired_is_taken_where_the_cards_take_it(self, whose):
        """Card 6 has no such ground; card 2, row 9, when the grounds for staying ended: neither refusal nor task."""
        expired = {"subject": whose, "valid_until": {"identity_document": BEFORE}}
        assert why("amend_record", **expired) == set()
        if whose:
            ended = decided("deregister_residence", ground="stay_ended", **expired)
            assert (ended.grounds, ended.tasks) == ((), ())

    @pytest.mark.parametrize(
        ("taken", "refused"),
        [
            ({"temporary_permit": "2025-03-13"}, False),
            ({"identity_document": "2025-03-13"}, False),
            ({"temporary_permit": "2025-03-12"}, True),
            ({"passport_card": "2025-12-31"}, True),
        ],
    )
    def test_a_lawful_extension_takes_a_kind_until_a_day(self, taken, refused):
        law = Readings(expired_taken_until={kind: date.fromisoformat(day) for kind, day in taken.items()})
        foreigner = {"citizenship": "foreigner", "identity_document": "temporary_permit"}
        found = decided(
            "register_residence", settings=law, subject=foreigner, valid_until={"identity_document": BEFORE}
        )
        assert bool(found.grounds) is refused and bool(found.tasks) is refused

    @pytest.mark.parametrize(
        "ended",
        [
            {"dwelling": {"rental": {"until": BEFORE}}},
            {"dwelling": {"rental": {"terminated_on": DAY}}},
            {"valid_until": {"dwelling_right_document": BEFORE}},
        ],
    )
    @pytest.mark.parametrize("service", ["register_residence", "register_stay"])
    def test_a_title_that_ended_gives_no_right_and_a_consent_takes_its_place(self, service, ended):
        """Cards 1, 5, row 9."""
        asked = decided(service, **ended)
        assert "dwelling_right_document" not in ids(asked.documents_required)
        assert ids(asked.consents_required) == {"owner_1"} and asked.decision == "granted"
        assert why(service, "owner_1", **ended) == {"incomplete"}

    @pytest.mark.parametrize(
        "runs",
        [
            {"dwelling": {"rental": {"until": DAY}}},
            {"dwelling": {"rental": {"terminated_on": AFTER}}},
            {"valid_until": {"dwelling_right_document": DAY}},
        ],
    )
    def test_on_its_last_day_a_title_is_one(self, runs):
        assert consents("register_residence", **runs) == set()

    def test_a_title_that_ended_is_no_invalid_paper_and_a_consent_takes_its_place(self):
        """Card 1, row 9: it gives no right any more, and is not forged."""
        said = {"valid_until": {"dwelling_right_document": BEFORE}}
        papers = ["application", "identity_document", "dwelling_right_document", "fee_evidence"]
        asked = ask("register_residence", documents=papers, consents=["owner_1"], **said)
        assert decide(asked, card_for(asked)).decision == "granted"
        asked = replace(asked, consents=frozenset())
        assert [one.id for one in decide(asked, card_for(asked)).grounds] == ["incomplete"]

    def test_of_a_childs_parent_an_expired_one_is_never_taken(self):
        """Card 4 has no such row as card 2 has (T-02)."""
        parent = {"applicant": {"kind": "parent", **FOREIGNER}, "valid_until": {"parent_identity_document": BEFORE}}
        assert "false_or_invalid" in why("deregister_child_residence", ground="stay_ended", **parent)

    def test_a_citizens_expired_document_counts_where_it_was_submitted_and_a_declaration_submits_it(self):
        """Row 13, by the reading: what nobody showed is not invalid."""
        over = {"identity_document": BEFORE}
        for service, shown, refused in (
            ("declare_residence", [], True),
            ("register_residence", [], False),
            ("register_residence", ["identity_document"], True),
        ):
            asked = ask(service, documents=shown, valid_until=over)
            found = ids(decide(asked, card_for(asked)).grounds)
            assert ("false_or_invalid" in found) == refused, (service, shown)
        forged = ask(
            "register_residence", invalid_documents=["military_document"], valid_until={"military_document": BEFORE}
        )
        (held,) = [one for one in decide(forged, card_for(forged)).grounds if one.id == "false_or_invalid"]
        assert held.facts == ("invalid_document", "document_expired")


class TestLateness:
    def test_a_foreigner_whose_residence_is_active_is_in_time(self):
        """Cards 1, 3, rows 11.2, 16; R-069: it is removed in the same act."""
        long_ago = {**PERMIT, "permit_received_on": "2024-01-10", "current_residence": HERE}
        moved = decided("register_residence", subject=long_ago)
        assert (moved.late, moved.fee.kopiykas, moved.tasks) == (False, 4542, ())

    def test_nor_is_who_was_removed_once_and_is_registered_again(self):
        """Card 1, row 16; R-069: no protocol and no referral for an earlier removal."""
        for who in ({}, PERMIT):
            again = {**who, "deregistered_on": "2020-01-10", "current_residence": HERE}
            moved = decided("register_residence", subject=again)
            assert (moved.late, moved.tasks) == (False, ())

    def test_a_new_permit_begins_the_term_anew(self):
        """Card 1, row 16; T-12: the later of the removal and the permit, for the fee and for the referral."""
        who = {**PERMIT, "deregistered_on": "2024-01-10", "permit_received_on": "2025-02-12"}
        entry = decided("register_residence", subject=who)
        assert (entry.late, entry.tasks) == (False, ())

    def test_a_foreigners_newborn_who_is_late_is_no_referral(self):
        """Card 3, row 16: referred is who is late after the removal or a permit; the fee is dearer all the same."""
        late = {"born": "2024-12-01", "birth_registered_on": "2024-12-10"}
        entry = decided("register_child_residence", subject=late, applicant=PERMIT)
        assert (entry.late, entry.fee.kopiykas, entry.tasks) == (True, 7570, ())

    def test_a_refugee_late_after_removal_is_referred(self):
        """Card 1, row 16; T-33."""
        entry = decided("register_residence", subject={**REFUGEE, "deregistered_on": "2025-02-10"})
        assert ids(entry.tasks) == {"dms_referral"}

    @pytest.mark.parametrize(("kept", "both"), [(False, True), (True, False)])
    def test_one_fee_for_two_acts_is_said_only_of_two_acts(self, kept, both):
        """Row 11.2 of cards 1, 3, 8, 9: a residence that is kept is not removed."""
        residence = {"kept": kept, "occupied": {}}
        fee = decided("register_residence", subject={"current_residence": residence}).fee
        assert ("одночасно із зняттям" in fee.rule) == both
        assert fee.kopiykas == 4542

    @pytest.mark.parametrize("service", DECLARATIONS)
    @pytest.mark.parametrize("channel", ["diia", "emaliatko", "notice"])
    def test_a_declaration_outside_hours_by_whatever_wire(self, service, channel):
        """Cards 8, 9, row 12."""
        for received, by in (("2025-03-13T07:59", date(2025, 3, 14)), ("2025-03-13T08:00", date(2025, 3, 13))):
            assert due_by(service, datetime.fromisoformat(received), channel, HOURS) == by

    @pytest.mark.parametrize("channel", ["emaliatko", "notice"])
    @pytest.mark.parametrize("service", ["deregister_residence", "deregister_child_residence"])
    def test_before_the_law_a_notice_of_a_removal_outside_hours(self, service, channel):
        """Card 71-02, row 12: the next working day."""
        for received, by in (("2021-11-22T17:00", date(2021, 11, 23)), ("2021-11-22T16:59", date(2021, 11, 22))):
            assert due_by(service, datetime.fromisoformat(received), channel, HOURS) == by


class TestPayment:
    def test_several_persons_pay_each(self):
        """Card 2, row 9; elsewhere each applies alone (T-42)."""
        owner = {"applicant": {"kind": "dwelling_owner"}, "ground": "owner_application"}
        assert dues(ask("deregister_residence", persons=3, **owner)).fee.kopiykas == 3 * 4542
        assert dues(ask("register_residence", persons=3)).fee.kopiykas == 3 * 4542

    @pytest.mark.parametrize(("per_mille", "kopiykas"), [(4, 0), (5, 1), (14, 1), (15, 2)])
    def test_less_than_half_a_kopiyka_is_dropped(self, per_mille, kopiykas):
        """Row 11.2; T-24."""
        assert share(1, per_mille) == kopiykas

    @pytest.mark.parametrize("service", ["deregister_residence", "deregister_child_residence"])
    def test_by_wire_the_payment_is_missing_and_in_the_office_its_evidence(self, service):
        """Cards 2, 4, rows 9, 11.2."""
        assert decided(service, channel="diia", payments=0).missing == ("payment",)
        assert decided(service, payments=0).missing == ("fee_evidence",)

    def test_under_emaliatko_too(self):
        """Card 3, row 9; R-081."""
        assert decided("register_child_residence", channel="emaliatko", payments=0).missing == ("payment",)
        assert decided("register_child_residence", payments=0).missing == ("fee_evidence",)

    def test_of_a_notice_nothing_is_paid(self):
        """Cards 3, 9, row 11.2: nobody applied."""
        notice = {"channel": "notice", "applicant": {"kind": "civil_registry"}, "payments": 0}
        assert why("declare_child_residence", **notice) == set()
        assert why("register_child_residence", **notice) == set()

    def test_what_was_worked_out_already_is_not_worked_out_again(self):
        asked = ask("register_residence")
        due = dues(asked)
        dearer = replace(due, fee=replace(due.fee, kopiykas=due.fee.kopiykas + 1))
        decision = decide(asked, card_for(asked), due=dearer, due_by=date(2025, 3, 20))
        assert (decision.fee, decision.due_by) == (dearer.fee, date(2025, 3, 20))
        assert decide(asked, card_for(asked)).due_by == date(2025, 3, 13)

    def test_a_card_that_is_given_prices_it(self):
        asked = ask("register_residence", subject={"deregistered_on": "2020-01-01"})
        assert dues(asked, by=card("deregister_residence", LAW)).late is False and dues(asked).late

    def test_of_a_year_without_a_minimum_what_was_paid_is_due_and_without_it_nothing_is(self):
        asked = ask("register_residence", received="2099-03-13T09:00", subject={"born": "2070-01-01"})
        assert dues(asked, paid=12345).fee.kopiykas == 12345
        with pytest.raises(NoPublishedAmount):
            dues(asked)


class TestMessages:
    @pytest.mark.parametrize(
        ("service", "channel"),
        [
            ("register_child_residence", "notice"),
            ("register_child_residence", "emaliatko"),
            ("declare_child_residence", "notice"),
        ],
    )
    def test_nobody_applied_and_nobody_is_told_of_what_the_civil_registry_sent(self, service, channel):
        """Cards 3, 9, row 15, and no application or declaration is asked (row 9)."""
        entry = decided(service, channel=channel, applicant={"kind": "civil_registry"})
        assert (ids(entry.messages), entry.documents_required) == ({"dms"}, ())

    def test_nor_of_a_notice_of_another_body(self):
        """Card 2, row 15."""
        for ground in ("dms_notice", "death_data"):
            assert ids(decided("deregister_residence", **sources(ground)).messages) == {"dms"}

    def test_before_the_law_a_message_goes_where_the_application_came_from(self):
        """Card 71-01, row 15."""
        newborn = {"subject": {"born": "2021-08-01", "birth_registered_on": "2021-08-05"}}
        for channel, told in (("emaliatko", {"applicant_sms"}), ("diia", {"applicant_diia"}), ("office", set())):
            said = {"received": OLDER, "channel": channel, **newborn}
            assert ids(decided("register_child_residence", **said).messages) == told


class TestEmaliatko:
    def test_before_the_law_nothing_more_is_asked_of_a_newborn_by_a_notice(self):
        """Card 71-01, rows 9, 13; R-107: not even a mortgagee's consent."""
        newborn = {"born": "2021-08-01", "birth_registered_on": "2021-08-05"}
        said = {"received": OLDER, "dwelling": {"mortgaged": True}, "subject": newborn}
        sent = {"channel": "notice", "applicant": {"kind": "civil_registry"}}
        assert why("register_child_residence", "mortgagee", **sent, **said) == set()
        assert why("register_child_residence", "mortgagee", **said) == {"incomplete"}

    def test_who_declares_alone_is_no_family_set(self):
        """Card 9, row 9: neither kept together nor not."""
        assert decided("declare_child_residence").family_set is None

    @pytest.mark.parametrize(("channel", "taken"), [("emaliatko", True), ("notice", True), ("diia", False)])
    def test_before_the_law_a_newborns_papers_are_not_missing(self, channel, taken):
        """Card 71-01, rows 9, 13; R-107: the data come from the civil registry."""
        newborn = {"born": "2021-08-01", "birth_registered_on": "2021-08-05"}
        said = {"received": OLDER, "channel": channel, "payments": 0}
        said |= {"applicant": {"kind": "civil_registry"}} if channel == "notice" else {}
        refused = set() if taken else {"incomplete"}
        assert why("register_child_residence", "application", subject=newborn, **said) == refused
        older_child = {"born": "2018-08-01"}
        assert why("register_child_residence", "application", subject=older_child, **said) == (
            set() if channel == "notice" else {"incomplete"}
        )

    @pytest.mark.parametrize("parents", [{"in_this_registry": False}, {"dwelling_is_parents": False}])
    @pytest.mark.parametrize("received", [OLDER, "2025-03-13T09:00"])
    def test_only_at_an_address_of_a_parent_in_this_registry(self, received, parents):
        """Card 3, row 9; card 71-01, row 9."""
        said = {"received": received, "parents": parents}
        assert why("register_child_residence", channel="emaliatko", **said) == {"parent_not_in_registry"}
        assert why("register_child_residence", **said) == set()


class TestExtracts:
    def test_a_refused_one_shows_nothing(self):
        """Card 7, row 13."""
        wanted = {"state": "active"}
        assert decided("issue_extract", extract=wanted, false_data=True).extract is None
        assert decided("issue_extract", extract=wanted).extract is not None

    def test_before_the_law_a_certificate_has_no_previous_periods(self):
        """Cards 71-03, 71-04: only row 16 of card 7 gives them."""
        wanted = {"history_requested": True, "previous_periods": [{"id": "a"}]}
        for state in ("active", "removed"):
            issued = decided("issue_extract", received=OLDER, extract={**wanted, "state": state})
            assert issued.extract and issued.extract.previous_periods == ()

    @pytest.mark.parametrize(
        ("kind", "refused"),
        [
            ("person", False),
            ("legal_representative", False),
            ("dwelling_owner", True),
            ("dwelling_co_owner", True),
            ("owner_representative", True),
            ("dwelling_authorised_person", True),
            ("mortgagee", True),
            ("trust_owner", True),
        ],
    )
    def test_the_side_of_a_dwelling_gets_nobody_whom_it_does_not_hold(self, kind, refused):
        """Card 7, rows 8, 9."""
        asked = complete(ask("issue_extract", applicant={"kind": kind}))
        given, unheld = (decide(asked, card_for(asked), unheld=one) for one in (False, True))
        assert given.decision == "granted"
        assert (unheld.decision == "granted") != refused


class TestCardsOfADay:
    @pytest.mark.parametrize("service", SERVICES)
    def test_on_the_first_day_of_the_law_the_older_card_is_gone(self, service):
        assert [one.since for one in catalogue.cards(service, LAW)] == [LAW]

    def test_what_a_card_says_in_so_many_words_is_no_reading(self):
        """Card 7, row 9."""
        assert {
            rule.inferred for rule in card("issue_extract", LAW).rules["documents"] if rule.id != "status_proof"
        } == {""}

    def test_a_card_cannot_name_a_condition_that_nobody_wrote(self):
        said = {"id": "application", "uk": "заява", "reference": "003 c1 r9", "when": ["unheard"]}
        with pytest.raises(LookupError, match="unheard"):
            rules.read_rule(said, LAW, date.max)

    @pytest.mark.parametrize("one", [one for one in catalogue.EVERY_CARD if one.since == LAW], ids=lambda one: one.id)
    def test_a_card_has_its_rules_from_its_first_day(self, one):
        (service,) = one.services
        first, second = card(service, LAW), card(service, LAW + timedelta(days=1))
        assert first.rules == second.rules and first.rules["refusals"]

    def test_without_facts_a_certificate_is_the_one_of_a_standing_registration(self):
        """Card 71-03, row 8."""
        assert card("issue_extract", LAW - timedelta(days=1)).number == "71-03"

    def test_a_rule_with_days_of_its_own_is_in_the_card_on_those_days_only(self):
        whole = next(one for one in catalogue.EVERY_CARD if one.number == "7")
        since, until = date(2030, 1, 1), date(2031, 1, 1)
        dated = replace(whole.rules["documents"][0], id="dated", since=since, until=until)
        changed = replace(whole, rules={**whole.rules, "documents": (*whole.rules["documents"], dated)})
        days = (since - timedelta(days=1), since, until - timedelta(days=1), until)
        found = [catalogue.Catalogue((changed,)).card("issue_extract", on).rules["documents"] for on in days]
        assert [dated in rules for rules in found] == [False, True, True, False]


class TestChecks:
    @pytest.mark.parametrize(
        ("fact", "check"),
        [
            ("property_register_differs", "ownership"),
            ("not_a_dwelling", "ownership"),
            ("registration_forbidden", "encumbrance"),
            ("mortgage_without_consent", "encumbrance"),
            ("false_data", None),
        ],
    )
    def test_one_fact_that_a_card_refuses_on_is_enough_to_ask_the_property_register(self, fact, check):
        """Row 13."""
        whole = card("register_residence", LAW)
        refusals = [replace(rule, facts={fact: ""}) for rule in whole.rules["refusals"][:1]]
        by = replace(whole, rules={**whole.rules, "refusals": tuple(refusals)})
        assert required(ask("register_residence"), by, 0) == ((check,) if check else ())

    @pytest.mark.parametrize(("fee", "asked"), [(None, True), (1, True), (0, False)])
    def test_payment_is_asked_for_unless_nothing_is_due(self, fee, asked):
        """Row 11."""
        by = card("deregister_residence", LAW)
        assert ("payment" in required(ask("deregister_residence"), by, fee)) == asked

    def test_a_check_that_nobody_knows_has_no_answer(self):
        with pytest.raises(NotAnApplication) as found:
            read_answer("unheard", {})
        assert found.value.field == "check"

    def test_no_connection_by_default(self):
        assert [getattr(NO_REGISTERS, check) for check in ("ownership", "encumbrance", "civil_status", "payment")] == [
            None
        ] * 4

    PROVES: ClassVar = {
        "mortgagee": "encumbrance",
        "trust_owner": "encumbrance",
        "dwelling_authorised_person": "ownership",
        "dwelling_owner": None,
        "person": None,
    }

    @pytest.mark.parametrize(("kind", "check"), PROVES.items())
    def test_by_what_status_an_extract_is_asked_for_is_asked_of_the_property_register_at_a_desk(self, kind, check):
        """Card 7, rows 8, 9; T-13."""
        for service, channel, papers, wanted in (
            ("issue_extract", "office", (), check),
            ("issue_extract", "office", ("status_proof",), None),
            ("issue_extract", "diia", (), None),
            ("amend_record", "office", (), None),
        ):
            asked = ask(service, channel=channel, applicant={"kind": kind}, documents=[*papers])
            assert required(asked, card(service, LAW), 0) == ((wanted,) if wanted else ())

    @pytest.mark.parametrize(("kind", "check"), PROVES.items())
    def test_what_may_be_told_though_nobody_asks(self, kind, check):
        asked = ask("issue_extract", applicant={"kind": kind})
        told = {"ownership", "encumbrance"} if check else set()
        assert {one for one in CHECKS if may_be_told(asked, one)} == told
        owner = ask("deregister_residence", applicant={"kind": kind})
        assert {one for one in CHECKS if may_be_told(owner, one)} == (
            {"ownership"} if kind == "dwelling_owner" else set()
        )
        assert not any(may_be_told(ask("amend_record", applicant={"kind": kind}), one) for one in CHECKS)

    def test_a_co_owner_tells_whose_the_dwelling_is_too(self):
        assert may_be_told(ask("deregister_residence", applicant={"kind": "dwelling_co_owner"}), "ownership")

    @pytest.mark.parametrize(("kind", "check"), PROVES.items())
    @pytest.mark.parametrize("service", ["issue_extract", "amend_record"])
    def test_a_status_is_presumed_until_it_is_asked_and_then_borne_out_or_not(self, service, kind, check):
        for bears, other in ((True, False), (False, True)):
            mortgaged, agrees = (bears, other) if check == "encumbrance" else (other, bears)
            home = {"mortgaged": mortgaged, "property_register_agrees": agrees}
            asked = ask(service, applicant={"kind": kind}, dwelling=home, documents=[])
            proves = check is not None and service == "issue_extract"
            answers: tuple[dict[str, Any], ...] = ({}, {check or "ownership": None})
            judged = [one for by in (presumed, with_status) for one in (by(asked, said) for said in answers)]
            found = ["status_proof" in one.documents for one in judged]
            assert found == [proves, proves and bears, False, proves and bears]


class TestConditions:
    """What the readings of a community and what is said of a dwelling decide, by the conditions alone."""

    @staticmethod
    def facts(service: str = "register_residence", age: int = 30, by: Readings = AS_DECIDED, **said: Any) -> Facts:
        return Facts(asked=ask(service, **said), age=age, settings=by)

    @pytest.mark.parametrize(
        ("ground", "asked"),
        [
            *((one, False) for one in (*COURT, *DEATH, "dms_notice", "foreign_death_document", "permit_cancelled")),
            ("registered_elsewhere_notice", False),
            *((one, True) for one in (*BY_WILL, "owner_application", "institution_notice", "official_request")),
        ],
    )
    def test_of_what_nobody_wanted_no_consent_is_asked(self, ground, asked):
        assert predicates.without_anybodys_will(self.facts("deregister_residence", ground=ground)) != asked

    @pytest.mark.parametrize(
        ("paper", "by_permit"),
        [
            *((one, True) for one in ("permanent_permit", "temporary_permit", "passport_card", "passport_booklet")),
            *((one, True) for one in ("passport_travel", "temporary_ua_certificate")),
            ("refugee_certificate", False),
        ],
    )
    def test_a_foreigner_of_whom_no_document_of_one_was_named_shows_a_permit(self, paper, by_permit):
        """Card 1, row 9."""
        subject = {"citizenship": "foreigner", "identity_document": paper}
        assert predicates.foreigner_by_permit(self.facts(subject=subject)) == by_permit

    @pytest.mark.parametrize(
        ("age", "capacity", "by_age", "counts"),
        [
            (16, "emancipated", False, True),
            (16, "emancipated", True, False),
            (16, "full", False, False),
            (18, "emancipated", False, False),
            (13, "emancipated", False, False),
        ],
    )
    def test_an_emancipation_counts_where_consents_go_by_capacity_and_with_its_paper(
        self, age, capacity, by_age, counts
    ):
        """T-20."""
        for paper in (True, False):
            said = {"subject": {"capacity": capacity}, "documents": ["emancipation_document"] if paper else []}
            facts = self.facts(age=age, by=Readings(consents_by_age=by_age), **said)
            assert predicates.emancipation_counts(facts) == counts
            assert predicates.emancipated(facts) == (counts and paper)

    @pytest.mark.parametrize(
        ("kind", "owners", "own", "one_of_several"),
        [
            ("dwelling_owner", 1, False, False),
            ("dwelling_owner", 2, False, True),
            ("dwelling_owner", 1, True, True),
            ("dwelling_co_owner", 1, False, True),
            ("person", 2, True, False),
        ],
    )
    def test_one_of_several_owners(self, kind, owners, own, one_of_several):
        said = {"applicant": {"kind": kind}, "dwelling": {"owners": owners, "subject_is_owner": own}}
        assert predicates.filed_by_co_owner(self.facts("deregister_residence", **said)) == one_of_several

    @pytest.mark.parametrize("ground", ["permit_cancelled", "dms_notice"])
    @pytest.mark.parametrize("citizenship", ["ua", "foreigner"])
    def test_no_permit_of_a_citizen_is_cancelled(self, ground, citizenship):
        facts = self.facts("deregister_residence", ground=ground, subject={"citizenship": citizenship})
        assert predicates.permit_of_citizen(facts) == (ground == "permit_cancelled" and citizenship == "ua")

    @pytest.mark.parametrize(
        ("home", "held"),
        [
            ({"subject_is_owner": True, "in_property_register": False, "owners": 1}, True),
            ({"subject_is_owner": True, "in_property_register": True, "owners": 0}, True),
            ({"subject_is_owner": True, "in_property_register": True, "owners": 1}, False),
            ({"subject_is_owner": False, "in_property_register": False, "owners": 0}, False),
            ({"subject_is_owner": True, "in_property_register": False, "owners": 0, "kind": "dormitory_other"}, False),
        ],
    )
    def test_who_owns_what_no_register_shows_has_a_document_of_it(self, home, held):
        home = {"kind": "private", "right_document_held": False, **home}
        assert predicates.right_document_held(self.facts(dwelling=home)) == held
