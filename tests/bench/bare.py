"""The ceiling beside which we measure: a Starlette that makes the same JSON of the same data, and nothing else."""

import json
import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

DATA = json.loads(Path(os.environ["BARE_ANSWER"]).read_text())


async def answer(request: Request) -> JSONResponse:
    return JSONResponse(DATA)


app = Starlette(routes=[Route("/", answer)])
