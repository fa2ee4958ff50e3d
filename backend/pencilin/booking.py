"""A booking: what a visitor asks for becomes a tentative appointment, in one transaction or not at all."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.availability import Wish, answer_due, as_now, bookable_by
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.database import changed, conflict_free_insert, lock_practitioners
from pencilin.errors import IdempotencyKeyReused, SlotTaken
from pencilin.mail import messages
from pencilin.models import (
    ActorKind,
    Appointment,
    BookedBy,
    IdempotencyKey,
    Location,
    Practice,
    Practitioner,
    Reservation,
    TentativeClient,
    new_id,
)
from pencilin.reservations import claim_time, turn_into_appointment
from pencilin.rules.states import Purpose, Status

REMEMBERED = timedelta(hours=24)
# Without letters and digits that are taken for one another when read out on the phone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REFERENCE_LENGTH = 8


@dataclass(frozen=True)
class Person:
    """The person to be seen, as typed and checked. With a booker, email and phone are the booker's.

    An empty phone is none: the practice needn't ask for one.
    """

    first_name: str
    last_name: str
    email: str
    phone: str
    birth_date: date | None = None


@dataclass(frozen=True)
class Booker:
    """Who books for somebody else."""

    first_name: str
    last_name: str
    relationship: str


@dataclass(frozen=True)
class Attempt:
    """What makes a repeated request the same one: hashes of the visitor's key and of all that was sent."""

    key: str
    body_hash: str


# A booking on our own page, not on a practice's website.
HOSTED = "hosted"


@dataclass(frozen=True)
class BookingRequest:
    """A checked request for ``start`` (aware). ``source`` is where it came from, see :class:`Appointment`."""

    wish: Wish
    start: datetime
    person: Person
    attempt: Attempt
    hold: str | None = None
    booked_by: Booker | None = None
    been_before: str | None = None
    answers: Mapping[str, str | bool] | None = None
    note: str | None = None
    lang: str = "en"
    visitor_timezone: str | None = None
    source: str | None = None


def request(session: Session, practice: Practice, wanted: BookingRequest, now: datetime) -> Appointment:
    """Writes the tentative appointment with its time, its audit entry and its mails.

    A repeated key with the same body gives the appointment of the first time. Raises
    :class:`IdempotencyKeyReused` for another body, and :class:`SlotTaken` when the start isn't on offer.
    """
    # Before the key is looked up: of two repeats, the second waits here until the first has written its row.
    lock_practitioners(session, practice.id, [one.id for one in wanted.wish.practitioners])
    earlier = remembered(session, practice, wanted.attempt, now)
    if earlier:
        return earlier
    # Read behind the lock: hours, caps and terms may have changed while this waited.
    catalogue = read_catalogue(session, session.get_one(Practice, practice.id))
    wanted = replace(wanted, wish=as_now(catalogue, wanted.wish))
    appointment = _reserve(session, catalogue, wanted, now)
    person = wanted.person
    session.add(
        TentativeClient(
            practice_id=practice.id,
            appointment_id=appointment.id,
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            phone=person.phone,
            birth_date=person.birth_date,
        )
    )
    if wanted.booked_by:
        session.add(
            BookedBy(
                practice_id=practice.id,
                appointment_id=appointment.id,
                first_name=wanted.booked_by.first_name,
                last_name=wanted.booked_by.last_name,
                relationship=wanted.booked_by.relationship,
            )
        )
    _remember(session, practice.id, wanted, appointment, now)
    audit.record(session, now, practice.id, ActorKind.CLIENT, "appointment.requested", "appointment", appointment.id)
    session.flush()
    messages.booked(session, appointment, now)
    return appointment


def remembered(session: Session, practice: Practice, attempt: Attempt, now: datetime) -> Appointment | None:
    """The appointment that was booked under this key; raises :class:`IdempotencyKeyReused` for another body."""
    row = _kept(session, practice.id, attempt.key, now)
    if row is None:
        return None
    if row.body_hash != attempt.body_hash:
        raise IdempotencyKeyReused
    return session.get_one(Appointment, (practice.id, row.appointment_id))


def booked_under(session: Session, practice_id: str, key: str, now: datetime) -> Appointment | None:
    """The appointment that was booked under the key with this hash in the last 24 hours, whatever was sent."""
    row = _kept(session, practice_id, key, now)
    return session.get_one(Appointment, (practice_id, row.appointment_id)) if row else None


def _kept(session: Session, practice_id: str, key: str, now: datetime) -> IdempotencyKey | None:
    row = session.get(IdempotencyKey, (practice_id, key))
    return row if row is not None and row.expires_at > now else None


