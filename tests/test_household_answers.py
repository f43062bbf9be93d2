"""What other departments are answered: who is registered in the dwelling of their applicant, and nothing else.

The canaries are numbers, phones, ids and marks: of whoever lives there too none may come.
"""

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from given import CLERK
from test_api import API, SECRET, Desk, codes, desk
from test_viewer import Denies

from registry import seals
from registry.aggregates.street.events import LIST, HousesListed, ListedHouse, StreetEntered, StreetName
from registry.services.adjacent import EVERY_ADJACENT, NoAdjacentCard, adjacent_card
from registry.storage import access
from registry.storage.mapper import kyiv_day

__all__ = ["desk"]

ANSWERS = "/household-answers"
NOTICE = {"sender": "Відділ обліку житла", "number": "12/1-45 К", "dated": "2024-05-31"}
OKSANA = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": "1990-05-04"}
PETRO = {"surname": "Придуманий", "given_names": "Петро", "patronymic": "Іванович", "birth_date": "1985-01-02"}
HANNA = {"surname": "Інша", "given_names": "Ганна", "birth_date": "1970-01-01"}
PLACE = "смт Вигадівка"
ADDRESS = {"settlement": PLACE, "street": "вул. Калинова", "house": "7"}
NUMBERS = ("19900504-00018", "+380000777111", "К-77", "oksana@example.ua")
HEAD = {"card", "title", "reference", "on", "known_at", "position", "registered", "text"}


def asking(applicant: Any = OKSANA, **said: Any) -> dict[str, Any]:
    """A request by 17-39 about the dwelling of somebody."""
    return {"card": "17-39", "notice": NOTICE, "applicant": applicant, "address": ADDRESS, **said}


def at(**parts: Any) -> dict[str, Any]:
    return {**ADDRESS, **parts}


