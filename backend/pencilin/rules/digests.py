"""When news that was gathered is told: at the full hour, or at eight in the morning."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(8, 0)


def next_hour(now: datetime, zone: str) -> datetime:
    """The next instant, after ``now`` and at most an hour later, when a clock in ``zone`` shows a full hour (UTC)."""
    local = now.astimezone(ZoneInfo(zone))
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return now.astimezone(UTC) + timedelta(hours=1) - past


def next_morning(now: datetime, zone: str) -> datetime:
    """The next 8:00 in ``zone`` after ``now`` (UTC); where clocks leave it out, the same time after the gap."""
    there = ZoneInfo(zone)
    day = now.astimezone(there).date()
    while (morning := datetime.combine(day, MORNING, there).astimezone(UTC)) <= now:
        day += timedelta(days=1)
    return morning
