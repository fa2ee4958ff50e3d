"""Smaller answers for browsers that can read them: which encoding they want, and JSON packed on the fly."""

import gzip
from collections.abc import Collection

from starlette.responses import Response

from pencilin.web.http import Call

# By how it is called in HTTP and how files of it end; the best first.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
PLAIN = "identity"
# A month of free times shrinks to a 25th at the fastest level already, within half a millisecond.
FASTEST = 1
# Bytes: less than a packet gains nothing.
WORTH_IT = 1_000


def encoding_for(call: Call, available: Collection[str]) -> str:
    """The best of the available encodings for whoever asks; plain, if none is welcome."""
    return best_encoding(",".join(call.request.headers.getlist("accept-encoding")), available)


def best_encoding(accepted: str, available: Collection[str]) -> str:
    """Which of the available encodings an Accept-Encoding asks for: by its weights, among equals the smaller one.

    Plain is what everybody takes, so it is never refused, and taken only where nothing else is as welcome.
    """
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        quality = parameters.replace(" ", "").partition("q=")[2]
        try:
            weights[name.strip()] = float(quality) if quality else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    others = weights.get("*", 0.0)
    best, most = PLAIN, weights.get(PLAIN, 0.0)
    for encoding in reversed(ENCODINGS):
        weight = weights.get(encoding, others)
        if encoding in available and weight and weight >= most:
            best, most = encoding, weight
    return best


def packed(call: Call, response: Response) -> Response:
    """The same answer by gzip, where it is wanted and worth it. Only for what holds no secrets: sizes tell."""
    response.headers["Vary"] = "Accept-Encoding"
    if len(response.body) < WORTH_IT or encoding_for(call, ["gzip"]) != "gzip":
        return response
    body = gzip.compress(bytes(response.body), FASTEST, mtime=0)
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(body, response.status_code, headers={**headers, "Content-Encoding": "gzip"})
