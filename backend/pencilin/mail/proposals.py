"""Mails about other times than the one that was asked for: to the client, to choose; to staff, what became of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from pencilin.mail import messages, outbox
from pencilin.mail.messages import Kind
from pencilin.mail.visits import visit_of, visit_proposed
from pencilin.models import Appointment, Reservation


class Answer(StrEnum):
    """What a client said to other times, and where that leaves the request."""

    ACCEPTED = "accepted"
    APPROVED = "approved"
    NONE = "none"
    GAVE_UP = "gave_up"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Told:
    """How staff read of an answer; ``waits``: the request is theirs to decide."""

    subject: str
    heading: str
    body: str
    waits: bool


TOLD: dict[Answer, Told] = {
    Answer.ACCEPTED: Told(
        "Time accepted",
        "The client accepted another time",
        "The request has moved to the time below. Settle who the client is, and approve.",
        True,
    ),
    Answer.APPROVED: Told(
        "Time accepted",
        "The client accepted another time",
        "You had settled who the client is, so the appointment is approved, and they have their confirmation.",
        False,
    ),
    Answer.NONE: Told(
        "No time suits",
        "None of the other times suits the client",
        "They are free again. The request is for the time below, as it was, and waits for you.",
        True,
    ),
    Answer.GAVE_UP: Told(
        "No time suits",
        "None of the other times suits the client",
        "They are free again. The time that was asked for has passed, so the request has ended.",
        False,
    ),
    Answer.LAPSED: Told(
        "No answer",
        "The client didn't choose another time",
        "The times that you proposed are free again. The request is for the time below, as it was, and waits for you.",
        True,
    ),
}


def other_times(
    session: Session,
    appointment: Appointment,
    times: Sequence[Reservation],
    until: datetime,
    recipients: Sequence[str],
    now: datetime,
    due_at: datetime,
) -> None:
    """Asks the client to choose one of ``times`` by ``until``."""
    facts = visit_of(session, appointment, approved=False).payload()
    offered = [visit_proposed(session, appointment, one).payload() for one in times]
    messages.to_client(
        session,
        Kind.OTHER_TIMES,
        appointment,
        recipients,
        facts | {"times": json.dumps(offered), "until": until.isoformat()},
        now,
        due_at,
    )


def withdraw(session: Session, appointment: Appointment, now: datetime) -> None:
    """Stops a question that hasn't left: there is nothing to choose from any more."""
    outbox.cancel(session, appointment.practice_id, appointment.id, [Kind.OTHER_TIMES], now)


def answered(session: Session, appointment: Appointment, answer: Answer, now: datetime) -> None:
    """Tells those who decide what the client said, or that they said nothing."""
    facts = visit_of(session, appointment, approved=False).payload() | {"answer": answer.value}
    messages.to_staff(session, Kind.CLIENT_ANSWERED, appointment, appointment.revision, facts, now)
