"""Every kind of extract on a real register: what it states, who may ask for it (card 7), on any day, as known then."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from clocks import StoppedClock
from extracting import OF_REPRESENTATIVE, OWNER, ZENOVIIA, Office, text
from given import CLERK, VARIABLES, installation
from papers import PASSWORD, pkcs12_file
from running import Command, assert_refused, staffed
from starlette.testclient import TestClient
from test_api import NOBODY, SECRET, desk

from api.main import create_app
from registry import texts, viewer
from registry.aggregates.case.events import Concerned, Part
from registry.aggregates.dwelling.events import Address
from registry.aggregates.requests import digest_of
from registry.aggregates.values import Impossible
from registry.cases.at_desk import Refused
from registry.cases.cases import Cases
from registry.cases.intake import Visit
from registry.extracts import documents, issuing, keys, pdf
from registry.extracts.issuing import CannotIssue, NoDocument
from registry.extracts.requesting import APPLICANTS, OF_DWELLINGS, OWNERS_SIDE, WITH_HISTORY, Wanted
from registry.extracts.stated import ASKED_FOR
from registry.opening import opened
from registry.storage import access
from registry.storage.mapper import KYIV

__all__ = ["desk"]

BASES = sorted(APPLICANTS)
OWNERS_PAPERS = ("--document", "identity_document", "--document", "ownership_document")
ASKS = {"requester": "Хтось Придуманий"}
OPEN, PAST = "2010-07-15", "2005-03-04"


@pytest.fixture
def office(database_url, tmp_path):
    with opened(database_url, clock=StoppedClock()) as register:
        yield Office(register, installation(data=tmp_path))


def rows(issued):
    return [(row["address"], row["since"], row["until"]) for row in issued.residences]


def at(house):
    return f"смт Вигадівка, вул. Калинова, буд. {house}"


def the_14th_birthday():
    """Today fourteen years ago; of 29 February the day before it."""
    today = datetime.now(UTC).date()
    return date(today.year - 14, today.month, min(today.day, 28) if today.month == 2 else today.day)


class TestOfAPerson:
    def test_current(self, office):
        person, _, residence = office.lives()
        issued = office.issue(person)
        assert rows(issued) == [(at(7), OPEN, None)] and issued.residences[0]["residence_id"] == str(residence)
        assert office.content(issued)["kind"].startswith("поточне")
        assert "вул. Калинова, буд. 7" in text(issued.pdf) and "15.07.2010" in text(issued.pdf)

    def test_left(self, office):
        person, _, residence = office.lives()
        office.does("deregister_residence", person, residence=residence, until="2018-03-15")
        issued = office.issue(person)
        assert rows(issued) == [(at(7), OPEN, "2018-03-15")]
        assert "знято" in office.content(issued)["kind"] and "15.03.2018" in text(issued.pdf)

    def test_annulled(self, office):
        person, _, residence = office.lives()
        office.does("annul_residence", person, residence=residence, basis="рішення суду", revives=False)
        issued = office.issue(person)
        assert rows(issued) == [(at(7), OPEN, None)] and issued.residences[0]["note"] == "скасоване"
        assert "скасовані" in office.content(issued)["kind"] and "скасоване" in text(issued.pdf)

    def test_no_data_and_somebody_entered_today(self, office):
        issued = office.issue(office.enter(surname="Вигадана"), history=True)
        content = office.content(issued)
        assert content["no_data"] and content["residences"] == content["previous"] == [] and issued.residences == []
        assert "відсутність" in content["kind"] and "Відомості відсутні" in text(issued.pdf)

    def test_each_kind_may_be_asked_for_by_name(self, office):
        person, dwelling, first = office.lives()
        office.does("deregister_residence", person, residence=first, until="2018-03-15")
        second = office.settle(person, office.home("9"), "2019-05-05")
        annulled = office.settle(person, dwelling, "2020-01-01")
        office.does("annul_residence", person, residence=annulled, basis="рішення суду", revives=True)
        found = {kind: office.issue(person, asked_for=kind).residences for kind in ASKED_FOR}
        stated = {kind: [row["residence_id"] for row in rows] for kind, rows in found.items()}
        assert stated == {"current": [str(second)], "left": [str(first)], "annulled": [str(annulled)]}

    @pytest.mark.parametrize("kind", ASKED_FOR)
    def test_one_that_the_person_does_not_have_is_no_data_and_never_another(self, office, kind):
        issued = office.issue(office.enter(surname="Вигадана"), asked_for=kind)
        assert office.content(issued)["no_data"] and issued.residences == []

    def test_left_is_asked_for_while_somewhere_else_is_current(self, office):
        person, _, _ = office.lives()
        office.settle(person, office.home("9"), "2019-05-05")
        assert rows(office.issue(person, asked_for="left")) == [(at(7), OPEN, "2019-05-05")]
        assert office.content(office.issue(person, asked_for="annulled"))["no_data"]

    def test_previous_periods_are_there_only_where_asked_for(self, office):
        person, _, _ = office.lives()
        office.past(person, office.home("1"), PAST, OPEN)
        assert rows(office.issue(person, history=True)) == [(at(7), OPEN, None), (at(1), PAST, OPEN)]
        plain = office.issue(person)
        assert rows(plain) == [(at(7), OPEN, None)] and office.content(plain)["previous"] is None
        assert "буд. 1" not in text(plain.pdf)

    def test_of_left_and_no_data_the_other_periods_are_previous(self, office):
        person, _, residence = office.lives()
        office.past(person, office.home("1"), PAST, "2009")
        office.does("deregister_residence", person, residence=residence, until="2018-03-15")
        issued = office.issue(person, history=True)
        content = office.content(issued)
        assert [row["until"] for row in content["residences"]] == ["2018-03-15"]
        assert [row["until"] for row in content["previous"]] == ["2009"]

    def test_a_kept_residence_stands_beside_the_current_one(self, office):
        person, _, residence = office.lives()
        office.does("note_occupied_address", person, residence=residence, list_entry="розділ II, 4")
        office.settle(person, office.home("9"), "2023-05-05")
        issued = office.issue(person)
        assert [(row["address"], row["kept"]) for row in issued.residences] == [(at(9), False), (at(7), True)]
        assert "територія бойових дій" in text(issued.pdf) or "територія або територія" in text(issued.pdf)

    def test_of_somebody_dead(self, office):
        person, home, _ = office.lives()
        office.does("record_death", person, registered_on="2021-02-03")
        for living in ({}, {"basis": "legal_representative", **ASKS}):
            with pytest.raises(Impossible, match="dead-apply-for-nothing"):
                office.issue(person, **living)
        issued = office.issue(person, home=home, **OWNER)
        assert rows(issued) == [(at(7), OPEN, "2021-02-03")] and office.content(issued)["died"] == "2021-02-03"
        assert "знято" in office.content(issued)["kind"] and "03.02.2021" in text(issued.pdf)
        alive = office.issue(person, on=date(2021, 2, 2), basis="official_request")
        assert rows(alive) == [(at(7), OPEN, None)]

    def test_a_withdrawn_entry_gives_none_but_as_the_register_stood(self, office):
        person, _, _ = office.lives()
        before = datetime.now(UTC)
        office.does("withdraw_entry", person, reason="внесено двічі")
        with pytest.raises(CannotIssue, match="відкликано"):
            office.issue(person)
        assert rows(office.issue(person, known_at=before)) == [(at(7), OPEN, None)]

    def test_unknown_dates_are_printed_as_far_as_they_are_known(self, office):
        person = office.enter(**{**ZENOVIIA, "birth_date": "1985"})
        home = office.home()
        office.past(person, home, None, "1999")
        office.past(person, office.home("1"), "2001-05", "2004")
        office.settle(person, home, "2010")
        issued = office.issue(person, history=True)
        found = [(row["since"], row["since_known"], row["until"], row["until_known"]) for row in issued.residences]
        assert found == [
            ("2010", "year", None, "none"),
            ("2001-05", "month", "2004", "year"),
            (None, "none", "1999", "year"),
        ]
        said = text(issued.pdf)
        for words in ("2010 рік (місяць невідомий)", "травень 2001 (день невідомий)", "дата невідома", "1985 рік"):
            assert words in said, words
        assert "01.01.2010" not in said and "01.05.2001" not in said

    def test_a_renamed_street_has_both_names(self, office):
        person, dwelling, _ = office.lives()
        renamed = Address(settlement="смт Вигадівка", street="вул. Вільна", house="7")
        office.does("rename_address", dwelling, address=renamed, since="2015-01-01")
        office.settle(person, office.home("9"), "2014-01-01")
        row = office.issue(person, history=True).residences[1]
        assert row["address"] == at(7) and row["address_now"] == "смт Вигадівка, вул. Вільна, буд. 7"
        then = office.issue(person, on=date(2012, 1, 1))
        assert then.residences[0]["address"] == at(7) and "Вільна" in text(then.pdf)
        home = office.of(dwelling, on=date(2013, 1, 1))
        assert office.content(home)["dwelling"] == {"address": at(7), "address_now": row["address_now"]}
        assert "Калинова" in text(home.pdf) and "Вільна" in text(home.pdf)

    def test_a_renumbered_dwelling_is_no_move(self, office):
        person, old, _ = office.lives()
        new = office.home("7-А")
        office.does("readdress", old, successor=new, since="2022-01-01", reason="перенумерація")
        row = office.issue(person).residences[0]
        assert (row["address"], row["note"]) == (at("7-А"), "перенумеровано")

    @pytest.mark.parametrize(
        "names",
        [
            ("Ш" * 200, "Я" * 200, "Є" * 200),
            ("<script>alert(1)</script>", "#let x = 1; $x$", "*_`\\ & \" ' ; DROP TABLE"),
            ("ბერიძე", "גולדברג", "الحسن"),
            ("王小明", "𝕏𐍈", "O’Нил-Дʼюк"),
        ],
        ids=["of 200 letters", "markup", "other scripts", "scripts that no font of ours draws"],
    )
    def test_any_name_is_text(self, office, names):
        person, dwelling, _ = office.lives(**dict(zip(("surname", "given_names", "patronymic"), names, strict=True)))
        issued, home = office.issue(person), office.of(dwelling)
        assert tuple(office.content(issued)["person"].values())[:3] == names
        assert office.content(home)["residents"][0]["surname"] == names[0]
        for made in (issued.pdf, home.pdf):
            said = text(made).replace(" ", "")
            if names[0].isascii() or len(names[0]) == 200:
                assert all(name.replace(" ", "") in said for name in names)

    @pytest.mark.slow
    def test_sixty_periods(self, office):
        person = office.enter(**ZENOVIIA)
        homes = [office.home(str(number)) for number in range(1, 7)]
        days = [date(1986, 1, 1) + timedelta(days=230 * number) for number in range(60)]
        for number, day in enumerate(days):
            office.settle(person, homes[number % 6], day.isoformat())
        issued = office.issue(person, history=True)
        assert [row["since"] for row in issued.residences] == [day.isoformat() for day in reversed(days)]
        said = text(issued.pdf)
        assert all(f"{day:%d.%m.%Y}" in said for day in days)

    def test_all_that_the_law_lists_is_in_the_content(self, office):
        """The fourteen fields of card 7, row 16 (domain 4.1)."""
        person, _, _ = office.lives()
        issued = office.issue(person, basis="legal_representative", **ASKS)
        content, said = office.content(issued), text(issued.pdf)
        printed = issuing.printed(office.asked(issued))
        who = content["person"]
        for name in ("surname", "given_names", "patronymic", "birth_date", "unzr", "rnokpp"):
            assert who[name] == ZENOVIIA[name], name
        assert (content["residences"][0]["address"], content["residences"][0]["since"]) == (at(7), OPEN)
        assert content["kind"] and content["office"] == office.settings.office_name
        assert content["basis"] == "заява законного представника" and content["requester"] == ASKS["requester"]
        assert content["requested_at"] <= printed["formed_at"] and printed["number"] == issued.number
        for words in (
            *(ZENOVIIA[name] for name in ("surname", "given_names", "patronymic", "unzr", "rnokpp")),
            *("02.04.1985", "вул. Калинова, буд. 7", "15.07.2010", issued.number, content["kind"]),
            *(content["office"], content["basis"], content["requester"], "-".join((issued.code[:4], issued.code[4:8]))),
        ):
            assert words.replace(" ", "") in said.replace(" ", ""), words
        assert ZENOVIIA["phone"] not in said and ZENOVIIA["email"] not in said


class TestOfADwelling:
    def test_who_is_registered_there_and_nothing_of_their_numbers(self, office):
        person, dwelling, _ = office.lives()
        other = office.enter(surname="Їжак", given_names="Остап", birth_date="1991-02-03", unzr="19910203-00017")
        office.settle(other, dwelling, "2020-05-05", kind="declared")
        gone = office.enter(surname="Зайвий")
        office.settle(gone, dwelling, "2011-01-01")
        office.settle(gone, office.home("9"), "2012-01-01")
        issued = office.of(dwelling)
        assert [(row["surname"], row["since"]) for row in issued.residents] == [
            ("Вигаданенко", OPEN),
            ("Їжак", "2020-05-05"),
        ]
        assert issued.residences == [] and {row["person_id"] for row in issued.residents} == {str(person), str(other)}
        said, held = text(issued.pdf), str(office.content(issued))
        assert "Вигаданенко Зеновія Остапівна" in said and "Їжак Остап" in said and "Зайвий" not in said
        numbers = [ZENOVIIA[name] for name in ("unzr", "rnokpp", "phone", "email", "birth_date", "birth_place")]
        for secret in (*numbers, "02.04.1985", "1991-02-03", "03.02.1991", "19910203-00017"):
            assert secret not in said and secret not in held, secret
        assert OWNER["requester"] in said and office.content(issued)["person"] is None

    def test_nobody(self, office):
        issued = office.of(office.home())
        assert issued.residents == [] and "немає" in text(issued.pdf)

    def test_a_renumbered_one_is_empty_and_its_people_are_in_the_new_one(self, office):
        _, old, _ = office.lives()
        new = office.home("7-А")
        office.does("readdress", old, successor=new, since="2022-01-01", reason="перенумерація")
        assert office.of(old).residents == []
        assert [row["note"] for row in office.of(new).residents] == ["перенумеровано"]
        before = office.of(old, on=date(2021, 12, 31))
        assert [row["surname"] for row in before.residents] == ["Вигаданенко"]

    def test_kept_ones_are_marked(self, office):
        person, dwelling, residence = office.lives()
        office.does("note_occupied_address", person, residence=residence, list_entry="розділ II, 4")
        office.settle(person, office.home("9"), "2023-05-05")
        assert [row["kept"] for row in office.of(dwelling).residents] == [True]

    def test_no_history_and_no_other_basis(self, office):
        _, dwelling, _ = office.lives()
        with pytest.raises(CannotIssue, match="не містить попередніх періодів"):
            office.of(dwelling, history=True)
        for basis in set(BASES) - set(OF_DWELLINGS):
            with pytest.raises(CannotIssue, match="Витяг про зареєстрованих у житлі видають"):
                office.of(dwelling, basis=basis)
        with pytest.raises(CannotIssue, match="житла"):
            office.of(uuid4())

    def test_both_times(self, office):
        person, dwelling, residence = office.lives()
        before = datetime.now(UTC)
        office.does("correct_residence", person, residence=residence, changes={"since": "2020-01-01"}, reason="описка")
        then = {"on": date(2015, 1, 1)}
        assert [len(office.of(dwelling, **asked).residents) for asked in (then, {**then, "known_at": before})] == [0, 1]


class TestWhoMayAsk:
    @pytest.mark.parametrize("basis", BASES)
    @pytest.mark.parametrize("kind", [None, *ASKED_FOR])
    @pytest.mark.parametrize("admits", [False, True])
    def test_for_what_of_a_person(self, office, basis, kind, admits):
        person, home, _ = office.lives()
        office.set(proxy_gets_extract=admits)
        said = {"basis": basis, "asked_for": kind, **ASKS, **({"home": home} if basis in OWNERS_SIDE else {})}
        if basis in OWNERS_SIDE and kind in ("left", "annulled"):
            with pytest.raises(CannotIssue, match="про зняте чи скасоване"):
                office.issue(person, **said)
            return
        if basis == "representative" and not admits:
            with pytest.raises(Refused, match="Картка послуги 7 велить відмовити: 5\\)"):
                office.issue(person, **said)
            assert office.registry.query("extracts", "of_person", person=person) == []
            return
        issued = office.issue(person, **said)
        assert office.content(issued)["requester"] == ASKS["requester"]
        if basis in WITH_HISTORY:
            assert office.content(office.issue(person, history=True, **said))
        else:
            with pytest.raises(CannotIssue, match="Попередні періоди видають лише особі"):
                office.issue(person, history=True, **said)

    @pytest.mark.parametrize("basis", OF_DWELLINGS)
    def test_of_a_dwelling(self, office, basis):
        _, dwelling, _ = office.lives()
        assert len(office.of(dwelling, basis=basis).residents) == 1

    def test_a_child_from_the_fourteenth_birthday_on(self, office):
        born = the_14th_birthday()
        old_enough, too_young = (
            office.enter(surname="Вигаданко", birth_date=day.isoformat()) for day in (born, born + timedelta(days=2))
        )
        assert office.issue(old_enough)
        with pytest.raises(CannotIssue, match="дитина віком до 14 років"):
            office.issue(too_young)
        assert office.issue(too_young, basis="legal_representative", **ASKS)
        home = office.home()
        office.settle(too_young, home, born.replace(year=born.year + 1).isoformat())
        assert office.issue(too_young, home=home, **OWNER)

    def test_on_the_day_before_it_and_on_it(self, office):
        person = office.enter(surname="Вигаданко", birth_date="2013-06-15")
        # The last minute in Kyiv before the birthday, which is still the evening of the 14th in UTC.
        office.registry.clock.set("2027-06-14T20:59")
        with pytest.raises(CannotIssue, match="дитина віком до 14 років"):
            office.issue(person)
        office.registry.clock.set("2027-06-14T21:01")
        assert office.issue(person)

    def test_of_unknown_age_nobody_says_that_it_is_a_child(self, office):
        today = datetime.now(UTC).date()
        assert office.issue(office.enter(surname="Вигаданко"))
        assert office.issue(office.enter(surname="Вигаданко", birth_date=str(today.year - 14)))
        with pytest.raises(CannotIssue):
            office.issue(office.enter(surname="Вигаданко", birth_date=str(today.year - 13)))

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [
            ({"asked_for": "now"}, "Такого виду витягу немає"),
            ({"basis": "neighbour"}, "Такої підстави немає"),
            ({"basis": "mortgagee"}, "хто просить витяг"),
        ],
    )
    def test_what_nobody_may_ask(self, office, wanted, words):
        person, before = office.enter(surname="Вигадана"), office.registry.position()
        with pytest.raises(CannotIssue, match=words):
            office.issue(person, **wanted)
        assert office.registry.position() == before


class TestTimes:
    def test_on_a_past_day_as_known_at_a_past_moment_and_both(self, office):
        office.registry.clock.set("2026-03-01T09:00")
        person, _, residence = office.lives()
        office.registry.clock.set("2026-03-02T09:00")
        office.does("correct_residence", person, residence=residence, changes={"since": "2012-01-01"}, reason="описка")
        office.registry.clock.set("2026-03-03T09:00")
        known, day = datetime(2026, 3, 1, 12, tzinfo=UTC), date(2011, 1, 1)
        found = [
            rows(office.issue(person, **wanted))
            for wanted in ({}, {"on": day}, {"known_at": known}, {"on": day, "known_at": known})
        ]
        assert found == [[(at(7), "2012-01-01", None)], [], [(at(7), OPEN, None)], [(at(7), OPEN, None)]]
        both = office.issue(person, on=day, known_at=known)
        assert office.content(both)["past"] and office.asked(both).fact.as_known and both.position == 3
        said = text(both.pdf)
        assert "01.01.2011" in said and "01.03.2026 14:00" in said

    def test_what_comes_after_the_day_is_not_yet_known_to_it(self, office):
        person, _, residence = office.lives()
        office.does("deregister_residence", person, residence=residence, until="2018-03-15")
        assert rows(office.issue(person, on=date(2018, 3, 14))) == [(at(7), OPEN, None)]
        assert rows(office.issue(person, on=date(2018, 3, 15))) == [(at(7), OPEN, "2018-03-15")]
        early = office.issue(person, on=date(2010, 7, 14), history=True)
        assert office.content(early)["no_data"] and early.residences == []

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [({"on": date(2999, 1, 1)}, "ще не настала"), ({"known_at": datetime(2001, 1, 1, tzinfo=UTC)}, "ще не вівся")],
    )
    def test_neither_before_the_register_nor_to_come(self, office, wanted, words):
        person, dwelling, _ = office.lives()
        for ask in (lambda: office.issue(person, **wanted), lambda: office.of(dwelling, **wanted)):
            with pytest.raises(CannotIssue, match=words):
                ask()


class TestCertificates:
    """For applications before 1 December 2021: довідки of cards 71-03 and 71-04."""

    def granted(self, office, person, **extract):
        asked = {"service": "issue_extract", "received": "2021-11-30T10:00", "subject": {"born": "1985-04-02"}}
        asked |= {"documents": ["identity_document", "passport_copy"], "extract": extract}
        cases = Cases(office.clerk, office.settings)
        part = Part(asked=asked, card="", due_by="", concerned=(Concerned(person=person),))
        visit = Visit(parts=[part], phone="+380000000001", reason="прийнято на папері, внесено згодом")
        received, _ = cases.receive(visit, command=uuid4())
        act = cases.decide(received.entries[0].stream, command=uuid4())
        return next(entry.fact for entry in act.entries if entry.fact.NAME == "extract-requested")

    def test_of_a_current_residence(self, office):
        person, _, _ = office.lives()
        asked = self.granted(office, person)
        assert asked.content["title"] == {"name": "Довідка", "of": "про реєстрацію місця проживання особи"}
        assert asked.asked_for == "current" and asked.content["residences"][0]["address"] == at(7)
        assert asked.contact == "+380000000001" and asked.application
        number = texts.extract_number(asked.year, asked.number)
        issued = issuing.issued_before(office.registry, office.settings, number, by=CLERK, seen_by=viewer.OPEN)
        assert "Довідка про реєстрацію місця проживання особи" in text(issued.pdf)

    def test_of_one_left_while_another_is_current(self, office):
        person, _, _ = office.lives()
        office.settle(person, office.home("9"), "2019-05-05")
        asked = self.granted(office, person, state="removed")
        assert asked.content["title"]["of"] == "про зняття з реєстрації місця проживання особи"
        assert [row["until"] for row in asked.content["residences"]] == ["2019-05-05"] and asked.asked_for == "left"

    def test_never_with_previous_periods(self, office):
        person, _, _ = office.lives()
        office.past(person, office.home("1"), PAST, OPEN)
        assert self.granted(office, person, history_requested=True).content["previous"] is None


class TestTheSameAgain:
    def test_the_kept_bytes_and_lost_ones_drawn_again(self, office):
        person, dwelling, _ = office.lives()
        for issued in (office.issue(person, history=True), office.of(dwelling)):
            kept = office.settings.data / "documents" / f"{issued.sha256}.pdf"
            assert kept.read_bytes() == office.again(issued) == issued.pdf
            assert oct(kept.stat().st_mode)[-3:] == "600"
            kept.unlink()
            assert office.again(issued) == issued.pdf and hashlib.sha256(issued.pdf).hexdigest() == issued.sha256

    def test_with_the_recorded_key_also_after_a_new_one(self, office):
        issued = office.issue(office.lives()[0])
        first = keys.current(office.settings, office.now()).kid
        assert keys.rotate(office.settings, office.now()).kid != first
        assert office.registry.extract(office.asked(issued).stream).issued.key == first
        lose(office, issued)
        assert office.again(issued) == issued.pdf
        lose(office, office.issue(office.enter(surname="Вигадана")))
        (office.settings.data / "keys" / "000001.jwk").unlink()
        with pytest.raises(NoDocument, match="резервної копії"):
            office.again(issued)

    def test_a_later_renderer_does_not_pretend(self, office, monkeypatch):
        issued = office.issue(office.lives()[0])
        monkeypatch.setattr(pdf, "RENDERER", "999")
        assert office.again(issued) == issued.pdf
        lose(office, issued)
        with pytest.raises(NoDocument, match=f"резервної копії documents/{issued.sha256}.pdf"):
            office.again(issued)

    def test_a_sealed_one_is_kept_or_lost(self, office, tmp_path):
        for name, bytes_ in (("seal.p12", pkcs12_file()), ("password", PASSWORD)):
            (tmp_path / name).write_bytes(bytes_)
        office.set(seal=tmp_path / "seal.p12", seal_password_file=tmp_path / "password")
        issued = office.issue(office.lives()[0])
        assert office.content(issued)["sealed"] and office.again(issued) == issued.pdf
        lose(office, issued)
        with pytest.raises(NoDocument, match="резервної копії"):
            office.again(issued)

    def test_a_damaged_file_is_never_given_out(self, office, monkeypatch):
        issued = office.issue(office.lives()[0])
        kept = office.settings.data / "documents" / f"{issued.sha256}.pdf"
        kept.write_bytes(issued.pdf + b" ")
        assert office.again(issued) == issued.pdf
        monkeypatch.setattr(pdf, "RENDERER", "999")
        with pytest.raises(NoDocument):
            office.again(issued)

    @pytest.mark.parametrize(
        "number", ["", "2026/", "/1", "²²²²/1", "2026/²", "2026/0", "9999/1", "2026/1234567890", "a"]
    )
    def test_no_such_number(self, office, number):
        with pytest.raises(NoDocument, match="номером немає"):
            issuing.document(office.registry, office.settings, number, by=CLERK, seen_by=viewer.OPEN)

    def test_a_voided_number_has_no_document(self, office, monkeypatch):
        person = office.lives()[0]
        with monkeypatch.context() as broken, pytest.raises(CannotIssue):
            broken.setattr(pdf, "render", lambda *_: 1 / 0)
            office.issue(person)
        with pytest.raises(NoDocument):
            issuing.document(office.registry, office.settings, f"{office.now().year}/1", by=CLERK, seen_by=viewer.OPEN)

    def test_two_at_once_with_one_command_give_one_document(self, office, monkeypatch):
        """The slower of two equal requests gives what the faster one recorded, not what it made itself."""
        person, command, made = office.lives()[0], uuid4(), []
        real = documents.keep

        def slow(settings, bytes_):
            sha256 = real(settings, bytes_)
            if not made:
                made.append(sha256)
                made.append(office.issue(person, command=command).sha256)
            return sha256

        monkeypatch.setattr(documents, "keep", slow)
        assert office.issue(person, command=command).sha256 == made[1]
        assert len(office.registry.query("extracts", "of_person", person=person)) == 1


def lose(office, issued):
    (office.settings.data / "documents" / f"{issued.sha256}.pdf").unlink()


class TestConnections:
    """Nothing here waits for a second connection while it holds one: eight who do so at once wait for ever."""

    def test_one_is_enough(self, database_url, tmp_path):
        with opened(database_url, connections=1) as registry:
            registry.datastore.pool.timeout = 2.0
            office = Office(registry, installation(data=tmp_path))
            person, dwelling, residence = office.lives()
            issued, home = office.issue(person, history=True, contact="+380000000017"), office.of(dwelling)
            office.does("correct_residence", person, residence=residence, changes={"since": "2011"}, reason="описка")
            client = TestClient(create_app(registry, office.settings))
            assert "Витяг застарів" in client.get(f"/v/{issued.code}").text
            for one in (issued.number, home.number, "superseded?since=2026-01-01"):
                assert client.get(f"/api/v1/extracts/{one}").status_code == 200
            moment = office.asked(issued).recorded_at.isoformat()
            asked = {"known_at": moment, "on": "2020-01-01", **OWNER}
            asked["documents"] = ["identity_document", "ownership_document"]
            of_person = {**asked, "dwelling": str(dwelling)}
            assert client.post(f"/api/v1/persons/{person}/extracts", json=of_person).status_code == 201
            assert client.post(f"/api/v1/dwellings/{dwelling}/extracts", json=asked).status_code == 201
            assert client.post(f"/persons/{person}/extracts", data={"command": str(uuid4())}).status_code == 200
            assert client.post(f"/persons/{dwelling}/extracts", data={"command": str(uuid4())}).status_code == 422


class TestTheAccessJournal:
    def entries(self, office):
        return [(one.action, one.persons, one.about) for one in access.entries(office.registry.access)]

    def test_one_entry_for_each_extract_given_with_the_people_it_shows(self, office):
        person, dwelling, _ = office.lives()
        other = office.enter(surname="Їжак")
        office.settle(other, dwelling)
        assert self.entries(office) == []
        command = uuid4()
        first = office.issue(person, command=command)
        office.issue(person, command=command)
        office.again(first)
        second = office.of(dwelling)
        assert self.entries(office) == [
            ("issued", (person,), {"extract": first.number}),
            ("printed", (person,), {"extract": first.number}),
            ("printed", (person,), {"extract": first.number}),
            ("issued", (person, other), {"extract": second.number}),
        ]

    def test_what_cannot_be_written_down_is_not_shown_and_comes_with_the_same_command(self, office, monkeypatch):
        person, command = office.lives()[0], uuid4()

        def fails(*_):
            raise access.NotRecorded

        with monkeypatch.context() as broken, pytest.raises(access.NotRecorded):
            broken.setattr(access, "record", fails)
            office.issue(person, command=command)
        assert self.entries(office) == []
        issued = office.issue(person, command=command)
        assert issued.number.endswith("/000000001") and self.entries(office)[0][0] == "printed"


class TestCommands:
    @pytest.fixture
    def hromada(self, database_url, tmp_path):
        return Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"), **VARIABLES)

    def test_again_by_number_a_dwelling_and_about(self, office, hromada, tmp_path):
        person, dwelling, _ = office.lives()
        first, again, third = (tmp_path / f"{name}.pdf" for name in ("first", "again", "third"))
        said = hromada.answer("extract", person, "--about", "current", "--out", first)
        assert hromada.answer("extract", "--again", said["number"], "--out", again) == said
        assert first.read_bytes() == again.read_bytes()
        assert hashlib.sha256(again.read_bytes()).hexdigest() == said["sha256"]
        owner = ("--for", "dwelling_owner", "--requester", OWNER["requester"], *OWNERS_PAPERS)
        home = hromada.answer("extract", "--dwelling", dwelling, *owner, "--out", third)
        assert [row["surname"] for row in home["residents"]] == ["Вигаданенко"] and "residences" not in home

    def test_what_it_cannot_do_it_says(self, office, hromada, database_url, tmp_path):
        person, dwelling, _ = office.lives()
        out = ("--out", tmp_path / "x.pdf")
        for number in ("2026/000000099", "²²²²/1"):
            assert_refused(hromada("extract", "--again", number, *out), 2, "Документа витягу з таким номером немає")
        assert_refused(hromada("extract", person, "--dwelling", dwelling, *out), 2, "Вкажіть щось одне")
        assert_refused(hromada("extract", "--dwelling", dwelling, *out), 2, "Витяг про зареєстрованих")
        proxy = ("extract", person, "--for", "representative", "--requester", "Хтось", *out)
        assert_refused(hromada(*proxy), 2, "Картка послуги 7 велить відмовити")
        assert not (tmp_path / "x.pdf").exists()
        papers = [part for one in OF_REPRESENTATIVE for part in ("--document", one)]
        adopted = tmp_path / "readings.toml"
        adopted.write_text("[readings]\nproxy_gets_extract = true\n")
        staffed(database_url, "admin", "clerk", "head")
        assert hromada("init", adopted).returncode == hromada("community", "approve").returncode == 0
        done = hromada(*proxy, *papers)
        assert done.returncode == 0 and (tmp_path / "x.pdf").exists()

    def test_of_an_owner_about_somebody_in_the_dwelling_and_of_a_body(self, office, hromada, tmp_path):
        person, dwelling, _ = office.lives()
        out = ("--out", tmp_path / "x.pdf")
        owner = ("--for", "dwelling_owner", "--requester", OWNER["requester"])
        assert_refused(hromada("extract", person, *owner, *OWNERS_PAPERS, *out), 2, "Назвіть житло")
        of_home = ("extract", person, "--dwelling", dwelling, *owner)
        assert_refused(hromada(*of_home, "--document", "identity_document", *out), 2, "бракує: ownership_document")
        said = hromada.answer(*of_home, *OWNERS_PAPERS, *out)
        assert [row["address"] for row in said["residences"]] == [at(7)]
        body = ("extract", person, "--for", "official_request", "--requester", "Вигадівський суд")
        assert_refused(hromada(*body, *out), 2, "Офіційний запит називає")
        assert_refused(hromada(*body, "--dated", "учора", *out), 2, "не день")
        said = hromada.answer(*body, "--dated", "2026-01-09", *out)
        printed = text((tmp_path / "x.pdf").read_bytes())
        assert said["number"].endswith("2") and "офіційний запит № б/н від 09.01.2026" in printed


class TestTheApi:
    """The same over HTTP: what a key repeats, what an extract states, and where its document is."""

    OWNER: ClassVar = {**OWNER, "documents": ["identity_document", "ownership_document"]}
    GUARDIAN: ClassVar = {
        "basis": "legal_representative",
        "requester": "Опікун",
        "documents": ["identity_document", "representative_identity", "representative_authority"],
    }

    @pytest.fixture
    def home(self, desk):
        return desk.dwelling()

    @pytest.fixture
    def person(self, desk, home):
        stream = desk.person()
        desk.settled(stream, home)
        return stream

    def told(self, desk, answer):
        return desk.get("/extracts/" + answer.json()["number"])

    def test_about_a_person_with_all_that_can_be_said(self, desk, person):
        body = {"about": "left", "contact": "+380000000017", **self.GUARDIAN}
        issued = desk.post(f"/persons/{person}/extracts", body)
        told = self.told(desk, issued).json()
        for name in ("about", "contact", "basis", "requester"):
            assert told[name] == body[name], name
        assert told["content"]["no_data"] and told["status"] == "issued" and told["superseded_on"] is None
        document = desk.client.get(issued.headers["location"]).content
        assert hashlib.sha256(document).hexdigest() == told["sha256"] == issued.json()["sha256"]
        assert desk.refused(f"/persons/{person}/extracts", {"about": SECRET})["errors"][0]["field"] == "about"

    def test_about_a_dwelling(self, desk, person, home):
        issued = desk.post(f"/dwellings/{home}/extracts", self.OWNER)
        assert issued.status_code == 201 and [row["person_id"] for row in issued.json()["residents"]] == [person]
        told = self.told(desk, issued).json()
        assert (told["dwelling"], told["person"], told["content"]["dwelling"]["address"][-6:]) == (home, None, "буд. 7")
        assert desk.refused(f"/dwellings/{home}/extracts", {})["type"] == "/problems/cannot-issue"
        for field in ("history", "about"):
            assert desk.refused(f"/dwellings/{home}/extracts", {**self.OWNER, field: True})["errors"][0]["code"]
        assert desk.post(f"/dwellings/{NOBODY}/extracts", self.OWNER).status_code == 404

    def test_a_key_gives_the_first_one_again_and_nothing_else(self, desk, person, home):
        facts = desk.get(f"/persons/{person}/facts").json()["facts"]
        earlier, moment = (one["recorded_at"] for one in facts)
        full = {"about": "current", "contact": "a", "on": "01.01.2024", "known_at": moment, **self.GUARDIAN}
        full |= {"history": True}
        for path, body in (
            (f"/persons/{person}", {}),
            (f"/persons/{person}", full),
            (f"/dwellings/{home}", self.OWNER),
        ):
            key = str(uuid4())
            first, again = (desk.post(f"{path}/extracts", body, Idempotency_Key=key) for _ in range(2))
            assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
            assert again.headers["idempotency-replayed"] == "true"
            other = {"about": "left", "contact": "b", "on": "02.01.2024", "known_at": earlier}
            other |= {"basis": "trust_owner", "history": not body.get("history"), "requester": "Хтось інший"}
            fields = set(other) - ({"about", "history"} if "dwellings" in path else set())
            for name in fields:
                problem = desk.refused(f"{path}/extracts", {**body, name: other[name]}, Idempotency_Key=key)
                assert problem["type"] == "/problems/key-reused", name
            for name in set(body) - {"requester", "documents"}:
                left_out = {field: value for field, value in body.items() if field != name}
                assert desk.refused(f"{path}/extracts", left_out, Idempotency_Key=key), name
        for path in (f"/persons/{person}", f"/persons/{desk.person()}", f"/dwellings/{desk.dwelling('9')}"):
            assert desk.refused(f"{path}/extracts", self.OWNER, Idempotency_Key=key)["type"] == "/problems/key-reused"

    def test_a_key_of_an_official_request_and_of_an_earlier_release(self, desk, person):
        path, key, old = f"/persons/{person}/extracts", str(uuid4()), uuid4()
        body = {"basis": "official_request", "notice": {"sender": "Вигадівський суд", "dated": "2026-01-09"}}
        first, again = (desk.post(path, body, Idempotency_Key=key) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
        asked = desk.registry.entries(issuing.by_number(desk.registry, first.json()["number"])["extract"])[0]
        # An earlier release recorded no application, and the digest of what was wanted alone.
        fact = replace(asked.fact, number=0, code="ABCDEFGHJKLM", application=None, basis="person")
        wanted = digest_of("extract-requested", Wanted(person=fact.person))
        desk.registry.append([(uuid4(), [fact], 0)], by=CLERK, command=old, digest=wanted)
        earlier = desk.post(path, {}, Idempotency_Key=str(old))
        assert earlier.status_code == 200 and earlier.json()["number"].endswith("2")

    def test_of_an_entry_withdrawn_since_as_the_register_stood(self, desk, person):
        moment = desk.get(f"/persons/{person}/facts").json()["facts"][-1]["recorded_at"]
        desk.act(f"/persons/{person}/withdrawal", {"reason": "внесено двічі"})
        assert desk.post(f"/persons/{person}/extracts", {}).status_code == 404
        assert len(desk.act(f"/persons/{person}/extracts", {"known_at": moment})["residences"]) == 1

    def test_it_says_when_it_stopped_being_so(self, desk, person):
        issued = desk.post(f"/persons/{person}/extracts", {})
        residence = issued.json()["residences"][0]["residence_id"]
        body = {"since": "2010-07-16", "reason": "описка"}
        desk.act(f"/persons/{person}/residences/{residence}/correction", body)
        today = datetime.now(UTC).astimezone(KYIV).date().isoformat()
        assert self.told(desk, issued).json()["superseded_on"] == today
        listed = desk.get("/extracts/superseded", since=today).json()
        assert [(row["number"], row["because"]) for row in listed["answer"]] == [
            (issued.json()["number"], "Виправлено відомості про місце проживання (перебування)")
        ]
        for bad in ("2199-01-01", SECRET, ""):
            answer = desk.get("/extracts/superseded", since=bad)
            assert answer.status_code == 422 and SECRET not in answer.text

    def test_no_such_number(self, desk):
        for path in ("/extracts/2026/1", "/extracts/x/y", "/extracts/²²²²/1", "/extracts/9999/999999999"):
            assert desk.get(path).status_code == desk.get(f"{path}/document").status_code == 404

    def test_a_look_at_one_is_written_down(self, desk, person):
        self.told(desk, desk.post(f"/persons/{person}/extracts", {}))
        entries = [one for one in access.entries(desk.registry.access) if one.action != "acted"]
        assert [(one.action, [str(who) for who in one.persons]) for one in entries] == [
            ("issued", [person]),
            ("looked", [person]),
        ]
