"""The hosted page behind a client's personal booking link: the same steps at addresses that carry the link.

It looks like the page that everybody sees, and says nothing of whose link it is. One that works no more says nothing
of why: revoked, mistyped and with a file put away look the same.
"""

from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin.clients import personal_links
from pencilin.errors import LinkExpired, LinkUnusable
from pencilin.links import Purpose
from pencilin.models import Practice
from pencilin.web.hosted.reader import reader_of
from pencilin.web.http import Call, page


def has_link(call: Call) -> bool:
    """Whether the address carries a link, good or not."""
    return "personal" in call.request.path_params


def here(call: Call, practice: Practice) -> str:
    """What the addresses of this visitor's steps begin with."""
    return f"/book/{practice.slug}/personal/{call.path('personal')}" if has_link(call) else f"/book/{practice.slug}"


def link_of(call: Call, session: Session, practice: Practice) -> str | None:
    """The id of the link in the address, as long as it works."""
    if not has_link(call):
        return None
    try:
        claims = call.server.links.read(Purpose.PERSONAL, call.path("personal"), call.server.database.clock())
    except (LinkUnusable, LinkExpired):
        return None
    link_id = claims.get("link", "")
    good = claims.get("practice") == practice.id and personal_links.works(session, practice, link_id)
    return link_id if good else None


def no_link(call: Call, practice: Practice) -> Response:
    """What a link that doesn't work leads to, with the way to book that everybody has."""
    reader = reader_of(call, practice)
    words = reader.words("pages")
    heading, message = words["problem"]["booking_link"]
    return page(
        call,
        "widget/problem.html",
        status=HTTPStatus.NOT_FOUND,
        lang=reader.locale,
        direction=reader.direction,
        heading=heading,
        message=message,
        fields={},
        onward={"address": f"/book/{practice.slug}", "words": words["frame"]["link"].format(practice=practice.name)},
    )
