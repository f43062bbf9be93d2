"""What other bodies tell, by the pages: each kind ends as the same does by the API, and whatever is in its way is told
before anything is recorded."""

import re
from typing import Any

import pytest
from filing import about, granted
from test_api import Desk, desk
from test_guided_services import again, asks, done, everything, summary
from test_sent_beside import CODE, said_on
from test_viewer import SeesNobody

from api.guided.shape import NOTICES
from registry import viewer

__all__ = ["desk"]

BORN, CHILD_BORN, LATELY_BORN = "1990-05-04", "2019-03-02", "2025-02-01"
SENDER, DATED = "Вигадівський орган", "01.03.2025"
TOLD = {"1-notice_sender": SENDER, "1-notice_dated": DATED, "1-notice_number": "17/2"}
NOTICE = {"sender": SENDER, "dated": "2025-03-01", "number": "17/2"}
COURT = {"1-court_number": "127/1", "1-court_dated": "20.01.2025", "1-court_issuer": "Вигадівський суд"}
COURT |= {"1-court_in_force": "21.02.2025"}
DECISION = {"id": "court_decision", "number": "127/1", "dated": "2025-01-20", "issuer": "Вигадівський суд"}
DECISION |= {"in_force_on": "2025-02-21"}
DECIDED = {"papers": [DECISION], "documents": ["court_decision"]}
DIED = {"1-death_registered_on": "10.02.2025"}
LEFT, DEAD = "residence-deregistered", "deceased"
DAY = "2025-03-11"

STORIES: dict[tuple[str, str], tuple[dict[str, str], dict[str, Any], str]] = {
    **{
        ("court", ground): (COURT, DECIDED, LEFT)
        for ground in NOTICES["court"].grounds
        if ground != "court_declared_dead"
    },
    ("court", "court_declared_dead"): (
        {**COURT, "1-declared_dead_on": "21.02.2025"},
        {**DECIDED, "subject": {"declared_dead_on": "2025-02-21"}},
        DEAD,
    ),
    ("death", "death_data"): (DIED, {"subject": {"death_registered_on": "2025-02-10"}}, DEAD),
    ("child_death", "death_data"): (DIED, {"subject": {"death_registered_on": "2025-02-10"}}, DEAD),
    ("dms", "dms_notice"): (DIED, {"subject": {"death_registered_on": "2025-02-10"}}, DEAD),
    ("dms", "permit_cancelled"): ({}, {}, LEFT),
    ("institution", "institution_notice"): ({}, {}, LEFT),
    ("dormitory", "authorised_person_notice"): ({}, {}, LEFT),
    ("registered_elsewhere", "registered_elsewhere_notice"): (
        {"1-registered_elsewhere_on": "20.02.2025"},
        {"subject": {"registered_elsewhere_on": "2025-02-20"}},
        LEFT,
    ),
}
"""By the notice and its ground: what the page is answered, what the API is told besides, the last fact of both."""
IDS = ("residence", "dwelling", "application", "residences")


def lives(desk: Desk, born: str = BORN, house: str = "7", **said: Any) -> str:
    person = desk.person(birth_date=born, **said)
    desk.settled(person, desk.dwelling(house), since="2020-07-15")
    return person


