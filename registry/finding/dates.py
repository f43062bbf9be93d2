"""Dates of birth in a search line, however they are written, as the beginnings of ISO dates without hyphens."""

import re
from collections.abc import Iterator

from registry import ukrainian
from registry.finding.lexemes import WORDS

FIRST, LAST = 1880, 2100
"""Years that may be one of birth: any other number of four digits is a number."""
MONTHS = {spelled: number for number, all_ in enumerate(WORDS["months"], 1) for spelled in all_.split()}
YEAR = frozenset(WORDS["year"].split())
"""What is written behind a year and says nothing."""
BORN: str = WORDS["born"]
"""The shortened words for a year of birth, without the dots."""

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ALL = (
    r"(?P<d>[0-9]{1,2})\s?[./-]\s?(?P<m>[0-9]{1,2})\s?[./-]\s?(?P<y>[0-9]{4})",
    r"(?P<d>[0-9]{1,2}) (?P<m>[0-9]{1,2}) (?P<y>[0-9]{4})",
    r"(?P<d>[0-9]{1,2})[./](?P<m>[0-9]{1,2})[./](?P<y>[0-9]{2})",
    r"(?P<y>[0-9]{4})[./-](?P<m>[0-9]{1,2})[./-](?P<d>[0-9]{1,2})",
    r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})",
    r"(?P<m>[0-9]{1,2})[./-](?P<y>[0-9]{4})",
    rf"(?P<d>[0-9]{{1,2}})[\s.-]*(?P<name>{_MONTH})[\s.,-]*(?P<y>[0-9]{{4}})",
    rf"(?P<name>{_MONTH})[\s.,-]*(?P<y>[0-9]{{4}})",
    r"(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})",
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    r"(?P<y>[0-9]{4})",
)
_FORMS = tuple(re.compile(one, re.IGNORECASE) for one in _ALL)
SHAPE = "|".join(re.sub(r"\?P<\w+>", "?:", one) for one in _ALL)
"""What may be a date, as a part of a pattern; `read` says whether it is one."""


def read(text: str) -> tuple[str, ...]:
    """The dates that a text means, every reading of it: '14.08.1991' → ('19910814',), 'серпень 1991' → ('199108',),
    '1.2.03' → ('19030201', '20030201'); none for what is no date."""
    return tuple(dict.fromkeys(found for form in _FORMS if (said := form.fullmatch(text)) for found in _dates(said)))


def _dates(said: re.Match[str]) -> Iterator[str]:
    parts = said.groupdict()
    named = MONTHS.get((parts.get("name") or "").casefold())
    month = f"{named:02}" if named else (parts.get("m") or "").zfill(2) if parts.get("m") else ""
    day = (parts.get("d") or "").zfill(2) if parts.get("d") else ""
    years = [parts["y"]] if len(parts["y"]) == 4 else [f"19{parts['y']}", f"20{parts['y']}"]
    for year in years:
        whole = f"{year}-{month or '01'}-{day or '01'}"
        if FIRST <= int(year) <= LAST and ukrainian.is_day(whole):
            yield f"{year}{month}{day}"


def coarser(birth: str) -> tuple[str, ...]:
    """Births known less exactly, which may be this one: '19910814' → ('1991', '199108')."""
    return tuple(birth[:length] for length in (4, 6) if length < len(birth))
