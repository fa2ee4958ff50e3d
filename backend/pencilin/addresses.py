"""The addresses that Pencilin hands out: each a pure function of the row it leads to, so that it never changes.

``base_url`` is ``config.base_url``: links are never made from what a request says about its host.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pencilin.links import Links, Purpose
from pencilin.models import Appointment, PersonalLink, Practice, WebmasterLink

# Long enough to look up a visit that was booked a year ahead.
MANAGE_LASTS = timedelta(days=400)
# A client keeps it; revoking is what ends it.
PERSONAL_LASTS = timedelta(days=3650)
# Named by later ones only.
FIRST_VERSION = "1"


def booking_url(base_url: str, practice: Practice) -> str:
    """The practice's hosted booking page."""
    return f"{base_url}/book/{practice.slug}"


def personal_booking_url(base_url: str, links: Links, practice: Practice, link: PersonalLink) -> str:
    """The hosted booking page by a client's personal link; it names neither the client nor anything about them."""
    claims = {"practice": practice.id, "link": link.id}
    token = links.make(Purpose.PERSONAL, claims, link.created_at + PERSONAL_LASTS)
    return f"{booking_url(base_url, practice)}/personal/{token}"


def manage_url(base_url: str, links: Links, appointment: Appointment) -> str:
    """The client's own page of an appointment."""
    return f"{base_url}/manage/{_token(links, Purpose.MANAGE, appointment)}"


def calendar_url(base_url: str, links: Links, appointment: Appointment) -> str:
    """A calendar file of this one appointment; it can't be used to change anything."""
    return f"{base_url}/calendar-feed/{_token(links, Purpose.CALENDAR, appointment)}.ics"


def view_appointment_url(
    base_url: str, links: Links, appointment: Appointment, staff_id: str, expires: datetime
) -> str:
    """*View appointment*: finds this appointment for this staff member, who still has to sign in."""
    claims = {"practice": appointment.practice_id, "appointment": appointment.id, "staff": staff_id}
    return f"{base_url}/view-appointment/{links.make(Purpose.VIEW_APPOINTMENT, claims, expires)}"


def invitation_url(base_url: str, links: Links, practice_id: str, staff_id: str, expires: datetime) -> str:
    """Where a new staff member chooses a password."""
    token = links.make(Purpose.INVITATION, {"practice": practice_id, "staff": staff_id}, expires)
    return f"{base_url}/invitation/{token}"


def webmaster_url(base_url: str, links: Links, link: WebmasterLink) -> str:
    """The page for the practice's webmaster, as long as the link isn't revoked."""
    token = links.make(Purpose.WEBMASTER, {"practice": link.practice_id, "link": link.id}, link.expires_at)
    return f"{base_url}/webmaster/{token}"


def is_current(claims: Mapping[str, str], appointment: Appointment) -> bool:
    """Whether a link to a client's own page, or to its calendar file, hasn't been revoked by a later one."""
    return claims.get("version", FIRST_VERSION) == str(appointment.link_version)


def _token(links: Links, purpose: Purpose, appointment: Appointment) -> str:
    claims = {"practice": appointment.practice_id, "appointment": appointment.id}
    if str(appointment.link_version) != FIRST_VERSION:
        claims["version"] = str(appointment.link_version)
    return links.make(purpose, claims, appointment.created_at + MANAGE_LASTS)
