"""What a visitor is asked before a visit: closed lists alone, so that nothing of anybody can be said in an answer.

A question names the conditions of the cards that its answers decide (`predicates.py`, `grounds.py`), and is asked only
where a rule of the card still waits for one of them (`path.py`). An answer is facts of an application, as plain data.
"""

from collections.abc import Mapping
from typing import Any

from api.bring.shape import Ago, Context, Held, Option, Question, always
from registry.services.predicates import OF_CITIZENS


def _yes_no(path: str, *, no: Mapping[str, Any] | None = None) -> tuple[Option, ...]:
    return Option(id="yes", facts={path: True}), Option(id="no", facts=no or {})


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


def _channel(id: str) -> Option:
    return Option(id=id, facts={"channel": id}, offered=lambda context: id in context.card.service.channels)


def _ground(id: str, *, by_portal: bool = False) -> Option:
    def offered(context: Context) -> bool:
        named = any(rule.id == id for rule in context.card.rules["grounds"])
        return named and (by_portal or not context.said("channel", "diia", "emaliatko"))

    return Option(id=id, facts={"ground": id}, offered=offered)


def _kind(id: str, offered: Held | None = None) -> Option:
    """An applicant; unless said otherwise, one whom the card names for the ground. To correct a record it names
    everybody alike, so that it only matters whether somebody else than the person comes."""

    def named(context: Context) -> bool:
        if context.card.service.corrects:
            return False
        ground = context.answers.get("ground", "application")
        rules = context.card.rules["applicants"]
        return any(id in rule.kinds and (not rule.grounds or ground in rule.grounds) for rule in rules)

    return Option(id=id, facts={"applicant.kind": id}, offered=offered or named)


def _paper(whose: str, id: str) -> Option:
    citizens = id in OF_CITIZENS
    asked = "citizenship" if whose == "subject" else "filer"
    other = {} if citizens else {f"{whose}.citizenship": "stateless" if id == "stateless_document" else "foreigner"}

    def offered(context: Context) -> bool:
        return context.said(asked, "ua") if citizens else not context.said(asked, "ua")

    return Option(id=id, facts={f"{whose}.identity_document": id, **other}, offered=offered)


def _citizenship(whose: str) -> tuple[Option, ...]:
    def of_citizens(context: Context) -> bool:
        return not context.said("ground", "stay_ended")

    return (
        Option(id="ua", facts={f"{whose}.citizenship": "ua"}, offered=of_citizens),
        Option(id="foreigner", facts={f"{whose}.citizenship": "foreigner"}),
    )


def _papers(whose: str) -> tuple[Option, ...]:
    return tuple(_paper(whose, id) for id in _IDENTITY)


def applying(context: Context) -> bool:
    """Somebody asks of their own will: neither a court has decided, nor did anybody die."""
    return not context.said("ground", "court_eviction", "court_removal", "death_certificate", "foreign_death_document")


def _by_applicant(context: Context) -> bool:
    """The identity document is that of whoever files (`application.shown_by_applicant`)."""
    does = context.card.service
    return does.of_children or ((does.corrects or does.informs) and not context.said("who", "person"))


def _owners_side(context: Context) -> bool:
    return context.said("who", *_OWNERS_SIDE)


def _after(event: str) -> Held:
    return lambda context: any(event in rule.after for rule in context.card.lateness)


def _home(id: str, offered: Held = always) -> Option:
    return Option(id=id, facts={"dwelling.kind": id}, offered=offered)


_OWNERS_SIDE = ("dwelling_owner", "dwelling_co_owner", "owner_representative", "dwelling_authorised_person")
_IDENTITY = (
    *OF_CITIZENS,
    "permanent_permit",
    "temporary_permit",
    "refugee_certificate",
    "additional_protection_certificate",
    "temporary_protection_certificate",
    "stateless_document",
    "protection_application_certificate",
    "other",
)
_PARENTS = _of("another_parent", "one_parent_is_enough", "parents_at_one_address", "orphan", "needs_guardianship_body")
_OF_AGE = _of("under_14", "from_14_to_17", "under_16", "minor_at_parents_address", "parent_of_adult", "child_applies")
_FILED = _of(
    *("files_for_self", "filed_by_representative", "filed_by_legal_representative", "filed_by_owner"),
    *("filed_for_owner", "filed_by_owners_representative"),
    *("filed_by_co_owner", "filed_by_owners_side", "filed_by_authorised_person", "filed_by_guardianship_body"),
    *("represents_young_child", "parent_of_young_child", "parent_of_adult", "child_applies", "without_full_capacity"),
    *("asked_by_owner", "asked_by_legal_representative", "asked_by_status", "on_owners_application"),
)
_SHOWN = _of("shown_by_foreigner", "document_not_for_diia", "accepted")

