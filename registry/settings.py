"""The settings of one installation, read once from the environment.

Nothing below this module reads the environment; whoever starts a command calls `Settings.read()` and passes it down.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from registry import gate
from registry.texts import say

Network = IPv4Network | IPv6Network
THIS_MACHINE = "127.0.0.1"


class SettingsError(ValueError):
    """A variable of the environment holds what it must not. The text, in Ukrainian, names it and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one installation is told from outside.

    database_url    DATABASE_URL: a PostgreSQL 15+ to use; without it, the embedded one in `data`.
    data            HROMADA_DATA: the folder of this register (embedded database, keys, logs); ./data.
    port            HROMADA_PORT: the port the web desk listens on; 8080.
    public_port     HROMADA_PUBLIC_PORT: the port of the public pages alone; the desk's and one.
    proxies         HROMADA_PROXIES: the addresses or networks of proxies whose X-Forwarded-For is believed; none.
    desk_url        HROMADA_DESK_URL: the desk's address as browsers of other computers see it; none.
    host            serve --host: the address of this machine that the desk listens on; 127.0.0.1.
    insecure_http   serve --insecure-http: whether the desk is served to other computers without TLS; no.
    session_lock    HROMADA_SESSION_LOCK: after how many idle minutes a session's screen is locked; 10.
    session_idle    HROMADA_SESSION_IDLE: after how many idle minutes it ends; 120.
    session_hours   HROMADA_SESSION_HOURS: after how many hours it ends, whatever is done in it; 12.
    draft_hours     HROMADA_DRAFT_HOURS: for how many hours after it was last saved a draft is kept; 24.
    clocks_apart    HROMADA_CLOCKS_APART: by how many seconds the clocks of this server and of the database may differ
                    for an act to be made; 5.
    key             HROMADA_KEY: the text of a key by which commands act; without it, by whose account they run.
    public_rate     HROMADA_PUBLIC_RATE: how often one address may ask the public pages; 30/minute.
    seal            HROMADA_SEAL: a PKCS#12 file whose certificate seals extracts; without it, no seal.
    seal_password_file  HROMADA_SEAL_PASSWORD_FILE: a file that holds its password; without it, no password.

    Those of who the community is belong to its facts; what is set here (None: it is not) becomes facts once, and until
    then is what they would say:

    community       HROMADA_COMMUNITY: the community's code in КАТОТТГ, whole or its beginning.
    community_name  HROMADA_COMMUNITY_NAME: the community's name, as people read it.
    office_name     HROMADA_OFFICE_NAME: the name of the registration body, as printed on extracts.
    public_url      HROMADA_PUBLIC_URL: the address at which others reach this installation, without a final slash.
    proxy_gets_extract, foreign_death_document, consents_by_age  HROMADA_PROXY_GETS_EXTRACT,
                    HROMADA_FOREIGN_DEATH_DOCUMENT, HROMADA_CONSENTS_BY_AGE: 1 or 0, readings of these names.
    """

    database_url: str | None = None
    data: Path = Path("data")
    port: int = 8080
    public_port: int = 8081
    proxies: tuple[Network, ...] = ()
    desk_url: str | None = None
    host: str = THIS_MACHINE
    insecure_http: bool = False
    session_lock: int = 10
    session_idle: int = 120
    session_hours: int = 12
    draft_hours: int = 24
    clocks_apart: int = 5
    key: str | None = field(default=None, repr=False)
    public_rate: str = "30/minute"
    seal: Path | None = None
    seal_password_file: Path | None = None
    community: str | None = None
    community_name: str | None = None
    office_name: str | None = None
    public_url: str | None = None
    proxy_gets_extract: bool | None = None
    foreign_death_document: bool | None = None
    consents_by_age: bool | None = None

    @property
    def local_url(self) -> str:
        """Where the pages answer on this machine."""
        return f"http://{THIS_MACHINE}:{self.port}"

    @property
    def local_public_url(self) -> str:
        """Where the public pages answer on this machine, on a listener of their own."""
        return f"http://{THIS_MACHINE}:{self.public_port}"

    @property
    def by_https(self) -> bool:
        """Whether the desk is opened through a proxy, by HTTPS."""
        return (self.desk_url or "").startswith("https:")

    @property
    def desk_address(self) -> str:
        """Where to open the desk: as other computers do, if they may."""
        everywhere = ip_address(self.host).is_unspecified
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.desk_url or (self.local_url if everywhere else f"http://{host}:{self.port}")

    def served_at(self, host: str, insecure_http: bool) -> Settings:
        """These settings for a desk that listens on an address of this machine (`localhost` is 127.0.0.1). Raises
        SettingsError for what is no address, and where passwords and people would go about unencrypted though nobody
        has said that they may."""
        try:
            address = ip_address(THIS_MACHINE if host == "localhost" else host)
        except ValueError:
            raise SettingsError(say("settings", "host", host[:60])) from None
        if insecure_http and self.by_https:
            raise SettingsError(say("settings", "insecure_https"))
        if self.by_https and not self.proxies:
            raise SettingsError(say("settings", "no_proxies"))
        if self.desk_url and not self.by_https and not insecure_http:
            raise SettingsError(say("settings", "desk_by_http"))
        if not (address.is_loopback or self.by_https or insecure_http):
            raise SettingsError(say("settings", "elsewhere", host))
        return replace(self, host=str(address), insecure_http=insecure_http)

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings in `environ` (the process's own by default); a variable that is empty counts as not set.

        Raises SettingsError for the first variable with a bad value.
        """
        found = os.environ if environ is None else environ
        given = {name: _in_utf8(value).strip() for name, value in found.items()}

        default = cls()

        def text(name: str, otherwise: str) -> str:
            return given.get(name) or otherwise

        port = _port("HROMADA_PORT", text("HROMADA_PORT", str(default.port)))
        lock, idle, hours = _session_terms(given)
        return cls(
            database_url=given.get("DATABASE_URL") or None,
            data=_folder(text("HROMADA_DATA", str(default.data))),
            port=port,
            public_port=_other_port(_port("HROMADA_PUBLIC_PORT", text("HROMADA_PUBLIC_PORT", str(port + 1))), port),
            proxies=_networks(given.get("HROMADA_PROXIES") or ""),
            desk_url=_origin(given.get("HROMADA_DESK_URL") or None),
            community=_community(given.get("HROMADA_COMMUNITY") or None),
            community_name=_called("HROMADA_COMMUNITY_NAME", given.get("HROMADA_COMMUNITY_NAME")),
            office_name=_called("HROMADA_OFFICE_NAME", given.get("HROMADA_OFFICE_NAME")),
            proxy_gets_extract=_reading("HROMADA_PROXY_GETS_EXTRACT", given.get("HROMADA_PROXY_GETS_EXTRACT")),
            foreign_death_document=_reading(
                "HROMADA_FOREIGN_DEATH_DOCUMENT", given.get("HROMADA_FOREIGN_DEATH_DOCUMENT")
            ),
            consents_by_age=_reading("HROMADA_CONSENTS_BY_AGE", given.get("HROMADA_CONSENTS_BY_AGE")),
            session_lock=lock,
            session_idle=idle,
            session_hours=hours,
            draft_hours=_from_to("HROMADA_DRAFT_HOURS", text("HROMADA_DRAFT_HOURS", str(default.draft_hours)), 1, 168),
            clocks_apart=_from_to(
                "HROMADA_CLOCKS_APART", text("HROMADA_CLOCKS_APART", str(default.clocks_apart)), 1, 60
            ),
            key=given.get("HROMADA_KEY") or None,
            public_rate=_rate(text("HROMADA_PUBLIC_RATE", default.public_rate)),
            public_url=_address(given.get("HROMADA_PUBLIC_URL") or None),
            seal=_file("HROMADA_SEAL", given.get("HROMADA_SEAL")),
            seal_password_file=_file("HROMADA_SEAL_PASSWORD_FILE", given.get("HROMADA_SEAL_PASSWORD_FILE")),
        )


