"""The decision on an application: pure, by the card in force, with every ground that holds at once.

`decide(asked, card_for(asked))` answers «чи можна?» and decides alike; it stores nothing. What is required, what is
missing, what refuses and what follows all come from the card, each with its wording and reference.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from registry.services import fees, terms
from registry.services.adopted import AS_DECIDED, Readings
from registry.services.application import Application, Facts
from registry.services.catalogue import Card, card, priced_by
from registry.services.fees import Fee
from registry.services.grounds import authority_not_proved
from registry.services.predicates import paid_by_one_receipt
from registry.services.rules import Rule, holding

Outcome = Literal["granted", "refused", "not_possible"]

_DEADLINES = {"same_day": timedelta(0), "next_day": timedelta(days=1)}
_OWNERS = ("dwelling_owner", "dwelling_co_owner")
DEATHS = ("death_certificate", "death_data", "foreign_death_document", "dms_notice", "court_declared_dead")
"""The grounds of a removal that tell of a death."""
_PARENTS = frozenset({"parent_1", "parent_2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A document or a consent that the card asks for in this case, and why."""

    id: str
    name: str
    wording: str
    reason: str
    reference: str
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground of refusal that holds: its official number and wording, and the facts that triggered it, each said."""

    id: str
    number: int | None
    wording: str
    reference: str
    facts: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What bars the act, a task, or a mark: its wording and where it stands."""

    id: str
    wording: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be told to whom, and the last calendar day for it if the card says one."""

    id: str
    wording: str
    reference: str
    deadline: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractShown:
    """What an extract says: the state asked about, whether with history, and the ids of the previous periods, in the
    order given."""

    state: str
    with_history: bool
    previous_periods: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided, why, and what follows.

    With `not_possible` only `barred` answers for it. `fee` is what is due whatever the decision. `effective_on` is the
    date of the act (for a death that of its registration, of who was registered elsewhere that day); for an electronic
    application the last day for it.
    `card_sha256` says by which text of the card, in lower-case hex; `readings` on which readings of it, by the id that
    their words have.
    """

    decision: Outcome
    card: str
    card_sha256: str
    grounds: tuple[Ground, ...]
    barred: tuple[Provision, ...]
    missing: tuple[str, ...]
    documents_required: tuple[Needed, ...]
    consents_required: tuple[Needed, ...]
    fee: Fee
    late: bool
    due_by: date
    effective_on: date | None = None
    previous_residence: Literal["removed", "kept"] | None = None
    messages: tuple[Message, ...] = ()
    tasks: tuple[Provision, ...] = ()
    family_set: bool | None = None
    batch_overdue: bool | None = None
    extract: ExtractShown | None = None
    removed_under_name: Literal["previous"] | None = None
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """What is due whatever is decided: the fee, and whether it is late."""

    fee: Fee
    late: bool


def dues(asked: Application, paid: int | None = None, by: Card | None = None) -> Dues:
    """Fee and lateness by a card; without it by the one that says so on the day of receipt, which for a service
    without a card of its own is another's. `paid` (kopiykas) is the fee of a year for which no amount is published.

    Raises `NoPublishedAmount` for such a year without it, `NoCard` for a day on which no card says anything.
    """
    facts = _facts(asked)
    by = by or priced_by(asked.service, facts.day)
    facts = replace(facts, late=terms.is_late(by.lateness, facts))
    try:
        fee = fees.due(by, facts)
    except fees.NoPublishedAmount:
        if paid is None:
            raise
        fee = fees.entered(paid, facts.day)
    return Dues(fee=fee, late=facts.late)


def card_for(asked: Application) -> Card:
    """The card in force on the day of receipt. Raises `NoCard`."""
    return card(asked.service, asked.received.date(), _facts(asked))


def _facts(asked: Application) -> Facts:
    return Facts(asked=asked, age=terms.age_on(asked.subject.born, asked.received.date()))


