"""Two people ask for the tenth service over HTTP on the database that is named; printed is what the API answered."""

import json
import sys
from pathlib import Path

import callers  # noqa: F401  who comes is whom the installation names
from filing import about, granted
from given import installation
from starlette.testclient import TestClient
from test_api import Desk

import registry
from api.main import create_app
from registry.opening import opened


def answers(desk: Desk, day: str) -> dict[str, object]:
    """What a visit of each gives, what then holds of them, and what the API says of the service."""
    people = {born: desk.person(birth_date=born) for born in ("1990-05-04", "1960-05-04")}
    home = desk.dwelling()
    said = {
        born: granted(
            desk,
            service="register_season",
            received=f"{day}T00:01",
            subject={"born": born},
            register=about(person, dwelling=home),
        )
        for born, person in people.items()
    }
    return {
        "house": registry.__path__[0],
        "said": said,
        "residences": {born: desk.residences(person) for born, person in people.items()},
        "pages": {born: desk.client.get(f"/persons/{person}").text for born, person in people.items()},
        "services": desk.get("/services").json()["services"],
        "service": desk.get("/services/register_season").json(),
        "earlier": [one["id"] for one in desk.get("/services", on="2025-06-01").json()["services"]],
    }


if __name__ == "__main__":
    database_url, day, folder = sys.argv[1:]
    with (
        opened(database_url) as register,
        TestClient(create_app(register, installation(data=Path(folder))), base_url="http://127.0.0.1:8080") as client,
    ):
        print(json.dumps(answers(Desk(client, register), day), ensure_ascii=False))
