"""Each mail about nobody: what it looks like, for managers who want to see it before anybody gets one."""

import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pencilin.mail.letters import Subject
from pencilin.mail.messages import TO_STAFF, Kind
from pencilin.mail.proposals import Answer
from pencilin.mail.visits import Payload, Visit
from pencilin.models import Appointment, LocationKind, Outbox, Practice, Staff, new_id

# What each mail is called where it can be looked at, in the order in which they come.
TITLES: dict[Kind, str] = {
    Kind.REQUEST_RECEIVED: "To the client: request received",
    Kind.CONFIRMED: "To the client: confirmed",
    Kind.DECLINED: "To the client: declined",
    Kind.OTHER_TIMES: "To the client: other times to choose from",
    Kind.VISIT_REMINDER: "To the client: reminder",
    Kind.CANCELLED: "To the client: cancelled",
    Kind.EXPIRED: "To the client: not answered in time",
    Kind.CORRECTION: "To the client: a decision was undone",
    Kind.BY_MISTAKE: "To a wrong address: please disregard",
    Kind.NEW_BOOKING: "To staff: new booking",
    Kind.BOOKING_DIGEST: "To staff: digest of bookings",
    Kind.REVIEW_REMINDER: "To staff: an answer is due soon",
    Kind.CLIENT_ANSWERED: "To staff: the client chose another time",
    Kind.INVITATION: "To staff: invitation",
    Kind.SIGN_IN_CODE: "To staff: sign-in code",
    Kind.SECOND_FACTOR_RESET: "To staff: second factor switched off",
}
FIRST_NAME = "Robin"


def example(practice: Practice, staff: Staff, kind: Kind, now: datetime) -> Subject:
    """What a mail of this kind to ``staff``, or to a client, would be made of; none of its rows is stored."""
    first = _appointment(practice, now, 7)
    row = _row(practice, staff, kind, first, _facts(practice, first, kind), now)
    if kind in (Kind.INVITATION, Kind.SECOND_FACTOR_RESET, Kind.TRIAL):
        return Subject(practice, row, staff=staff)
    if kind == Kind.SIGN_IN_CODE:
        row.payload = {"code": "123456"}
        return Subject(practice, row)
    if kind != Kind.BOOKING_DIGEST:
        return Subject(practice, row, first, lines=[(row, first)])
    second = _appointment(practice, now, 9)
    other = _row(practice, staff, kind, second, _facts(practice, second, kind), now)
    return Subject(practice, row, first, lines=[(row, first), (other, second)])


def _appointment(practice: Practice, now: datetime, days: int) -> Appointment:
    zone = ZoneInfo(practice.timezone)
    start = datetime.combine(now.astimezone(zone).date() + timedelta(days=days), time(9), zone)
    return Appointment(
        practice_id=practice.id,
        reference="EXAMPLE2",
        service_id=new_id(),
        practitioner_id=new_id(),
        location_id=new_id(),
        start=start,
        end=start + timedelta(hours=1),
        local_start=start.replace(tzinfo=None),
        timezone=practice.timezone,
        created_at=now,
        answer_due=now + timedelta(days=1),
    )


def _visit(practice: Practice, appointment: Appointment) -> Visit:
    return Visit(
        start=appointment.start,
        end=appointment.end,
        timezone=practice.timezone,
        answer_due=appointment.answer_due,
        practitioner="Alex Example",
        location="Example Street",
        location_kind=LocationKind.PLACE,
        address="1 Example Street",
        join_url=None,
        lang=practice.locale,
        sequence=1,
    )


def _facts(practice: Practice, appointment: Appointment, kind: Kind) -> Payload:
    visit = _visit(practice, appointment)
    facts = visit.payload()
    if kind in (Kind.DECLINED, Kind.CANCELLED):
        facts["message"] = "What staff write to the client stands here."
    if kind in TO_STAFF and practice.mail_first_name:
        facts["first_name"] = FIRST_NAME
    facts |= {"undone": Kind.CONFIRMED, "answer": Answer.ACCEPTED, "offered": None}
    facts["times"] = json.dumps([visit.payload()])
    facts["until"] = (appointment.start - timedelta(days=2)).isoformat()
    return facts


def _row(
    practice: Practice, staff: Staff, kind: Kind, appointment: Appointment, payload: Payload, now: datetime
) -> Outbox:
    return Outbox(
        practice_id=practice.id,
        kind=kind,
        subject_id=appointment.id,
        revision=1,
        recipient="example@example.com",
        staff_id=staff.id if kind in TO_STAFF else None,
        payload=payload,
        message_id=new_id(),
        due_at=now,
        created_at=now,
    )
