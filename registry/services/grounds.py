"""What is there already, what refuses, and what follows: the conditions of bars, grounds, messages and tasks.

A refusal ground holds if one of its `facts` does; each of them is a function here, or in `predicates.py`.
"""

from dataclasses import replace
from datetime import date, timedelta

from registry.services.application import Facts
from registry.services.predicates import (
    PERMITS,
    asked_by_owner,
    asked_by_status,
    files_for_self,
    from_14_to_17,
    mortgaged,
    on_end_of_stay,
    under_14,
)

_TERM = timedelta(days=30)
_WEEK = timedelta(days=7)
_DAY = timedelta(hours=24)
_NEVER = date.min
_NOT_INVALID = {"dwelling_right_document", "representative_authority"}
_PASSPORTS = ("passport_card", "passport_booklet", "passport_travel")


# What is there already.


def moves_with_removal(facts: Facts) -> bool:
    """The active residence is removed in the same act."""
    current = facts.asked.subject.current_residence
    return current is not None and not current.kept


def leaves_another_community(facts: Facts) -> bool:
    """The residence removed in the same act is another community's."""
    current = facts.asked.subject.current_residence
    return moves_with_removal(facts) and current is not None and current.place == "other_community"


def reached_electronically(facts: Facts) -> bool:
    """The previous registration body can be told electronically."""
    current = facts.asked.subject.current_residence
    return current is not None and current.electronic_exchange


def keeps_residence(facts: Facts) -> bool:
    """The applicant asks to keep the active residence."""
    current = facts.asked.subject.current_residence
    return current is not None and current.kept


def residence_may_be_kept(facts: Facts) -> bool:
    """It lies in a listed territory of hostilities or occupation for which no end date is set (R-002)."""
    current = facts.asked.subject.current_residence
    return current is not None and current.occupied is not None and current.occupied.end_date is None


# Who is away.


def removes_absentee(facts: Facts) -> bool:
    """The owner removes whoever is marked as a protected absentee, and nobody has found that they are back (card 2,
    row 9: point 61 of the Procedure)."""
    subject = facts.asked.subject
    return facts.asked.ground == "owner_application" and subject.absence_protected and subject.absence_stands


def absence_bars(facts: Facts) -> bool:
    """The community reads point 61 so that such a removal is not possible."""
    return facts.settings.protected_absence_bars


# What refuses.


def registration_forbidden(facts: Facts) -> bool:
    """An encumbrance that forbids registering: the wording of card 5, read into cards 1, 3, 8, 9 (T-01)."""
    return facts.asked.dwelling.encumbrance == "forbids_registration"


def mortgage_without_consent(facts: Facts) -> bool:
    """In mortgage or trust ownership, without the written consent (T-01)."""
    return mortgaged(facts) and "mortgagee" not in facts.asked.consents


def property_register_differs(facts: Facts) -> bool:
    """The property register says something else than the papers."""
    return not facts.asked.dwelling.property_register_agrees


def something_missing(facts: Facts) -> bool:
    """Something required was not submitted."""
    return bool(facts.missing)


def false_data(facts: Facts) -> bool:
    """What was said is untrue."""
    return facts.asked.false_data


def invalid_document(facts: Facts) -> bool:
    """A submitted document is invalid."""
    return bool(facts.asked.invalid_documents)


def document_expired(facts: Facts) -> bool:
    """A paper that was submitted was valid until a day before the receipt, and by the reading is invalid: any but a
    passport document of a foreigner, which has its own words."""
    return bool(_expired_of_citizens(facts))


def foreigners_document_expired(facts: Facts) -> bool:
    """A passport document of a foreigner or stateless person was valid until a day before the receipt."""
    return bool(_expired_of_foreigners(facts))


def _expired_is_taken(facts: Facts) -> bool:
    """Row 9 of card 2 takes an expired document when the grounds for staying ended (T-02)."""
    return on_end_of_stay(facts) and not facts.asked.does.of_children


def foreigners_document_expired_in_removal(facts: Facts) -> bool:
    """An expired one in card 2, where it is not taken."""
    return foreigners_document_expired(facts) and not _expired_is_taken(facts)


def child_applies(facts: Facts) -> bool:
    """A child under 14 applies; the applicant's age counts, never the subject's (T-39)."""
    return facts.child_files or (under_14(facts) and files_for_self(facts))


def not_among_applicants(facts: Facts) -> bool:
    """The card does not name such an applicant for this ground."""
    return not facts.listed


def not_held_by_dwelling(facts: Facts) -> bool:
    """The owner's side of a dwelling asks for an extract about somebody who does not live there (card 7, rows 8, 9)."""
    return facts.unheld and (asked_by_owner(facts) or asked_by_status(facts))


def authority_not_proved(facts: Facts) -> bool:
    """Acts for another without proof of it: no paper, or one that does not prove it or no longer does."""
    asked = facts.asked
    lapsed = asked.is_over("representative_authority")
    unproved = not asked.applicant.authority_proved or lapsed or "representative_authority" in facts.missing
    return unproved and not files_for_self(facts)


def address_not_assigned(facts: Facts) -> bool:
    """The dwelling has no address assigned in the established order."""
    return not facts.asked.dwelling.address_assigned


def not_a_dwelling(facts: Facts) -> bool:
    """What stands at the address is no housing."""
    return not facts.asked.dwelling.is_dwelling


def parents_live_elsewhere(facts: Facts) -> bool:
    """The registry knows another residence of the parents than the application says, of a child under 14."""
    return under_14(facts) and not facts.asked.parents.registry_agrees


