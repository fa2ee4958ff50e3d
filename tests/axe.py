"""What axe-core finds."""

from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def findings(page: Page, axe: str, *rules: str) -> list[str]:
    """What is against the ``rules``, or all that concern us, in the page and its frames. ``axe`` is its source."""
    for frame in page.frames:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(axe)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", rules or RULES)["violations"]
    return [f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']]}" for one in found]