def decide(
    asked: Application,
    by: Card,
    settings: Readings = AS_DECIDED,
    *,
    acted_on: date | None = None,
    paid: int | None = None,
    due: Dues | None = None,
    due_by: date | None = None,
    outside: bool = False,
    unheld: bool = False,
    child_files: bool = False,
) -> Decision:
    """The decision on an application by a card: the same for a dry run and for good.

    `acted_on` is the day of the entry, from which deadlines count; without it the last day for it. `paid` as in `dues`,
    and of any year what was paid, where that is known; `due` is what they worked out, where that was done already;
    `due_by` the last day for it by the hours of the community, without which the week is plain; `outside` whether the
    register knows the dwelling that somebody is to be recorded in to lie outside this community, `unheld` that of an
    owner not to hold the person, and `child_files` whoever files to be under 14.
    """
    due = due or dues(asked, paid, by)
    due_by = due_by or terms.entry_by(by.terms, asked.received, asked.channel)
    facts = replace(_facts(asked), settings=settings, fee=due.fee.kopiykas, late=due.late, due_by=due_by)
    facts = replace(facts, last_in_time=terms.last_day_in_time(by.lateness, facts) if due.late else None)
    in_full = paid is not None and 0 < due.fee.kopiykas <= paid
    facts = replace(facts, outside=outside, unheld=unheld, child_files=child_files, paid_in_full=in_full)
    papers = _holding(by, "documents", facts)
    documents, consents = _needed(papers, asked), _needed(_holding(by, "consents", facts), asked)
    missing = (
        *_missing_documents(by, papers, documents, facts),
        *_missing_consents(consents, asked),
        *(rule.id for rule in _holding(by, "payments", facts) if not _paid(facts)),
    )
    facts = replace(
        facts,
        missing=frozenset(missing),
        listed=_listed(by, facts),
        admitted=asked.channel in by.service.channels,
        is_notice=asked.channel == "notice" and _sent_as_notice(by, facts),
    )
    barred = _stated(_holding(by, "barred", facts))
    grounds = () if barred else _grounds(by, facts)
    outcome: Outcome = "not_possible" if barred else "refused" if grounds else "granted"
    facts = replace(facts, granted=outcome == "granted", refused=outcome == "refused")
    decision = Decision(
        decision=outcome,
        card=by.id,
        card_sha256=by.sha256,
        grounds=grounds,
        barred=barred,
        missing=missing,
        documents_required=documents,
        consents_required=consents,
        fee=due.fee,
        late=due.late,
        due_by=due_by,
        readings=tuple(rule.id for rule in _holding(by, "readings", facts)),
    )
    return decision if barred else _with_what_follows(decision, by, facts, acted_on or due_by)


def _with_what_follows(decision: Decision, by: Card, facts: Facts, acted_on: date) -> Decision:
    asked = facts.asked
    marks = {rule.id: rule.holds(facts) for rule in by.rules["marks"]}
    return replace(
        decision,
        effective_on=_effective_on(facts, acted_on) if facts.granted else None,
        previous_residence=_previous_residence(facts) if marks.get("previous_residence") else None,
        messages=_messages(_holding(by, "messages", facts), acted_on),
        tasks=_stated(_holding(by, "tasks", facts)),
        family_set=marks.get("family_set") if asked.family_formed else None,
        batch_overdue=marks.get("batch_overdue") if asked.documents_collected_on else None,
        extract=_extract(facts, marks.get("previous_periods", False)),
        removed_under_name="previous" if marks.get("removed_under_name") else None,
    )


def _holding(by: Card, section: str, facts: Facts) -> tuple[Rule, ...]:
    return holding(by.rules[section], facts)


def _listed(by: Card, facts: Facts) -> bool:
    """Whether row 8 or 9 of the card names such an applicant for such a ground."""
    kind, ground = facts.asked.applicant.kind, facts.asked.ground
    return any(
        kind in rule.kinds and (not rule.grounds or ground in rule.grounds) and rule.holds(facts)
        for rule in by.rules["applicants"]
    )


def _sent_as_notice(by: Card, facts: Facts) -> bool:
    """Whether the card names such an applicant among those who send a notice on such a ground."""
    kind, ground = facts.asked.applicant.kind, facts.asked.ground
    return any(rule.id == ground and kind in rule.senders for rule in by.rules["grounds"])


def _needed(rules: Sequence[Rule], asked: Application) -> tuple[Needed, ...]:
    return tuple(
        Needed(
            id=id,
            name=rule.name,
            wording=rule.uk,
            reason=rule.reason,
            reference=rule.reference,
            optional=rule.optional,
        )
        for rule in rules
        for id in _ids(rule, asked)
    )


