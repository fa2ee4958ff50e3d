"""The headers that every answer has, unless its handler knows better."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pencilin.config import Config

# Nothing here needs any of these.
FEATURES = ("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
            "microphone", "midi", "payment", "usb")  # fmt: skip
TWO_YEARS = 63_072_000


def default_headers(config: Config) -> dict[str, str]:
    """By name, in lower case. What isn't a page may load nothing and be framed by nobody."""
    headers = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in FEATURES),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    }
    if config.secure:
        headers["strict-transport-security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    return headers


class SecurityHeaders:
    """Adds the default headers to answers that lack them."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self.app = app
        self.defaults = default_headers(config)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.defaults.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
