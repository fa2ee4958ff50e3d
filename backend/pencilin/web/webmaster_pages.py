"""The page that a practice sends to its webmaster: the lines to paste, guides, and whether it works. No sign-in."""

from datetime import datetime

from babel.dates import format_date
from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n
from pencilin.catalogue import read_catalogue
from pencilin.errors import LinkExpired, LinkUnusable
from pencilin.links import Purpose
from pencilin.models import Practice, WebmasterLink
from pencilin.web import website_words
from pencilin.web.dashboard.moments import day_in
from pencilin.web.http import Call, page
from pencilin.website import handover, snippet

EXPIRED = "This link has expired. Please ask the practice for a new one: Settings, Website widget."
ALTERED = "Please check that the address is complete, or ask the practice for a new one."


def webmaster_page(call: Call) -> Response:
    """``GET /webmaster/{token}``"""
    database = call.server.database
    now = database.clock()
    with database.read() as session:
        practice, link = _opened(call, session, now)
        options, _ = snippet.read(link.options, read_catalogue(session, practice))
        shown = website_words.where_seen(session, practice, now)
    until = format_date(day_in(link.expires_at, practice.timezone), "long", i18n.spoken(practice.staff_locale))
    return page(
        call,
        "dashboard/webmaster.html",
        practice=practice,
        token=call.path("token"),
        lines=website_words.lines(call, practice, options),
        shown=shown,
        until=until,
        csrf="",
        query="",
    )


def webmaster_seen(call: Call) -> Response:
    """``GET /webmaster/{token}/seen``: the list of websites alone, for the page's script."""
    database = call.server.database
    now = database.clock()
    with database.read() as session:
        practice, _ = _opened(call, session, now)
        shown = website_words.where_seen(session, practice, now)
    return page(call, "dashboard/settings/seen.html", shown=shown, csrf="", query="")


def _opened(call: Call, session: Session, now: datetime) -> tuple[Practice, WebmasterLink]:
    try:
        claims = call.server.links.read(Purpose.WEBMASTER, call.path("token"), now)
    except LinkExpired:
        raise LinkUnusable(EXPIRED) from None
    except LinkUnusable:
        raise LinkUnusable(ALTERED) from None
    return handover.find(session, claims.get("practice", ""), claims.get("link", ""))
