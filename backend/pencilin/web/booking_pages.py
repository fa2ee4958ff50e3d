"""The details frame: what a practice's website shows of this server."""

from collections.abc import Sequence

from starlette.responses import Response

from pencilin import i18n, wording
from pencilin.catalogue import find_practice
from pencilin.web.http import Call, page
from pencilin.web.languages import locale_for
from pencilin.web.seen import noted
from pencilin.website.sightings import Seen
from pencilin.website.sites import both

# A page that isolates itself from other origins (for shared memory, say) shows only frames that agree to it.
_ISOLATION = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "cross-origin"}


def details_frame(call: Call) -> Response:
    """``/embed/{practice}/details``: the form, for the frame in the widget; framed where the practice allows it."""
    with call.server.database.read() as session:
        practice = find_practice(session, call.path("practice"))
        locale = locale_for(call.request, practice.locale)
        language = i18n.spoken(locale).language
        answer = page(
            call,
            "widget/details.html",
            practice=practice,
            lang=i18n.language_tag(locale),
            direction=i18n.direction(locale),
            heading=wording.text(language, "details", "heading"),
            part=wording.text(language, "pages", "frame", "part"),
            link=wording.text(language, "pages", "frame", "link").format(practice=practice.name),
            frame_ancestors=frame_ancestors(practice.sites),
        )
    answer.headers.update(_ISOLATION)
    return noted(call, practice, Seen.FRAME, answer)


def frame_ancestors(sites: Sequence[str]) -> str:
    """Who may frame the form, in the words of a content policy: anybody while the practice lists no sites."""
    if not sites:
        return "*"
    return " ".join(dict.fromkeys(["'self'", *(way for site in sites for way in both(site))]))
