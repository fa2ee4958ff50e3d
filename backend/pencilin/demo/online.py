"""Visits of the demo that were asked for online, and decided long since: nothing is mailed about them."""

from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session

from pencilin import audit
from pencilin.booking import HOSTED
from pencilin.models import ActorKind, Appointment, Client, Link, LinkedAs, Staff, TentativeClient, new_id
from pencilin.review.words import DeclineReason
from pencilin.rules.states import Status

# How much of all is asked for online.
SHARE = 0.45
SOURCES = ("https://willow.example",) * 6 + (HOSTED,) * 3 + ("https://prospect-runners.example",)
EVIDENCE = ["same name", "same email", "same phone"]
# Hours until staff decide: half of the requests wait less than this, one in ten more than three times as long.
USUAL_WAIT = 2.5
LONGEST_WAIT = 30.0


def ask_online(session: Session, visit: Appointment, client: Client, status: Status, desk: Staff, dice: Random) -> None:
    """Makes ``visit``, which is stored already, one that its client asked for, with what became of it: ``status``."""
    asked = visit.created_at
    decided = asked + timedelta(hours=min(USUAL_WAIT * dice.lognormvariate(0, 0.9), LONGEST_WAIT))
    visit.source = dice.choice(SOURCES)
    visit.status = status
    visit.been_before = "yes"
    visit.answer_due = asked + timedelta(hours=LONGEST_WAIT)
    visit.decided_at, visit.decided_by, visit.client_id = decided, desk.id, client.id
    session.add(
        TentativeClient(
            practice_id=visit.practice_id,
            appointment_id=visit.id,
            first_name=client.first_name,
            last_name=client.last_name,
            email=client.email or "",
            phone=client.phone or "",
            birth_date=client.birth_date,
        )
    )
    _note(session, visit, ActorKind.CLIENT, asked, "requested")
    match status:
        case Status.EXPIRED:
            visit.decided_at = visit.decided_by = visit.client_id = None
            _note(session, visit, ActorKind.SYSTEM, visit.answer_due, "expired")
        case Status.DECLINED:
            visit.client_id = None
            visit.decline_reason = dice.choice((DeclineReason.TIME, DeclineReason.FULL)).value
            _note(session, visit, desk, decided, "declined")
        case _:
            _link(session, visit, client, desk, decided)
            _note(session, visit, desk, decided, "linked")
            _note(session, visit, desk, decided, "approved")
            if status is Status.CANCELLED:
                _note(session, visit, ActorKind.CLIENT, decided + timedelta(hours=3), "cancelled")


def _link(session: Session, visit: Appointment, client: Client, desk: Staff, decided: datetime) -> None:
    session.add(
        Link(
            practice_id=visit.practice_id,
            id=new_id(),
            appointment_id=visit.id,
            client_id=client.id,
            linked_as=LinkedAs.EXISTING,
            evidence=EVIDENCE,
            staff_id=desk.id,
            created_at=decided,
        )
    )


def _note(session: Session, visit: Appointment, actor: Staff | ActorKind, at: datetime, what: str) -> None:
    audit.record(session, at, visit.practice_id, actor, f"appointment.{what}", "appointment", visit.id)
