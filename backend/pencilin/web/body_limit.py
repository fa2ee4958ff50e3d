"""How much may be sent: refused before anything is parsed, whatever the request says about its length."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pencilin.errors import FileTooLarge
from pencilin.web.problems import refused, told

LARGEST_BODY = 64 * 1024


class BodyLimit:
    """Refuses bodies over 64 KiB with 413; ``larger`` names the addresses that take files, and how much of them."""

    def __init__(
        self, app: ASGIApp, largest: int = LARGEST_BODY, larger: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self.app = app
        self.largest = largest
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        largest = self.larger.get(scope["path"], self.largest)
        is_file = scope["path"] in self.larger
        too_large, answer = (FileTooLarge(), told) if is_file else (HTTPException(413), refused)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > largest:
            await answer(Request(scope), too_large)(scope, receive, send)
            return
        received = 0

        async def receive_no_more() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > largest:
                raise too_large
            return message

        await self.app(scope, receive_no_more, send)
