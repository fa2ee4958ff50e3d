"""Imports point one way: from a row to itself or to a row above it. The table is CONTRIBUTING.md's, as data."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[1] / "backend"

# From the ground up. A name stands for the module and for all that is in it, unless a longer name says otherwise.
ROWS: dict[str, tuple[str, ...]] = {
    "rules": ("pencilin.errors", "pencilin.rules"),
    "shapes": ("pencilin.config", "pencilin.models", "pencilin.links", "pencilin.i18n", "pencilin.wording"),
    "storage": ("pencilin.backups", "pencilin.database", "pencilin.database_locks", "pencilin.migrations"),
    "use cases": (
        "pencilin.accounts",
        "pencilin.activity",
        "pencilin.addresses",
        "pencilin.agenda",
        "pencilin.attendance",
        "pencilin.audit",
        "pencilin.availability",
        "pencilin.booking",
        "pencilin.catalogue",
        "pencilin.changes",
        "pencilin.clients",
        "pencilin.conflicts",
        "pencilin.corrections",
        "pencilin.diary",
        "pencilin.directory",
        "pencilin.holds",
        "pencilin.insights",
        "pencilin.limits",
        "pencilin.mail",
        "pencilin.practices",
        "pencilin.reservations",
        "pencilin.review",
        "pencilin.scheduling",
        "pencilin.website",
    ),
    "edges": ("pencilin.mail.smtp", "pencilin.web", "pencilin.worker"),
    "wiring": (
        "pencilin.app",
        "pencilin.cli",
        "pencilin.demo",
        "pencilin.evaluate_matching",
        "pencilin.listening",
        "pencilin.routes",
    ),
}
ORDER = list(ROWS)

# What a row may not touch, whatever it imports from here.
WORLD = ("os", "time", "random", "secrets", "socket", "threading", "subprocess", "urllib", "tempfile")
STORAGE = ("sqlalchemy", "sqlmodel", "alembic", "sqlite3", "psycopg")
HTTP = ("starlette", "uvicorn", "aiosmtplib", "aiosmtpd", "smtplib", "http", "httpx2", "jinja2.ext")
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "rules": WORLD + STORAGE + HTTP,
    "shapes": HTTP,
    "storage": HTTP,
    "use cases": HTTP,
}
PURE = ("os.path.commonprefix",)  # text, whatever its address says
CLOCKS = {"now", "utcnow", "today"}

# Where a database's name may appear: nowhere else does code depend on which one it is.
KNOWS_THE_DIALECT = ("pencilin.backups", "pencilin.database", "pencilin.migrations")


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((BACKEND / "pencilin").rglob("*.py")):
        parts = path.relative_to(BACKEND).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def row_of(module: str) -> str | None:
    names = {name: row for row, names in ROWS.items() for name in names}
    fitting = [name for name in names if module == name or module.startswith(f"{name}.")]
    return names[max(fitting, key=len)] if fitting else None


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, names taken from modules included."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: write the whole name of what you import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


MODULES = [pytest.param(name, path, id=name) for name, path in modules() if name != "pencilin"]


@pytest.mark.parametrize(("module", "path"), MODULES)
def test_a_module_has_a_row_and_imports_only_upwards(module: str, path: Path) -> None:
    row = row_of(module)
    assert row, f"{module} is in no row: decide what it may touch, and add it to the table"
    for line, imported in imports(path):
        other = row_of(imported)
        assert not other or ORDER.index(other) <= ORDER.index(row), (
            f"{path.name}:{line}: {module} ({row}) imports {imported} ({other}), which lies below it"
        )


@pytest.mark.parametrize(("module", "path"), MODULES)
def test_a_row_touches_only_what_it_may(module: str, path: Path) -> None:
    forbidden = FORBIDDEN.get(row_of(module) or "", ())
    for line, imported in imports(path):
        touches = is_in(imported, forbidden) and imported not in PURE
        assert not touches, f"{path.name}:{line}: {row_of(module)} do not touch {imported}"


@pytest.mark.parametrize(("module", "path"), [param for param in MODULES if row_of(str(param.values[0])) == "rules"])
def test_rules_read_no_clock(module: str, path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS, f"{path.name}:{node.lineno}: `now` is an argument"


@pytest.mark.parametrize(
    ("module", "path"), [param for param in MODULES if row_of(str(param.values[0])) == "use cases"]
)
def test_use_cases_never_commit(module: str, path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr != "commit", f"{path.name}:{node.lineno}: who called opened the transaction"


@pytest.mark.parametrize(("module", "path"), MODULES)
def test_only_the_storage_knows_which_database_it_is(module: str, path: Path) -> None:
    if is_in(module, KNOWS_THE_DIALECT):
        return
    for line, imported in imports(path):
        assert not is_in(imported, ("sqlalchemy.dialects", "sqlite3", "psycopg")), (
            f"{path.name}:{line}: {module} imports {imported}; ask pencilin.database instead"
        )


def test_the_table_names_no_module_that_is_gone() -> None:
    existing = {name for name, _ in modules()}
    gone = [name for names in ROWS.values() for name in names if name not in existing]
    assert not gone


# The widget has the same order, from plain values up to the tag on a page.
WIDGET_ROWS: tuple[tuple[str, ...], ...] = (
    ("contract", "dates", "words", "words/"),
    ("slots", "theme", "dom", "visit"),
    ("api", "console", "opener", "sheets"),
    ("env", "held", "host", "times"),
    ("opening", "wishes", "views/", "details/"),
    ("dialog", "third-step"),
    ("later", "details"),
    ("load-later",),
    ("picker",),
    ("element",),
    ("entry",),
)
WIDGET = BACKEND.parent / "widget" / "src"


def widget_row(name: str) -> int | None:
    return next((n for n, row in enumerate(WIDGET_ROWS) for part in row if fits(name, part)), None)


def fits(name: str, part: str) -> bool:
    return name.startswith(part) if part.endswith("/") else name == part


@pytest.mark.parametrize(
    "path",
    [file for file in sorted(WIDGET.rglob("*.ts")) if not file.name.endswith(".d.ts")],
    ids=lambda path: path.relative_to(WIDGET).as_posix(),
)
def test_the_widget_imports_only_upwards(path: Path) -> None:
    name = path.relative_to(WIDGET).with_suffix("").as_posix()
    row = widget_row(name)
    assert row is not None, f"{name} is in no row of the widget"
    for target in re.findall(r'from "(\.[^"]+)"', path.read_text()):
        other = (path.parent / target).resolve().relative_to(WIDGET).as_posix()
        if not other.endswith(".css"):
            found = widget_row(other)
            assert found is not None and found <= row, f"{name} imports {other}, which lies below it"
