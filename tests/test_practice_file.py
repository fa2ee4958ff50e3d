"""Practices as files: what is taken in, what stays as it is, and that an export says the same."""

import textwrap
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

import pencilin
from pencilin import availability
from pencilin.catalogue import find_practice, read_catalogue
from pencilin.database import Database
from pencilin.models import AuditEntry, Closure, Service, WorkingHours
from tests.cast import NOW, willow
from tests.practice_files import FULL, SMALL, everything, export, load, with_line

DEMO = (Path(pencilin.__file__).parent / "demo" / "willow.toml").read_text(encoding="utf-8")


def test_a_file_makes_a_practice_that_can_be_booked(database: Database) -> None:
    assert load(database, SMALL).created
    with database.read() as session:
        catalogue = read_catalogue(session, find_practice(session, "birch"))
        talk = catalogue.service("talk")
        assert talk is not None
        slots = availability.slots(session, catalogue, availability.wish(catalogue, talk), date(2026, 11, 30), 7, NOW)
    assert {slot.location.slug for slot in slots} == {"house", "video"}
    assert {slot.start.astimezone(catalogue.zone()).strftime("%a %H:%M") for slot in slots} >= {
        "Mon 09:00",
        "Tue 11:00",
    }


def test_loading_twice_changes_nothing(database: Database) -> None:
    load(database, DEMO)
    before = everything(database)
    again = load(database, DEMO)
    assert (again.created, again.changed) == (False, ())
    assert everything(database) == before


@pytest.mark.parametrize("text", [SMALL, DEMO], ids=["small", "demo"])
def test_an_export_says_the_same(database: Database, text: str) -> None:
    slug = load(database, text).practice.slug
    exported = export(database, slug)
    assert load(database, exported).changed == ()
    assert export(database, slug) == exported


def test_an_export_makes_the_same_practice_elsewhere(database: Database) -> None:
    load(database, FULL)
    exported = export(database)
    elsewhere = exported.replace('slug = "birch"', 'slug = "birch-two"', 1)
    assert load(database, elsewhere).created
    assert export(database, "birch-two") == elsewhere


def test_every_key_arrives(database: Database) -> None:
    load(database, FULL)
    exported = export(database)
    for line in (
        'colour = "#abc"',
        'approval = "personal_link"',
        'who_calls = "client"',
        'description = "Two\\nlines"',
        'choices = ["None", "Vegan \\"strict\\""]',
        'to = "24:00"',
        "every_weeks = 2",
        "valid_until = 2027-01-05",
        'hours = [["10:00", "12:00"], ["13:00", "24:00"]]',
        "start = 2026-12-24T13:00:00",
        'note = "Skiing"',
        "date = 2026-12-25",
        "daily_cap = 5",
        '[asks]\nphone = "optional"\nbirth_date = "required"\nreturning = "optional"\nnote = "hidden"\n',
    ):
        assert line in exported


def test_what_the_file_does_not_mention_stays(database: Database) -> None:
    load(database, FULL)
    before = export(database)
    update = '[practice]\nslug = "birch"\nphone = "+1 212 555 0100"\n\n[[service]]\nslug = "talk"\nprice = ""\n'
    loaded = load(database, update)
    assert set(loaded.changed) == {"practice.phone", "service.talk.price"}
    after = export(database)
    assert sorted(set(before.splitlines()) ^ set(after.splitlines())) == ['phone = "+1 212 555 0100"', 'price = "€90"']


def test_a_field_that_is_mentioned_is_asked_as_it_says_and_the_others_stay(database: Database) -> None:
    load(database, FULL)
    assert load(database, SMALL + '[asks]\nnote = "optional"\nphone = "optional"\n').changed == ("practice.asks",)
    exported = export(database)
    assert (
        '[asks]\nphone = "optional"\nbirth_date = "required"\nreturning = "optional"\nnote = "optional"\n' in exported
    )


