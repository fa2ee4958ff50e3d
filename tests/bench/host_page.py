"""A practice's website: bare, or as heavy as many are; with the widget, without it, or with the least instead of it."""

import random
import struct
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What such a page loads, in bytes: about 900 kB, less than most websites on a phone.
STYLE, SCRIPT, PICTURES = 40_000, 150_000, (180_000, 130_000, 130_000, 130_000, 130_000)
WIDTH = 390

HEAVY = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Willow Nutrition</title><link rel="stylesheet" href="/style.css"><script src="/site.js" defer></script>
<header>Willow Nutrition</header><main><img class="hero" src="/0.png" alt="" width="390" height="420">
<h1>Book a visit</h1><p>Choose a time that suits you.</p>
@@WIDGET@@
<p>Parking is behind the building.</p>
<img src="/1.png" alt="" width="390" height="300"><img src="/2.png" alt="" width="390" height="300">
<img src="/3.png" alt="" width="390" height="300"><img src="/4.png" alt="" width="390" height="300">
</main></html>"""
BARE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Willow Nutrition</title><h1>Book a visit</h1><p>Choose a time that suits you.</p>
@@WIDGET@@
<p>Parking is behind the building.</p></html>"""
LOOKS = "body { margin: 0; font: 1rem/1.5 Georgia, serif } img { display: block; width: 100%; height: auto }\n"

# Asks for the same, one after the other as it must, and shows a button: the ceiling, since nothing can be faster.
LEAST = """(async () => {
  const ask = (path) => fetch("@@API@@" + path).then((answer) => answer.json());
  await ask("");
  await ask("/availability?service=follow-up&location=main-street&from=@@FROM@@&days=31");
  const button = document.createElement("button");
  document.querySelector("#least").append(button);
  button.dispatchEvent(new CustomEvent("pencilin:ready", { bubbles: true }));
})();
"""


def files(base: str, first_day: str, script_bytes: int) -> dict[str, tuple[str, bytes]]:
    """Content type and content by path. ``script_bytes`` is what the widget weighs when it is compressed."""
    widget = f'<script async src="{base}/widget.js" data-practice="willow" data-service="follow-up"></script>'
    least = LEAST.replace("@@API@@", f"{base}/api/v1/practices/willow").replace("@@FROM@@", first_day)
    least_of_all = '<div id="least"></div><script async src="/least.js"></script>'
    pages = {
        "/bare/with": BARE.replace("@@WIDGET@@", widget),
        # As a webmaster may who wants nothing below to move.
        "/bare/reserved": BARE.replace("@@WIDGET@@", f'<div style="min-height: 900px">{widget}</div>'),
        "/bare/least": BARE.replace("@@WIDGET@@", least_of_all),
        "/heavy/with": HEAVY.replace("@@WIDGET@@", widget),
        "/heavy/without": HEAVY.replace("@@WIDGET@@", ""),
    }
    made = {path: ("text/html; charset=utf-8", html.encode()) for path, html in pages.items()}
    dice = random.Random(3)
    made["/least.js"] = ("text/javascript", filled(dice, least, script_bytes))
    made["/style.css"] = ("text/css", filled(dice, LOOKS, STYLE))
    made["/site.js"] = ("text/javascript", filled(dice, "", SCRIPT))
    for number, size in enumerate(PICTURES):
        made[f"/{number}.png"] = ("image/png", picture(dice, size))
    return made


def filled(dice: random.Random, code: str, size: int) -> bytes:
    """The code, and a comment that makes it as long as it should be."""
    return f"{code}/* {dice.randbytes(size // 2).hex()}"[: size - 3].encode() + b" */"


def picture(dice: random.Random, size: int) -> bytes:
    """A PNG of noise, of about so many bytes."""
    height = max(1, size // (WIDTH * 3))
    rows = b"".join(b"\0" + dice.randbytes(WIDTH * 3) for _ in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", WIDTH, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


@contextmanager
def website(shown: Mapping[str, tuple[str, bytes]]) -> Iterator[str]:
    """Serves the files on ``localhost``, which is another site than ``127.0.0.1``; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, content = shown.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in shown else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
