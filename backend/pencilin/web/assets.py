"""Built files as browsers get them: compressed beforehand, told apart by a hash of their content."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from starlette.responses import Response

from pencilin.errors import NotFound
from pencilin.web.compression import ENCODINGS, PLAIN, encoding_for
from pencilin.web.http import ASSETS, Call, is_known

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
FOR_EVER = "public, max-age=31536000, immutable"

_FOLDERS = ("dashboard", "widget")
_NAME = re.compile(r"[a-z0-9_-]{1,64}\.(js|css|svg)")


class Built(NamedTuple):
    """A file as it can be sent: its content by encoding, and a hash of it that is the same on every machine."""

    encoded: Mapping[str, bytes]
    digest: str


@cache
def asset(path: str) -> str:
    """The address of a built file, like ``dashboard/dashboard.css``; ``FileNotFoundError`` when it wasn't built."""
    content = (ASSETS / path).read_bytes()
    return f"/assets/{path}?v={hashlib.sha256(content).hexdigest()[:16]}"


def built_file(call: Call) -> Response:
    """``/assets/{folder}/{file}``: an address with a hash may be kept, another one must be asked again."""
    folder, name = call.path("folder"), call.path("file")
    if folder not in _FOLDERS or not _NAME.fullmatch(name):
        raise NotFound
    return sent(call, ASSETS / folder / name, FOR_EVER if "v" in call.request.query_params else "no-cache")


def sent(call: Call, path: Path, age: str) -> Response:
    """A built file in the best encoding that the browser takes, or 304 if it has that already.

    ``age`` is the Cache-Control. Raises :class:`NotFound` for a file that isn't there.
    """
    file = read(path)
    encoding = encoding_for(call, file.encoded)
    tag = f'"{file.digest}-{encoding}"'
    headers = {"Cache-Control": age, "ETag": tag, "Vary": "Accept-Encoding"}
    if is_known(call, tag):
        return Response(status_code=304, headers=headers)
    if encoding != PLAIN:
        headers["Content-Encoding"] = encoding
    return Response(file.encoded[encoding], media_type=TYPES[path.suffix], headers=headers)


def read(path: Path) -> Built:
    """A built file from memory, read anew when it has changed. Raises :class:`NotFound` if it isn't there."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise NotFound from None


@lru_cache(maxsize=128)
def _read(path: Path, changed: int) -> Built:
    """``changed`` (the file's time in ns) is there to tell a new file from the one that is kept."""
    encoded = {PLAIN: path.read_bytes()}
    for encoding, suffix in ENCODINGS.items():
        small = path.with_name(path.name + suffix)
        if small.is_file():
            encoded[encoding] = small.read_bytes()
    return Built(encoded, hashlib.sha256(encoded[PLAIN]).hexdigest()[:32])
