"""The demo as it runs: one port that answers as two sites, by the name it is asked for, and a mail server beside it."""

import asyncio
import errno
import http.client
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import uvicorn
from aiosmtpd.smtp import SMTP
from sqlmodel import select
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pencilin import config as settings
from pencilin.accounts.passwords import hash_password
from pencilin.app import create_app
from pencilin.config import Config, is_local
from pencilin.database import Database
from pencilin.demo import seeding
from pencilin.demo.mailbox import Delivery, Mailbox
from pencilin.demo.site import Demo, create_site
from pencilin.errors import BadSetting
from pencilin.listening import listen, url_host, uvicorn_config
from pencilin.models import Practice

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
# Seconds until an address must have answered.
PATIENCE = 60.0
# Where to look for what listens at every address.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}


class Data:
    """The demo's folder: database, key, password and mailbox, made when they are missing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self.key = self._secret("key", 32)
        self.password = self._secret("password", 12)
        self.mailbox = Mailbox(self.folder / "mailbox")
        self.database_url = f"sqlite:///{self.folder / 'pencilin.db'}"

    def prepare(self) -> None:
        """Creates the practice unless there is one."""
        database = Database(self.database_url)
        database.migrate()
        with database.read() as session:
            exists = session.exec(select(Practice.id).where(Practice.slug == seeding.SLUG)).first()
        if not exists:
            password_hash = hash_password(self.password)
            database.write(lambda session, now: seeding.seed(session, password_hash, now))
        database.close()

    def _secret(self, name: str, size: int) -> str:
        path = self.folder / name
        if not path.exists():
            path.touch(PRIVATE_FILE)
            path.write_text(secrets.token_urlsafe(size) + "\n")
        return path.read_text().strip()


class ByName:
    """Answers as the demo's site when that name is asked for, and as Pencilin otherwise."""

    def __init__(self, name: str, site: ASGIApp, pencilin: ASGIApp) -> None:
        self.name = name
        self.site = site
        self.pencilin = pencilin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("host", "").partition(":")[0] if scope["type"] == "http" else ""
        await (self.site if asked.lower() == self.name else self.pencilin)(scope, receive, send)


class Addresses:
    """The sockets of the demo, and what its two sites are called.

    Raises :class:`BadSetting` for a host that isn't this machine, and for ports that are taken.
    """

    def __init__(self, host: str, port: int) -> None:
        shown = EVERYWHERE.get(host, host)
        if not is_local(shown):
            raise BadSetting(f"--host {host}: the demo is for this machine: use 127.0.0.1, or 0.0.0.0 in a container.")
        first = listen(host, port)
        self.port: int = first.getsockname()[1]
        self.sockets = [first, *_beside(first)]
        self.pencilin = f"http://{url_host(shown)}:{self.port}"
        self.name = "127.0.0.1" if shown == "localhost" else "localhost"
        self.site = f"http://{self.name}:{self.port}"


def _beside(first: socket.socket) -> list[socket.socket]:
    """Sockets for the loopback addresses that ``first`` leaves: browsers try all that localhost stands for."""
    host, port = first.getsockname()[:2]
    found = []
    for other, everywhere in (("127.0.0.1", "0.0.0.0"), ("::1", "::")):
        if host in (other, everywhere):
            continue
        family = socket.AF_INET6 if ":" in other else socket.AF_INET
        try:
            found.append(socket.create_server((other, port), family=family))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise BadSetting(f"--port {port}: {other} has it in use; choose another one.") from None
    return found


class DemoServer(uvicorn.Server):
    """uvicorn's, with a mail server beside it; tells ``when_ready`` once everything truly answers."""

    def __init__(
        self,
        options: uvicorn.Config,
        mail_socket: socket.socket,
        mailbox: Mailbox,
        addresses: Addresses,
        when_ready: Callable[[], None],
    ) -> None:
        super().__init__(options)
        self.mail_socket = mail_socket
        self.mailbox = mailbox
        self.addresses = addresses
        self.when_ready = when_ready
        self.answered = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes mail first, since the application sends at once."""
        loop = asyncio.get_running_loop()
        await loop.create_server(lambda: SMTP(Delivery(self.mailbox), loop=loop), sock=self.mail_socket)
        await super().startup(sockets)
        self.watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        self.answered = await asyncio.to_thread(self._answers)
        if self.answered:
            self.when_ready()
        else:
            self.should_exit = True

    def _answers(self) -> bool:
        host = self.addresses.sockets[0].getsockname()[0]
        host = EVERYWHERE.get(host, host)
        wanted = [(self.addresses.pencilin, "/ready"), (self.addresses.site, "/willow/")]
        until = time.monotonic() + PATIENCE
        while wanted and time.monotonic() < until:
            site, path = wanted[0]
            if _is_there(host, self.addresses.port, site.removeprefix("http://"), path):
                wanted.pop(0)
            else:
                time.sleep(0.1)
        return not wanted


def _is_there(host: str, port: int, name: str, path: str) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Host": name})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def run(host: str, port: int, folder: Path, environ: Mapping[str, str], say: Callable[[str], None]) -> bool:
    """Makes what is missing in ``folder`` and serves until it is stopped; False when it never answered.

    Of the settings in ``environ`` only those for logs and limits count, and a mail server on this machine: the demo
    must not write to anybody outside. Raises :class:`BadSetting`.
    """
    addresses = Addresses(host, port)
    data = Data(folder)
    mail_socket = socket.create_server(("127.0.0.1", 0))
    config = _config(addresses, data, mail_socket.getsockname()[1], environ)
    data.prepare()
    pencilin = create_app(config, Database(config.database_url))
    site = create_site(Demo(addresses.pencilin, data.mailbox, seeding.EMAILS, data.password))

    def tell() -> None:
        say(f"Guide: {addresses.site}/")
        say(f"Dashboard: {addresses.pencilin}/calendar")
        say(f"Website: {addresses.site}/willow/")
        say(f"Mailbox: {addresses.site}/mailbox")
        say(f"Sign-in: {seeding.FRONT_DESK} {data.password}")
        say(f"Ready: {addresses.pencilin}")

    options = uvicorn_config(ByName(addresses.name, site, pencilin), config)
    server = DemoServer(options, mail_socket, data.mailbox, addresses, tell)
    # Pressing Ctrl-C is how it ends.
    with suppress(KeyboardInterrupt):
        server.run(sockets=addresses.sockets)
    return server.answered


def _config(addresses: Addresses, data: Data, mail_port: int, environ: Mapping[str, str]) -> Config:
    given = {
        settings.DATABASE_URL.name: data.database_url,
        settings.SECRET_KEYS.name: data.key,
        settings.SMTP_URL.name: f"smtp+plain://127.0.0.1:{mail_port}",
        settings.MAIL_FROM.name: "booking@willow.example",
    }
    names = [settings.LOG.name, settings.LIMITS.name]
    if environ.get(settings.SMTP_URL.name, "").startswith("smtp+plain://"):
        names += [settings.SMTP_URL.name, settings.MAIL_FROM.name]
    passed = {name: environ[name] for name in names if name in environ}
    config, _ = settings.load(given | passed, served_at=addresses.pencilin)
    return config
