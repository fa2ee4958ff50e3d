"""A real SMTP server on loopback, as obliging, strict, slow or broken as a test wants it."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pencilin.config import SmtpServer
from tests.rig.machine import PATIENT, free_port

USER, PASSWORD = "willow", "a password with @ and :"
TAKEN = "250 2.0.0 taken"

Answer = Callable[[str], str]


@dataclass
class PostOffice:
    """What came in, in order. ``on_recipient`` and ``on_mail`` answer to an address; a test may change them.

    ``farewell``: for how many seconds it keeps whoever wants to leave waiting.
    """

    address: SmtpServer
    on_sender: Answer = lambda sender: TAKEN
    on_recipient: Answer = lambda recipient: TAKEN
    on_mail: Answer = lambda recipient: TAKEN
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    farewell: float = 0.0

    def recipients(self) -> list[str]:
        """To whom mail arrived."""
        return sorted(str(mail["To"]) for mail in self.mails)

    # What aiosmtpd calls.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.on_sender(address)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries.append(address)
        envelope.rcpt_tos.append(address)
        return self.on_recipient(address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        assert server.transport
        answer = self.on_mail(envelope.rcpt_tos[0])
        if answer == TAKEN:
            self.raw.append(content)
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
            self.mails.append(message_from_bytes(content, policy=policy.default))
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.farewell)
        return "221 2.0.0 goodbye"


@contextmanager
def post_office(
    security: str = "plain",
    certificate: ssl.SSLContext | None = None,
    *,
    sign_in: bool = False,
    port: int | None = None,
) -> Iterator[PostOffice]:
    """Runs one until the block ends. With ``sign_in`` it wants the user name and password that its address has."""
    port = port or free_port()
    who = (USER, PASSWORD) if sign_in else (None, None)
    office = PostOffice(SmtpServer("127.0.0.1", port, security, *who))

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=port,
        ssl_context=certificate if security == "tls" else None,
        tls_context=certificate if security == "starttls" else None,
        require_starttls=security == "starttls" and certificate is not None,
        authenticator=authenticate,
        auth_required=sign_in,
        auth_require_tls=security == "starttls" and certificate is not None,
        ready_timeout=PATIENT,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@contextmanager
def silence(greeting: bytes = b"") -> Iterator[SmtpServer]:
    """A server that accepts every connection, says ``greeting`` at most, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                held.append(connection)
                with suppress(OSError):  # whoever called may have left
                    connection.sendall(greeting)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield SmtpServer("127.0.0.1", listening.getsockname()[1], "plain")
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in held:
                connection.close()
