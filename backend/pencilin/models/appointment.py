"""Appointments, who was typed into the booking form, and the time they take."""

import datetime as dt

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from pencilin.models.base import OfPractice, UTCDateTime, WallTime, refers, words
from pencilin.rules.states import Purpose, Status


class Appointment(OfPractice, table=True):
    """A visit, from request to whatever became of it.

    ``start`` and ``end`` are the instants; ``local_start``, ``timezone`` and ``fold`` are what was agreed, so that
    a change of zone data can derive the instants anew. ``revision`` grows with every change: decisions compare it.
    ``series_id`` is common to the appointments that staff made by one repeat; ``source`` is where a booking came from:
    the origin of a website, or one of *hosted*, *desk*, *import*. ``asked`` holds the questions behind
    ``answers`` as they were put, by id. ``proposed_until`` is set while the client chooses from other times (see
    ``review.proposals``). Links to the client's own page are of one ``link_version``: the next version makes all
    earlier ones useless.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("practice_id", "reference"),
        refers("service_id", "service"),
        refers("practitioner_id", "practitioner"),
        refers("location_id", "location"),
        refers("client_id", "client"),
        refers("decided_by", "staff"),
        Index("appointment_start", "practice_id", "start"),
        Index("appointment_waiting", "practice_id", "status", "answer_due"),
        Index("appointment_client", "practice_id", "client_id", "status", "start"),
        Index("appointment_made", "practice_id", "created_at"),
        Index("appointment_series", "practice_id", "series_id"),
    )

    reference: str = Field(max_length=8)
    status: Status = Field(default=Status.TENTATIVE, sa_column=words(Status))
    revision: int = 1
    service_id: str = Field(max_length=32)
    practitioner_id: str = Field(max_length=32)
    location_id: str = Field(max_length=32)
    start: dt.datetime = Field(sa_type=UTCDateTime)
    end: dt.datetime = Field(sa_type=UTCDateTime)
    local_start: dt.datetime = Field(sa_type=WallTime)
    timezone: str
    fold: int = 0
    client_id: str | None = Field(default=None, max_length=32)
    been_before: str | None = None
    note: str | None = None
    answers: dict[str, str | bool] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    asked: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    lang: str = "en"
    visitor_timezone: str | None = None
    series_id: str | None = Field(default=None, max_length=32)
    source: str | None = Field(default=None, max_length=270)
    link_version: int = 1
    proposed_until: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    answer_due: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_by: str | None = Field(default=None, max_length=32)
    decline_reason: str | None = None
    decline_message: str | None = None
    undo_until: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class TentativeClient(SQLModel, table=True):
    """What the booker typed about the person to be seen; never a client file. An empty ``phone`` is none.

    Nobody changes it afterwards but the booker, whose address may have been mistyped (``corrections``).
    """

    __tablename__ = "tentative_client"
    __table_args__ = (refers("appointment_id", "appointment", ondelete="CASCADE"),)

    practice_id: str = Field(primary_key=True, max_length=32)
    appointment_id: str = Field(primary_key=True, max_length=32)
    first_name: str
    last_name: str
    email: str
    phone: str
    birth_date: dt.date | None = None


class BookedBy(SQLModel, table=True):
    """Who booked for somebody else; the email and phone of the tentative client are then this person's."""

    __tablename__ = "booked_by"
    __table_args__ = (refers("appointment_id", "appointment", ondelete="CASCADE"),)

    practice_id: str = Field(primary_key=True, max_length=32)
    appointment_id: str = Field(primary_key=True, max_length=32)
    first_name: str
    last_name: str
    relationship: str


class Reservation(OfPractice, table=True):
    """Practitioner time that is taken, and why. Past ``expires_at`` (if any) it counts for nothing.

    ``[first_tick, end_tick)`` are the ticks of its claims, buffers included (see ``rules.timeline``): one row says
    what dozens of claims guard, so reading availability stays cheap. ``lane`` above 0 is overbooking on purpose.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        refers("appointment_id", "appointment", ondelete="CASCADE"),
        refers("practitioner_id", "practitioner"),
        refers("location_id", "location"),
        refers("service_id", "service"),
        Index("reservation_ticks", "practice_id", "practitioner_id", "first_tick"),
        Index("reservation_expiry", "expires_at"),
        Index("reservation_ending", "practice_id", "expires_at"),
        Index("reservation_appointment", "practice_id", "appointment_id"),
    )

    appointment_id: str | None = Field(default=None, max_length=32)
    service_id: str = Field(max_length=32)
    practitioner_id: str = Field(max_length=32)
    location_id: str = Field(max_length=32)
    start: dt.datetime = Field(sa_type=UTCDateTime)
    end: dt.datetime = Field(sa_type=UTCDateTime)
    first_tick: int
    end_tick: int
    purpose: Purpose = Field(sa_column=words(Purpose))
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    extensions: int = 0
    lane: int = 0
    expires_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class Claim(SQLModel, table=True):
    """One 5-minute tick of a reservation, buffers included. Its primary key is what rules out double booking."""

    __tablename__ = "claim"
    __table_args__ = (
        refers("practitioner_id", "practitioner"),
        refers("reservation_id", "reservation", ondelete="CASCADE"),
        Index("claim_reservation", "practice_id", "reservation_id"),
        {"sqlite_with_rowid": False},
    )

    practice_id: str = Field(primary_key=True, max_length=32)
    practitioner_id: str = Field(primary_key=True, max_length=32)
    tick: int = Field(primary_key=True)
    lane: int = Field(default=0, primary_key=True)
    reservation_id: str = Field(max_length=32)


class IdempotencyKey(SQLModel, table=True):
    """A booking that was acknowledged under a key that the visitor's browser chose; kept for 24 hours."""

    __tablename__ = "idempotency_key"
    __table_args__ = (refers("appointment_id", "appointment", ondelete="CASCADE"),)

    practice_id: str = Field(primary_key=True, max_length=32)
    key: str = Field(primary_key=True, max_length=64)
    body_hash: str = Field(max_length=64)
    appointment_id: str = Field(max_length=32)
    expires_at: dt.datetime = Field(sa_type=UTCDateTime, index=True)
