"""What a practice's website may read and load: the widget's files and the API's reads and holds, never a booking."""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PUBLIC = ("/api/v1/", "/assets/widget/", "/widget.js", "/widget/")
# Compiled as the routes themselves, so that there is no address that one takes and the other doesn't.
BOOKINGS = [compile_path(f"/api/v1/practices/{{practice}}/bookings{more}")[0] for more in ("", "/correction")]
READABLE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
ALLOWED = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, DELETE",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Max-Age": "86400",
}


def is_readable(path: str) -> bool:
    """Whether any origin may read the answers of this address, errors included."""
    return path.startswith(PUBLIC) and not any(route.match(path) for route in BOOKINGS)


class PublicAnswers:
    """Lets any origin read what is public, and answers browsers that ask beforehand.

    Bookings, and corrections of their address, are sent by the details frame, which is of our own origin: no other page
    may send one with a browser's help. There is nothing to steal with the rest, since no call uses cookies.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_readable(scope["path"]):
            await self.app(scope, receive, send)
            return

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(READABLE)
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=ALLOWED)(scope, receive, send_readable)
            return
        await self.app(scope, receive, send_readable)
