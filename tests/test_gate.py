"""The one gate: what a value may be, its one form, what is warned of. Every value and person is invented."""

import re
import unicodedata

import bad_values
import pytest
from bad_values import APOSTROPHES, BROKEN, EVERY, FAR_DAYS, FOLDED, INSTANTS, LOOK_ALIKES, NOT_DAYS, PLACEHOLDERS
from hypothesis import given
from hypothesis import strategies as st

from registry import gate, texts
from registry.gate import ABSENT, Gated

GATES = {
    **{name: getattr(gate, name) for name in ("line", "words", "name", "day", "day_of_paper", "whole_day", "instant")},
    **{name: getattr(gate, name) for name in ("local_moment", "number_text", "unzr", "rnokpp", "katottg")},
    **{name: getattr(gate, name) for name in ("katottg_beginning", "phone", "email", "house", "sex", "citizenship")},
    "document": lambda text: gate.document("passport_card", text),
}


class TestEveryGate:
    @pytest.mark.parametrize("gated", GATES.values(), ids=GATES)
    def test_refuses_what_is_no_text(self, gated):
        for said in BROKEN.values():
            found = gated(said)
            assert found.value is None and found.faults and not found.warnings

    @pytest.mark.parametrize("gated", GATES.values(), ids=GATES)
    def test_nothing_is_nothing(self, gated):
        for said in (None, "", " ", "\u00a0\u2003", "\u200b", "\ufeff ", "-", "—", "\t\n"):
            assert gated(said) == ABSENT

    @pytest.mark.parametrize("gated", GATES.values(), ids=GATES)
    def test_its_one_form_is_the_form_of_itself(self, gated):
        for said in [*EVERY, *INSTANTS, "Д’Вигаданко", "04.05.2008", "UА12060170000012345", "(067) 123-45-67", "кв. 7"]:
            value = gated(said).value
            assert value is None or gated(value).value == value

    @pytest.mark.parametrize("gated", GATES.values(), ids=GATES)
    @given(said=st.text(max_size=30))
    def test_gives_one_readable_line_or_says_why_not(self, gated, said):
        found = gated(said)
        assert (found.value is None) or not found.faults
        assert all(
            code in texts.TEXTS["faults"] or code in texts.TEXTS["law"] for code in found.faults + found.warnings
        )
        if found.value is not None:
            assert found.value == " ".join(found.value.split()) == unicodedata.normalize("NFC", found.value)
            assert not {unicodedata.category(char) for char in found.value} & {"Cc", "Cs", "Co", "Zl", "Zp"}
            assert "\ufffd" not in found.value and len(found.value) <= gate.LONGEST

    def test_no_text_of_a_code_shows_what_was_typed(self):
        codes = {code for said in EVERY for one in GATES.values() for code in (*one(said).faults, *one(said).warnings)}
        for code in codes:
            assert "{" not in (texts.TEXTS["faults"].get(code) or texts.TEXTS["law"][code]).replace("{ }", "")


class TestLine:
    @pytest.mark.parametrize(("typed", "kept"), FOLDED.values(), ids=FOLDED)
    def test_is_kept_in_its_one_form(self, typed, kept):
        assert gate.line(typed) == Gated(kept) == gate.name(typed) == gate.words(typed)

    @pytest.mark.parametrize(("what", "said"), BROKEN.items(), ids=BROKEN)
    def test_what_cannot_be_kept_is_named(self, what, said):
        code = "text-lost" if "lost" in what or "encoding" in what else "text-broken"
        assert gate.line(said).faults == ("text-too-long" if what == "too long" else code,)

    def test_a_joiner_stays_in_a_script_that_is_written_with_it(self):
        for said in ("क\u200dष", "می\u200cخواهم", "ක\u200dෂ"):
            assert gate.name(said).value == said
        for said in ("\u200dक", "क\u200d", "क\u200d б", "a\u200dक"):
            assert "\u200d" not in (gate.name(said).value or "")

    def test_an_empty_tag_or_a_filler_is_not_seen(self):
        for unseen in ("\u2060", "\u2062", "\u3164", "\u115f", "\u2800", "\U000e0041", "\u180e", "\ufff9", "\u034f"):
            assert gate.line(f"а{unseen}б") == Gated("аб") and gate.line(unseen) == ABSENT

    def test_five_hundred_characters_fit_and_not_one_more(self):
        assert gate.line("щ" * 500).value == "щ" * 500
        assert gate.line("щ" * 501).faults == ("text-too-long",)
        assert gate.line(f"  {'щ' * 500}\u200b  ").value == "щ" * 500

    @pytest.mark.parametrize("said", ["Рі", "Ні", "РОСІЯ", "Ґрунь Її", "Œuvre", "Müller-Ёлкин", "№ 5 «Б»", "😀"])
    def test_what_only_looks_lost_is_not(self, said):
        assert gate.line(said) == Gated(said)


