"""The README tells the truth: its settings, commands, pictures and files are the ones there are."""

import argparse
import re
from collections.abc import Iterator

import pytest

import build
from pencilin.cli import parser
from pencilin.config import SETTINGS
from tests.rig.machine import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(found: argparse.ArgumentParser, name: str = "") -> Iterator[str]:
    """Every command that the program knows, like ``practice load``."""
    groups = [one for one in found._actions if isinstance(one, argparse._SubParsersAction)]
    if not groups:
        yield name
    for group in groups:
        for word, inner in group.choices.items():
            yield from commands(inner, f"{name} {word}".strip())


def test_the_settings_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| `(PENCILIN_\w+)` \| (.+?) \| (.+) \|$", README, re.MULTILINE)
    known = [(one.name, f"`{one.default}`" if one.default else "–", one.help) for one in SETTINGS]
    assert rows == known


@pytest.mark.parametrize("command", sorted(commands(parser())))
def test_every_command_is_described(command: str) -> None:
    table = "\n".join(line for line in README.splitlines() if line.startswith("| `pencilin "))
    words = command.split()
    assert f"`pencilin {command}" in table or f"`{command}" in table or f"/ `{' '.join(words)}" in table


def test_what_is_described_is_a_command() -> None:
    known = set(commands(parser()))
    for line in README.splitlines():
        if line.startswith("pencilin "):
            words = line.split()[1:3]
            assert words[0] in known or " ".join(words) in known, line


def test_the_widget_weighs_at_most_what_is_said() -> None:
    (told,) = re.findall(
        r"at most ([\d,]+) for `widget.js`.*?; ([\d,]+) for its second.*?; ([\d,]+) for the form", README, re.S
    )
    assert tuple(int(number.replace(",", "")) for number in told) == tuple(most for _, _, most, _ in build.BUDGETS[:3])


def test_every_picture_and_file_is_there() -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if not target.startswith("http")]
    assert len([target for target in targets if target.endswith(".png")]) >= 5
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_no_picture_is_left_over() -> None:
    shown = set(re.findall(r"tests/screenshots/([\w-]+\.png)", README))
    assert {path.name for path in (ROOT / "tests" / "screenshots").iterdir()} == shown


def test_the_two_commands_do_everything() -> None:
    for command in ("python3 build.py demo", "python3 build.py test"):
        assert f"```sh\n{command}\n```" in README
    assert "python3 build.py test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


WIDGET = {path.name: path.read_text() for path in (ROOT / "widget" / "src").rglob("*.ts")}


def column(heading: str, number: int = 1) -> set[str]:
    """What stands in backticks in one column of the table under this heading."""
    table = README.partition(f"| {heading} |")[2].partition("\n\n")[0]
    cells = [line.split("|")[number] for line in table.splitlines()[2:]]
    assert cells
    return set(re.findall(r"`([^`]+)`", " ".join(cells)))


def named(pattern: str, *files: str) -> set[str]:
    return {name for file in files or WIDGET for name in re.findall(pattern, WIDGET[file])}


def test_every_attribute_of_the_widget_is_described() -> None:
    (settings,) = named(r"SETTINGS = \[(.*)\]", "entry.ts")
    passed_on = set(re.findall(r'"(\w+)"', settings))
    attributes = named(r'(?:attribute|wish)\("(\w+)"\)', "element.ts", "wishes.ts")
    assert attributes - passed_on == {"href", "practice"}
    assert column("on link or script", 2) == attributes
    assert column("on link or script") == {f"data-{name}" for name in passed_on} | {
        "href",
        "data-practice",
        "data-pencilin",
        "data-target",
    }


def test_every_way_to_style_the_widget_is_described() -> None:
    assert column("custom property") == {f"--pencilin-{name}" for name in named(r'property\("(\w+)"\)', "element.ts")}
    assert column("`pencilin-booking::part(…)`") == named(r'part: "(\w+)"')


def test_every_event_of_the_widget_is_described() -> None:
    sent = named(r'emit\("(\w+)"')
    assert column("event, on the element or link, and bubbling") == {f"pencilin:{name}" for name in sent}
    steps = named(r'show\(\d, "(\w+)"', "picker.ts")
    assert steps <= column("event, on the element or link, and bubbling", 2)
