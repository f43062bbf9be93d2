"""Whom the fee is paid to: data of the community by the day of receipt. Where nothing was entered, nothing is said.

Cards, row 11.3: «Відповідно до реквізитів, чинних на час надання адміністративної послуги».
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from registry.aggregates.values import DateText, Fault, first_day
from registry.services.headers import SERVICES

_IBAN = re.compile(r"UA[0-9]{27}")
_CODE = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who is paid between two days: `code` is that of ЄДРПОУ, `account` an IBAN; without `offices` or `services` for
    all of them."""

    recipient: str
    account: str
    code: str | None = None
    bank: str | None = None
    purpose: str | None = None
    offices: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    since: DateText | None = None
    until: DateText | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeesDescribed:
    """Everybody whom fees are paid to."""

    NAME: ClassVar[str] = "payees-described"
    since: DateText | None = None
    payees: tuple[Payee, ...] = ()
    basis: str | None = None


def payees_of(said: PayeesDescribed | None, service: str, day: date, office: str | None = None) -> tuple[Payee, ...]:
    """Whom a fee is paid to at an office: of those in force on a day those who are named for the office and the service
    before those for all; without an office whoever is paid at one or another."""
    found = [one for one in said.payees if _holds(one, day)] if said else []
    found = [one for one in found if not one.services or service in one.services]
    named = {place for one in found for place in one.offices}
    paid = [one for place in ({None, *named} if office is None else {office}) for one in _paid_at(place, found)]
    return tuple(one for one in found if one in paid)


def _paid_at(office: str | None, found: Sequence[Payee]) -> list[Payee]:
    """Those who are paid at an office; None is one that no payee is named for."""
    there = [one for one in found if not one.offices or office in one.offices]
    closest = max(map(_closeness, there), default=None)
    return [one for one in there if _closeness(one) == closest]


def payee_faults(found: Sequence[tuple[str, Payee]], offices: Iterable[str]) -> Iterable[Fault]:
    """What is wrong with payees, each with its place in the file; `offices` are those of the same file, if any."""
    known = sorted(offices)
    for where, one in found:
        if not _is_iban(one.account):
            yield Fault("payee-account", f"{where}.account")
        if one.code is not None and not _CODE.fullmatch(one.code):
            yield Fault("payee-code", f"{where}.code")
        if set(one.services) - SERVICES.keys():
            yield Fault("payee-service", f"{where}.services", {"known": ", ".join(SERVICES)})
        if known and set(one.offices) - set(known):
            yield Fault("office-unknown", f"{where}.offices", {"offices": ", ".join(known)})


def _closeness(one: Payee) -> tuple[bool, bool]:
    return bool(one.offices), bool(one.services)


def _holds(one: Payee, day: date) -> bool:
    begun = one.since is None or first_day(one.since) <= day
    return begun and (one.until is None or day < first_day(one.until))


def _is_iban(account: str) -> bool:
    """An IBAN of Ukraine with its check digits (ISO 13616)."""
    if not _IBAN.fullmatch(account):
        return False
    return int("".join(str(int(one, 36)) for one in account[4:] + account[:4])) % 97 == 1
