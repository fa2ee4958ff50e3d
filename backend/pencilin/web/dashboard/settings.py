"""The frame of the settings' pages: which there are, and which one is shown. They are for managers."""

from typing import Any, NamedTuple

from starlette.responses import Response

from pencilin.web.dashboard.shell import show
from pencilin.web.security import StaffCall


class Tab(NamedTuple):
    """A page of the settings."""

    title: str
    address: str


WIDGET = Tab("Website widget", "/settings/widget")
TABS = (WIDGET,)


def show_settings(call: StaffCall, template: str, tab: Tab, *, status: int = 200, **context: Any) -> Response:
    """One of the settings' pages, with the way to the others."""
    return show(call, f"settings/{template}", "settings", status=status, tabs=TABS, tab=tab, **context)
