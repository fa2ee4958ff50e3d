"""Where a request came from and which host it asked for, when proxies stand in between."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from pencilin.config import Config, is_local
from pencilin.web.problems import respond

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
# Monitors ask a process by its address, whatever the public name is; these pages tell and change nothing.
FOR_MONITORS = ("/health", "/ready", "/metrics")


class TrustedProxies:
    """Believes ``X-Forwarded-For`` and ``X-Forwarded-Host``, but only from our own proxies.

    The client is the nearest address that isn't one of them: anything before it may be made up.
    """

    def __init__(self, app: ASGIApp, proxies: Iterable[str]) -> None:
        self.app = app
        self.networks = [ipaddress.ip_network(proxy) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["client"] and self._is_trusted(scope["client"][0]):
            headers = Headers(scope=scope)
            hops = [hop.strip() for hop in ",".join(headers.getlist("x-forwarded-for")).split(",") if hop.strip()]
            client = next((hop for hop in reversed(hops) if not self._is_trusted(hop)), None)
            if client:
                scope["client"] = (client, 0)
            if host := headers.get("x-forwarded-host", "").rpartition(",")[2].strip():
                MutableHeaders(scope=scope)["host"] = host
        await self.app(scope, receive, send)

    def _is_trusted(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self.networks)


class KnownHost:
    """Refuses requests for hosts that we aren't: nobody else's name may point a browser or a cache at us.

    The scheme is the public one, whatever the last hop to this process spoke.
    """

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self.app = app
        self.base_url = config.base_url
        parts = urlsplit(config.base_url)
        self.scheme = parts.scheme
        self.known = {config.host.lower()}
        if is_local(parts.hostname or ""):
            port = f":{parts.port}" if parts.port else ""
            self.known |= {name + port for name in LOCAL_NAMES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["scheme"] = self.scheme
        if scope["type"] == "http" and scope["path"] not in FOR_MONITORS:
            host = Headers(scope=scope).get("host", "").lower()
            if host not in self.known:
                detail = f"This server is {self.base_url}. Its operator can set another address as PENCILIN_BASE_URL."
                refusal = respond(Request(scope), 400, "unknown_host", detail, {}, {})
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)
