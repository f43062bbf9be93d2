"""A client that `openapi-python-client` makes of the description: an integrator's visit, all of it by its types."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from described import description
from given import installation
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from running import served

from api.main import create_app
from api.operations import OPERATIONS
from registry.opening import opened

pytestmark = pytest.mark.slow

FILES = dict.fromkeys(("application/pdf", "image/jpeg", "image/png"), "application/octet-stream")
"""What the generator has to be told: which kinds of content are bytes (docs/api.md)."""
MAIN = (
    *("Person", "Residences", "Residence", "FoundPeople", "DwellingCard", "Residents", "IssuedExtract", "Extract"),
    *(
        "ApplicationReceived",
        "Decided",
        "Tried",
        "RuledPart",
        "PartDecided",
        "WholeApplication",
        "Outgoing",
        "Problem",
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which the package `hromada_client` is, made of the description as anybody makes it."""
    folder = tmp_path_factory.mktemp("client")
    described = folder / "openapi.json"
    described.write_text(json.dumps(description(), ensure_ascii=False), "utf-8")
    options = ConfigFile(post_hooks=[], package_name_override="hromada_client", content_type_overrides=FILES)
    config = Config.from_sources(
        options,
        MetaType.NONE,
        document_source=described,
        file_encoding="utf-8",
        overwrite=True,
        output_path=folder / "hromada_client",
    )
    assert list(generate(config=config)) == []  # not even a warning
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "hromada_client"]:
        del sys.modules[name]


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A register of its own behind a real server."""
    with opened(database_url) as registry:
        with served(create_app(registry, installation(data=tmp_path))) as at:
            yield at


def modules(made: Path) -> list[Path]:
    return sorted((made / "hromada_client").rglob("*.py"))


class TestItsNames:
    def test_are_ascii(self, made: Path) -> None:
        for path in modules(made):
            assert str(path.relative_to(made)).isascii()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    assert node.name.isascii(), f"{path.name}: {node.name}"

    def test_every_operation_is_a_module_called_as_it(self, made: Path) -> None:
        found = {path.stem for path in (made / "hromada_client" / "api").rglob("*.py")} - {"__init__"}
        assert found == {one.id for one in OPERATIONS.values()}


class TestItsTypes:
    def test_no_answer_is_a_dict_or_anything(self, made: Path) -> None:
        for path in (made / "hromada_client" / "api").rglob("[a-z]*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            answers = {node.name: node.returns for node in tree.body if isinstance(node, ast.FunctionDef)}
            told = ast.unparse(answers["sync"])
            assert "Any" not in told and "dict" not in told and "None" in told, f"{path.stem}: {told}"

    @pytest.mark.parametrize("name", MAIN)
    def test_no_field_of_a_main_answer_is_anything(self, made: Path, name: str) -> None:
        model = getattr(import_module("hromada_client.models"), name)
        free = {
            field for field, kind in model.__annotations__.items() if field != "additional_properties" and kind is Any
        }
        assert free == set()

    def test_it_is_sound_for_a_type_checker(self, made: Path) -> None:
        command = [sys.executable, "-m", "mypy", "--ignore-missing-imports", "--cache-dir", str(made / "cache")]
        checked = subprocess.run(
            [*command, str(made / "hromada_client" / "api" / "extracts")], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout[-2000:]


def room(made: Path) -> SimpleNamespace:
    """What a program imports of the client."""
    named = [path.relative_to(made).with_suffix("") for path in (made / "hromada_client" / "api").rglob("[a-z]*.py")]
    return SimpleNamespace(
        **{path.name: import_module(".".join(path.parts)) for path in named},
        models=import_module("hromada_client.models"),
        Client=import_module("hromada_client").Client,
    )


def test_a_visit_and_its_extract(made: Path, address: str) -> None:
    of = room(made)
    m, client = of.models, of.Client(base_url=address)
    home = of.enter_dwelling.sync(
        client=client,
        body=m.NewDwelling(address=m.AddressForm(settlement="смт Вигадівка", house="7"), kind="private"),
    )
    assert isinstance(home, m.RecordedOfDwelling)
    who = m.PersonalData(surname="Вигадана", given_names="Оксана", birth_date="1990-05-04", sex="female")
    entered = of.enter_person.sync(client=client, idempotency_key=str(uuid4()), body=m.NewPerson(particulars=who))
    assert isinstance(entered, m.RecordedOfPerson) and isinstance(entered.person, UUID)

    asked = m.NewApplication.from_dict(
        {
            "service": "register_residence",
            "subject": {"born": "1990-05-04"},
            "dwelling": {"right_document_held": True},
            "documents": ["application", "identity_document", "dwelling_right_document", "fee_evidence"],
            "register": {"persons": [{"person": str(entered.person)}], "dwelling": str(home.dwelling)},
        }
    )
    tried = of.file_application.sync(client=client, body=asked, dry_run=True)
    assert isinstance(tried, m.Tried) and [part.outcome for part in tried.parts] == ["granted"]
    opened_case = of.file_application.sync(client=client, body=asked)
    assert isinstance(opened_case, m.ApplicationReceived) and opened_case.status == "received"
    case = opened_case.application
    for check in opened_case.parts[0].checks:
        said = m.PaymentSaid(kopiykas=opened_case.parts[0].fee.kopiykas) if check.check == "payment" else None
        body = {
            "payment": lambda said=said: m.CheckPayment(check="payment", said=said),
            "ownership": lambda: m.CheckOwnership(check="ownership", said=m.OwnershipSaid()),
            "encumbrance": lambda: m.CheckEncumbrance(check="encumbrance", said=m.EncumbranceSaid()),
            "absence": lambda: m.CheckAbsence(check="absence", said=m.AbsenceSaid()),
        }[check.check]()
        answered = of.answer_check.sync(str(case), client=client, body=body)
        assert isinstance(answered, m.RecordedOfApplication)
    decided = of.decide_application.sync(str(case), client=client, body=m.ToDecide())
    assert isinstance(decided, m.Decided) and decided.status == "granted"
    assert decided.parts[0].charge.paid == decided.parts[0].charge.due

    lives = of.ask_residences.sync(str(entered.person), client=client)
    assert isinstance(lives, m.Residences) and [row.dwelling_id for row in lives.answer] == [str(home.dwelling)]
    whole = of.get_application.sync(str(case), client=client)
    assert isinstance(whole, m.WholeApplication) and whole.follows[0].addressee.kind

    issued = of.issue_extract.sync(str(entered.person), client=client, body=m.NewExtract())
    assert isinstance(issued, m.IssuedExtract) and issued.residences[0].address
    year, number = issued.number.split("/")
    document = of.download_extract.sync(year, number, client=client)
    assert document.payload.read().startswith(b"%PDF-")
    told = of.get_extract.sync(year, number, client=client)
    assert isinstance(told, m.Extract) and told.content.person.surname == "Вигадана" and told.sha256 == issued.sha256


def test_a_refusal_is_a_problem_with_its_causes(made: Path, address: str) -> None:
    of = room(made)
    m, client = of.models, of.Client(base_url=address)
    refused = of.enter_person.sync(client=client, body=m.NewPerson(particulars=m.PersonalData()))
    assert isinstance(refused, m.Problem) and refused.status == 422
    assert all(isinstance(one, m.ProblemFault) and one.code and one.detail for one in refused.errors)
    unknown = of.get_person.sync(str(uuid4()), client=client)
    assert isinstance(unknown, m.Problem) and unknown.status == 404
    missing = of.download_extract.sync("2024", "000000001", client=client)
    assert isinstance(missing, m.Problem) and missing.status == 404
