"""Names: what counts as the same name, what does not, and that no script is lost."""

import pytest

from pencilin.rules.matching import normal_name
from tests.persons import filed, is_only_listed, is_suggested, typed


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  José\u00a0 Ángel ", "jose angel"),
        ("JOSE\u0301", "jose"),
        ("O’Brien", "obrien"),
        ("Anne-Marie", "anne marie"),
        ("Dr. med. Łukasz", "med lukasz"),
        ("Straße", "strasse"),
        ("Ørsted", "orsted"),
        ("Ёлкин", "елкин"),
        ("王小明", "王小明"),
        ("محمّد", "محمد"),
        ("がく", "がく"),
        ("नेहा", "नेहा"),
        ("Smith Jr.", "smith"),
        ("J.R.", "jr"),
        ("unknown", ""),
        ("😀", ""),
        ("\x00\x07", ""),
    ],
)
def test_the_form_in_which_names_are_compared(text: str, normal: str) -> None:
    assert normal_name(text) == normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bob", "Robert"),
        ("Peggy", "Margaret"),
        ("Billy", "Bill"),
        ("Kate", "Katherine"),
        ("Catherine", "Kathryn"),
        ("Paco", "Francisco"),
        ("Sepp", "Josef"),
        ("Misha", "Mikhail"),
        ("Kasia", "Katarzyna"),
        ("Mohamed", "Muhammad"),
        ("Hasan", "Hassan"),
        ("Aleksandr", "Alexander"),
        ("Dmitry", "Дмитрий"),
        ("Γιώργος", "Giorgos"),
        ("محمد", "Mohammed"),
        ("Jörg", "Joerg"),
        ("Annemarie", "Anne-Marie"),
        ("Peter Paul", "Peter"),
        ("Peter P.", "Peter Paul"),
        ("Jean Lcaude", "Jean-Claude"),
        ("Jmaes", "James"),
        ("Stephanei", "Stephanie"),
    ],
)
def test_first_names_of_one_person(one: str, other: str) -> None:
    assert is_suggested(typed(one), filed(other))
    assert is_suggested(typed(other), filed(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jon", "Jan"),
        ("Marie", "Maria"),
        ("Michael", "Michaela"),
        ("Noa", "Noah"),
        ("Zora", "Zoran"),
        ("A", "Ana"),
        ("Peter Paul", "Peter John"),
        ("María", "María Luisa"),
        ("Bxb", "Bob"),
        ("Qwrty", "Qwrtz"),
    ],
)
def test_first_names_that_may_be_two_persons(one: str, other: str) -> None:
    assert is_only_listed(typed(one), filed(other))
    assert is_only_listed(typed(other), filed(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reyes-López", "Reyes"),
        ("López", "Reyes López"),
        ("Müller", "Mueller"),
        ("van der Berg", "Vanderberg"),
        ("MacDonald", "Mac Donald"),
        ("Щербаков", "Shcherbakov"),
        ("Wiliams", "Williams"),
        ("Hoffmann", "Reyes"),  # another last name by marriage
        ("", "Reyes"),
    ],
)
def test_last_names_of_one_person_with_the_same_birth_date_and_contact(one: str, other: str) -> None:
    assert is_suggested(typed(last_name=one), filed(last_name=other))
    assert is_suggested(typed(last_name=other), filed(last_name=one))


@pytest.mark.parametrize(
    ("first", "last"),
    [("Reyes", "Ana"), ("", "Ana Reyes"), ("Ana Reyes", ""), ("Réyes", "ANA"), ("Ana Reyes", "Reyes")],
)
def test_names_in_the_wrong_fields(first: str, last: str) -> None:
    assert is_suggested(typed(first, last), filed())


def test_a_relatives_name_in_the_wrong_fields_is_still_the_relatives() -> None:
    assert is_only_listed(typed("Reyes", "Eva"), filed())


def test_a_newborn_has_no_first_name_yet() -> None:
    assert is_only_listed(typed("Baby"), filed("Baby"))


@pytest.mark.parametrize(("one", "other"), [("Xayden", "Hayden"), ("Tynan", "Kynan"), ("Christna", "Christian")])
def test_a_slip_that_could_be_a_brothers_or_sisters_name_is_no_slip(one: str, other: str) -> None:
    assert is_only_listed(typed(one), filed(other))
