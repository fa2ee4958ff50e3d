"""The practice, its locations and the days it is shut."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from pencilin.i18n import english_in
from pencilin.models.base import OfPractice, UTCDateTime, json_list, new_id, words


class Practice(SQLModel, table=True):
    """The organisation, with its booking rules. Lengths of time are in the unit that the name gives.

    ``asks`` says for fields of the booking form whether they are *required*, *optional* or *hidden*, where that is not
    the usual. ``mail_first_name``: mails may name the client by first name. ``reminder_hours``: how long before the
    start clients are reminded. ``logo_version`` names the picture that stands above the booking pages, if there is one.
    ``idle_minutes``: after how long without activity staff sign in again.
    """

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
    logo_version: str | None = Field(default=None, max_length=32)
    sites: list[str] = Field(default_factory=list, sa_column=json_list())
    notice_minutes: int = 240
    horizon_days: int = 60
    daily_cap: int = 0
    hold_minutes: int = 10
    cancel_notice_minutes: int = 1440
    review_open_hours: int = 8
    step: int = 15
    asks: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    mail_first_name: bool = False
    reminder_hours: list[int] = Field(default_factory=list, sa_column=json_list())
    idle_minutes: int = 30
    second_factor_required: bool = False
    devices_allowed: bool = True
    set_up_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)

    @property
    def staff_locale(self) -> str:
        """How staff read dates: the dashboard and their mails speak English, in the practice's regional form of it.

        Where clients speak something else, dates are still written as in the practice's country.
        """
        if self.locale.startswith("en"):
            return self.locale
        return english_in(self.country)


class PracticeLogo(SQLModel, table=True):
    """The picture that may stand above the booking pages; ``media_type`` is one that browsers show.

    It is shown while the practice's ``logo_version`` is this ``version``: a logo that was taken away can be put back.
    """

    __tablename__ = "practice_logo"

    practice_id: str = Field(primary_key=True, foreign_key="practice.id", max_length=32)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    media_type: str = Field(max_length=40)
    version: str = Field(max_length=32)
    updated_at: dt.datetime = Field(sa_type=UTCDateTime)


class SetUpToken(SQLModel, table=True):
    """The one-time address that lets whoever started an empty server make the first practice. Kept as a hash."""

    __tablename__ = "set_up_token"

    id: str = Field(primary_key=True, max_length=64)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    used_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class LocationKind(StrEnum):
    PLACE = "place"
    VIDEO = "video"
    PHONE = "phone"


class WhoCalls(StrEnum):
    """Who rings whom, where a location is the phone."""

    PRACTICE = "practice"
    CLIENT = "client"


class Location(OfPractice, table=True):
    """Where appointments are given. ``timezone`` is always set: video and phone take the practice's.

    ``who_calls`` counts for kind *phone* alone.
    """

    __tablename__ = "location"
    __table_args__ = (UniqueConstraint("practice_id", "slug"),)

    slug: str = Field(max_length=63)
    name: str
    kind: LocationKind = Field(default=LocationKind.PLACE, sa_column=words(LocationKind))
    address: str | None = None
    timezone: str
    country: str = Field(max_length=2)
    join_url: str | None = None
    who_calls: WhoCalls = Field(default=WhoCalls.PRACTICE, sa_column=words(WhoCalls))
    position: int = 0
    archived_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class Closure(OfPractice, table=True):
    """A date, in each location's own zone, when the whole practice is shut."""

    __tablename__ = "closure"
    __table_args__ = (UniqueConstraint("practice_id", "date"),)

    date: dt.date
    name: str
