"""What a declaration says of somebody who is liable for military duty (card 8, row 9): kept with the application, and
printed on no extract."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class MilitaryData:
    """`record` is the number of the entry in the register of conscripts, liable persons and reservists; or, of the
    military document, its `kind`, the `centre` on whose record the person is or was, `series` and `number`. Each as far
    as it was declared."""

    record: str | None = None
    kind: str | None = None
    centre: str | None = None
    series: str | None = None
    number: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything was declared."""
        return any(getattr(self, one.name) for one in fields(self))
