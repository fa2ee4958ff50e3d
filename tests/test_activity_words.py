"""Every action that the source records in the audit trail has words for the page that shows it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pencilin.rules.states import Status
from pencilin.web.dashboard.activity_words import ACTIONS

SOURCE = Path(__file__).resolve().parents[1] / "backend" / "pencilin"
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
WHERE_IT_STANDS = 4  # of audit.record's arguments


def recording(node: ast.AST) -> ast.expr | None:
    """The action of a call of ``audit.record``."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    if node.func.attr != "record" or not isinstance(node.func.value, ast.Name) or node.func.value.id != "audit":
        return None
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    return named.get("action") or node.args[WHERE_IT_STANDS]


def recorded() -> Iterator[tuple[str, str]]:
    """Each action with its file. Where one is chosen first, whatever in the file looks like an action counts."""
    for path in sorted(SOURCE.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        actions = [action for node in nodes if (action := recording(node))]
        sure = all(isinstance(action, ast.Constant) for action in actions)
        for node in actions if sure else nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACTION.fullmatch(node.value):
                yield node.value, path.name


def test_every_action_in_the_source_has_words() -> None:
    found = list(recorded())
    assert len(found) > 15, "the calls are written in a way that this test doesn't read"
    without = [f"{action} ({name})" for action, name in found if action not in ACTIONS]
    assert not without, f"add them to pencilin/web/dashboard/activity_words.py: {without}"


def test_every_status_that_an_appointment_comes_to_has_words() -> None:
    assert {f"appointment.{status}" for status in Status if status != Status.TENTATIVE} <= set(ACTIONS)


def test_words_are_told_apart_and_begin_a_sentence() -> None:
    assert len(set(ACTIONS.values())) == len(ACTIONS)
    assert all(words[0].isupper() and not words.endswith(".") for words in ACTIONS.values())
