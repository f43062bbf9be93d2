"""`hromada check` and `hromada keys`, run as people run them: without a register, a network or settings."""

import json
import os

import pytest
from papers import KEY, PASSWORD, SAID, jwks, pkcs12_file, signing_key, stated
from running import Command, Program, assert_refused
from test_statement import status

FILE = stated()
NOWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "HROMADA_DATA": "/dev/null", "HROMADA_PORT": "door"}
"""Settings that no command which reads them would accept."""


@pytest.fixture
def hromada():
    return Command(**NOWHERE)


@pytest.fixture
def keys(tmp_path):
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(jwks()), "utf-8")
    return file


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "витяг.pdf"
    file.write_bytes(FILE)
    return file


def test_a_sound_extract_is_told_in_words_and_as_one_json_value(hromada, file, keys):
    said = hromada("check", file, "--keys", keys)
    assert (said.returncode, said.stderr) == (0, "")
    for words in ("Витяг справжній", SAID["number"], SAID["code"], SAID["iss"], "23.11.2026 11:15", KEY.kid):
        assert words in said.stdout
    done = hromada("check", file, "--keys", keys, "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr, found["outcome"], found["seal"]) == (0, "", "valid", None)
    assert {name: found[name] for name in SAID} == SAID


@pytest.mark.parametrize(
    ("bytes_", "outcome", "words"),
    [
        (FILE.replace(b"/Lang(uk)", b"/Lang(ru)"), "altered", "змінено після видачі"),
        (FILE + b"\n", "altered", "змінено після видачі"),
        (stated(key=signing_key()), "unknown-key", "/.well-known/jwks.json"),
        (b"", "no-statement", "немає підтвердження"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "no-statement", "немає підтвердження"),
        (FILE[:5000], "no-statement", "немає підтвердження"),
        (b"hromada-statement, a.b.c", "broken", "пошкоджене або підроблене"),
        (status(status="superseded", superseded_on="2026-11-30").encode(), "superseded", "30.11.2026"),
    ],
)
def test_what_does_not_prove_is_found_and_said(hromada, file, keys, bytes_, outcome, words):
    file.write_bytes(bytes_)
    said = hromada("check", file, "--keys", keys)
    assert (said.returncode, said.stderr) == (1, "") and words in said.stdout
    done = hromada("check", file, "--keys", keys, "--json")
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (1, outcome)


def test_a_status_is_a_text(hromada, file, keys):
    file.write_text(status() + "\n", "utf-8")
    done = hromada("check", file, "--keys", keys, "--json")
    assert (done.returncode, json.loads(done.stdout)["checked_at"]) == (0, "2026-12-01T10:00:00Z")
    said = hromada("check", file, "--keys", keys).stdout
    assert "витяг відповідав реєстру" in said and "стан на: 01.12.2026 12:00" in said and "документ" not in said


def test_a_letter_is_called_one(hromada, file, keys):
    from test_letter_golden import FORMED, letter

    from registry.extracts.statement import LETTER, with_statement
    from registry.letters.pdf import render

    def made(place):
        return render(letter("refusal"), FORMED, place)

    document = with_statement(made, KEY, **{**SAID, "number": "482913/1"}, typ=LETTER)
    file.write_bytes(document)
    said = hromada("check", file, "--keys", keys)
    assert (said.returncode, said.stderr) == (0, "")
    assert "Лист справжній" in said.stdout and "номер: 482913/1" in said.stdout and "итяг" not in said.stdout
    file.write_bytes(document + b"\n")
    said = hromada("check", file, "--keys", keys)
    assert said.returncode == 1 and "попросіть лист ще раз" in said.stdout
    found = json.loads(hromada("check", file, "--keys", keys, "--json").stdout)
    assert (found["outcome"], found["kind"]) == ("altered", LETTER)


def test_a_seal_is_named_and_its_trust_left_to_the_reader(hromada, file, keys):
    pytest.importorskip("pyhanko", reason="печатка — додаток seal")
    from datetime import UTC, datetime

    from registry.extracts import sealing

    signer = sealing.PadesSigner(pkcs12_file("[bold]Рада"), PASSWORD)
    file.write_bytes(sealing.sealed(signer, FILE, datetime.now(UTC)))
    said = hromada("check", file, "--keys", keys)
    assert (said.returncode, said.stderr) == (0, "")
    assert "печатка: [bold]Рада (чи довіряти сертифікату, тут не перевірено" in said.stdout
    file.write_bytes(file.read_bytes() + b"\n")
    said = hromada("check", file, "--keys", keys, "--json")
    assert (said.returncode, said.stderr, json.loads(said.stdout)["outcome"]) == (1, "", "altered")


def test_a_seal_without_the_extra_is_left_unchecked(hromada, file, keys, tmp_path):
    pytest.importorskip("pyhanko", reason="печатка — додаток seal")
    from datetime import UTC, datetime

    from registry.extracts import sealing

    file.write_bytes(sealing.sealed(sealing.PadesSigner(pkcs12_file(), PASSWORD), FILE, datetime.now(UTC)))
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "sitecustomize.py").write_text("import sys; sys.modules['pyhanko'] = None\n", "utf-8")
    without = f"{tmp_path / 'without'}:{os.getcwd()}"
    said = Program(**NOWHERE)("check", file, "--keys", keys, PYTHONPATH=without)
    assert (said.returncode, said.stderr) == (4, "") and "hromada-registry[seal]" in said.stdout


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"keys": 1}',
        '{"keys": [1]}',
        "[" * 100_000,
        json.dumps(KEY.as_dict()),
        "ключі",
        "1" * 5000,
    ],
)
def test_a_file_of_keys_that_is_not_one_is_said(hromada, file, keys, bad):
    keys.write_text(bad, "utf-8")
    assert_refused(hromada("check", file, "--keys", keys), 2, "jwks.json", "JWKS")


