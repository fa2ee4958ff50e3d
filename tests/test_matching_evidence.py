"""The evidence for staff, in words."""

from datetime import date

import pytest

from pencilin.rules.matching import BookedByName, Filed, Typed, match
from tests.persons import filed, only, typed


@pytest.mark.parametrize(
    ("one", "other", "point"),
    [
        (typed(), filed(), ("name", "same", "same name")),
        (typed(), filed(), ("birth_date", "same", "same date of birth")),
        (typed(), filed(), ("email", "same", "same email")),
        (typed(), filed(), ("phone", "same", "same phone")),
        (typed("Bill"), filed("William"), ("first_name", "same", "Bill is short for William")),
        (typed("William"), filed("Bill"), ("first_name", "same", "Bill is short for William")),
        (typed("Billy"), filed("Bill"), ("first_name", "same", "Billy and Bill are short for one name")),
        (typed("Yusuf"), filed("Youssef"), ("first_name", "same", "Yusuf and Youssef are spellings of one name")),
        (
            typed("Mattthew"),
            filed("Matthew"),
            ("first_name", "near", "first name one letter apart: Mattthew, on file Matthew"),
        ),
        (typed("Eva"), filed(), ("first_name", "different", "first name differs: Eva, on file Ana")),
        (typed(""), filed(), ("first_name", "missing", "no first name typed")),
        (typed("Reyes", "Ana"), filed(), ("name", "near", "first and last name turned round")),
        (
            typed(last_name="Reyes-Lopez"),
            filed(),
            ("last_name", "near", "Reyes-Lopez and Reyes share a last name; one has more"),
        ),
        (
            typed(birth_date=date(1985, 3, 15)),
            filed(),
            ("birth_date", "near", "date of birth differs in one digit"),
        ),
        (typed(birth_date=date(1985, 11, 14)), filed(), ("birth_date", "different", "month of birth differs")),
        (typed(birth_date=None), filed(), ("birth_date", "missing", "no date of birth typed")),
        (typed(), filed(birth_date=None), ("birth_date", "missing", "no date of birth on file")),
        (typed(phone="02 5550 0148"), filed(), ("phone", "near", "phone differs in one digit")),
        (typed(phone="02 5550 9999"), filed(), ("phone", "different", "phone differs")),
        (typed(phone="ask me"), filed(), ("phone", "missing", "phone cannot be compared")),
        (typed(email="ana.reyez@mail.example"), filed(), ("email", "near", "email differs in one letter")),
        (typed(email=None), filed(), ("email", "missing", "no email typed")),
        (
            typed(email="info@mail.example"),
            filed(email="info@mail.example"),
            ("email", "missing", "same email, but a general one"),
        ),
        (
            typed(booked_by=BookedByName("Luis", "Reyes", "father")),
            filed(),
            ("booked_by", "missing", "email and phone are those of Luis, who booked"),
        ),
        (
            typed("Eva", booked_by=BookedByName("Ana", "Reyes", "mother")),
            filed(),
            ("booked_by", "different", "this is the name of the person who booked"),
        ),
    ],
)
def test_a_point(one: Typed, other: Filed, point: tuple[str, str, str]) -> None:
    found = only(match(one, [other]))
    assert point in [(p.field, p.agreement, p.words) for p in found.points]


def test_every_field_has_its_say() -> None:
    fields = [point.field for point in only(match(typed("Eva"), [filed()])).points]
    assert fields == ["first_name", "last_name", "birth_date", "email", "phone"]


def test_what_is_not_suggested_says_why() -> None:
    for other in (filed("Eva"), filed(birth_date=date(1950, 5, 2)), filed(email=None, phone=None)):
        assert only(match(typed(), [other])).caution


def test_a_name_full_of_control_characters_makes_one_short_line() -> None:
    found = only(match(typed("Ev\x00a\n\u202e" + "x" * 500), [filed()]))
    words = next(point.words for point in found.points if point.field == "first_name")
    assert words.isprintable()
    assert len(words) < 120
