"""Ukrainian text rules by example; the alphabet, idempotence and query parsing also by property."""

import re
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ukrainian import (
    ALPHABET,
    format_day,
    normalise,
    normalise_apostrophe,
    plural,
    query_variants,
    rnokpp_faults,
    search_text,
    sort_key,
    suspicious_letters,
    transliterate,
    unzr_faults,
)

APOSTROPHES = "'’ʼ`‘′"
UKRAINIAN_WORDS = st.text(alphabet=ALPHABET + ALPHABET.upper())


def in_strict_order(words):
    keys = [sort_key(word) for word in words]
    return keys == sorted(set(keys))


class TestSortKey:
    def test_surnames_stand_in_ukrainian_order(self):
        names = ["Абрам", "Гава", "Ґава", "Євтух", "Жук", "Иван", "Іваненко", "Їжак", "Йосипенко"]
        names += ["Щука", "Щур", "Юрко", "Яценко"]
        assert in_strict_order(names)

    def test_soft_sign_stands_between_shch_and_yu(self):
        assert sort_key("щ") < sort_key("ь") < sort_key("ю") < sort_key("я")

    @given(UKRAINIAN_WORDS, UKRAINIAN_WORDS)
    def test_agrees_with_comparing_places_in_the_alphabet(self, one, other):
        def places(word):
            return [ALPHABET.index(letter) for letter in word.lower()]

        assert (sort_key(one) < sort_key(other)) == (places(one) < places(other))
        assert (sort_key(one) == sort_key(other)) == (places(one) == places(other))

    @given(st.lists(UKRAINIAN_WORDS, min_size=3, max_size=3), st.lists(UKRAINIAN_WORDS, min_size=3, max_size=3))
    def test_compares_part_by_part(self, one, other):
        def keys(parts):
            return [sort_key(part) for part in parts]

        assert (sort_key(*one) < sort_key(*other)) == (keys(one) < keys(other))

    @given(st.lists(st.none() | st.text(), max_size=4))
    def test_is_printable_ascii_without_like_wildcards(self, parts):
        assert re.fullmatch(r"[!\-0-9A-Za-z]*", sort_key(*parts))

    @given(UKRAINIAN_WORDS, UKRAINIAN_WORDS)
    def test_the_key_of_a_beginning_is_the_beginning_of_the_key(self, start, rest):
        assert sort_key(start + rest, "Іван").startswith(sort_key(start))

    def test_a_shorter_surname_comes_first_whatever_follows(self):
        assert sort_key("Коваль", "Яна") < sort_key("Ковальов", "Адам")

    def test_absent_parts_come_first(self):
        assert sort_key("Коваль", None, "Яна") == sort_key("Коваль", "", "Яна") < sort_key("Коваль", "Адам", None)

    @pytest.mark.parametrize("apostrophe", APOSTROPHES)
    def test_case_and_apostrophes_do_not_count(self, apostrophe):
        assert sort_key(f"Мар{apostrophe}яненко") == sort_key("МАРЯНЕНКО")

    def test_spaces_and_hyphens_come_before_letters(self):
        assert sort_key("Нечуй") < sort_key("Нечуй-Яр") < sort_key("Нечуйвітер")
        assert sort_key("Нечуй-Яр") == sort_key(" Нечуй  Яр ") == sort_key("Нечуй – Яр")

    def test_russian_letters_stand_with_their_nearest_ukrainian_ones(self):
        assert sort_key("ёыэъ") == sort_key("еиеь")

    def test_house_numbers_compare_by_value_and_before_letters(self):
        houses = ["2", "2-А", "2А", "2Б", "10", "10А", "100", "А2"]
        assert in_strict_order(houses)
        assert sort_key("007") == sort_key("7")

    def test_latin_comes_after_ukrainian_and_the_rest_after_latin(self):
        names = ["Яценко", "Adams", "Muller", "Óscar", "Zola", "Ωνάσης", "漢"]
        assert in_strict_order(names)
        assert sort_key("Müller") == sort_key("Muller")

    def test_a_latin_look_alike_does_not_send_a_name_to_the_end(self):
        assert sort_key("\u0049ваненко") == sort_key("Іваненко")

    def test_decomposed_input_sorts_alike(self):
        assert sort_key(unicodedata.normalize("NFD", "Їжак Йосип")) == sort_key("Їжак Йосип")


