"""build.py: what it makes, when it makes it, and what it refuses."""

import gzip
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import build
import pencilin
from tests.conftest import lacking
from tests.rig.machine import ROOT

BUILT = ROOT / ".venv" / ".synced"


@pytest.fixture
def tools() -> None:
    """The environment that build.py made: what is built with anything else proves nothing."""
    if not BUILT.exists():
        lacking("the environment that `python3 build.py test` makes")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def bundled(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(build, "BUILD", folder / "work")
        for project in build.ENTRIES:
            build.bundle(project, folder / "assets")
        build.compress((file for file in (folder / "assets" / "widget").iterdir() if file.is_file()), "keep")
    return folder / "assets"


def test_it_knows_its_commands_and_refuses_others() -> None:
    known = subprocess.run([sys.executable, "build.py", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert known.returncode == 0
    assert all(command in known.stdout for command in ("demo", "test", "build", "lint", "bench", "wheel"))
    unknown = subprocess.run([sys.executable, "build.py", "deploy"], cwd=ROOT, capture_output=True, text=True)
    assert unknown.returncode == 2
    assert "deploy" in unknown.stderr


def test_it_refuses_options_that_a_command_does_not_take() -> None:
    result = subprocess.run([sys.executable, "build.py", "lint", "--fix"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 2
    assert "lint does not take --fix" in result.stderr


def test_a_step_is_repeated_when_its_inputs_change(tmp_path: Path) -> None:
    source, stamp = tmp_path / "source", tmp_path / "stamp"
    source.write_text("one")
    assert not build.is_done(stamp, build.digest([source]))
    stamp.write_text(build.digest([source]))
    assert build.is_done(stamp, build.digest([source]))
    source.write_text("two")
    assert not build.is_done(stamp, build.digest([source]))


def test_a_digest_tells_names_words_and_contents_apart(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    first = build.digest([tmp_path])
    assert first == build.digest([tmp_path])
    assert first != build.digest([tmp_path], "word")
    (tmp_path / "a").rename(tmp_path / "b")
    assert first != build.digest([tmp_path])


@pytest.mark.usefixtures("tools")
def test_bundles_are_byte_for_byte_the_same(tmp_path: Path) -> None:
    first = contents(bundled(tmp_path))
    assert first == {name: (build.ASSETS / name).read_bytes() for name in first}  # of an earlier build
    assert {"widget/widget.js", "widget/details.js", "dashboard/dashboard.js", "dashboard/calendar.js"} <= first.keys()
    assert {"widget/widget.js.br", "widget/widget.js.gz", "widget/details.js.br"} <= first.keys()
    assert gzip.decompress(first["widget/widget.js.gz"]) == first["widget/widget.js"]
    assert str(ROOT).encode() not in b"".join(first.values())


@pytest.mark.usefixtures("tools")
def test_it_keeps_to_the_budgets_and_names_what_outgrew_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build.check_sizes(build.ASSETS)  # which this very code has made
    assets = tmp_path / "assets"
    (assets / "widget").mkdir(parents=True)
    widget = assets / "widget" / "widget.js"
    shutil.copy(build.ASSETS / "widget" / "widget.js", widget)
    for number, how, most in ((1, "Brotli", "14,000"), (2, "gzip", "15,500")):
        content = widget.read_bytes()
        missing = int(most.replace(",", "")) - build.sizes_of(assets)[Path("widget/widget.js")][number]
        widget.write_bytes(content + random.Random(1).randbytes(missing + 200))  # which nothing can make smaller
        with pytest.raises(SystemExit, match=rf"widget\.js has grown to [\d,]+ bytes by {how}; {most} are allowed"):
            build.check_sizes(assets)
        widget.write_bytes(content)
        monkeypatch.setattr(build, "BUDGETS", [(*budget[:2], 10**9, budget[3]) for budget in build.BUDGETS])


@pytest.mark.usefixtures("tools")
def test_it_stops_where_a_language_lacks_a_word_and_names_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for folder in build.WORDS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "widget" / "check-words.cjs", tmp_path / "widget")
    french = tmp_path / build.WORDS[0] / "fr.json"
    words = json.loads(french.read_text())
    del words["details"]["needed"]["email"]
    words["details"]["adress"] = "Adresse"
    french.write_text(json.dumps(words))
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "BUILD", tmp_path / "work")
    with pytest.raises(SystemExit, match="this failed"):
        build.build_assets()
    told = capfd.readouterr().err
    assert "fr.json: details.needed.email is missing" in told
    assert "fr.json: details.adress is not in en.json" in told
    assert "de.json" not in told


def test_it_names_a_source_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"widget/src/later\.ts is missing"):
        build.bundle("widget", tmp_path / "assets")


@pytest.mark.usefixtures("tools")
def test_a_second_build_with_an_empty_environment_has_nothing_to_do() -> None:
    base = {"PATH": os.defpath, "HOME": str(Path.home())}
    python = f"{sys.base_prefix}/bin/python3"
    result = subprocess.run([python, "build.py", "build"], cwd=ROOT, env=base, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "widget/widget.js" in result.stdout
    assert "build:" not in result.stdout


@pytest.mark.usefixtures("tools")
def test_an_installed_wheel_has_everything(tmp_path: Path) -> None:
    if importlib.util.find_spec("hatchling") is None:
        lacking("hatchling")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True)
    wheel = next(tmp_path.glob("*.whl"))
    assert wheel.name.startswith(f"pencilin-{pencilin.__version__}-")
    names = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "backend"
    expected = {str(path.relative_to(source)) for path in (source / "pencilin").rglob("*") if path.is_file()}
    assert {name for name in expected if "__pycache__" not in name} <= names
    assert {"pencilin/assets/widget/widget.js", "pencilin/assets/widget/widget.js.br"} <= names
    assert any(name.startswith("pencilin/assets/widget/releases/0.1.0/") for name in names)
    assert any(name.startswith("pencilin/assets/templates/widget/") for name in names)
    assert any(name.startswith("pencilin/assets/templates/dashboard/") for name in names)

    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    install: list[str | Path] = [
        ROOT / ".venv/bin/uv",
        "pip",
        "install",
        "-q",
        "--offline",
        "--no-deps",
        "--python",
        python,
        wheel,
    ]
    subprocess.run(install, check=True)
    # The dependencies are those of this environment; Pencilin itself must come from the wheel.
    packages = next((tmp_path / "venv" / "lib").glob("python3*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def installed(*command: str | Path) -> str:
        return subprocess.check_output(command, cwd=tmp_path, env={"PATH": os.defpath}, text=True)

    assert installed(python, "-c", "import pencilin; print(pencilin.__file__)").startswith(str(packages))
    assert "serve" in installed(python.with_name("pencilin"), "--help")
