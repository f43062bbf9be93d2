"""What machines send: in the queue with its day, beside the register on its page, asked about, decided, answered."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any, Literal, get_args, get_origin
from uuid import uuid4

import httpx
import pytest
from callers import of_machine
from filing import BORN, CHILD_BORN, DAY, LEAVE, NEXT, NOTICE, VISIT, about, alive, filed
from given import CLERK, founded
from test_api import Desk
from test_as_sent import RIGHT, sent
from test_guided_application import press
from test_guided_questions import paths
from test_machines import desk as machines_desk
from test_viewer import SeesNobody

from api.case_forms import NewApplication
from api.shapes.sent_beside import FIELDS, _value
from registry import texts, viewer
from registry.aggregates.community.events import COMMUNITY, ReadingsAdopted
from registry.services.application import ApplicantKind
from replay.compare import verify

__all__ = ["machines_desk"]

HELD = {"surname": "Вибула", "given_names": "Оксана", "birth_date": BORN}
CHILD = {"surname": "Вигаданенчук", "given_names": "Тест", "birth_date": CHILD_BORN, "sex": "male"}
CARD = [{"kind": "passport_card", "number": "000900003"}]
CERTIFICATE = [{"kind": "birth_certificate", "number": "І-ВГ 000777"}]


@pytest.fixture
def portal(machines_desk: Desk) -> Desk:
    """A desk at noon of the day on which everything comes."""
    machines_desk.clock.moment = f"{DAY}T12:00"
    return machines_desk


def by_machine(desk: Desk, body: dict[str, Any], name: str = "diia") -> str:
    """What a machine sends, the day of its receipt being today; the page of its application."""
    left = ("transcribed", "acted_on", "confirmed", "office")
    told = desk.post(
        "/applications", {k: v for k, v in body.items() if k not in left}, **of_machine(desk.registry, name)
    )
    assert told.status_code == 201, told.text
    return f"/applications/{told.json()['application']}"


def lives(desk: Desk, house: str = "12", **said: Any) -> str:
    person = desk.person(**{**HELD, **said})
    desk.settled(person, desk.dwelling(house), since="2020-07-15")
    return person


def declaration(desk: Desk, **more: Any) -> str:
    return by_machine(desk, {**sent(desk, more.pop("said", {}), CARD), **more})


def of_child(desk: Desk, service: str, channel: str) -> str:
    parent = lives(desk)
    home = desk.residences(parent)[0]["dwelling_id"]
    who = {"particulars": CHILD, "documents": CERTIFICATE}
    said = {"service": service, "channel": channel, "applicant": {"kind": "parent"}, "parents": {"other_exists": False}}
    said |= {"subject": {"born": CHILD_BORN, "first_registration": True}, "dwelling": {"right_document_held": True}}
    return by_machine(desk, filed(desk, **said, register=about(who, dwelling=home, applicant=parent)), channel)


def leaving(desk: Desk) -> str:
    return by_machine(desk, filed(desk, **LEAVE, channel="diia", register=about(lives(desk))))


def child_leaving(desk: Desk) -> str:
    child, parent = lives(desk, **CHILD), lives(desk, "9")
    said = {"service": "deregister_child_residence", "channel": "diia", "subject": {"born": CHILD_BORN}}
    said |= {"applicant": {"kind": "parent"}, "parents": {"other_exists": False}}
    return by_machine(desk, filed(desk, **said, register=about(child, applicant=parent)))


def death(desk: Desk, who: Any = None, **subject: Any) -> str:
    said = {**LEAVE, "received": VISIT, "ground": "death_data", "applicant": {"kind": "civil_registry"}}
    said |= {"subject": {"born": BORN, "death_registered_on": "2025-02-10", **subject}}
    body = {**said, "channel": "notice", "notice": NOTICE, "register": about(who or lives(desk))}
    return by_machine(desk, body, "dracs")


CARDS: dict[str, tuple[Callable[[Desk], str], str, str, tuple[str, ...]]] = {
    "8": (declaration, "Через Портал Дія", "applicant_diia", ("Нова", "000900003", "вул. Калинова, буд. 7")),
    "9": (
        lambda desk: of_child(desk, "declare_child_residence", "diia"),
        "Через Портал Дія",
        "applicant_diia",
        ("Вигаданенчук", "000777", "Один із батьків", "Вибула Оксана"),
    ),
    "3": (
        lambda desk: of_child(desk, "register_child_residence", "emaliatko"),
        "Через єМалятко",
        "applicant_sms",
        ("Вигаданенчук", texts.day(CHILD_BORN), "вул. Калинова"),
    ),
    "2": (leaving, "Через Портал Дія", "applicant_sms", ("Вибула Оксана", "вул. Калинова, буд. 12")),
    "4": (child_leaving, "Через Портал Дія", "applicant_sms", ("Вигаданенчук Тест", "Один із батьків")),
    "death": (death, "Вигадівський орган", "dms", ("№ 17/2 від 09.01.2020", "10.02.2025", "Вибула Оксана")),
}
"""By the card: what is sent, who the queue says that it is from, what goes out once granted, what the page shows."""


@pytest.mark.parametrize("card", CARDS)
def test_it_waits_in_the_queue_is_shown_decided_and_answered(portal: Desk, card: str) -> None:
    send, sender, reply, shown = CARDS[card]
    where = send(portal)
    row = re.search(rf'<tr>(?:(?!</tr>).)*{where}"', portal.client.get("/").text, re.S)
    assert row and f"{sender}, 11.03.2025" in row[0] and "11.03.2025" in row[0].rpartition("former")[2]
    page = said_on(portal.client.get(where))
    assert "Вирішити до" in page and "11.03.2025 09:40" in page and "Послугу буде надано" in page, page
    assert [one for one in shown if one not in page] == []
    answer = press(portal, where, "decide", acted_on=DAY)
    assert answer.status_code == 303, said_on(answer)
    told = portal.get(where).json()
    assert told["status"] == "granted" and reply in [one["item"] for one in told["follows"]], told["follows"]


@pytest.mark.parametrize("card", CARDS)
def test_what_is_untrue_is_refused_with_what_of_it(portal: Desk, card: str) -> None:
    send, _, reply, _ = CARDS[card]
    where = send(portal)
    assert press(portal, where, "compare", part="1").status_code == 422
    assert press(portal, where, "compare", part="1", reason="такого дня не було").status_code == 303
    page = said_on(portal.client.get(where))
    assert "Буде відмова" in page and "такого дня не було" in page
    assert press(portal, where, "decide", acted_on=DAY).status_code == 303
    told = portal.get(where).json()
    assert told["status"] == "refused" and "такого дня не було" in told["parts"][0]["outcome"]["text"]
    follows = [one["item"] for one in told["follows"]]
    assert follows == ["notice_answer" if reply == "dms" else reply]
    assert "Лист" in said_on(portal.client.get(where))


def test_the_answer_to_a_body_is_due_as_the_community_read_it_then(portal: Desk) -> None:
    def adopted(days: int) -> None:
        said = ReadingsAdopted(readings={"days_to_answer_notices": days})
        portal.registry.append([(COMMUNITY, [said], portal.registry.community().version)], by=CLERK, command=uuid4())

    founded(portal.registry)
    adopted(3)
    where = death(portal)
    assert press(portal, where, "compare", part="1", reason="такого дня не було").status_code == 303
    assert press(portal, where, "decide", acted_on=DAY).status_code == 303
    [answer] = portal.get(where).json()["follows"]
    [row] = portal.registry.query("letters", "of_application", application=portal.get(where).json()["application"])
    decided = portal.registry.entries(row["letter"])[0].recorded_on
    assert (answer["item"], answer["deadline"]) == ("notice_answer", (decided + timedelta(3)).isoformat())
    adopted(9)
    assert verify(portal.registry).differences == []


class TestWhoeverItIsAbout:
    """A sender knows nobody by our ids: what was sent of somebody is put beside those who may be they."""

    def test_is_recognised_and_lives_where_they_declare(self, portal: Desk) -> None:
        person = lives(portal, **RIGHT)
        where = declaration(portal)
        page = portal.client.get(where).text
        assert "Про кого це?" in page and f'name="person" value="{person}"' in page and "збігається" in page
        assert press(portal, where, "decide", acted_on=DAY).status_code == 422
        newcomer = re.findall(r'name="newcomer" value="([^"]+)"', page)[0]
        said = {"part": "1", "newcomer": newcomer, "person": person}
        assert press(portal, where, "compare", **said).status_code == 422
        assert press(portal, where, "compare", **said, reason="паспорт і РНОКПП ті самі").status_code == 303
        again = {"newcomer": person, "person": person, "reason": "ще раз"}
        problem = portal.refused(f"{where}/comparison", again)
        assert [one["code"] for one in problem["errors"]] == ["already-recognised"]
        after = portal.client.get(where).text
        assert "Про кого це?" not in after and "паспорт і РНОКПП ті самі" in after
        assert press(portal, where, "decide", acted_on=DAY).status_code == 303
        assert alive(portal, person) == [(DAY, None)]
        [paper] = [
            one for one in portal.get(f"/persons/{person}").json()["documents"] if one["kind"] == "passport_card"
        ]
        assert paper["number"] == "000900003"

    def test_or_is_another_person(self, portal: Desk) -> None:
        person = lives(portal, **RIGHT)
        where = declaration(portal)
        said = {"distinct_from": person, "distinct_reason": "інший паспорт", "acted_on": DAY}
        assert press(portal, where, "decide", **{**said, "distinct_reason": ""}).status_code == 422
        assert press(portal, where, "decide", **said).status_code == 303
        [new] = portal.get(where).json()["parts"][0]["register"]["persons"]
        assert new["person"] != person and alive(portal, new["person"]) == [(DAY, None)]

    def test_by_an_unzr_that_somebody_has_it_is_received_and_they_are_offered_first(self, portal: Desk) -> None:
        held = lives(portal, surname="Інша", given_names="Зовсім", unzr="19900504-00026")
        lives(portal, "14", **RIGHT)
        where = declaration(portal, said={"unzr": "19900504-00026"})
        offered = re.findall(r'name="person" value="([^"]+)"', portal.client.get(where).text)
        assert len(offered) == 2 and offered[0] == held
        assert press(portal, where, "compare", part="1", person=held, reason="змінено прізвище").status_code == 303
        assert press(portal, where, "decide", acted_on=DAY, confirmed="yes").status_code == 303
        assert alive(portal, held) == [(DAY, None)]

    def test_of_several_alike_each_is_shown(self, portal: Desk) -> None:
        people = {lives(portal, house, **RIGHT) for house in ("12", "14")}
        page = portal.client.get(declaration(portal)).text
        assert set(re.findall(r'name="person" value="([^"]+)"', page)) == people

    def test_a_death_told_by_name_is_of_whom_it_is_found_to_be(self, portal: Desk) -> None:
        person = lives(portal)
        where = death(portal, {"particulars": HELD})
        assert press(portal, where, "decide", acted_on=DAY).status_code == 422
        assert press(portal, where, "compare", part="1", person=person, reason="адреса та сама").status_code == 303
        assert press(portal, where, "decide", acted_on=DAY).status_code == 303
        assert portal.get(f"/persons/{person}").json()["death"]["registered_on"] == "2025-02-10"

    def test_is_hidden_from_whom_they_are_hidden(self, portal: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        where = death(portal)
        monkeypatch.setattr(viewer, "viewer_of", lambda who: SeesNobody())
        answer = portal.client.get(where)
        assert answer.status_code == 403 and "Вибула" not in answer.text

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"person": "00000000-0000-0000-0000-00000000000f", "reason": "так"}, "person-unknown"),
            ({"newcomer": "00000000-0000-0000-0000-00000000000f", "reason": "так"}, "person-missing"),
            (
                {"newcomer": "00000000-0000-0000-0000-00000000000f", "person": "К-1", "reason": "так"},
                "newcomer-unknown",
            ),
            ({"part": 2, "reason": "так"}, "part-unknown"),
            ({}, "reason-missing"),
        ],
    )
    def test_a_finding_of_nothing_is_refused(self, portal: Desk, said: dict[str, Any], code: str) -> None:
        where = declaration(portal)
        assert portal.refused(f"{where}/comparison", said)["errors"][0]["code"] == code

    def test_what_was_typed_here_is_amended_and_found_nothing_of(self, portal: Desk) -> None:
        told = portal.act("/applications", filed(portal, **LEAVE, register=about(lives(portal))))
        problem = portal.refused(f"/applications/{told['application']}/comparison", {"reason": "так"})
        assert [one["code"] for one in problem["errors"]] == ["typed-here"]


class TestWhateverTheRegisterSays:
    """Nobody can send a declaration again: it is received, and what stands in its way is told where it is decided."""

    def differing(self, desk: Desk) -> str:
        person = lives(desk, **{**RIGHT, "citizenship": "foreigner"})
        body = sent(desk, {}, CARD)
        body["register"]["persons"] = [{"person": person}]
        return by_machine(desk, {**body, "subject": {"born": BORN, "citizenship": "ua"}})

    def test_what_differs_is_marked_and_said_without_names_of_fields(self, portal: Desk) -> None:
        page = said_on(portal.client.get(self.differing(portal)))
        assert "Що заважає вирішити" in page and "іноземець: розходиться" in page
        assert "У реєстрі записано: іноземець" in page

    def test_it_is_refused_as_untrue(self, portal: Desk) -> None:
        where = self.differing(portal)
        assert press(portal, where, "decide", acted_on=DAY).status_code == 422
        assert press(portal, where, "compare", part="1", reason="громадянство").status_code == 303
        assert press(portal, where, "decide", acted_on=DAY).status_code == 303
        assert portal.get(where).json()["status"] == "refused"

    def test_of_the_dead_too(self, portal: Desk) -> None:
        person = lives(portal)
        body = filed(portal, **LEAVE, channel="diia", register=about(person))
        where = death(portal, person)
        press(portal, where, "decide", acted_on=DAY)
        late = by_machine(portal, body)
        page = said_on(portal.client.get(late))
        assert "Що заважає вирішити" in page and "10.02.2025" in page
        assert press(portal, late, "withdraw", said_by="applicant").status_code == 303

    def test_what_cannot_be_read_is_shown_as_it_was_sent(self, portal: Desk) -> None:
        page = said_on(portal.client.get(declaration(portal, said={"unzr": "1990-0504", "email": "ганна"})))
        assert "1990-0504 прочитати не можна" in page and "ганна прочитати не можна" in page


def test_after_hours_it_is_due_on_the_next_working_day(portal: Desk) -> None:
    founded(portal.registry)
    portal.clock.moment = f"{DAY}T21:00"
    assert portal.get(declaration(portal, received="2025-03-11T20:40")).json()["due_by"] == NEXT


def test_nobody_is_offered_what_nobody_may_do(portal: Desk) -> None:
    page = portal.client.get(declaration(portal)).text
    assert 'value="leave"' not in page and 'value="bring"' not in page and 'value="sender"' not in page
    page = portal.client.get(death(portal)).text
    assert 'value="sender"' in page and 'value="applicant"' not in page and "/receipt" not in page


def said_on(page: httpx.Response) -> str:
    """What is read on a page."""
    text = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>|<svg.*?</svg>", "", page.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


CODE = re.compile(r"\b[a-z]+[_.][a-z_.]+\b|\b[a-z]+-[a-z-]+\b")
"""What is a word of a program."""


def undecided(where: str, desk: Desk) -> str:
    return where


def decided(where: str, desk: Desk) -> str:
    assert press(desk, where, "decide", acted_on=DAY).status_code == 303
    return where


def untrue(where: str, desk: Desk) -> str:
    assert press(desk, where, "compare", part="1", reason="не так").status_code == 303
    return decided(where, desk)


def pressed_in_vain(where: str, desk: Desk) -> str:
    answer = press(desk, where, "decide", acted_on="2025-03-10")
    assert answer.status_code == 422 and CODE.findall(said_on(answer)) == []
    return where


@pytest.mark.parametrize("outcome", [undecided, pressed_in_vain, decided, untrue])
@pytest.mark.parametrize("card", CARDS)
def test_no_word_of_a_program_is_read(portal: Desk, card: str, outcome: Callable[[str, Desk], str]) -> None:
    page = said_on(portal.client.get(outcome(CARDS[card][0](portal), portal)))
    assert CODE.findall(page) == [] and "diia" not in page and "dracs" not in page


ASKED = ("ground", "moves_to", "portal_check_passed", "family_formed", "documents_collected_on")
ASKED += ("applicant", "subject", "dwelling", "parents", "extract")
"""What of an application is put beside the register field by field."""


def test_every_fact_of_an_application_has_words() -> None:
    elsewhere = ("applicant.kind", "extract.previous_periods")
    facts = [one for one in paths(NewApplication) if one.split(".")[0] in ASKED]
    unsaid = [one for one in facts if one not in FIELDS and not one.startswith(elsewhere)]
    assert len(facts) > 50 and unsaid == []


def codes_of(hint: Any, name: str) -> list[tuple[str, str]]:
    found = [(name, one) for one in get_args(hint)] if get_origin(hint) is Literal else []
    inner = (codes_of(one, name) for one in get_args(hint) if get_origin(hint) is not Literal)
    more = (codes_of(one.annotation, each) for each, one in getattr(hint, "model_fields", {}).items())
    return [*found, *(pair for pairs in (*inner, *more) for pair in pairs)]


def test_every_code_of_an_application_has_words() -> None:
    said = [codes_of(NewApplication.model_fields[name].annotation, name) for name in ASKED]
    pairs = {pair for found in said for pair in found if pair[0] not in ("kind", "check")}
    assert len(pairs) > 50
    assert [pair for pair in pairs if _value(*pair) == pair[1]] == []
    assert set(get_args(ApplicantKind)) - {"person"} <= set(texts.TEXTS["letter_to"])


def test_every_reason_is_said_to_people_without_names_of_fields() -> None:
    words = {code: re.sub(r"\{[a-z_]+\}", "", text) for code, text in texts.TEXTS["faults_on_page"].items()}
    assert set(words) <= set(texts.TEXTS["faults"])
    assert [code for code, text in words.items() if re.search("[a-z]{2}", text)] == []