class Town:
    """A house with Oksana since 2010 and Petro since some day of 2015."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.home = desk.dwelling()
        told = {"unzr": "19900504-00018", "phone": "+380000777111", "email": "oksana@example.ua"}
        self.oksana, self.petro = desk.person(ref="К-77", **told), desk.person(**PETRO)
        self.hers = desk.settled(self.oksana, self.home)
        self.his = desk.settled(self.petro, self.home, "2015")
        today = kyiv_day(desk.registry.clock())
        self.yesterday = (today - timedelta(1)).isoformat()

    def answered(self, body: Any) -> dict[str, Any]:
        answer = self.desk.post(ANSWERS, body)
        assert answer.status_code == 200, answer.text
        assert not [word for word in (*NUMBERS, self.home, self.oksana, self.petro, self.hers) if word in answer.text]
        return answer.json()

    def named(self, body: Any) -> list[str]:
        return [one["given_names"] for one in self.answered(body)["persons"]]

    def refused(self, body: Any) -> list[tuple[str, str | None]]:
        """The codes of a refusal, which tells of nobody and is no look."""
        before = len(self.looks())
        problem = self.desk.refused(ANSWERS, body)
        assert "Придуманий" not in str(problem) and len(self.looks()) == before
        return codes(problem)

    def looks(self) -> list[access.LookEntry]:
        return [one for one in access.entries(self.desk.registry.access) if one.action == "asked"]

    def street(self, *names: tuple[str | None, str], houses: tuple[str, ...] = (), district: str | None = None) -> None:
        """A street of the list, its names with the day of each."""
        called = tuple(StreetName(name=name, since=since) for since, name in names)
        facts: list[Any] = [StreetEntered(settlement=PLACE, names=called, district=district, source=LIST)]
        if houses:
            facts.append(HousesListed(houses=tuple(ListedHouse(house=one) for one in houses), source=LIST))
        self.desk.registry.append([(uuid4(), facts, 0)], by=CLERK, command=uuid4())


@pytest.fixture
def town(desk: Desk) -> Town:
    return Town(desk)


class TestTheCards:
    def test_hold_since_the_decision_of_their_council(self) -> None:
        assert [one.number for one in EVERY_ADJACENT] == ["17-07", "17-39", "17-46", "71-42"]
        assert adjacent_card("17-07", date(2021, 3, 22)).asks == "dwelling"
        with pytest.raises(NoAdjacentCard):
            adjacent_card("17-07", date(2021, 3, 21))

    @pytest.mark.parametrize("card", ["17-07", "17-39", "17-46"])
    def test_of_a_dwelling_tell_who_is_registered_there(self, town: Town, card: str) -> None:
        said = town.answered(asking(card=card))
        assert said["persons"] == [
            {**OKSANA, "patronymic": None, "since": "2010-07-15", "certain": True},
            {**PETRO, "since": "2015", "certain": True},
        ]
        assert (said["card"], said["registered"], said["hidden"]) == (card, True, 0)
        assert set(said) == HEAD | {"persons", "hidden"}
        assert town.refused({**asking(card=card), "member": PETRO}) == [("household-unasked", "member")]
        assert town.refused({**asking(card=card), "address": None}) == [("household-unsaid", "address")]

    @pytest.mark.parametrize("who", ["internally_displaced", "homeless"])
    def test_ask_nothing_of_who_brings_another_paper(self, town: Town, who: str) -> None:
        for card in ("17-39", "17-46"):
            said = town.desk.refused(ANSWERS, asking(card=card, applicant_is=who))
            assert said["type"] == "/problems/brings-instead" and "замість зазначеної довідки" in said["detail"]
        assert town.answered(asking(card="17-07", applicant_is=who))["registered"]


class TestTheApplicant:
    def test_is_registered_there_or_nobody_is_told(self, town: Town) -> None:
        town.desk.settled(town.desk.person(**HANNA), town.desk.dwelling("9"))
        for who in (HANNA, {**OKSANA, "surname": "Ніхто"}, {**OKSANA, "birth_date": "1990-05-05"}):
            said = town.answered(asking(who))
            assert (said["registered"], said["persons"], said["hidden"]) == (False, [], 0)
            assert "не зареєстровано" in said["text"]

    def test_is_found_however_they_are_spelled(self, town: Town) -> None:
        for who in (
            {**OKSANA, "surname": " ВИГАДАНА ", "given_names": "Oксана"},  # a Latin O
            {**OKSANA, "birth_date": "04.05.1990"},
            {**OKSANA, "patronymic": "Тестівна"},  # of which the register says nothing
            {**OKSANA, "unzr": "19900504-00018"},
            {**PETRO, "patronymic": None},
        ):
            assert town.answered(asking(who))["registered"], who

    def test_is_another_person_where_a_patronymic_or_a_number_differs(self, town: Town) -> None:
        assert not town.answered(asking({**PETRO, "patronymic": "Семенович"}))["registered"]
        assert not town.answered(asking({**OKSANA, "unzr": "19900504-00026"}))["registered"]

    def test_is_found_by_a_former_name(self, town: Town) -> None:
        changed = {"changes": {"surname": "Нова"}, "basis": "шлюб"}
        town.desk.core("change_particulars", town.oksana, corrects=False, **changed)
        said = town.answered(asking())
        assert [one["surname"] for one in said["persons"]] == ["Нова", "Придуманий"]

    def test_may_be_known_to_the_year_and_without_a_birth_by_the_whole_name(self, town: Town) -> None:
        there = town.desk.dwelling("9")
        town.desk.settled(town.desk.person(**{**HANNA, "birth_date": "1970"}), there)
        known = {**PETRO, "given_names": "Павло"}
        town.desk.settled(town.desk.person(**{**known, "birth_date": None}), there)
        for who, found in ((HANNA, True), (known, True), ({**known, "patronymic": None}, False)):
            assert town.answered(asking(who, address=at(house="9")))["registered"] is found


class TestWhoIsRegisteredToday:
    def test_not_who_left_yesterday(self, town: Town) -> None:
        town.desk.core("deregister_residence", town.petro, residence=town.his, until=town.yesterday)
        assert town.named(asking()) == ["Оксана"]
        assert not town.answered(asking(PETRO))["registered"]

    def test_not_who_moved_on(self, town: Town) -> None:
        town.desk.settled(town.petro, town.desk.dwelling("9"), town.yesterday)
        assert town.named(asking()) == ["Оксана"]
        assert town.named(asking(PETRO, address=at(house="9"))) == ["Петро"]

    def test_not_the_dead(self, town: Town) -> None:
        town.desk.core("record_death", town.petro, registered_on="2024-02-01")
        assert town.named(asking()) == ["Оксана"]

    def test_not_who_only_stays_there(self, town: Town) -> None:
        town.desk.settled(town.desk.person(**HANNA), town.home, "2020-01-01", kind="stay")
        assert town.named(asking()) == ["Оксана", "Петро"]
        assert not town.answered(asking(HANNA))["registered"]

    def test_whose_address_there_is_kept(self, town: Town) -> None:
        town.desk.core("note_occupied_address", town.petro, residence=town.his, list_entry="II.5", confirmed=True)
        town.desk.settled(town.petro, town.desk.dwelling("9"), town.yesterday)
        assert town.named(asking()) == ["Оксана", "Петро"]
        assert town.named(asking(PETRO, address=at(house="9"))) == ["Петро"]

    def test_once_who_was_entered_twice_and_is_merged(self, town: Town) -> None:
        again = town.desk.person(**{**PETRO, "patronymic": None})
        town.desk.settled(again, town.home, "2016-01-01")
        assert town.named(asking()) == ["Оксана", "Петро", "Петро"]
        town.desk.act(f"/persons/{again}/merge", {"into": town.petro, "reason": "внесено двічі", "confirmed": True})
        assert town.named(asking()) == ["Оксана", "Петро"]

    def test_not_a_former_identity_nor_by_it(self, town: Town) -> None:
        child = town.desk.person(**{**HANNA, "birth_date": "2017-06-05"})
        residence = town.desk.settled(child, town.home, "2018-01-01")
        town.desk.core("deregister_residence", child, residence=residence, until="2020-01-01")
        now = town.desk.person(surname="Лелеченко", given_names="Іван", birth_date="2017-06-05")
        town.desk.settled(now, town.home, "2020-01-01")
        town.desk.act(f"/persons/{child}/identity-seal", {"basis": "рішення суду", "successor": now})
        assert town.named(asking()) == ["Оксана", "Іван", "Петро"]
        assert not town.answered(asking({**HANNA, "birth_date": "2017-06-05"}))["registered"]

    def test_of_whoever_is_hidden_only_that_they_are_there(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(seals, "told_by_law", lambda registry, who: Denies(town.petro))
        said = town.answered(asking())
        assert (said["hidden"], [one["surname"] for one in said["persons"]]) == (1, ["Вигадана"])
        assert "Зареєстровано осіб: 2, з них 1" in said["text"]
        # Whoever is hidden is not asked for by name: where they live would be told.
        assert town.desk.post(ANSWERS, asking(PETRO)).status_code == 403


class TestTheAddress:
    def test_is_found_however_it_is_spelled(self, town: Town) -> None:
        for parts in ({"street": "Калинова"}, {"street": "КАЛИНОВА вулиця", "house": "буд. 7"}, {"settlement": PLACE}):
            assert town.named(asking(address=at(**parts))) == ["Оксана", "Петро"]

    def test_is_found_by_names_of_the_street_old_and_new(self, town: Town) -> None:
        town.street((None, "вул. Піонерська"), ("2016-02-19", "вул. Калинова"), ("2024-01-01", "вул. Захисників"))
        for name in ("вул. Піонерська", "вул. Калинова", "Захисників"):
            assert town.named(asking(address=at(street=name))) == ["Оксана", "Петро"], name

    def test_is_found_by_what_the_dwelling_was_called(self, town: Town) -> None:
        name = {"address": at(street="вул. Вільна"), "since": "2024-01-01", "confirmed": True}
        town.desk.act(f"/dwellings/{town.home}/names", name)
        for street in ("вул. Вільна", "вул. Калинова"):
            assert town.named(asking(address=at(street=street))) == ["Оксана", "Петро"]

    def test_goes_with_the_dwelling_that_took_its_place(self, town: Town) -> None:
        after = town.desk.dwelling("7-А")
        said = {"successor": after, "since": "2024-01-01", "reason": "поділ", "confirmed": True}
        town.desk.act(f"/dwellings/{town.home}/readdressing", said)
        for house in ("7", "7а"):
            assert town.named(asking(address=at(house=house))) == ["Оксана", "Петро"]

    def test_of_an_old_name_that_another_street_has_now_is_that_one(self, town: Town) -> None:
        town.street((None, "вул. Калинова"), ("2024-01-01", "вул. Нова"))
        town.street((None, "вул. Калинова"), houses=("7",))
        assert town.refused(asking(address=at(street="вул. Нова"))) == [("home-unknown", "address")]
        assert town.named(asking()) == ["Оксана", "Петро"]

    def test_of_several_streets_is_not_guessed(self, town: Town) -> None:
        town.street((None, "вул. Калинова"), district="Надрічний")
        town.street((None, "вул. Калинова"), district="Загірний")
        assert town.refused(asking()) == [("home-street-ambiguous", "address")]

    def test_of_several_dwellings_asks_for_more(self, town: Town) -> None:
        town.desk.dwelling(kind="private")
        assert town.refused(asking()) == [("home-ambiguous", "address")]

    def test_without_its_flat_asks_for_it(self, town: Town) -> None:
        for flat in ("1", "2"):
            address = at(house="12", flat=flat)
            town.desk.act("/dwellings", {"address": address, "kind": "private", "confirmed": True})
        assert town.refused(asking(address=at(house="12"))) == [("home-flat-unsaid", "address")]
        assert town.refused(asking(address=at(house="12", flat="3"))) == [("home-unknown", "address")]
        assert town.refused(asking(address=at(house="1"))) == [("home-unknown", "address")]
        assert not town.answered(asking(address=at(house="12", flat="кв. 2")))["registered"]

    def test_is_of_this_community(self, town: Town) -> None:
        there = {"settlement": "м. Далеке", "street": "вул. Калинова", "house": "7"}
        town.desk.act("/dwellings", {"address": there, "kind": "elsewhere", "confirmed": True})
        assert town.refused(asking(address=there)) == [("home-elsewhere", "address")]

    def test_has_a_settlement_and_a_house(self, town: Town) -> None:
        for missing in ("settlement", "house"):
            assert town.refused(asking(address=at(**{missing: None}))) == [("home-unsaid", "address")]


class TestAMember:
    """71-42: only whether, and whether together."""

    def asked(self, town: Town, member: Any, applicant: Any = OKSANA) -> tuple[bool, bool, bool]:
        body = {"card": "71-42", "notice": NOTICE, "applicant": applicant, "member": member}
        said = town.answered(body)
        assert set(said) == HEAD | {"applicant_registered", "together"}
        assert not [word for word in ("2010", "2015", "Калинова") if word in str(said)]
        return said["registered"], said["applicant_registered"], said["together"]

    def test_is_with_the_applicant_or_elsewhere_here_or_not_here(self, town: Town) -> None:
        town.desk.settled(town.desk.person(**HANNA), town.desk.dwelling("9"))
        unknown = {**HANNA, "surname": "Ніхто"}
        assert self.asked(town, PETRO) == (True, True, True)
        assert self.asked(town, HANNA) == (True, True, False)
        assert self.asked(town, unknown) == (False, True, False)
        assert self.asked(town, PETRO, unknown) == (True, False, False)

    def test_who_left_or_only_stays_brings_the_document(self, town: Town) -> None:
        town.desk.settled(town.desk.person(**HANNA), town.home, "2020-01-01", kind="stay")
        town.desk.core("deregister_residence", town.petro, residence=town.his, until=town.yesterday)
        assert self.asked(town, HANNA) == self.asked(town, PETRO) == (False, True, False)

    def test_in_another_community_is_not_here(self, town: Town) -> None:
        there = {"settlement": "м. Далеке", "street": "вул. Калинова", "house": "7"}
        home = town.desk.act("/dwellings", {"address": there, "kind": "elsewhere", "confirmed": True})["dwelling"]
        town.desk.settled(town.desk.person(**HANNA), home)
        assert self.asked(town, HANNA) == (False, True, False)

    def test_of_whom_there_are_two_asks_for_more(self, town: Town) -> None:
        other = town.desk.person(**{**PETRO, "patronymic": "Семенович", "unzr": "19850102-00014"})
        town.desk.settled(other, town.desk.dwelling("9"))
        named = {name: text for name, text in PETRO.items() if name != "patronymic"}
        body = {"card": "71-42", "notice": NOTICE, "applicant": OKSANA, "member": named}
        assert town.refused(body) == [("named-ambiguous", "member")]
        assert self.asked(town, PETRO) == (True, True, True)
        assert self.asked(town, {**PETRO, "patronymic": "Семенович", "unzr": "19850102-00014"}) == (True, True, False)

    def test_is_asked_of_without_an_address(self, town: Town) -> None:
        body = {"card": "71-42", "notice": NOTICE, "applicant": OKSANA}
        assert town.refused(body) == [("household-unsaid", "member")]
        assert town.refused({**body, "member": PETRO, "address": ADDRESS}) == [("household-unasked", "address")]


class TestTheLook:
    def test_is_written_down_with_whom_it_told_of_and_by_which_request(self, town: Town) -> None:
        town.answered(asking())
        town.answered(asking(HANNA))
        town.answered({"card": "71-42", "notice": NOTICE, "applicant": OKSANA, "member": PETRO})
        of_home, of_nobody, of_both = town.looks()
        assert of_home.persons == (UUID(town.oksana), UUID(town.petro)) and of_nobody.persons == ()
        assert set(of_both.persons) == {UUID(town.oksana), UUID(town.petro)}
        about = of_home.about
        assert (about["card"], about["dated"], about["dwelling"]) == ("card_17_39", "2024-05-31", town.home)
        assert about["request"] == of_both.about["request"] and len(about["request"]) == 64
        assert of_nobody.about["registered"] is False

    def test_or_nothing_is_told(self, town: Town, database_url: str) -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute("LOCK TABLE access IN EXCLUSIVE MODE")
            answer = town.desk.post(ANSWERS, asking())
        assert answer.status_code == 503 and "Оксана" not in answer.text and "Петро" not in answer.text


class TestBadInput:
    @pytest.mark.parametrize(
        ("said", "refused"),
        [
            ({"card": SECRET}, [("value-unknown", "card")]),
            ({"card": "17-04"}, [("value-unknown", "card")]),
            ({"applicant_is": SECRET}, [("value-unknown", "applicant_is")]),
            ({"notice": {**NOTICE, "number": " "}}, [("missing", "notice.number")]),
            ({"notice": {**NOTICE, "dated": "2999-01-01"}}, [("far-day", "notice.dated")]),
            ({"applicant": {"surname": SECRET}}, [("missing", "applicant.birth_date")]),
            ({"applicant": {"birth_date": "1990-05-04"}}, [("name-missing", "applicant")]),
            ({"applicant": {**OKSANA, "birth_date": SECRET}}, [("not-a-day", "applicant.birth_date")]),
            ({"applicant": {**OKSANA, "birth_date": "1990"}}, [("not-a-day", "applicant.birth_date")]),
            ({"applicant": {**OKSANA, "unzr": SECRET}}, [("unzr-shape", "applicant.unzr")]),
            ({"applicant": {**OKSANA, "phone": SECRET}}, [("field-unknown", "applicant.phone")]),
            ({"on": "2020-01-01"}, [("field-unknown", "on")]),
        ],
    )
    def test_is_refused_in_words(self, town: Town, said: Any, refused: Any) -> None:
        assert town.refused({**asking(), **said}) == refused

    def test_a_request_of_tomorrow(self, town: Town) -> None:
        tomorrow = (kyiv_day(town.desk.registry.clock()) + timedelta(1)).isoformat()
        notice = {**NOTICE, "dated": tomorrow}
        assert town.refused(asking(notice=notice)) == [("date-in-future", "notice.dated")]


class TestThePage:
    """The same for a browser."""

    TYPED: ClassVar[dict[str, str]] = {
        **{"card": "17-39", "notice_sender": "Відділ обліку", "notice_number": "12/1", "notice_dated": "31.05.2024"},
        **{f"applicant_{name}": text for name, text in OKSANA.items()},
        **{f"address_{name}": text for name, text in ADDRESS.items()},
    }

    def test_asks_and_prints_the_answer(self, town: Town) -> None:
        client = town.desk.client
        assert client.get("/household-answer").status_code == 200
        page = client.post("/household-answer", data=self.TYPED).text
        for word in (
            "Вигадана Оксана",
            "04.05.1990",
            "15.07.2010",
            "Придуманий Петро Іванович",
            "№ 12/1",
            "31.05.2024",
        ):
            assert word in page, word
        assert not [word for word in (*NUMBERS, town.home, town.oksana) if word in page]
        assert len(town.looks()) == 1
        member = {f"member_{name}": text for name, text in PETRO.items()}
        typed = {name: text for name, text in self.TYPED.items() if not name.startswith("address")}
        assert "в одному житлі" in client.post("/household-answer", data={**typed, "card": "71-42", **member}).text

    def test_says_what_is_wrong_beside_its_field_and_keeps_what_was_typed(self, town: Town) -> None:
        for wrong, at_field in (
            ({"card": ""}, "card"),
            ({"applicant_birth_date": "колись"}, "applicant_birth_date"),
            ({"address_house": "99"}, "address_settlement"),
            ({"applicant_is": "homeless"}, "applicant_is"),
            ({"notice_number": ""}, "notice_number"),
        ):
            answer = town.desk.client.post("/household-answer", data={**self.TYPED, **wrong})
            assert answer.status_code == 422, wrong
            assert f'id="{at_field}-fault"' in answer.text and 'value="Вигадана"' in answer.text, wrong
        assert town.looks() == []


def test_the_way_to_it_is_described(desk: Desk) -> None:
    said = desk.get("/openapi.json").json()["paths"][f"{API}{ANSWERS}"]["post"]
    assert said["operationId"] == "answer_household" and said["tags"] == ["households"]