def minors_parents_live_elsewhere(facts: Facts) -> bool:
    """The same of a child of 14 to 17."""
    return from_14_to_17(facts) and not facts.asked.parents.registry_agrees


# What follows.


def granted(facts: Facts) -> bool:
    """The entry is made."""
    return facts.granted


def refused(facts: Facts) -> bool:
    """A ground of refusal holds."""
    return facts.refused


def late_citizen(facts: Facts) -> bool:
    """A citizen, later than 30 calendar days after removal (cards 1, 3, row 16): not a newborn who is late."""
    return facts.late and facts.holder_citizenship == "ua" and _passed(facts.asked.subject.deregistered_on, facts)


def late_foreigner(facts: Facts) -> bool:
    """A foreigner, late after removal or after receiving a permit; other certificates do not count (T-33)."""
    if not facts.late or facts.holder_citizenship == "ua":
        return False
    by_permit = facts.holder_document in PERMITS and _passed(facts.permit_received_on, facts)
    return by_permit or _passed(facts.asked.subject.deregistered_on, facts)


def citizens_passport_invalid(facts: Facts) -> bool:
    """An invalid passport of a citizen of Ukraine (cards 1, 2, 3, row 16)."""
    return any(citizenship == "ua" and kind in _PASSPORTS for citizenship, kind in invalid_identities(facts).values())


def foreigners_document_invalid(facts: Facts) -> bool:
    """An invalid document of a foreigner or stateless person (cards 1, 2, 3, row 16), or by the community's reading one
    that has expired."""
    if not facts.settings.expired_permit_referred:
        facts = replace(facts, asked=replace(facts.asked, valid_until={}))
    return any(citizenship != "ua" for citizenship, _ in invalid_identities(facts).values())


def batch_overdue(facts: Facts) -> bool:
    """An institution collected a homeless person's papers more than a week ago (card 1, row 9)."""
    collected = facts.asked.documents_collected_on
    return collected is not None and facts.day - collected > _WEEK


def history_requested(facts: Facts) -> bool:
    """Previous periods are asked for."""
    return facts.asked.extract is not None and facts.asked.extract.history_requested


def about_removed_residence(facts: Facts) -> bool:
    """A removed residence is asked about: card 71-04."""
    return facts.asked.extract is not None and facts.asked.extract.state == "removed"


def about_standing_residence(facts: Facts) -> bool:
    """Any other: card 71-03."""
    return not about_removed_residence(facts)


def formed_within_24_hours(facts: Facts) -> bool:
    """From the first to the last declaration of a family (card 9, row 9; T-37)."""
    formed = facts.asked.family_formed
    return bool(formed) and max(formed) - min(formed) <= _DAY


def _passed(event: date | None, facts: Facts) -> bool:
    return event is not None and facts.day > event + _TERM


def _identities(facts: Facts) -> dict[str, tuple[str, str]]:
    """Citizenship and kind of each identity document that may be submitted, by its id."""
    asked = facts.asked
    shown = (facts.holder_citizenship, facts.holder_document)
    theirs = (asked.applicant.citizenship, asked.applicant.identity_document)
    return {
        "identity_document": shown,
        "parent_identity_document": shown,
        "foreigner_passport": (asked.subject.citizenship, asked.subject.identity_document),
        "representative_identity": theirs,
        "owner_identity": theirs,
    }


def invalid_identities(facts: Facts) -> dict[str, tuple[str, str]]:
    """Citizenship and kind of each identity document that was submitted and is invalid, or expired where an expired one
    is not taken (card 2, row 9), by its id."""
    invalid = facts.asked.invalid_documents
    if facts.asked.valid_until and not _expired_is_taken(facts):
        invalid |= _expired_of_citizens(facts) | _expired_of_foreigners(facts)
    return {name: whose for name, whose in _identities(facts).items() if name in invalid} if invalid else {}


def _expired(facts: Facts) -> set[str]:
    """The papers whose last day has passed, but for those that the law takes for longer: by their id or their kind."""
    taken = facts.settings.expired_taken_until
    found = _over(facts)
    if not found or not taken:
        return found
    identities = _identities(facts)
    kinds = {name: identities[name][1] if name in identities else name for name in found}
    until = {name: max(taken.get(name, _NEVER), taken.get(kinds[name], _NEVER)) for name in found}
    return {name for name in found if until[name] < facts.asked.day_of(name)}


def expired_and_taken(facts: Facts) -> bool:
    """A paper whose last day has passed is taken by law for longer: so the community notes."""
    return bool(facts.settings.expired_taken_until) and _expired(facts) != _over(facts)


def _over(facts: Facts) -> set[str]:
    """The papers whose last day has passed."""
    return {name for name in facts.asked.valid_until if facts.asked.is_over(name)}


def _expired_of_foreigners(facts: Facts) -> set[str]:
    expired = _expired(facts)
    identities = _identities(facts) if expired else {}
    return {name for name in expired if name in identities and identities[name][0] != "ua"}


def _expired_of_citizens(facts: Facts) -> set[str]:
    """What was submitted and is over: a declaration shows the identity document itself. A title that ended gives no
    right, and a lapsed authority proves none: neither is an invalid paper."""
    if not facts.settings.citizens_expired_invalid or not facts.asked.valid_until:
        return set()
    asked, by_portal = facts.asked, facts.asked.does.settles == "declared"
    shown = asked.documents | asked.invalid_documents | ({"identity_document"} if by_portal else set())
    return (_expired(facts) & shown) - _expired_of_foreigners(facts) - _NOT_INVALID
