"""Days and moments, as people write them and as the register keeps them (semantics 4, 5)."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from registry.gated import Gated, number_text, refused

YEARS = range(1800, 2200)
"""What a day may lie in: the law counts from it; what is beyond is mistyped."""
_ISO_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_TYPED_DAY = re.compile(r"(?:(?:([0-9]{1,2})\.)?([0-9]{1,2})\.)?([0-9]{4})")
_CLOCK = r"(?P<clock>(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?)"
_ISO_MOMENT = re.compile(
    rf"(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:T{_CLOCK}(?P<offset>Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?)"
)
_LOCAL_MOMENT = re.compile(
    rf"(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{4}}) {_CLOCK}"
)


@lru_cache(maxsize=20_000)
def day(text: str | None) -> Gated:
    """A date as written: `РРРР-ММ-ДД` or `ДД.ММ.РРРР`, `РРРР-ММ` or `ММ.РРРР`, `РРРР`, and nothing else → ISO.
    `not-a-date`, also for 30 February; `far-day` beyond `YEARS`."""
    return _day(text, lambda iso: refused("not-a-date"))


@lru_cache(maxsize=20_000)
def day_of_paper(text: str | None) -> Gated:
    """The same of old papers, which say 30 February: the month is certain, and `day-not-in-calendar` warns of it."""
    return _day(text, lambda iso: Gated(iso[:7], warnings=("day-not-in-calendar",)))


def _day(text: str | None, beyond: Callable[[str], Gated]) -> Gated:
    # What is written so already needs no other look.
    said = Gated(text) if text and _ISO_DAY.fullmatch(text) else number_text(text)
    if said.value is None:
        return said
    if found := _ISO_DAY.fullmatch(said.value):
        year, month, day_ = found.groups()
    elif found := _TYPED_DAY.fullmatch(said.value):
        day_, month, year = found.groups()
    else:
        return refused("not-a-date")
    parts = [int(part) for part in (year, month, day_) if part]
    iso = "-".join(f"{part:02}" if place else f"{part:04}" for place, part in enumerate(parts))
    if not (all(parts) and (len(parts) < 2 or parts[1] <= 12) and (len(parts) < 3 or parts[2] <= 31)):
        return refused("not-a-date")
    if parts[0] not in YEARS:
        return refused("far-day")
    try:
        date(*parts, *(1,) * (3 - len(parts)))
    except ValueError:
        return beyond(iso)
    return Gated(iso)


def whole_day(text: str | None) -> Gated:
    """A day with nothing unknown, as `day`: `not-a-day` for anything else."""
    said = day(text)
    if "far-day" in said.faults or (said.value is None and not said.faults):
        return said
    return said if said.value and len(said.value) == 10 else refused("not-a-day")


def instant(text: str | None) -> Gated:
    """A day, or a moment: `РРРР-ММ-ДДTГГ:ХХ[:СС[.дробове]]` with `Z` or `±ГГ:ХХ` if it is not the time of Kyiv; of
    Kyiv also with a blank for the T, and `ДД.ММ.РРРР ГГ:ХХ`. Nothing else: `not-an-instant`, `far-day`. → ISO."""
    said = number_text(text)
    if said.value is None:
        return said
    found = _ISO_MOMENT.fullmatch(said.value) or _LOCAL_MOMENT.fullmatch(said.value)
    of_day = whole_day(found["day"] if found else said.value)
    if of_day.value is None:
        return of_day if "far-day" in of_day.faults else refused("not-an-instant")
    offset = found.groupdict().get("offset") or "" if found else ""
    return Gated(f"{of_day.value}T{found['clock']}{offset}" if found else of_day.value)


def is_beyond(text: str) -> bool:
    """Whether what is a `far-day` is one of years to come."""
    years = [int(year) for year in re.findall(r"[0-9]{4}", text)[:1]]
    return bool(years) and years[0] >= YEARS.stop


def local_moment(text: str | None) -> Gated:
    """A moment by the clock of Kyiv, as `instant` without an offset: `not-a-moment` for anything else."""
    said = instant(text)
    if said.value is None:
        return said if "far-day" in said.faults or not said.faults else refused("not-a-moment")
    is_local = len(said.value) > 10 and datetime.fromisoformat(said.value).tzinfo is None
    return said if is_local else refused("not-a-moment")
