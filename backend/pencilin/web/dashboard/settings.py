"""The frame of the settings' pages: which there are, and which one is shown. They are for managers."""

from typing import Any, NamedTuple

from starlette.responses import Response

from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import answer, see_other
from pencilin.web.security import StaffCall


class Tab(NamedTuple):
    """A page of the settings."""

    title: str
    address: str


PRACTICE = Tab("Practice", "/settings/practice")
SERVICES = Tab("Services", "/settings/services")
PRACTITIONERS = Tab("Practitioners & hours", "/settings/practitioners")
LOCATIONS = Tab("Locations", "/settings/locations")
CLOSURES = Tab("Closures", "/settings/closures")
RULES = Tab("Booking rules", "/settings/rules")
WIDGET = Tab("Website widget", "/settings/widget")
EMAILS = Tab("Emails", "/settings/emails")
STAFF = Tab("Staff", "/settings/staff")
ACTIVITY = Tab("Activity", "/settings/activity")
TABS = (PRACTICE, SERVICES, PRACTITIONERS, LOCATIONS, CLOSURES, RULES, WIDGET, EMAILS, STAFF, ACTIVITY)


def first_page(call: StaffCall) -> Response:
    """``GET /settings``"""
    return see_other(TABS[0].address)


def show_settings(call: StaffCall, template: str, tab: Tab, *, status: int = 200, **context: Any) -> Response:
    """One of the settings' pages, with the way to the others."""
    return show(call, f"settings/{template}", "settings", status=status, tabs=TABS, tab=tab, **context)


def moved(call: StaffCall, address: str, words: str) -> Response:
    """After a row was put elsewhere: what its list's script says, or the page with the row."""
    if "json" in call.request.headers.get("accept", ""):
        return answer({"said": words})
    return say(call, see_other(address), words)