class TestNormalise:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("ПЕТРЕНКО", "петренко"),
            ("Ґалаґан-Їжакевич", "ґалаґан їжакевич"),
            ("  Єва,   Йосипівна. ", "єва йосипівна"),
            ("вул. Лесі Українки, 12/1", "вул лесі українки 12 1"),
            ("José Łukasz Strauß", "jose lukasz strauss"),
            ("Ærø Đorđe Ýmir", "aero dorde ymir"),
            ("snake_case", "snake case"),
            ("ко\u0301валь", "коваль"),
            ("ﬁ ２", "fi 2"),
            ("", ""),
            (" -.,'", ""),
        ],
    )
    def test_by_example(self, text, expected):
        assert normalise(text) == expected

    @pytest.mark.parametrize("apostrophe", APOSTROPHES)
    def test_every_apostrophe_is_dropped(self, apostrophe):
        assert normalise(f"Знам{apostrophe}янка О{apostrophe}Коннор") == "знамянка оконнор"

    def test_decomposed_input(self):
        assert normalise(unicodedata.normalize("NFD", "Їжак Йосип Ґава José")) == "їжак йосип ґава jose"

    @pytest.mark.parametrize(
        ("mixed", "expected"),
        [
            ("П\u0065тр\u0065нк\u006f", "петренко"),
            ("\u0043идор\u0065нко", "сидоренко"),
            ("ЩЕР\u0042А\u0048\u0059", "щервану"),
            ("щ\u0062", "щь"),
            ("\u0048\u0041\u0054А\u0058І\u0050", "натахір"),
            ("\u00cfжак", "їжак"),
            ("Ж\u00e9ня", "женя"),
            ("знам'\u0061нка", "знаманка"),
        ],
    )
    def test_latin_look_alikes_in_a_cyrillic_word_become_cyrillic(self, mixed, expected):
        assert normalise(mixed) == expected

    def test_latin_words_beside_cyrillic_ones_stay_latin(self):
        assert normalise("Anna Петренко-Copa") == "anna петренко copa"

    @given(st.text())
    def test_is_idempotent(self, text):
        assert normalise(normalise(text)) == normalise(text)

    def test_is_idempotent_for_every_european_character(self):
        for point in range(0x3000):
            once = normalise(f"x{chr(point)} ж{chr(point)}")
            assert normalise(once) == once, hex(point)


class TestSuspiciousLetters:
    def test_names_the_latin_letters_once_each(self):
        assert suspicious_letters("П\u0065тр\u0065нк\u006f \u0049ван") == ("e", "o", "I")

    def test_an_apostrophe_does_not_divide_the_word(self):
        assert suspicious_letters("Знам'янк\u0061") == ("a",)

    @pytest.mark.parametrize("text", ["Петренко Іван", "Peter", "Anna Петренко", "II-БК 123456", ""])
    def test_clean_text(self, text):
        assert suspicious_letters(text) == ()


class TestNormaliseApostrophe:
    @pytest.mark.parametrize("apostrophe", APOSTROPHES)
    def test_between_letters(self, apostrophe):
        assert normalise_apostrophe(f"Знам{apostrophe}янка") == "Знамʼянка"

    @pytest.mark.parametrize("text", ["вул. 'Вишнева'", "5'", "`код`", "Шевченко", "’", ""])
    def test_quotes_and_the_rest_are_unchanged(self, text):
        assert normalise_apostrophe(text) == text


OFFICIAL_EXAMPLES = """
Алушта Alushta, Андрій Andrii, Борщагівка Borshchahivka, Борисенко Borysenko, Вінниця Vinnytsia,
Володимир Volodymyr, Гадяч Hadiach, Богдан Bohdan, Згурський Zghurskyi, Ґалаґан Galagan, Ґорґани Gorgany,
Донецьк Donetsk, Дмитро Dmytro, Рівне Rivne, Олег Oleh, Есмань Esman, Єнакієве Yenakiieve, Гаєвич Haievych,
Короп'є Koropie, Житомир Zhytomyr, Жанна Zhanna, Жежелів Zhezheliv, Закарпаття Zakarpattia,
Казимирчук Kazymyrchuk, Медвин Medvyn, Михайленко Mykhailenko, Іванків Ivankiv, Іващенко Ivashchenko,
Їжакевич Yizhakevych, Кадиївка Kadyivka, Мар'їне Marine, Йосипівка Yosypivka, Стрий Stryi, Олексій Oleksii,
Київ Kyiv, Коваленко Kovalenko, Лебедин Lebedyn, Леонід Leonid, Миколаїв Mykolaiv, Маринич Marynych,
Ніжин Nizhyn, Наталія Nataliia, Одеса Odesa, Онищенко Onyshchenko, Полтава Poltava, Петро Petro,
Решетилівка Reshetylivka, Рибчинський Rybchynskyi, Суми Sumy, Соломія Solomiia, Тернопіль Ternopil, Троць Trots,
Ужгород Uzhhorod, Уляна Uliana, Фастів Fastiv, Філіпчук Filipchuk, Харків Kharkiv, Христина Khrystyna,
Церква Tserkva, Стеценко Stetsenko, Чернівці Chernivtsi, Шевченко Shevchenko, Шостка Shostka,
Кишеньки Kyshenky, Щербухи Shcherbukhy, Гоща Hoshcha, Гаращенко Harashchenko, Юрій Yurii, Корюківка Koriukivka,
Яготин Yahotyn, Ярошенко Yaroshenko, Костянтин Kostiantyn, Знам'янка Znamianka, Феодосія Feodosiia, Розгон Rozghon
"""


