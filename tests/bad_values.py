"""What offices, other programs and strangers put where a value is: one table, for every door.

`MARKED` are texts that begin and end with a word of their own, so that a test sees them in an answer or in the log;
`DAYS` and `INSTANTS` are no day and no moment, `PLACEHOLDERS` say that there is no value.
"""

from registry import gate

MARK = "Щигль"
"""A word that no answer and no log may repeat."""

BROKEN = {
    "a nought": f"{MARK}\x00{MARK}",
    "a bell": f"{MARK}\x07{MARK}",
    "an escape": f"{MARK}\x1b[31m{MARK}",
    "a file separator": f"{MARK}\x1c{MARK}",
    "delete": f"{MARK}\x7f{MARK}",
    "next line": f"{MARK}\x85{MARK}",
    "half of a character": f"{MARK}\ud800{MARK}",
    "the other half": f"{MARK}\udfff{MARK}",
    "turned to the left": f"{MARK}\u202e{MARK}",
    "turned and let go": f"\u2067{MARK}\u2069{MARK}",
    "no character": f"{MARK}\ufffe{MARK}",
    "no character of another plane": f"{MARK}\U0001ffff{MARK}",
    "a character of one's own": f"{MARK}\ue000{MARK}",
    "lost letters": f"{MARK}\ufffd{MARK}",
    "lost through cp1251": f"{MARK}п\u0457\u0405{MARK}",
    "read in another encoding": "Щигль".encode().decode("cp1251", "ignore") + "Щигль".encode().decode("cp1251"),
    "too long": MARK * (gate.LONGEST // len(MARK) + 1),
}
"""No text at all: refused in every field."""

FOLDED = {
    "blanks around": (f"  {MARK} \u00a0 {MARK}\u2003", f"{MARK} {MARK}"),
    "breaks and tabs": (f"{MARK}\r\n{MARK}\t{MARK}", f"{MARK} {MARK} {MARK}"),
    "no width": (f"{MARK}\u200b{MARK}", MARK + MARK),
    "a soft hyphen": (f"{MARK}\u00ad{MARK}", MARK + MARK),
    "the mark of a file's beginning": (f"\ufeff{MARK}", MARK),
    "a joiner where none is needed": (f"{MARK}\u200d{MARK}", MARK + MARK),
    "marks of direction": (f"{MARK}\u200e\u200f\u061c{MARK}", MARK + MARK),
    "a variation": (f"{MARK}\ufe0f{MARK}", MARK + MARK),
    "taken apart": (f"{MARK}ии\u0306і\u0308", f"{MARK}ийї"),
}
"""The same text as another: kept in its one form, in every field that takes text."""

APOSTROPHES = "'’ʼ`‘′´＇‛ʹʻʽˈ\"”“*″ꞌ"
"""What is typed between two Cyrillic letters for U+02BC."""

PLACEHOLDERS = (
    "-",
    "—",
    "–",
    "--",
    ".",
    "***",
    "немає",
    "НЕМАЄ",
    "н/д",
    "Н/Д",
    "не вказано",
    "відсутній",
    " - ",
    "n/a",
)

NOT_DAYS = (
    "20261129",
    "2026-1-1",
    "2026-01-1",
    "26-01-01",
    "01.01.26",
    "01/02/2020",
    "2020/02/01",
    "2020.02.01",
    "2026-W48-7",
    "2026W487",
    "2026-333",
    "2020-02-30",
    "30.02.2020",
    "2021-02-29",
    "1900-02-29",
    "2020-04-31",
    "2020-13-01",
    "2020-00-10",
    "2020-01-00",
    "00.00.1948",
    "2020-01-32",
    "13.2020",
    "2020-13",
    "0000-01-01",
    "0000",
    "10000-01-01",
    "10000",
    "01.01.10000",
    "-2020-01-01",
    "+2020-01-01",
    "2020-01-01Z",
    "2020-01-01T00:00",
    "01.01.2020 р.",
    "٢٠٢٠-٠١-٠١",
    "２０２０-０１-０１",
    "2020-01-0१",
    "завтра",
    "31 грудня 2020",
    "1e3",
)
FAR_DAYS = ("9999-12-31", "31.12.9999", "2200-01-01", "1799-12-31", "0001-01-01", "0014-01-01", "9999", "1799-12")
DAYS = NOT_DAYS + FAR_DAYS

INSTANTS = (
    *(one for one in DAYS if one != "2020-01-01T00:00"),
    "2024",
    "2024-06",
    "06.2024",
    "2024-06-01 12:00+0200",
    "2024-06-01T12:00+0200",
    "2024-06-01 12:00+02:00",
    "2024-06-01T12:00+02",
    "2024-06-01T12:00+02:00:00",
    "2024-06-01T12:00+15:00",
    "2024-06-01T12:00 02:00",
    "2024-06-01T12",
    "2024-06-01T1200",
    "20240601T120000Z",
    "2024-06-01T24:00",
    "2024-06-01T12:60",
    "2024-06-01T23:59:60",
    "2024-06-01T12:00:00,5",
    "2024-06-01T12:00:00.1234567",
    "2024-06-01t12:00",
    "2024-06-01T12:00z",
    "2024-06-01_12:00",
    "2024-06-01T12:00:00Z[Europe/Kyiv]",
    "01.06.2024T12:00",
    "01.06.2024 12:00Z",
    "2024-W22-6T12:00",
    "2024-153T12:00",
    "1717236000",
    "now",
    "9999-12-31T23:59-14:00",
    "0001-01-01T00:00+14:00",
)

LOOK_ALIKES = ("Пeтренко", "Петрeнкo", "0ксана", "Iван", "Ocтап", "Вигαдана")
"""Names with a letter of another script, or a digit, in a Ukrainian word."""

EVERY = (
    *BROKEN.values(),
    *(typed for typed, _ in FOLDED.values()),
    *PLACEHOLDERS,
    *("", " ", "\u200b", "\u00a0\u2003"),
    *DAYS,
    *LOOK_ALIKES,
    *(f"{MARK}{one}ян" for one in APOSTROPHES),
)
"""All of it: what is put into every field."""
