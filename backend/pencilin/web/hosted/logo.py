"""A practice's logo, for the pages that its clients see. The address says which picture, so browsers may keep it."""

from starlette.responses import Response

from pencilin.catalogue import find_practice
from pencilin.errors import NotFound
from pencilin.models import Practice
from pencilin.practices import logos
from pencilin.web.http import Call, cacheable

KEPT = "public, max-age=86400"


def logo_address(practice: Practice) -> str | None:
    """Where the picture is, if the practice shows one."""
    return f"/book/{practice.slug}/logo?{practice.logo_version}" if practice.logo_version else None


def logo(call: Call) -> Response:
    """``GET /book/{practice}/logo``"""
    with call.server.database.read() as session:
        found = logos.shown(session, find_practice(session, call.path("practice")))
    if found is None:
        raise NotFound
    return cacheable(call, Response(found.content, media_type=found.media_type, headers={"Cache-Control": KEPT}))
