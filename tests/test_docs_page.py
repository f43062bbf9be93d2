"""The description of the API as a page: all of it, in Ukrainian, with nothing from outside and no script."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from described import description
from fastapi.testclient import TestClient
from given import installation

from api.guards import CSP
from api.main import create_app
from api.operations import OPERATIONS
from registry.opening import opened


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    with opened(database_url) as registry, TestClient(create_app(registry, installation(data=tmp_path))) as client:
        yield client


def test_it_tells_of_every_operation_and_shape_and_is_linked_from_the_first_page(client: TestClient) -> None:
    assert 'href="/docs"' in client.get("/").text
    answer = client.get("/docs")
    assert answer.status_code == 200
    page = unescape(answer.text)
    anchors = set(re.findall(r'id="([\w-]+)"', page))
    assert {one.id for one in OPERATIONS.values()} <= anchors
    assert {f"shape-{name}" for name in description()["components"]["schemas"]} <= anchors
    assert set(re.findall(r'href="#([\w-]+)"', page)) <= anchors
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            assert f"{method.upper()} {path}" in page and operation["summary"] in page
            for parameter in operation.get("parameters", []):
                assert parameter["description"] in page


def test_it_needs_nothing_from_outside_and_runs_no_script(client: TestClient) -> None:
    answer = client.get("/docs")
    assert answer.headers["content-security-policy"] == CSP and "unsafe" not in CSP
    links = re.findall(r'\b(?:src|href|action)="([^"]*)"', answer.text)
    assert links and all(link.startswith(("/", "#")) and not link.startswith("//") for link in links)
    assert not re.search(r"<script|<iframe|\sstyle=|\son\w+=", answer.text)