def made(desk: Desk, person: str) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded of somebody since they settled, without ids."""
    listed = desk.get(f"/persons/{person}/facts").json()["facts"][2:]
    return [(one["name"], {name: said for name, said in one["body"].items() if name not in IDS}) for one in listed]


@pytest.mark.parametrize(("notice", "ground"), STORIES, ids=["-".join(one) for one in STORIES])
def test_a_page_records_what_the_api_does(desk: Desk, notice: str, ground: str) -> None:
    answers, more, last = STORIES[notice, ground]
    kind = NOTICES[notice]
    born = CHILD_BORN if kind.service == "deregister_child_residence" else BORN
    who = {"citizenship": "foreigner"} if ground == "permit_cancelled" else {}
    by_page, by_api = lives(desk, born, **who), lives(desk, born, "8", surname="Другенко", **who)
    told = done(desk, f"/notices/{notice}", **{"1-person": by_page, "1-ground": ground}, **TOLD, **answers)
    assert told["status"] == "granted", told["parts"]
    assert (told["channel"], told["notice"]) == ("notice", {**NOTICE, "number": "17/2"})
    more = {**more, "subject": {"born": born, **more.get("subject", {})}}
    said = {"service": kind.service, "ground": ground, "applicant": {"kind": kind.sender}, **more}
    when = {"received": told["received"], "channel": "notice", "notice": NOTICE}
    granted(desk, **said, **when, register=about(by_api))
    assert made(desk, by_page) == made(desk, by_api) and made(desk, by_page)[-1][0] == last


def test_every_kind_has_a_story() -> None:
    asked = {(one.id, ground) for one in NOTICES.values() for ground in one.grounds}
    assert set(STORIES) | {("birth", "application"), ("request", "official_request")} == asked


def test_a_birth_enters_the_child_where_the_parents_live(desk: Desk) -> None:
    parent = lives(desk)
    home = desk.residences(parent)[0]["dwelling_id"]
    child = {"1-surname": "Вигаданенчук", "1-given_names": "Тест", "1-birth_date": "02.03.2019"}
    child |= {"1-document_kind": "birth_certificate", "1-document_number": "І-ВГ 000001"}
    said = {"1-dwelling": home, "1-right": "paper", "1-parents": "one", "1-where_from": "never"}
    page = asks(desk, "/notices/birth", **child, **said, **TOLD)
    assert "Оберіть" not in summary(page)
    told = done(desk, "/notices/birth", **child, **said, **TOLD)
    assert told["status"] == "granted", told["parts"]
    [person] = told["parts"][0]["register"]["persons"]
    names = [one["name"] for one in desk.get(f"/persons/{person['person']}/facts").json()["facts"]]
    assert names == ["person-entered", "residence-registered"]


def test_an_official_request_gets_an_extract(desk: Desk) -> None:
    person = lives(desk)
    told = done(desk, "/notices/request", **{"1-person": person}, **TOLD)
    assert told["status"] == "granted", told["parts"]
    assert 'href="/extracts/' in desk.client.get(f"/applications/{told['application']}").text


class TestWhatIsInTheWay:
    """Each is told on the page, and nothing is recorded."""

    def refused(self, desk: Desk, path: str = "/notices/death", **said: Any) -> str:
        page = asks(desk, path, **{**TOLD, **DIED, **said})
        before = desk.registry.position()
        answer = desk.client.post(
            path, data={**everything(desk, path, page), "press": "decide"}, follow_redirects=False
        )
        assert answer.status_code in (403, 409, 422) and desk.registry.position() == before, summary(answer)
        return answer.text

    def test_nobody_is_named(self, desk: Desk) -> None:
        page = self.refused(desk, **{"1-person_find": "Невідоменко"})
        assert 'href="#1-person"' in page and "Нічого не знайдено" in page

    def test_two_of_one_name_are_told_apart(self, desk: Desk) -> None:
        one, other = lives(desk), lives(desk, house="9")
        page = self.refused(desk, **{"1-person_find": "Вигадана Оксана"})
        for who, house in ((one, "7"), (other, "9")):
            row = re.search(rf'value="{who}".*?</label>', page, re.S)
            assert row and f"буд. {house}" in row[0] and "04.05.1990" in row[0]

    def test_the_dead_do_not_die_again(self, desk: Desk) -> None:
        person = lives(desk)
        done(desk, "/notices/death", **{"1-person": person}, **TOLD, **DIED)
        assert "Смерть уже внесено (10.02.2025)" in self.refused(desk, **{"1-person": person})

    def test_nobody_leaves_after_death(self, desk: Desk) -> None:
        person = lives(desk)
        done(desk, "/notices/death", **{"1-person": person}, **TOLD, **DIED)
        said = {"1-person": person, "1-ground": "court_eviction", **COURT}
        page = self.refused(desk, "/notices/court", **said)
        assert "10.02.2025" in page and "Нічого не записано" in page

    @pytest.mark.parametrize("day", ["31.02.2025", "10.02.2199", "10.02.1980"], ids=["no-day", "to-come", "unborn"])
    def test_a_wrong_day(self, desk: Desk, day: str) -> None:
        page = self.refused(desk, **{"1-person": lives(desk), "1-death_registered_on": day})
        assert 'href="#1-death_registered_on"' in page

    def test_a_day_after_its_receipt(self, desk: Desk) -> None:
        assert 'href="#1-notice_dated"' in self.refused(
            desk, **{"1-person": lives(desk), "1-notice_dated": "01.02.2199"}
        )

    def test_told_twice_nobody_leaves_twice(self, desk: Desk) -> None:
        person = lives(desk)
        said = {"1-person": person, "1-ground": "court_eviction", **COURT}
        done(desk, "/notices/court", **TOLD, **said)
        self.refused(desk, "/notices/court", **said)

    def test_a_child_is_told_of_by_the_notice_for_children(self, desk: Desk) -> None:
        child = lives(desk, CHILD_BORN)
        page = self.refused(desk, **{"1-person": child})
        assert "Поки що відмова" in page or "Нічого не записано" in page
        told = done(desk, "/notices/child_death", **{"1-person": child}, **TOLD, **DIED)
        assert told["status"] == "granted"

    def test_about_somebody_who_is_hidden_nothing_is_said(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        person = lives(desk)
        monkeypatch.setattr(viewer, "viewer_of", lambda who: SeesNobody())
        found = asks(desk, "/notices/death", **TOLD, **DIED, **{"1-person_find": "Вигадана Оксана"})
        assert person not in found.text and "Нічого не знайдено" in found.text
        before = desk.registry.position()
        answer = again(desk, "/notices/death", found, press="decide", **{"1-person": person})
        assert answer.status_code == 403 and "Вигадана" not in answer.text and desk.registry.position() == before

    def test_a_sender_is_named(self, desk: Desk) -> None:
        page = self.refused(desk, **{"1-person": lives(desk), "1-notice_sender": "", "1-notice_dated": ""})
        assert {'href="#1-notice_sender"', 'href="#1-notice_dated"'} <= set(re.findall(r'href="#[^"]+"', page))


PAIRS = [(one.id, ground) for one in NOTICES.values() for ground in one.grounds]


@pytest.mark.parametrize(("notice", "ground"), PAIRS, ids=["-".join(one) for one in PAIRS])
def test_no_word_of_a_program_is_read(desk: Desk, notice: str, ground: str) -> None:
    """Of a page that is empty, answered, pressed in vain, of somebody who died, and refused."""
    path, died = f"/notices/{notice}", lives(desk)
    done(desk, "/notices/death", **{"1-person": died}, **TOLD, **DIED)
    answers = {**STORIES.get((notice, ground), ({},))[0], **TOLD, "1-ground": ground}
    empty = desk.client.get(path)
    living = asks(desk, path, **answers, **{"1-person": lives(desk, house="9")})
    dead = asks(desk, path, **answers, **{"1-person": died})
    pages = [empty, living, dead, *(again(desk, path, one, press="decide") for one in (empty, living, dead))]
    read = [said_on(one) for one in pages if one.status_code != 303]
    assert len(read) >= 4 and [CODE.findall(one) for one in read if CODE.findall(one)] == []
