"""Who has one name, and whose birth is known to the year or the month: newcomers at a visit and in a declaration."""

from typing import Any

import pytest
from filing import BORN, DAY, MOVE, PROOF, VISIT, about, filed, granted, received
from test_api import Desk, codes, desk

__all__ = ["desk"]

ONE_NAME = [{"surname": "Нова"}, {"given_names": "Ганна"}, {"surname": "Нова", "given_names": "немає"}]


def comes(desk: Desk, who: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        **MOVE,
        "subject": {},
        "register": about({"particulars": who, "documents": PROOF}, dwelling=desk.dwelling()),
        **more,
    }


class TestOneName:
    @pytest.mark.parametrize("who", ONE_NAME)
    @pytest.mark.parametrize("how", [{}, {"service": "declare_residence", "channel": "diia"}])
    def test_is_enough(self, desk: Desk, who: dict[str, Any], how: dict[str, Any]) -> None:
        told = granted(desk, **comes(desk, {**who, "birth_date": BORN}, **how))
        [person] = desk.get(f"/applications/{told['application']}").json()["parts"][0]["register"]["persons"]
        issued = desk.post(f"/persons/{person['person']}/extracts", {})
        assert issued.status_code == 201, issued.text

    def test_told_of_by_two_parts_is_one_person(self, desk: Desk) -> None:
        who = {"particulars": {"surname": "Нова", "birth_date": "1985"}, "documents": PROOF}
        extract = {"service": "issue_extract", "subject": {}, "register": about(who)}
        body = filed(desk, **comes(desk, who["particulars"]), children=[extract])
        told = desk.act("/applications", body)
        parts = desk.get(f"/applications/{told['application']}").json()["parts"]
        assert len({part["register"]["persons"][0]["person"] for part in parts}) == 1


class TestABirthKnownInPart:
    @pytest.mark.parametrize("born", ["1985", "1985-07", "07.1985", "2007-02", "1900"])
    @pytest.mark.parametrize("how", [{}, {"service": "declare_residence", "channel": "diia"}])
    def test_decides_where_the_year_does(self, desk: Desk, born: str, how: dict[str, Any]) -> None:
        body = comes(desk, {"surname": "Нова", "given_names": "Ганна", "birth_date": born}, **how)
        told = granted(desk, **body)
        part = desk.get(f"/applications/{told['application']}").json()["parts"][0]
        assert "born" not in part["asked"]["subject"]
        year = part["known"]["subject"]["born"]
        assert year == part["register"]["persons"][0]["particulars"]["birth_date"]

    @pytest.mark.parametrize("born", ["2007", "2007-03", "2011", "2009-03", None])
    def test_says_so_where_it_does_not(self, desk: Desk, born: str | None) -> None:
        body = comes(desk, {"surname": "Нова", "given_names": "Ганна", "birth_date": born}, received=VISIT)
        problem = desk.refused("/applications", body)
        assert codes(problem) == [("born-unsaid", "subject.born")]
        assert "14, 16 або 18" in problem["errors"][0]["detail"]
        day = {None: "1990-01-01", 4: f"{born}-05-05", 7: f"{born}-05"}[len(born) if born else None]
        assert desk.post("/applications?dry_run=1", {**body, "subject": {"born": day}}).status_code == 200

    def test_of_who_is_held(self, desk: Desk) -> None:
        person = desk.person(surname="Нова", birth_date="1949", unzr=None, rnokpp=None)
        told = granted(desk, **MOVE, subject={}, register=about(person, dwelling=desk.dwelling()))
        assert told["status"] == "granted"

    def test_of_each_of_several(self, desk: Desk) -> None:
        people = [
            {
                "particulars": {"surname": "Нова", "given_names": name, "birth_date": born},
                "documents": [{"kind": "passport_card", "number": f"00000000{number}"}],
            }
            for number, (name, born) in enumerate([("Ганна", "1985"), ("Марія", "1960-03")])
        ]
        body = {**MOVE, "subject": {}, "persons": 2, "register": about(*people, dwelling=desk.dwelling())}
        assert len(granted(desk, **body)["parts"]) == 2

    def test_what_was_said_still_has_to_agree(self, desk: Desk) -> None:
        body = comes(desk, {"surname": "Нова", "birth_date": "1985"}, received=VISIT)
        problem = desk.refused("/applications", {**body, "subject": {"born": "1986-01-01"}})
        assert codes(problem) == [("differs-from-register", "subject.born")]

    def test_decided_later(self, desk: Desk) -> None:
        id = received(desk, **comes(desk, {"surname": "Нова", "given_names": "Ганна", "birth_date": "1985"}))
        assert desk.act(f"/applications/{id}/decision", {"acted_on": DAY})["status"] == "granted"
