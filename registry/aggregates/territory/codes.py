"""What lies in what, by the codes of КАТОТТГ: `UA`, region 2, district 2, community 3, settlement 3, part of a city 2,
and five digits that only tell one object from another (domain 2.3)."""

from registry.gate import KATOTTG

_LEVELS = (4, 6, 9, 12, 14)
"""How long the beginning of a code is that says a region, a district, a community, a settlement, a part of a city."""


def covered(code: str) -> str:
    """How the codes begin of all that lies in a territory; a code of another shape covers itself alone."""
    if not KATOTTG.fullmatch(code):
        return code
    return next(code[:level] for level in _LEVELS if not code[level:14].strip("0"))


def around(code: str) -> list[str]:
    """The beginnings that cover a code, or the beginning of one: of its region, district, community, down to itself."""
    return list(dict.fromkeys(code[:level] for level in (*_LEVELS, len(code)) if level <= len(code)))
