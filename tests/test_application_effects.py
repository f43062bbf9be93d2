"""What a granted part records about people: every service, each ground of removal, and everybody whom it concerns."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any, get_args
from uuid import UUID

import pytest
from given import entries, uid
from test_decisions import (
    ENTERED,
    FLAT,
    GONE,
    HERE,
    HOME,
    R1,
    R2,
    R3,
    UNBORN,
    annulled,
    ended,
    kept,
    past,
    registered,
    version,
)
from test_services import SERVICES, facts

from registry.aggregates.case.effects import Effects, Granted, effects
from registry.aggregates.case.events import Changed, ChangedDwelling, Concerned, Elsewhere, Lease, Part
from registry.aggregates.dwelling.events import Address, DwellingEntered, LeaseRecorded, Owner
from registry.aggregates.dwelling.state import NOWHERE
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.decisions import note_occupied_address
from registry.aggregates.person.events import (
    Deceased,
    Document,
    OccupiedAddressNoted,
    Particulars,
    ParticularsCorrected,
    ParticularsUpdated,
    PastResidenceEntered,
    PersonEntered,
    ResidenceCorrected,
    ResidenceDeclared,
    ResidenceDeregistered,
    ResidenceRegistered,
    StayRegistered,
)
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.person.timeline import Row, standing, timeline
from registry.aggregates.values import Fault, Impossible, NeedsConfirmation
from registry.services.application import GroundId, read
from registry.services.decision import DEATHS

TODAY, ON = date(2025, 3, 20), date(2025, 3, 13)
DAY = ON.isoformat()
APPLICATION = uid(900)
HOMES = {HOME: HERE, FLAT: HERE}
FACT = {
    "register_residence": ResidenceRegistered,
    "register_child_residence": ResidenceRegistered,
    "register_stay": StayRegistered,
    "declare_residence": ResidenceDeclared,
    "declare_child_residence": ResidenceDeclared,
}
REMOVALS = ("deregister_residence", "deregister_child_residence")
OF_REMOVALS = sorted(set(get_args(GroundId)) - {"residence_mistake", "personal_data_change"})
THERE = Elsewhere(address="м. Деінде, вул. Давня, 3", katottg="UA12345678901234567", since="2019-05-01")
AWAY = {"subject": {"current_residence": {"place": "other_community"}}}
STAYS = {"current_residence": {"kept": True, "occupied": {}}}
R1_BEGAN = registered(R1, "2020-01-01")
LIVES = (ENTERED, R1_BEGAN)


def ids() -> Iterator[UUID]:
    return map(uid, count(500))


def granted(
    service: str, *concerned: Concerned, on: date = ON, said: dict[str, Any] | None = None, **of: Any
) -> Granted:
    """A granted part about one person, or those named."""
    asked = facts(service, **(said or {}))
    people = concerned or (Concerned(person=uid(1)),)
    part = Part(**{"asked": asked, "card": "", "due_by": "", "concerned": people, "dwelling": FLAT, **of})
    homes = {**HOMES, uid(109): NOWHERE, uid(110): GONE}
    return Granted(application=APPLICATION, part=part, asked=read(asked), on=on, homes=homes, ids=ids())


def lived(*life: Any) -> Person:
    """A person as some facts make them."""
    return fold(entries(life), NOBODY)


def made(what: Granted, *life: Any, confirmed: bool = False) -> Effects:
    """What is recorded about one person who lived so."""
    return effects(what, {uid(1): lived(*life)}, today=TODAY, confirmed=confirmed)


def recorded(what: Granted, *life: Any, confirmed: bool = False) -> list[Any]:
    return made(what, *life, confirmed=confirmed).people[uid(1)]


def refused(what: Granted, *life: Any) -> list[Fault]:
    with pytest.raises(Impossible) as found:
        made(what, *life, confirmed=True)
    return list(found.value.faults)


def asks(what: Granted, *life: Any) -> list[Fault]:
    with pytest.raises(NeedsConfirmation) as found:
        made(what, *life)
    return list(found.value.faults)


def of(person: int, code: str, field: str | None = None, **named: str) -> Fault:
    return Fault(code, field, {"person": str(uid(person)), **named})


def rows(person: Person, facts: list[Any]) -> list[Row]:
    """Who lives where when the facts are recorded, newest first."""
    return standing(timeline(supposing(person, facts, TODAY)))


def spans(person: Person, facts: list[Any]) -> list[tuple[Any, ...]]:
    return [
        (one.residence, one.dwelling, str(one.since), one.until and str(one.until), one.kept)
        for one in rows(person, facts)
    ]


def new(service: str, number: int = 500, home: UUID = FLAT) -> Any:
    """The residence that a service begins."""
    said = {"residence": uid(number), "dwelling": home, "since": DAY, "basis": service, "application": APPLICATION}
    return FACT[service](**said)


class TestPapersShown:
    """What has changed, by a paper, is recorded in the same act and before it; what was wrong is a correction."""

    PAPER = Document(kind="passport_card", number="000000002", valid_until="2035-01-01")

    def of(self, **said: Any) -> Concerned:
        return Concerned(person=uid(1), changed=Changed(paper="паспорт", **said))

    @pytest.mark.parametrize(("corrects", "fact"), [(None, ParticularsUpdated), (True, ParticularsCorrected)])
    def test_of_a_person(self, corrects: bool | None, fact: Any) -> None:
        one = self.of(particulars={"citizenship": "ua"}, corrects=corrects)
        changed, settles = recorded(granted("register_residence", one), ENTERED)
        (change,) = changed.changes
        assert type(changed) is fact and (change.field, change.now, changed.basis) == ("citizenship", "ua", "паспорт")
        assert type(settles) is ResidenceRegistered

    def test_a_document_takes_the_place_of_its_kind(self) -> None:
        old = Document(kind="passport_card", number="000000001")
        other = Document(kind="other", number="1")
        life = PersonEntered(particulars=ENTERED.particulars, documents=(old, other))
        changed, _ = recorded(granted("register_residence", self.of(documents=(self.PAPER,))), life)
        assert changed.documents == (other, self.PAPER)

    def test_a_birth_is_only_corrected(self) -> None:
        born = {"birth_date": "1999-01-01"}
        one = self.of(particulars=born)
        assert refused(granted("register_residence", one), ENTERED) == [of(1, "never-changes", "register.persons")]
        changed, _ = recorded(granted("register_residence", self.of(particulars=born, corrects=True)), ENTERED)
        assert type(changed) is ParticularsCorrected

    def test_what_is_so_already_has_not_changed(self) -> None:
        surname = {"surname": ENTERED.particulars.surname}
        one = self.of(particulars=surname)
        assert refused(granted("register_residence", one), ENTERED) == [of(1, "nothing-changed", "changes")]

        assert refused(granted("register_residence", self.of()), ENTERED) == [of(1, "nothing-changed", "changes")]

    def test_a_paper_that_is_held_already_is_not_recorded_again(self) -> None:
        held = PersonEntered(particulars=ENTERED.particulars, documents=(self.PAPER,))
        same = granted("register_residence", self.of(documents=(self.PAPER,)))
        assert recorded(same, held) == [new("register_residence")]
        more = granted("register_residence", self.of(documents=(self.PAPER,), particulars={"citizenship": "ua"}))
        assert type(recorded(more, held)[0]) is ParticularsUpdated

    @pytest.mark.parametrize(
        ("said", "facts"),
        [
            ({"kind": "state_or_communal"}, [("dwelling-kind-changed", "state_or_communal")]),
            ({"owners": (Owner(name="Вигадана"),)}, [("owners-recorded", None)]),
            ({"lease": Lease(terminated_on="2025-03-01")}, [("lease-recorded", None)]),
        ],
    )
    @pytest.mark.parametrize("service", ["register_residence", "deregister_residence"])
    def test_of_the_dwelling(self, service: str, said: Any, facts: Any) -> None:
        what = granted(service, dwelling_changed=ChangedDwelling(paper="договір", **said))
        found = made(what, *LIVES).dwellings
        assert list(found) == [FLAT if service == "register_residence" else HOME]
        (listed,) = found.values()
        assert [(one.NAME, getattr(one, "kind", None)) for one in listed] == facts
        assert {one.basis for one in listed} == {"договір"}

    def test_of_several_people_a_dwelling_has_changed_once(self) -> None:
        two = [Concerned(person=uid(1)), Concerned(person=uid(2))]
        change = ChangedDwelling(paper="рішення", kind="state_or_communal", lease=Lease(until="2026-01-01"))
        what = granted("register_residence", *two, dwelling_changed=change)
        found = effects(what, {uid(1): lived(ENTERED), uid(2): lived(ENTERED)}, today=TODAY).dwellings[FLAT]
        assert [one.NAME for one in found] == ["dwelling-kind-changed", "lease-recorded", "lease-recorded"]
        assert [one.lessee for one in found[1:]] == [uid(1), uid(2)]

    @pytest.mark.parametrize(("rental", "until"), [({"until": "2027-05-01"}, "2027-05-01"), ({}, None)])
    def test_the_contract_on_which_somebody_settles_is_kept(self, rental: Any, until: str | None) -> None:
        what = granted("register_residence", said={"dwelling": {"rental": rental}})
        lease = LeaseRecorded(number="", until=until, lessee=uid(1), application=APPLICATION, of_residence=uid(500))
        assert made(what, ENTERED).dwellings == {FLAT: [lease]}
        removed = granted("deregister_residence", said={"dwelling": {"rental": rental}})
        assert made(removed, *LIVES).dwellings == {}

    def test_one_that_was_terminated_is_none(self) -> None:
        rental = {"until": "2027-05-01", "terminated_on": "2025-03-01"}
        assert made(granted("register_residence", said={"dwelling": {"rental": rental}}), ENTERED).dwellings == {}

    def test_each_has_a_contract_of_the_residence_that_begins_or_ends(self) -> None:
        rents: dict[str, Any] = {"dwelling": {"rental": {"until": "2027-05-01"}}}
        two = [Concerned(person=uid(1)), Concerned(person=uid(2))]
        people = {uid(1): lived(ENTERED), uid(2): lived(ENTERED)}
        found = effects(granted("register_residence", *two, said=rents), people, today=TODAY).dwellings[FLAT]
        assert [(one.lessee, one.of_residence) for one in found] == [(uid(1), uid(500)), (uid(2), uid(501))]
        (one,) = made(granted("register_residence", said={**rents, **AWAY}, elsewhere=THERE), ENTERED).dwellings[FLAT]
        assert one.of_residence == uid(500)
        over = ChangedDwelling(paper="договір", lease=Lease(terminated_on="2025-03-01"))
        (one,) = made(granted("deregister_residence", dwelling_changed=over), *LIVES).dwellings[HOME]
        assert one.of_residence == R1

    @pytest.mark.parametrize(
        ("change", "facts"),
        [
            ({"lease": Lease(until="2026-01-01")}, [("lease-recorded", "2026-01-01")]),
            ({"kind": "state_or_communal"}, [("dwelling-kind-changed", None), ("lease-recorded", "2027-05-01")]),
        ],
    )
    def test_what_a_paper_says_of_the_contract_goes_before(self, change: Any, facts: Any) -> None:
        rents = {"dwelling": {"rental": {"until": "2027-05-01"}}}
        what = granted("register_residence", said=rents, dwelling_changed=ChangedDwelling(paper="договір", **change))
        found = made(what, ENTERED).dwellings[FLAT]
        assert [(one.NAME, getattr(one, "until", None)) for one in found] == facts

    def test_of_no_dwelling_and_of_one_that_is_not_at_hand_nothing_is_noted(self) -> None:
        change = ChangedDwelling(paper="рішення", kind="state_or_communal")
        corrected = TestCorrecting().correct(dwelling_changed=change)
        assert made(corrected, *LIVES).dwellings == {}
        away = (ENTERED, registered(R1, "2020-01-01", uid(111)))
        assert made(granted("deregister_residence", dwelling_changed=change), *away).dwellings == {}


class TestSettling:
    @pytest.mark.parametrize("service", FACT)
    def test_begins_a_residence_of_its_kind_on_the_day_of_the_entry(self, service):
        effect = made(granted(service), ENTERED)
        assert effect == Effects(people={uid(1): [new(service)]}, elsewhere={}, homes={FLAT})

    def test_a_move_ends_the_residence_before_by_being_later(self):
        here = {"subject": {"current_residence": {"place": "this_community"}}}
        facts = recorded(granted("register_residence", said=here), *LIVES)
        assert facts == [new("register_residence")]
        assert spans(lived(*LIVES), facts) == [
            (uid(500), FLAT, DAY, None, False),
            (R1, HOME, "2020-01-01", DAY, False),
        ]

    def test_a_residence_in_another_community_becomes_a_past_one_that_ends_by_the_move(self):
        effect = made(granted("register_residence", said=AWAY, elsewhere=THERE), ENTERED)
        address = Address(settlement=THERE.address, katottg=THERE.katottg)
        assert effect.elsewhere == {uid(501): [DwellingEntered(address=address, kind="elsewhere")]}
        assert effect.homes == {FLAT}
        assert effect.people[uid(1)] == [
            new("register_residence"),
            PastResidenceEntered(
                residence=uid(502),
                kind="registered",
                dwelling=uid(501),
                since="2019-05-01",
                until=DAY,
                basis="register_residence",
                application=APPLICATION,
            ),
        ]
        assert spans(lived(ENTERED), effect.people[uid(1)]) == [
            (uid(500), FLAT, DAY, None, False),
            (uid(502), uid(501), "2019-05-01", DAY, False),
        ]

    def test_a_stay_there_was_a_stay(self):
        stay = {"subject": {"current_residence": {"place": "other_community", "kind": "stay"}}}
        facts = recorded(granted("register_stay", said=stay, elsewhere=THERE), ENTERED)
        assert facts[1].kind == "stay"

    def test_since_when_they_lived_there_need_not_be_known(self):
        what = granted("register_residence", said=AWAY, elsewhere=Elsewhere(address="м. Деінде"))
        facts = recorded(what, ENTERED, registered(R1, "2020-01-01"), ended(R1, "2022-01-01"))
        assert spans(lived(*LIVES, ended(R1, "2022-01-01")), facts) == [
            (uid(500), FLAT, DAY, None, False),
            (uid(502), uid(501), "2022-01-01", DAY, False),
            (R1, HOME, "2020-01-01", "2022-01-01", False),
        ]

    def test_nobody_lived_there_while_they_lived_here(self):
        what = granted("register_residence", said=AWAY, elsewhere=THERE)
        life = (*LIVES, ended(R1, "2022-01-01"))
        assert refused(what, *life) == [of(1, "overlaps", "since", residence=str(R1))]

    @pytest.mark.parametrize(
        ("of_part", "said", "wanted"),
        [
            ({"dwelling": None}, {}, of(1, "dwelling-missing", "register.dwelling")),
            ({"dwelling": uid(109)}, {}, of(1, "dwelling-unknown", "dwelling")),
            ({}, AWAY, of(1, "elsewhere-missing", "register.elsewhere")),
            ({"on": date(2025, 3, 21)}, {}, of(1, "date-in-future", "since")),
        ],
    )
    def test_what_stands_in_the_way(self, of_part, said, wanted):
        assert refused(granted("register_residence", said=said, **of_part), ENTERED) == [wanted]

    def test_a_renumbered_dwelling_and_a_residence_left_without_a_day_are_asked_about(self):
        renumbered = {"dwelling": uid(110)}
        life = (ENTERED, registered(R1, "2025-03-13"))
        assert asks(granted("register_residence", **renumbered), ENTERED) == [
            of(1, "dwelling-succeeded", "dwelling", dwelling=str(FLAT))
        ]
        facts = recorded(granted("register_residence", **renumbered), ENTERED, confirmed=True)
        assert facts == [new("register_residence", home=uid(110))]
        assert asks(granted("register_residence"), *life) == [of(1, "would-supersede", residence=str(R1))]


class TestKeeping:
    """R-002, R-004: an address in a listed territory stays, and is recorded."""

    def test_one_in_another_community_is_noted_before_settling_anew(self):
        away = {"subject": {"current_residence": {**STAYS["current_residence"], "place": "other_community"}}}
        listed = Elsewhere(address="м. Далеке", katottg="UA65", list_entry="17", list_since="2022-03-01")
        effect = made(granted("declare_residence", said=away, elsewhere=listed), ENTERED)
        note = OccupiedAddressNoted(address="м. Далеке", katottg="UA65", list_entry="17", list_since="2022-03-01")
        assert effect == Effects(people={uid(1): [note, new("declare_residence")]}, elsewhere={}, homes={FLAT})

    @pytest.mark.parametrize(
        ("elsewhere", "wanted"),
        [
            (None, of(1, "elsewhere-missing", "register.elsewhere")),
            (Elsewhere(address="м. Далеке"), of(1, "list-entry-missing", "list_entry")),
            (Elsewhere(address="", list_entry="17"), of(1, "address-missing", "address")),
        ],
    )
    def test_without_the_address_or_its_entry_in_the_list_nothing_is_recorded(self, elsewhere, wanted):
        away = {"subject": {"current_residence": {**STAYS["current_residence"], "place": "other_community"}}}
        assert refused(granted("declare_residence", said=away, elsewhere=elsewhere), ENTERED) == [wanted]

    def test_one_here_stands_beside_the_new_one(self):
        what = granted("register_residence", said={"subject": STAYS}, list_entry="17")
        facts = recorded(what, *LIVES)
        assert facts == [
            OccupiedAddressNoted(residence=R1, dwelling=HOME, list_entry="17"),
            new("register_residence"),
        ]
        assert spans(lived(*LIVES), facts) == [
            (uid(500), FLAT, DAY, None, False),
            (R1, HOME, "2020-01-01", None, True),
        ]

    def test_the_one_that_is_named(self):
        what = granted(
            "register_residence",
            Concerned(person=uid(1), residence=R2),
            said={"subject": STAYS},
            list_entry="17",
        )
        assert recorded(what, *LIVES, registered(R2, "2021-01-01"))[1].residence == R2

    def test_nothing_to_keep(self):
        what = granted("register_residence", said={"subject": STAYS}, list_entry="17")
        assert refused(what, ENTERED) == [of(1, "residence-missing", "register.persons")]

    def test_a_child_of_this_register_on_any_day_and_nobody_else(self):
        """R-110: without a service, by the register's own act."""
        said = {"address": "м. Далеке", "list_entry": "17", "today": TODAY}
        assert note_occupied_address(lived(*LIVES), **said)
        with pytest.raises(Impossible) as found:
            note_occupied_address(NOBODY, **said)
        assert [one.code for one in found.value.faults] == ["person-unknown"]


