"""A practice's own website: where the widget was seen, and the pages for whoever puts it there."""

import datetime as dt

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from pencilin.models.base import OfPractice, UTCDateTime, refers


class Sighting(SQLModel, table=True):
    """When a website last loaded the widget's script and its form. ``site`` is an origin, never a page's address.

    ``first_seen_at`` is None for those that were there before it was written down.
    """

    __tablename__ = "sighting"

    practice_id: str = Field(primary_key=True, foreign_key="practice.id", max_length=32)
    site: str = Field(primary_key=True, max_length=270)
    script_seen_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    frame_seen_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    first_seen_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class WebmasterLink(OfPractice, table=True):
    """A page that anybody with its address may open until it ends. ``options`` are those of the snippet on it."""

    __tablename__ = "webmaster_link"
    __table_args__ = (refers("staff_id", "staff"),)

    staff_id: str = Field(max_length=32)
    options: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    expires_at: dt.datetime = Field(sa_type=UTCDateTime)
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