QUESTIONS: tuple[Question, ...] = (
    Question(id="channel", leads=True, options=tuple(map(_channel, ("office", "diia", "emaliatko")))),
    Question(
        id="ground",
        leads=True,
        options=(
            _ground("application", by_portal=True),
            _ground("emigration", by_portal=True),
            _ground("stay_ended", by_portal=True),
            # One for all decisions of a court that a card names together: what they ask and cost is the same.
            _ground("court_eviction"),
            _ground("court_removal"),
            _ground("death_certificate"),
            _ground("foreign_death_document"),
            _ground("residence_mistake"),
            _ground("personal_data_change"),
        ),
    ),
    Question(
        id="age",
        decides=_OF_AGE | _of("emancipation_counts", "emancipated", "represents_young_child", "parent_of_young_child"),
        options=(
            Option(id="child", facts={"subject.born": Ago(2_700)}),
            Option(
                id="teen",
                facts={"subject.born": Ago(5_960)},
                offered=lambda context: not context.card.service.of_children,
            ),
            Option(
                id="adult",
                facts={"subject.born": Ago(14_700)},
                offered=lambda context: not context.card.service.of_children,
            ),
        ),
    ),
    Question(
        id="who",
        leads=True,
        decides=_FILED,
        options=(
            _kind("person", lambda context: applying(context) and not context.card.service.of_children),
            _kind("parent", lambda context: applying(context) and context.minor),
            _kind("legal_representative", applying),
            _kind("proxy_representative", applying),
            *(
                _kind(id)
                for id in (
                    "dwelling_owner",
                    "dwelling_co_owner",
                    "owner_representative",
                    "dwelling_authorised_person",
                    "mortgagee",
                    "trust_owner",
                    "social_institution",
                    "guardianship_body",
                )
            ),
        ),
        fitting=applying,
    ),
    Question(
        id="parents",
        decides=_PARENTS,
        fitting=lambda context: context.minor,
        options=(
            Option(id="together"),
            Option(id="apart", facts={"parents.same_address": False}),
            Option(id="one", facts={"parents.other_exists": False}),
            Option(id="orphan", facts={"subject.orphan": True}),
        ),
    ),
    Question(
        id="other_representative",
        decides=_of("another_parent"),
        fitting=lambda context: not context.minor and context.said("who", "legal_representative"),
        options=(Option(id="yes"), Option(id="no", facts={"parents.other_exists": False})),
    ),
    Question(
        id="decided",
        decides=_of("childs_place_decided"),
        fitting=lambda context: context.minor,
        options=_yes_no("parents.child_place_decided"),
    ),
    Question(
        id="there",
        decides=_of("minor_at_parents_address", "not_parents_address", "parent_not_in_registry"),
        fitting=lambda context: context.minor and not context.card.service.removes,
        options=_yes_no("parents.dwelling_is_parents", no={"parents.dwelling_is_parents": False}),
    ),
    Question(
        id="ward",
        decides=_of("needs_guardianship_body", "adopted_with_new_name"),
        fitting=lambda context: context.minor or _owners_side(context),
        options=(
            Option(id="no"),
            Option(id="yes", facts={"subject.guardianship": True}),
            Option(
                id="adopted",
                facts={"subject.adopted_with_new_name": True},
                offered=lambda context: "adopted_with_new_name" in context.names,
            ),
        ),
    ),
    Question(
        id="citizenship",
        decides=_SHOWN
        | _of("citizen", "bound_to_military_record", "foreigner_by_permit", "first_registration_of_foreigners_child"),
        options=_citizenship("subject"),
    ),
    Question(
        id="document",
        decides=_SHOWN | _of("foreigner_by_permit"),
        fitting=lambda context: not _by_applicant(context),
        options=_papers("subject"),
    ),
    Question(
        id="filer",
        decides=_SHOWN,
        fitting=lambda context: _by_applicant(context) and not context.said("who", "guardianship_body"),
        options=_citizenship("applicant"),
    ),
    Question(
        id="filer_document",
        decides=_SHOWN - {"shown_by_foreigner"},
        fitting=lambda context: _by_applicant(context) and "filer" in context.answers,
        options=_papers("applicant"),
    ),
    Question(id="born_abroad", decides=_of("born_abroad"), options=_yes_no("subject.birth_registered_abroad")),
    Question(
        id="before",
        decides=_of("moves_with_removal", "keeps_residence", "deregistered_on", "birth_registered_on"),
        fitting=lambda context: bool(context.card.lateness),
        options=(
            Option(id="elsewhere", facts={"subject.current_residence": {"place": "other_community"}}),
            Option(id="kept", facts={"subject.current_residence": {"kept": True, "occupied": {}}}),
            Option(id="lately", facts={"subject.deregistered_on": Ago(7)}),
            Option(id="long_ago", facts={"subject.deregistered_on": Ago(70)}),
            Option(
                id="born_lately",
                facts={"subject.birth_registered_on": Ago(7), "subject.born": Ago(21)},
                offered=_after("birth_registered_on"),
            ),
            Option(
                id="born_long_ago",
                facts={"subject.birth_registered_on": Ago(160), "subject.born": Ago(180)},
                offered=_after("birth_registered_on"),
            ),
            Option(id="never", offered=lambda context: not context.card.service.of_children),
        ),
    ),
    Question(
        id="permit",
        decides=_of("permit_received_on"),
        fitting=lambda context: not context.said("before", "lately", "born_lately"),
        options=(
            Option(id="lately", facts={"permit_received_on": Ago(7)}),
            Option(id="long_ago", facts={"permit_received_on": Ago(70)}),
        ),
    ),
    Question(
        id="foreign_parent",
        decides=_of("first_registration_of_foreigners_child"),
        fitting=lambda context: not context.said("before", "elsewhere", "kept", "lately", "long_ago"),
        options=(
            Option(
                id="yes",
                facts={"subject.first_registration": True, "parents.foreigner_in_birth_certificate": True},
            ),
            Option(id="no"),
        ),
    ),
    Question(
        id="home",
        decides=_of(
            *("owners_consent_counts", "tenants_consent_counts", "managers_consent_counts", "private_dwelling"),
            *("in_dormitory", "in_school_dormitory", "learner_in_school_dormitory", "learner_in_dormitory"),
            *("in_social_institution", "in_childrens_institution", "not_for_diia"),
        ),
        options=(
            *map(_home, ("private", "state_or_communal", "dormitory_school", "dormitory_other", "social_institution")),
            _home("military_unit", lambda context: not context.minor),
            *(
                _home(id, lambda context: context.minor)
                for id in ("orphan_institution", "family_type_home", "foster_family")
            ),
        ),
    ),
    Question(
        id="recorded",
        decides=_of("not_for_diia"),
        fitting=lambda context: context.said("home", "private"),
        options=(Option(id="yes"), Option(id="no", facts={"dwelling.in_property_register": False})),
    ),
    Question(
        id="owns",
        decides=_of("subject_is_owner", "not_for_diia", "filed_by_co_owner"),
        fitting=lambda context: context.card.service.settles == "declared" or context.said("who", "dwelling_co_owner"),
        options=_yes_no("dwelling.subject_is_owner"),
    ),
    Question(
        id="right",
        decides=_of("right_document_held"),
        options=(
            Option(
                id="owner",
                facts={"dwelling.right_document_held": True, "dwelling.subject_is_owner": True},
                offered=lambda context: (
                    not context.said("home", "state_or_communal", "dormitory_school", "military_unit")
                ),
            ),
            Option(id="paper", facts={"dwelling.right_document_held": True}),
            Option(id="consent"),
        ),
    ),
    Question(
        id="owners",
        most=20,
        path="dwelling.owners",
        decides=_of("each_owner"),
        # Of a dwelling that is left, whoever asks says whether there are others (`who`).
        fitting=lambda context: not context.card.service.removes,
    ),
    Question(id="mortgage", decides=_of("mortgaged"), options=_yes_no("dwelling.mortgaged")),
    Question(
        id="learner",
        decides=_of("learner_in_school_dormitory", "learner_in_dormitory"),
        options=_yes_no("subject.learner"),
    ),
    Question(id="homeless", decides=_of("on_homeless_record"), options=_yes_no("subject.homeless_record")),
    Question(
        id="rental",
        decides=_of("rental_not_ended"),
        options=(
            Option(id="no"),
            Option(id="until", facts={"dwelling.rental": {"until": Ago(-365)}}),
            Option(id="endless", facts={"dwelling.rental": {}}),
        ),
    ),
    Question(
        id="persons",
        most=20,
        path="persons",
        decides=_of("each_person"),
        fitting=lambda context: context.card.service.removes and _owners_side(context),
    ),
    Question(
        id="to_institution",
        decides=_of("moves_to_childrens_institution"),
        options=(Option(id="yes", facts={"moves_to": "orphan_institution"}), Option(id="no")),
    ),
    Question(
        id="military",
        decides=_of("bound_to_military_record"),
        fitting=lambda context: not context.said("age", "child"),
        options=_yes_no("subject.military_duty"),
    ),
    Question(
        id="emancipated",
        decides=_of("emancipated", "emancipation_counts"),
        options=(
            Option(id="yes", facts={"subject.capacity": "emancipated", "documents": ["emancipation_document"]}),
            Option(id="no"),
        ),
    ),
)
"""In the order in which they are asked; before them stands which service it is (`WANT`)."""
WANT = "want"
EVENTS = {
    "before": {
        "lately": "deregistered_on",
        "long_ago": "deregistered_on",
        "born_lately": "birth_registered_on",
        "born_long_ago": "birth_registered_on",
    },
    "permit": {"lately": "permit_received_on", "long_ago": "permit_received_on"},
}
"""Which answers tell how long ago something happened: the term of the card is part of their words."""
BY_ID: Mapping[str, Question] = {one.id: one for one in QUESTIONS}
