"""The other site: a guide, the practice's own website with the pasted snippet, and the mailbox."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pencilin.demo.mailbox import Mail, Mailbox

TEMPLATES = Path(__file__).parent / "templates"
# Mails are shown as mail programs show them: no scripts, nothing loaded, links leave by the reader's own press.
MAIL_POLICY = (
    "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
FRESH = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Demo:
    """What the pages tell: where Pencilin is, and who may sign in with which password."""

    pencilin: str
    mailbox: Mailbox
    emails: tuple[str, ...]
    password: str


class Pages:
    """The handlers of the other site."""

    def __init__(self, demo: Demo) -> None:
        self.mailbox = demo.mailbox
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self.templates.globals["demo"] = demo

    def guide(self, request: Request) -> Response:
        """What there is to see, and for whom."""
        return self._page("guide.html")

    def website(self, request: Request) -> Response:
        """The practice's own page, with what its webmaster pasted."""
        return self._page("willow.html")

    def list_mails(self, request: Request) -> Response:
        """All mails."""
        return self._page("mailbox.html", mails=list(self.mailbox.mails()))

    def count_mails(self, request: Request) -> Response:
        """How many mails there are, for a page that shows an older number."""
        return PlainTextResponse(str(self.mailbox.count()), headers=FRESH)

    def mail(self, request: Request) -> Response:
        """One mail, with its text, files and a frame for its HTML."""
        return self._page("mail.html", mail=self._mail(request))

    def html(self, request: Request) -> Response:
        """A mail's HTML. Its links lead out of the frame: what they open refuses to be framed."""
        html = (self._mail(request).html or "").replace("<head>", '<head><base target="_top">', 1)
        return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})

    def source(self, request: Request) -> Response:
        """A mail as it came."""
        return PlainTextResponse(self._mail(request).message.as_string())

    def attachment(self, request: Request) -> Response:
        """A file of a mail, to be saved."""
        files = self._mail(request).attachments
        number = request.path_params["number"]
        if number >= len(files):
            raise HTTPException(404)
        content = files[number].get_payload(decode=True)
        name = (files[number].get_filename() or "file").replace('"', "")
        return Response(
            content if isinstance(content, bytes) else b"",
            media_type=files[number].get_content_type(),
            headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
        )

    def _page(self, name: str, **context: object) -> Response:
        return HTMLResponse(self.templates.get_template(name).render(**context), headers=FRESH)

    def _mail(self, request: Request) -> Mail:
        mail = self.mailbox.find(request.path_params["mail"])
        if mail is None:
            raise HTTPException(404)
        return mail


def create_site(demo: Demo) -> Starlette:
    """The application that answers under the other name."""
    pages = Pages(demo)
    return Starlette(
        routes=[
            Route("/", _threaded(pages.guide)),
            Route("/willow", _to_website),
            Route("/willow/", _threaded(pages.website)),
            Route("/mailbox", _threaded(pages.list_mails)),
            Route("/mailbox/count", _threaded(pages.count_mails)),
            Route("/mailbox/{mail}", _threaded(pages.mail)),
            Route("/mailbox/{mail}/html", _threaded(pages.html)),
            Route("/mailbox/{mail}/source", _threaded(pages.source)),
            Route("/mailbox/{mail}/attachments/{number:int}", _threaded(pages.attachment)),
            Route("/{sheet}.css", _sheet),
        ]
    )


def _threaded(handler: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    async def run(request: Request) -> Response:
        return await run_in_threadpool(handler, request)

    return run


async def _to_website(request: Request) -> Response:
    return RedirectResponse("/willow/", 308)


async def _sheet(request: Request) -> Response:
    path = TEMPLATES / f"{request.path_params['sheet']}.css"
    if path.parent != TEMPLATES or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers={"Cache-Control": "no-cache"})
