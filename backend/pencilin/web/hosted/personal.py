"""The hosted page behind a client's personal booking link: the same steps at addresses that carry the link.

It looks like the page that everybody sees, and says nothing of whose link it is, or whether it works.
"""

from sqlmodel import Session

from pencilin.clients import personal_links
from pencilin.errors import LinkExpired, LinkUnusable
from pencilin.links import Purpose
from pencilin.models import Practice
from pencilin.web.http import Call


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
