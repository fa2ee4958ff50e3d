"""What tests of practice files share: two files, and ways to load, export and change them."""

import pytest
from sqlmodel import func, select

from pencilin import practices
from pencilin.catalogue import find_practice
from pencilin.database import Database
from pencilin.errors import Invalid
from pencilin.models import AuditEntry, Practice
from pencilin.practices import Loaded

SMALL = """\
[practice]
slug = "birch"
name = "Birch Therapy"
timezone = "America/New_York"

[[location]]
slug = "house"
name = "Birch House"

[[location]]
slug = "annex"
name = "Annex"
kind = "place"

[[location]]
slug = "video"
name = "Video"
kind = "video"

[[practitioner]]
slug = "ida"
name = "Ida Berg"

[[practitioner.hours]]
days = ["mon", "tue"]
from = "09:00"
to = "12:00"
locations = ["house", "video"]

[[service]]
slug = "talk"
name = "Talk"
minutes = 50
"""


def load(database: Database, text: str) -> Loaded:
    return database.write(lambda session, now: practices.load(session, text, now))


def export(database: Database, slug: str = "birch") -> str:
    with database.read() as session:
        return practices.export(session, find_practice(session, slug))


def refused(database: Database, text: str) -> dict[str, str]:
    """What is wrong with a file, by line and key; nothing of it may have been written."""
    before = everything(database)
    with pytest.raises(Invalid) as caught:
        load(database, text)
    assert everything(database) == before
    return caught.value.fields


def everything(database: Database) -> tuple[object, ...]:
    with database.read() as session:
        slugs = session.exec(select(Practice.slug).order_by(Practice.slug)).all()
        texts = [practices.export(session, find_practice(session, slug)) for slug in slugs]
        return (*texts, session.exec(select(func.count()).select_from(AuditEntry)).one())


def with_line(text: str, after: str, *lines: str) -> str:
    """``text`` with more lines behind the first that begins with ``after``."""
    before, found, rest = text.partition(after)
    head, end, tail = (found + rest).partition("\n")
    return before + head + end + "".join(f"{line}\n" for line in lines) + tail


def line_of(text: str, part: str, *, last: bool = False) -> int:
    """The number of the first line, or the last, that has ``part``."""
    return [number for number, line in enumerate(text.splitlines(), 1) if part in line][-1 if last else 0]


FULL = (
    SMALL
    + """\
buffer_before = 5
buffer_after = 10
step = 30
price = "€90"
description = '''
Two
lines'''
colour = "#abc"
booking = "new"
approval = "personal_link"
practitioners = ["ida"]
locations = ["video"]

[[service.question]]
id = "diet"
label = "Which diet?"
kind = "choice"
choices = ["None", "Vegan \\"strict\\""]
required = true

[[location]]
slug = "line"
name = "By phone"
kind = "phone"
who_calls = "client"

[[practitioner]]
slug = "bo"
name = "Bo"
title = "Coach"
email = "bo@birch.example"

[[practitioner.hours]]
days = ["sat"]
from = "20:00"
to = "24:00"
locations = ["annex"]
every_weeks = 2
first_week_of = 2026-01-05
valid_from = 2026-01-05
valid_until = 2027-01-05

[[practitioner.override]]
date = 2026-12-05
hours = [["10:00", "12:00"], ["13:00", "24:00"]]
locations = ["video"]

[[practitioner.override]]
date = 2026-12-06

[[practitioner.time_off]]
start = 2026-12-24T13:00:00
end = 2026-12-27T00:00:00
note = "Skiing"

[[closure]]
date = 2026-12-25
name = "Christmas"

[rules]
notice_minutes = 60
daily_cap = 5

[asks]
phone = "optional"
birth_date = "required"
note = "hidden"
"""
)
