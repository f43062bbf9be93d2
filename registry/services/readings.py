"""When a decision rests on a reading: what the cards leave to be read otherwise, and bears on an application.

A card lists its readings (`[[readings]]`) like its rules, each with its conditions; those that hold are told with the
decision. The words of each are in `texts.toml`, by the T-number of `rules.md` or the name of a field of `Readings`.
"""

from dataclasses import replace
from datetime import timedelta

from registry.services.application import Facts
from registry.services.grounds import (
    document_expired,
    foreigners_document_expired,
    foreigners_document_expired_in_removal,
    formed_within_24_hours,
    late_foreigner,
    moves_with_removal,
)
from registry.services.predicates import (
    another_parent,
    bound_to_military_record,
    childs_place_decided,
    filed_by_owners_side,
    files_for_self,
    from_14_to_17,
    in_military_unit,
    in_social_institution,
    mortgaged,
    on_end_of_stay,
    on_homeless_record,
    parents_at_one_address,
    rental_not_ended,
    right_document_held,
    serves_in_unit,
    shown_by_foreigner,
    under_14,
    without_full_capacity,
)

_SATURDAY = 5
_TERM = timedelta(days=30)


def encumbered_otherwise(facts: Facts) -> bool:
    """Encumbered, but by nothing that forbids registering (T-01)."""
    return facts.asked.dwelling.encumbrance == "other" or mortgaged(facts)


def expired_at_end_of_stay(facts: Facts) -> bool:
    """An expired document, shown when the grounds for staying ended (T-02)."""
    return on_end_of_stay(facts) and foreigners_document_expired(facts)


def stays_with_a_certificate(facts: Facts) -> bool:
    """Serves in the unit or is in a social institution, by its certificate, and shows another document than that of an
    asylum seeker (card 71-05; T-43)."""
    certified = serves_in_unit(facts) or in_social_institution(facts)
    return certified and facts.holder_document != "protection_application_certificate"


def consent_of_units_person(facts: Facts) -> bool:
    """Settles in a military unit without a title (T-44)."""
    return in_military_unit(facts) and not right_document_held(facts)


def expired_of_citizen(facts: Facts) -> bool:
    """A paper whose term is over, and no passport document of a foreigner: whether that is invalid is read."""
    if not facts.asked.valid_until:
        return False
    return document_expired(replace(facts, settings=replace(facts.settings, citizens_expired_invalid=True)))


def declared_without_military_data(facts: Facts) -> bool:
    """Liable for military duty, and the declaration says nothing of the record (card 8, row 9)."""
    return bound_to_military_record(facts) and "military_data" not in facts.asked.documents


def expired_of_foreigner(facts: Facts) -> bool:
    """An expired passport document of a foreigner, where it is not taken: whether ДМС is to see to it is read."""
    return foreigners_document_expired_in_removal(facts)


def filed_by_proxy(facts: Facts) -> bool:
    """By power of attorney (T-05)."""
    return facts.asked.applicant.kind == "proxy_representative"


def on_notice_named_elsewhere(facts: Facts) -> bool:
    """A notice that the card names among what is free, and not among its grounds; card 2 names that of ДМС (T-07)."""
    ground, of_children = facts.asked.ground, facts.asked.does.of_children
    return ground in ("institution_notice", "authorised_person_notice") or (of_children and ground == "dms_notice")


def paid_court_removal(facts: Facts) -> bool:
    """The one court's ground that the card does not name among what is free (T-09)."""
    return facts.asked.ground == "court_removal" and facts.fee > 0


def other_parent_at_one_address(facts: Facts) -> bool:
    """Whether the other parent is asked at one address is read (T-11)."""
    return another_parent(facts) and parents_at_one_address(facts) and not childs_place_decided(facts)


def decision_instead_of_other_parent(facts: Facts) -> bool:
    """A court or the guardianship body decided, which takes the place of a consent that would be asked (T-11)."""
    return another_parent(facts) and not parents_at_one_address(facts) and childs_place_decided(facts)


def in_time_by_later_event(facts: Facts) -> bool:
    """A foreigner in time by the later of two events, and late by the earlier (T-12)."""
    subject = facts.asked.subject
    events = (facts.permit_received_on, subject.deregistered_on, subject.birth_registered_on)
    passed = any(event is not None and facts.day > event + _TERM for event in events)
    return shown_by_foreigner(facts) and not facts.late and passed and not moves_with_removal(facts)


def said_to_be_emancipated(facts: Facts) -> bool:
    """Said to be of full capacity before 18 (T-20)."""
    return from_14_to_17(facts) and facts.asked.subject.capacity == "emancipated"


def served_and_referred(facts: Facts) -> bool:
    """A late foreigner who is granted the service all the same (T-29)."""
    return facts.granted and late_foreigner(facts)


def late_and_not_referred(facts: Facts) -> bool:
    """A foreigner is late by the duty to apply, and by nothing for which ДМС is to see to him (T-33)."""
    return facts.late and shown_by_foreigner(facts) and not late_foreigner(facts)


def late_after_day_off(facts: Facts) -> bool:
    """Late on the first working day after a last day that was a Saturday or a Sunday (T-25)."""
    last = facts.last_in_time
    return last is not None and last.weekday() >= _SATURDAY and facts.day <= last + timedelta(7 - last.weekday())


def adult_without_full_capacity(facts: Facts) -> bool:
    """Of 14 or more, and without full capacity: card 4 speaks of them too (T-40)."""
    return without_full_capacity(facts) and not under_14(facts)


def several_persons(facts: Facts) -> bool:
    """Asked for several people at once (T-42)."""
    return facts.asked.persons > 1


def homeless_files_alone(facts: Facts) -> bool:
    """Homeless, or settling in a social institution, and files without it (T-45)."""
    return files_for_self(facts) and (on_homeless_record(facts) or in_social_institution(facts))


def days_added_where_silent(facts: Facts) -> bool:
    """The community gives days to what follows and has no term by the card."""
    return facts.granted and facts.settings.days_where_silent > 0


def leaves_address_of_other_kind(facts: Facts) -> bool:
    """A residence is removed for a stay, or a stay for a residence (T-31)."""
    current = facts.asked.subject.current_residence
    stays = facts.asked.does.settles == "stay"
    return moves_with_removal(facts) and current is not None and (current.kind == "stay") is not stays


def saturday_in_term(facts: Facts) -> bool:
    """By wire, and a Saturday stands between the receipt and the last day for the entry (T-32)."""
    days = (facts.due_by - facts.day).days if facts.due_by else 0
    saturday = any((facts.day + timedelta(number)).weekday() == _SATURDAY for number in range(days + 1))
    return facts.asked.channel != "office" and saturday


def family_formed_apart(facts: Facts) -> bool:
    """The declarations of a family were formed more than 24 hours apart (T-37)."""
    return bool(facts.asked.family_formed) and not formed_within_24_hours(facts)


def open_ended_rental(facts: Facts) -> bool:
    """The owner's side removes whoever lives there by a contract without an end (T-41)."""
    rental = facts.asked.dwelling.rental
    return filed_by_owners_side(facts) and rental_not_ended(facts) and rental is not None and rental.until is None
