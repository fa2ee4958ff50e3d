"""What holds for every input: order does not matter, nothing raises, what is listed can be found by its keys."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from pencilin.rules.matching import (
    BookedByName,
    Filed,
    Typed,
    contact_keys,
    keys,
    match,
    normal_email,
    normal_name,
    normal_phone,
    search_keys,
    search_score,
)
from tests.persons import EMAIL, PHONE, possible, suggested

NAMES = st.sampled_from(
    ["Ana", "Anna", "Eva", "ana", "Reyes", "Reyes-Lopez", "Jon", "John", "Johnny", "", "Мария", "Maria"]
)
EMAILS = st.sampled_from([EMAIL, "eva@mail.example", "info@mail.example", None])
PHONES = st.sampled_from([PHONE, "02 5550 0147", "02 5550 9999", "0000000000", None])
DAYS = st.sampled_from([date(1985, 3, 14), date(1985, 3, 15), date(1955, 3, 14), date(1900, 1, 1), None])
BOOKERS = st.none() | st.builds(BookedByName, NAMES, NAMES, st.just("mother"))
PERSONS = st.builds(Typed, NAMES, NAMES, EMAILS, PHONES, DAYS, st.just("AU"), BOOKERS)
FILES = st.lists(
    st.builds(Filed, st.uuids().map(str), NAMES, NAMES, EMAILS, PHONES, DAYS, st.just("AU")),
    max_size=14,
    unique_by=lambda file: file.id,
)
ANYTHING = st.text(max_size=40) | st.sampled_from(
    ["\x00", "\ud800", "x" * 20_000, "\u202e\u200b", "'", "٠" * 30, "ß" * 99]
)
COUNTRIES = st.sampled_from(["AU", "US", "", "zz", "\x00"])


@given(PERSONS, FILES)
def test_the_order_of_the_files_never_changes_the_answer(person: Typed, files: list[Filed]) -> None:
    turned = sorted(files, key=lambda file: file.id)
    assert match(person, files) == match(person, turned) == match(person, files[::-1])


@given(PERSONS, FILES)
def test_at_most_one_is_suggested_and_nobody_appears_twice(person: Typed, files: list[Filed]) -> None:
    answer = match(person, files)
    listed = possible(answer)
    assert len(listed) <= 10
    assert len({*listed, suggested(answer)}) == len(listed) + 1
    assert all(one.caution for one in answer.possible)


@given(PERSONS, FILES)
def test_what_is_shown_shares_a_key_with_what_was_typed(person: Typed, files: list[Filed]) -> None:
    answer = match(person, files)
    wanted = keys(person)
    found = [file for file in files if keys(file) & wanted]
    assert match(person, found) == answer


@settings(deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING, COUNTRIES, DAYS)
def test_odd_input_never_raises(first: str, last: str, email: str, phone: str, country: str, day: date | None) -> None:
    person = Typed(first, last, email, phone, day, country, BookedByName(last, first, email))
    file = Filed("file", last, first, email, phone, day, country)
    answer = match(person, [file, Filed("same", first, last, email, phone, day, country)])
    assert len(answer.possible) <= 10
    assert all(len(key) <= 64 for key in keys(person) | keys(file) | contact_keys(person))
    assert len(keys(person)) <= 48
    assert len(keys(file)) <= 64
    for text in (first, last, email, phone):
        assert 0.0 <= search_score(text, file, country) <= 1.0
        assert all(one.first < one.before for one in search_keys(text, country))


@given(ANYTHING, COUNTRIES)
def test_normal_forms_are_stable(text: str, country: str) -> None:
    assert normal_name(text) == " ".join(normal_name(text).split())
    assert normal_name(f"\u00a0{text}\t") == normal_name(text)
    email, phone = normal_email(text), normal_phone(text, country)
    assert email is None or normal_email(email) == email
    assert phone is None or normal_phone(phone, country) == phone