class TestTransliterate:
    @pytest.mark.parametrize("example", OFFICIAL_EXAMPLES.replace("\n", " ").strip().split(", "))
    def test_official_examples_and_others(self, example):
        ukrainian, latin = example.split()
        assert transliterate(ukrainian) == latin
        assert transliterate(ukrainian.lower()) == latin.lower()
        assert transliterate(ukrainian.upper()) == latin.upper()
        assert transliterate(unicodedata.normalize("NFD", ukrainian)) == latin

    @pytest.mark.parametrize("apostrophe", APOSTROPHES)
    def test_no_word_starts_after_an_apostrophe(self, apostrophe):
        assert transliterate(f"Короп{apostrophe}є") == "Koropie"

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Нечуй-Яворівський Юрко", "Nechui-Yavorivskyi Yurko"),
            ("«Єва», 'Яна'", "«Yeva», 'Yana'"),
            ("Ю. Щ. Шульга", "Yu. Shch. Shulha"),
            ("О'Brien, 12/1", "O'Brien, 12/1"),
            ("Алексе\u0301ева Рыжий объезд", "Alekseeva Ryzhyi obezd"),
            ("за\u0301яць", "zaiats"),
            ("", ""),
        ],
    )
    def test_word_starts_capitals_and_foreign_text(self, text, expected):
        assert transliterate(text) == expected


class TestSearchText:
    def test_holds_both_spellings_between_spaces(self):
        assert search_text("Петренко", "Ія") == " петренко petrenko ія iia "

    def test_parts_of_a_name_stay_together(self):
        assert " нечуй левицький " in search_text("Іван", "Нечуй-Левицький")
        assert " nechui levytskyi " in search_text("Іван", "Нечуй-Левицький")

    def test_duplicates_and_absent_words_are_dropped(self):
        assert search_text("Яна", None, "ЯНА", "", "-", "Smith", "smith") == " яна yana smith "

    def test_look_alikes_are_repaired_before_transliteration(self):
        assert search_text("\u0043идоренко") == " сидоренко sydorenko "

    @pytest.mark.parametrize("words", [(), (None,), ("", " - ")])
    def test_nothing(self, words):
        assert search_text(*words) == ""

    @given(st.lists(st.text()))
    def test_every_word_can_be_found_by_itself(self, words):
        haystack = search_text(*words)
        for word in words:
            assert f" {normalise(word)} " in haystack or not normalise(word)


class TestQueryVariants:
    @pytest.mark.parametrize(
        ("token", "variant"),
        [
            ("gtnhtyrj", "петренко"),
            ("GTNHTYRJ", "петренко"),
            ("];fr", "їжак"),
            ("}:FR", "їжак"),
            ("'dutysz", "євгенія"),
            ("[ehnjdbyf", "хуртовина"),
            (",jqxer", "бойчук"),
            (".hrj", "юрко"),
            ("pyfv`zyrf", "знамянка"),
            ("\\fdf", "ґава"),
            ("ytxeq-ktdbwmrbq", "нечуй левицький"),
            ("gtnhtyrj,", "петренко"),
        ],
    )
    def test_latin_typed_instead_of_cyrillic(self, token, variant):
        assert variant in query_variants(token)

    @pytest.mark.parametrize(
        ("token", "variant"),
        [("мфт", "van"), ("ІЬШЕР", "smith"), ("щєикшут", "obrien"), ("вфм\u0438-ш", "davb i"), ("дш", "li")],
    )
    def test_cyrillic_typed_instead_of_latin(self, token, variant):
        assert variant in query_variants(token)

    def test_latin_look_alikes(self):
        assert "сора" in query_variants("\u0043\u004f\u0050\u0041")
        assert "12а" in query_variants("12\u0041")
        assert "ретер" not in query_variants("Peter")

    def test_the_word_as_typed_comes_first(self):
        assert query_variants("Petrenko") == ("petrenko", "зуекутлщ")
        assert query_variants("Петренко") == ("петренко", "gtnhtyrj")

    @pytest.mark.parametrize(("token", "variants"), [("ж", ("ж",)), ("b", ("b", "ь")), ("їжак", ("їжак",)), ("-", ())])
    def test_variants_that_would_match_nearly_everyone_are_left_out(self, token, variants):
        assert query_variants(token) == variants

    def test_transliterated_latin_finds_the_haystack(self):
        assert any(variant in search_text("Петренко") for variant in query_variants("petrenko"))

    @given(st.text())
    def test_variants_are_distinct_normalised_and_not_empty(self, token):
        variants = query_variants(token)
        assert len(set(variants)) == len(variants)
        assert all(variant and normalise(variant) == variant for variant in variants)


