"""The front desk at work: what Dana does with requests, in the fewest words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from pencilin import review
from pencilin.booking import Booker, Person
from pencilin.database import Database
from pencilin.mail import outbox
from pencilin.models import Appointment, AuditEntry, Client, Outbox, Staff
from pencilin.review import ConfirmTo, DeclineReason, ReviewView
from tests.cast import KIM, NINE, NOW, Willow, ask

T = TypeVar("T")


@dataclass
class Desk:
    """The front desk's view of a practice, at a time that the test sets."""

    database: Database
    cast: Willow
    now: datetime = NOW

    def do(self, work: Callable[[Session], T]) -> T:
        return self.database.write(lambda session, _: work(session))

    def asked(self, person: Person = KIM, start: datetime = NINE, booked_by: Booker | None = None) -> str:
        """The id of a new request."""
        return self.do(lambda session: ask(session, self.cast, person, start, booked_by=booked_by, now=self.now).id)

    def look(self, appointment_id: str) -> Appointment:
        with self.database.read() as session:
            return session.get_one(Appointment, (self.cast.practice.id, appointment_id))

    def view(self, appointment_id: str, staff: Staff | None = None) -> ReviewView:
        with self.database.read() as session:
            return review.view(session, staff or self.cast.dana, appointment_id, self.now)

    def client(self, client_id: str) -> Client:
        with self.database.read() as session:
            return session.get_one(Client, (self.cast.practice.id, client_id))

    def clients(self) -> int:
        """How many files the database holds."""
        with self.database.read() as session:
            return len(session.exec(select(Client.id)).all())

    def link(self, appointment_id: str) -> None:
        revision = self.look(appointment_id).revision
        kim = self.cast.kim.id
        self.do(lambda session: review.link_existing(session, self.cast.dana, appointment_id, kim, revision, self.now))

    def approve(self, appointment_id: str, confirm_to: ConfirmTo | None = None) -> None:
        revision = self.look(appointment_id).revision
        self.do(lambda session: review.approve(session, self.cast.dana, appointment_id, revision, confirm_to, self.now))

    def decline(self, appointment_id: str, message: str = "") -> None:
        revision = self.look(appointment_id).revision
        self.do(
            lambda session: review.decline(
                session, self.cast.dana, appointment_id, revision, DeclineReason.TIME, message, self.now
            )
        )

    def undo(self, appointment_id: str) -> None:
        revision = self.look(appointment_id).revision
        self.do(lambda session: review.undo(session, self.cast.dana, appointment_id, revision, self.now))

    def mails(self, *kinds: str) -> list[Outbox]:
        with self.database.read() as session:
            rows = session.exec(select(Outbox).where(col(Outbox.kind).in_(kinds)).order_by(col(Outbox.recipient)))
            return list(rows)

    def addressed(self, kind: str) -> list[str]:
        """To whom a mail of this kind has left or will leave."""
        return [mail.recipient for mail in self.mails(kind) if mail.cancelled_at is None]

    def send_all(self) -> None:
        while lease := self.do(lambda session: outbox.lease(session, self.now)):
            self.do(lambda session, lease=lease: outbox.mark_sent(session, lease, self.now))  # type: ignore[misc]

    def actions(self, appointment_id: str) -> set[str]:
        with self.database.read() as session:
            return set(session.exec(select(AuditEntry.action).where(AuditEntry.subject_id == appointment_id)))