class TestRemoving:
    @pytest.mark.parametrize("ground", [one for one in OF_REMOVALS if one not in DEATHS])
    @pytest.mark.parametrize("service", REMOVALS)
    def test_ends_the_residence_on_the_day_of_the_entry(self, service, ground):
        effect = made(granted(service, said={"ground": ground}, dwelling=None), *LIVES)
        assert effect.homes == set() and effect.elsewhere == {}
        assert effect.people[uid(1)] == [
            ResidenceDeregistered(residence=R1, dwelling=HOME, until=DAY, ground=ground, application=APPLICATION)
        ]

    def test_the_address_and_the_day_stay_in_the_register(self):
        """R-102: nothing is deleted."""
        facts = recorded(granted("deregister_residence"), *LIVES)
        assert spans(lived(*LIVES), facts) == [(R1, HOME, "2020-01-01", DAY, False)]

    def test_a_notice_of_dms_without_the_day_of_the_registration_tells_a_death_of_its_own_day(self):
        facts = recorded(granted("deregister_residence", said={"ground": "dms_notice"}), *LIVES)
        assert facts == [Deceased(registered_on=DAY, basis="dms_notice")]

    def test_a_courts_declaration_of_death_is_of_the_day_on_which_it_entered_into_force(self):
        subject = {"declared_dead_on": "2025-03-01", "death_registered_on": "2025-03-10"}
        facts = recorded(
            granted("deregister_residence", said={"ground": "court_declared_dead", "subject": subject}), *LIVES
        )
        assert facts == [Deceased(registered_on="2025-03-01", basis="court_declared_dead")]

    def test_where_somebody_goes_within_the_country(self):
        (fact,) = recorded(granted("deregister_residence", destination="м. Деінде"), *LIVES)
        assert (fact.country, fact.destination) == (None, "м. Деінде")

    def test_where_an_emigrant_goes(self):
        (fact,) = recorded(granted("deregister_residence", said={"ground": "emigration"}, country="Канада"), *LIVES)
        assert (fact.ground, fact.country) == ("emigration", "Канада")

    @pytest.mark.parametrize("ground", DEATHS)
    @pytest.mark.parametrize("service", REMOVALS)
    def test_a_death_ends_everything_on_the_day_of_its_registration(self, service, ground):
        said = {"ground": ground, "subject": {"died_on": "2025-03-08", "death_registered_on": "2025-03-10"}}
        facts = recorded(granted(service, said=said, on=date(2025, 3, 10)), *LIVES)
        assert facts == [Deceased(registered_on="2025-03-10", basis=ground)]
        assert spans(lived(*LIVES), facts) == [(R1, HOME, "2020-01-01", "2025-03-10", False)]

    @pytest.mark.parametrize("ground", [one for one in DEATHS if one != "dms_notice"])
    def test_a_death_without_that_day_is_not_recorded_on_another(self, ground):
        what = granted("deregister_residence", said={"ground": ground, "subject": {"died_on": "2025-03-08"}})
        day = "declared_dead_on" if ground == "court_declared_dead" else "death_registered_on"
        assert refused(what, *LIVES) == [of(1, "death-date-missing", f"subject.{day}")]

    @pytest.mark.parametrize(
        ("died", "registered", "code"),
        [
            ("2030-01-01", "2025-03-10", "date-in-future"),
            ("1900-01-01", "2025-03-10", "before-birth"),
            ("2025-03-11", "2025-03-10", "registered-before-death"),
        ],
    )
    def test_a_death_on_a_day_that_cannot_be(self, died, registered, code):
        said = {"ground": "death_data", "subject": {"died_on": died, "death_registered_on": registered}}
        assert refused(granted("deregister_residence", said=said), *LIVES) == [of(1, code, "subject.died_on")]

    def test_who_died_since_is_removed_by_the_court_all_the_same(self):
        said = {"ground": "court_eviction", "subject": {"death_registered_on": "2025-03-10"}}
        (fact,) = recorded(granted("deregister_residence", said=said), *LIVES)
        assert isinstance(fact, ResidenceDeregistered) and fact.until == DAY

    def test_a_death_before_a_residence_began_is_asked_about_and_names_it(self):
        said = {"ground": "death_data", "subject": {"death_registered_on": "2019-12-01"}}
        what = granted("deregister_residence", said=said)
        assert asks(what, *LIVES) == [of(1, "would-supersede", residence=str(R1))]
        assert recorded(what, *LIVES, confirmed=True) == [
            Deceased(registered_on="2019-12-01", basis="death_data", supersedes=(R1,))
        ]

    @pytest.mark.parametrize(
        ("died", "registered", "life", "known"),
        [
            ("2025-03-20", "2025-03-20", LIVES, None),
            ("2000-05-10", "2025-03-10", LIVES, None),
            ("1900-01-01", "2025-03-10", (UNBORN, R1_BEGAN), None),
            ("2025-03-11", "2025-03-10", LIVES, {"subject": {"death_registered_on": "2025-03-10"}}),
        ],
    )
    def test_a_death_on_the_day_itself_or_after_that_of_the_notice_that_names_no_day(
        self, died, registered, life, known
    ):
        said = {"ground": "death_data", "subject": {"died_on": died, "death_registered_on": registered}}
        (fact,) = recorded(granted("deregister_residence", said=said, known=known), *life)
        assert isinstance(fact, Deceased) and fact.registered_on == registered

    def test_nobody_registers_a_death_of_tomorrow(self):
        said = {"ground": "death_data", "subject": {"died_on": "2025-03-20", "death_registered_on": "2025-03-19"}}
        assert refused(granted("deregister_residence", said=said), *LIVES) == [
            of(1, "registered-before-death", "subject.died_on")
        ]

    @pytest.mark.parametrize(
        ("ground", "field"),
        [("application", "until"), ("registered_elsewhere_notice", "subject.registered_elsewhere_on")],
    )
    def test_a_day_that_cannot_be_is_named_as_the_application_says_it(self, ground, field):
        what = granted("deregister_residence", on=date(2025, 3, 21), said={"ground": ground})
        assert refused(what, *LIVES) == [of(1, "date-in-future", field)]

    def test_which_residence_is_meant(self):
        remove = granted("deregister_residence")
        alone, beside = (*LIVES, kept(R1)), (*LIVES, kept(R1), registered(R2, "2022-01-01"))
        two = (*LIVES, kept(R1), registered(R2, "2022-01-01"), kept(R2))
        assert recorded(remove, *LIVES)[0].residence == R1
        assert recorded(remove, *alone)[0].residence == R1
        assert recorded(remove, *beside)[0].residence == R2
        assert refused(remove, *two) == [of(1, "residence-not-one", "register.persons")]
        named = granted("deregister_residence", Concerned(person=uid(1), residence=R1))
        assert recorded(named, *two)[0].residence == R1

    def test_another_bodys_notice_ends_no_kept_address(self):
        notice = granted("deregister_residence", said={"ground": "registered_elsewhere_notice"})
        assert refused(notice, *LIVES, kept(R1)) == [of(1, "kept-address-stays", "register.persons")]
        beside = (*LIVES, kept(R1), registered(R2, "2022-01-01"))
        assert recorded(notice, *beside)[0].residence == R2
        named = Concerned(person=uid(1), residence=R3)
        unheard = granted("deregister_residence", named, said={"ground": "registered_elsewhere_notice"})
        assert refused(unheard, *LIVES) == [of(1, "residence-unknown", "residence")]

    @pytest.mark.parametrize(
        "life",
        [(), (R1_BEGAN, ended(R1, "2024-01-01")), (R1_BEGAN, annulled(R1)), (past(R3, "2010-01-01", "2015-01-01"),)],
    )
    def test_none_is_left_to_end(self, life):
        remove = granted("deregister_residence")
        assert refused(remove, ENTERED, *life) == [of(1, "residence-missing", "register.persons")]

    def test_one_that_a_later_record_left_without_a_day_is_not_meant(self):
        (fact,) = recorded(granted("deregister_residence"), *LIVES, registered(R2, "2019-01-01"))
        assert fact.residence == R2

    def test_on_the_day_on_which_it_began_it_would_have_none(self):
        life = (ENTERED, registered(R1, DAY))
        assert asks(granted("deregister_residence"), *life) == [of(1, "would-supersede", residence=str(R1))]
        assert recorded(granted("deregister_residence"), *life, confirmed=True)[0].until == DAY


