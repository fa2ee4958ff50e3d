"""The practice, its locations and the days it is shut."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from pencilin.models.base import OfPractice, UTCDateTime, json_list, new_id, words


class Practice(SQLModel, table=True):
    """The organisation, with its booking rules. Lengths of time are in the unit that the name gives."""

    __tablename__ = "practice"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    slug: str = Field(unique=True, max_length=63)
    name: str
    timezone: str
    locale: str = "en"
    country: str = Field(default="US", max_length=2)
    email: str | None = None
    phone: str | None = None
    privacy_url: str | None = None
    accent: str | None = None
    sites: list[str] = Field(default_factory=list, sa_column=json_list())
    notice_minutes: int = 240
    horizon_days: int = 60
    daily_cap: int = 0
    hold_minutes: int = 10
    cancel_notice_minutes: int = 1440
    review_open_hours: int = 8
    step: int = 15
    created_at: dt.datetime = Field(sa_type=UTCDateTime)

    @property
    def staff_locale(self) -> str:
        """How staff read dates: the dashboard and their mails speak English, in the practice's regional form of it."""
        return self.locale if self.locale.startswith("en") else "en"


class LocationKind(StrEnum):
    PLACE = "place"
    VIDEO = "video"
    PHONE = "phone"


class Location(OfPractice, table=True):
    """Where appointments are given. ``timezone`` is always set: video and phone take the practice's."""

    __tablename__ = "location"
    __table_args__ = (UniqueConstraint("practice_id", "slug"),)

    slug: str = Field(max_length=63)
    name: str
    kind: LocationKind = Field(default=LocationKind.PLACE, sa_column=words(LocationKind))
    address: str | None = None
    timezone: str
    country: str = Field(max_length=2)
    join_url: str | None = None
    position: int = 0
    archived_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class Closure(OfPractice, table=True):
    """A date, in each location's own zone, when the whole practice is shut."""

    __tablename__ = "closure"
    __table_args__ = (UniqueConstraint("practice_id", "date"),)

    date: dt.date
    name: str