class TestName:
    @pytest.mark.parametrize("typed", APOSTROPHES)
    def test_has_one_apostrophe(self, typed):
        assert gate.name(f"Д{typed}Вигаданко").value == "ДʼВигаданко"
        assert gate.words(f"зі слів Лук{typed}яна").value == "зі слів Лукʼяна"

    def test_has_one_hyphen(self):
        for dash in "-‐‑‒–—−":
            assert gate.name(f"Нечуй{dash}Вигаданий").value == "Нечуй-Вигаданий"

    @pytest.mark.parametrize("said", ['вул. "Перша"', "«Зоря»", "O'Щиг", "вул. 8 Березня", "Щиг-2", "Ван дер Щиг"])
    def test_quotes_and_figures_stay(self, said):
        assert gate.name(said).value == said.replace("'", "ʼ") and not gate.name(said).faults

    @pytest.mark.parametrize("said", PLACEHOLDERS)
    def test_a_word_for_nothing_is_nothing(self, said):
        assert gate.name(said) == ABSENT == gate.unzr(said) == gate.rnokpp(said) == gate.phone(said)

    @pytest.mark.parametrize("said", ["Нема", "Невідомий", "Немаєвич", "Нд", "Відмова"])
    def test_but_somebody_may_be_called_so(self, said):
        assert gate.name(said) == Gated(said)

    @pytest.mark.parametrize("said", ["Вига?дана", "????", "¿Щиг", "Вигадан?"])
    def test_a_question_mark_is_a_lost_letter(self, said):
        assert gate.name(said).faults == ("text-lost",)
        assert gate.words("Що це?").value == "Що це?"
        assert gate.line("?") == ABSENT and gate.line("?? ??").faults == ("text-lost",)

    @pytest.mark.parametrize("said", LOOK_ALIKES)
    def test_a_letter_of_another_script_is_warned_of(self, said):
        found = gate.particulars({"surname": said, "given_names": "Ганна"})
        assert found.value["surname"] == said and not found.faults
        assert found.warnings == {"surname": ("look-alike-letters",)}

    @pytest.mark.parametrize("said", ["Müller", "Maxim", "Петренко", "Ґалаґан", "Ёлкин", "MAX", "Έλληνας", "Łoś"])
    def test_a_name_of_one_script_is_not(self, said):
        assert gate.particulars({"surname": said, "given_names": "Ann"}).warnings == {}

    def test_latin_letters_alone_that_look_cyrillic_are_beside_cyrillic_ones(self):
        assert gate.particulars({"surname": "COPOKA", "given_names": "Олена"}).warnings
        assert not gate.particulars({"surname": "COPOKA", "given_names": "Max"}).warnings
        assert gate.particulars({"surname": "COPOKA"}, {"given_names": "Олена"}).warnings


class TestDay:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("2008-05-04", "2008-05-04"),
            ("04.05.2008", "2008-05-04"),
            ("4.5.2008", "2008-05-04"),
            (" 04.05.2008 ", "2008-05-04"),
            ("2008-05", "2008-05"),
            ("05.2008", "2008-05"),
            ("2008", "2008"),
            ("29.02.2020", "2020-02-29"),
            ("1800-01-01", "1800-01-01"),
            ("2199-12-31", "2199-12-31"),
        ],
    )
    def test_is_iso_or_as_offices_write_it(self, typed, kept):
        assert gate.day(typed) == Gated(kept) == gate.day_of_paper(typed)
        assert gate.whole_day(typed) == (Gated(kept) if len(kept) == 10 else Gated(faults=("not-a-day",)))

    @pytest.mark.parametrize("typed", NOT_DAYS)
    def test_is_nothing_else(self, typed):
        assert gate.day(typed).faults == ("not-a-date",)
        assert gate.whole_day(typed).faults == ("not-a-day",)

    @pytest.mark.parametrize("typed", FAR_DAYS)
    def test_is_of_years_that_papers_know(self, typed):
        assert gate.day(typed).faults == ("far-day",) == gate.whole_day(typed).faults

    @pytest.mark.parametrize(
        ("typed", "month"),
        [("1948-02-30", "1948-02"), ("31.04.1948", "1948-04"), ("29.02.1949", "1949-02"), ("1900-02-29", "1900-02")],
    )
    def test_of_an_old_paper_is_the_month_that_is_certain(self, typed, month):
        assert gate.day_of_paper(typed) == Gated(month, warnings=("day-not-in-calendar",))
        assert gate.day_of_paper("1948-02-32").faults == ("not-a-date",)


