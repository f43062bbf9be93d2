"""The statement in an extract: what proves, and everything that must not. Any bytes have an outcome."""

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from io import BytesIO

import pikepdf
import pytest
import test_extract_pdf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import OKPKey
from papers import KEY, SAID, jwks, render, signing_key, stated
from tiers import tries

from registry.extracts import pdf, statement
from registry.extracts.examining import examined
from registry.extracts.statement import DOCUMENT, MARK, STATED, STATUS, checked

FILE = stated()
TOKEN = STATED.search(FILE)[1]
STRANGER = signing_key()
HEADER = {"alg": "EdDSA", "kid": KEY.kid, "typ": DOCUMENT}
HEAD, BODY, SIGNATURE = TOKEN.split(b".")


def outcome(file, keys=None):
    return checked(file, keys or jwks(), examined).outcome


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=")


def token(header, payload, sign):
    signed = part(header) + b"." + part(payload)
    return signed + b"." + part(sign(signed))


def with_token(other, file=FILE):
    return file.replace(TOKEN, other)


def status(key=KEY, **said):
    asked = {"iss": SAID["iss"], "number": SAID["number"], "formed_at": SAID["formed_at"], "sha256": "ab" * 32}
    known = {"status": "valid", "superseded_on": None, "checked_at": "2026-12-01T10:00:00Z"}
    return statement.status_statement(key, **{**asked, **known, **said})