def forget_keys(session: Session, now: datetime) -> None:
    """Deletes idempotency keys past their day, of every practice."""
    session.execute(delete(IdempotencyKey).where(col(IdempotencyKey.expires_at) <= now))


def _reserve(session: Session, catalogue: Catalogue, wanted: BookingRequest, now: datetime) -> Appointment:
    """The new appointment with its time: the visitor's own hold if it lives, else the first who has it free."""
    held = _own_hold(session, catalogue, wanted, now)
    if held:
        practitioner, location = held
        appointment = _appointment(session, catalogue, wanted, practitioner, location, now)
        if wanted.hold and turn_into_appointment(session, wanted.hold, appointment, now):
            return appointment
        raise SlotTaken
    for practitioner, location in bookable_by(session, catalogue, wanted.wish, wanted.start, now):
        try:
            with session.begin_nested():
                appointment = _appointment(session, catalogue, wanted, practitioner, location, now)
                claim_time(
                    session,
                    wanted.wish.service,
                    practitioner,
                    location,
                    wanted.start,
                    Purpose.CURRENT,
                    now,
                    appointment=appointment,
                )
        except SlotTaken:
            continue
        return appointment
    raise SlotTaken


def _own_hold(
    session: Session, catalogue: Catalogue, wanted: BookingRequest, now: datetime
) -> tuple[Practitioner, Location] | None:
    """Whose time the visitor's hold has, if it lives, is for this very slot, and the slot is still one.

    Notice counts as of when it was held: it may have passed while the form was filled in.
    """
    if not wanted.hold:
        return None
    hold = session.exec(
        select(Reservation).where(
            Reservation.practice_id == catalogue.practice.id,
            Reservation.id == wanted.hold,
            Reservation.purpose == Purpose.HOLD,
            Reservation.service_id == wanted.wish.service.id,
            Reservation.start == wanted.start,
            col(Reservation.expires_at) > now,
        )
    ).one_or_none()
    if hold is None:
        return None
    offers = bookable_by(
        session, catalogue, wanted.wish, wanted.start, now, ignoring=[hold.id], asked_at=hold.created_at
    )
    wished = (hold.practitioner_id, hold.location_id)
    return next((pair for pair in offers if (pair[0].id, pair[1].id) == wished), None)


def _appointment(
    session: Session,
    catalogue: Catalogue,
    wanted: BookingRequest,
    practitioner: Practitioner,
    location: Location,
    now: datetime,
) -> Appointment:
    practice, service = catalogue.practice, wanted.wish.service
    start = wanted.start.astimezone(UTC)
    local = start.astimezone(ZoneInfo(location.timezone))
    appointment = Appointment(
        practice_id=practice.id,
        id=new_id(),
        reference=new_reference(session, practice.id),
        status=Status.TENTATIVE,
        service_id=service.id,
        practitioner_id=practitioner.id,
        location_id=location.id,
        start=start,
        end=start + timedelta(minutes=service.minutes),
        local_start=local.replace(tzinfo=None, fold=0),
        timezone=location.timezone,
        fold=local.fold,
        been_before=wanted.been_before,
        note=wanted.note,
        answers=dict(wanted.answers or {}),
        asked={one["id"]: one["label"] for one in service.questions if one["id"] in (wanted.answers or {})},
        lang=wanted.lang,
        visitor_timezone=wanted.visitor_timezone,
        source=wanted.source,
        created_at=now,
        answer_due=answer_due(session, catalogue, start, now),
    )
    session.add(appointment)
    session.flush()
    return appointment


def new_reference(session: Session, practice_id: str) -> str:
    """A reference that no appointment of the practice has."""
    while True:
        reference = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))
        taken = session.exec(
            select(Appointment.id).where(Appointment.practice_id == practice_id, Appointment.reference == reference)
        ).first()
        if not taken:
            return reference


def _remember(
    session: Session, practice_id: str, wanted: BookingRequest, appointment: Appointment, now: datetime
) -> None:
    session.execute(
        delete(IdempotencyKey).where(
            col(IdempotencyKey.practice_id) == practice_id,
            col(IdempotencyKey.key) == wanted.attempt.key,
            col(IdempotencyKey.expires_at) <= now,
        )
    )
    insert = conflict_free_insert(session)
    kept = changed(
        session,
        insert(IdempotencyKey)
        .values(
            practice_id=practice_id,
            key=wanted.attempt.key,
            body_hash=wanted.attempt.body_hash,
            appointment_id=appointment.id,
            expires_at=now + REMEMBERED,
        )
        .on_conflict_do_nothing(),
    )
    if kept != 1:
        # Another body under this key was booked with other practitioners in the same moment.
        raise IdempotencyKeyReused
