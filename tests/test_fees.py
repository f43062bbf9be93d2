"""What each service costs on each day: published figures, changes of regime, exemptions, one fee and many."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from test_services import SERVICES

from registry.services import fees, headers
from registry.services.application import Facts, read
from registry.services.catalogue import EVERY_CARD, priced_by
from registry.services.decision import dues
from registry.services.fees import Fee, NoPublishedAmount, amount, share
from registry.services.headers import UnknownService

REGISTRATIONS = {id for id in SERVICES if headers.SERVICES[id].settles in ("registered", "declared")}
REMOVALS = {id for id in SERVICES if headers.SERVICES[id].removes}
CASES = json.loads((Path(__file__).parent / "cases/services/services_sample.json").read_text("utf-8"))["cases"]
FREE = {"register_stay", "amend_record", "issue_extract"}
DAY = date(2025, 3, 13)
LAW = date(2021, 12, 1)
EVE = date(2021, 11, 30)
INSTITUTIONS = ("orphan_institution", "family_type_home", "foster_family")
COURT = ("court_ownership_lost", "court_use_lost", "court_eviction", "court_missing", "court_declared_dead")
UNASKED = (*COURT, "death_certificate", "death_data", "dms_notice", "institution_notice", "authorised_person_notice")
ASKED = (None, "application", "owner_application", "emigration", "stay_ended", "court_removal")

PUBLISHED = {
    2021: (2270, 3405, 5675),
    2022: (2481, 3722, 6203),
    2023: (2684, 4026, 6710),
    2024: (3028, 4542, 7570),
    2025: (3028, 4542, 7570),
    2026: (3328, 4992, 8320),
}


def due(service, on, *, late, orphan=False, dwelling=None, moves=False, **said):
    """The fee of an application of such facts by the card of the day, late or not."""
    asked = read(
        {
            "service": service,
            "received": f"{on}T10:00",
            "subject": {"born": "1990-03-15", "orphan": orphan, "current_residence": {} if moves else None},
            "dwelling": {"kind": dwelling or "private"},
            **said,
        }
    )
    return fees.due(priced_by(service, on), Facts(asked=asked, age=30, late=late))


def facts_of(case):
    """The facts that a case gives."""
    return {name: value for name, value in case.items() if name not in ("id", "title", "rules", "by_hand", "expect")}


class TestPublishedFigures:
    @pytest.mark.parametrize("year", PUBLISHED)
    @pytest.mark.parametrize("service", sorted(REGISTRATIONS))
    def test_of_a_year_in_term_and_late(self, service, year):
        minimum, in_term, late = PUBLISHED[year]
        on = date(year, 12, 31)
        assert fees.MINIMUMS[year]["hryvnias"] == minimum
        assert amount(service, on).kopiykas == in_term
        assert amount(service, on, late=True).kopiykas == late
        assert in_term == (3 * minimum + 1) // 2 and late == (5 * minimum + 1) // 2

    @pytest.mark.parametrize("late", [False, True])
    @pytest.mark.parametrize("year", PUBLISHED)
    @pytest.mark.parametrize("service", sorted(REMOVALS))
    def test_a_removal_is_never_dearer(self, service, year, late):
        assert amount(service, date(year, 12, 15), late=late).kopiykas == PUBLISHED[year][1]

    @pytest.mark.parametrize("late", [False, True])
    @pytest.mark.parametrize("on", [date(2017, 1, 1), EVE, LAW, DAY, date(2027, 1, 1), date(2099, 6, 1)])
    @pytest.mark.parametrize("service", sorted(FREE))
    def test_a_stay_a_correction_and_an_extract_are_free_whatever_the_year(self, service, on, late):
        fee = amount(service, on, late=late)
        assert fee.kopiykas == 0 and fee.rule and fee.reference
        assert due(service, on, late=late) == fee

    @pytest.mark.parametrize(
        ("hryvnias", "per_mille", "kopiykas"),
        [(2481, 15, 3722), (2481, 25, 6203), (2270, 15, 3405), (2270, 25, 5675), (1, 15, 2), (1, 25, 3), (3, 15, 5)],
    )
    def test_half_a_kopiyka_is_rounded_up(self, hryvnias, per_mille, kopiykas):
        assert share(hryvnias, per_mille) == kopiykas

    def test_every_minimum_is_rounded_as_published(self):
        for hryvnias in range(1, 5000):
            assert share(hryvnias, 15) == (3 * hryvnias + 1) // 2
            assert share(hryvnias, 25) == (5 * hryvnias + 1) // 2

    def test_no_more_years_than_are_published(self):
        assert list(fees.MINIMUMS) == list(PUBLISHED)
        assert all(said["reference"] for said in fees.MINIMUMS.values())


class TestArithmetic:
    @pytest.mark.parametrize("late", [False, True])
    def test_says_of_what_a_fee_is_which_part(self, late):
        on = date(2026, 3, 2)
        kopiykas = amount("register_residence", on, late=late).kopiykas
        per_mille, minimum = fees.worked(priced_by("register_residence", on), kopiykas, on)
        assert (per_mille, minimum["hryvnias"]) == (25 if late else 15, 3328)
        assert share(minimum["hryvnias"], per_mille) == kopiykas

    @pytest.mark.parametrize(("kopiykas", "on"), [(1, date(2026, 3, 2)), (4992, date(1999, 3, 2))])
    def test_of_another_sum_or_year_nothing(self, kopiykas, on):
        assert fees.worked(priced_by("register_residence", date(2026, 3, 2)), kopiykas, on) is None


class TestRegimes:
    @pytest.mark.parametrize("service", sorted(REGISTRATIONS | REMOVALS))
    @pytest.mark.parametrize("on", [date(2017, 1, 1), date(2019, 6, 1), EVE])
    def test_the_older_one_is_of_1600_hryvnias(self, service, on):
        assert amount(service, on).kopiykas == 1360
        assert amount(service, on, late=True).kopiykas == (4080 if service in REGISTRATIONS else 1360)

    @pytest.mark.parametrize(("late", "before", "after"), [(False, 1360, 3405), (True, 4080, 5675)])
    def test_the_law_of_1_december_2021(self, late, before, after):
        assert amount("register_residence", EVE, late=late).kopiykas == before
        assert amount("register_residence", LAW, late=late).kopiykas == after

    @pytest.mark.parametrize(("late", "before", "after"), [(False, 3405, 3722), (True, 5675, 6203)])
    def test_the_minimum_is_that_of_the_year_of_the_application(self, late, before, after):
        assert amount("declare_residence", date(2021, 12, 31), late=late).kopiykas == before
        assert amount("declare_residence", date(2022, 1, 1), late=late).kopiykas == after

    @pytest.mark.parametrize("service", sorted(REGISTRATIONS | REMOVALS))
    @pytest.mark.parametrize("on", [date(2016, 4, 4), date(2016, 12, 31), date(2027, 1, 1), date(2030, 7, 1)])
    def test_a_year_without_a_published_amount_is_an_error(self, service, on):
        for late in (False, True):
            with pytest.raises(NoPublishedAmount) as error:
                amount(service, on, late=late)
            assert error.value.year == on.year and str(on.year) in str(error.value)
            with pytest.raises(NoPublishedAmount):
                due(service, on, late=late)

    @pytest.mark.parametrize("service", sorted(FREE))
    def test_nothing_is_published_for_2016(self, service):
        with pytest.raises(NoPublishedAmount):
            amount(service, date(2016, 12, 31))

    @pytest.mark.parametrize("service", ["register", "71-01", "REGISTER_RESIDENCE"])
    def test_an_unknown_service_is_another_error(self, service):
        for ask in (amount, priced_by):
            with pytest.raises(UnknownService, match=service):
                ask(service, DAY)

    def test_an_error_is_a_lookup_error(self):
        assert issubclass(UnknownService, LookupError) and issubclass(NoPublishedAmount, LookupError)


class TestWordings:
    @pytest.mark.parametrize(
        ("service", "on", "late", "words", "reference"),
        [
            ("register_residence", DAY, False, "1,5 відсотка", "картка 1, рядок 11.2"),
            ("register_residence", DAY, True, "з порушенням установленого Законом строку", "картка 1, рядок 11.2"),
            ("deregister_residence", DAY, True, "у розмірі 1,5 відсотка", "картка 2, рядок 11.2"),
            ("register_child_residence", DAY, False, "1,5 відсотка", "картка 3, рядок 11.2"),
            ("register_child_residence", DAY, True, "2,5 відсотка", "картка 3, рядок 11.2"),
            ("deregister_child_residence", DAY, False, "у розмірі 1,5 відсотка", "картка 4, рядок 11.2"),
            ("register_stay", DAY, False, "За реєстрацію місця перебування", "картка 5, рядок 11"),
            ("amend_record", DAY, False, "збір не справляється", "картка 6, рядок 11"),
            ("issue_extract", DAY, False, "збір не справляється", "картка 7, рядок 11"),
            ("declare_residence", DAY, False, "1,5 відсотка", "картка 8, рядок 11.2"),
            ("declare_residence", DAY, True, "2,5 відсотка", "картка 8, рядок 11.2"),
            ("declare_child_residence", DAY, False, "1,5 відсотка", "картка 9, рядок 11.2"),
            ("declare_child_residence", DAY, True, "2,5 відсотка", "картка 9, рядок 11.2"),
            ("register_residence", EVE, False, "0,0085", "картка 71-01, рядок 11.2"),
            ("register_residence", EVE, True, "0,0255", "картка 71-01, рядок 11.2"),
            ("deregister_residence", EVE, True, "0,0085", "картка 71-02, рядок 11.2"),
            ("register_stay", EVE, False, "Плата не стягується", "картка 71-05, рядок 11"),
            ("issue_extract", EVE, False, "Плата не стягується", "картка 71-03, рядок 11"),
            ("amend_record", EVE, False, "За реєстрацію, зняття", "картка 71-01, рядок 11.2"),
        ],
    )
    def test_each_fee_says_its_rule_and_where_it_stands(self, service, on, late, words, reference):
        fee = amount(service, on, late=late)
        assert words in fee.rule
        assert fee.reference.startswith(reference)

    def test_the_minimum_is_named_with_its_source(self):
        reference = amount("register_residence", date(2022, 5, 1)).reference
        assert "01.01.2022 — 2481 грн" in reference and fees.MINIMUMS[2022]["reference"] in reference

    def test_for_each_service_and_day_there_is_one_rate_at_most(self):
        edges = {day for one in EVERY_CARD for rule in one.fees for day in (rule.since, rule.until) if day != date.max}
        for day in sorted(edges | {edge - timedelta(days=1) for edge in edges if edge > date(2016, 4, 4)}):
            for service in SERVICES:
                rates = [one for one in priced_by(service, day).fees if one.is_amount and not one.is_conditional]
                for late in (False, True):
                    assert len([one for one in rates if one.late in (None, late)]) == 1, (service, day, late)


class TestExemptions:
    @pytest.mark.parametrize("kind", INSTITUTIONS)
    def test_an_orphan_into_an_institution_or_a_family(self, kind):
        free = due("register_child_residence", DAY, late=True, orphan=True, dwelling=kind)
        assert free.kopiykas == 0
        assert free.reference == "картка 3, рядок 11.2" and free.rule.startswith("За реєстрацію місця проживання/зміну")
        removed = due("deregister_child_residence", DAY, late=False, orphan=True, moves_to=kind)
        assert removed.kopiykas == 0
        assert removed.reference == "картка 4, рядок 11.2" and "дитини-сироти" in removed.rule

    @pytest.mark.parametrize(
        ("service", "facts"),
        [
            ("register_child_residence", {"orphan": True, "dwelling": "private"}),
            ("register_child_residence", {"orphan": True, "dwelling": "social_institution"}),
            ("register_child_residence", {"orphan": True}),
            ("register_child_residence", {"dwelling": "foster_family"}),
            ("register_child_residence", {"orphan": False, "dwelling": "foster_family"}),
            ("register_child_residence", {"orphan": True, "moves_to": "foster_family"}),
            ("register_child_residence", {"ground": "dms_notice"}),
            ("deregister_child_residence", {"orphan": True, "dwelling": "foster_family"}),
            ("deregister_child_residence", {"orphan": True, "moves_to": "private"}),
            ("deregister_child_residence", {"moves_to": "foster_family"}),
            ("register_residence", {"orphan": True, "dwelling": "orphan_institution"}),
            ("deregister_residence", {"orphan": True, "moves_to": "orphan_institution"}),
            ("declare_child_residence", {"orphan": True, "dwelling": "foster_family"}),
        ],
    )
    def test_whatever_falls_short_of_one_pays(self, service, facts):
        assert due(service, DAY, late=False, **facts).kopiykas == 4542

    @pytest.mark.parametrize(
        ("ground", "words"),
        [
            *((ground, "на підставі судового рішення, що набуло законної сили") for ground in COURT),
            ("death_certificate", "на підставі свідоцтва про смерть"),
            ("death_data", "відомостей про державну реєстрацію смерті"),
            ("dms_notice", "за повідомленням територіального органу або підрозділу ДМС"),
            ("institution_notice", "за повідомленням спеціалізованої соціальної установи"),
            ("authorised_person_notice", "за повідомленням уповноваженої особи житла"),
        ],
    )
    @pytest.mark.parametrize("service", sorted(REMOVALS))
    def test_a_removal_that_nobody_applied_for(self, service, ground, words):
        free = due(service, DAY, late=False, ground=ground)
        assert free.kopiykas == 0
        assert free.rule.startswith("Адміністративний збір не справляється в разі зняття") and words in free.rule
        of_card_2 = service == "deregister_residence" or ground in ("institution_notice", "authorised_person_notice")
        assert free.reference == f"картка {2 if of_card_2 else 4}, рядок 11.2"

    @pytest.mark.parametrize("ground", ASKED)
    @pytest.mark.parametrize("service", sorted(REMOVALS))
    def test_a_removal_on_an_application_or_by_a_decision_on_removal_pays(self, service, ground):
        assert due(service, DAY, late=False, ground=ground) == amount(service, DAY)
        assert due(service, EVE, late=False, ground=ground).kopiykas == 1360

    @pytest.mark.parametrize("ground", UNASKED)
    @pytest.mark.parametrize("service", sorted(REMOVALS))
    def test_the_older_removal_without_an_application_too_is_free(self, service, ground):
        free = due(service, EVE, late=False, ground=ground)
        assert free.kopiykas == 0 and free.reference.startswith("картка 71-02, рядок 9")
        assert due(service, date(2017, 1, 1), late=False, ground=ground) == free
        with pytest.raises(NoPublishedAmount):
            due(service, date(2016, 12, 31), late=False, ground=ground)

    def test_the_older_card_has_no_exemption_of_orphans(self):
        facts = {"late": False, "orphan": True, "dwelling": "foster_family"}
        assert due("register_child_residence", EVE, **facts).kopiykas == 1360
        assert due("register_child_residence", LAW, **facts).kopiykas == 0

    def test_what_is_exempt_needs_no_minimum(self):
        assert due("deregister_residence", date(2027, 1, 1), late=False, ground="death_data").kopiykas == 0

    def test_an_orphan_removed_by_a_court_is_free_as_an_orphan(self):
        facts = {"orphan": True, "moves_to": "foster_family", "ground": "court_eviction"}
        assert "дитини-сироти" in due("deregister_child_residence", DAY, late=False, **facts).rule


class TestOneFeeAndMany:
    @pytest.mark.parametrize("on", [EVE, LAW, DAY])
    @pytest.mark.parametrize("service", sorted(REGISTRATIONS))
    def test_a_move_costs_one_fee_and_says_why(self, service, on):
        for late in (False, True):
            alone, moved = (due(service, on, late=late, moves=moves) for moves in (False, True))
            assert alone == due(service, on, late=late) == amount(service, on, late=late)
            assert (moved.kopiykas, moved.reference) == (alone.kopiykas, alone.reference)
            assert moved.rule.startswith(f"{alone.rule}. ")
            assert "лише за одну адміністративну послугу" in moved.rule

    def test_the_wording_of_one_fee_is_that_of_the_day_and_card(self):
        said = [
            due(service, on, late=False, moves=True).rule.split(". ")[-1]
            for service, on in (("register_residence", EVE), ("register_residence", LAW), ("declare_residence", LAW))
        ]
        assert [rule.split(" місця")[0] for rule in said] == ["У разі реєстрації", "За реєстрацію", "За декларування"]

    def test_a_removal_removes_nothing_else(self):
        fee = due("deregister_residence", DAY, late=False, moves=True)
        assert fee == amount("deregister_residence", DAY)

    @pytest.mark.parametrize(("persons", "kopiykas"), [(1, 3722), (2, 7444), (3, 11166)])
    def test_an_owner_pays_for_each_rounded_before_it_is_multiplied(self, persons, kopiykas):
        fee = due("deregister_residence", date(2022, 6, 1), late=False, ground="owner_application", persons=persons)
        assert fee.kopiykas == kopiykas
        assert ("окремо щодо кожної особи" in fee.rule) is (persons > 1)
        assert ("картка 2, рядок 9" in fee.reference) is (persons > 1)
        assert fee.reference.startswith("картка 2, рядок 11.2; прожитковий мінімум")

    def test_several_removed_before_the_law(self):
        assert due("deregister_residence", EVE, late=False, persons=3).kopiykas == 4080

    @pytest.mark.parametrize("service", sorted(set(SERVICES) - {"deregister_residence"}))
    def test_elsewhere_each_of_several_pays_for_themselves(self, service):
        one, two = amount(service, DAY), due(service, DAY, late=False, persons=2)
        assert two.kopiykas == 2 * one.kopiykas
        assert ("окремо за кожну особу" in two.rule) is (one.kopiykas > 0)

    def test_nobody_is_not_a_number_of_persons(self):
        with pytest.raises(ValueError, match=r"^0 persons in one application$"):
            due("deregister_residence", DAY, late=False, persons=0)

    def test_several_free_are_free(self):
        assert due("deregister_residence", DAY, late=False, ground="court_eviction", persons=4).kopiykas == 0


@pytest.mark.parametrize("case", [one for one in CASES if "fee_kopiykas" in one["expect"]], ids=lambda one: one["id"])
def test_of_the_sample_case(case):
    fee = dues(read(facts_of(case))).fee
    assert isinstance(fee, Fee)
    assert fee.kopiykas == case["expect"]["fee_kopiykas"]
    assert fee.rule and fee.reference


@pytest.mark.parametrize("case", [one for one in CASES if "late" in one["expect"]], ids=lambda one: one["id"])
def test_lateness_of_the_sample_case(case):
    assert dues(read(facts_of(case)), paid=0).late is case["expect"]["late"]


class TestWhatIsSaid:
    def test_of_a_year_without_an_amount(self):
        with pytest.raises(NoPublishedAmount, match=r"^no amount of the fee is published for 2099$"):
            amount("register_residence", date(2099, 1, 1))

    def test_a_card_without_fees_says_no_amount(self):
        whole = priced_by("register_residence", DAY)
        by = replace(whole, rules={**whole.rules, "fees": ()})
        asked = read({"service": "register_residence", "received": f"{DAY}T10:00", "subject": {"born": "1990-03-15"}})
        with pytest.raises(NoPublishedAmount):
            fees.due(by, Facts(asked=asked, age=30))

    def test_where_nothing_is_due_it_is_not_due_once(self):
        free = due("register_child_residence", DAY, late=False, dwelling=INSTITUTIONS[0], orphan=True, moves=True)
        assert free.kopiykas == 0 and "одночасно із зняттям" not in free.rule

    def test_of_several_what_is_due_of_one_and_the_row_that_says_so(self):
        each = next(rule for rule in priced_by("deregister_residence", DAY).fees if rule.counted == "each")
        said = {"ground": "owner_application", "applicant": {"kind": "dwelling_owner"}, "late": False}
        one, three = (due("deregister_residence", DAY, persons=persons, **said) for persons in (1, 3))
        assert three.rule == f"{one.rule}, {each.rule or each.uk}"
        assert three.reference == f"{one.reference}; {fees._cited(each)}"
        one, two = (due("register_residence", DAY, late=False, persons=persons) for persons in (1, 2))
        assert (two.kopiykas, two.rule) == (2 * one.kopiykas, f"{one.rule}, {fees._DATA['texts']['each']}")

    def test_a_rule_is_cited_as_it_says_itself_or_by_its_row(self):
        rule = priced_by("register_residence", DAY).fees[0]
        assert fees._cited(replace(rule, cited="рішення ради")) == "рішення ради"
        assert fees._cited(replace(rule, cited="", reference="рішення")) == "рішення"
