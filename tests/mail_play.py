"""One mail of every kind, queued for letters to be made of it, and the words that a reader of the letter sees."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html.parser import HTMLParser
from typing import NamedTuple

from sqlmodel import Session

from pencilin import reservations
from pencilin.database import Database
from pencilin.mail import afterwards, messages, outbox, proposals
from pencilin.mail.messages import Kind
from pencilin.mail.proposals import Answer
from pencilin.mail.visits import visit_of
from pencilin.models import Appointment, Outbox, Reservation
from pencilin.rules.states import Purpose
from tests.cast import NOW, Willow, willow
from tests.postbox import request, rows

CODE = "402913"


class Play(NamedTuple):
    session: Session
    cast: Willow
    appointment: Appointment

    def rows(self, kind: Kind | None = None) -> list[Outbox]:
        return rows(self.session, kind)

    def row(self, kind: Kind) -> Outbox:
        return self.rows(kind)[0]


@contextmanager
def played(url: str) -> Iterator[Play]:
    """Queues them in the database there, for a client named Zaphira Quixworth."""
    database = Database(url)
    with database.read() as session:
        cast = willow(session)
        appointment = request(session, cast, first_name="Zaphira", last_name="Quixworth", email="somebody@mail.example")
        appointment.decline_message = "Ana is away & <b>sorry</b>.\nDana"
        appointment.decline_reason = "not_serious"
        everything(session, cast, appointment)
        yield Play(session, cast, appointment)
    database.close()


def everything(session: Session, cast: Willow, appointment: Appointment) -> None:
    practice, to = cast.practice, ["somebody@mail.example"]
    messages.booked(session, appointment, NOW)
    messages.reminder(session, appointment, NOW)
    messages.expired(session, appointment, NOW)
    messages.declined(session, appointment, to, NOW, due_at=NOW)
    messages.sign_in_code(session, practice.id, cast.dana.account_id, "dana@willow.example", CODE, 1, NOW)
    messages.invitation(session, practice, cast.dana, "dana@willow.example", NOW)
    messages.second_factor_reset(session, practice, cast.dana, "dana@willow.example", NOW)
    messages.trial(session, cast.dana, "dana@willow.example", NOW)
    facts = visit_of(session, appointment, approved=False).payload()
    outbox.enqueue(
        session,
        practice.id,
        Kind.BOOKING_DIGEST,
        appointment.id,
        0,
        "dana@willow.example",
        facts,
        NOW,
        staff_id=cast.dana.id,
    )
    appointment.revision += 1
    messages.confirmed(session, appointment, to, NOW, due_at=NOW)
    for row in rows(session, Kind.CONFIRMED):
        row.sent_at = NOW
    appointment.revision += 1
    session.flush()
    messages.correction(session, appointment, to, NOW)
    practice.reminder_hours = [2]
    afterwards.reminders(session, appointment, to, NOW)
    afterwards.cancelled(session, appointment, to, "Ana is away & <b>sorry</b>.\nDana", NOW, due_at=NOW)
    afterwards.by_mistake(session, appointment, to, NOW)
    until = NOW + timedelta(hours=20)
    time = held(session, cast, appointment)
    proposals.other_times(session, appointment, [time], until, to, NOW, due_at=NOW)
    proposals.answered(session, appointment, Answer.ACCEPTED, NOW)


def held(session: Session, cast: Willow, appointment: Appointment) -> Reservation:
    """Another time for the appointment, an hour later."""
    return reservations.claim_time(
        session,
        cast.first_visit,
        cast.ana,
        cast.main_street,
        appointment.start + timedelta(hours=1),
        Purpose.PROPOSED,
        NOW,
        appointment=appointment,
        expires_at=NOW + timedelta(hours=20),
    )


class Shown(HTMLParser):
    """The words that a reader of the HTML sees, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self._hidden = "", list[str](), 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "title", "div") and (tag != "div" or "display:none" in (dict(attrs).get("style") or "")):
            self._hidden += 1
            self._until = tag
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._until:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data + " "
