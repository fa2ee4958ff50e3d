"""Closures: dates when the whole practice is shut, and the national holidays that are offered for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.database import lock_practitioners
from pencilin.errors import Invalid
from pencilin.models import Closure, Practitioner, Staff
from pencilin.practices import checks, forms
from pencilin.practices.hours import checked
from pencilin.practices.shapes import ClosureTable
from pencilin.practices.upcoming import seen_first

# Closed together: the longest holidays, and no slip of the year.
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Holidays:
    """What a country keeps in a year. ``parts`` are its subdivisions, by their code, that keep days of their own."""

    days: tuple[tuple[date, str], ...]
    parts: Mapping[str, str]


def listed(session: Session, practice_id: str) -> list[Closure]:
    """All closures, the earliest first."""
    rows = session.exec(select(Closure).where(Closure.practice_id == practice_id).order_by(col(Closure.date)))
    return list(rows)


def days_of(first: str, last: str, name: str) -> dict[str, str]:
    """Each date from ``first`` to ``last`` (``YYYY-MM-DD``) with this name; ``first`` alone where there is no last.

    Raises :class:`Invalid` with ``date``, ``name`` and ``until``.
    """
    if not last:
        return {first: name}
    since = checked(ClosureTable, {"date": first, "name": name}).date
    try:
        until = checks.day(last)
    except ValueError:
        raise Invalid({"until": "Enter a date, or leave this empty."}) from None
    count = (until - since).days + 1
    if count < 1:
        raise Invalid({"until": "This should not be before the first day."})
    if count > MOST_DAYS:
        raise Invalid({"until": f"Close at most {MOST_DAYS} days at once."})
    return {(since + timedelta(days=number)).isoformat(): name for number in range(count)}


def add(session: Session, staff: Staff, days: Mapping[str, str], seen: Collection[str], now: datetime) -> list[Closure]:
    """Shuts the practice on these dates (``YYYY-MM-DD``, with a name each); those that are closures already are left.

    Raises :class:`Invalid` with ``date`` and ``name``, and :class:`TouchesAppointments` unless ``seen`` names those.
    """
    tables = [checked(ClosureTable, {"date": day, "name": name}) for day, name in days.items()]
    ids = _lock(session, staff)
    stored = {one.date for one in listed(session, staff.practice_id)}
    if len(tables) == 1 and tables[0].date in stored:
        raise Invalid({"date": "The practice is closed on this date already."})
    rows = [
        Closure(practice_id=staff.practice_id, date=table.date, name=table.name)
        for table in tables
        if table.date not in stored
    ]
    with seen_first(session, staff.practice_id, ids, now, seen):
        session.add_all(rows)
    for row in rows:
        audit.record(session, now, staff.practice_id, staff, "closure.added", "closure", row.id)
    return rows


def remove(session: Session, staff: Staff, closure_id: str, now: datetime) -> Closure:
    """Opens the practice again on that date. Raises :class:`NotFound`."""
    _lock(session, staff)
    row = forms.find(session, Closure, staff, closure_id)
    session.delete(row)
    audit.record(session, now, staff.practice_id, staff, "closure.removed", "closure", row.id)
    return row


def remove_several(session: Session, staff: Staff, closure_ids: Collection[str], now: datetime) -> list[Closure]:
    """Opens the practice again on all of these dates; gives those that were still closures."""
    _lock(session, staff)
    ids = [one for one in closure_ids if one.isalnum()]  # PostgreSQL takes no NUL
    rows = session.exec(select(Closure).where(Closure.practice_id == staff.practice_id, col(Closure.id).in_(ids))).all()
    for row in rows:
        session.delete(row)
        audit.record(session, now, staff.practice_id, staff, "closure.removed", "closure", row.id)
    return list(rows)


def holidays_of(country: str, part: str, year: int) -> Holidays:
    """The public holidays of a country (ISO 3166), in English where the library has it; none for one it doesn't know.

    ``part`` is one of its subdivisions, or empty; one that it doesn't have counts as none.
    """
    # Only here: it takes a second and 20 MB, which a server that offers no holidays shouldn't.
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return Holidays((), {})
    found = holidays.country_holidays(country)
    parts = {code: code for code in found.subdivisions}
    parts |= {code: name for name, code in found.subdivisions_aliases.items() if code in parts}
    language = next((one for one in found.supported_languages if one.startswith("en")), None)
    chosen = holidays.country_holidays(country, subdiv=part if part in parts else None, years=year, language=language)
    days = sorted((day, name) for day, name in chosen.items() if day.year == year)
    return Holidays(tuple(days), dict(sorted(parts.items(), key=lambda pair: pair[1])))


def _lock(session: Session, staff: Staff) -> list[str]:
    """Nobody books meanwhile, with whomever. Gives everybody's ids."""
    ids = list(session.exec(select(Practitioner.id).where(Practitioner.practice_id == staff.practice_id)))
    lock_practitioners(session, staff.practice_id, ids)
    return ids
