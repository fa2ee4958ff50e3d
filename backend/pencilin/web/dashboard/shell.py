"""The frame around every page of the dashboard: who is signed in, where they are, and what waits for them."""

from dataclasses import dataclass
from typing import Any, Literal

from starlette.responses import Response

from pencilin import review
from pencilin.models import Role
from pencilin.web.http import page
from pencilin.web.security import StaffCall

Section = Literal["calendar", "requests", "clients"]

ROLES = {Role.MANAGER: "Manager", Role.FRONT_DESK: "Front desk", Role.PRACTITIONER: "Practitioner"}


@dataclass(frozen=True, slots=True)
class Shell:
    """What ``base.html`` needs. ``waiting`` is the number of tentative appointments that the person may see."""

    practice: str
    name: str
    role: str
    csrf: str
    waiting: int
    section: Section


def show(call: StaffCall, template: str, section: Section, *, status: int = 200, **context: Any) -> Response:
    """A page of the dashboard, in its frame."""
    with call.server.database.read() as session:
        waiting = review.count_waiting(session, call.staff)
    shell = Shell(call.practice.name, call.staff.name, ROLES[call.staff.role], call.csrf, waiting, section)
    return page(call, f"dashboard/{template}", status=status, shell=shell, **context)
