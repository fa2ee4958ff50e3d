"""Services: what can be booked, by whom it is given and where."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from pencilin.models.base import OfPractice, UTCDateTime, json_list, refers, words
from pencilin.rules.questions import Question


class BookableBy(StrEnum):
    """Who a service is meant for."""

    EVERYONE = "everyone"
    NEW = "new"
    RETURNING = "returning"


class Approval(StrEnum):
    """Who decides on a booking: always staff, or nobody where it came by a client's personal booking link."""

    REVIEW = "review"
    PERSONAL_LINK = "personal_link"


class Service(OfPractice, table=True):
    """An appointment type. Lengths and buffers are minutes, multiples of 5; ``step`` None means the practice's."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("practice_id", "slug"),)

    slug: str = Field(max_length=63)
    name: str
    minutes: int
    buffer_before: int = 0
    buffer_after: int = 0
    step: int | None = None
    price: str | None = None
    description: str | None = None
    colour: str | None = None
    booking: BookableBy = Field(default=BookableBy.EVERYONE, sa_column=words(BookableBy))
    approval: Approval = Field(default=Approval.REVIEW, sa_column=words(Approval))
    questions: list[Question] = Field(default_factory=list, sa_column=json_list())
    position: int = 0
    archived_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class ServicePractitioner(SQLModel, table=True):
    """Who gives a service."""

    __tablename__ = "service_practitioner"
    __table_args__ = (
        refers("service_id", "service", ondelete="CASCADE"),
        refers("practitioner_id", "practitioner", ondelete="CASCADE"),
    )

    practice_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(primary_key=True, max_length=32)
    practitioner_id: str = Field(primary_key=True, max_length=32)


class ServiceLocation(SQLModel, table=True):
    """Where a service is given."""

    __tablename__ = "service_location"
    __table_args__ = (
        refers("service_id", "service", ondelete="CASCADE"),
        refers("location_id", "location", ondelete="CASCADE"),
    )

    practice_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(primary_key=True, max_length=32)
    location_id: str = Field(primary_key=True, max_length=32)
