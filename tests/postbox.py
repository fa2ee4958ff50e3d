"""What the tests of mail share: a request to write about, and the rows and letters that come of it."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin.config import Config
from pencilin.links import Links
from pencilin.mail.letters import compose
from pencilin.mail.messages import Kind
from pencilin.mail.overtaken import still_news
from pencilin.models import Appointment, Location, Outbox, TentativeClient
from tests.cast import NOW, Willow

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 9:00 in New York
KEY = "a key that is long enough and only for tests"
LINKS = Links([KEY])
KIM = "kim.lee@mail.example"
CONFIG = Config(
    database_url="",
    secret_keys=(KEY,),
    base_url="https://book.example.com",
    smtp=None,
    mail_from="booking@book.example.com",
    trusted_proxies=(),
    log="text",
    limits=True,
)


def request(
    session: Session,
    cast: Willow,
    *,
    email: str = KIM,
    start: datetime = NINE,
    location: Location | None = None,
    first_name: str = "Kim",
    last_name: str = "Lee",
    reference: str = "KIMLEE23",
    now: datetime = NOW,
) -> Appointment:
    """A tentative appointment with Ana, for somebody who typed ``email``; it takes no time in anybody's diary."""
    location = location or cast.main_street
    local = start.astimezone(ZoneInfo(location.timezone))
    appointment = Appointment(
        practice_id=cast.practice.id,
        reference=reference,
        service_id=cast.first_visit.id,
        practitioner_id=cast.ana.id,
        location_id=location.id,
        start=start,
        end=start + timedelta(hours=1),
        local_start=local.replace(tzinfo=None, fold=0),
        fold=local.fold,
        timezone=location.timezone,
        note="My stomach hurts",
        created_at=now,
        answer_due=now + timedelta(hours=10),
    )
    session.add(appointment)
    session.flush()
    session.add(
        TentativeClient(
            practice_id=cast.practice.id,
            appointment_id=appointment.id,
            first_name=first_name,
            last_name=last_name,
            email=email,
            phone="+1 212 555 0147",
        )
    )
    session.flush()
    return appointment


def rows(session: Session, kind: str | None = None) -> list[Outbox]:
    """What the outbox holds, by recipient."""
    query = select(Outbox).order_by(col(Outbox.recipient), col(Outbox.revision))
    return list(session.exec(query.where(Outbox.kind == kind) if kind else query))


def to(session: Session, kind: Kind) -> list[str]:
    """To whom mails of a kind have left or will leave."""
    return [row.recipient for row in rows(session, kind)]


def sent(session: Session, kind: Kind) -> None:
    """Has the mails of a kind leave."""
    for row in rows(session, kind):
        row.sent_at = NOW
    session.flush()


def next_revision(session: Session, appointment: Appointment) -> None:
    """What a change of the appointment does to its revision."""
    appointment.revision += 1
    session.flush()


def letter(session: Session, row: Outbox, config: Config = CONFIG, now: datetime = NOW) -> EmailMessage:
    """The mail of a row, with those that leave with it."""
    return compose(session, row, still_news(session, row, now) or [row], config, LINKS, now)


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail, with a mail's line ends made plain."""
    return _part(message, "plain")


def html_of(message: EmailMessage) -> str:
    """The HTML of a mail."""
    return _part(message, "html")


def calendar_of(message: EmailMessage) -> str | None:
    """The calendar file of a mail, if it has one."""
    files = [part for part in message.iter_attachments() if part.get_content_type() == "text/calendar"]
    return str(files[0].get_content()) if files else None


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")
