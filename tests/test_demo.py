"""The invented community: the same for the same seed, everything in it, nothing in it from the future."""

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import psycopg
import pytest
from extracting import text
from given import installation
from starlette.testclient import TestClient

from api.main import create_app
from registry import demo, seals, streets, texts, ukrainian
from registry.aggregates.case.state import fold as fold_case
from registry.aggregates.facts import AGGREGATES
from registry.aggregates.person.events import PersonEntered
from registry.aggregates.person.state import fold
from registry.aggregates.person.timeline import standing, timeline
from registry.aggregates.values import Actor
from registry.letters.content import read as read_letter
from registry.opening import opened
from registry.seals import viewer_of
from registry.storage.mapper import KYIV, kyiv_day, read_entry
from registry.storage.recorder import NotEmpty
from replay.compare import verify

NOW = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def town():
    return demo.invent(persons=300, seed=7, now=NOW)


@pytest.fixture(scope="module")
def facts(town):
    """(fact, envelope) in log order."""
    return [(draft.fact, envelope) for envelope, drafts in town.book.acts for draft in drafts]


def test_loaded_as_invented(database_url):
    """The log holds exactly the acts that were invented, byte for byte the same in another database."""
    with opened(database_url) as registry:
        counts = demo.seed(registry, persons=60, seed=3, now=NOW)
        events = registry.recorder.select_notifications(start=None, limit=10_000)
        entries = [read_entry(event.state) for event in events]
        assert registry.query("people", "count")[0]["people"] == counts.persons == 60
        assert registry.query("dwellings", "count")[0]["dwellings"] == counts.dwellings
        assert registry.position() == counts.facts == len(events)
        assert [mark["mark"] for mark in registry.marks()] == ["given-times"]
    again = demo.invent(persons=60, seed=3, now=NOW)
    acts = [(envelope, draft) for envelope, drafts in again.book.acts for draft in drafts]
    assert [(one.command, one.recorded_at, one.by, one.stream, one.version, one.fact) for one in entries] == [
        (said.command, said.recorded_at, said.by, draft.originator_id, draft.originator_version, draft.fact)
        for said, draft in acts
    ]


def test_same_bytes_for_the_same_seed(database_url, server):
    first = _bytes(database_url, seed=5)
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE demo_again TEMPLATE hromada")
    try:
        assert _bytes(server.url_of("demo_again"), seed=5) == first
    finally:
        with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE demo_again WITH (FORCE)")
    assert len(set(first)) == len(first)


def test_another_seed_is_another_community(town):
    other = demo.invent(persons=300, seed=8, now=NOW)
    assert not other.book.people.keys() & town.book.people.keys()


@pytest.mark.parametrize("persons", [20, 50, 500, 2000])
def test_as_many_as_asked_and_more_than_twice_as_many_facts(persons):
    counts = demo.counts(demo.invent(persons=persons, seed=1, now=NOW))
    assert counts.persons == persons
    assert counts.facts > 2 * persons
    assert counts.residences >= persons
    assert counts.dwellings > persons / 4


def test_fewer_than_twenty_are_no_community():
    with pytest.raises(ValueError, match="20"):
        demo.invent(persons=19, seed=1, now=NOW)


def test_recorded_times(town):
    """Equal within an act, rising between acts, over six years, in office hours, never in the future."""
    envelopes = [envelope for envelope, _ in town.book.acts]
    times = [envelope.recorded_at for envelope in envelopes]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert times[-1] - times[0] >= timedelta(365 * 6)
    assert NOW - timedelta(3) < times[-1] < NOW
    assert len({envelope.command for envelope in envelopes}) == len(envelopes)
    assert len({envelope.by for envelope in envelopes}) > 3
    local = [instant.astimezone(KYIV) for instant in times]
    assert all(time(8) <= instant.time() < time(20) and instant.weekday() < 6 for instant in local)


def test_dates_of_the_law_are_not_later_than_the_act(facts):
    for fact, envelope in facts:
        said = getattr(fact, "now", fact)
        dates = [getattr(said, name, None) for name in ("since", "until", "registered_on", "list_since", "list_until")]
        today = kyiv_day(envelope.recorded_at).isoformat()
        assert all(text <= today for text in dates if text), fact


@pytest.mark.parametrize("aggregate", ["person", "dwelling"])
def test_every_fact_happens(facts, aggregate):
    seen = {fact.NAME for fact, _ in facts}
    assert {fact.NAME for fact in AGGREGATES[aggregate]} <= seen


@pytest.mark.parametrize("persons", [200, 300])
def test_every_example_is_somebody_in_force(persons):
    town = demo.invent(persons=persons, seed=2, now=NOW)
    labels = [label for label, _ in town.examples]
    assert len(set(labels)) == len(labels) >= len(demo.STORIES)
    assert all(town.book.people[person].entered for _, person in town.examples)


