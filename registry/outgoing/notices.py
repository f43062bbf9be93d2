"""A message or a task as it goes out: to whom, from whom, in words, and as a letter to print the same day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry import texts
from registry.aggregates.community.events import OtherBody
from registry.aggregates.community.state import Here
from registry.aggregates.outgoing.events import PAPERS, OutgoingReopened, OutgoingSent
from registry.aggregates.values import Actor, Entry
from registry.app import Registry
from registry.letters.content import Block, Letter
from registry.outgoing import told, wording
from registry.outgoing.told import KnownItem, Row
from registry.outgoing.wording import Worded

_NAMES, _SAYS = texts.TEXTS["outgoing_addressees"], texts.TEXTS["outgoing_says"]

_REFERRALS = tuple(item for item, kind in PAPERS.items() if kind == "referral")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """To whom: the kind of `makers.Item.addressee`, the name and the postal address, number or mailbox, if known."""

    kind: str | None
    name: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """An item in words. A task is somebody's of ours; `paper_to` is whom the paper is for that they fill."""

    addressee: Addressee
    paper_to: Addressee
    words: Worded
    made_by: Actor


def of_rows(registry: Registry, rows: Sequence[Row], here: Here) -> dict[UUID, Notification]:
    """What each row says and to whom, by its id; `here` is who we are, and whom we know, on the day."""
    return {id: _notice(one, here) for id, one in told.read(registry, rows).items()}


def _notice(one: KnownItem, here: Here) -> Notification:
    to = addressee(one, here)
    paper_to = body_of_dms(here) if one.row["item"] in _REFERRALS else to
    return Notification(addressee=to, paper_to=paper_to, words=wording.worded(one), made_by=one.entry.by)


def addressee(one: KnownItem, here: Here) -> Addressee:
    """To whom an item goes; a body that the community has not named has a general name."""
    kind, received = one.row["addressee"], one.record.received
    general = _NAMES.get(kind or "", _NAMES["nobody"])
    match kind:
        case "dms":
            return body_of_dms(here)
        case "guardianship_body":
            return _body(kind, here.bodies.guardianship, general)
        case "previous_office":
            return _previous(one, here, general)
        case "applicant":
            who = (received.applicant if received else None) or (texts.person_name(one.who) if one.who else None)
            return Addressee(kind=kind, name=who or general, address=received.phone if received else None)
        case "notice_sender" if received and received.notice:
            return Addressee(kind=kind, name=received.notice.sender)
        case "department":
            return Addressee(kind=kind, name=one.entry.fact.sender)
        case "extract_holder" if one.extract:
            return Addressee(kind=kind, name=one.extract.requester, address=one.extract.contact)
    return Addressee(kind=kind, name=general)


def body_of_dms(here: Here) -> Addressee:
    """The territorial body of ДМС."""
    return _body("dms", here.bodies.dms, _NAMES["dms"])


def _body(kind: str, known: OtherBody | None, general: str) -> Addressee:
    return Addressee(kind=kind, name=known.name, address=known.address) if known else Addressee(kind=kind, name=general)


def _previous(one: KnownItem, here: Here, general: str) -> Addressee:
    """The registration body that serves the previous address: of those known, the one of the smallest territory."""
    elsewhere = one.part.elsewhere if one.part else None
    code = (elsewhere.katottg if elsewhere else None) or ""
    serving = [body for body in here.bodies.registration if body.katottg and code.startswith(_within(body.katottg))]
    if serving:
        return _body("previous_office", max(serving, key=lambda body: len(_within(body.katottg or ""))), general)
    named = _SAYS["serves"].format(general, elsewhere.address) if elsewhere else general
    return Addressee(kind="previous_office", name=named + (_SAYS["code"].format(code) if code else ""))


def _within(code: str) -> str:
    """How the codes of what lies within a territory begin: a whole code ends in zeros for that."""
    return code[:9] if len(code) == 19 and code[9:14] == "00000" else code


def letter(
    said: Notification, entries: Sequence[Entry], here: Here, *, today: date, number: str | None = None
) -> Letter:
    """The letter of an item: of the day on which it went out, else of today; its number is the one that is given, else
    the one under which it went out. What was taken back as a mistake never went out."""
    taken_back = (at for at, entry in enumerate(entries, 1) if isinstance(entry.fact, OutgoingReopened))
    stands = entries[max(taken_back, default=0) :]
    sent = next((entry.fact for entry in reversed(stands) if isinstance(entry.fact, OutgoingSent)), None)
    words, to, signatory = said.words, said.paper_to, here.signatory
    return Letter(
        title=words.title,
        sender=here.identity.body or "",
        community=here.identity.name or "",
        place=here.identity.address,
        to=tuple(filter(None, (to.name, to.address))),
        number=number or (sent.number if sent else None),
        dated=sent.on if sent else today.isoformat(),
        blocks=(Block(pairs=words.pairs, paragraphs=words.paragraphs),),
        signer=signatory.name if signatory else said.made_by.name,
        position=signatory.position if signatory else _SAYS["position"],
        clerk=said.made_by.name if signatory else None,
        sample=bool(here.identity.sample),
    )
