"""What an address of the calendar asks for: a view, a date, and what to leave in. By slugs, never by anybody's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from pencilin.agenda import SHOWN, Wanted, own_practitioner
from pencilin.directory import Directory, Named, by_slug
from pencilin.errors import NotFound
from pencilin.models import Staff
from pencilin.rules.states import Status
from pencilin.web.dashboard.period import View, view_named

STATUSES = {
    Status.TENTATIVE: "Tentative",
    Status.APPROVED: "Approved",
    Status.COMPLETED: "Completed",
    Status.NO_SHOW: "No-show",
    Status.DECLINED: "Declined",
    Status.CANCELLED: "Cancelled",
    Status.EXPIRED: "Expired",
}


class Choice(NamedTuple):
    """A field of the filter: its name in the address, its label, what leaves everything in, what can be chosen."""

    name: str
    label: str
    all: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Asked:
    """``day`` None: whichever is best. ``odd``: what of the address makes no sense, in words."""

    view: View
    day: date | None
    practitioner: Named | None
    location: Named | None
    service: Named | None
    status: Status | None
    odd: tuple[str, ...]

    @property
    def wanted(self) -> Wanted:
        """The same for the agenda."""
        return Wanted(
            self.practitioner.id if self.practitioner else None,
            self.location.id if self.location else None,
            self.service.id if self.service else None,
            (self.status,) if self.status else SHOWN,
        )

    @property
    def filters(self) -> dict[str, str]:
        """What is filtered by, as it stands in the address."""
        named = {"practitioner": self.practitioner, "location": self.location, "service": self.service}
        chosen = {name: one.slug for name, one in named.items() if one}
        return chosen | ({"status": self.status.value} if self.status else {})

    @property
    def in_words(self) -> list[str]:
        """What is filtered by, for people."""
        found = [one.name for one in (self.practitioner, self.location, self.service) if one]
        return [*found, STATUSES[self.status]] if self.status else found

    def address(self, view: View, day: date, path: str = "/calendar", *, filtered: bool = True) -> str:
        """Another view or date, of the same filter."""
        return f"{path}?{urlencode({'view': view, 'date': day.isoformat()} | (self.filters if filtered else {}))}"

    def choices(self, directory: Directory, staff: Staff) -> list[Choice]:
        """The filter's fields: none where there is nothing to choose, nor what a practitioner may not look at."""
        fields = [
            ("practitioner", "Practitioner", "All practitioners", directory.practitioners, self.practitioner),
            ("location", "Location", "All locations", directory.locations, self.location),
            ("service", "Service", "All services", directory.services, self.service),
        ]
        if own_practitioner(staff) is not None:
            del fields[0]
        choices = []
        for name, label, all_of_them, known, chosen in fields:
            options = [(one.slug, one.name) for one in known.values() if one is chosen or not one.archived]
            if len(options) > 1:
                choices.append(Choice(name, label, all_of_them, options, chosen.slug if chosen else ""))
        statuses = [(status.value, words) for status, words in STATUSES.items()]
        return [*choices, Choice("status", "Status", "Not called off", statuses, self.status or "")]


def read_asked(params: Mapping[str, str], directory: Directory, staff: Staff) -> Asked:
    """What the address asks for; raises :class:`NotFound` for a practitioner, location or service whom nobody knows.

    Otherwise all appointments would be taken for theirs. A practitioner is asked for their own calendar only.
    """
    view, day = view_named(params.get("view", "")), read_date(params.get("date"))
    status = next((status for status in STATUSES if status == params.get("status")), None)
    odd = []
    if params.get("view", "") not in ("", view):
        odd.append("This calendar has no such view, so here is the week.")
    if params.get("date") and day is None:
        odd.append("There is no such date, so here is today.")
    if params.get("status") and status is None:
        odd.append("There is no such status, so here is all that takes place.")
    practitioner = directory.practitioners.get(own_practitioner(staff) or "")
    if own_practitioner(staff) is None:
        practitioner = _named(params, "practitioner", directory.practitioners)
    return Asked(
        view,
        day,
        practitioner,
        _named(params, "location", directory.locations),
        _named(params, "service", directory.services),
        status,
        tuple(odd),
    )


def read_date(text: str | None) -> date | None:
    """A date as addresses have it; None for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _named(params: Mapping[str, str], name: str, known: dict[str, Named]) -> Named | None:
    if not params.get(name):
        return None
    found = by_slug(known.values(), params[name])
    if found is None:
        raise NotFound(f"There is no such {name} here. Choose one in the calendar.")
    return found
