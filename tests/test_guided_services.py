"""The services as guided pages: the same facts as by the API, and nothing done twice or unseen."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from test_api import Desk, desk

from registry.services.fees import share

__all__ = ["desk"]

NEWCOMER = {
    "1-surname": "Вигаданенко",
    "1-given_names": "Тест",
    "1-patronymic": "Тестович",
    "1-birth_date": "03.02.1988",
    "1-document_kind": "passport_card",
    "1-document_number": "000900003",
}
CHECKED = {"ownership": {"owners": "1"}, "encumbrance": {"encumbrance": "none"}, "payment": {"receipt": "118"}}


class _Form(HTMLParser):
    """The fields of the guided form as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.papers: list[tuple[str, str]] = []
        self.checks: set[str] = set()
        self.inside, self.select = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id") == "guided"
        if not self.inside or tag not in ("input", "select", "option"):
            return
        if tag == "select":
            self.select = said["name"]
            self._checked(said["name"])
        elif tag == "option":
            if "selected" in said:
                self._add(self.select, said["value"])
        elif said.get("type") in ("radio", "checkbox"):
            if "checked" in said:
                self._add(said["name"], said["value"])
            if re.fullmatch(r"[0-9]+-(documents|consents)", said["name"]):
                self.papers.append((said["name"], said["value"]))
        else:
            self._add(said["name"], said.get("value", ""))
            self._checked(said["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False

    def _add(self, name: str, value: str) -> None:
        if value:
            self.fields.setdefault(name, []).append(value)

    def _checked(self, name: str) -> None:
        if found := re.fullmatch(r"([0-9]+-(?:ownership|encumbrance|civil_status|payment|absence))-.*", name):
            self.checks.add(found[1])


def form_of(page: httpx.Response) -> _Form:
    read = _Form()
    read.feed(page.text)
    return read


def fee_of(page: httpx.Response, number: int) -> str:
    return (re.findall(r"<h3>Збір ([0-9]+,[0-9]{2}) грн", page.text) or ["0"])[min(number, 1) - 1]


def asks(desk: Desk, path: str, **answers: Any) -> httpx.Response:
    """The page with these answers; everything else as it stands on the page."""
    page = desk.client.get(path)
    assert page.status_code == 200, page.text
    return again(desk, path, page, press="refresh", **answers)


def again(desk: Desk, path: str, page: httpx.Response, **answers: Any) -> httpx.Response:
    fields: dict[str, Any] = {**form_of(page).fields, **answers}
    return desk.client.post(path, data=fields, follow_redirects=False)


def everything(desk: Desk, path: str, page: httpx.Response) -> dict[str, Any]:
    """Every paper and every check that the page asks for."""
    for _ in range(3):
        form = form_of(page)
        more: dict[str, Any] = {}
        for name, id in form.papers:
            more.setdefault(name, []).append(id)
        for place in form.checks:
            number, check = place.split("-")
            said = dict(CHECKED.get(check, {"reason": "запис"}))
            if check == "payment":
                said["kopiykas"] = fee_of(page, int(number))
            more |= {f"{place}-{name}": value for name, value in said.items()}
        page = again(desk, path, page, press="refresh", **more)
        assert page.status_code == 200, page.text
    return {**form_of(page).fields}


def done(desk: Desk, path: str, *, press: str = "decide", **answers: Any) -> dict[str, Any]:
    """A whole story by the page: answered, with every paper and check, and pressed; the application by the API."""
    page = asks(desk, path, **answers)
    fields = everything(desk, path, page)
    answer = desk.client.post(path, data={**fields, "press": press}, follow_redirects=False)
    assert answer.status_code == 303, summary(answer)
    return desk.get(answer.headers["location"]).json()


def summary(page: httpx.Response) -> Any:
    return re.findall(r'<li><a href="#([^"]*)">([^<]*)</a>|class="fault"[^>]*>([^<]*)<', page.text), page.text[:300]


def facts(desk: Desk, application: dict[str, Any]) -> list[str]:
    [person] = application["parts"][0]["register"]["persons"]
    return [one["name"] for one in desk.get(f"/persons/{person['person']}/facts").json()["facts"]]


class TestANewcomer:
    PATH = "/services/register_residence"

    def test_is_entered_and_registered_by_one_press(self, desk: Desk) -> None:
        home = desk.dwelling()
        told = done(desk, self.PATH, **NEWCOMER, **{"1-dwelling": home, "1-right": "owner"})
        assert told["status"] == "granted", told
        assert facts(desk, told) == ["person-entered", "residence-registered"]

    def test_shows_one_document_and_is_asked_for_it_once(self, desk: Desk) -> None:
        home = desk.dwelling()
        page = asks(desk, self.PATH, **NEWCOMER, **{"1-dwelling": home, "1-right": "owner"})
        assert "1-document_kind" in page.text and 'name="1-identity_document"' not in page.text
        permit = {"1-citizenship": "foreigner", "1-document_kind": "permanent_permit", "1-permit": "01.12.2026"}
        told = done(desk, self.PATH, **{**NEWCOMER, **permit, "1-dwelling": home, "1-right": "owner"})
        assert told["parts"][0]["asked"]["subject"]["identity_document"] == "permanent_permit", told["parts"][0]
        held = desk.client.get(f"/persons/{desk.person(surname='Вигаданчук')}/services/register_residence")
        assert 'name="1-identity_document"' in held.text

    def test_without_the_number_of_a_document_is_told_at_its_field(self, desk: Desk) -> None:
        home = desk.dwelling()
        fields = {**NEWCOMER, "1-document_number": "", "1-dwelling": home, "1-right": "owner"}
        page = asks(desk, self.PATH, **fields)
        page = desk.client.post(self.PATH, data={**form_of(page).fields, "press": "decide"}, follow_redirects=False)
        assert page.status_code == 422 and "register.persons" not in page.text and "[]" not in page.text
        assert '<a href="#1-document_number">Номер документа: Вкажіть номер документа нової особи' in page.text
        assert 'id="1-document_number-fault"' in page.text

    def test_the_page_of_the_application_says_what_was_recorded(self, desk: Desk) -> None:
        told = done(desk, self.PATH, **NEWCOMER, **{"1-dwelling": desk.dwelling(), "1-right": "owner"})
        page = desk.client.get(f"/applications/{told['application']}")
        assert page.status_code == 200 and "Внесено особу до реєстру" in page.text and "Вигаданенко" in page.text

    def test_received_only_it_goes_on_from_its_page(self, desk: Desk) -> None:
        told = done(desk, self.PATH, press="receive", **NEWCOMER, **{"1-dwelling": desk.dwelling(), "1-right": "owner"})
        assert told["status"] == "received"
        path = f"/applications/{told['application']}"
        page = desk.client.get(path)
        hidden = {name: re.findall(rf'name="{name}" value="([^"]*)"', page.text)[0] for name in ("command", "version")}
        answers = [desk.client.post(path, data={**hidden, "press": "decide"}, follow_redirects=False) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 303], summary(answers[0])
        assert desk.get(path).json()["status"] == "granted"


BORN, CHILD_BORN = "1990-05-04", "2019-03-02"
CHILD = {**NEWCOMER, "1-surname": "Вигаданенчук", "1-birth_date": "02.03.2019", "1-document_kind": "birth_certificate"}


class TestEachOfTheNine:
    """The happy story of each, by the page."""

    def lives(self, desk: Desk, born: str = BORN) -> str:
        person = desk.person(birth_date=born)
        desk.settled(person, desk.dwelling(), since="2020-07-15")
        return person

    @pytest.mark.parametrize("service", ["register_stay", "declare_residence"])
    def test_settling(self, desk: Desk, service: str) -> None:
        said = {"1-dwelling": desk.dwelling(), "1-right": "owner"}
        told = done(desk, f"/services/{service}", **NEWCOMER, **said)
        assert told["status"] == "granted", told["parts"]
        kind = "stay-registered" if service == "register_stay" else "residence-declared"
        assert facts(desk, told) == ["person-entered", kind]

    @pytest.mark.parametrize("service", ["register_child_residence", "declare_child_residence"])
    def test_settling_a_child(self, desk: Desk, service: str) -> None:
        parent = self.lives(desk)
        home = desk.residences(parent)[0]["dwelling_id"]
        said = {
            "1-dwelling": home,
            "1-right": "paper",
            "1-applicant": parent,
            "1-parents": "one",
            "1-where_from": "never",
        }
        told = done(desk, f"/services/{service}", **CHILD, **said)
        assert told["status"] == "granted", told["parts"]
        assert facts(desk, told)[0] == "person-entered"
        assert facts(desk, told)[-1] in ("residence-registered", "residence-declared")

    def test_leaving(self, desk: Desk) -> None:
        person = self.lives(desk)
        told = done(desk, f"/persons/{person}/services/deregister_residence")
        assert told["status"] == "granted", told["parts"]
        assert facts(desk, told)[-1] == "residence-deregistered"

    def test_leaving_of_a_child(self, desk: Desk) -> None:
        person = self.lives(desk, CHILD_BORN)
        path = f"/persons/{person}/services/deregister_child_residence"
        told = done(desk, path, **{"1-applicant_name": "Вигаданенко Оксана", "1-parents": "one"})
        assert told["status"] == "granted", told["parts"]
        assert facts(desk, told)[-1] == "residence-deregistered"

    def test_a_mistake(self, desk: Desk) -> None:
        person = self.lives(desk)
        row = desk.residences(person)[0]
        said = {"1-residence": row["residence_id"], "1-now_kind": "registered", "1-now_dwelling": desk.dwelling("8")}
        said |= {"1-ground": "residence_mistake", "1-now_since": "15.07.2020", "1-mistake": "не той будинок"}
        told = done(desk, f"/persons/{person}/services/amend_record", **said)
        assert told["status"] == "granted", told["parts"]
        assert facts(desk, told)[-1] == "residence-corrected"

    def test_new_particulars_come_with_any_of_them(self, desk: Desk) -> None:
        path = f"/persons/{self.lives(desk)}/services/issue_extract"
        said = {"1-changed_paper": "свідоцтво про шлюб", "1-changed_surname": "Вигадайко"}
        page = again(desk, path, asks(desk, path, **{"1-changed": "yes"}), press="refresh", **said)
        sent = {**everything(desk, path, page), "press": "decide"}
        answer = desk.client.post(path, data=sent, follow_redirects=False)
        assert answer.status_code == 303, summary(answer)
        assert facts(desk, desk.get(answer.headers["location"]).json())[-1] == "particulars-updated"

    def test_an_extract(self, desk: Desk) -> None:
        person = self.lives(desk)
        told = done(desk, f"/persons/{person}/services/issue_extract")
        assert told["status"] == "granted", told["parts"]
        page = desk.client.get(f"/applications/{told['application']}")
        assert 'href="/extracts/' in page.text


class TestNothingIsDoneUnseen:
    PATH = "/services/register_residence"

    def ready(self, desk: Desk, path: str = PATH, **said: Any) -> dict[str, Any]:
        """A whole form, to be pressed."""
        said = {**NEWCOMER, "1-dwelling": said.pop("home", None) or desk.dwelling(), "1-right": "owner", **said}
        return everything(desk, path, asks(desk, path, **said))

    def press(self, desk: Desk, fields: dict[str, Any], path: str = PATH, **more: Any) -> httpx.Response:
        return desk.client.post(path, data={**fields, "press": "decide", **more}, follow_redirects=False)

    def test_a_double_click_is_one_act(self, desk: Desk) -> None:
        fields = self.ready(desk)
        before = desk.registry.position()
        first = self.press(desk, fields)
        after = desk.registry.position()
        second = self.press(desk, fields)
        assert first.status_code == second.status_code == 303
        assert first.headers["location"] == second.headers["location"]
        assert before < after == desk.registry.position()

    def test_what_is_missing_is_named_with_links_and_nothing_is_recorded(self, desk: Desk) -> None:
        before = desk.registry.position()
        page = again(desk, self.PATH, desk.client.get(self.PATH), press="decide")
        assert page.status_code == 422 and desk.registry.position() == before
        assert {'href="#1-surname"', 'href="#1-dwelling"', 'href="#1-right"'} <= set(
            re.findall(r'href="#[^"]+"', page.text)
        )
        assert "autofocus" in page.text

    @pytest.mark.parametrize(
        "said",
        [
            {"1-birth_date": "31.02.1988"},
            {"1-dwelling": "немає такого"},
            {"1-document_kind": "?"},
            {"1-right": "?"},
            {"1-payment-kopiykas": "скільки треба"},
            {"1-ownership-owners": "-1"},
            {"received": "учора", "1-received": "учора"},
            {"1-person": "00000000-0000-0000-0000-00000000000f"},
        ],
    )
    def test_bad_input_is_refused_in_words_and_changes_nothing(self, desk: Desk, said: dict[str, Any]) -> None:
        fields = self.ready(desk)
        before = desk.registry.position()
        page = self.press(desk, fields, **said)
        assert page.status_code == 422 and desk.registry.position() == before, page.text
        assert "Нічого не записано" in page.text

    @pytest.mark.parametrize("said", [{"command": "?"}, {"seen": "?"}, {"parts": "9"}])
    def test_a_broken_form_is_refused(self, desk: Desk, said: dict[str, Any]) -> None:
        assert self.press(desk, self.ready(desk), **said).status_code in (400, 404)

    def test_a_refusal_is_shown_before_it_is_recorded(self, desk: Desk) -> None:
        fields = self.ready(desk)
        fields.pop("1-documents")
        before = desk.registry.position()
        page = self.press(desk, fields)
        assert page.status_code == 422 and desk.registry.position() == before
        assert "Поки що відмова" in page.text and "Що мало б змінитися" in page.text
        assert 'class="card out bad"' in page.text
        assert self.press(desk, fields, refuse="yes").status_code == 303

    def test_what_nobody_has_answered_yet_is_asked_for_and_is_no_red_refusal(self, desk: Desk) -> None:
        page = desk.client.get(self.PATH).text
        assert 'class="card out warn"' in page and '<p class="sum">Бракує відповідей: ' in page

    def test_the_fee_comes_with_its_arithmetic_and_the_law_folded(self, desk: Desk) -> None:
        page = asks(desk, self.PATH, **NEWCOMER, **{"1-dwelling": desk.dwelling(), "1-right": "owner"}).text
        told = re.search(
            r"<h3>Збір ([0-9]+),([0-9]{2}) грн</h3>\s*<p[^>]*>1,5 % прожиткового мінімуму \(([0-9 ]+) грн",
            page.replace("\u00a0", " "),
        )
        assert told and share(int(told[3].replace(" ", "")), 15) == int(told[1] + told[2])
        assert '<details class="law"><summary>' in page

    def test_a_likeness_is_shown_side_by_side(self, desk: Desk) -> None:
        names = {"surname": "Вигаданенко", "given_names": "Тест", "patronymic": "Тестович", "birth_date": "1988-02-03"}
        held = desk.person(**names)
        fields = self.ready(desk)
        before = desk.registry.position()
        page = self.press(desk, fields)
        assert page.status_code == 422 and desk.registry.position() == before
        assert "У реєстрі" in page.text and f'name="1-person" value="{held}"' in page.text
        other = {"1-distinct_from": held, "1-distinct_reason": "інший документ"}
        answer = self.press(desk, fields, **other)
        assert answer.status_code == 303, summary(answer)
        told = desk.get(answer.headers["location"]).json()
        [person] = told["parts"][0]["register"]["persons"]
        assert person["person"] != held and person["distinct_reason"] == "інший документ"

    def test_the_same_person_goes_on_as_the_held_one(self, desk: Desk) -> None:
        names = {"surname": "Вигаданенко", "given_names": "Тест", "patronymic": "Тестович", "birth_date": "1988-02-03"}
        held = desk.person(**names)
        fields = self.ready(desk)
        page = desk.client.post(self.PATH, data={**fields, "1-person": held})
        assert page.status_code == 200
        answer = self.press(desk, everything(desk, self.PATH, page))
        assert answer.status_code == 303, summary(answer)
        [person] = desk.get(answer.headers["location"]).json()["parts"][0]["register"]["persons"]
        assert person["person"] == held

    def test_a_change_in_between_is_shown_and_nothing_is_done(self, desk: Desk) -> None:
        person = desk.person(birth_date=BORN)
        path = f"/persons/{person}/services/register_residence"
        fields = self.ready(desk, path, **{"1-where_from": "never"})
        desk.settled(person, desk.dwelling("9"), since="2020-07-15")
        before = desk.registry.position()
        page = self.press(desk, fields, path)
        assert page.status_code == 409 and desk.registry.position() == before
        assert "запис змінився" in page.text and "Відомо зараз" in page.text
        answer = again(desk, path, page, press="decide")
        assert answer.status_code == 303, summary(answer)


class TestAParentWithThreeChildren:
    def test_are_one_visit(self, desk: Desk) -> None:
        path = "/services/register_residence"
        page = asks(desk, path, **NEWCOMER, **{"1-dwelling": desk.dwelling(), "1-right": "owner"})
        for number in (2, 3, 4):
            page = again(desk, path, page, add="1")
            child = {name.replace("1-", f"{number}-"): text for name, text in CHILD.items()}
            child |= {
                f"{number}-given_names": f"Тест{'абв'[number - 2]}",
                f"{number}-document_number": f"І-ВГ 00000{number}",
            }
            child |= {f"{number}-parents": "one", f"{number}-where_from": "never"}
            page = again(desk, path, page, press="refresh", **child)
        answer = desk.client.post(
            path, data={**everything(desk, path, page), "press": "decide"}, follow_redirects=False
        )
        assert answer.status_code == 303, summary(answer)
        told = desk.get(answer.headers["location"]).json()
        assert [part["outcome"]["outcome"] for part in told["parts"]] == ["granted"] * 4

    def test_known_children_are_offered(self, desk: Desk) -> None:
        path = "/services/register_child_residence"
        parent = desk.person(birth_date=BORN)
        home = desk.dwelling()
        desk.settled(parent, home, since="2020-07-15")
        said = {"1-dwelling": home, "1-right": "paper", "1-applicant": parent}
        told = done(desk, path, **CHILD, **said, **{"1-parents": "one", "1-where_from": "never"})
        [child] = told["parts"][0]["register"]["persons"]
        page = asks(desk, f"/persons/{parent}/services/deregister_residence")
        page = again(desk, f"/persons/{parent}/services/deregister_residence", page, add="1")
        assert f'value="{child["person"]}"' in page.text


class TestANotice:
    def test_of_a_court_removes(self, desk: Desk) -> None:
        person = desk.person(birth_date=BORN)
        desk.settled(person, desk.dwelling(), since="2020-07-15")
        said = {"1-person": person, "1-ground": "court_eviction", "1-notice_sender": "Вигадівський суд"}
        said |= {"1-notice_dated": "01.03.2025", "1-court_number": "127/1", "1-court_dated": "20.01.2025"}
        told = done(desk, "/notices/court", **said, **{"1-court_in_force": "21.02.2025"})
        assert told["status"] == "granted", told["parts"]
        assert facts(desk, told)[-1] == "residence-deregistered" and told["channel"] == "notice"

    def test_there_is_no_other(self, desk: Desk) -> None:
        assert desk.client.get("/notices/rumour").status_code == 404
        assert desk.client.get("/services/rumour").status_code == 404
        assert desk.client.get("/notices").status_code == 200