class TestCorrecting:
    NOW = version("2020-02-01", dwelling=FLAT, kind="stay")

    def correct(self, residence: UUID | None = R1, **said: Any) -> Granted:
        concerned = Concerned(person=uid(1), residence=residence)
        return granted("amend_record", concerned, **{"dwelling": None, "now": self.NOW, "reason": "описка", **said})

    def test_says_what_was_and_what_is(self):
        effect = made(self.correct(), *LIVES)
        assert effect.homes == {FLAT}
        assert effect.people[uid(1)] == [
            ResidenceCorrected(
                residence=R1,
                was=version("2020-01-01"),
                now=self.NOW,
                reason="описка",
                application=APPLICATION,
            )
        ]

    @pytest.mark.parametrize(
        ("said", "wanted"),
        [
            ({"now": None}, of(1, "correction-missing", "register.now")),
            ({"residence": None}, of(1, "correction-missing", "register.now")),
            ({"reason": None}, of(1, "reason-missing", "reason")),
            ({"residence": R2}, of(1, "residence-unknown", "residence")),
        ],
    )
    def test_needs_the_residence_how_it_is_and_why(self, said, wanted):
        assert refused(self.correct(**said), *LIVES) == [wanted]

    def test_nothing_that_changes_is_asked_about(self):
        assert asks(self.correct(now=version("2020-01-01")), *LIVES) == [of(1, "nothing-changed")]


