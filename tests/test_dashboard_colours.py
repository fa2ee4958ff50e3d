"""The dashboard is as dark where somebody chose it as where their system is: two blocks of tokens say the same."""

import re

from tests.rig.machine import ROOT

TOKENS = ROOT / "dashboard" / "src" / "tokens.css"


def tokens_of(selector: str) -> dict[str, str]:
    """The custom properties of the block with this selector."""
    _, _, rest = TOKENS.read_text().partition(f"{selector} {{")
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", rest.partition("}")[0]))


def test_both_darks_are_one() -> None:
    by_system, chosen = tokens_of(':root:not([data-theme="light"])'), tokens_of(':root[data-theme="dark"]')
    assert by_system == chosen
    assert {"--ink", "--paper", "--tentative", "--accent"} <= chosen.keys()
    assert chosen["--ink"] != tokens_of(":root")["--ink"]
