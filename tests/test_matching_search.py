"""The client search box: what finds whom, and who comes first."""

import pytest

from pencilin.rules.matching import Filed, keys, search_keys, search_score
from tests.persons import filed

JOSE = filed("José", "Núñez García", "jose.nunez@mail.example", "+61255550147", id="jose")
ANN = filed("Ann", "Williams", "aw12@mail.example", "02 5550 6859", None, id="ann")
WILLIAM = filed("William", "O'Brien", "info@obrien.example", None, None, id="william")
MARIA = filed("Мария", "Щербакова", None, None, None, id="maria")
LI = filed("伟", "李", None, None, None, id="li")
JOERG = filed("Jörg", "Müller", None, "+442079460123", None, id="joerg")
EVERYBODY = (JOSE, ANN, WILLIAM, MARIA, LI, JOERG)


def search(text: str, files: tuple[Filed, ...] = EVERYBODY) -> list[str]:
    """As the database does it: by ranges of keys, then in the order of the score."""
    ranges = search_keys(text, "AU")
    found = [file for file in files if any(one.first <= key < one.before for key in keys(file) for one in ranges)]
    scored = [(search_score(text, file, "AU"), file.id) for file in found]
    return [id for score, id in sorted(scored, key=lambda one: (-one[0], one[1])) if score > 0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jose", "jose"),
        ("JOSÉ nunez", "jose"),
        ("garcia jose", "jose"),
        ("Garsia", "jose"),
        ("j garcia", "jose"),
        ("1985-03-14", "jose"),
        ("14/3/1985", "jose"),
        ("3/14/1985", "jose"),
        ("14.3.85", "jose"),
        ("14 March 1985", "jose"),
        ("Mar 14, 1985", "jose"),
        ("garcia 14/3/1985", "jose"),
        ("555 0147", "jose"),
        ("0147", "jose"),
        ("02 5555 0147", "jose"),
        ("+61 2 5555 0147", "jose"),
        ("02 5555", "jose"),
        ("jose.nu", "jose"),
        ("jose.nunez@", "jose"),
        ("Jose.Nunez@mail.example", "jose"),
        ("Willams", "ann"),
        ("Wiliams Ann", "ann"),
        ("aw12", "ann"),
        ("bill", "william"),
        ("obrien", "william"),
        ("o'br", "william"),
        ("info@", "william"),
        ("мария", "maria"),
        ("Shcherbakov", "maria"),
        ("李", "li"),
        ("Mueller", "joerg"),
        ("muller", "joerg"),
        ("020 7946", "joerg"),
    ],
)
def test_a_search_finds(text: str, found: str) -> None:
    assert search(text)[0] == found


def test_the_beginning_of_a_name_finds_all_who_bear_it() -> None:
    assert sorted(search("wil")) == ["ann", "william"]


@pytest.mark.parametrize("text", ["", " ", "@", "smith", "1999-01-02", "555 9999", "jose 1999-01-02", "\x00"])
def test_a_search_that_fits_nobody_finds_nobody(text: str) -> None:
    assert search(text) == []


def test_the_whole_name_comes_before_its_beginning_and_a_slip_last() -> None:
    files = (filed("Wil", id="wil"), filed("Wilma", id="wilma"), filed("Wlma", id="wlma"))
    assert search("wilma", files) == ["wilma", "wlma"]
    assert search("wil", files)[:2] == ["wil", "wilma"]