def _ids(rule: Rule, asked: Application) -> Iterator[str]:
    """The ids that a rule stands for: itself, or one for each owner, without an owner who files or is the subject. A
    dwelling of which no register knows an owner has one all the same."""
    if rule.each is None:
        yield rule.id
        return
    owner_files = asked.dwelling.subject_is_owner or asked.applicant.kind in _OWNERS
    first = 2 if rule.each == "owner_who_does_not_file" and owner_files else 1
    yield from (rule.id.removesuffix("N") + str(number) for number in range(first, max(asked.dwelling.owners, 1) + 1))


def _missing_documents(by: Card, papers: Iterable[Rule], documents: Iterable[Needed], facts: Facts) -> list[str]:
    asked = facts.asked
    submitted = asked.documents | asked.invalid_documents
    if authority_not_proved(facts) and not _refuses_on(by, "authority_not_proved"):
        submitted -= {"representative_authority"}
    if not _paid(facts):
        submitted -= {"fee_evidence"}
    for rule in papers:
        if rule.accepted and facts.holder_document not in rule.accepted:
            submitted -= {rule.id}
    return [one.id for one in documents if not one.optional and one.id not in submitted]


def _refuses_on(by: Card, fact: str) -> bool:
    return any(fact in rule.facts for rule in by.rules["refusals"])


def _missing_consents(consents: Iterable[Needed], asked: Application) -> list[str]:
    given = asked.consents | ({"any_parent"} if asked.consents & _PARENTS else set())
    given |= {"other_parent"} if asked.consents >= _PARENTS else set()
    return [one.id for one in consents if one.id not in given]


def _paid(facts: Facts) -> bool:
    """Whether as many fees are paid as persons are removed (card 2, row 9), or the one; or by the community's reading
    the sum of all of them at once."""
    one_for_all = facts.settings.one_receipt_for_several and paid_by_one_receipt(facts)
    return (facts.asked.payments or 0) >= facts.asked.persons or one_for_all


def _grounds(by: Card, facts: Facts) -> tuple[Ground, ...]:
    return tuple(
        Ground(
            id=rule.id,
            number=rule.number,
            wording=rule.uk,
            reference=rule.reference,
            facts=triggered,
            said=tuple(rule.facts[name] for name in triggered),
        )
        for rule in _holding(by, "refusals", facts)
        if (triggered := rule.triggered(facts))
    )


def _stated(rules: Iterable[Rule]) -> tuple[Provision, ...]:
    return tuple(Provision(id=rule.id, wording=rule.uk, reference=rule.reference) for rule in rules)


def _messages(rules: Iterable[Rule], acted_on: date) -> tuple[Message, ...]:
    return tuple(
        Message(
            id=rule.id,
            wording=rule.uk,
            reference=rule.reference,
            deadline=acted_on + _DEADLINES[rule.deadline] if rule.deadline else None,
        )
        for rule in rules
    )


def _effective_on(facts: Facts, acted_on: date) -> date:
    """The day of the act; of a death its own; of who was registered elsewhere the day that the notice names, else that
    of its receipt."""
    if facts.asked.ground == "registered_elsewhere_notice":
        return facts.asked.subject.registered_elsewhere_on or facts.day
    return day_of_death(facts.asked) or acted_on


def day_of_death(asked: Application) -> date | None:
    """The day of a death that is told of: of its registration (cards 2, 4, row 9); of a court's declaration that on
    which it entered into force; of a notice of ДМС without either that of its receipt. None where it has to be told,
    or there is no death."""
    ground, registered_on = asked.ground, asked.subject.death_registered_on
    if ground == "court_declared_dead":
        return asked.subject.declared_dead_on or registered_on
    if ground == "dms_notice":
        return registered_on or asked.received.date()
    return registered_on if ground in DEATHS else None


def _previous_residence(facts: Facts) -> Literal["removed", "kept"] | None:
    current = facts.asked.subject.current_residence
    return None if current is None else "kept" if current.kept else "removed"


def _extract(facts: Facts, with_history: bool) -> ExtractShown | None:
    """What an extract shows: previous periods of this community only (card 7, row 16)."""
    wanted = facts.asked.extract
    if wanted is None or not facts.granted:
        return None
    shown = (one.id for one in wanted.previous_periods if with_history and one.place == "this_community")
    return ExtractShown(state=wanted.state, with_history=with_history, previous_periods=tuple(shown))