class TestPeople:
    WHO = Particulars(surname="Вигадана", given_names="Нова", birth_date="2018-09-01")
    PAPER = Document(kind="birth_certificate", number="І-ВИГ 000001")

    def test_an_extract_records_nothing_of_anybody(self):
        assert made(granted("issue_extract", dwelling=None), *LIVES) == Effects(people={uid(1): []})

    def test_every_service_says_what_it_records(self):
        assert {*FACT, *REMOVALS, "amend_record", "issue_extract"} == set(SERVICES)

    def test_somebody_new_is_entered_first(self):
        newborn = Concerned(person=uid(1), particulars=self.WHO, documents=(self.PAPER,))
        facts = recorded(granted("register_child_residence", newborn))
        assert facts == [
            PersonEntered(particulars=self.WHO, documents=(self.PAPER,)),
            new("register_child_residence"),
        ]

    def test_somebody_known_is_not_entered_again(self):
        known = Concerned(person=uid(1), particulars=self.WHO)
        assert recorded(granted("register_residence", known), ENTERED) == [new("register_residence")]

    def test_nobody_is_nobody(self):
        assert refused(granted("register_residence")) == [of(1, "person-unknown")]
        nameless = Concerned(person=uid(1), particulars=Particulars(sex="female"))
        assert refused(granted("register_residence", nameless)) == [of(1, "name-missing", "surname")]

    def test_everybody_gets_a_fact_of_their_own(self):
        people = {uid(1): lived(*LIVES), uid(2): lived(ENTERED, registered(R2, "2021-01-01"))}
        what = granted("deregister_residence", Concerned(person=uid(1)), Concerned(person=uid(2)))
        found = effects(what, people, today=TODAY)
        assert {person: [one.residence for one in facts] for person, facts in found.people.items()} == {
            uid(1): [R1],
            uid(2): [R2],
        }
        assert people == {uid(1): lived(*LIVES), uid(2): lived(ENTERED, registered(R2, "2021-01-01"))}

    def test_everybody_gets_a_residence_of_their_own(self):
        what = granted("register_residence", Concerned(person=uid(1)), Concerned(person=uid(2)))
        found = effects(what, {uid(1): lived(ENTERED), uid(2): lived(ENTERED)}, today=TODAY)
        assert found.people == {uid(1): [new("register_residence")], uid(2): [new("register_residence", 501)]}

    def test_what_stands_in_the_way_is_said_of_everybody_at_once(self):
        what = granted("deregister_residence", *(Concerned(person=uid(number)) for number in (1, 2, 3)))
        people = {uid(1): NOBODY, uid(2): lived(ENTERED), uid(3): lived(ENTERED, registered(R1, DAY))}
        with pytest.raises(Impossible) as found:
            effects(what, people, today=TODAY)
        assert list(found.value.faults) == [
            of(1, "residence-missing", "register.persons"),
            of(2, "residence-missing", "register.persons"),
        ]

    def test_what_is_asked_about_too(self):
        what = granted("deregister_residence", Concerned(person=uid(1)), Concerned(person=uid(2)))
        people = {uid(number): lived(ENTERED, registered(uid(50 + number), DAY)) for number in (1, 2)}
        with pytest.raises(NeedsConfirmation) as found:
            effects(what, people, today=TODAY)
        assert list(found.value.faults) == [
            of(1, "would-supersede", residence=str(uid(51))),
            of(2, "would-supersede", residence=str(uid(52))),
        ]
        assert len(effects(what, people, today=TODAY, confirmed=True).people) == 2

    def test_a_later_part_sees_what_an_earlier_one_did_to_the_same_person(self):
        life = lived(*LIVES)
        first = effects(granted("deregister_residence", on=date(2025, 3, 12)), {uid(1): life}, today=TODAY)
        after = supposing(life, first.people[uid(1)], TODAY)
        second = effects(granted("register_residence"), {uid(1): after}, today=TODAY)
        assert spans(life, [*first.people[uid(1)], *second.people[uid(1)]]) == [
            (uid(500), FLAT, DAY, None, False),
            (R1, HOME, "2020-01-01", "2025-03-12", False),
        ]
        with pytest.raises(Impossible) as found:
            effects(granted("deregister_residence"), {uid(1): after}, today=TODAY)
        assert list(found.value.faults) == [of(1, "residence-missing", "register.persons")]