def test_special_dates(facts):
    """Dates that are not known, kept addresses, a revived residence that had ended, a residence without a day."""
    said = [fact for fact, _ in facts]
    past = [fact for fact in said if fact.NAME == "past-residence-entered"]
    assert {len(fact.since or "") for fact in past} == {0, 4, 7, 10}
    assert {len(fact.since) for fact in said if fact.NAME == "residence-registered"} == {4, 7, 10}
    annulled = [fact for fact in said if fact.NAME == "residence-annulled"]
    assert {(fact.revives, bool(fact.revived_until)) for fact in annulled} == {
        (True, False),
        (True, True),
        (False, False),
    }
    noted = [fact for fact in said if fact.NAME == "occupied-address-noted"]
    assert {(bool(fact.residence), bool(fact.list_until)) for fact in noted} == {
        (True, False),
        (True, True),
        (False, False),
    }


def test_families(facts, town):
    """Whose child somebody is, by a paper with its number: parents, adopters, guardians; of this register and not."""
    links = [fact for fact, _ in facts if fact.NAME == "family-link-entered"]
    assert {(fact.role, bool(fact.relative)) for fact in links} >= {
        *(("parent", True), ("parent", False)),
        *(("adopter", True), ("guardian", True), ("guardian", False)),
    }
    assert all(fact.paper.number and fact.paper.dated and fact.paper.issuer and fact.paper.whose for fact in links)
    assert sum(fact.role == "parent" for fact in links) > 5
    for child in town.book.people.values():
        for link in child.links:
            if link.role == "parent" and link.relative and not link.annulled:
                parent = town.book.people[link.relative].particulars
                assert int(parent.birth_date[:4]) + 16 <= int(child.particulars.birth_date[:4])


def test_who_was_adopted_is_sealed(database_url):
    with opened(database_url) as registry:
        demo.seed(registry, persons=200, seed=1, now=NOW)
        (sealed,) = seals.sealed(registry)
        by = Actor("clerk", "Вигадана Н.")
        former = fold(registry.entries(sealed))
        assert former.entered and not viewer_of(registry, by).sees(sealed)
        (now,) = [one for one in registry.entries(former.seal.successor) if one.fact.NAME == "family-link-entered"]
        assert now.fact.role == "adopter" and viewer_of(registry, by).sees(now.stream)


def test_at_the_counter(database_url, tmp_path):
    """One application granted with its papers, one refused with a letter that prints, one without movement."""
    with opened(database_url) as registry:
        demo.seed(registry, persons=200, seed=1, now=NOW)
        entries = [read_entry(one.state) for one in registry.recorder.select_notifications(start=None, limit=10_000)]
        received = [one for one in entries if one.fact.NAME == "application-received"]
        state = {one.stream: fold_case(registry.entries(one.stream)) for one in received}
        assert [outcome.NAME for case in state.values() for outcome in case.outcomes] == [
            "application-granted",
            "application-refused",
        ]
        (left,) = [case.left for case in state.values() if case.left]
        assert left.bring_by > kyiv_day(NOW).isoformat() and left.text
        assert all(one.paper.number for case in state.values() for one in case.papers)
        (formed,) = [one for one in entries if one.fact.NAME == "letter-formed"]
        assert read_letter(formed.fact.content).sample
        client = TestClient(create_app(registry, installation(data=tmp_path)))
        answer = client.get(f"/api/v1/applications/{formed.fact.application}/letters/1/document")
        assert answer.status_code == 200, answer.text
        assert "Вигадівський міський голова" in text(answer.content)
        assert verify(registry).differences == []


def test_every_example_has_a_page_and_is_found_by_name(database_url, tmp_path):
    """But for who was adopted: that page says that it is hidden, and no name leads there."""
    with opened(database_url) as registry:
        made = demo.seed(registry, persons=200, seed=1, now=NOW)
        client = TestClient(create_app(registry, installation(data=tmp_path)))
        hidden = seals.sealed(registry)
        for _, person in made.examples:
            answer = client.get(f"/persons/{person}")
            known = fold(registry.entries(person)).particulars
            asked = client.post("/api/v1/search/people", json={"q": f"{known.surname} {known.given_names}"}).json()
            found = [one["id"] for one in asked["people"]]
            seen = person not in hidden
            assert answer.status_code == (200 if seen else 403)
            assert (str(person) in found, known.surname in answer.text) == (seen, seen)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_examples_of_the_search_page_find_people_in_every_community(database_url, tmp_path, seed):
    """Whatever the page tells to type, in the smallest community too, whose home is on the list of streets."""
    told = "".join(texts.TEXTS["search_page"][key] for key in ("hint", "try_letters", "try_birth", "try_address"))
    said = [one for one in re.findall(r"<b>([^<]+)</b>", told) if len(one) > 1]
    assert len(said) == 10 and not any("вигадана" in one for one in said)
    with opened(database_url) as registry:
        demo.seed(registry, persons=(20, 60, 40)[seed - 1], seed=seed, now=NOW)
        client = TestClient(create_app(registry, installation(data=tmp_path)))
        for typed in said:
            where = "dwellings" if "калинова" in typed else "people"
            assert client.post(f"/api/v1/search/{where}", json={"q": typed}).json()[where], typed
        home = {"address": {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "7"}, "kind": "private"}
        assert client.post("/api/v1/dwellings", json=home).status_code == 201, "docs/visit.md begins so"


