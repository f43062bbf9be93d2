"""What other departments of the municipality are answered on their official requests (R-154 to R-156), and no more.

By 17-07, 17-39 and 17-46: who is registered in the dwelling of whoever applies to them, with names and dates. The
applicant has to be registered there, or nothing is told but that they are not: a department asks for those who come to
it, not about addresses. By 71-42: whether a member of the family is registered in this community, and with the person
with a disability; if not, they bring the document themselves.

Registered is the place of residence, declared, registered or kept by the list of territories: these cards speak of no
stays. The answer is of today, because the request is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from registry import located, twice
from registry.aggregates.dwelling.events import Address
from registry.aggregates.dwelling.state import in_this_community
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Fault, Impossible
from registry.app import Registry
from registry.viewer import Viewer, insist

RESIDENCE = ("declared", "registered")
"""The kinds that are a place of residence."""
_NEW = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """Somebody who is registered in the dwelling, no day more exact than it is known; `certain`, whatever the unknown
    parts of the days are."""

    surname: str | None
    given_names: str | None
    patronymic: str | None
    birth_date: str | None
    since: date | None
    since_known: str
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDwelling:
    """`residents` in the order of names, without the `hidden`; none unless the applicant is `registered` there.
    `people` are those of whom the answer tells anything."""

    dwelling: UUID
    registered: bool
    residents: tuple[Resident, ...] = ()
    hidden: int = 0
    people: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMember:
    """Whether the member is `registered` in this community, the applicant too, and both in one dwelling."""

    registered: bool
    applicant_registered: bool
    together: bool
    people: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Households:
    """The answers of a register on a day, as known at a position; `within` is the beginning of this community's codes,
    `seen_by` whom an answer may tell of."""

    registry: Registry
    today: date
    position: int
    within: str
    seen_by: Viewer = field(repr=False)

    def of_dwelling(self, address: Address, applicant: Particulars) -> OfDwelling:
        """Who is registered at an address, for an applicant who is. Raises `Impossible` where the address is not found
        or says too little."""
        home = located.located(self.registry, address, today=self.today, position=self.position, within=self.within)
        rows = self._registered_in(home)
        asking = set(self._called(applicant))
        if asking.isdisjoint(row["person"] for row in rows):
            return OfDwelling(dwelling=home, registered=False, people=tuple(sorted(asking)))
        seen = [row for row in rows if self.seen_by.sees(row["person"])]
        people = tuple(dict.fromkeys(row["person"] for row in rows))
        residents = tuple(self._resident(row) for row in seen)
        return OfDwelling(
            dwelling=home, registered=True, residents=residents, hidden=len(rows) - len(seen), people=people
        )

    def of_member(self, applicant: Particulars, member: Particulars) -> OfMember:
        """Whether a member of the applicant's family is registered here. Raises `Impossible` where several people of
        the register may be meant."""
        asked = {"applicant": applicant, "member": member}
        homes = {name: self._homes_of(self._called(said, by_birth=True)) for name, said in asked.items()}
        faults = [Fault("named-ambiguous", name) for name, found in homes.items() if len(found) > 1]
        if faults:
            raise Impossible(faults)
        theirs, there = ({home for of_one in homes[name].values() for home in of_one} for name in asked)
        return OfMember(
            registered=bool(there),
            applicant_registered=bool(theirs),
            together=not theirs.isdisjoint(there),
            people=tuple(dict.fromkeys(person for found in homes.values() for person in found)),
        )

    def named(self, said: Particulars) -> list[UUID]:
        """Who of the register may be somebody whom a request names, whether or not they may be told of."""
        return self._who(said, by_birth=False)

    def _called(self, said: Particulars, *, by_birth: bool = False) -> list[UUID]:
        """The same. Raises `Hidden` where one of them is."""
        found = self._who(said, by_birth=by_birth)
        insist(self.seen_by, *found)
        return found

    def _who(self, said: Particulars, *, by_birth: bool) -> list[UUID]:
        """Who of the register may be somebody: by names, former ones too, and by the day of birth; of the patronymic
        and УНЗР nothing differs. Of whom no birth is recorded, the whole name tells; `by_birth`: not of those."""
        newcomer = twice.Entering(id=_NEW, particulars=said)
        with self.registry.datastore.get_connection() as connection:
            alike = twice.alike(connection, newcomer, self.position)
        return [
            one.person
            for one in alike
            if (one.by_names or (not by_birth and one.agrees["names"] == "same"))
            and "differs" not in (one.agrees["patronymic"], one.agrees["unzr"])
        ]

    def _homes_of(self, people: Iterable[UUID]) -> dict[UUID, set[UUID]]:
        """Those of these people who are registered in this community, with the dwellings where they are."""
        found: dict[UUID, set[UUID]] = {}
        rows = self.registry.query(
            "residences", "of_people_on", people=list(people), position=self.position, on=self.today
        )
        for row in rows:
            home = self.registry.dwelling(row["dwelling"])
            if row["kind"] in RESIDENCE and in_this_community(home, self.within):
                found.setdefault(row["person"], set()).add(row["dwelling"])
        return found

    def _registered_in(self, dwelling: UUID) -> list[dict[str, Any]]:
        rows = self.registry.query(
            "residences", "registered_in_dwelling", dwelling=dwelling, position=self.position, on=self.today
        )
        # Somebody may be there by an address that is kept, and be registered there anew.
        return list({row["person"]: row for row in reversed(rows) if row["kind"] in RESIDENCE}.values())[::-1]

    def _resident(self, row: dict[str, Any]) -> Resident:
        begins, ends = row["certain_since"], row["certain_until"]
        return Resident(
            **{name: row[name] for name in ("surname", "given_names", "patronymic", "birth_date")},
            since=row["since"],
            since_known=row["since_known"],
            certain=begins <= self.today and (ends is None or self.today < ends),
        )
