"""``/book/{practice}``: the widget on a page of its own, and inside it the same steps for where scripts don't run."""

import re
from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response

from pencilin.catalogue import find_practice
from pencilin.web.hosted.choice import choice_of, day_of, instant_of
from pencilin.web.hosted.personal import has_link, link_of, no_link
from pencilin.web.hosted.steps import Visitor, details_step, service_step, time_step
from pencilin.web.http import Call, see_other

# What a host page may hand over to the hosted page: slugs, a hold and instants, nothing that needs quoting.
_HANDED_OVER = {
    "service": re.compile(r"[a-z0-9-]{1,63}"),
    "practitioner": re.compile(r"[a-z0-9-]{1,63}"),
    "location": re.compile(r"[a-z0-9-]{1,63}"),
    "start": re.compile(r"[0-9T:.+Z-]{16,35}"),
    "hold": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "expires": re.compile(r"[0-9T:.+Z-]{16,35}"),
}
# What else these pages ask for.
_STEPS = {
    "day": re.compile(r"[0-9-]{10}"),
    "month": re.compile(r"[0-9-]{7}"),
    "step": re.compile(r"service"),
}


def hosted_page(call: Call) -> Response:
    """The step that the address leads to; goes on with a time that was held elsewhere. Changes nothing."""
    query = call.request.query_params
    again, now = query.get("step") == "service", call.server.database.clock()
    with call.server.database.read() as session:
        handed_over = {} if again else _fitting(query, _HANDED_OVER)
        widget = handed_over | _seconds_left(handed_over.get("expires", ""), now)
        if has_link(call) and link_of(call, session, find_practice(session, call.path("practice"))) is None:
            return no_link(call, find_practice(session, call.path("practice")))
        # The widget books by the API, which knows no personal links: these steps stay as they are.
        visitor = Visitor.looking(
            call, session, None if has_link(call) else widget, handed_over | _fitting(query, _STEPS)
        )
        choice = None if again else choice_of(visitor.catalogue, query)
        if choice is None:
            return service_step(visitor)
        start = instant_of(query.get("start", ""))
        if start is None:
            wanted = day_of(query.get("day") or query.get("month", ""))
            return time_step(session, visitor, choice, wanted)
        return details_step(session, visitor, choice, start, query.get("hold", ""))


def lead_back(call: Call) -> Response:
    """Where only forms lead, an address that is typed or opened once more leads to the first step."""
    return see_other(f"/book/{call.path('practice')}")


def _fitting(query: Mapping[str, str], patterns: Mapping[str, re.Pattern[str]]) -> dict[str, str]:
    return {name: query[name] for name, pattern in patterns.items() if pattern.fullmatch(query.get(name, ""))}


def _seconds_left(expires: str, now: datetime) -> dict[str, str]:
    """How long a hold still lasts by our clock: the visitor's may show anything."""
    try:
        left = (datetime.fromisoformat(expires) - now).total_seconds()
    except (ValueError, TypeError):  # no instant, or one without an offset
        return {}
    return {"left": str(max(0, int(left)))}
