"""Whether this process lives, and whether it can do its work: for whoever restarts or routes to it."""

from starlette.requests import Request
from starlette.responses import Response

from pencilin.errors import Unavailable
from pencilin.web.http import Call, answer


async def health(_: Request) -> Response:
    """The process answers, also when all its threads are busy."""
    return answer({"status": "ok"})


def ready(call: Call) -> Response:
    """The database answers and has the schema that this program knows; 503 otherwise."""
    if not call.server.database.is_current():
        raise Unavailable("The database isn't migrated to this version. Run `pencilin migrate`.")
    return answer({"status": "ok"})
