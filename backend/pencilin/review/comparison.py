"""What was typed beside what is filed, field by field."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from pencilin import i18n
from pencilin.models import BookedBy, Client, Location, Practice, TentativeClient
from pencilin.rules.matching import normal_email, normal_name, normal_phone


@dataclass(frozen=True, slots=True)
class Compared:
    """One field. ``same``: no difference but in how it is written; ``can_update``: the file could take it over."""

    field: str
    label: str
    typed: str
    filed: str
    same: bool
    can_update: bool


def compare(
    typed: TentativeClient, booked_by: BookedBy | None, client: Client, practice: Practice, location: Location
) -> tuple[Compared, ...]:
    """All fields of a tentative client against the linked file.

    With ``booked_by``, email and phone are the booker's, and their labels say so.
    """
    whose = " (of the person who booked)" if booked_by else ""
    return (
        _row(
            "first_name",
            "First name",
            typed.first_name,
            client.first_name,
            _agree(normal_name(typed.first_name), normal_name(client.first_name)),
        ),
        _row(
            "last_name",
            "Last name",
            typed.last_name,
            client.last_name,
            _agree(normal_name(typed.last_name), normal_name(client.last_name)),
        ),
        _row(
            "email",
            f"Email{whose}",
            typed.email,
            client.email,
            _agree(normal_email(typed.email), normal_email(client.email)),
        ),
        _row(
            "phone",
            f"Phone{whose}",
            typed.phone,
            client.phone,
            _agree(normal_phone(typed.phone, location.country), normal_phone(client.phone, practice.country)),
        ),
        _row(
            "birth_date",
            "Date of birth",
            _day(typed.birth_date, practice),
            _day(client.birth_date, practice),
            typed.birth_date is not None and typed.birth_date == client.birth_date,
        ),
    )


def _row(field: str, label: str, typed: str | None, filed: str | None, same: bool) -> Compared:
    alike = same or typed == filed
    return Compared(field, label, typed or "", filed or "", alike, bool(typed) and not alike)


def _agree(typed: str | None, filed: str | None) -> bool:
    """Whether two normal forms are the same; nothing doesn't agree with nothing."""
    return bool(typed) and typed == filed


def _day(day: date | None, practice: Practice) -> str:
    return format_date(day, "long", i18n.spoken(practice.staff_locale)) if day else ""
