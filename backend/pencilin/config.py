"""Every setting: its name, default and help, in one list that is checked at start."""

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from pencilin.errors import BadSetting

T = TypeVar("T")

PREFIX = "PENCILIN_"
MIN_KEY_LENGTH = 32

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over. ``security`` is ``starttls``, ``tls`` or, to loopback only, ``plain``."""

    host: str
    port: int
    security: str
    username: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one running server, all checked."""

    database_url: str
    secret_keys: tuple[str, ...]
    base_url: str
    smtp: SmtpServer | None
    mail_from: str | None
    trusted_proxies: tuple[str, ...]
    log: str
    limits: bool

    @property
    def secure(self) -> bool:
        """Whether the public address is https."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The public host, with its port if it has one, as a browser sends it."""
        return urlsplit(self.base_url).netloc


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One environment variable. ``parse`` raises ``ValueError`` with what the value should be."""

    name: str
    default: str
    help: str
    parse: Callable[[str], T]

    def read(self, environ: Mapping[str, str], default: str | None = None) -> T:
        """Its value in ``environ``; raises :class:`BadSetting` with one line that names it."""
        try:
            return self.parse(environ.get(self.name, "").strip() or default or self.default)
        except ValueError as error:
            raise BadSetting(f"{self.name}: {error}") from None


def load(environ: Mapping[str, str], *, served_at: str, needs_keys: bool = True) -> tuple[Config, list[str]]:
    """The configuration in ``environ``, and warnings about names that nobody knows.

    ``served_at`` is the address that stands in for an absent ``PENCILIN_BASE_URL``. Raises :class:`BadSetting` with
    one line that names the variable and what it should be.
    """
    config = Config(
        database_url=DATABASE_URL.read(environ),
        secret_keys=SECRET_KEYS.read(environ),
        base_url=BASE_URL.read(environ, served_at),
        smtp=SMTP_URL.read(environ),
        mail_from=MAIL_FROM.read(environ),
        trusted_proxies=TRUSTED_PROXIES.read(environ),
        log=LOG.read(environ),
        limits=LIMITS.read(environ),
    )
    if needs_keys and not config.secret_keys:
        raise BadSetting("PENCILIN_SECRET_KEYS is not set: make a key with `pencilin keys new` and set it.")
    if config.smtp and not config.mail_from:
        raise BadSetting("PENCILIN_MAIL_FROM: with PENCILIN_SMTP_URL set, give the address that mail comes from.")
    if not config.secure and not is_local(urlsplit(config.base_url).hostname or ""):
        raise BadSetting("PENCILIN_BASE_URL: a public address must begin with https://")
    return config, _unknown(environ)


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = [setting.name for setting in SETTINGS]
    warnings = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
            warnings.append(f"{name} is not a setting of Pencilin; did you mean {nearest}?")
    return warnings


def is_local(host: str) -> bool:
    """Whether ``host`` is this machine: ``localhost`` or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database_url(raw: str) -> str:
    try:
        url = make_url(raw)
    except (ArgumentError, ValueError):
        url = None
    if url and url.database and (url.drivername, url.host) == ("sqlite", None):
        return raw
    if url and url.database and url.drivername in ("postgresql", "postgresql+psycopg"):
        return raw
    raise ValueError("should be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")


def _secret_keys(raw: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in raw.split(",") if key.strip())
    for key in keys:
        if len(key) < MIN_KEY_LENGTH or len(set(key)) < 10:
            raise ValueError(
                f"each key needs at least {MIN_KEY_LENGTH} random characters; make one with `pencilin keys new`"
            )
    return keys


def _base_url(raw: str) -> str:
    """The address with its host as browsers send it, since requests for any other are refused."""
    parts = _split(raw)
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or more:
        raise ValueError("should be a plain address like https://book.example.com, without a path, query or password")
    host = _as_sent(parts.hostname)
    if parts.port in (None, _DEFAULT_PORTS[parts.scheme]):
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{parts.port}"


