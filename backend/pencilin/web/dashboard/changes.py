"""What every open page of the dashboard asks every few seconds: whether to look again, and how much waits."""

from starlette.responses import Response

from pencilin import review
from pencilin.web.http import answer, cacheable
from pencilin.web.security import StaffCall


def changes(call: StaffCall) -> Response:
    """``GET /changes``: the ``revision`` of the practice, and the number of requests that the person may see."""
    with call.server.database.read() as session:
        waiting = review.count_waiting(session, call.staff)
    return cacheable(call, answer({"revision": call.revision, "waiting": waiting}))
