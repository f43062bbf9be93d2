"""The conditions that the cards name: one function a name, from the facts to yes or no.

With `grounds.py` this is all of the law that is code. A card says `when = [...]` (all hold) and `unless = [...]` (none
holds). Every public function of the two is used by a card, and every name that a card uses is a function of one.
"""

from registry.services.application import Facts

_APPLICATIONS = ("application", "owner_application", "emigration", "stay_ended")
_COURT = ("court_ownership_lost", "court_use_lost", "court_eviction", "court_missing", "court_declared_dead")
_DEATH = ("death_certificate", "death_data", "foreign_death_document")
_TOLD = ("dms_notice", "permit_cancelled", "registered_elsewhere_notice")
_NOTICES = (*_TOLD, "institution_notice", "authorised_person_notice", "official_request")
_LEGAL_REPRESENTATIVES = ("parent", "legal_representative")
_OWNERS = ("dwelling_owner", "dwelling_co_owner")
_DORMITORIES = ("dormitory_school", "dormitory_other")
_OF_ORPHANS = ("orphan_institution", "family_type_home", "foster_family")
OF_CITIZENS = ("passport_card", "passport_booklet", "passport_travel", "temporary_ua_certificate")
"""The identity documents that only a citizen of Ukraine has."""
PERMITS = ("permanent_permit", "temporary_permit")
_FOR_DIIA = ("passport_card", "passport_travel", *PERMITS)


# Age, on the day of receipt.


def under_14(facts: Facts) -> bool:
    """Not yet 14."""
    return facts.age < 14


def from_14_to_17(facts: Facts) -> bool:
    """From the fourteenth birthday to the day before the eighteenth; by age alone (T-20)."""
    return 14 <= facts.age < 18


def under_16(facts: Facts) -> bool:
    """The threshold of the older cards (R-149)."""
    return facts.age < 16


# The person.


def citizen(facts: Facts) -> bool:
    """The subject is a citizen of Ukraine."""
    return facts.asked.subject.citizenship == "ua"


def bound_to_military_record(facts: Facts) -> bool:
    """A citizen who is or has to be on the military record (R-044)."""
    return citizen(facts) and facts.asked.subject.military_duty


def military_data_demanded(facts: Facts) -> bool:
    """The community takes a declaration without the data of the military record for incomplete (card 8, rows 9, 13)."""
    return facts.settings.military_data_demanded


def shown_by_foreigner(facts: Facts) -> bool:
    """Whoever shows the identity document is a foreigner or stateless person: of a child the parent who files."""
    return facts.holder_citizenship != "ua"


def foreigner_by_permit(facts: Facts) -> bool:
    """A foreigner or stateless person who shows a permanent or temporary permit (card 1, row 9); so does one of whom no
    document of a foreigner was named."""
    return not citizen(facts) and facts.asked.subject.identity_document in (*PERMITS, *OF_CITIZENS)


def without_full_capacity(facts: Facts) -> bool:
    """Limited in capacity or incapable by a court's decision."""
    return facts.asked.subject.capacity in ("limited", "incapable")


def emancipation_counts(facts: Facts) -> bool:
    """Said to be of full capacity before 18, where the community asks consents by capacity and not by age (T-20)."""
    said = facts.asked.subject.capacity == "emancipated"
    return from_14_to_17(facts) and said and not facts.settings.consents_by_age


def emancipated(facts: Facts) -> bool:
    """The same, and the paper of it was shown."""
    return emancipation_counts(facts) and "emancipation_document" in facts.asked.documents


def orphan(facts: Facts) -> bool:
    """An orphan or a child deprived of parental care."""
    return facts.asked.subject.orphan


def needs_guardianship_body(facts: Facts) -> bool:
    """An orphan, or somebody under guardianship or care (cards 2, 4, row 9)."""
    return facts.asked.subject.orphan or facts.asked.subject.guardianship


def on_homeless_record(facts: Facts) -> bool:
    """On the record of homeless persons."""
    return facts.asked.subject.homeless_record


def serves_in_unit(facts: Facts) -> bool:
    """Serves in the military unit at the address, not as a conscript (card 71-05)."""
    return facts.asked.subject.serves_in_unit


def born_abroad(facts: Facts) -> bool:
    """The birth is registered by a body of a foreign state."""
    return facts.asked.subject.birth_registered_abroad


def first_registration_of_foreigners_child(facts: Facts) -> bool:
    """Registered for the first time, with a foreigner as a parent in the birth certificate (R-047)."""
    first = facts.asked.subject.first_registration and facts.asked.parents.foreigner_in_birth_certificate
    return first and citizen(facts)


def adopted_with_new_name(facts: Facts) -> bool:
    """Adopted with a change of name (card 4, row 9)."""
    return facts.asked.subject.adopted_with_new_name


