"""The status of an application by its code: for anybody, so many times a minute, and not a word too many."""

from typing import Any

import pytest
from filing import (
    DAY,
    MOVE,
    about,
    amendment,
    received,
    strict,
)
from given import founded, installation
from starlette.testclient import TestClient
from test_api import API, SECRET, Desk, desk, has_cyrillic

from api import limits
from api.main import create_app
from registry.settings import Settings, SettingsError

__all__ = ["desk", "strict"]


class TestStatus:
    def test_by_code_without_a_word_of_the_person_or_the_service(self, desk: Desk) -> None:
        person, home = desk.person(surname=SECRET), desk.dwelling()
        founded(desk.registry)
        who = {"applicant_name": SECRET, "office": "metalurhiinyi"}
        application = received(desk, **MOVE, **who, register=about(person, dwelling=home))
        code = desk.get(f"/applications/{application}").json()["code"]
        before = desk.client.get(f"/status/{code}", headers={"Accept": "application/json"}).json()
        assert set(before) == {"status", "status_uk", "due_by", "office"} and before["status"] == "received"
        desk.act(f"/applications/{application}/decision", {"acted_on": DAY})
        said = desk.get(f"/status/{code}").json()
        assert (said["status"], said["due_by"]) == ("granted", DAY) and said["office"].startswith("Металургійний")
        page = desk.client.get(f"/status/{code}")
        assert page.headers["content-type"].startswith("text/html") and page.headers["x-robots-tag"] == "noindex"
        assert "послугу надано" in page.text and "11.03.2025" in page.text
        for text in (page.text, str(said), str(before)):
            assert not any(word in text for word in (SECRET, "Калинова", "Реєстрація місця", person, application))

    def test_unknown_and_malformed_look_alike(self, desk: Desk) -> None:
        codes_ = ["000000", "12345", "1234567", "абвгде", "<b>", "٣٣٣٣٣٣", " 12345", "12345%00", "------"]
        for where, headers in (("/status/", {}), (API + "/status/", {}), ("/status/", {"Accept": "application/json"})):
            answers = [desk.client.get(where + code, headers=headers) for code in codes_]
            assert {one.status_code for one in answers} == {404}
            assert len({one.text for one in answers}) == 1
            assert len({tuple(sorted(one.headers.items())) for one in answers}) == 1

    def test_waiting_for_the_second_person_looks_like_any_other(self, strict: tuple[Desk, Desk]) -> None:
        desk, _ = strict
        _, body = amendment(desk)
        said = desk.post("/applications", {**body, "decide": True}).json()
        assert desk.get(f"/status/{said['code']}").json()["status"] == "received"

    def test_so_many_a_minute_and_no_more(self, desk: Desk, tmp_path: Any) -> None:
        client = TestClient(create_app(desk.registry, installation(data=tmp_path, public_rate="3/minute")))
        asked = ["/status/000000", "/v/AAAA", API + "/status/000001"]
        assert [client.get(path).status_code for path in asked] == [404] * 3
        page, answer = client.get("/v/AAAA"), client.get(API + "/status/000000")
        assert page.status_code == answer.status_code == 429
        assert 1 <= int(page.headers["retry-after"]) <= 60 and "Забагато запитів" in page.text
        assert "Знайти особу" not in page.text and "Повернутися до пошуку" not in page.text
        assert answer.headers["content-type"] == "application/problem+json" and has_cyrillic(answer.json()["detail"])
        assert answer.json()["type"] == "/problems/too-often"
        elsewhere = TestClient(client.app, client=("203.0.113.7", 5))
        assert elsewhere.get("/status/000000").status_code == 404
        assert client.get(API + "/services").status_code == 200

    def test_one_subscriber_of_ipv6_is_one_client(self, desk: Desk, tmp_path: Any) -> None:
        app = create_app(desk.registry, installation(data=tmp_path, public_rate="1/minute"))
        hosts = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"]
        answers = [TestClient(app, client=(host, 5)).get("/status/000000").status_code for host in hosts]
        assert answers == [404, 429, 404]


class TestRate:
    @pytest.mark.parametrize("often", ["30", "0/minute", "1/year", "30 per minute", "-1/minute", "1/minute; 2/hour"])
    def test_a_bad_setting_says_what_to_write(self, often: str) -> None:
        with pytest.raises(SettingsError, match=r"HROMADA_PUBLIC_RATE.*наприклад 30/minute"):
            Settings.read({"HROMADA_PUBLIC_RATE": often})
        assert Settings.read({"HROMADA_PUBLIC_RATE": "5/hour"}).public_rate == "5/hour"

    def test_memory_has_an_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MOST_ADDRESSES", 3)
        rate = limits.Rate("1/hour")
        assert rate.wait("192.0.2.1") == 0 and 3590 < rate.wait("192.0.2.1") <= 3600
        assert [rate.wait(f"192.0.2.{number}") for number in range(2, 9)] == [0] * 7
        assert rate.wait("192.0.2.1") == 0

    def test_whoever_has_no_address_is_one_client(self) -> None:
        rate = limits.Rate("1/hour")
        assert [rate.wait(""), bool(rate.wait("")), rate.wait("testclient")] == [0, True, 0]
