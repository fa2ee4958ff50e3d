"""What the public API answers, as the contract words it; the OpenAPI description is made of these and the requests."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from pencilin.rules.asks import Ask

Instant = Annotated[datetime, PlainSerializer(lambda value: value.isoformat(timespec="seconds"), return_type=str)]


class Answer(BaseModel):
    """What we send."""

    model_config = ConfigDict(extra="forbid")


class QuestionShown(Answer):
    id: str
    label: str
    kind: Literal["text", "choice", "yes_no"]
    choices: list[str]
    required: bool


class ServiceShown(Answer):
    id: str
    name: str
    description: str | None
    minutes: int
    price: str | None
    booking: Literal["everyone", "new", "returning"]
    practitioners: list[str]
    locations: list[str]
    questions: list[QuestionShown]


class PractitionerShown(Answer):
    id: str
    name: str
    title: str | None
    locations: list[str]


class LocationShown(Answer):
    id: str
    name: str
    kind: Literal["place", "video", "phone"]
    address: str | None
    timezone: str


class ContactShown(Answer):
    email: str | None
    phone: str | None


class PoliciesShown(Answer):
    notice_minutes: int
    horizon_days: int
    hold_minutes: int
    cancel_notice_minutes: int
    privacy_url: str | None


class AsksShown(Answer):
    """Which fields of a booking are needed, may be left out, or aren't asked (and not kept)."""

    phone: Ask
    birth_date: Ask
    returning: Ask
    note: Ask


class ThemeShown(Answer):
    accent: str | None


class PracticeShown(Answer):
    slug: str
    name: str
    timezone: str
    locale: str
    country: str
    contact: ContactShown
    policies: PoliciesShown
    theme: ThemeShown
    asks: AsksShown
    services: list[ServiceShown]
    practitioners: list[PractitionerShown]
    locations: list[LocationShown]


class SlotShown(Answer):
    start: Instant
    end: Instant
    timezone: str
    location: str
    practitioners: list[str]


class AvailabilityShown(Answer):
    timezone: str
    from_: Annotated[date, Field(alias="from")]
    days: int
    slots: list[SlotShown]
    next_available: SlotShown | None


class HoldMade(Answer):
    hold: str
    expires_at: Instant
    practitioner: str
    location: str


class HoldExtended(Answer):
    expires_at: Instant


class BookingMade(Answer):
    reference: str
    status: Literal["tentative"]
    start: Instant
    end: Instant
    timezone: str
    practitioner: str
    location: str
    answer_due: Instant
    manage_url: str
    calendar_url: str


class Problem(Answer):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] | None = None
    alternatives: list[SlotShown] | None = None
