"""Notes which websites load the widget, after they have got it: nobody waits for it, and nothing fails with it."""

from contextlib import suppress
from datetime import datetime

from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.responses import Response

from pencilin.errors import Unavailable
from pencilin.models import Practice
from pencilin.web.http import Call
from pencilin.website import sightings
from pencilin.website.sightings import Seen

HEADERS = {Seen.SCRIPT: "origin", Seen.FRAME: "referer"}
# Seconds to wait for others who write. It isn't important: the next visitor brings the same news.
PATIENCE = 1.0


def noted(call: Call, practice: Practice, what: Seen, response: Response) -> Response:
    """The response, which writes down afterwards where it went if that is another website.

    What a browser says about its page is believed as far as the host; the page's path isn't looked at.
    """
    server, request = call.server, call.request
    site = sightings.other_site(request.headers.get(HEADERS[what], ""), server.config.base_url)
    if site and request.method == "GET":
        now = server.database.clock()
        with server.database.read() as session:
            settled = sightings.is_settled(session, practice, site, now)
        if server.throttle.lets(practice.id, site, what, now, settled=settled):
            response.background = BackgroundTask(_write, call, practice.id, site, what)
    return response


def _write(call: Call, practice_id: str, site: str, what: Seen) -> None:
    def work(session: Session, now: datetime) -> None:
        sightings.note(session, practice_id, site, what, now)

    with suppress(Unavailable):
        call.server.database.write(work, PATIENCE)