# Who files, and how.


def at_office(facts: Facts) -> bool:
    """A visit to the office."""
    return facts.asked.channel == "office"


def electronically(facts: Facts) -> bool:
    """Through Портал Дія or «єМалятко»."""
    return facts.asked.channel in ("diia", "emaliatko")


def through_diia(facts: Facts) -> bool:
    """Through Портал Дія."""
    return facts.asked.channel == "diia"


def through_emaliatko(facts: Facts) -> bool:
    """By an e-application under «єМалятко»."""
    return facts.asked.channel == "emaliatko"


def asks_for_the_person(facts: Facts) -> bool:
    """The person or the person's own legal representative: who may ask for history (card 7, row 16)."""
    return files_for_self(facts) or filed_by_legal_representative(facts)


def by_notice(facts: Facts) -> bool:
    """A message of another body: nobody applied."""
    return facts.asked.channel == "notice" or facts.asked.applicant.kind == "civil_registry"


def newborn_by_emaliatko(facts: Facts) -> bool:
    """A newborn under «єМалятко»: the data come from the civil registry (R-105, R-107)."""
    return facts.asked.channel in ("emaliatko", "notice") and facts.asked.subject.birth_registered_on is not None


def files_for_self(facts: Facts) -> bool:
    """The applicant is the subject."""
    return facts.asked.applicant.kind == "person"


def filed_by_representative(facts: Facts) -> bool:
    """A legal representative (a parent is one) or a representative by proxy."""
    return facts.asked.applicant.kind in (*_LEGAL_REPRESENTATIVES, "proxy_representative")


def filed_by_legal_representative(facts: Facts) -> bool:
    """A parent, adopter, guardian or carer."""
    return facts.asked.applicant.kind in _LEGAL_REPRESENTATIVES


def represents_young_child(facts: Facts) -> bool:
    """A legal representative of a child under 14, who proves no authority for a stay (card 5, row 9)."""
    return under_14(facts) and filed_by_legal_representative(facts)


def parent_of_young_child(facts: Facts) -> bool:
    """A parent or adopter of a child under 14 (card 6, row 9; cards 71-01 to 71-05)."""
    return under_14(facts) and _filed_by_parent(facts)


def filed_by_guardianship_body(facts: Facts) -> bool:
    """The guardianship body."""
    return facts.asked.applicant.kind == "guardianship_body"


def filed_by_owner(facts: Facts) -> bool:
    """The owner or a co-owner of the dwelling."""
    return facts.asked.applicant.kind in _OWNERS


def filed_by_co_owner(facts: Facts) -> bool:
    """One of several owners, by whatever word: an owner of a dwelling that has more, or that the subject owns too; or
    whoever represents one."""
    kind, home = facts.asked.applicant.kind, facts.asked.dwelling
    of_several = home.owners > 1 or home.subject_is_owner
    return kind == "dwelling_co_owner" or (kind in ("dwelling_owner", "owner_representative") and of_several)


def filed_for_owner(facts: Facts) -> bool:
    """The owner or a co-owner of the dwelling, or a representative of one."""
    return facts.asked.applicant.kind in (*_OWNERS, "owner_representative")


def filed_by_owners_representative(facts: Facts) -> bool:
    """A representative of the owner of the dwelling."""
    return facts.asked.applicant.kind == "owner_representative"


def owners_representative_admitted(facts: Facts) -> bool:
    """The community lets representatives of owners remove (card 2, rows 8, 9)."""
    return facts.settings.owner_representative_removes


def filed_by_owners_side(facts: Facts) -> bool:
    """The owner, a co-owner, whoever represents one, or the authorised person of the dwelling."""
    return facts.asked.applicant.kind in (*_OWNERS, "owner_representative", "dwelling_authorised_person")


def filed_by_authorised_person(facts: Facts) -> bool:
    """The authorised person of the dwelling."""
    return facts.asked.applicant.kind == "dwelling_authorised_person"


def asked_by_owner(facts: Facts) -> bool:
    """An owner asks for an extract, himself or by his legal representative (card 7, rows 8, 9)."""
    return facts.asked.applicant.kind in (*_OWNERS, "owner_representative")


def asked_by_legal_representative(facts: Facts) -> bool:
    """The legal representative of the person or of an owner, or whom a setting admits (card 7, rows 8, 9)."""
    kinds = (*_LEGAL_REPRESENTATIVES, "owner_representative")
    return facts.asked.applicant.kind in kinds or (
        facts.asked.applicant.kind == "proxy_representative" and facts.settings.proxy_gets_extract
    )