def test_the_list_of_streets(database_url):
    """Most dwellings are as it says, some are not; a street was renamed, one was a slip, one never was."""
    with opened(database_url) as registry:
        demo.seed(registry, persons=300, seed=7, now=NOW)
        every = streets.page(registry, position=streets.NOW, limit=500)
        asked = {"day": kyiv_day(NOW), "position": streets.NOW, "community": demo.COMMUNITY}
        said = streets.reconciled(registry, every, **asked)
        found = Counter(one.said.state for street in said for one in street.homes)
        assert found["verified"] > 100 and found["missing"] and found["differing"] and not found["proposed"]
        assert sum(found.values()) > registry.query("dwellings", "count")[0]["dwellings"] * 0.9
        assert any("street-renamed" in one.said.reasons for street in said for one in street.homes)
        assert verify(registry).differences == []


def test_the_list_of_territories(facts):
    """A territory with two entries, one that was corrected, and one that never was."""
    said = [fact for fact, _ in facts if fact.NAME.startswith("territory-")]
    codes = [fact.code for fact in said if fact.NAME == "territory-entered"]
    assert sorted(codes.count(code) for code in set(codes)) == [1, 1, 2]
    assert {fact.NAME for fact in said} == {fact.NAME for fact in AGGREGATES["territory"]}


def test_a_street_is_renamed_in_one_act(town):
    renaming = [
        [draft.fact.address.street for draft in drafts if draft.fact.NAME == "address-renamed"]
        for _, drafts in town.book.acts
    ]
    street, of_one = [streets for streets in renaming if streets]
    assert set(street) == {"вул. Ясенова"} and of_one == ["вул. Спірна"]


def test_nothing_is_unmatched_and_nobody_is_in_two_places(town):
    for person in town.book.people.values():
        assert not person.unmatched
        rows = sorted(
            (row.since or date.min, row.until or date.max) for row in standing(timeline(person)) if not row.kept
        )
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(rows))


def test_numbers_and_names_are_right(facts):
    """УНЗР and РНОКПП pass the checks, no УНЗР twice, no Latin letter in a Cyrillic name."""
    entered = [fact.particulars for fact, _ in facts if isinstance(fact, PersonEntered)]
    numbers = [said.unzr for said in entered if said.unzr]
    assert len(set(numbers)) == len(numbers) > len(entered) / 2
    for said in entered:
        assert not said.unzr or not ukrainian.unzr_faults(said.unzr, said.birth_date)
        assert not said.rnokpp or not ukrainian.rnokpp_faults(said.rnokpp, said.birth_date, said.sex)
        for name in (said.surname, said.given_names, said.patronymic):
            assert not ukrainian.suspicious_letters(name or "")
            assert name is None or ukrainian.normalise_apostrophe(name) == name
        assert not said.phone or said.phone.startswith("+38000")
    assert all(any(not getattr(said, name) for said in entered) for name in ("patronymic", "rnokpp", "unzr"))
    assert all("1930" <= said.birth_date <= "2026-12" for said in entered if said.birth_date)


def test_only_into_an_empty_register(database_url):
    with opened(database_url) as registry:
        demo.seed(registry, persons=20, seed=1, now=NOW)
        before = registry.position()
        with pytest.raises(NotEmpty):
            demo.seed(registry, persons=20, seed=1, now=NOW)
        assert registry.position() == before


def test_the_guard_stands_again(database_url):
    """Loading takes the constraint "one residence at a time" off; afterwards it refuses again."""
    with opened(database_url) as registry:
        demo.seed(registry, persons=20, seed=1, now=NOW)
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.ExclusionViolation):
        connection.execute(
            """
            CREATE TEMP TABLE again AS SELECT * FROM residences
            WHERE known_until IS NULL AND state = 'standing' AND NOT kept LIMIT 1;
            UPDATE again SET residence = gen_random_uuid();
            INSERT INTO residences SELECT * FROM again
            """
        )


def test_progress_tells_every_fact():
    told: list[int] = []
    town = demo.invent(persons=20, seed=1, now=NOW, progress=told.append)
    assert sum(told) == town.book.position


def _bytes(url, seed):
    with opened(url) as registry:
        demo.seed(registry, persons=40, seed=seed, now=NOW)
        return [bytes(event.state) for event in registry.recorder.select_notifications(start=None, limit=10_000)]