class TestInstant:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("2024-06-01", "2024-06-01"),
            ("01.06.2024", "2024-06-01"),
            ("2024-06-01T12:00", "2024-06-01T12:00"),
            ("2024-06-01 12:00:00", "2024-06-01T12:00:00"),
            ("01.06.2024 12:00", "2024-06-01T12:00"),
            ("1.6.2024 12:00:05", "2024-06-01T12:00:05"),
            ("2024-06-01T12:00:00Z", "2024-06-01T12:00:00Z"),
            ("2024-06-01T12:00:00.000001+02:00", "2024-06-01T12:00:00.000001+02:00"),
            ("2024-06-01T12:00-03:30", "2024-06-01T12:00-03:30"),
        ],
    )
    def test_is_a_day_or_a_moment(self, typed, kept):
        assert gate.instant(typed) == Gated(kept)
        local = len(kept) > 10 and not re.search("Z|[+-]..:..$", kept)
        assert gate.local_moment(typed) == (Gated(kept) if local else Gated(faults=("not-a-moment",)))

    @pytest.mark.parametrize("typed", INSTANTS)
    def test_is_nothing_else(self, typed):
        assert gate.instant(typed).faults in (("not-an-instant",), ("far-day",))
        assert gate.local_moment(typed).faults in (("not-a-moment",), ("far-day",))