def test_keys_that_are_bytes_or_a_document(hromada, file, keys):
    for bad in (b"\xff\xfe\x00", FILE):
        keys.write_bytes(bad)
        assert_refused(hromada("check", file, "--keys", keys), 2, "JWKS")


def test_bad_usage_is_told_what_to_do(hromada, file, keys, tmp_path):
    for words, said in (
        (("check",), "Не вказано FILE"),
        (("check", file), "Не вказано --keys"),
        (("check", file, "--keys"), "--help"),
        (("check", tmp_path / "none.pdf", "--keys", keys), "Немає такого файлу"),
        (("check", file, "--keys", tmp_path / "none.json"), "Немає такого файлу"),
        (("check", tmp_path, "--keys", keys), "недоступні"),
        (("check", file, "--keys", tmp_path), "недоступні"),
        (("check", file, keys, "--keys", keys), "--help"),
        (("check", file, "--keys", keys, "--frob"), "--frob"),
        (("keys",), ""),
        (("keys", "melt"), "--help"),
    ):
        done = hromada(*words)
        assert_refused(done, 2, said)
        assert done.stdout == "" or words == ("keys",)


def test_of_a_file_without_an_end_only_a_beginning_is_read(hromada, keys):
    assert_refused(hromada("check", "/dev/zero", "--keys", keys), 2, "завеликий")
    assert_refused(hromada("check", keys, "--keys", "/dev/zero"), 2, "завеликий")


@pytest.mark.parametrize("words", [("check",), ("keys",), ("keys", "list"), ("keys", "rotate")])
def test_help_is_ukrainian(hromada, words):
    said = hromada(*words, "--help")
    assert said.returncode == 0 and "Як набирати" in said.stdout
    assert {"check": "без мережі", "keys": "Ключі", "list": "найновіший", "rotate": "новим ключем"}[
        words[-1]
    ] in said.stdout


def test_keys_are_listed_rotated_and_checked_by(tmp_path, file):
    here = Command(HROMADA_DATA=str(tmp_path / "data"), DATABASE_URL=NOWHERE["DATABASE_URL"])
    assert "Ключів ще немає" in here("keys", "list").stdout
    assert here.answer("keys", "list") == {"keys": []}
    first, second = (here.answer("keys", "rotate")["kid"] for _ in range(2))
    said = here("keys", "list").stdout.splitlines()
    assert second in said[0] and "підписує" in said[0] and first in said[1] and "лише для перевірки" in said[1]
    listed = here("keys", "list", "--json").stdout
    assert [(key["kid"], key["current"]) for key in json.loads(listed)["keys"]] == [(second, True), (first, False)]
    assert '"d"' not in listed
    (tmp_path / "list.json").write_text(listed, "utf-8")
    assert here.answer("check", file, "--keys", tmp_path / "list.json")["outcome"] == "unknown-key"
    (tmp_path / "data" / "keys" / "000002.jwk").write_text("{}", "utf-8")
    assert_refused(here("keys", "list"), 2, "000002.jwk", "резервної копії")
