"""What staff or a file enter about a client, and the checks that it passes before anything is written."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from pencilin.errors import Invalid
from pencilin.models import Client, Practice
from pencilin.rules import people, texts

T = TypeVar("T")

LONGEST_NOTES = 10_000
LONGEST_MESSAGE = 2_000


@dataclass(frozen=True, slots=True)
class ClientForm:
    """The fields of a client file as texts; empty means that nothing is known. ``birth_date`` is YYYY-MM-DD."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    birth_date: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """The same, checked and ready to be filed."""

    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birth_date: dt.date | None
    notes: str | None


def form_of(client: Client) -> ClientForm:
    """The form that shows a file as it is."""
    return ClientForm(
        client.first_name,
        client.last_name,
        client.email or "",
        client.phone or "",
        client.birth_date.isoformat() if client.birth_date else "",
        client.notes or "",
    )


def read_form(form: ClientForm, country: str, today: dt.date) -> Details:
    """Checks every field. ``country`` reads phone numbers that were typed without one.

    Raises :class:`Invalid` that names all the wrong fields at once.
    """
    wrong: dict[str, str] = {}

    def read(field: str, check: Callable[[str], T], text: str) -> T | None:
        if not text.strip():
            return None
        try:
            return check(text)
        except ValueError as error:
            wrong[field] = str(error)
            return None

    first_name = read("first_name", people.name, form.first_name)
    last_name = read("last_name", people.name, form.last_name)
    for field, text in (("first_name", form.first_name), ("last_name", form.last_name)):
        if not text.strip():
            wrong[field] = "Enter a name."
    details = Details(
        first_name or "",
        last_name or "",
        read("email", people.email, form.email),
        read("phone", lambda text: people.phone_to_file(text, country), form.phone),
        read("birth_date", lambda text: people.birth_date(text, today), form.birth_date),
        read("notes", lambda text: prose(text, LONGEST_NOTES), form.notes),
    )
    if wrong:
        raise Invalid(wrong)
    return details


def prose(text: str, longest: int) -> str:
    """A text of several lines, without outer blanks. ``ValueError`` for control characters or too long a text."""
    lines = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    if len(lines) > longest:
        raise ValueError(f"Enter at most {longest:,} characters.")
    if not texts.is_plain(lines):
        raise ValueError("Enter text without control characters.")
    return lines


def today_of(practice: Practice, now: dt.datetime) -> dt.date:
    """The date at the practice."""
    return now.astimezone(ZoneInfo(practice.timezone)).date()
