"""The headers of a mail: made of the practice's data and ours alone, and read back before the mail may leave.

Nothing that a booker typed is in any header but the address that the mail goes to. The practice's name needs care,
too: this Python decodes encoded words inside header values and writes them out again undecoded, so that a name like
``=?utf-8?q?x=0D=0ABcc:=20…?=`` becomes a header of its own, even through ``Address``; and it breaks very long words
into lines that end the headers early.
"""

import unicodedata
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from pencilin.errors import PencilinError

# Lines of at most 76 characters and no 8-bit body, so that every server on the way takes it as it is.
POLICY = policy.SMTP.clone(cte_type="7bit")
LONGEST_DISPLAY_NAME = 60

HEADERS = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)


class Unsendable(PencilinError):
    """A mail that can't be written as it should; trying again is of no use."""

    default = "This mail can't be sent: check the address and the practice's name."


def headed(
    *,
    sender: str,
    name: str,
    recipient: str,
    reply_to: str | None,
    subject: str,
    message_id: str,
    now: datetime,
) -> EmailMessage:
    """An empty mail with its headers. ``message_id`` is its local part, ``sender`` and ``recipient`` bare addresses.

    Raises :class:`Unsendable` for an address that can't stand in a header.
    """
    message = EmailMessage(policy=POLICY)
    try:
        message["From"] = Address(display_name(name), addr_spec=sender)
        message["To"] = Address(addr_spec=recipient)
        if reply_to:
            message["Reply-To"] = Address(display_name(name), addr_spec=reply_to)
        message["Subject"] = plain(subject)
    except (MessageError, ValueError, IndexError) as error:
        raise Unsendable from error
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    # So that nobody's holiday notice answers, and no answer is answered.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    return message


def as_bytes(message: EmailMessage, recipient: str) -> bytes:
    """The mail as it goes over the wire. Raises :class:`Unsendable` unless its headers are exactly those we wrote."""
    raw = message.as_bytes(policy=POLICY)
    seen = message_from_bytes(raw, policy=policy.compat32)
    expected = [name for name in HEADERS if name in message]
    if sorted(seen.keys()) != sorted(expected) or seen.defects or str(seen["To"]).strip() != recipient:
        raise Unsendable
    return raw


def display_name(name: str) -> str:
    """A practice's name as a header can bear it: one line of bounded length, which nothing will decode."""
    text = plain(name)
    return text if len(text) <= LONGEST_DISPLAY_NAME else text[: LONGEST_DISPLAY_NAME - 1].rstrip() + "…"


def plain(text: str) -> str:
    """Text in one line, without control characters and without anything that could be taken for an encoded word."""
    kept = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") else character for character in text
    )
    return " ".join(kept.replace("=?", "= ?").split())
