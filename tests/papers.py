"""A small document with the two places of a statement, keys, and a throw-away certificate, to try the checks on."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import typst
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from joserfc.jwk import OKPKey

from registry.extracts.statement import with_statement
from registry.extracts.typeset import fonts

SAID = {
    "iss": "https://reiestr.example.ua",
    "number": "2026/000000017",
    "code": "K7QM3XFB9D2A",
    "formed_at": "2026-11-23T09:15:42.123456Z",
}
PASSWORD = b"throw-away"
SEALER = "Вигадівська рада"
LAID_OUT = """
#set document(title: "Витяг", keywords: ("hromada-statement", sys.inputs.statement))
#set text(lang: "uk")
= Витяг
м. Вигадів, вул. Рання, буд. 7
"""


def signing_key():
    key = OKPKey.generate_key("Ed25519")
    return OKPKey.import_key({**key.as_dict(private=True), "kid": key.thumbprint()})


KEY = signing_key()


def jwks(*keys):
    return {"keys": [key.as_dict() for key in keys or (KEY,)]}


@lru_cache(maxsize=64)
def render(statement):
    inputs, standards = {"statement": statement}, ["a-2a", "ua-1"]
    compiler = typst.Compiler(LAID_OUT.encode(), font_paths=fonts())
    return compiler.compile(format="pdf", pdf_standards=standards, sys_inputs=inputs, timestamp=0)


def stated(key=KEY, **said):
    return with_statement(render, key, **{**SAID, **said})


@lru_cache(maxsize=4)
def pkcs12_file(name=SEALER, kind="p-256", password=PASSWORD):
    """A PKCS#12 file whose certificate nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "p-256" else rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 17, now - timedelta(1), now + timedelta(30))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    kept = BestAvailableEncryption(password)
    return pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, kept)
