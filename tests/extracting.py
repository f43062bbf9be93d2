"""A small office for tests of extracts: it enters people and homes, acts, and issues on a clock that a test may set."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

import pypdfium2
from clerks import Clerk
from given import CLERK

from registry.aggregates.case.events import Notice
from registry.aggregates.dwelling.events import Address
from registry.aggregates.extract.state import asked_for as whole
from registry.aggregates.person.events import Particulars
from registry.app import Registry
from registry.cases import at_desk
from registry.cases.at_desk import AtDesk
from registry.cases.cases import Cases
from registry.extracts import issuing
from registry.extracts.superseding import superseded_on
from registry.settings import Settings
from registry.storage.mapper import kyiv_day
from registry.viewer import OPEN

ZENOVIIA = {
    "surname": "Вигаданенко",
    "given_names": "Зеновія",
    "patronymic": "Остапівна",
    "birth_date": "1985-04-02",
    "unzr": "19850402-00016",
    "rnokpp": "3113812345",
    "phone": "+380000000017",
    "email": "zenoviia@example.ua",
    "birth_place": "с. Народжене",
}
OF_REPRESENTATIVE = {"identity_document", "representative_identity", "representative_authority"}
PAPERS = {
    "legal_representative": OF_REPRESENTATIVE,
    "representative": OF_REPRESENTATIVE,
    "dwelling_owner": {"identity_document", "ownership_document"},
    "owner_representative": {*OF_REPRESENTATIVE, "ownership_document"},
    "dwelling_authorised_person": {"identity_document", "status_proof"},
    "mortgagee": {"identity_document", "status_proof"},
    "trust_owner": {"identity_document", "status_proof"},
}
"""What each who asks for an extract shows (card 7, row 9)."""
REQUEST = Notice(sender="Вигадівський суд", dated="2026-01-09", number="17/2")
OWNER = {"basis": "dwelling_owner", "requester": "Власник Придуманий"}


def asked_for(**wanted) -> AtDesk:
    """What is wanted, with all the papers that it needs."""
    basis = wanted.get("basis", "person")
    if shown := PAPERS.get(basis):
        wanted = {"documents": frozenset(shown), **wanted}
    if basis == "official_request":
        wanted = {"notice": REQUEST, **wanted}
    return AtDesk(**{name: value for name, value in wanted.items() if name != "command"})


class Office:
    """A register with its clerk."""

    def __init__(self, registry: Registry, settings: Settings):
        self.registry, self.settings = registry, settings
        self.clerk = Clerk(registry, CLERK)

    def now(self) -> datetime:
        return self.registry.clock()

    def today(self) -> date:
        return kyiv_day(self.now())

    def home(self, house="7", street="вул. Калинова", kind="private", **more) -> UUID:
        address = Address(settlement="смт Вигадівка", street=street, house=house, **more)
        return self.clerk.enter_dwelling(command=uuid4(), address=address, kind=kind, confirmed=True).entries[0].stream

    def enter(self, **said) -> UUID:
        return (
            self.clerk.enter_person(command=uuid4(), particulars=Particulars(**said), confirmed=True).entries[0].stream
        )

    def does(self, act: str, on: UUID, **asked):
        return getattr(self.clerk, act)(on, command=asked.pop("command", None) or uuid4(), **asked)

    def settle(self, person: UUID, dwelling: UUID, since="2010-07-15", kind="registered", **more) -> UUID:
        act = self.does("settle", person, dwelling=dwelling, since=since, kind=kind, **more)
        return next(entry for entry in act.entries if entry.stream == person).fact.residence

    def past(self, person: UUID, dwelling: UUID, since, until) -> UUID:
        act = self.does("enter_past_residence", person, kind="registered", dwelling=dwelling, since=since, until=until)
        return act.entries[0].fact.residence

    def lives(self, **said) -> tuple[UUID, UUID, UUID]:
        """Somebody, their dwelling and their residence since 15 July 2010."""
        person, dwelling = self.enter(**{**ZENOVIIA, **said}), self.home()
        return person, dwelling, self.settle(person, dwelling)

    def issue(self, person: UUID | None = None, settings: Settings | None = None, **wanted) -> issuing.Issued:
        cases = Cases(self.clerk, settings or self.settings)
        return at_desk.issue(cases, asked_for(person=person, **wanted), command=wanted.get("command") or uuid4())

    def of(self, dwelling: UUID, **wanted) -> issuing.Issued:
        """An extract about a dwelling, for its owner."""
        return self.issue(dwelling=dwelling, **{**OWNER, **wanted})

    def asked(self, issued: issuing.Issued):
        """The entry that asked for an extract."""
        row = issuing.by_number(self.registry, issued.number)
        return whole(self.registry.entries(row["extract"]))

    def content(self, issued: issuing.Issued) -> dict:
        return self.asked(issued).fact.content

    def superseded(self, issued: issuing.Issued) -> date | None:
        """The day since which an extract is not so any more, as the check says it today."""
        asked, today = self.asked(issued), self.today()
        with self.registry.snapshot() as connection:
            return superseded_on(connection, asked, today=today)

    def again(self, issued: issuing.Issued) -> bytes:
        return issuing.document(self.registry, self.settings, issued.number, by=CLERK, seen_by=OPEN)

    def set(self, **settings) -> None:
        self.settings = replace(self.settings, **settings)


def text(made: bytes) -> str:
    """All that a PDF says, its lines joined."""
    document = pypdfium2.PdfDocument(made)
    pages = (page.get_textpage().get_text_bounded() for page in document)
    return " ".join(" ".join(pages).replace("\xa0", " ").split())