def _called(name: str, text: str | None) -> str | None:
    """What somebody or something is called, in its one form; SettingsError where letters were lost."""
    found = gate.words(text or None)
    if found.faults:
        raise SettingsError(say("settings", "called", name))
    return found.value


def _in_utf8(value: str) -> str:
    """A value as it was set, in UTF-8, whatever the terminal's own letters are; as it is where it is in none."""
    try:
        return value.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return value


def _port(name: str, text: str) -> int:
    """The port named by `text`; SettingsError unless it is a whole number from 1 to 65535."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535 and len(text) <= 5):
        raise SettingsError(say("settings", "port", name, text[:20]))
    return int(text)


def _other_port(public: int, port: int) -> int:
    """The port of the public pages; SettingsError if it is the desk's."""
    if public == port:
        raise SettingsError(say("settings", "same_port", port))
    return public


def _from_to(name: str, text: str, least: int, most: int) -> int:
    """The whole number named by `text`; SettingsError unless it is within both."""
    if not (text.isascii() and text.isdigit() and least <= int(text[:6]) <= most and len(text) <= 6):
        raise SettingsError(say("settings", "from_to", name, text[:20], least, most))
    return int(text)


def _session_terms(given: Mapping[str, str]) -> tuple[int, int, int]:
    """Minutes until a session is locked and until it ends, and its hours; each is within the next. Raises SettingsError
    for another number; one that is not set gives way to those that are."""

    default = Settings()

    def number(name: str, otherwise: int, most: int) -> int:
        return _from_to(name, given.get(name) or str(min(otherwise, most)), 1, most)

    hours = number("HROMADA_SESSION_HOURS", default.session_hours, 24)
    idle = number("HROMADA_SESSION_IDLE", default.session_idle, hours * 60)
    return number("HROMADA_SESSION_LOCK", default.session_lock, idle), idle, hours


