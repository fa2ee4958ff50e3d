"""The frame around every page of the dashboard: who is signed in, where they are, and what waits for them."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session
from starlette.responses import Response

from pencilin import addresses, review
from pencilin.mail import backlog
from pencilin.models import Role
from pencilin.practices import first_run
from pencilin.web.dashboard.said import Said, heard, was_said
from pencilin.web.http import page
from pencilin.web.security import StaffCall

Section = Literal["calendar", "requests", "clients", "insights", "settings", "account", "search"]

ROLES = {Role.MANAGER: "Manager", Role.FRONT_DESK: "Front desk", Role.PRACTITIONER: "Practitioner"}


@dataclass(frozen=True, slots=True)
class Shell:
    """What ``base.html`` needs.

    ``revision`` is the practice's before the page was read, ``waiting`` the number of requests that the person may
    see, ``mail_trouble`` why mail stays here, ``failed`` the mails that were given up; ``may_switch``: the person works
    in other practices, too; ``may_manage``: the settings are theirs; ``said``: what was just done.
    ``first_steps``: what a new practice has done and has to do, each with where that is.
    """

    practice: str
    name: str
    role: str
    csrf: str
    revision: str
    waiting: int
    section: Section
    mail_trouble: str
    failed: backlog.Failed | None
    may_switch: bool
    may_manage: bool
    said: Said | None
    first_steps: tuple[tuple[bool, str, str], ...]


def show(call: StaffCall, template: str, section: Section, *, status: int = 200, **context: Any) -> Response:
    """A page of the dashboard, in its frame."""
    database = call.server.database
    with database.read() as session:
        waiting = review.count_waiting(session, call.staff)
        mail = backlog.trouble(session, call.staff, database.clock())
        steps = _first_steps(session, call) if template == "calendar.html" else ()
    shell = Shell(
        practice=call.practice.name,
        name=call.staff.name,
        role=ROLES[call.staff.role],
        csrf=call.csrf,
        revision=call.revision,
        waiting=waiting,
        section=section,
        mail_trouble=_trouble(call, mail.held_up),
        failed=mail.failed,
        may_switch=call.works_elsewhere,
        may_manage=call.staff.role is Role.MANAGER,
        said=heard(call),
        first_steps=steps,
    )
    return was_said(call, page(call, f"dashboard/{template}", status=status, shell=shell, **context))


def _first_steps(session: Session, call: StaffCall) -> tuple[tuple[bool, str, str], ...]:
    """For a manager, until a website has shown the widget; nothing once that is done, or they were hidden."""
    practice = call.practice
    if call.staff.role is not Role.MANAGER or practice.set_up_at is not None:
        return ()
    done = first_run.progress(session, practice.id)
    if done.seen:
        return ()
    test = addresses.booking_url(call.server.config.base_url, practice)
    return (
        (done.service, "Add a service", "/set-up/service"),
        (done.hours, "Set working hours", "/set-up/hours"),
        (done.booking, "Make a test booking", test),
        (done.seen, "Put the widget on your website", "/set-up/website"),
    )


def _trouble(call: StaffCall, held_up: int) -> str:
    if not held_up:
        return ""
    mails = "1 mail waits" if held_up == 1 else f"{held_up} mails wait"
    if call.server.config.smtp is None:
        leaves = "it leaves" if held_up == 1 else "they leave"
        return f"No mail server is set up, so {mails} here. Set PENCILIN_SMTP_URL, and {leaves}."
    return f"Mail is not going out: {mails}, and will leave as soon as the mail server takes them."
