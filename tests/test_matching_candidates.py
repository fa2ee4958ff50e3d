"""The keys by which the database finds candidates: few, selective, and never missing the right file."""

from collections import Counter
from datetime import date, timedelta

import pytest

from pencilin.rules.matching import Filed, Typed, contact_keys, keys
from tests.persons import EMAIL, filed, typed


@pytest.mark.parametrize(
    "one",
    [
        typed(),
        typed(email=None, phone=None),
        typed(email=None, phone=None, birth_date=None),
        typed("Anna", email=None, phone=None, birth_date=None),
        typed("Reyes", "Ana", None, None, None),
        typed("X", "Y", None, None),
        typed("X", "Y", None, birth_date=None),
        typed("X", "Y", "ANA.REYES@mail.example ", None, None),
        typed(last_name="Reyez", email=None, phone=None, birth_date=None),
        typed(last_name="Lopez-Reyes", email=None, phone=None, birth_date=None),
    ],
)
def test_what_may_be_the_same_person_shares_a_key(one: Typed) -> None:
    assert keys(one) & keys(filed())


def test_a_number_in_another_countrys_notation_finds_the_file() -> None:
    american = filed(phone="+17705550169")
    for text in ("(770) 555-0169", "1-770-555-0169", "770.555.0169"):
        assert keys(typed("X", "Y", None, text, None)) & keys(american)


def test_short_forms_and_other_scripts_find_the_file() -> None:
    for one, other in (("Bill", "William"), ("William", "Bill"), ("Мария", "Mariya"), ("Joerg", "Jörg")):
        assert keys(typed(one, email=None, phone=None, birth_date=None)) & keys(filed(other))


def test_placeholders_are_not_looked_up() -> None:
    assert keys(typed("", "", "noemail@mail.example", "0000000000", date(1900, 1, 1))) <= {"t:"}


def test_the_keys_of_contacts_are_those_to_count() -> None:
    assert contact_keys(typed()) == {f"e:{EMAIL}", "p:+61255500147"}
    assert contact_keys(typed(email="info@mail.example", phone=None)) == frozenset()


def test_no_key_stands_for_a_common_name_alone() -> None:
    firsts = [
        f"{start}{end}" for start in ("An", "Be", "Ca", "Da", "El", "Fi") for end in ("na", "ra", "to", "mi", "lo")
    ]
    files = [
        Filed(str(number), firsts[number % 30], "Smith", None, None, date(1950, 1, 2) + timedelta(number * 9), "AU")
        for number in range(1_500)
    ]
    held = Counter(key for file in files for key in keys(file))
    looked_up = keys(typed("Anna", "Smith", None, None))
    assert max(held[key] for key in looked_up) <= 300  # of 1,500 who are all called Smith
