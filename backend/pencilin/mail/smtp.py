"""How a mail leaves: handed to one SMTP server, encrypted and with its certificate checked, or not at all.

What went wrong is told apart by who is to blame: :class:`ServerAway` concerns every mail, :class:`Refused` this one.
Messages are our own words and the server's codes; its own words often repeat the address, so they are not kept.
"""

import asyncio
import re
import ssl
from functools import lru_cache

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from pencilin.config import SmtpServer, is_local
from pencilin.errors import BadSetting, PencilinError

# Seconds for one answer of the server, and for the whole mail: shorter than the lease in the outbox.
STEP = 20.0
WHOLE = 60.0
# Seconds for saying goodbye; no part of the mail, which the server has taken by then.
FAREWELL = 2.0

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
CLOSING = 421
SIGN_IN_FIRST = 530


class ServerAway(PencilinError):
    """The mail server can't be used at the moment, whatever the mail."""

    default = "The mail server can't be reached."


class Refused(PencilinError):
    """The mail server didn't take this mail. ``for_good``: there is no use in trying again."""

    def __init__(self, message: str, *, for_good: bool) -> None:
        super().__init__(message)
        self.for_good = for_good


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    """Checks certificates and names against the machine's authorities."""
    return ssl.create_default_context()


async def send(server: SmtpServer, sender: str, recipient: str, raw: bytes) -> None:
    """Hands over one mail; returns once the server has taken it. Raises :class:`ServerAway` or :class:`Refused`."""
    client = _client(server, sender)
    try:
        async with asyncio.timeout(WHOLE):
            await _open(client)
            await _hand_over(client, sender, recipient, raw)
        await _leave(client)
    except TimeoutError:
        raise Refused("The mail server took too long.", for_good=False) from None
    finally:
        client.close()


async def greet(server: SmtpServer, sender: str) -> None:
    """Connects, encrypts and signs in as for a mail, and leaves. Raises :class:`ServerAway` when that fails."""
    client = _client(server, sender)
    try:
        async with asyncio.timeout(STEP):
            await _open(client)
        await _leave(client)
    except TimeoutError:
        raise ServerAway("The mail server doesn't answer.") from None
    finally:
        client.close()


def _client(server: SmtpServer, sender: str) -> SMTP:
    if server.security == "plain" and not is_local(server.host):
        raise BadSetting("PENCILIN_SMTP_URL: smtp+plain:// is for this machine only.")
    return SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        # Not looked up: that can take as long as a name server likes.
        local_hostname=sender.rpartition("@")[2],
        timeout=STEP,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=None if server.security == "plain" else trusted(),
    )


async def _open(client: SMTP) -> None:
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
    except SMTPAuthenticationError as error:
        raise ServerAway(f"The mail server refused our user name or password ({error.code}).") from error
    except SMTPResponseException as error:
        raise ServerAway(f"The mail server isn't ready ({_codes(error)}).") from error
    except (SMTPException, OSError, ValueError) as error:
        raise ServerAway(_why_away(error)) from error


async def _hand_over(client: SMTP, sender: str, recipient: str, raw: bytes) -> None:
    try:
        await client.sendmail(sender, [recipient], raw)
    except SMTPRecipientsRefused as error:
        raise _verdict("The mail server refused this address", error.recipients[0]) from error
    except SMTPDataError as error:
        raise _verdict("The mail server refused this mail", error) from error
    except (SMTPSenderRefused, SMTPHeloError) as error:
        raise ServerAway(f"The mail server refused our sender address ({_codes(error)}).") from error
    except SMTPResponseException as error:
        raise _verdict("The mail server refused this mail", error) from error
    except (SMTPException, OSError) as error:
        raise Refused("The mail server broke off while taking this mail.", for_good=False) from error


async def _leave(client: SMTP) -> None:
    try:
        async with asyncio.timeout(FAREWELL):
            await client.quit()
    except (SMTPException, OSError):
        # Whatever there was to hand over has been taken; how the server says goodbye changes nothing.
        return


def _verdict(what: str, error: SMTPResponseException) -> PencilinError:
    if error.code in (CLOSING, SIGN_IN_FIRST):
        return ServerAway(f"The mail server takes nothing at the moment ({_codes(error)}).")
    # 5.7.x is policy (*relaying denied*, *blocked*): somebody may put that right, an unknown address stays unknown.
    for_good = error.code >= 500 and not _enhanced(error).startswith("5.7.")
    return Refused(f"{what} ({_codes(error)}).", for_good=for_good)


def _codes(error: SMTPResponseException) -> str:
    return f"{error.code} {_enhanced(error)}".strip()


def _enhanced(error: SMTPResponseException) -> str:
    found = _ENHANCED.match(error.message)
    return found.group() if found else ""


def _why_away(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "The mail server's certificate isn't valid for its name."
        if isinstance(cause, ssl.SSLError):
            return "The mail server can't agree with us on encryption."
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, TimeoutError):
        return "The mail server doesn't answer."
    if isinstance(error, SMTPException) and "STARTTLS" in error.message:
        return "The mail server offers no encryption (STARTTLS), so it got nothing."
    if isinstance(error, SMTPException) and "AUTH" in error.message.upper():
        return "The mail server doesn't let us sign in."
    return ServerAway.default
