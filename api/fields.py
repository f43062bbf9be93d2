"""The kinds of text that a request may hold: the only place that trusts nobody.

Text is stripped, its runs of blanks made one, composed (NFC), at most 500 characters, without controls. Dates may also
be typed as people write them: 04.05.2008, 05.2008.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, StrictBool, WithJsonSchema
from pydantic_core import PydanticCustomError

from registry import ukrainian
from registry.aggregates import values
from registry.texts import TEXTS

LONGEST = 500
MOST = 500
"""Of anything that is counted or listed in an application."""
YEARS = range(1800, 2200)
"""What a whole day may lie in: the law counts days and months from it."""
_TYPED_DAY = re.compile(r"(?:(?:(\d{1,2})\.)?(\d{1,2})\.)?(\d{4})", re.ASCII)
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNZR = re.compile(r"[0-9]{8}-[0-9]{5}")
_RNOKPP = re.compile(r"[0-9]{10}")
_KATOTTG = re.compile(r"UA[0-9]{17}")


def refuse(code: str) -> PydanticCustomError:
    """A refusal by one of the register's own codes: its text is in `texts.toml` under [faults], or in `INPUT`."""
    return PydanticCustomError(code, "refused")


def printable(text: str) -> str:
    """The text in one composed line. Refuses controls, halves of characters and marks that turn the direction."""
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in text.strip()) or _DIRECTIONS.search(text):
        raise refuse("text-broken")
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if len(line) > LONGEST:
        raise refuse("text-too-long")
    return line


def as_stored(text: str) -> str:
    """A name as the register keeps it: one apostrophe, whichever key it was typed with."""
    return ukrainian.normalise_apostrophe(printable(text))


def as_written(text: str) -> str:
    """A date as typed → as stored: 04.05.2008 → 2008-05-04, 05.2008 → 2008-05; anything else unchanged."""
    typed = _TYPED_DAY.fullmatch(printable(text))
    return "-".join(part.zfill(2) for part in reversed(typed.groups()) if part) if typed else printable(text)


def as_instant(text: str) -> str:
    """An instant as typed → ISO: 01.06.2024 12:30 → 2024-06-01T12:30; a day alone, or anything else, like a date."""
    day, _, clock = printable(text).partition(" ")
    return f"{as_written(day)}T{clock}" if clock else as_written(day)


def _real_day(text: str) -> str:
    try:
        values.days(text)
    except values.NotADate:
        raise refuse("not-a-date") from None
    return text


def _whole_day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise refuse("not-a-day") from None
    if day.isoformat() != text:
        raise refuse("not-a-day")
    if day.year not in YEARS:
        raise refuse("far-day")
    return text


def _local_moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refuse("not-a-moment") from None
    if moment.tzinfo or text[10:11] != "T":
        raise refuse("not-a-moment")
    _whole_day(text[:10])
    return text


def _days_by_id(said: Any) -> dict[str, str]:
    # As one value: a fault inside would name its place by the key, which somebody typed.
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        raise refuse("not-days-by-id")
    if len(said) > MOST:
        raise refuse("not-days-by-id")
    return {printable(name): _whole_day(as_written(text)) for name, text in said.items()}


def _shaped(pattern: re.Pattern[str], code: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise refuse(code)
        return text

    return AfterValidator(check)


def _one_of(*groups: str, code: str = "value-unknown") -> AfterValidator:
    known = {value for group in groups for value in TEXTS[group]}

    def check(text: str) -> str:
        if text not in known:
            raise refuse(code)
        return text

    return AfterValidator(check)


Line = Annotated[str, AfterValidator(printable)]
Text = Line | None
Name = Annotated[str, AfterValidator(as_stored)] | None
Day = Annotated[str, AfterValidator(as_written)] | None
Instant = Annotated[str, AfterValidator(as_instant)] | None
KnownDay = Annotated[str, AfterValidator(as_written), AfterValidator(_real_day)] | None
Sex = Annotated[Line, _one_of("sex")] | None
Citizenship = Annotated[Line, _one_of("citizenship")] | None
Kind = Annotated[Line, _one_of("kinds", code="kind-unknown")]
Unzr = Annotated[Line, _shaped(_UNZR, "unzr-shape")] | None
Rnokpp = Annotated[Line, _shaped(_RNOKPP, "rnokpp-shape")] | None
SHAPED_KATOTTG = _shaped(_KATOTTG, "katottg-shape")
Katottg = Annotated[Line, SHAPED_KATOTTG] | None
Confirmed = StrictBool
"""«Yes, just so»: the answer to the problem `confirmation-needed`."""
WholeDay = Annotated[
    str,
    AfterValidator(as_written),
    AfterValidator(_whole_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]
LocalMoment = Annotated[
    str,
    AfterValidator(as_instant),
    AfterValidator(_local_moment),
    WithJsonSchema({"type": "string", "examples": ["2025-03-11T09:40"]}),
]
DaysById = Annotated[
    Any,
    AfterValidator(_days_by_id),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "string", "format": "date"}}),
]
