"""The ten rules of matching, one small case each and what lies just beside it."""

from datetime import date

import pytest

from pencilin.rules.matching import BookedByName, Confidence, match
from tests.persons import (
    BORN,
    EMAIL,
    PHONE,
    TYPED_PHONE,
    filed,
    is_only_listed,
    is_suggested,
    only,
    possible,
    suggested,
    typed,
)


def test_the_same_person_is_suggested() -> None:
    answer = match(typed(), [filed()])
    assert answer.suggestion is not None
    assert answer.suggestion.confidence is Confidence.VERY_LIKELY
    assert answer.suggestion.caution is None
    assert answer.possible == ()


def test_a_stranger_is_neither_suggested_nor_listed() -> None:
    answer = match(typed(), [filed("Tom", "Okafor", "tom@mail.example", "+61255509999", date(1960, 5, 2))])
    assert answer.suggestion is None
    assert answer.possible == ()


def test_rule_1_what_a_child_of_the_same_name_would_type_is_no_suggestion() -> None:
    parent = filed("John", "Smith", birth_date=date(1955, 3, 14))
    assert is_only_listed(typed("John", "Smith"), parent)
    assert is_only_listed(typed("John", "Smith Jr", birth_date=None), parent)


def test_rule_2_the_same_contact_with_another_first_name_is_another_person() -> None:
    one = only(match(typed("Eva"), [filed()]))
    assert one.confidence is Confidence.POSSIBLE
    assert one.caution == "another first name: a relative could type the same"
    assert is_only_listed(typed(""), filed())


def test_rule_3_name_and_birth_date_without_a_contact_are_listed() -> None:
    elsewhere = filed(email="ana@other.example", phone="+61255509999")
    assert is_only_listed(typed(), elsewhere)
    assert is_only_listed(typed(email=None, phone=None), elsewhere)


@pytest.mark.parametrize("day", [date(1986, 4, 14), date(1986, 3, 15), date(1985, 11, 22), date(1950, 12, 1)])
def test_rule_4_a_birth_date_that_conflicts_forbids_the_suggestion(day: date) -> None:
    assert is_only_listed(typed(birth_date=day), filed())


@pytest.mark.parametrize("day", [date(1985, 3, 15), date(1985, 3, 24), date(1986, 3, 14), date(1985, 3, 4)])
def test_rule_5_one_wrong_digit_with_all_else_agreeing_may_be_suggested(day: date) -> None:
    assert is_suggested(typed(birth_date=day), filed())
    assert is_only_listed(typed(birth_date=day, phone="02 5550 9999"), filed())
    assert is_only_listed(typed("Anna", birth_date=day), filed())


def test_rule_5_day_and_month_turned_round() -> None:
    assert is_suggested(typed(birth_date=date(1985, 3, 4)), filed(birth_date=date(1985, 4, 3)))
    assert is_only_listed(
        typed(email=None, phone=None, birth_date=date(1985, 3, 4)), filed(birth_date=date(1985, 4, 3))
    )


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(1985, 1, 1), date(1899, 12, 30)])
def test_rule_6_a_placeholder_is_no_birth_date(day: date) -> None:
    assert is_only_listed(typed(email=None, phone=None, birth_date=day), filed(birth_date=day))
    assert is_only_listed(typed("Anni", birth_date=day), filed("Annika", birth_date=day))


def test_rule_6_an_unmeant_date_is_no_conflict_either() -> None:
    assert is_suggested(typed(), filed(birth_date=date(1900, 1, 1)))


@pytest.mark.parametrize(
    "email",
    [
        "noemail@clinic.example",
        "none@none.example",
        "na@na.example",
        "donotreply@x.example",
        "info@home.example",
        "reception@home.example",
    ],
)
def test_rule_6_a_placeholder_or_role_mailbox_is_no_contact(email: str) -> None:
    assert is_only_listed(typed(email=email, phone=None), filed(email=email))


@pytest.mark.parametrize("phone", ["0000000000", "+61 200 000 000", "1234567890"])
def test_rule_6_a_placeholder_is_no_phone(phone: str) -> None:
    assert is_only_listed(typed(email=None, phone=phone), filed(phone=phone))


def test_rule_6_a_contact_of_many_files_is_no_contact() -> None:
    others = [filed(name, "Okafor", phone=None, birth_date=date(1950, 5, 2), id=name) for name in "BCDEFGH"]
    assert suggested(match(typed(phone=None), [filed(), *others])) is None
    assert suggested(match(typed(phone=None), [filed(), *others[:3]])) == "file"
    assert suggested(match(typed(phone=None), [filed()], {f"e:{EMAIL}": 40})) is None


def test_rule_7_two_files_that_fit_equally_are_both_listed() -> None:
    answer = match(typed(), [filed(id="one"), filed(id="two")])
    assert answer.suggestion is None
    assert possible(answer) == ["one", "two"]
    assert {one.caution for one in answer.possible} == {"another file fits equally well"}


