"""The register as it stands, or as it stood at a position: people, dwellings and cases, each stream read once.

An answer that was given once is made again from here, and is the same: nothing after the position is seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from registry import listing
from registry.aggregates.case import kin
from registry.aggregates.case import state as case_state
from registry.aggregates.case.events import Concerned, Part
from registry.aggregates.case.kept import kept_by
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import state as person_state
from registry.aggregates.person.events import Particulars
from registry.aggregates.person.links import ancestors
from registry.aggregates.person.state import Person
from registry.aggregates.territory.listing import Listing, Sought
from registry.aggregates.values import Entry
from registry.app import Registry
from registry.twice import Entering, alike

_NOBODY = UUID(int=0)


class AsOf:
    """What is asked for is read from the log, and kept; `position` None is what was committed when it was read."""

    def __init__(self, registry: Registry, position: int | None = None) -> None:
        self.registry, self.position = registry, position
        self._entries: dict[UUID, list[Entry]] = {}
        self._people: dict[UUID, Person] = {}
        self._dwellings: dict[UUID, Dwelling] = {}

    def read(self, streams: Iterable[UUID]) -> None:
        """Reads those streams at once that were not read yet."""
        new = [stream for stream in dict.fromkeys(streams) if stream not in self._entries]
        if not new:
            return
        found = self.registry.of_streams(new)
        for stream in new:
            last = self.position
            self._entries[stream] = [entry for entry in found.get(stream, ()) if last is None or entry.position <= last]

    def entries(self, id: UUID) -> list[Entry]:
        """The entries of a stream in the order of versions."""
        self.read([id])
        return self._entries[id]

    def person(self, id: UUID) -> Person:
        """The person of a stream, with what the list of territories ends of theirs; `NOBODY` if there is none."""
        if id not in self._people:
            person = person_state.fold(self.entries(id))
            self._people[id] = listing.as_listed(self.registry, person, self.position, home=self.dwelling)
        return self._people[id]

    def dwelling(self, id: UUID) -> Dwelling:
        """The dwelling of a stream; `NOWHERE` if there is none."""
        if id not in self._dwellings:
            self._dwellings[id] = self._with_survivors(dwelling_state.fold(self.entries(id)))
        return self._dwellings[id]

    def _with_survivors(self, home: Dwelling) -> Dwelling:
        """A dwelling whose owners and lessees are named by who answers for them."""
        owners = home.owners
        if owners and any(one.person for one in owners.owners):
            named = tuple(replace(one, person=self._answering(one.person)[0]) for one in owners.owners)
            owners = replace(owners, owners=named)
        leases = []
        for one in home.leases:
            who, residence = self._answering(one.lessee, one.of_residence)
            leases.append(replace(one, lessee=who, of_residence=residence))
        return replace(home, owners=owners, leases=tuple(leases))

    def _answering(self, who: UUID | None, residence: UUID | None = None) -> tuple[UUID | None, UUID | None]:
        """Who answers for an entry, itself where it was not merged; and which of their residences was the named one."""
        met = set[UUID]()
        while who and who not in met and (merged := person_state.fold(self.entries(who)).merged):
            met.add(who)
            kept = {one.was: one.residence for one in merged.says.residences or ()}
            who, residence = merged.says.survivor, kept.get(residence, residence) if residence else None
        return who, residence

    def relatives(self, concerned: Iterable[Concerned]) -> set[UUID]:
        """The parents and guardians of people whom a part concerns, by the register and by what was shown, with theirs
        in turn."""
        near = {id for one in concerned for id in kin.relatives(self.person(one.person), one)}
        return set(ancestors(near, self.person))

    def listing_for(
        self,
        asked: Iterable[tuple[Part, Concerned]],
        people: Iterable[UUID],
        homes: Mapping[UUID, Dwelling],
        community: str,
    ) -> Listing:
        """The entries of the list of territories that parts may mean by what they keep, each of whom it concerns, and
        those by which people keep an address outside this community."""
        kept = [kept_by(part, one, self.person(one.person), homes, community) for part, one in asked]
        sought = [one.sought for one in kept if one]
        if any(one and one.ours for one in kept):
            codes = {home.names[-1].address.katottg for home in homes.values() if home.names}
            sought += [Sought(code=code) for code in codes if code]
        rests = listing.rests_of(self.person(one) for one in people)
        return replace(listing.meant(self.registry, sought, rests, self.position), community=community)

    def residents(self, dwelling: UUID) -> frozenset[UUID]:
        """Who lives in a dwelling, without an end."""
        position = self.registry.position() if self.position is None else self.position
        found = self.registry.query("residences", "residents_of_dwelling", dwelling=dwelling, position=position)
        return frozenset(row["person"] for row in found)

    def namesakes(self, who: Particulars) -> list[UUID]:
        """Who is alive and has the name and birth date of a newcomer, and no other УНЗР: perhaps the same person."""
        position = self.registry.position() if self.position is None else self.position
        newcomer = Entering(id=_NOBODY, particulars=who)
        with self.registry.datastore.get_connection() as connection:
            return [one.person for one in alike(connection, newcomer, position) if one.alive and one.by_names]

    def record(self, id: UUID) -> CaseRecord:
        """What is on record of a case; `NO_CASE` if there is none."""
        return case_state.fold(self.entries(id))
