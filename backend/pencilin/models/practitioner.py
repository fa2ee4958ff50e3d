"""Practitioners and when they work. Hours are local wall time and are never converted for storage."""

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from pencilin.models.base import OfPractice, UTCDateTime, WallTime, json_list, refers


class Practitioner(OfPractice, table=True):
    """A person who is booked."""

    __tablename__ = "practitioner"
    __table_args__ = (UniqueConstraint("practice_id", "slug"),)

    slug: str = Field(max_length=63)
    name: str
    title: str | None = None
    email: str | None = None
    position: int = 0
    archived_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class WorkingHours(OfPractice, table=True):
    """One weekly rule: ``days`` are numbers from 0 (Monday), times are minutes of the local day (1440 is 24:00)."""

    __tablename__ = "working_hours"
    __table_args__ = (refers("practitioner_id", "practitioner", ondelete="CASCADE"),)

    practitioner_id: str = Field(index=True, max_length=32)
    days: list[int] = Field(default_factory=list, sa_column=json_list())
    from_minute: int
    to_minute: int
    every_weeks: int = 1
    first_week_of: dt.date | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


class WorkingHoursLocation(SQLModel, table=True):
    """Where a weekly rule is served; at most one of its locations is a place."""

    __tablename__ = "working_hours_location"
    __table_args__ = (
        refers("working_hours_id", "working_hours", ondelete="CASCADE"),
        refers("location_id", "location", ondelete="CASCADE"),
    )

    practice_id: str = Field(primary_key=True, max_length=32)
    working_hours_id: str = Field(primary_key=True, max_length=32)
    location_id: str = Field(primary_key=True, max_length=32)


class Override(OfPractice, table=True):
    """Other hours on one local date. ``hours`` are pairs of minutes of the day; none at all means absent."""

    __tablename__ = "override"
    __table_args__ = (
        UniqueConstraint("practice_id", "practitioner_id", "date"),
        refers("practitioner_id", "practitioner", ondelete="CASCADE"),
    )

    practitioner_id: str = Field(max_length=32)
    date: dt.date
    hours: list[list[int]] = Field(default_factory=list, sa_column=json_list())


class OverrideLocation(SQLModel, table=True):
    """Where an override is served; none at all means wherever the practitioner's weekly rules are."""

    __tablename__ = "override_location"
    __table_args__ = (
        refers("override_id", "override", ondelete="CASCADE"),
        refers("location_id", "location", ondelete="CASCADE"),
    )

    practice_id: str = Field(primary_key=True, max_length=32)
    override_id: str = Field(primary_key=True, max_length=32)
    location_id: str = Field(primary_key=True, max_length=32)


class TimeOff(OfPractice, table=True):
    """An absence, from and until a date and time by the clock of each location (naive on purpose)."""

    __tablename__ = "time_off"
    __table_args__ = (refers("practitioner_id", "practitioner", ondelete="CASCADE"),)

    practitioner_id: str = Field(index=True, max_length=32)
    start: dt.datetime = Field(sa_type=WallTime)
    end: dt.datetime = Field(sa_type=WallTime)
    note: str | None = None
