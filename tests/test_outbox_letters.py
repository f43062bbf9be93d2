"""What goes out, word for word: to whom, about whom, from what was known then; and the letter to print the same day.

`golden/notices` keeps one letter to a previous body: what it says, its text, its page as a picture to look at. After a
change that is meant: `python -c "from test_outbox_letters import update_golden; update_golden()"` here.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from filing import BORN, DAY, MOVE, NEXT, about, decided, granted
from given import OURS, founded
from PIL import Image, ImageChops, ImageStat
from test_api import Desk, desk
from test_extract_golden import picture, text
from test_extract_pdf import missing_glyphs

from registry.aggregates.community.events import BodiesDescribed, OtherBody
from registry.letters import content, pdf
from registry.outgoing import makers, notices
from registry.texts import TEXTS

__all__ = ["desk"]

GOLDEN = Path(__file__).parent / "golden" / "notices"
FORMED = datetime(2025, 3, 11, 8, 5, 42, tzinfo=UTC)
CODE = "482913"
BODIES = BodiesDescribed(
    dms=OtherBody(name="Вигадівський відділ ДМС", address="00001, смт Вигадівка, вул. Рання, буд. 1"),
    guardianship=OtherBody(name="Служба у справах дітей Вигадівської ради"),
    registration=(
        OtherBody(name="Далека обласна рада", katottg="UA12"),
        OtherBody(
            name="Виконавчий комітет Далекої міської ради",
            address="00002, м. Далеке, майдан Тихий, буд. 3",
            katottg="UA12020010000037010",
        ),
    ),
)
AFAR = {"address": "м. Далеке, вул. Пізня, буд. 3", "katottg": "UA12020010010037010", "since": "2020-05-01"}
WHO = {"surname": "Вигадана", "given_names": "Оксана", "patronymic": "Тестівна", "birth_date": BORN}
NUMBERS = {"unzr": "19900504-00018", "rnokpp": "3000000001"}


def known(desk: Desk, bodies: BodiesDescribed | None = BODIES) -> None:
    """Who we are, and whom we write to."""
    founded(desk.registry, [*OURS, *([bodies] if bodies else [])])


def moved(desk: Desk, electronic: bool = False, **who: Any) -> dict[str, Any]:
    """Somebody came from another community."""
    left = {"place": "other_community", "electronic_exchange": electronic}
    person = desk.person(**{**WHO, **NUMBERS, **who})
    register = about(person, dwelling=desk.dwelling(), elsewhere=AFAR)
    return granted(
        desk, **MOVE, office="metalurhiinyi", subject={"born": BORN, "current_residence": left}, register=register
    )


def of(desk: Desk, said: dict[str, Any], item: str) -> dict[str, Any]:
    """What follows from an application, of one kind."""
    follows = desk.get(f"/applications/{said['application']}").json()["follows"]
    [found] = [one for one in follows if one["item"] == item]
    return desk.get(f"/outbox/{found['id']}").json()


def lines(row: dict[str, Any]) -> list[str]:
    """The lines of its text but for the code, and for the card, with which it ends."""
    found: list[str] = row["text"].split("\n")
    assert re.search(r"інформаційна картка послуги № \d, рядок 1[46]\)?\.$", found[-1])
    return [line for line in found[:-1] if not line.startswith("Підстава: ")]


class TestPreviousBody:
    SAYS = (
        "Повідомлення про зняття з реєстрації місця проживання особи",
        "Особа: Вигадана Оксана Тестівна",
        "Дата народження: 04.05.1990",
        "УНЗР: 19900504-00018",
        "Зареєстроване місце проживання: смт Вигадівка, вул. Калинова, буд. 7, з 11.03.2025",
        "Попереднє місце проживання: м. Далеке, вул. Пізня, буд. 3 (КАТОТТГ UA12020010010037010)",
        "Проживання за ним з: 01.05.2020",
        "Знято з реєстрації з: 11.03.2025",
        "Послуга: Реєстрація місця проживання",
        "Рішення від: 11.03.2025",
    )

    @pytest.mark.parametrize(
        ("electronic", "item"), [(False, "previous_office_paper"), (True, "previous_office_electronic")]
    )
    def test_is_told_who_left_from_where_and_when(self, desk: Desk, electronic: bool, item: str) -> None:
        known(desk)
        row = of(desk, moved(desk, electronic), item)
        assert lines(row)[:-1] == list(self.SAYS)
        assert "для внесення інформації до реєстру територіальної громади" in lines(row)[-1]
        assert row["addressee"] == {
            "kind": "previous_office",
            "name": "Виконавчий комітет Далекої міської ради",
            "address": "00002, м. Далеке, майдан Тихий, буд. 3",
        }
        assert NUMBERS["rnokpp"] not in row["text"]

    def test_whom_nobody_named_is_the_one_that_serves_the_address(self, desk: Desk) -> None:
        known(desk, None)
        said = of(desk, moved(desk), "previous_office_paper")["addressee"]
        assert said["address"] is None
        assert said["name"] == (
            "Орган реєстрації за попереднім місцем проживання, на території обслуговування якого: "
            "м. Далеке, вул. Пізня, буд. 3 (КАТОТТГ UA12020010010037010)"
        )

    def test_what_was_known_then_stays_what_it_says(self, desk: Desk) -> None:
        known(desk)
        said = moved(desk)
        before = of(desk, said, "previous_office_paper")["text"]
        [one] = desk.get(f"/applications/{said['application']}").json()["parts"]
        person = one["register"]["persons"][0]["person"]
        desk.core("change_particulars", person, corrects=True, changes={"surname": "Інша"}, basis="описка")
        desk.act(f"/dwellings/{one['register']['dwelling']}/names", {"address": {"street": "вул. Нова"}, "since": DAY})
        assert of(desk, said, "previous_office_paper")["text"] == before


class TestDms:
    def test_is_told_all_that_it_matches_by(self, desk: Desk) -> None:
        known(desk)
        row = of(desk, moved(desk), "dms")
        assert {"УНЗР: 19900504-00018", "РНОКПП: 3000000001"} < set(lines(row))
        assert row["addressee"]["name"] == BODIES.dms.name if BODIES.dms else False

    def test_of_a_removal_the_place_the_day_and_the_ground(self, desk: Desk) -> None:
        known(desk)
        person, home = desk.person(**WHO), desk.dwelling("9")
        desk.settled(person, home)
        said = granted(
            desk, service="deregister_residence", ground="application", subject={"born": BORN}, register=about(person)
        )
        assert lines(of(desk, said, "dms"))[3:-2] == [
            "Місце проживання (перебування): смт Вигадівка, вул. Калинова, буд. 9",
            "Знято з реєстрації з: 11.03.2025",
            "Послуга: Зняття із задекларованого/зареєстрованого місця проживання",
            "Підстава зняття: заява особи або її законного представника",
        ]

    def test_of_a_move_here_both_addresses(self, desk: Desk) -> None:
        known(desk)
        person = desk.person(**WHO)
        desk.settled(person, desk.dwelling("9"))
        said = granted(desk, **MOVE, subject={"born": BORN}, register=about(person, dwelling=desk.dwelling("12")))
        assert lines(of(desk, said, "dms"))[3:6] == [
            "Зареєстроване місце проживання: смт Вигадівка, вул. Калинова, буд. 12, з 11.03.2025",
            "Попереднє місце проживання: смт Вигадівка, вул. Калинова, буд. 9",
            "Знято з реєстрації з: 11.03.2025",
        ]

    def test_of_a_correction_what_it_was_and_is(self, desk: Desk) -> None:
        known(desk)
        person = desk.person(**WHO)
        residence = desk.settled(person, desk.dwelling("9"))
        desk.act(f"/persons/{person}/residences/{residence}/correction", {"since": "2010-07-16", "reason": "описка"})
        [row] = desk.get("/outbox", item="dms").json()["waiting"]
        assert row["text"].split("\n")[3:6] == [
            "Було записано: зареєстроване місце проживання: смт Вигадівка, вул. Калинова, буд. 9, з 15.07.2010",
            "Слід читати: зареєстроване місце проживання: смт Вигадівка, вул. Калинова, буд. 9, з 16.07.2010",
            "Що внесено: Виправлено відомості про місце проживання (перебування)",
        ]


class TestGuardianship:
    def test_is_told_of_an_orphan_and_no_numbers(self, desk: Desk) -> None:
        known(desk)
        child = desk.person(surname="Вигаданий", given_names="Іван", birth_date="2018-02-03", rnokpp="3000000002")
        said = granted(
            desk,
            service="register_child_residence",
            applicant={"kind": "guardianship_body"},
            subject={"born": "2018-02-03", "orphan": True},
            dwelling={"right_document_held": True},
            register=about(child, dwelling=desk.dwelling()),
        )
        row = of(desk, said, "guardianship_body")
        assert lines(row)[1:4] == [
            "Особа: Вигаданий Іван",
            "Дата народження: 03.02.2018",
            "Зареєстроване місце проживання: смт Вигадівка, вул. Калинова, буд. 7, з 11.03.2025",
        ]
        assert (
            "3000000002" not in row["text"] and row["addressee"]["name"] == "Служба у справах дітей Вигадівської ради"
        )
        assert (row["deadline"], row["role"]) == (DAY, "message")


class TestTasks:
    def test_a_protocol_says_how_late_somebody_came(self, desk: Desk) -> None:
        known(desk)
        subject = {"born": BORN, "deregistered_on": "2024-11-01", "deregistered_from": "other_community"}
        said = decided(desk, **MOVE, subject=subject, register=about(desk.person(**WHO), dwelling=desk.dwelling()))
        row = of(desk, said, "offence_protocol")
        assert lines(row)[-1] == (
            "Встановлено під час подання документів: особа звернулася 11.03.2025, після закінчення "
            "встановленого строку (знято з попереднього місця проживання 01.11.2024)."
        )
        assert "статті 197" in row["text"]

    def test_or_that_the_passport_is_invalid(self, desk: Desk) -> None:
        known(desk)
        said = decided(
            desk,
            **MOVE,
            subject={"born": BORN},
            register=about(desk.person(**WHO), dwelling=desk.dwelling()),
            invalid_documents=["identity_document"],
        )
        row = of(desk, said, "offence_protocol")
        assert lines(row)[-1] == "Встановлено під час подання документів: подано недійсний документ."
        assert "Особа: Вигадана Оксана Тестівна" in row["text"]

    def test_what_was_worded_then_stays(self, desk: Desk) -> None:
        known(desk)
        said = moved(desk)
        row = of(desk, said, "applicant_sms")
        assert row["text"].startswith("Послугу надано (код ") and "\n" not in row["text"]
        assert row["addressee"]["address"] == "+380000000001"


class TestLetter:
    def test_is_printed_the_same_day_and_says_all_of_it(self, desk: Desk) -> None:
        known(desk)
        row = of(desk, moved(desk), "previous_office_paper")
        desk.clock.moment = f"{DAY}T10:05"
        answer = desk.get(f"/outbox/{row['id']}/document", number="17/02-5")
        assert answer.headers["content-type"] == "application/pdf"
        shown = " ".join(text(answer.content).split())
        for said in ("Виконавчий комітет Далекої міської ради", "майдан Тихий, буд. 3", "№ 17/02-5 від 11.03.2025"):
            assert said in shown
        assert "Вигадана Оксана Тестівна" in shown and "вул. Пізня, буд. 3" in shown
        assert missing_glyphs(answer.content) == 0

    def test_once_sent_it_is_of_that_day_and_number(self, desk: Desk) -> None:
        known(desk)
        row = of(desk, moved(desk), "previous_office_paper")
        desk.act(f"/outbox/{row['id']}/sent", {"on": NEXT, "how": "post", "number": "вих. 18"})
        shown = " ".join(text(desk.get(f"/outbox/{row['id']}/document").content).split())
        assert "№ вих. 18 від 12.03.2025" in shown

    def test_what_was_marked_by_mistake_never_went_out(self, desk: Desk) -> None:
        known(desk)
        letter = of(desk, moved(desk), "previous_office_paper")["id"]
        desk.act(f"/outbox/{letter}/sent", {"how": "post", "on": DAY, "number": "вих. 17"})
        desk.act(f"/outbox/{letter}/reopened", {"reason": "позначено не те"})
        assert "вих. 17" not in text(desk.get(f"/outbox/{letter}/document").content)
        desk.act(f"/outbox/{letter}/sent", {"how": "post", "on": NEXT, "number": "вих. 18"})
        shown = " ".join(text(desk.get(f"/outbox/{letter}/document").content).split())
        assert "№ вих. 18 від 12.03.2025" in shown

    def test_a_referral_is_the_registrar_s_and_its_paper_goes_to_dms(self, desk: Desk) -> None:
        known(desk)
        subject = {"born": BORN, "citizenship": "foreigner", "deregistered_on": "2024-11-01"}
        subject |= {"deregistered_from": "other_community", "identity_document": "permanent_permit"}
        said = decided(
            desk,
            **MOVE,
            subject=subject,
            register=about(desk.person(**WHO, citizenship="foreigner"), dwelling=desk.dwelling()),
        )
        row = of(desk, said, "dms_referral")
        assert (row["addressee"]["kind"], row["role"]) == ("registrar", "task")
        shown = " ".join(text(desk.get(f"/outbox/{row['id']}/document").content).split())
        assert "Вигадівський відділ ДМС" in shown and "Направлення до територіального підрозділу" in shown

    def test_nothing_is_printed_in_nobody_s_name(self, desk: Desk) -> None:
        founded(desk.registry, [BODIES])
        said = granted(
            desk, **MOVE, subject={"born": BORN}, register=about(desk.person(**WHO), dwelling=desk.dwelling())
        )
        answer = desk.get(f"/outbox/{of(desk, said, 'dms')['id']}/document")
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-identity")


class TestWords:
    ITEMS = tuple(item for maker in makers.MAKERS for item in maker.items)

    def test_whoever_an_item_is_for_has_a_general_name(self) -> None:
        assert {item.addressee for item in self.ITEMS} | {"nobody"} == set(TEXTS["outgoing_addressees"])

    def test_a_title_and_a_request_are_of_an_item(self) -> None:
        assert {*TEXTS["outgoing_titles"], *TEXTS["outgoing_requests"]} <= {item.id for item in self.ITEMS}


def kept() -> content.Letter:
    return content.read(json.loads((GOLDEN / "previous-office.json").read_text("utf-8")))


def update_golden() -> None:
    """Writes the text and the picture anew. No test does."""
    made = pdf.render(kept(), FORMED)
    (GOLDEN / "previous-office.txt").write_text(text(made))
    picture(made, 72).quantize(16).save(GOLDEN / "previous-office-1.png", optimize=True)


class TestGolden:
    def test_is_the_letter_of_a_real_move(self, desk: Desk) -> None:
        known(desk)
        said = moved(desk)
        id = UUID(of(desk, said, "previous_office_paper")["id"])
        here = desk.registry.community().on(FORMED.date())
        [row] = desk.registry.query("outbox", "by_ids", ids=[id])
        notice = notices.of_rows(desk.registry, [row], here)[id]
        made = notices.letter(notice, [], here, today=FORMED.date(), number="17/02-5")
        stored = json.dumps(made.stored, ensure_ascii=False, indent=1).replace(said["code"], CODE)
        # The kept one is of a release before: what is told of a paper that was drawn up came with schema 2.
        assert json.loads(stored) == {**kept().stored, "schema": 2}

    def test_says_and_looks_as_it_did(self) -> None:
        made = pdf.render(kept(), FORMED)
        assert text(made) == (GOLDEN / "previous-office.txt").read_text("utf-8")
        before = Image.open(GOLDEN / "previous-office-1.png").convert("L")
        assert ImageStat.Stat(ImageChops.difference(before, picture(made, 72))).mean[0] < 1