class TestNumbers:
    """Specimens of published documents, and numbers made up to the check digit (domain 2.4)."""

    @pytest.mark.parametrize(
        "typed", ["19910824-00026", "1991082400026", "19910824 00026", "19910824–00026", " 1991 0824-00026\u200b"]
    )
    def test_unzr_has_one_spelling(self, typed):
        assert gate.unzr(typed, "1991-08-24") == Gated("19910824-00026")

    @pytest.mark.parametrize(
        "typed",
        ["19910824-0002", "19910824-000266", "1991082-00026", "відмова", "АА123456", "19910824-O0026", "١٩٩١٠٨٢٤-٠٠٠٢٦",
         "19910824/00026", "19910824-00006", "12"],
    )  # fmt: skip
    def test_what_is_no_unzr_is_refused(self, typed):
        assert gate.unzr(typed) == Gated(faults=("unzr-shape",))

    @pytest.mark.parametrize(
        ("typed", "born", "warned"),
        [
            ("19910824-00026", None, ()),
            ("19910824-00026", "1991", ()),
            ("19910824-00026", "1991-08", ()),
            ("19910824-00026", "1991-08-25", ("unzr-birth-date",)),
            ("19910824-00026", "1992", ("unzr-birth-date",)),
            ("19910824-00025", "1991-08-24", ("unzr-check-digit",)),
            ("19911324-00026", None, ("unzr-check-digit", "unzr-birth-date")),
        ],
    )
    def test_unzr_is_judged_by_the_birth(self, typed, born, warned):
        assert gate.unzr(typed, born) == Gated(typed, warnings=warned)

    @pytest.mark.parametrize(
        ("typed", "born", "sex", "warned"),
        [
            ("1759013776", "1948-02-28", "male", ()),
            ("3652504575", "2000-01-01", "male", ()),
            ("3068208400", None, "female", ()),
            ("3068208400", "1984", "female", ()),
            ("3068208400", "1985", "male", ("rnokpp-birth-date", "rnokpp-sex")),
            ("1759013770", "1948-02-28", "male", ("rnokpp-check-digit",)),
            ("1111111111", None, None, ("rnokpp-check-digit",)),
        ],
    )
    def test_rnokpp_is_judged_by_birth_and_sex(self, typed, born, sex, warned):
        assert gate.rnokpp(typed, born, sex) == Gated(typed, warnings=warned)
        assert gate.rnokpp(f" {typed[:4]} {typed[4:]}\u00a0", born, sex).value == typed

    @pytest.mark.parametrize("typed", ["відмова", "ВІДМОВА", "Відмова за релігійними переконаннями", "refused"])
    def test_a_refusal_by_belief_is_a_value_of_its_own(self, typed):
        assert gate.rnokpp(typed, "1990", "male") == Gated(gate.REFUSED)

    @pytest.mark.parametrize("typed", ["0000000000", "00000000-00000", "0", "000"])
    def test_noughts_alone_are_no_number(self, typed):
        assert gate.rnokpp(typed) == ABSENT == gate.unzr(typed)

    @pytest.mark.parametrize("typed", ["12", "31138O0001", "٣١١٣٨٠٠٠٠١", "АА123456", "31138000011", "3113800001а"])
    def test_what_is_no_rnokpp_is_refused(self, typed):
        assert gate.rnokpp(typed) == Gated(faults=("rnokpp-shape",))

    @pytest.mark.parametrize(
        "typed",
        ["UA12060170000012345", "UА12060170000012345", "uа12060170000012345", "UA 12 06 017 000 00 12345",
         "UA12060170000012345\u200b"],
    )  # fmt: skip
    def test_katottg_is_folded(self, typed):
        assert gate.katottg(typed) == Gated("UA12060170000012345") == gate.katottg_beginning(typed)

    @pytest.mark.parametrize(
        "typed",
        ["UA1206017000001234", "UA120601700000123456", "UАА2060170000012345", "12060170000012345",
         "ЮА12060170000012345", "UAO2060170000012345", "UA١٢060170000012345", "UA12060170"],
    )  # fmt: skip
    def test_katottg_of_another_shape_is_refused(self, typed):
        assert gate.katottg(typed) == Gated(faults=("katottg-shape",))

    def test_a_community_is_known_by_the_beginning(self):
        assert gate.katottg_beginning("UА12060170") == Gated("UA12060170")
        assert gate.katottg_beginning("UA1").faults == ("katottg-shape",)

    @pytest.mark.parametrize(
        ("kind", "typed", "kept"),
        [
            ("passport_card", "000 000 001", "000000001"),
            ("passport_card", "№ 000000001", "000000001"),
            ("passport_card", "КН-1", "КН-1"),
            ("passport_booklet", "щг 123456", "ЩГ123456"),
            ("passport_booklet", "ME № 000002", "МЕ000002"),
            ("passport_travel", "FА000002", "FA000002"),
            ("birth_certificate", "1-БК 000002", "I-БК 000002"),
            ("birth_certificate", "ІІ-БК №000002", "II-БК 000002"),
            ("birth_certificate", "№ 17 від 1949", "№ 17 від 1949"),
            ("other", "  17 / 2  ", "17 / 2"),
            (None, "б/н", None),
        ],
    )
    def test_the_number_of_a_document_is_as_it_is_printed(self, kind, typed, kept):
        assert gate.document(kind, typed) == Gated(kept)

    @pytest.mark.parametrize(
        "typed", ["+380000000017", "380000000017", "80000000017", "0000000017", "(000) 000-00-17", "+38 000 000 00 17"]
    )
    def test_a_telephone_has_one_spelling(self, typed):
        assert gate.phone(typed) == Gated("+380000000017")

    def test_another_telephone_is_as_typed(self):
        assert gate.phone("+1 000 000").value == "+1 000 000"
        assert gate.phone("через сусідку").value == "через сусідку"

    @pytest.mark.parametrize("typed", ["щигль", "a@b", "a b@c.ua", "a@@c.ua", "@c.ua", "a@c.", "a@.ua"])
    def test_mail_has_a_box_and_a_host(self, typed):
        assert gate.email(typed).faults == ("email-shape",)
        assert gate.email(" A.B@Mail.UA ").value == "A.B@mail.ua"


