"""Which services the page of a person offers first: those that could be granted today by what the register holds."""

import re

from test_api import Desk, desk

__all__ = ["desk"]
CHILD = {"register_child_residence", "deregister_child_residence", "declare_child_residence"}
ADULT = {"register_residence", "deregister_residence", "declare_residence"}
STAY = {"register_stay"}
"""Of which card 5 says nothing by age: a parent files for a child."""
ANYBODY = {"amend_record", "issue_extract"}


def offered(desk: Desk, person: str) -> tuple[list[str], dict[str, str]]:
    """The services that are offered, and why the others are not, both as they stand."""
    page = desk.client.get(f"/persons/{person}/services").text
    first, _, rest = page.partition('id="others"')
    link = rf'href="/persons/{person}/services/(\w+)">[^<]*</a>'
    return re.findall(link, first), dict(re.findall(link + r'<span class="former">([^<]+)<', rest))


class TestAPersonIsOffered:
    def test_what_their_age_allows(self, desk: Desk) -> None:
        adult, child = desk.person(), desk.person(surname="Вигаданчук", birth_date="2020-05-04")
        home = desk.dwelling()
        for one in (adult, child):
            desk.settled(one, home, "2024-01-09")
        suits, others = offered(desk, adult)
        assert set(suits) == ADULT | STAY | ANYBODY and set(others) == CHILD
        suits, others = offered(desk, child)
        assert set(suits) == CHILD | STAY | ANYBODY and set(others) == ADULT
        assert all("14 років" in why or "дорослого" in why for why in others.values()), others

    def test_no_removal_without_a_residence(self, desk: Desk) -> None:
        suits, others = offered(desk, desk.person())
        assert "deregister_residence" not in suits and "знімати нема з чого" in others["deregister_residence"]
        assert "register_residence" in suits

    def test_nothing_that_begins_or_ends_after_a_death(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        desk.core("record_death", person, registered_on="2025-03-12", basis="актовий запис № 1")
        suits, others = offered(desk, person)
        assert set(suits) == ANYBODY and set(others) == ADULT | STAY | CHILD
        assert "відомості про смерть" in others["register_residence"]

    def test_all_of_them_where_nobody_knows_when_they_were_born(self, desk: Desk) -> None:
        person = desk.person(birth_date=None)
        desk.settled(person, desk.dwelling())
        assert set(offered(desk, person)[0]) == ADULT | STAY | CHILD | ANYBODY

    def test_in_the_same_order_each_time(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        listed = re.findall(r'href="/services/(\w+)"', desk.client.get("/services").text)
        suits, others = offered(desk, person)
        assert suits == [one for one in listed if one in suits]
        assert list(others) == [one for one in listed if one in others]
        assert offered(desk, person) == (suits, others)
