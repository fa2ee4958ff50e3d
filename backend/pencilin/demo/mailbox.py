"""A mail server that delivers everything into one folder, and how that folder is read."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from pencilin.database import utc_now

ENDING = ".eml"
_NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9]+")


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived; ``id`` is its file's name, ``at`` (UTC) when it came."""

    id: str
    at: datetime
    message: EmailMessage

    @property
    def sender(self) -> str:
        return str(self.message["From"])

    @property
    def recipient(self) -> str:
        return str(self.message["To"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def html(self) -> str | None:
        """What mail programs show."""
        return _content(self.message.get_body(("html",)))

    @property
    def text(self) -> str | None:
        """What mail programs show that show no HTML."""
        return _content(self.message.get_body(("plain",)))

    @property
    def attachments(self) -> list[EmailMessage]:
        """Files that came with it."""
        return list(self.message.iter_attachments())


class Mailbox:
    """The folder. Names of files say when a mail came, so that they sort by that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count()
        folder.mkdir(parents=True, exist_ok=True)

    def deliver(self, raw: bytes) -> None:
        """Keeps one mail as it came over the wire."""
        name = f"{utc_now():%Y%m%dT%H%M%S%f}-{next(self._numbers)}"
        # Written elsewhere and moved, so that nobody reads half of it.
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(raw)
        unfinished.rename(self.folder / f"{name}{ENDING}")

    def count(self) -> int:
        """How many mails there are."""
        return sum(1 for _ in self.folder.glob(f"*{ENDING}"))

    def mails(self) -> Iterator[Mail]:
        """All mails, the latest first."""
        for path in sorted(self.folder.glob(f"*{ENDING}"), reverse=True):
            mail = self.find(path.stem)
            if mail:
                yield mail

    def find(self, id: str) -> Mail | None:
        """The mail with this id."""
        path = self.folder / f"{id}{ENDING}"
        if not _NAME.fullmatch(id) or not path.is_file():
            return None
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        return Mail(id, datetime.strptime(f"{id.partition('-')[0]}+0000", "%Y%m%dT%H%M%S%f%z"), message)


class Delivery:
    """What aiosmtpd hands mails to."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Takes every mail, whoever it is for."""
        content = envelope.content or b""
        self.mailbox.deliver(content if isinstance(content, bytes) else content.encode())
        return "250 Delivered"


def _content(part: object) -> str | None:
    return str(part.get_content()) if isinstance(part, EmailMessage) else None