def test_a_list_that_is_mentioned_is_replaced_and_another_stays(database: Database) -> None:
    load(database, FULL)
    update = """
        [practice]
        slug = "birch"
        [[practitioner]]
        slug = "bo"
        time_off = []
        [[practitioner.hours]]
        days = ["sun"]
        from = "10:00"
        to = "11:00"
        locations = ["annex"]
    """
    assert set(load(database, textwrap.dedent(update)).changed) == {"practitioner.bo.hours", "practitioner.bo.time_off"}
    exported = export(database)
    assert 'days = ["sun"]' in exported and 'days = ["sat"]' not in exported
    assert "Skiing" not in exported
    assert "date = 2026-12-05" in exported
    assert 'days = ["mon", "tue"]' in exported, "another practitioner's hours"


def test_closures_go_by_their_date(database: Database) -> None:
    load(database, FULL)
    load(database, '[practice]\nslug = "birch"\n[[closure]]\ndate = 2026-12-25\nname = "Xmas"\n')
    load(database, '[practice]\nslug = "birch"\n[[closure]]\ndate = 2027-01-01\nname = "New Year"\n')
    with database.read() as session:
        rows = session.exec(select(col(Closure.date), Closure.name).order_by(col(Closure.date))).all()
    assert list(rows) == [(date(2026, 12, 25), "Xmas"), (date(2027, 1, 1), "New Year")]


def test_the_order_is_the_file_s(database: Database) -> None:
    service = '[[service]]\nslug = "{0}"\nname = "{0}"\nminutes = 30\n'
    head = '[practice]\nslug = "birch"\n'

    def order() -> list[str]:
        with database.read() as session:
            return list(session.exec(select(Service.slug).order_by(col(Service.position))))

    load(database, SMALL + service.format("b") + service.format("c"))
    assert order() == ["talk", "b", "c"]
    load(database, head + service.format("c") + service.format("new") + service.format("talk"))
    assert order() == ["c", "new", "b", "talk"]
    assert load(database, head + service.format("c") + service.format("new") + service.format("talk")).changed == ()
    assert order() == ["c", "new", "b", "talk"]


def test_ids_stay_when_a_practice_is_loaded_again(database: Database) -> None:
    def ids() -> list[str]:
        with database.read() as session:
            return sorted([*session.exec(select(Service.id)), *session.exec(select(WorkingHours.id))])

    load(database, SMALL)
    before = ids()
    load(database, SMALL.replace("minutes = 50", "minutes = 45"))
    assert ids() == before


def test_another_practice_is_not_touched(database: Database) -> None:
    database.write(lambda session, now: willow(session))
    before = export(database, "willow")
    load(database, SMALL)
    load(database, SMALL.replace("Ida Berg", "Ida Bergman"))
    assert export(database, "willow") == before


def test_a_load_is_recorded_without_values(database: Database) -> None:
    load(database, SMALL)
    load(database, SMALL.replace("Ida Berg", "Ida Bergman"))
    load(database, SMALL.replace("Ida Berg", "Ida Bergman"))

    def entries(session: Session) -> list[AuditEntry]:
        return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.at))))

    with database.read() as session:
        first, second = entries(session)
    assert first.action == "practice.created"
    assert (second.action, second.fields) == ("practice.updated", ["practitioner.ida.name"])


def test_absences_are_local_to_the_practice(database: Database) -> None:
    """An absence from 9 to 10 takes exactly those local starts away."""
    load(database, SMALL)
    monday = datetime(2026, 11, 30)

    def starts() -> set[str]:
        with database.read() as session:
            catalogue = read_catalogue(session, find_practice(session, "birch"))
            talk = catalogue.service("talk")
            assert talk is not None
            wish = availability.wish(catalogue, talk, location=catalogue.location("house"))
            slots = availability.slots(session, catalogue, wish, monday.date(), 1, NOW - timedelta(days=1))
        return {slot.start.astimezone(catalogue.zone()).strftime("%H:%M") for slot in slots}

    before = starts()
    off = "[[practitioner.time_off]]\nstart = 2026-11-30T09:00:00\nend = 2026-11-30T10:00:00\n"
    load(database, with_line(SMALL, 'name = "Ida Berg"', *off.splitlines()))
    assert starts() == {start for start in before if start >= "10:00"}