def _networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, with commas between; SettingsError for what is neither."""
    try:
        return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError:
        raise SettingsError(say("settings", "proxies", text[:60])) from None


def _origin(text: str | None) -> str | None:
    """The address of the desk as browsers name it in `Host` and `Origin`; SettingsError for one with a path, which the
    desk cannot be at, or with anything else but a scheme, a host and a port."""
    if text is None:
        return None
    found = re.fullmatch(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?/?", text.lower())
    if found is None:
        raise SettingsError(say("settings", "desk_url", text[:60]))
    scheme, host, port = found.groups("")
    return f"{scheme}://{host}{'' if port == {'http': ':80', 'https': ':443'}[scheme] else port}"


def _folder(text: str) -> Path:
    """The absolute path of the data folder; SettingsError when something other than a folder stands there."""
    try:
        path = Path(text).expanduser().absolute()
        # The terminator of C strings: a path that no system call can take.
        taken = "\0" in text or (path.exists() and not path.is_dir())
    except (OSError, RuntimeError, ValueError):
        raise SettingsError(say("settings", "unreadable_folder", text)) from None
    if taken:
        raise SettingsError(say("settings", "not_a_folder", path))
    return path


def _file(name: str, text: str | None) -> Path | None:
    """The absolute path of a file, which need not be there until it is used; SettingsError for what is no path."""
    try:
        path = Path(text).expanduser().absolute() if text else None
        if "\0" in (text or "") or (path and path.is_dir()):
            raise ValueError
    except (OSError, RuntimeError, ValueError):
        raise SettingsError(say("settings", "not_a_file", name, text)) from None
    return path


def _community(text: str | None) -> str | None:
    """The code of the community; SettingsError unless it looks like a code of КАТОТТГ."""
    found = gate.katottg_beginning(text)
    if found.faults:
        raise SettingsError(say("settings", "community", text))
    return found.value


def _reading(name: str, text: str | None) -> bool | None:
    """Whether a setting is on, None if it is left open; SettingsError for anything but 1 and 0, also for words."""
    if text and text not in ("1", "0"):
        raise SettingsError(say("settings", "flag", name, text[:20]))
    return text == "1" if text else None


def _rate(text: str) -> str:
    """How often, as given; SettingsError unless it is a number of times a second, minute, hour or day."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}/(second|minute|hour|day)", text):
        raise SettingsError(say("settings", "rate", text[:20]))
    return text


def _address(text: str | None) -> str | None:
    """The public address without a final slash; SettingsError unless it is http:// or https:// with a host."""
    if text is None:
        return None
    found = gate.web_address(text)
    if found.value is None:
        raise SettingsError(say("settings", "address", text))
    return found.value
