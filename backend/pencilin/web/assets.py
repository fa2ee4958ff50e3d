"""Built files and their addresses: each carries a hash of its content, so that browsers may keep it for good."""

import hashlib
from functools import cache

from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from pencilin.web.http import ASSETS


@cache
def asset(path: str) -> str:
    """The address of a built file, like ``dashboard/dashboard.css``; ``FileNotFoundError`` when it wasn't built."""
    content = (ASSETS / path).read_bytes()
    return f"/assets/{path}?v={hashlib.sha256(content).hexdigest()[:16]}"


class BuiltFiles:
    """Serves one folder of built files; an address with a hash may be kept, another one must be asked again."""

    def __init__(self, folder: str) -> None:
        self._files = StaticFiles(directory=ASSETS / folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lasting = scope["query_string"].startswith(b"v=")

        async def send_with_age(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                age = b"public, max-age=31536000, immutable" if lasting else b"no-cache"
                message["headers"] = [*message["headers"], (b"cache-control", age)]
            await send(message)

        await self._files(scope, receive, send_with_age)
