"""A bad practice file is refused whole, naming line and key."""

import textwrap

import pytest

from pencilin.database import Database
from pencilin.practices.lines import Lines
from tests.practice_files import FULL, SMALL, line_of, load, refused, with_line


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is refused never gets to the database, so one kind of it is enough."""
    return sqlite_url


# What is refused. Each case: the line behind which lines are added, those lines, the key, a part of the reason.
WRONG = {
    "an unknown key": ("minutes", ["minuts = 5"], "service.minuts", "did you mean minutes"),
    "an unknown table": ("minutes", ["[colours]"], "colours", "no key that belongs here"),
    "a length off the grid": ('slug = "talk"', ["buffer_after = 7"], "service.buffer_after", "multiple of 5"),
    "a negative length": ("minutes", ["buffer_before = -5"], "service.buffer_before", "0 or more"),
    "a number in quotes": ("minutes", ['step = "15"'], "service.step", "whole number"),
    "true for a number": ("minutes", ["step = true"], "service.step", "whole number"),
    "text without quotes": ("minutes", ["price = 90"], "service.price", "text in quotes"),
    "a colour by name": ("minutes", ['colour = "teal"'], "service.colour", "#0f766e"),
    "another approval": ("minutes", ['approval = "never"'], "service.approval", "'review' or 'personal_link'"),
    "another booking": ("minutes", ['booking = "friends"'], "service.booking", "'everyone', 'new' or 'returning'"),
    "a stranger": ("minutes", ['practitioners = ["ida", "max"]'], "service.practitioners", "max is none of"),
    "nowhere": ("minutes", ['locations = ["moon"]'], "service.locations", "moon is none of"),
    "the same twice": ("minutes", ['locations = ["house", "house"]'], "service.locations", "twice"),
    "an unknown zone": ('name = "Annex"', ['timezone = "America/Gotham"'], "location.timezone", "America/New_York"),
    "an unknown country": ('name = "Annex"', ['country = "XX"'], "location.country", "ISO 3166"),
    "no web address": ('name = "Annex"', ['join_url = "zoom"'], "location.join_url", "https://"),
    "a locale": ('name = "Birch Therapy"', ['locale = "klingon"'], "practice.locale", "en-GB"),
    "a site with a path": (
        'name = "Birch Therapy"',
        ['sites = ["https://a.example/b"]'],
        "practice.sites",
        "without a path",
    ),
    "an email": ('name = "Birch Therapy"', ['email = "hello"'], "practice.email", "name@example.com"),
    "a phone": ('name = "Birch Therapy"', ['phone = "call us"'], "practice.phone", "area code"),
    "a day": (
        'name = "Ida Berg"',
        ["[[practitioner.override]]", 'date = "soon"'],
        "practitioner.override.date",
        "date",
    ),
    "hours that are no pairs": (
        'name = "Ida Berg"',
        ["[[practitioner.override]]", "date = 2026-12-01", 'hours = ["10:00", "12:00"]'],
        "practitioner.override.hours",
        "pairs",
    ),
    "an override's overlap": (
        'name = "Ida Berg"',
        ["[[practitioner.override]]", "date = 2026-12-01", 'hours = [["10:00", "12:00"], ["11:00", "13:00"]]'],
        "practitioner.override.hours",
        "overlap",
    ),
    "an absence with an offset": (
        'name = "Ida Berg"',
        ["[[practitioner.time_off]]", "start = 2026-12-01T10:00:00Z", "end = 2026-12-02T10:00:00"],
        "practitioner.time_off.start",
        "without an offset",
    ),
    "an absence that ends before it begins": (
        'name = "Ida Berg"',
        ["[[practitioner.time_off]]", "start = 2026-12-02T10:00:00", "end = 2026-12-01T10:00:00"],
        "practitioner.time_off.end",
        "later than `start`",
    ),
    "weeks without a first": (
        'locations = ["house", "video"]',
        ["every_weeks = 2"],
        "practitioner.hours",
        "first_week_of",
    ),
    "a choice without choices": (
        "minutes",
        ["[[service.question]]", 'id = "a"', 'label = "A?"', 'kind = "choice"'],
        "service.question",
        "at least two",
    ),
    "choices without choice": (
        "minutes",
        ["[[service.question]]", 'id = "a"', 'label = "A?"', 'choices = ["b", "c"]'],
        "service.question",
        'kind = "choice" only',
    ),
    "a closure without a name": ("minutes", ["[[closure]]", "date = 2026-12-25"], "closure.name", "missing"),
    "a field asked in no way": (
        "minutes",
        ["[asks]", 'phone = "yes"'],
        "asks.phone",
        "'required', 'optional' or 'hidden'",
    ),
    "a field that is always asked": (
        "minutes",
        ["[asks]", 'email = "hidden"'],
        "asks.email",
        "no key that belongs here",
    ),
    "a rule out of bounds": ("minutes", ["[rules]", "horizon_days = 0"], "rules.horizon_days", "1 or more"),
}


@pytest.mark.parametrize(("after", "lines", "key", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_refused_by_line_and_key(
    database: Database, after: str, lines: list[str], key: str, reason: str
) -> None:
    text = with_line(SMALL, after, *lines)
    found = refused(database, text)
    (where, why), *others = found.items()
    assert not others
    line, _, named = where.partition(", ")
    assert named == key
    assert reason in why
    # The line of the key itself, or of its table when the key is missing.
    at = text.splitlines()[int(line.removeprefix("line ")) - 1]
    last = key.rpartition(".")[2]
    assert at.startswith((f"{last} =", f"[{last}]", f"[[{key}]]", "[[closure]]"))


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('slug = "talk"', 'slug = "Talk now"', "service.slug", "small letters"),
        ("minutes = 50", "minutes = 52", "service.minutes", "multiple of 5"),
        ('to = "12:00"', 'to = "08:00"', "practitioner.hours.to", "later than `from`"),
        ('to = "12:00"', 'to = "24:30"', "practitioner.hours.to", '"09:00"'),
        ('from = "09:00"', 'from = "09:02"', "practitioner.hours.from", "multiple of 5"),
        ('from = "09:00"', "from = 9", "practitioner.hours.from", '"09:00"'),
        ('["mon", "tue"]', '["monday"]', "practitioner.hours.days", "'mon'"),
        ('["mon", "tue"]', "[]", "practitioner.hours.days", "empty"),
        ('["house", "video"]', '["house", "annex"]', "practitioner.hours.locations", "both at once"),
        ('["house", "video"]', '["cellar"]', "practitioner.hours.locations", "cellar is none of"),
        ('slug = "annex"', 'slug = "house"', "location.slug", "line 7 already"),
        ('timezone = "America/New_York"', 'timezone = "EST5"', "practice.timezone", "should be a time zone"),
    ],
)
def test_a_changed_value_is_refused_by_line_and_key(
    database: Database, old: str, new: str, key: str, reason: str
) -> None:
    text = SMALL.replace(old, new)
    found = refused(database, text)
    assert list(found) == [f"line {line_of(text, new, last='already' in reason)}, {key}"]
    assert reason in next(iter(found.values()))


@pytest.mark.parametrize(
    ("gone", "where"),
    [
        ('name = "Birch Therapy"\n', "line 1, practice.name"),
        ('timezone = "America/New_York"\n', "line 1, practice.timezone"),
        ('slug = "birch"\n', "line 1, practice.slug"),
        ("minutes = 50\n", "line 30, service.minutes"),
        ('name = "Ida Berg"\n', "line 20, practitioner.name"),
    ],
)
def test_what_a_new_row_needs_is_named(database: Database, gone: str, where: str) -> None:
    assert list(refused(database, SMALL.replace(gone, "", 1))) == [where]


def test_everything_wrong_is_named_at_once(database: Database) -> None:
    text = SMALL.replace("minutes = 50", "minutes = 51").replace('"Birch House"', '""').replace('"ida"', '"Ida!"')
    assert len(refused(database, text)) == 3


def test_a_bad_file_changes_nothing_of_a_practice_that_is_there(database: Database) -> None:
    load(database, FULL)
    refused(database, SMALL.replace("Birch Therapy", "Other").replace('["mon", "tue"]', '["mon", "mo"]'))
    refused(database, '[practice]\nslug = "birch"\nname = "Other"\n[[service]]\nslug = "talk"\nlocations = ["moon"]\n')


def test_what_is_no_toml_is_refused_by_line(database: Database) -> None:
    assert list(refused(database, '[practice]\nslug = "birch"\nname = Birch\n')) == ["line 3"]
    assert list(refused(database, '[practice]\nslug = "birch\n')) == ["line 2"]
    assert refused(database, '[practice]\nslug = "birch"\nx = """')
    assert list(refused(database, "")) == ["line 1, practice"]


def test_lines_are_found_past_values_of_several_lines() -> None:
    source = textwrap.dedent(
        '''\
        a = """
        [b]
        c = 1
        """ # comment
        # [[d]]
        "x = y".z = [
          1, # two
          2,
        ]
        [[t]]
        u = {v = 1, w = "="}
        [t.s]
        k = 1
        [[t]]
        [[t.r]]
        k = "]"
        '''
    )
    lines = Lines(source)
    assert lines.of(("a",)) == 1
    assert lines.of(("x = y", "z")) == 6
    assert lines.of(("t", 0, "u", "v")) == 11
    assert lines.of(("t", 0, "s", "k")) == 13
    assert lines.of(("t", 1, "r", 0, "k")) == 16
    assert lines.of(("t", 1, "nothing")) == 14
    assert lines.of(("nothing",)) == 1
