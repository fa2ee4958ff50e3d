"""What the repository promises about itself: its shape, its sizes, its dependencies, its version."""

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pencilin
from tests.rig.machine import ROOT
from tests.test_architecture import imports

VISIBLE = {
    *("backend", "widget", "dashboard", "tests", "build.py", "pyproject.toml"),
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
    *("requirements.txt", "requirements-build.txt", "requirements-test.txt"),
}
SOURCES = {".py", ".ts", ".css", ".html", ".txt.j2", ".sh"}
MOST_LINES = 300
LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-test.txt", "tests/rig/requirements-postgresql.txt")
NPM_PROJECTS = ("widget", "dashboard", "tests/rig/chromium")

# Needed without being imported by name.
WITHOUT_IMPORT = {
    "psycopg": "SQLAlchemy loads it for PostgreSQL",
    "tzdata": "zoneinfo reads it where the system has no zones",
    "python-multipart": "Starlette parses forms with it",
}


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("this is no Git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def requirements(*sections: str) -> list[Requirement]:
    """The direct dependencies in these sections of pyproject.toml: ``server``, an extra or a group."""
    given = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = {"server": given["project"]["dependencies"]}
    lists |= given["project"]["optional-dependencies"] | given["dependency-groups"]
    return [Requirement(line) for section in sections for line in lists[section] if isinstance(line, str)]


def locked(name: str) -> dict[str, set[str]]:
    """The packages in a lock file, with their versions (several, where Python's version decides)."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / name).read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def test_the_top_level_holds_only_what_the_design_names() -> None:
    visible = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in visible if not name.startswith(".")} <= VISIBLE


def test_long_files_have_a_reason() -> None:
    reasons = (ROOT / "CONTRIBUTING.md").read_text()
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in tracked()
        if path.suffix in SOURCES
        and (lines := len(path.read_text().splitlines())) > MOST_LINES
        and str(path.relative_to(ROOT)) not in reasons
    ]
    assert not long, "two things live together here, or CONTRIBUTING.md should say why not"


@pytest.mark.parametrize("name", LOCKS)
def test_python_locks_have_hashes_and_name_no_registry(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", ""), re.MULTILINE), "only packages and their hashes"
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("project", NPM_PROJECTS)
def test_npm_locks_have_hashes_and_name_no_registry(project: str) -> None:
    packages = json.loads((ROOT / project / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name
    assert "registry=" not in (ROOT / project / ".npmrc").read_text()


def test_locks_fit_the_requirements() -> None:
    sections = {
        "requirements.txt": ("server", "postgresql"),
        "requirements-build.txt": ("build",),
        "requirements-test.txt": ("server", "postgresql", "build", "test"),
    }
    for name, wanted in sections.items():
        versions = locked(name)
        for requirement in requirements(*wanted):
            found = versions.get(canonicalize_name(requirement.name), set())
            assert found and all(requirement.specifier.contains(version) for version in found), (name, requirement)


def test_what_is_tested_is_what_is_installed() -> None:
    tested = locked("requirements-test.txt")
    for name in ("requirements.txt", "requirements-build.txt"):
        for package, versions in locked(name).items():
            assert tested[package] == versions, f"{package} in {name}"


def test_both_npm_projects_use_the_same_tools() -> None:
    widget, dashboard = (
        json.loads((ROOT / name / "package.json").read_text())["devDependencies"] for name in ("widget", "dashboard")
    )
    for name in widget.keys() & dashboard.keys():
        assert widget[name] == dashboard[name], name


def test_each_dependency_has_its_reason() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    names = [requirement.name for requirement in requirements("server", "postgresql", "build", "test")]
    for project in NPM_PROJECTS:
        package = json.loads((ROOT / project / "package.json").read_text())
        names += [*package.get("dependencies", {}), *package.get("devDependencies", {})]
    assert not [name for name in names if f"`{name}`" not in text], "name it in CONTRIBUTING.md, and say why"


def imported_by(folder: str) -> set[str]:
    """The packages, not of the standard library and not ours, that the code in this folder imports."""
    owners = importlib.metadata.packages_distributions()
    files = [path for path in (ROOT / folder).rglob("*.py") if not {"assets", "node_modules"} & set(path.parts)]
    ours = {"pencilin", "tests", "build", "pydantic_core"} | sys.stdlib_module_names  # the core is part of pydantic
    return {
        canonicalize_name(owners[name][0])
        for path in files
        for _, full in imports(path)
        if (name := full.split(".")[0]) not in ours
    }


def declared_in(*sections: str) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements(*sections)}


def test_the_server_imports_what_it_declares_and_declares_what_it_imports() -> None:
    declared, imported = declared_in("server", "postgresql"), imported_by("backend")
    assert declared - imported <= WITHOUT_IMPORT.keys(), "nothing uses it"
    assert not imported - declared, "it is not declared"


def test_tests_import_only_what_is_declared() -> None:
    assert not imported_by("tests") - declared_in("server", "postgresql", "build", "test"), "it is not declared"


def test_the_changelog_knows_the_version() -> None:
    first, *_ = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert first in ("Unreleased", pencilin.__version__)