def asked_by_status(facts: Facts) -> bool:
    """By a status for which card 7 names no document: T-13."""
    return facts.asked.applicant.kind in ("dwelling_authorised_person", "mortgagee", "trust_owner")


def official_requests_answered(facts: Facts) -> bool:
    """The community gives extracts on the official requests of bodies, which card 7 does not name."""
    return facts.settings.official_requests


def proxy_admitted(facts: Facts) -> bool:
    """The community gives extracts to representatives by proxy (T-05)."""
    return facts.settings.proxy_gets_extract


def parent_of_adult(facts: Facts) -> bool:
    """A parent of somebody of 18 with full capacity, whom parents do not represent."""
    return _filed_by_parent(facts) and facts.age >= 18 and not without_full_capacity(facts)


def channel_not_admitted(facts: Facts) -> bool:
    """The card does not admit this way of asking (rows 9, 10, 16)."""
    return not facts.admitted


def not_a_notice(facts: Facts) -> bool:
    """Called a notice, it comes from somebody who sends none on this ground."""
    return facts.asked.channel == "notice" and not facts.is_notice


def only_as_notice(facts: Facts) -> bool:
    """What another body or the authorised person tells of did not come as a notice."""
    return facts.asked.ground in _NOTICES and facts.asked.channel != "notice"


# On what ground.


def on_application(facts: Facts) -> bool:
    """Somebody applied: the person, a representative or the owner's side."""
    return facts.asked.ground in _APPLICATIONS


def on_owners_application(facts: Facts) -> bool:
    """The owner of the dwelling applied, or the authorised person (card 2, rows 8, 16)."""
    ground = facts.asked.ground
    return ground == "owner_application" or (ground == "application" and filed_by_owners_side(facts))


def on_emigration(facts: Facts) -> bool:
    """Documents for permanent residence abroad are being made."""
    return facts.asked.ground == "emigration"


def on_end_of_stay(facts: Facts) -> bool:
    """The grounds for staying in Ukraine ended."""
    return facts.asked.ground == "stay_ended"


def on_court_decision(facts: Facts) -> bool:
    """A court decided, of whichever of the six kinds."""
    return facts.asked.ground in (*_COURT, "court_removal")


def on_death_certificate(facts: Facts) -> bool:
    """A death certificate was brought."""
    return facts.asked.ground == "death_certificate"


def on_foreign_death_document(facts: Facts) -> bool:
    """The legalised document of another state about the death was brought."""
    return facts.asked.ground == "foreign_death_document"


def foreign_death_document_taken(facts: Facts) -> bool:
    """The community takes it from whoever brings it, not only from ДМС."""
    return facts.settings.foreign_death_document


def permit_of_citizen(facts: Facts) -> bool:
    """ДМС tells of a cancelled permit of somebody who, as a citizen, has none."""
    return facts.asked.ground == "permit_cancelled" and citizen(facts)


def without_anybodys_will(facts: Facts) -> bool:
    """A court's decision, a death, or what another body tells of: no consent is asked."""
    return facts.asked.ground in (*_COURT, "court_removal", *_DEATH, *_TOLD)


def not_a_residence_mistake(facts: Facts) -> bool:
    """Something else than mistaken residence data (card 6, row 9)."""
    return facts.asked.ground != "residence_mistake"


# The dwelling.


def right_document_held(facts: Facts) -> bool:
    """There is a document of the right to live in the dwelling: it was named, or the subject says to own what no
    register shows to be owned, and so has one to show. What has ended gives no right any more."""
    home = facts.asked.dwelling
    unknown = owners_consent_counts(facts) and (not home.in_property_register or home.owners < 1)
    ended = _rental_ended(facts) or facts.asked.is_over("dwelling_right_document")
    return (home.right_document_held and not ended) or (home.subject_is_owner and unknown)


def minor_at_parents_address(facts: Facts) -> bool:
    """Under 18, at the registered address of a parent (card 5, row 9; card 8; T-06)."""
    return facts.age < 18 and bool(facts.asked.parents.dwelling_is_parents)


def in_childrens_institution(facts: Facts) -> bool:
    """An institution for orphans, a family-type home or a foster family (card 3, row 11.2)."""
    return facts.asked.dwelling.kind in _OF_ORPHANS


def moves_to_childrens_institution(facts: Facts) -> bool:
    """The child moves to such a one (card 4, row 11.2)."""
    return facts.asked.moves_to in _OF_ORPHANS


def in_social_institution(facts: Facts) -> bool:
    """A specialised social institution."""
    return facts.asked.dwelling.kind == "social_institution"


def owners_consent_counts(facts: Facts) -> bool:
    """A dwelling of owners: private, or the home of a foster family or a family-type home."""
    return facts.asked.dwelling.kind in ("private", "foster_family", "family_type_home")


