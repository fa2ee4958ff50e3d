"""What happens without anybody asking: due mail leaves, requests expire, staff are reminded, old rows go.

It runs inside ``serve``, in every process: each step is won in the database, so more of them do no harm. Waiting for
the mail server is asynchronous; everything else runs in the thread pool. Nothing that goes wrong stops it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from pencilin import booking, reservations, review
from pencilin.clients import lists
from pencilin.config import SmtpServer
from pencilin.mail import outbox
from pencilin.mail.headers import Unsendable, as_bytes
from pencilin.mail.letters import compose
from pencilin.mail.outbox import Leased
from pencilin.mail.overtaken import still_news
from pencilin.mail.smtp import Refused, ServerAway, send
from pencilin.models import Outbox
from pencilin.web.http import Server

logger = logging.getLogger("pencilin.worker")

# Each sends one mail at a time; one that waits for a slow answer leaves the others to go on.
SENDERS = 3
# Seconds between looks into the outbox, between rounds of chores, and to finish in when the program ends.
LOOK = 1.0
REST = 60.0
GRACE = 5.0

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 60.0

# What is done once a minute; a bounded one returns how many rows it has dealt with, and goes on until there are none.
CHORES: tuple[Callable[[Session, datetime], int | None], ...] = (
    review.lapse_due,
    review.expire_due,
    review.remind_due,
    reservations.sweep,
    booking.forget_keys,
    lists.resume,
    lists.forget_old,
)


class Line:
    """Whether the mail server answers. While it doesn't, all senders of a process wait, at most a minute at a time."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0

    def pause(self) -> float:
        """Seconds to wait before the next try."""
        return max(0.0, self._until - asyncio.get_running_loop().time())

    def failed(self) -> timedelta:
        """Notes that the server is away; returns for how long to leave it alone."""
        pause = min(FIRST_PAUSE * (1 << min(self._failures, 8)), LONGEST_PAUSE)
        self._failures += 1
        self._until = asyncio.get_running_loop().time() + pause
        return timedelta(seconds=pause)

    def answered(self) -> None:
        """Notes that the server is there."""
        self._failures = 0
        self._until = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """One mail, ready to go."""

    leased: Leased
    sender: str
    recipient: str
    raw: bytes


async def run(server: Server, stop: asyncio.Event) -> None:
    """Sends and tidies until ``stop`` is set; mails in the middle of being sent get 5 seconds to finish."""
    line = Line()
    tasks = [asyncio.create_task(_chores(server, stop))]
    if server.config.smtp is None:
        logger.warning("PENCILIN_SMTP_URL is not set: mail waits in the outbox.")
    else:
        tasks += [asyncio.create_task(_send_until(server, server.config.smtp, line, stop)) for _ in range(SENDERS)]
    try:
        await stop.wait()
        await asyncio.wait(tasks, timeout=GRACE)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def run_due_once(server: Server, line: Line | None = None) -> bool:
    """Sends the most urgent mail that is due. Returns whether there was one; without SMTP there never is."""
    if server.config.smtp is None:
        return False
    return await _send_one(server, server.config.smtp, line or Line())


async def _send_until(server: Server, smtp: SmtpServer, line: Line, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            busy = await _send_one(server, smtp, line)
        except Exception:
            logger.exception("A look into the outbox failed; the next one follows.")
            busy = False
        await _sleep(stop, max(line.pause(), 0.0 if busy else LOOK))


async def _send_one(server: Server, smtp: SmtpServer, line: Line) -> bool:
    leased = await run_in_threadpool(_lease, server)
    if leased is None:
        return False
    try:
        job = await run_in_threadpool(_prepare, server, leased)
        if job is None:
            return True
        await send(smtp, job.sender, job.recipient, job.raw)
    except ServerAway as error:
        wait = line.failed()
        logger.warning("Mail %s waits: %s", leased.id, error)
        await run_in_threadpool(_failed, server, leased, str(error), wait=wait)
    except (Refused, Unsendable) as error:
        for_good = isinstance(error, Unsendable) or error.for_good
        logger.warning("Mail %s didn't leave: %s", leased.id, error)
        await run_in_threadpool(_failed, server, leased, str(error), for_good=for_good)
    except Exception as error:
        logger.exception("Mail %s couldn't be made.", leased.id)
        await run_in_threadpool(_failed, server, leased, f"It couldn't be made ({type(error).__name__}).")
    else:
        line.answered()
        await run_in_threadpool(server.database.write, lambda session, now: outbox.mark_sent(session, leased, now))
    return True


def _lease(server: Server) -> Leased | None:
    # A look first: taking the right to write each second would be in everybody's way.
    with server.database.read() as session:
        if not outbox.is_due(session, server.database.clock()):
            return None
    return server.database.write(outbox.lease)


def _prepare(server: Server, leased: Leased) -> Job | None:
    """The mail, or nothing when nobody needs it any more."""
    config, now = server.config, server.database.clock()
    with server.database.read() as session:
        row = session.get_one(Outbox, (leased.practice_id, leased.id))
        news = still_news(session, row, now)
        pointless = [one.id for one in outbox.together(session, row) if one not in news]
        job = None
        if news:
            message = compose(session, row, news, config, server.links, now)
            job = Job(leased, config.mail_from or "", row.recipient, as_bytes(message, row.recipient))
    if pointless:  # what a mail leaves out is not among what is marked as sent with it
        server.database.write(lambda session, now: outbox.mark_pointless(session, leased, pointless, now))
    return job


def _failed(
    server: Server, leased: Leased, error: str, *, for_good: bool = False, wait: timedelta | None = None
) -> None:
    server.database.write(
        lambda session, now: outbox.mark_failed(session, leased, error, now, for_good=for_good, wait=wait)
    )


async def _chores(server: Server, stop: asyncio.Event) -> None:
    while not stop.is_set():
        for chore in CHORES:
            try:
                while await run_in_threadpool(server.database.write, chore) and not stop.is_set():
                    pass
            except Exception:
                logger.exception("A chore failed; it is tried again in a minute.")
        await _sleep(stop, REST)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
