"""Family cases, in which a wrong suggestion would show one relative's file for another's."""

from datetime import date

import pytest

from pencilin.rules.matching import BookedByName, Filed, match
from tests.persons import BORN, filed, possible, suggested, typed

FATHER = date(1955, 3, 14)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Christina", "Christian"),
        ("Alexandra", "Alexander"),
        ("Georgia", "George"),
        ("Samantha", "Samuel"),
        ("Jake", "Jack"),
        ("Joel", "Noel"),
        ("Taylor", "Tyler"),
        ("Hayden", "Jayden"),
        ("Hasan", "Husain"),
        ("Amira", "Samira"),
        ("Daniel", "Danielle"),
        ("Paul", "Paula"),
        ("María José", "María Luisa"),
        ("Mohammed Ali", "Mohammed Hassan"),
        ("Benedict", "Benjamin"),
        ("Joseph", "Joshua"),
        ("Beth", "Betty"),
        ("Марина", "Мария"),
        ("明", "伟"),
    ],
)
def test_a_twin_who_is_not_on_file_gets_no_suggestion(one: str, other: str) -> None:
    for typed_name, filed_name in ((one, other), (other, one)):
        answer = match(typed(typed_name), [filed(filed_name)])
        assert suggested(answer) is None
        assert possible(answer) == ["file"]


@pytest.mark.parametrize(("one", "other"), [("Christina", "Christian"), ("Joel", "Noel"), ("Eva", "Ana")])
def test_of_two_twins_on_file_the_right_one_is_suggested(one: str, other: str) -> None:
    answer = match(typed(one), [filed(other, id="other"), filed(one, id="right")])
    assert suggested(answer) == "right"
    assert possible(answer) == ["other"]


def test_a_short_form_of_both_twins_names_is_nobodys() -> None:
    answer = match(typed("Alex"), [filed("Alexander", id="he"), filed("Alexandra", id="she")])
    assert suggested(answer) is None
    assert sorted(possible(answer)) == ["he", "she"]


def test_a_couple_that_shares_an_email() -> None:
    answer = match(typed("Luis", phone=None, birth_date=None), [filed("Ana")])
    assert suggested(answer) is None
    assert possible(answer) == ["file"]


def father_and_son() -> list[Filed]:
    return [filed("John", birth_date=FATHER, id="father"), filed("John", birth_date=BORN, id="son")]


def test_father_and_son_of_one_name_are_told_apart_by_the_birth_date() -> None:
    assert suggested(match(typed("John", birth_date=FATHER), father_and_son())) == "father"
    assert suggested(match(typed("John", birth_date=BORN), father_and_son())) == "son"


def test_without_the_birth_date_neither_father_nor_son_is_suggested() -> None:
    answer = match(typed("John", birth_date=None), father_and_son())
    assert suggested(answer) is None
    assert sorted(possible(answer)) == ["father", "son"]


@pytest.mark.parametrize("name", ["Reyes Jr", "Reyes, Jr.", "Reyes II", "Reyes Senior"])
def test_a_mark_of_generation_on_one_side_needs_the_birth_date(name: str) -> None:
    assert suggested(match(typed("John", name, birth_date=None), [filed("John")])) is None
    assert suggested(match(typed("John", name), [filed("John")])) == "file"
    assert suggested(match(typed("John", name), [filed("John", "Reyes III")])) is None


def test_a_son_whose_year_of_birth_is_one_digit_from_his_fathers() -> None:
    answer = match(typed("John", birth_date=BORN), [filed("John", birth_date=FATHER)])
    assert suggested(answer) is None
    assert possible(answer) == ["file"]


def test_a_father_without_a_birth_date_on_file_is_not_suggested_for_the_son() -> None:
    son_moved_out = filed("John", email="john@other.example", phone=None, id="son")
    answer = match(typed("John"), [filed("John", birth_date=None, id="father"), son_moved_out])
    assert suggested(answer) is None
    assert sorted(possible(answer)) == ["father", "son"]


def test_a_parent_on_file_is_not_suggested_for_the_child_who_is_not() -> None:
    mother = BookedByName("Ana", "Reyes", "mother")
    answer = match(typed("Eva", birth_date=date(2015, 6, 1), booked_by=mother), [filed("Ana")])
    assert suggested(answer) is None
    assert possible(answer) == ["file"]


def test_a_father_who_books_for_his_son_of_the_same_name() -> None:
    booker = BookedByName("John", "Reyes", "father")
    files = [filed("John", birth_date=FATHER, id="father")]
    assert suggested(match(typed("John", birth_date=None, booked_by=booker), files)) is None
    assert suggested(match(typed("John", birth_date=BORN, booked_by=booker), files)) is None


def test_namesakes_born_on_the_same_day() -> None:
    namesake = filed(email="ana@other.example", phone="+61255509999", id="namesake")
    assert suggested(match(typed(), [namesake])) is None
    assert suggested(match(typed(), [namesake, filed(id="right")])) == "right"


def test_an_impostor_who_knows_name_and_birth_date() -> None:
    answer = match(typed(email="impostor@mail.example", phone="02 5550 9999"), [filed()])
    assert suggested(answer) is None
    assert possible(answer) == ["file"]


def test_colleagues_who_share_the_phone_of_the_office() -> None:
    answer = match(typed("Eva", "Okafor", "eva@mail.example", birth_date=date(1990, 7, 8)), [filed(email=None)])
    assert suggested(answer) is None
    assert possible(answer) == ["file"]