def tenants_consent_counts(facts: Facts) -> bool:
    """A state or communal dwelling, let to a tenant."""
    return facts.asked.dwelling.kind == "state_or_communal"


def managers_consent_counts(facts: Facts) -> bool:
    """A dormitory, an institution or a military unit, which an authorised person manages (T-44)."""
    return facts.asked.dwelling.kind in (*_DORMITORIES, "orphan_institution", "military_unit")


def in_military_unit(facts: Facts) -> bool:
    """A military unit (card 71-05; T-44)."""
    return facts.asked.dwelling.kind == "military_unit"


def private_dwelling(facts: Facts) -> bool:
    """A dwelling of private ownership."""
    return facts.asked.dwelling.kind == "private"


def in_dormitory(facts: Facts) -> bool:
    """Any dormitory."""
    return facts.asked.dwelling.kind in _DORMITORIES


def in_school_dormitory(facts: Facts) -> bool:
    """A dormitory managed by an educational institution."""
    return facts.asked.dwelling.kind == "dormitory_school"


def learner_in_school_dormitory(facts: Facts) -> bool:
    """A learner in a dormitory of an educational institution (cards 1, 5, row 9)."""
    return facts.asked.subject.learner and in_school_dormitory(facts)


def learner_in_dormitory(facts: Facts) -> bool:
    """A learner in any dormitory, while learning (card 8, row 9; T-36)."""
    return facts.asked.subject.learner and in_dormitory(facts)


def subject_is_owner(facts: Facts) -> bool:
    """The subject owns the dwelling or a share of it."""
    return facts.asked.dwelling.subject_is_owner


def mortgaged(facts: Facts) -> bool:
    """In mortgage or trust ownership."""
    return facts.asked.dwelling.mortgaged


def rental_not_ended(facts: Facts) -> bool:
    """The contract that the residence rests on still runs; an open-ended one until its termination (T-41)."""
    return facts.asked.dwelling.rental is not None and not _rental_ended(facts)


def outside_community(facts: Facts) -> bool:
    """The dwelling lies in another community or abroad: by the register, whatever is said of it (semantics 3)."""
    return facts.outside


def not_for_diia(facts: Facts) -> bool:
    """Neither a private dwelling in the property register nor somebody else's dormitory (card 8, row 8)."""
    private = private_dwelling(facts) and facts.asked.dwelling.in_property_register
    return not private and not (in_dormitory(facts) and not subject_is_owner(facts))


# The parents.


def another_parent(facts: Facts) -> bool:
    """Besides the one who files there is another parent or legal representative; an orphan has none to ask."""
    return facts.asked.parents.other_exists and not orphan(facts)


def one_parent_is_enough(facts: Facts) -> bool:
    """The parents live at one address, or there is only one of them."""
    return facts.asked.parents.same_address or not another_parent(facts)


def parents_at_one_address(facts: Facts) -> bool:
    """The residences of both parents are registered at one address."""
    return facts.asked.parents.same_address


def childs_place_decided(facts: Facts) -> bool:
    """A court or the guardianship body has decided where the child lives."""
    return facts.asked.parents.child_place_decided


def not_parents_address(facts: Facts) -> bool:
    """The dwelling is no registered address of a parent."""
    return not facts.asked.parents.dwelling_is_parents


def parent_not_in_registry(facts: Facts) -> bool:
    """No parent has the residence asked for in this registry (card 3, row 9)."""
    return not facts.asked.parents.in_this_registry or not_parents_address(facts)


# Payment and the portal.


def fee_due(facts: Facts) -> bool:
    """Something is to be paid."""
    return facts.fee > 0


def paid_by_one_receipt(facts: Facts) -> bool:
    """For people whom an owner removes there are fewer receipts than people, over the whole sum (card 2, row 9)."""
    asked = facts.asked
    return on_owners_application(facts) and facts.paid_in_full and asked.persons > (asked.payments or 0)


def portal_check_failed(facts: Facts) -> bool:
    """The portal stopped forming the declaration."""
    return not facts.asked.portal_check_passed


def document_not_for_diia(facts: Facts) -> bool:
    """None of the documents that declaring is open to (cards 8, 9, row 8)."""
    return facts.holder_document not in _FOR_DIIA


def _filed_by_parent(facts: Facts) -> bool:
    """A parent or adopter."""
    return facts.asked.applicant.kind == "parent"


def _rental_ended(facts: Facts) -> bool:
    """There was a contract, and it is over: its last day, which still counts, has passed, or it was terminated."""
    rental, day = facts.asked.dwelling.rental, facts.day
    if rental is None:
        return False
    terminated = rental.terminated_on is not None and rental.terminated_on <= day
    return terminated or (rental.until is not None and rental.until < day)