class TestAddress:
    @pytest.mark.parametrize(
        ("part", "typed", "kept"),
        [
            ("house", "12-А", "12-А"),
            ("house", "12–А", "12-А"),
            ("house", "12-A", "12-А"),
            ("house", "12a", "12а"),
            ("house", "12D", "12D"),
            ("house", "14-Б/2", "14-Б/2"),
            ("house", "буд. 7", "7"),
            ("house", "б/н", "б/н"),
            ("house", "-", None),
            ("flat", "кв. 5", "5"),
            ("flat", "кв.5", "5"),
            ("flat", "б/н", None),
            ("room", "кімната 12", "12"),
            ("building", "корп. 2", "2"),
            ("building", "корпус Б", "корпус Б"),
        ],
    )
    def test_a_number_stands_without_its_label(self, part, typed, kept):
        assert gate.address({part: typed}).value == {part: kept}

    def test_every_part_has_its_gate(self):
        said = {
            "katottg": "UА12060170000012345",
            "settlement": "Д’Щиг",
            "street": "-",
            "house": "7\u200b",
            "flat": "",
        }
        found = gate.address(said)
        assert list(found.value.values()) == ["UA12060170000012345", "ДʼЩиг", None, "7", None]
        assert gate.address({**said, "katottg": "12", "street": "Вига\ufffd"}).faults == {
            "katottg": ("katottg-shape",),
            "street": ("text-lost",),
        }


SAID = {
    "surname": "Вигадана",
    "birth_date": "24.08.1991",
    "sex": "Ж",
    "unzr": "1991082400026",
    "citizenship": "Україна",
}


class TestParticulars:
    def test_are_canonical_in_every_field(self):
        found = gate.particulars({**SAID, "patronymic": "немає", "phone": "0000000017", "rnokpp": "відмова"})
        assert found.value == {
            "surname": "Вигадана",
            "birth_date": "1991-08-24",
            "sex": "female",
            "unzr": "19910824-00026",
            "citizenship": "ua",
            "patronymic": None,
            "phone": "+380000000017",
            "rnokpp": "refused",
        }
        assert not found.faults and not found.warnings

    def test_name_every_fault_at_once(self):
        found = gate.particulars({**SAID, "birth_date": "30.02.1991", "rnokpp": "12", "sex": "х"})
        assert found.faults == {"birth_date": ("not-a-date",), "rnokpp": ("rnokpp-shape",), "sex": ("value-unknown",)}

    def test_a_number_is_judged_by_what_is_said_beside_it_in_one_form(self):
        assert gate.particulars({**SAID, "birth_date": "25.08.1991"}).warnings == {"unzr": ("unzr-birth-date",)}
        assert gate.particulars({"rnokpp": "3068208400", "sex": "чол."}).warnings == {"rnokpp": ("rnokpp-sex",)}

    def test_and_by_what_is_held(self):
        held = {"unzr": "19910824-00026", "birth_date": "1991-08-24", "sex": "female", "surname": "Вигадана"}
        assert gate.particulars({"birth_date": "1991-08-25"}, held).warnings == {"unzr": ("unzr-birth-date",)}
        assert gate.particulars({"rnokpp": "3652504575"}, held).warnings == {
            "rnokpp": ("rnokpp-birth-date", "rnokpp-sex")
        }

    def test_what_is_so_already_is_not_asked_again(self):
        held = {"unzr": "19910824-00025", "birth_date": "1991-08-24", "surname": "Пeтренко"}
        assert gate.particulars({"phone": "0000000017", "surname": "Пeтренко"}, held).warnings == {}
        assert gate.particulars({"birth_date": "1991-08-23"}, held).warnings == {"unzr": ("unzr-birth-date",)}

    @pytest.mark.parametrize(
        ("gated", "typed", "code"),
        [
            (gate.sex, "ч", "male"),
            (gate.sex, "ЖІН.", "female"),
            (gate.sex, "Ж/F", "female"),
            (gate.sex, "male", "male"),
            (gate.citizenship, "УКР", "ua"),
            (gate.citizenship, "громадянка України", "ua"),
            (gate.citizenship, "ОБГ", "stateless"),
            (gate.citizenship, "іноземець", "foreigner"),
        ],
    )
    def test_the_words_of_offices_are_codes(self, gated, typed, code):
        assert gated(typed) == Gated(code)
        assert gated("щигль").faults == ("value-unknown",)

    def test_a_document_is_of_its_kind(self):
        found = gate.document_fields({"kind": "passport_card", "number": "000 000 001", "issued_on": "1.2.2020"})
        assert found.value == {"kind": "passport_card", "number": "000000001", "issued_on": "2020-02-01"}
        assert gate.document_fields({"issued_on": "20200201"}).faults == {"issued_on": ("not-a-date",)}

    def test_the_table_of_bad_values_is_of_bad_values(self):
        assert len(set(EVERY)) > 100 and bad_values.MARK in bad_values.BROKEN["a bell"]
