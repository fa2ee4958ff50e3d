"""What a practice's visitors look at on this server: the hosted page, and the details frame."""

import re
from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response

from pencilin.catalogue import find_practice
from pencilin.i18n import language_tag
from pencilin.web.http import Call, page
from pencilin.web.seen import noted
from pencilin.website.sightings import Seen
from pencilin.website.sites import both

# What a host page may hand over to the hosted page: slugs, a hold and instants, nothing that needs quoting.
_HANDED_OVER = {
    "service": re.compile(r"[a-z0-9-]{1,63}"),
    "practitioner": re.compile(r"[a-z0-9-]{1,63}"),
    "location": re.compile(r"[a-z0-9-]{1,63}"),
    "start": re.compile(r"[0-9T:.+Z-]{16,35}"),
    "hold": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "expires": re.compile(r"[0-9T:.+Z-]{16,35}"),
}

# A page that isolates itself from other origins (for shared memory, say) shows only frames that agree to it.
_ISOLATION = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "cross-origin"}


def hosted_page(call: Call) -> Response:
    """``/book/{practice}``: the widget on a page of its own; goes on with a time that was held elsewhere."""
    with call.server.database.read() as session:
        practice = find_practice(session, call.path("practice"))
        return page(
            call,
            "widget/book.html",
            practice=practice,
            lang=language_tag(practice.locale),
            handed_over=_handed_over(call),
        )


def details_frame(call: Call) -> Response:
    """``/embed/{practice}/details``: the form, for the frame in the widget; framed where the practice allows it."""
    with call.server.database.read() as session:
        practice = find_practice(session, call.path("practice"))
        answer = page(
            call,
            "widget/details.html",
            practice=practice,
            lang=language_tag(practice.locale),
            frame_ancestors=frame_ancestors(practice.sites),
        )
    answer.headers.update(_ISOLATION)
    return noted(call, practice.id, Seen.FRAME, answer)


def frame_ancestors(sites: Sequence[str]) -> str:
    """Who may frame the form, in the words of a content policy: anybody while the practice lists no sites."""
    if not sites:
        return "*"
    return " ".join(dict.fromkeys(["'self'", *(way for site in sites for way in both(site))]))


def _handed_over(call: Call) -> dict[str, str]:
    query = call.request.query_params
    given = {
        name: query[name] for name, pattern in _HANDED_OVER.items() if name in query and pattern.fullmatch(query[name])
    }
    return given | _seconds_left(given.get("expires", ""), call.server.database.clock())


def _seconds_left(expires: str, now: datetime) -> dict[str, str]:
    """How long a hold still lasts by our clock: the visitor's may show anything."""
    try:
        left = (datetime.fromisoformat(expires) - now).total_seconds()
    except (ValueError, TypeError):  # no instant, or one without an offset
        return {}
    return {"left": str(max(0, int(left)))}
