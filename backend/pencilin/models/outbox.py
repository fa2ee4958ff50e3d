"""Mail to be sent, and the record of who did what."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from pencilin.models.base import OfPractice, UTCDateTime, refers, words


class Outbox(OfPractice, table=True):
    """One mail to one recipient, written in the transaction of the fact that it reports.

    ``subject_id`` is what the mail is about (an appointment or an account), ``revision`` its revision then.
    ``payload`` is erased once sent. ``tried_at`` is when a try last failed, for ``last_error``. Smaller ``priority``
    goes first. Rows of one ``group_id`` (a series, what was cancelled at once, somebody's digest) leave as one mail to
    each recipient.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("practice_id", "kind", "subject_id", "revision", "recipient"),
        Index("outbox_due", "sent_at", "cancelled_at", "failed_at", "due_at"),
        Index("outbox_unsent", "practice_id", "sent_at", "cancelled_at", "failed_at"),
    )

    kind: str = Field(max_length=40)
    subject_id: str = Field(index=True, max_length=32)
    revision: int
    recipient: str = Field(max_length=320)
    staff_id: str | None = Field(default=None, max_length=32)
    group_id: str | None = Field(default=None, max_length=32)
    payload: dict[str, str | None] | None = Field(default=None, sa_column=Column(JSON))
    message_id: str
    priority: int = 5
    due_at: dt.datetime = Field(sa_type=UTCDateTime)
    lease_token: str | None = None
    leased_until: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    attempts: int = 0
    last_error: str | None = None
    tried_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    sent_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    cancelled_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    failed_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class ActorKind(StrEnum):
    STAFF = "staff"
    CLIENT = "client"
    SYSTEM = "system"


class AuditEntry(OfPractice, table=True):
    """Who did what to which row, when. Holds ids and field names, never personal values; append-only by trigger."""

    __tablename__ = "audit"
    __table_args__ = (
        refers("staff_id", "staff"),
        Index("audit_subject", "practice_id", "subject_id", "at"),
        Index("audit_time", "practice_id", "at", "id"),
        Index("audit_person", "practice_id", "staff_id", "at", "id"),
        Index("audit_action", "practice_id", "action", "at", "id"),
    )

    at: dt.datetime = Field(sa_type=UTCDateTime)
    actor: ActorKind = Field(sa_column=words(ActorKind))
    staff_id: str | None = Field(default=None, max_length=32)
    action: str = Field(max_length=60)
    subject_kind: str = Field(max_length=40)
    subject_id: str = Field(max_length=32)
    fields: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
