"""The keys that sign: made once whatever races, kept whole, only their public parts told."""

import json
import subprocess
import sys
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from starlette.testclient import TestClient

from api.main import create_app
from registry.extracts import keys
from registry.opening import opened
from registry.settings import Settings

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return replace(Settings(), data=tmp_path / "data")


def test_the_first_key_is_made_when_it_is_needed_and_stays(settings):
    assert keys.public(settings) == {"keys": []} and not settings.data.exists()
    key = keys.current(settings, NOW)
    assert keys.current(settings, NOW).as_dict(private=True) == key.as_dict(private=True)
    (file,) = (settings.data / "keys").iterdir()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_its_name_is_its_thumbprint(settings):
    key = keys.current(settings, NOW)
    hashed = sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{key["x"]}"}}'.encode()).digest()
    assert key.kid == urlsafe_b64encode(hashed).decode().rstrip("=")


@pytest.mark.slow
def test_of_several_processes_one_makes_the_first_key(settings):
    program = (
        "import sys, pathlib; from registry.clock import utc_now; from registry.extracts import keys\n"
        "from registry.settings import Settings\n"
        "sys.stdin.read(); print(keys.current(Settings(data=pathlib.Path(sys.argv[1])), utc_now()).kid)"
    )
    said = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    racing = [subprocess.Popen([sys.executable, "-c", program, settings.data], **said) for _ in range(3)]
    for process in racing:
        process.stdin.close()
    names = {process.stdout.read().strip() for process in racing}
    assert [process.wait() for process in racing] == [0, 0, 0]
    assert names == {keys.current(settings, NOW).kid}
    assert [path.suffix for path in (settings.data / "keys").iterdir()] == [".jwk"]


def test_a_new_key_signs_and_the_ones_before_it_are_still_told(settings):
    first = keys.current(settings, NOW)
    second, third = keys.rotate(settings, NOW), keys.rotate(settings, NOW)
    assert third["created_at"] == "2026-03-01T09:00:00.000000Z"
    assert keys.current(settings, NOW).kid == third.kid
    assert [key["kid"] for key in keys.public(settings)["keys"]] == [third.kid, second.kid, first.kid]
    assert [key.kid for key in keys.kept(settings)] == [third.kid, second.kid, first.kid]


def test_a_number_that_another_process_took_is_passed(settings, monkeypatch):
    keys.rotate(settings, NOW)
    seen = keys._files(settings)
    answers = iter([seen, *[None] * 9])
    real = keys._files
    monkeypatch.setattr(keys, "_files", lambda settings: next(answers) or real(settings))
    keys._add(settings, 2, NOW)
    assert keys.rotate(settings, NOW).kid == keys.kept(settings)[0].kid
    assert len(keys.kept(settings)) == 3


def test_only_public_parts_are_told(settings):
    secret = keys.rotate(settings, NOW)["d"]
    told = json.dumps(keys.public(settings))
    assert secret not in told and '"d"' not in told
    assert set(keys.public(settings)["keys"][0]) == {"kty", "crv", "x", "kid", "alg", "use"}


def test_a_write_that_was_cut_off_leaves_no_key(settings, monkeypatch):
    monkeypatch.setattr(keys.os, "link", lambda *_: (_ for _ in ()).throw(OSError("cut off")))
    with pytest.raises(OSError, match="cut off"):
        keys.current(settings, NOW)
    assert list((settings.data / "keys").iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"key"',
        '{"kty": "OKP"}',
        '{"kty": "RSA", "n": "AQAB", "e": "AQAB"}',
        '{"kty": "OKP", "crv": "Ed25519", "x": "%%", "d": "%%", "kid": "x", "created_at": "2026-01-01T00:00:00Z"}',
        "ключ",
    ],
)
def test_a_damaged_key_is_named_and_never_passed_over(settings, text):
    keys.rotate(settings, NOW)
    bad = settings.data / "keys" / "000002.jwk"
    bad.write_text(text, "utf-8")
    for asked in (lambda settings: keys.current(settings, NOW), keys.public):
        with pytest.raises(keys.BadKey, match="000002"):
            asked(settings)


def test_a_key_without_its_private_part_or_under_another_name_does_not_sign(settings):
    key = keys.rotate(settings, NOW).as_dict(private=True)
    bad = settings.data / "keys" / "000002.jwk"
    for changed in ({name: key[name] for name in key if name != "d"}, {**key, "kid": "mine"}, {**key, "created_at": 1}):
        bad.write_text(json.dumps(changed), "utf-8")
        with pytest.raises(keys.BadKey):
            keys.current(settings, NOW)


def test_everybody_may_ask_for_the_public_keys(settings, database_url):
    keys.rotate(settings, NOW)
    with opened(database_url) as registry, TestClient(create_app(registry, settings)) as client:
        answer = client.get("/.well-known/jwks.json")
        assert answer.status_code == 200 and answer.json() == keys.public(settings)
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert "jwks" not in client.get("/api/v1/openapi.json").text
