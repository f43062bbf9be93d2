"""Whether two ask the same: the digest of a request, how it is kept with its command, and what has none."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from clerks import REQUESTS, Clerk
from given import CLERK, installation, uid
from starlette.testclient import TestClient
from test_api import Desk

from api.main import create_app
from registry import journal
from registry.acts import repeats
from registry.aggregates.dwelling.events import Address
from registry.aggregates.dwelling.requests import EnterDwelling
from registry.aggregates.person.events import Document, Particulars
from registry.aggregates.person.requests import ChangeParticulars, CorrectResidence, EnterPerson, RecordDeath
from registry.aggregates.requests import ActRequest, digest_of
from registry.app import Registry
from registry.opening import opened
from registry.viewer import OPEN

DEATH = RecordDeath(person=uid(1), registered_on="2021-02-03")


class TestDigest:
    def test_is_of_what_is_asked_and_of_nothing_else(self) -> None:
        assert DEATH.digest == replace(DEATH, confirmed=True).digest == replace(DEATH, basis=None).digest
        others = [replace(DEATH, person=uid(2)), replace(DEATH, registered_on="2021"), replace(DEATH, basis="суд")]
        assert len({one.digest for one in (DEATH, *others)}) == 4
        assert DEATH == replace(DEATH, confirmed=True)

    def test_never_changes_from_release_to_release(self) -> None:
        """The first release that kept digests made these: whoever sends a request again after an upgrade is known."""
        particulars = Particulars(surname="Вигадана", birth_date="1990")
        asked = EnterPerson(particulars=particulars, documents=[Document(number="000001")])
        assert (DEATH.digest.hex(), asked.digest.hex()) == (
            "6c317e8d735ea25b78cff0cfb73a5c8d79443afda7df7cff029625a3ff89fcc3",
            "c96419f842e314b928f33d3a38ab59b010a0471db269b97f1b7b2358404aa546",
        )

    def test_of_two_acts_with_the_same_fields_differs(self) -> None:
        assert digest_of("one", {"person": uid(1)}) != digest_of("other", {"person": uid(1)})

    def test_does_not_depend_on_the_order_of_keys_or_of_sets(self) -> None:
        one, other = {"a": 1, "b": frozenset("xyz")}, {"b": frozenset("zyx"), "a": 1}
        assert digest_of("x", one) == digest_of("x", other) != digest_of("x", {"a": 1, "b": ("x", "y", "z", "x")})

    def test_takes_an_instant_whatever_the_offset_it_is_written_with(self) -> None:
        noon = datetime(2026, 1, 12, 12, tzinfo=UTC)
        kyiv = noon.astimezone(timezone(timedelta(hours=2)))
        assert digest_of("x", {"known_at": noon}) == digest_of("x", {"known_at": kyiv})

    def test_tells_what_stays_from_what_becomes_unknown(self) -> None:
        asked = CorrectResidence(person=uid(1), residence=uid(2), reason="описка")
        assert len({one.digest for one in (asked, replace(asked, since=None), replace(asked, until=None))}) == 3
        cleared, left = ({"patronymic": None}, {})
        changes = [ChangeParticulars(person=uid(1), corrects=True, changes=one, basis="х") for one in (cleared, left)]
        assert changes[0].digest != changes[1].digest

    def test_stays_when_a_later_release_adds_a_field(self) -> None:
        @dataclass(frozen=True)
        class Asked:
            since: str

        @dataclass(frozen=True)
        class Later(Asked):
            note: str | None = None

        assert digest_of("x", Asked("2021")) == digest_of("x", Later("2021")) != digest_of("x", Later("2021", "а"))

    def test_of_a_value_that_no_request_holds_is_an_error(self) -> None:
        with pytest.raises(TypeError, match="object"):
            digest_of("x", {"a": object()})

    @pytest.mark.parametrize("asks", REQUESTS.values(), ids=REQUESTS)
    def test_every_request_is_frozen_and_only_its_confirmation_asks_for_nothing(self, asks: Any) -> None:
        assert issubclass(asks, ActRequest) and asks.__dataclass_params__.frozen
        assert {one.name for one in fields(asks) if not one.compare} <= {"confirmed"}


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry


@pytest.fixture
def desk(registry: Registry, tmp_path: Path) -> Iterator[Desk]:
    with TestClient(create_app(registry, installation(data=tmp_path, second_person=False))) as client:
        yield Desk(client, registry)


def kept(registry: Registry) -> dict[UUID, bytes]:
    with registry.snapshot() as connection:
        return {row["command"]: row["digest"] for row in connection.execute("SELECT * FROM requests")}


class TestWithItsCommand:
    def test_is_kept_in_the_act_and_read_back(self, registry: Registry) -> None:
        asked, command = EnterDwelling(address=Address(house="1")), uuid4()
        act = Clerk(registry, CLERK).act(asked, command=command)
        again = registry.of_command(command)
        assert again and act.digest == again.digest == asked.digest
        assert kept(registry) == {command: asked.digest}

    def test_of_a_second_who_comes_at_once_does_not_replace_it(self, registry: Registry) -> None:
        first, other, command = EnterDwelling(address=Address(house="1")), EnterDwelling(address=Address()), uuid4()
        act = Clerk(registry, CLERK).act(first, command=command)
        lines = [(uuid4(), [act.entries[0].fact], 0)]
        late = registry.append(lines, by=CLERK, command=command, digest=other.digest)
        assert late.repeated and late.entries == act.entries and late.digest == first.digest
        assert not repeats(late, digest=other.digest, makes=other.makes, stream=None)

    def test_of_a_refused_act_is_not_kept(self, desk: Desk) -> None:
        desk.refused("/persons", {"particulars": {}}, Idempotency_Key=str(uuid4()))
        assert kept(desk.registry) == {}

    def test_is_in_no_journal(self, registry: Registry, tmp_path: Path) -> None:
        asked = EnterDwelling(address=Address(house="1"))
        Clerk(registry, CLERK).act(asked, command=uuid4())
        journal.export(registry, tmp_path / "journal.jsonl", seen_by=OPEN)
        assert asked.digest.hex() not in (tmp_path / "journal.jsonl").read_text()


class TestNames:
    """What names whom is found as it was found first."""

    def test_a_person_by_ref_or_by_id_is_the_same(self, desk: Desk) -> None:
        person, key = desk.person(ref="К-1"), str(uuid4())
        body = {"changes": {"surname": "Б"}, "basis": "паспорт"}
        first = desk.act("/persons/К-1/particulars-correction", body, Idempotency_Key=key)
        again = desk.post(f"/persons/{person}/particulars-correction", body, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, first)

    def test_a_person_whose_entry_was_withdrawn_since(self, desk: Desk) -> None:
        desk.person(ref="К-1")
        key = str(uuid4())
        body = {"changes": {"surname": "Б"}, "basis": "паспорт"}
        first = desk.act("/persons/К-1/particulars-correction", body, Idempotency_Key=key)
        desk.act("/persons/К-1/withdrawal", {"reason": "двічі"})
        again = desk.post("/persons/К-1/particulars-correction", body, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, first)


class TestWithoutOne:
    """A command of an earlier release, or of a journal: known by the stream and the name of its fact alone."""

    @pytest.fixture
    def forget(self, registry: Registry) -> Any:
        def forgets() -> None:
            with registry.datastore.get_connection() as connection:
                connection.execute("DELETE FROM requests")

        return forgets

    def test_returns_its_act_if_stream_and_name_agree(self, desk: Desk, forget: Any) -> None:
        person, other, key = desk.person(), desk.person(), str(uuid4())
        changes = {"changes": {"surname": "Б"}, "basis": "паспорт"}
        first = desk.act(f"/persons/{person}/particulars-correction", changes, Idempotency_Key=key)
        forget()
        for basis in ("паспорт", "свідоцтво"):
            body = {**changes, "basis": basis}
            again = desk.post(f"/persons/{person}/particulars-correction", body, Idempotency_Key=key)
            assert (again.status_code, again.json()) == (200, first)
        for path, body in (
            (f"/persons/{other}/particulars-correction", changes),
            (f"/persons/{person}/withdrawal", {"reason": "двічі"}),
            ("/persons", {"particulars": {"surname": "А"}}),
            (f"/persons/{person}/extracts", {}),
        ):
            assert desk.refused(path, body, Idempotency_Key=key)["type"] == "/problems/key-reused", path

    def test_of_an_extract_is_known_by_whom_it_is_about(self, desk: Desk, forget: Any) -> None:
        person, other, key = desk.person(), desk.person(), str(uuid4())
        first = desk.act(f"/persons/{person}/extracts", {}, Idempotency_Key=key)
        forget()
        again = desk.post(f"/persons/{person}/extracts", {}, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, first)
        problem = desk.refused(f"/persons/{other}/extracts", {}, Idempotency_Key=key)
        assert problem["type"] == "/problems/key-reused"
