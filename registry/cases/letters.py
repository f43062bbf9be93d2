"""What an applicant is told of a decision, in words: kept in the facts, so that it can be printed as it was."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from registry import texts
from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationGranted,
    ApplicationReceived,
    ApplicationRefused,
)
from registry.aggregates.case.sent import unsound
from registry.aggregates.case.state import Outcome
from registry.aggregates.case.unfinished import ApplicationLeftWithoutMovement
from registry.services.catalogue import EVERY_CARD

_TITLES = {card.id: card.title for card in EVERY_CARD}
_INSTEAD = {(card.id, rule.id): rule.reason for card in EVERY_CARD for rule in card.rules["barred"] if rule.reason}
"""What to do instead, by card and bar, where the card's wording does not say it."""
_NAMES = {(card.id, rule.id): rule.name for card in EVERY_CARD for _, rule in card.every_rule() if rule.name}
"""What may be missing by its card and id, as it is called; `_N` stands for the number of an owner."""
_OF_OWNER = re.compile(r"\d+$")
_KINDS = {
    ApplicationGranted.NAME: "several_granted",
    ApplicationRefused.NAME: "several_refused",
    ApplicationBarred.NAME: "several_barred",
}
BY_PHONE = "applicant_sms"
NOTHING: Mapping[int, str] = MappingProxyType({})


def all_worded(
    outcomes: Iterable[Outcome], received: ApplicationReceived, office: str, untrue: Mapping[int, str] = NOTHING
) -> list[Outcome]:
    """The outcomes of a visit with their texts; `untrue` is what was found so of what was sent, by part.

    The applicant gets one message for all of them, which says what became of each: it stands in the last one that has
    a message to the applicant, and the others have it without a text, as has an SMS where nobody left a phone.
    """
    found = [worded(one, received, office, untrue.get(one.part)) for one in outcomes]
    last = max((number for number, one in enumerate(found) if _tells(one)), default=None)
    text = _of_visit(found, received, office) if len(found) > 1 else None
    return [_told_once(one, text, number == last, received) for number, one in enumerate(found)]


def worded(outcome: Outcome, received: ApplicationReceived, office: str, untrue: str | None = None) -> Outcome:
    """An outcome with its text and that of each message to the applicant. `office` is where the result is given out."""
    if isinstance(outcome, ApplicationBarred):
        bars = [": ".join(filter(None, (one.wording, instead_of(outcome.card, one.id)))) for one in outcome.barred]
        return replace(outcome, text=_letter("barred", outcome, received, bars))
    told = texts.TEXTS["to_applicant"]["refused" if isinstance(outcome, ApplicationRefused) else "granted"]
    text = told.format(code=received.code, office=office)
    follows = tuple(replace(one, text=text) if one.person is None else one for one in outcome.follows)
    if isinstance(outcome, ApplicationRefused):
        outcome = _naming_faulty(outcome, received, untrue)
        grounds = [f"{numbered(one.number)}{one.wording}: {'; '.join(one.said)}" for one in outcome.grounds]
        lines = [*grounds, *_missing(outcome)]
        return replace(outcome, text=_letter("refused", outcome, received, lines), follows=follows)
    return replace(outcome, follows=follows)


def _naming_faulty(
    outcome: ApplicationRefused, received: ApplicationReceived, untrue: str | None
) -> ApplicationRefused:
    """A refusal for false data says which of what a portal sent they are, and what was found untrue."""
    people = received.parts[outcome.part - 1].concerned
    places = dict.fromkeys(fault.field for one in people for fault in unsound(one))
    if not places and not untrue:
        return outcome
    named = ", ".join(dict.fromkeys(texts.place_text(place) for place in places if place))
    names = "; ".join(filter(None, (named, untrue)))
    grounds = (
        replace(
            ground,
            said=tuple(
                f"{said}: {names}" if fact == "false_data" else said
                for fact, said in zip(ground.facts, ground.said, strict=True)
            ),
        )
        for ground in outcome.grounds
    )
    return replace(outcome, grounds=tuple(grounds))


def _tells(outcome: Outcome) -> bool:
    return not isinstance(outcome, ApplicationBarred) and any(one.person is None for one in outcome.follows)


def _told_once(outcome: Outcome, text: str | None, tells: bool, received: ApplicationReceived) -> Outcome:
    if isinstance(outcome, ApplicationBarred):
        return outcome
    follows = []
    for one in outcome.follows:
        reached = tells and (one.id != BY_PHONE or received.phone)
        said = (text or one.text) if reached else None
        follows.append(replace(one, text=said) if one.person is None else one)
    return replace(outcome, follows=tuple(follows))


def _of_visit(outcomes: Sequence[Outcome], received: ApplicationReceived, office: str) -> str:
    words = texts.TEXTS["to_applicant"]
    parts = [words[_KINDS[one.NAME]].format(part=one.part, title=_TITLES[one.card]) for one in outcomes]
    return words["several"].format(code=received.code, parts="; ".join(parts), office=office)


def missing_names(outcome: ApplicationRefused) -> list[str]:
    """What was not submitted, each by the name that the card gives it, and of how many: what to bring next time."""
    return _named(outcome.card, outcome.missing)


def _named(card: str, papers: Iterable[str]) -> list[str]:
    ids = ((id, _OF_OWNER.sub("N", id)) for id in papers)
    named = (next((name for id in two if (name := _NAMES.get((card, id)))), None) for two in ids)
    times = Counter(filter(None, named))
    return [texts.say("letters", "of_several", name, count) if count > 1 else name for name, count in times.items()]


def left_worded(fact: ApplicationLeftWithoutMovement, received: ApplicationReceived) -> ApplicationLeftWithoutMovement:
    """What the applicant is handed as a case is left without movement: what it lacks, and until when to bring it."""
    words = texts.TEXTS["without_movement"]
    head = words["head"].format(code=received.code, received=_moment(received), until=texts.day(fact.bring_by))
    lines = []
    for one in fact.lacking:
        card = received.parts[one.part - 1].card
        lines.append(words["part"].format(title=_TITLES[card], names="; ".join(_named(card, one.papers))))
    lines += [words["reason"].format(fact.reason)] if fact.reason else []
    lines += [words["consent"].format(fact.consent), words["after"]]
    return replace(fact, text="\n".join([head, *lines]))


def instead_of(card: str, bar: str) -> str | None:
    """What to do instead of what a card bars, where its wording does not say it."""
    return _INSTEAD.get((card, bar))


def numbered(number: int | None) -> str:
    """The official number of a ground; the cards 71-03 and 71-04 do not number theirs."""
    return "" if number is None else f"{number}) "


def _missing(outcome: ApplicationRefused) -> list[str]:
    names = missing_names(outcome)
    return [texts.TEXTS["letters"]["missing"].format(names="; ".join(names))] if names else []


def _letter(
    kind: str, outcome: ApplicationRefused | ApplicationBarred, received: ApplicationReceived, lines: list[str]
) -> str:
    head = texts.TEXTS["letters"][kind].format(
        title=_TITLES[outcome.card],
        code=received.code,
        received=_moment(received),
        on=texts.day(outcome.decided_on),
    )
    return "\n".join([head, *lines])


def _moment(received: ApplicationReceived) -> str:
    return f"{texts.day(received.received[:10])} {received.received[11:]}"
