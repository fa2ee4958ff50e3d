"""Whether somebody who is about to be filed is on file already, as far as the staff member may know."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pencilin.clients.candidates import candidates
from pencilin.clients.files import visible_to
from pencilin.clients.forms import ClientForm, read_form, today_of
from pencilin.models import Client, Practice, Staff
from pencilin.rules.matching import Typed, match


@dataclass(frozen=True, slots=True)
class Known:
    """A file that is very likely of the same person, with the evidence in words."""

    client: Client
    evidence: tuple[str, ...]


def very_likely_known(session: Session, staff: Staff, form: ClientForm, now: datetime) -> Known | None:
    """The file, of those that the staff member may see; raises :class:`Invalid` with the fields to correct."""
    practice = session.get_one(Practice, staff.practice_id)
    details = read_form(form, practice.country, today_of(practice, now))
    person = Typed(
        details.first_name, details.last_name, details.email, details.phone, details.birth_date, practice.country
    )
    (found,) = candidates(session, practice, [person])
    seen = set(
        session.exec(select(Client.id).where(visible_to(staff), col(Client.id).in_([one.id for one in found.files])))
    )
    suggestion = match(person, [one for one in found.files if one.id in seen], found.shared).suggestion
    if suggestion is None:
        return None
    return Known(
        session.get_one(Client, (practice.id, suggestion.file.id)),
        tuple(point.words for point in suggestion.points if point.agreement != "missing"),
    )
