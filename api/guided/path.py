"""Which questions a part of a visit asks: pure, from its card and from what is answered already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from api.guided.shape import QUESTIONS, GuidedQuestion, NoticeKind
from registry import texts
from registry.services.application import DwellingKind, IdentityDocument
from registry.services.catalogue import Card
from registry.services.headers import Service

NEWCOMER = "new"
"""In place of the id of a person: somebody whom the register does not hold."""
_LISTS = {
    "citizenship": tuple(texts.TEXTS["citizenship"]),
    "sex": tuple(texts.TEXTS["sex"]),
    "identity_documents": get_args(IdentityDocument),
    "document_kinds": tuple(texts.TEXTS["document_kinds"]),
    "dwelling_kinds": get_args(DwellingKind),
    "family_roles": tuple(texts.TEXTS["family_roles"]),
}


@dataclass(frozen=True, kw_only=True)
class GuidedPart:
    """One service asked for at a visit: its card, what is answered (by question), and which notice it is, if it is."""

    card: Card
    said: Mapping[str, str] = field(default_factory=dict)
    notice: NoticeKind | None = None
    first: bool = True
    applicants: tuple[str, ...] = ()
    """Who alone may file, the usual one first; nobody named: whoever the card admits."""

    @property
    def service(self) -> Service:
        return self.card.service

    def answer(self, id: str) -> str:
        """What is answered, else what goes without saying."""
        if id == "identity_document" and self.newcomer:
            return self.default(id)
        return self.said.get(id, "").strip() or self.default(id)

    def default(self, id: str) -> str:
        """The answer that a page begins with."""
        if id in ("channel", "ground", "applicant_kind"):
            offered = self.offered({"channel": "channels", "ground": "grounds", "applicant_kind": "applicants"}[id])
            return offered[0] if offered else ""
        if id == "identity_document" and self.newcomer and not self.service.of_children:
            # Whoever is entered shows the document that they are entered with: it is asked for once.
            kind = self.said.get("document_kind", "").strip()
            return kind if kind in _LISTS["identity_documents"] else ""
        return NEWCOMER if id == "person" and self.service.settles else ""

    @property
    def newcomer(self) -> bool:
        return self.answer("person") == NEWCOMER

    def offered(self, source: str) -> tuple[str, ...]:
        """The options that the card, or a closed list, gives."""
        if source == "channels":
            named = sorted(self.service.channels - {"notice"}, key=("office", "diia", "emaliatko").index)
            return ("notice",) if self.notice else tuple(named)
        if source == "grounds":
            return self.notice.grounds if self.notice else tuple(self._grounds())
        if source == "applicants":
            admitted = (self.notice.sender,) if self.notice else tuple(dict.fromkeys(self._applicants()))
            return tuple(one for one in self.applicants if one in admitted) if self.applicants else admitted
        return _LISTS[source]

    def options(self, question: GuidedQuestion) -> tuple[str, ...]:
        """The answers that a question offers."""
        return question.options or (self.offered(question.source) if question.source else ())

    def _grounds(self) -> Iterator[str]:
        only_told = {"dms_notice", "permit_cancelled", "registered_elsewhere_notice", "institution_notice"}
        only_told |= {"official_request", "authorised_person_notice", "death_data"}
        for rule in self.card.rules["grounds"]:
            if rule.id not in only_told:
                yield rule.id

    def _applicants(self) -> Iterator[str]:
        ground = self.answer("ground")
        bodies = {"court", "dms", "civil_registry", "registration_body", "official_body"}
        for rule in self.card.rules["applicants"]:
            if not rule.grounds or ground in rule.grounds:
                yield from (kind for kind in sorted(rule.kinds, key=_KINDS.index) if kind not in bodies)

    def asked(self) -> list[GuidedQuestion]:
        """The questions of the part, in their order."""
        return [one for one in QUESTIONS if self._asks(one)]

    def _asks(self, one: GuidedQuestion) -> bool:
        return all(self._holds(*each) for each in one.when.items()) and not (
            one.unless and all(self._holds(*each) for each in one.unless.items())
        )

    def _holds(self, name: str, said: Any) -> bool:
        match name:
            case "does":
                return not self._does.isdisjoint(said)
            case "ground":
                return self.answer("ground") in said
            case "newcomer":
                return self.newcomer is said
            case "by_notice":
                return bool(self.notice) is said
            case "first":
                return self.first is said
            case "several":
                return len(self.offered(said)) > 1
            case "answers":
                return all(self.answer(id) in listed for id, listed in said.items())
        raise LookupError(name)

    @property
    def _does(self) -> frozenset[str]:
        does = self.service
        kinds = {"settles": does.settles, "removes": does.removes, "corrects": does.corrects, "informs": does.informs}
        kinds |= {"children": does.of_children, "declared": does.settles == "declared"}
        kinds |= {
            "child_settling": does.of_children and does.settles,
            "child_removing": does.of_children and does.removes,
        }
        return frozenset(name for name, holds in kinds.items() if holds)


_KINDS = (
    *("person", "parent", "legal_representative", "proxy_representative", "dwelling_owner", "dwelling_co_owner"),
    *("owner_representative", "dwelling_authorised_person", "mortgagee", "trust_owner", "social_institution"),
    *("guardianship_body", "dms", "court", "civil_registry", "registration_body", "official_body", "other"),
)
"""Applicants in the order in which they come."""