class TestSound:
    def test_proves_who_issued_what_and_when(self):
        found = checked(FILE, jwks())
        assert (found.outcome, found.kid, found.seal) == ("valid", KEY.kid, None)
        assert {name: getattr(found, name) for name in SAID} == SAID
        assert found.sha256 == hashlib.sha256(FILE).hexdigest()

    def test_to_anybody_by_the_recipe_of_the_readme(self):
        said = re.search(rb"hromada-statement, ([\w.-]+)", FILE)[1]
        signed, _, signature = said.rpartition(b".")
        told = jwks()["keys"][0]
        key = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(told["x"] + "=="))
        key.verify(urlsafe_b64decode(signature + b"=="), signed)
        payload = json.loads(urlsafe_b64decode(signed.split(b".")[1] + b"=="))
        document = FILE[: payload["length"]].replace(said, b"0" * len(said))
        assert hashlib.sha256(document).hexdigest() == payload["sha256"] and len(FILE) == payload["length"]

    def test_of_an_extract_as_it_is_issued(self):
        content = test_extract_pdf.content()

        def drawn(place):
            return pdf.render(content, statement=place)

        file = statement.with_statement(drawn, KEY, **SAID)
        assert outcome(file) == "valid" and file == statement.with_statement(drawn, KEY, **SAID)
        with pikepdf.open(BytesIO(file)) as opened, opened.open_metadata() as xmp:
            said = STATED.search(file)[1].decode()
            assert str(opened.docinfo.Keywords) == xmp["pdf:Keywords"] == f"hromada-statement, {said}"
            assert xmp["pdfaid:part"] == "2" and xmp["pdfuaid:part"] == "1"

    def test_the_document_is_drawn_once(self):
        drawn = []
        statement.with_statement(lambda place: drawn.append(place) or render(place), KEY, **SAID)
        assert len(drawn) == 1 and set(drawn[0]) == {"0"}

    @pytest.mark.parametrize("places", [0, 1, 3])
    def test_with_another_number_of_places_it_is_not_made(self, places):
        with pytest.raises(AssertionError):
            statement.with_statement(lambda place: (MARK + place.encode()) * places, KEY, **SAID)

    @pytest.mark.parametrize("size", [0, 1, 85_000, 100_000, 1_100_000])
    def test_is_as_long_for_a_document_of_any_length(self, size):
        file = statement.with_statement(
            lambda place: b"%PDF" + b" " * size + 2 * (MARK + place.encode() + b")"), KEY, **SAID
        )
        assert outcome(file) == "valid"

    def test_a_key_that_signs_no_more_still_proves(self):
        assert outcome(FILE, jwks(STRANGER, KEY)) == "valid"

    def test_keys_of_other_kinds_and_without_names_do_not_disturb(self):
        others = [
            {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
            {"kty": "oct", "k": "AA"},
            {"kty": "OKP", "crv": "X25519", "x": "AA"},
            {},
        ]
        nameless = {name: value for name, value in KEY.as_dict().items() if name != "kid"}
        assert outcome(FILE, {"keys": [*others, nameless]}) == "valid"


class TestAltered:
    @pytest.mark.parametrize("start", range(0, 23))
    def test_by_any_one_byte(self, start):
        for position in range(start, len(FILE), 23):
            for flipped in (1, 0x80):
                changed = FILE[:position] + bytes([FILE[position] ^ flipped]) + FILE[position + 1 :]
                assert outcome(changed) != "valid", position

    def test_by_any_one_character_of_both_statements(self):
        for position in range(len(TOKEN)):
            for char in b"A", b"B", b"-", b"_":
                other = TOKEN[:position] + char + TOKEN[position + 1 :]
                assert other == TOKEN or outcome(with_token(other)) != "valid", position

    def test_says_whose_number_it_bears(self):
        found = checked(FILE.replace(b"/Lang(uk)", b"/Lang(ru)"), jwks())
        assert (found.outcome, found.number) == ("altered", SAID["number"])

    @pytest.mark.parametrize(
        "added", [b"\n", b"\0", b"%%EOF", FILE, FILE[-200:], b"1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF"]
    )
    def test_by_anything_after_it(self, added):
        assert outcome(FILE + added) == "altered"

    @pytest.mark.parametrize("added", [b"\n", b"%PDF-1.7\n", FILE])
    def test_by_anything_before_it(self, added):
        assert outcome(added + FILE) == "altered"

    def test_by_an_incremental_update(self):
        changed = BytesIO()
        with pikepdf.open(BytesIO(FILE)) as opened:
            opened.save(changed)
        assert outcome(changed.getvalue()) != "valid"

    @pytest.mark.parametrize("kept", [0.99, 0.9, 0.7, 0.6, 0.5, 0.1])
    def test_by_being_cut_short(self, kept):
        assert outcome(FILE[: int(len(FILE) * kept)]) in ("altered", "no-statement")

    def test_by_a_statement_of_another_document(self):
        file = statement.with_statement(lambda place: render(place).replace(b"/Lang(uk)", b"/Lang(en)"), KEY, **SAID)
        other = STATED.search(file)[1]
        assert len(other) == len(TOKEN) and outcome(file) == "valid"
        assert outcome(with_token(other)) == outcome(file.replace(other, TOKEN)) == "altered"

    def test_by_two_statements(self):
        other = STATED.search(stated(number="2026/000000018"))[1]
        assert outcome(FILE.replace(TOKEN, other, 1)) == "altered"
        assert outcome(FILE + MARK + other) == "altered"

    def test_by_a_statement_more_or_less(self):
        assert outcome(FILE.replace(MARK, b"x" * len(MARK), 1)) == "altered"
        assert outcome(FILE + MARK + TOKEN) == "altered"


class TestForged:
    """Statements that somebody without the key has made."""

    @pytest.mark.parametrize(
        ("header", "signature"),
        [
            ({**HEADER, "alg": "none"}, b""),
            ({**HEADER, "alg": "none"}, b"\0" * 64),
            ({**HEADER, "alg": "None"}, b""),
            ({**HEADER, "alg": "HS256"}, b"\0" * 32),
            ({**HEADER, "alg": ["EdDSA"]}, b"\0" * 64),
            ({**HEADER, "alg": "Ed25519"}, b"\0" * 64),
            ({**HEADER, "alg": "Ed448"}, b"\0" * 114),
            (HEADER, b"\0" * 64),
            (HEADER, b""),
            ({**HEADER, "jwk": STRANGER.as_dict()}, b"\0" * 64),
            ({**HEADER, "crit": ["b64"], "b64": False}, b"\0" * 64),
            ({"alg": "EdDSA"}, b"\0" * 64),
            ({**HEADER, "kid": None}, b"\0" * 64),
            ({**HEADER, "kid": {"a": 1}}, b"\0" * 64),
            ({**HEADER, "kid": "../../etc/passwd"}, b"\0" * 64),
            ({**HEADER, "kid": "\u001b[31m"}, b"\0" * 64),
            ({**HEADER, "typ": "JWT"}, b"\0" * 64),
            ({**HEADER, "typ": []}, b"\0" * 64),
            ([], b"\0" * 64),
            ("EdDSA", b"\0" * 64),
            (None, b"\0" * 64),
            (b"\xff\xfe", b"\0" * 64),
            (b"[" * 1400, b"\0" * 64),
        ],
    )
    def test_are_broken(self, header, signature):
        assert outcome(with_token(part(header) + b"." + BODY + b"." + part(signature))) == "broken"

    def test_with_the_public_key_as_a_secret(self):
        for secret in (KEY["x"].encode(), KEY.as_pem(), KEY.as_der(), json.dumps(KEY.as_dict()).encode()):
            made = token(
                {**HEADER, "alg": "HS256"}, _payload(), lambda signed, key=secret: hmac.digest(key, signed, "sha256")
            )
            assert outcome(with_token(made)) == "broken"

    def test_with_a_key_of_ones_own(self):
        assert outcome(stated(key=STRANGER)) == "unknown-key"
        assert checked(stated(key=STRANGER), jwks()).number is None
        pretended = OKPKey.import_key({**STRANGER.as_dict(private=True), "kid": KEY.kid})
        assert outcome(stated(key=pretended)) == "broken"

    def test_by_another_kind_of_statement(self):
        assert outcome(with_token(status().encode())) == "broken"

    @pytest.mark.parametrize(
        "payload",
        [
            b"null",
            b"[]",
            b"{}",
            b"\xff",
            b"[" * 2000,
            {**SAID, "sha256": "0" * 64},
            {**SAID, "sha256": "0" * 64, "length": "1"},
            {**SAID, "sha256": "0" * 64, "length": True},
            {**SAID, "sha256": None, "length": 1},
            {**SAID, "sha256": "0" * 64, "length": 1, "formed_at": "вчора"},
            {**SAID, "sha256": "0" * 64, "length": 1, "formed_at": "2026-11-23T09:15:42"},
        ],
    )
    def test_even_the_right_key_cannot_sign_just_anything(self, payload):
        made = token(HEADER, payload, KEY.private_key.sign)
        assert outcome(with_token(made)) == "broken"

    @pytest.mark.parametrize("length", [-1, 0, 1, len(FILE) - 1, len(FILE) + 1, 10**30])
    def test_a_length_that_is_not_its_own(self, length):
        made = token(HEADER, {**SAID, "sha256": "0" * 64, "length": length}, KEY.private_key.sign)
        assert outcome(with_token(made)) == "altered"


def _payload():
    return {**SAID, "sha256": hashlib.sha256(FILE).hexdigest(), "length": len(FILE)}


class TestGarbage:
    @pytest.mark.parametrize(
        ("file", "expected"),
        [
            (b"", "no-statement"),
            (b"\0" * 5_000_000, "no-statement"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40, "no-statement"),
            (b"%PDF-1.7\n%%EOF", "no-statement"),
            (render("0" * 40), "no-statement"),
            (MARK, "no-statement"),
            (MARK + b"a.b.c", "broken"),
            ((MARK + b"a.b.c ") * 100_000, "broken"),
            (MARK * 100_000, "no-statement"),
            (MARK + b"a" * 5_000_000, "no-statement"),
            (MARK + b"." * 1000, "no-statement"),
            ("Витяг".encode(), "no-statement"),
            (b"a.b.c", "broken"),
        ],
    )
    def test_has_an_outcome(self, file, expected):
        assert outcome(file) == expected

    @settings(max_examples=tries(300), deadline=None)
    @given(st.lists(st.one_of(st.binary(), st.sampled_from([MARK, TOKEN, HEAD, BODY, SIGNATURE, b".", FILE[:3000]]))))
    def test_never_proves_and_never_fails(self, pieces):
        assert outcome(b"".join(pieces)) not in ("valid", "seal-unchecked")


class TestText:
    """A statement on its own, as a program fetches it."""

    def test_of_status(self):
        found = checked(status().encode() + b"\n", jwks())
        assert (found.outcome, found.number, found.sha256) == ("valid", SAID["number"], "ab" * 32)
        assert found.checked_at == "2026-12-01T10:00:00Z" and found.superseded_on is None

    def test_of_status_when_the_extract_no_longer_holds(self):
        found = checked(status(status="superseded", superseded_on="2026-11-30").encode(), jwks())
        assert (found.outcome, found.superseded_on) == ("superseded", "2026-11-30")

    def test_of_status_by_a_stranger(self):
        assert outcome(status(key=STRANGER).encode()) == "unknown-key"
        assert outcome(status().encode(), jwks(STRANGER)) == "unknown-key"

    def test_of_status_that_says_something_else(self):
        for said in ({"status": "perhaps"}, {"checked_at": "колись"}, {"sha256": None}):
            assert outcome(status(**said).encode()) == "broken"

    def test_of_a_document_proves_nothing_without_it(self):
        found = checked(TOKEN, jwks())
        assert (found.outcome, found.number, found.sha256) == ("no-document", SAID["number"], None)

    def test_kinds_do_not_pass_for_each_other(self):
        signed = status().split(".")
        assert json.loads(urlsafe_b64decode(statement._filled(signed[0])))["typ"] == STATUS
        made = token(HEADER, urlsafe_b64decode(statement._filled(signed[1])), KEY.private_key.sign)
        assert outcome(made) == "broken"


class TestKeys:
    @pytest.mark.parametrize(
        "given_keys",
        [
            None,
            [],
            "{}",
            1,
            {},
            {"keys": None},
            {"keys": {}},
            {"keys": [1]},
            KEY.as_dict(),
            {"keys": [{"kty": "OKP", "crv": "Ed25519"}]},
            {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": 5}]},
            {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]},
            {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "ключ"}]},
            {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "%%%"}]},
            {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": {}}]},
        ],
    )
    def test_that_are_not_a_jwks_are_refused(self, given_keys):
        with pytest.raises(statement.BadKeys, match="JWKS"):
            checked(FILE, given_keys)

    def test_none_of_them_known(self):
        found = checked(FILE, {"keys": []})
        assert (found.outcome, found.kid, found.number) == ("unknown-key", KEY.kid, None)

    def test_one_for_secrets_does_not_sign(self):
        assert outcome(FILE, {"keys": [{**KEY.as_dict(), "use": "enc"}]}) == "unknown-key"
