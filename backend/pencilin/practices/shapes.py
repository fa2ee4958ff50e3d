"""The practice file as the contract words it. A key that is not mentioned is not set: what is stored then stays."""

from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from pencilin.practices import checks
from pencilin.rules import people

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_LIST = 1000

Slug = Annotated[str, AfterValidator(checks.slug)]
Name = Annotated[str, AfterValidator(people.name)]
Line = Annotated[str, AfterValidator(checks.line)]
Text = Annotated[str, AfterValidator(checks.text)]
Zone = Annotated[str, AfterValidator(checks.zone(available_timezones()))]
Email = Annotated[str, AfterValidator(checks.optional(people.email))]
Day = Annotated[date, BeforeValidator(checks.day)]
WallClock = Annotated[datetime, BeforeValidator(checks.wall_clock)]
Clock = Annotated[int, BeforeValidator(checks.clock)]
Minutes = Annotated[int, AfterValidator(checks.minutes)]


class Table(BaseModel):
    """A table of the file: closed, so that a misspelt key is no silent default."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def mentioned(self, *but: str) -> dict[str, Any]:
        """The values that the file gives, by the names of the columns that hold them; empty texts mean none."""
        named = [name for name in type(self).model_fields if name in self.model_fields_set and name not in but]
        given = {name: getattr(self, name) for name in named}
        return {name: None if value == "" else value for name, value in given.items()}


class NamedTable(Table):
    """A table of one of many, which its slug tells apart."""

    slug: Slug
    name: Name | None = None


class PracticeTable(Table):
    slug: Slug
    name: Name | None = None
    timezone: Zone | None = None
    locale: Annotated[str, AfterValidator(checks.locale)] | None = None
    country: Annotated[str, AfterValidator(checks.country)] | None = None
    email: Email | None = None
    phone: str | None = None
    privacy_url: Annotated[str, AfterValidator(checks.optional(checks.web_address))] | None = None
    sites: list[Annotated[str, AfterValidator(checks.site)]] | None = None

    @field_validator("phone")
    @classmethod
    def _check_phone(cls, value: str, info: ValidationInfo) -> str:
        # The country stands before the phone; when the file has none, it is the one that is stored.
        country = info.data.get("country") or info.context
        assert isinstance(country, str)
        return people.phone(value, country) if value.strip() else ""


class RulesTable(Table):
    notice_minutes: Annotated[Minutes, Field(ge=0, le=525_600)] | None = None
    horizon_days: Annotated[int, Field(ge=1, le=730)] | None = None
    daily_cap: Annotated[int, Field(ge=0, le=288)] | None = None
    hold_minutes: Annotated[Minutes, Field(ge=5, le=60)] | None = None
    cancel_notice_minutes: Annotated[Minutes, Field(ge=0, le=525_600)] | None = None
    review_open_hours: Annotated[int, Field(ge=1, le=1000)] | None = None
    step: Annotated[Minutes, Field(ge=5, le=1440)] | None = None


AskedFor = Literal["required", "optional", "hidden"]


class AsksTable(Table):
    """What becomes of the fields of the booking form, see :mod:`pencilin.rules.asks`."""

    phone: AskedFor | None = None
    birth_date: AskedFor | None = None
    returning: AskedFor | None = None
    note: AskedFor | None = None


class LocationTable(NamedTable):
    kind: Literal["place", "video", "phone"] | None = None
    address: Text | None = None
    timezone: Zone | None = None
    country: Annotated[str, AfterValidator(checks.country)] | None = None
    join_url: Annotated[str, AfterValidator(checks.optional(checks.web_address))] | None = None
    who_calls: Literal["practice", "client"] | None = None


class HoursTable(Table):
    days: Annotated[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]], Field(min_length=1, max_length=7)]
    from_: Annotated[Clock, Field(alias="from")]
    to: Clock
    locations: Annotated[list[Slug], Field(min_length=1), AfterValidator(checks.distinct)]
    every_weeks: Annotated[int, Field(ge=1, le=52)] = 1
    first_week_of: Day | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None

    @field_validator("to")
    @classmethod
    def _check_order(cls, value: int, info: ValidationInfo) -> int:
        if value <= info.data.get("from_", -1):
            raise ValueError('should be later than `from`; the end of the day is "24:00"')
        return value

    @field_validator("valid_until")
    @classmethod
    def _check_validity(cls, value: date, info: ValidationInfo) -> date:
        since = info.data.get("valid_from")
        if since and value < since:
            raise ValueError("should not be before `valid_from`")
        return value

    @model_validator(mode="after")
    def _check_weeks(self) -> "HoursTable":
        if self.every_weeks > 1 and self.first_week_of is None:
            raise ValueError("`every_weeks` above 1 needs `first_week_of`, a date in a week that counts")
        return self


class OverrideTable(Table):
    date: Day
    hours: Annotated[list[tuple[Clock, Clock]], Field(max_length=LONGEST_LIST)] = Field(default_factory=list)
    locations: Annotated[list[Slug], AfterValidator(checks.distinct)] = Field(default_factory=list)

    @field_validator("hours", mode="before")
    @classmethod
    def _check_pairs(cls, value: object) -> object:
        if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
            raise ValueError('should be a list of pairs, like [["10:00", "12:00"]]')
        return [tuple(pair) for pair in value]

    @field_validator("hours")
    @classmethod
    def _check_hours(cls, value: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if any(end <= start for start, end in value):
            raise ValueError('each pair should end later than it begins; the end of the day is "24:00"')
        if any(after[0] < before[1] for before, after in pairwise(sorted(value))):
            raise ValueError("two of these overlap; make them one")
        return sorted(value)


class TimeOffTable(Table):
    start: WallClock
    end: WallClock
    note: Line | None = None

    @field_validator("end")
    @classmethod
    def _check_order(cls, value: datetime, info: ValidationInfo) -> datetime:
        start = info.data.get("start")
        if start and value <= start:
            raise ValueError("should be later than `start`")
        return value


class PractitionerTable(NamedTable):
    title: Line | None = None
    email: Email | None = None
    hours: list[HoursTable] | None = None
    override: list[OverrideTable] | None = None
    time_off: list[TimeOffTable] | None = None


class QuestionTable(Table):
    id: Slug
    label: Annotated[Line, StringConstraints(min_length=1)]
    kind: Literal["text", "choice", "yes_no"] = "text"
    choices: list[Annotated[Line, StringConstraints(min_length=1)]] = Field(default_factory=list)
    required: bool = False

    @model_validator(mode="after")
    def _check_choices(self) -> "QuestionTable":
        if self.kind == "choice" and len(set(self.choices)) < 2:
            raise ValueError("a question of kind choice needs `choices`, at least two different ones")
        if self.kind != "choice" and self.choices:
            raise ValueError('`choices` are for kind = "choice" only')
        checks.distinct(self.choices)
        return self


class ServiceTable(NamedTable):
    minutes: Annotated[Minutes, Field(ge=5, le=1440)] | None = None
    buffer_before: Annotated[Minutes, Field(ge=0, le=720)] | None = None
    buffer_after: Annotated[Minutes, Field(ge=0, le=720)] | None = None
    step: Annotated[Minutes, Field(ge=0, le=1440)] | None = None
    price: Line | None = None
    description: Text | None = None
    colour: Annotated[str, AfterValidator(checks.optional(checks.colour))] | None = None
    booking: Literal["everyone", "new", "returning"] | None = None
    approval: Literal["review", "personal_link"] | None = None
    practitioners: Annotated[list[Slug], AfterValidator(checks.distinct)] | None = None
    locations: Annotated[list[Slug], AfterValidator(checks.distinct)] | None = None
    question: list[QuestionTable] | None = None


class ClosureTable(Table):
    date: Day
    name: Name


class PracticeFile(Table):
    """The whole file. Its arrays of tables are named in the singular, as their headers are."""

    practice: PracticeTable
    rules: RulesTable = Field(default_factory=RulesTable)
    asks: AsksTable = Field(default_factory=AsksTable)
    location: list[LocationTable] = Field(default_factory=list)
    practitioner: list[PractitionerTable] = Field(default_factory=list)
    service: list[ServiceTable] = Field(default_factory=list)
    closure: list[ClosureTable] = Field(default_factory=list)