class TestUnzr:
    @pytest.mark.parametrize("birth_date", ["1991-08-24", "1991-08", "1991", None])
    def test_specimen(self, birth_date):
        assert unzr_faults("19910824-00026", birth_date) == ()

    @pytest.mark.parametrize(
        "unzr",
        [
            "1991082400026",
            "19910824 00026",
            " 19910824-00026",
            "19910824-0002",
            "19910824-000266",
            "19910824-00002",
            "",
            "19910824-00026\n",
            "١٩٩١٠٨٢٤-٠٠٠٢٦",
        ],
    )
    def test_shape(self, unzr):
        assert unzr_faults(unzr, "1991-08-24") == ("unzr-shape",)

    def test_check_digit(self):
        assert unzr_faults("19910824-00025", "1991-08-24") == ("unzr-check-digit",)

    @pytest.mark.parametrize("birth_date", ["1991-08-25", "1991-09", "1990"])
    def test_birth_date(self, birth_date):
        assert unzr_faults("19910824-00026", birth_date) == ("unzr-birth-date",)
        assert unzr_faults("19910824-00025", birth_date) == ("unzr-check-digit", "unzr-birth-date")

    def test_no_such_day(self):
        assert "unzr-birth-date" in unzr_faults("19911324-00026", None)


class TestRnokpp:
    @pytest.mark.parametrize(
        ("rnokpp", "birth_date", "sex"),
        [
            ("1759013776", "1948-02-28", "male"),
            ("1759013776", "1948-02", None),
            ("1759013776", "1948", None),
            ("3652504575", "2000-01-01", "male"),
            ("3068208400", None, "female"),
            ("3068208400", None, "unknown"),
        ],
    )
    def test_valid(self, rnokpp, birth_date, sex):
        assert rnokpp_faults(rnokpp, birth_date, sex) == ()

    @pytest.mark.parametrize("rnokpp", ["175901377", "17590137766", "17590 13776", "175901377x", "", "1759013776\n"])
    def test_shape(self, rnokpp):
        assert rnokpp_faults(rnokpp, "1948-02-28", "male") == ("rnokpp-shape",)

    def test_check_digit(self):
        assert rnokpp_faults("1759013770", "1948-02-28", "male") == ("rnokpp-check-digit",)

    @pytest.mark.parametrize("birth_date", ["1948-02-29", "1948-03", "1949"])
    def test_birth_date(self, birth_date):
        assert rnokpp_faults("1759013776", birth_date, None) == ("rnokpp-birth-date",)

    def test_sex(self):
        assert rnokpp_faults("1759013776", None, "female") == ("rnokpp-sex",)
        assert rnokpp_faults("3068208400", None, "male") == ("rnokpp-sex",)

    @given(st.integers(0, 99999))
    def test_every_day_count_is_a_birth_date(self, days):
        born = (date(1899, 12, 31) + timedelta(days)).isoformat()
        assert "rnokpp-birth-date" not in rnokpp_faults(f"{days:05}00000", born, None)


@pytest.mark.parametrize(("iso", "shown"), [("2008-05-04", "04.05.2008"), ("2008-05", "05.2008"), ("2008", "2008")])
def test_format_day(iso, shown):
    assert format_day(iso) == shown


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("особа", (1, 21, 101, 1001)),
        ("особи", (2, 3, 4, 22, 34, 102)),
        ("осіб", (0, 5, 9, 10, 11, 12, 13, 14, 19, 20, 25, 111, 112, 214)),
    ],
)
def test_plural(form, numbers):
    assert {plural(number, "особа", "особи", "осіб") for number in numbers} == {form}
