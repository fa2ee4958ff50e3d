"""What visitors read is there in every language, whole, and with the same things to fill in."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

from pencilin import i18n, wording

WIDGET = Path(__file__).parents[1] / "widget" / "src"
FOLDERS = (WIDGET / "words", wording.MAIL)
LANGUAGES = sorted(i18n.LANGUAGES)
PLURALS = {"zero", "one", "two", "few", "many", "other"}


@cache
def texts(language: str) -> dict[str, str]:
    """Each text of pages and mails by its path; a text's forms for different numbers are one path."""

    def walk(path: str, value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, list):
            for place, one in enumerate(value):
                yield from walk(f"{path}.{place}", one)
        elif isinstance(value, dict) and value.keys() <= PLURALS:
            assert set(value) == set(Locale(language).plural_form.tags) | {"other"}, path
            yield path, value["other"]
        elif isinstance(value, dict):
            for name, one in value.items():
                yield from walk(f"{path}.{name}", one)

    files = {folder.parent.name: json.loads((folder / f"{language}.json").read_text()) for folder in FOLDERS}
    return dict(walk("", files))


def to_fill_in(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_widget_server_and_files_know_the_same_languages() -> None:
    for folder in FOLDERS:
        assert sorted(path.stem for path in folder.glob("*.json")) == LANGUAGES
    known = re.search(r"const LANGUAGES = (\[.*?\]);", (WIDGET / "words.ts").read_text(), re.DOTALL)
    assert known and sorted(json.loads(known[1])) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_and_nothing_left_over(language: str) -> None:
    assert texts(language).keys() == texts("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_is_filled_in(language: str) -> None:
    other = {path: to_fill_in(text) for path, text in texts(language).items()}
    assert other == {path: to_fill_in(text) for path, text in texts("en").items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_empty_or_has_stray_spaces(language: str) -> None:
    for path, text in texts(language).items():
        assert text.strip(), path
        assert text == text.strip() or path.endswith(".inCity"), path


@pytest.mark.parametrize("zone", ["Europe/Vienna", "Asia/Kolkata", "Asia/Calcutta", "America/New_York"])
def test_widget_and_mails_call_a_zones_city_by_the_same_name(zone: str) -> None:
    name = zone.partition("/")[2].replace("_", " ")
    for language in sorted({*LANGUAGES} - {"en"}):
        known = wording.words(language, "cities")
        assert str(known.get(name, name)) in i18n.zone_city(zone, language)
    assert wording.words("de", "cities")["Vienna"] == "Wien"


def test_an_unknown_word_is_an_error() -> None:
    words = wording.words("en", "details")
    assert words["firstName"] == "First name"
    with pytest.raises(KeyError):
        words["frstName"]
    with pytest.raises(KeyError):
        wording.words("en", "nowhere")
    assert wording.text("en", "letter", "when", folder=wording.MAIL) == "When"
    for names in (("letter",), ("letter", "wen"), ("letter", "when", "then")):
        with pytest.raises(KeyError):
            wording.text("en", *names, folder=wording.MAIL)
