"""The dates of a repeated appointment: the same time by the clock on the wall, whatever the clocks do in between."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MOST_WEEKS = 12
MOST_TIMES = 26


def repeat(first: datetime, zone: ZoneInfo, every_weeks: int, times: int) -> list[tuple[datetime, datetime | None]]:
    """``times`` occurrences, each as wall time and as instant, from ``first`` on (wall time without a zone).

    There is no instant where the clocks are put forward over that time; of an hour that comes twice, the first counts.
    """
    locals_ = [first + timedelta(weeks=every_weeks * number) for number in range(times)]
    return [(local, _instant(local, zone)) for local in locals_]


def _instant(local: datetime, zone: ZoneInfo) -> datetime | None:
    instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == local else None