def test_rule_7_the_one_that_fits_better_is_suggested() -> None:
    without_contact = filed(email="ana@other.example", phone=None, id="namesake")
    answer = match(typed(), [without_contact, filed(id="right")])
    assert suggested(answer) == "right"
    assert possible(answer) == ["namesake"]


def test_rule_8_notation_is_no_difference() -> None:
    one = typed(" ANA\u00a0MARI\u0301A ", "o’connor\u2011reyes", " Ana.Reyes@MAIL.example ", "0061 (0)2 5550-0147")
    answer = match(one, [filed("Ana-María", "O'Connor Reyes")])
    assert answer.suggestion is not None
    assert {point.agreement for point in answer.suggestion.points} == {"same"}
    assert is_suggested(typed("Dr. Ana", "Reyes"), filed())


def test_rule_8_look_alike_letters_in_an_address_are_other_letters() -> None:
    assert is_only_listed(typed(email="\u0430na.reyes@mail.example", phone=None), filed())


def test_rule_8_a_phone_of_another_country_is_another_phone() -> None:
    assert is_only_listed(typed(email=None, phone="+64 2 5550 0147"), filed())
    assert is_only_listed(typed(email=None, phone="5550 0147"), filed())


def test_rule_8_a_number_typed_as_at_home_abroad_is_the_same_number() -> None:
    american = filed(phone="+17705550169")
    assert is_suggested(typed(email=None, phone="(770) 555-0169"), american)
    assert is_suggested(typed(email=None, phone=TYPED_PHONE, country="US"), filed(country="US"))


def test_rule_8_other_scripts_are_not_folded_away() -> None:
    assert is_suggested(typed("伟", "李"), filed("伟", "李"))
    assert is_only_listed(typed("明", "李"), filed("伟", "李"))
    assert is_only_listed(typed("حسن", "علي"), filed("حسين", "علي"))


@pytest.mark.parametrize(
    ("one", "other"), [("Bill", "William"), ("Liz", "Elizabeth"), ("Yusuf", "Youssef"), ("Мария", "Maria")]
)
def test_rule_9_short_forms_and_transliterations_are_the_same_name(one: str, other: str) -> None:
    assert is_suggested(typed(one), filed(other))
    assert is_suggested(typed(other), filed(one))


@pytest.mark.parametrize(("one", "other"), [("Christian", "Christina"), ("Hassan", "Hussein"), ("Anisha", "Manisha")])
def test_rule_9_two_real_names_that_are_alike_are_two_persons(one: str, other: str) -> None:
    assert is_only_listed(typed(one), filed(other))
    assert is_only_listed(typed(other), filed(one))


def test_rule_9_a_slip_is_no_other_name() -> None:
    assert is_suggested(typed("Mattthew"), filed("Matthew"))
    assert is_suggested(typed("Chrisitan"), filed("Christian"))


def test_rule_10_booked_by_makes_the_contacts_those_of_the_household() -> None:
    mother = BookedByName("Ana", "Reyes", "mother")
    child = filed("Eva", birth_date=date(2015, 6, 1), id="child")
    files = [filed(id="mother"), child]
    answer = match(typed("Eva", birth_date=date(2015, 6, 1), booked_by=mother), files)
    assert suggested(answer) == "child"
    assert possible(answer) == ["mother"]
    assert suggested(match(typed("Eva", birth_date=None), files)) == "child"
    assert suggested(match(typed("Eva", birth_date=None, booked_by=mother), files)) is None


def test_without_a_birth_date_the_whole_name_and_a_contact_suffice() -> None:
    assert is_suggested(typed(birth_date=None), filed())
    assert is_suggested(typed(birth_date=None, phone=None), filed())
    assert is_only_listed(typed("Bill", birth_date=None), filed("William"))
    assert is_only_listed(typed(last_name="Hoffmann", birth_date=None), filed())


def test_at_most_ten_files_are_listed() -> None:
    namesakes = [filed(email=None, phone=None, birth_date=None, id=f"namesake {place:02}") for place in range(30)]
    assert len(match(typed(email=None, phone=None, birth_date=None), namesakes).possible) == 10


def test_the_same_name_and_birth_date_come_before_the_household() -> None:
    household = [filed("Eva", birth_date=None, id="eva"), filed("Luis", birth_date=date(1980, 2, 3), id="luis")]
    moved = filed(email="ana@other.example", phone="+61255509999", id="moved")
    assert possible(match(typed(), [*household, moved])) == ["moved", "eva", "luis"]


def test_all_that_is_needed_is_one_of_two_contacts() -> None:
    assert is_suggested(typed(email=EMAIL, phone=None), filed(phone=None))
    assert is_suggested(typed(email=None, phone=PHONE), filed(email=None, birth_date=BORN))
