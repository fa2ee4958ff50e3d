"""What a manager changes on Settings → Website widget: the sites that may show the form, and pages for webmasters."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from sqlmodel import Session
from starlette.responses import Response

from pencilin.catalogue import read_catalogue
from pencilin.errors import Conflict, Invalid
from pencilin.web.dashboard.widget import ADDRESS, DONE, show_page
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall
from pencilin.website import handover, sites, snippet

# What is posted. A page that refuses stands there, and may be loaded again.
POSTED = ("sites", "sites/addition", "links")


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the page."""
    return see_other(ADDRESS)


def save_sites(call: StaffCall) -> Response:
    """``POST …/sites``: only these sites, one in a line; none means any."""
    typed = call.field("sites") if call.field("only") == "these" else ""
    if call.field("only") == "these" and not typed:
        return _refused(call, "List at least one website, or choose “Any website”.")
    try:
        listed = sites.parse(typed)
    except Invalid as error:
        return _refused(call, error.fields["sites"])
    return _done(
        call, lambda session, now: sites.restrict(session, call.staff, listed, now), "sites" if listed else "any"
    )


def add_site(call: StaffCall) -> Response:
    """``POST …/sites/addition``: one more, which was seen and refused."""
    try:
        return _done(call, lambda session, now: sites.allow(session, call.staff, call.field("site"), now), "added")
    except Invalid as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return show_page(call, _options(call), status=status, problem=error.fields["sites"])


def create_link(call: StaffCall) -> Response:
    """``POST …/links``: a page for the webmaster, with the snippet as it is."""

    def work(session: Session, now: datetime) -> None:
        options, _ = snippet.read(_options(call), read_catalogue(session, call.practice))
        handover.create(session, call.staff, options, now)

    try:
        return _done(call, work, "link")
    except Conflict as error:
        return show_page(call, _options(call), status=HTTPStatus.CONFLICT, link_problem=str(error))


def revoke_link(call: StaffCall) -> Response:
    """``POST …/links/{link}/revocation``"""
    return _done(call, lambda session, now: handover.revoke(session, call.staff, call.path("link"), now), "revoked")


def _options(call: StaffCall) -> dict[str, str]:
    """The snippet's options as they stand on the page that was posted."""
    return dict(parse_qsl(call.field("options")))


def _done(call: StaffCall, work: Callable[[Session, datetime], None], word: str) -> Response:
    call.server.database.write(work)
    query = urlencode(_options(call) | {"done": word})
    return see_other(f"{ADDRESS}?{query}#{DONE[word][0]}")


def _refused(call: StaffCall, problem: str) -> Response:
    """The page with the list as it was typed."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return show_page(call, _options(call), status=status, sites=call.field("sites"), problem=problem)
