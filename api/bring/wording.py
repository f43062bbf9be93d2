"""Questions and answers in words: those of the kind of service where there are some, else the general ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from api.bring.path import Path, term_of
from api.bring.questions import BY_ID, EVENTS, WANT
from api.bring.shape import Context, Question
from registry import texts, ukrainian

PAGE = "/bring"
_NUMBER = re.compile(r"(?<=\d) (?=\w)")
_ORDER = {id: number for number, id in enumerate(texts.TEXTS["bring_services"])}
_WAYS = {"office": "way_office", "diia": "way_diia", "emaliatko": "way_emaliatko"}


@dataclass(frozen=True)
class Choice:
    """An answer that can be chosen."""

    id: str
    text: str


@dataclass(frozen=True)
class Answered:
    """An answer that was given, in words, and the address at which it is asked again."""

    question: str
    answer: str
    again: str


def service_text(service: str, title: str) -> str:
    """What somebody wants; of a service that has no words of its own the title of its card."""
    return tied(texts.TEXTS["bring_services"].get(service, title))


def services(titles: Mapping[str, str]) -> list[Choice]:
    """What can be wanted, by the titles of the cards of the day: in the order of our words, then the rest."""
    ordered = sorted(titles, key=lambda id: (id not in _ORDER, _ORDER.get(id, 0)))
    return [Choice(id, service_text(id, titles[id])) for id in ordered]


def question_text(question: Question, context: Context) -> str:
    """The question itself."""
    return tied(_first("bring_questions", question.id, context) or question.id)


def hint_text(question: Question, context: Context) -> str | None:
    """What helps to answer it."""
    return _first("bring_hints", question.id, context)


def choices(question: Question, context: Context, moment: datetime) -> list[Choice]:
    """What can be answered; of a number nothing."""
    if question.most:
        return []
    return [Choice(id, answer_text(question, id, context, moment)) for id in question.offered(context)]


def answer_text(question: Question, answer: str, context: Context, moment: datetime) -> str:
    """An answer, with the term of the card where it tells how long ago something was."""
    if question.most:
        return answer
    text = _first("bring_answers", f"{question.id}_{answer}", context) or _general(answer)
    event = EVENTS.get(question.id, {}).get(answer)
    return tied(text.format(term=_term(context, event, moment)) if event else text)


def answered(path: Path, moment: datetime) -> list[Answered]:
    """The answers that were given, each with the address that asks it again and keeps the others."""
    context = path.context
    service = context.card.service.id
    kept = {WANT: service, **{id: context.answers[id] for id in path.asked}}
    first = Answered(texts.say("bring_page", "want"), service_text(service, context.card.title), PAGE)
    found = [first]
    for id in path.asked:
        again = urlencode({name: value for name, value in kept.items() if name != id})
        text = answer_text(BY_ID[id], context.answers[id], context, moment)
        found.append(Answered(question_text(BY_ID[id], context), text, f"{PAGE}?{again}"))
    return found


def ways(path: Path) -> Iterator[Answered]:
    """The other ways of asking that the card admits, each with the address that asks by it."""
    context = path.context
    for channel in BY_ID["channel"].offered(context):
        if channel != context.answers.get("channel"):
            kept = {**{id: context.answers[id] for id in path.asked}, "channel": channel}
            address = urlencode({WANT: context.card.service.id, **kept})
            yield Answered("", texts.say("bring_page", _WAYS[channel]), f"{PAGE}?{address}")


def tied(text: str) -> str:
    """A text in which no number is left alone at the end of a line."""
    return _NUMBER.sub("\u00a0", text)


def _first(group: str, id: str, context: Context) -> str | None:
    return next((texts.TEXTS[group][key] for key in _keys(id, context) if key in texts.TEXTS[group]), None)


def _keys(id: str, context: Context) -> Iterator[str]:
    """What words may be called, the most exact first."""
    does = context.card.service
    kinds = {"removes": does.removes, "corrects": does.corrects, "informs": does.informs}
    kind = next((name for name, holds in kinds.items() if holds), "settles")
    if does.of_children:
        yield from (f"{id}_{kind}_child", f"{id}_child")
    if does.settles:
        yield f"{id}_{does.settles}"
    yield from (f"{id}_{kind}", id)


def _general(answer: str) -> str:
    """Words of the register itself: a document, a kind of dwelling."""
    groups = ("bring_answers", "document_kinds", "dwelling_kinds")
    text = next((texts.TEXTS[group][answer] for group in groups if answer in texts.TEXTS[group]), answer)
    return text[:1].upper() + text[1:]


def _term(context: Context, event: str, moment: datetime) -> str:
    """How long one has after an event by the card."""
    rule = term_of(context, event, moment)
    if rule is None:
        return ""
    number, noun = (rule.days, "days_of_term") if rule.days else (rule.months, "months_of_term")
    return f"{number} {ukrainian.plural(number, *texts.say('plurals', noun).split('|'))}"