def _as_sent(host: str) -> str:
    """A host of any letters as a browser sends it."""
    try:
        if ":" in host:
            return f"[{ipaddress.IPv6Address(host)}]"
        plain = host.encode("idna").decode("ascii")
        # Where browsers follow a newer rule than this one (as with ß), the way back leads elsewhere.
        agreed = host.isascii() or plain.encode("ascii").decode("idna") == host
    except ValueError:
        agreed = False
    if not agreed or not _HOST.fullmatch(plain):
        raise ValueError("has a host that can't be read; write it as browsers send it (letters like ü as xn--…)")
    return plain


def _smtp(raw: str) -> SmtpServer | None:
    if not raw:
        return None
    kinds = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("plain", 25)}
    parts = _split(raw)
    if parts.scheme not in kinds or not parts.hostname:
        raise ValueError(
            "should be smtp://USER:PASSWORD@HOST:587, smtps://USER:PASSWORD@HOST:465 or smtp+plain://127.0.0.1:PORT"
        )
    security, port = kinds[parts.scheme]
    if security == "plain" and not is_local(parts.hostname):
        raise ValueError("smtp+plain:// is for this machine only (127.0.0.1); use smtp:// or smtps:// for another")
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return SmtpServer(parts.hostname, parts.port or port, security, username, password)


def _split(raw: str) -> SplitResult:
    try:
        parts = urlsplit(raw)
        _ = parts.port
    except ValueError:
        raise ValueError("is no address that can be read; check the port") from None
    return parts


def _mail_from(raw: str) -> str | None:
    if not raw:
        return None
    local, at, domain = raw.rpartition("@")
    if not (local and at and domain) or any(not character.isprintable() or character in " <>," for character in raw):
        raise ValueError("should be a bare email address, like booking@example.com")
    return raw


def _proxies(raw: str) -> tuple[str, ...]:
    networks = []
    for part in filter(None, (piece.strip() for piece in raw.split(","))):
        try:
            networks.append(str(ipaddress.ip_network(part, strict=False)))
        except ValueError:
            raise ValueError(f"{part!r} is no IP address or network; separate several by commas") from None
    return tuple(networks)


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw not in allowed:
            raise ValueError(f"should be {' or '.join(allowed)}")
        return raw

    return parse


DATABASE_URL = Setting(
    "PENCILIN_DATABASE_URL",
    "sqlite:///pencilin.db",
    "`sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`",
    _database_url,
)
SECRET_KEYS = Setting(
    "PENCILIN_SECRET_KEYS",
    "",
    "Comma-separated, newest first; older ones still verify. `pencilin keys new` makes one.",
    _secret_keys,
)
BASE_URL = Setting(
    "PENCILIN_BASE_URL",
    "",
    "Public address, used in links; `https` turns on Secure cookies and HSTS. Default: as served.",
    _base_url,
)
SMTP_URL = Setting(
    "PENCILIN_SMTP_URL",
    "",
    "`smtp://USER:PASSWORD@HOST:587` (STARTTLS), `smtps://…:465`, or `smtp+plain://127.0.0.1:2525` (loopback only). "
    "Without it mail waits in the outbox and the dashboard says so.",
    _smtp,
)
MAIL_FROM = Setting("PENCILIN_MAIL_FROM", "", "Sender address; required with SMTP.", _mail_from)
TRUSTED_PROXIES = Setting(
    "PENCILIN_TRUSTED_PROXIES",
    "",
    "Addresses or networks, separated by commas, whose `X-Forwarded-*` headers count.",
    _proxies,
)
LOG = Setting("PENCILIN_LOG", "text", "`text` or `json`.", _choice("text", "json"))
LIMITS = Setting(
    "PENCILIN_LIMITS",
    "on",
    "`off` switches rate limits and caps off, for load tests.",
    lambda raw: _choice("on", "off")(raw) == "on",
)

SETTINGS: tuple[Setting[Any], ...] = (
    DATABASE_URL,
    SECRET_KEYS,
    BASE_URL,
    SMTP_URL,
    MAIL_FROM,
    TRUSTED_PROXIES,
    LOG,
    LIMITS,
)
