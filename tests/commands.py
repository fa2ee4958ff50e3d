"""Running ``pencilin`` commands as an operator does: in a folder, with an environment, reading what they print."""

import io
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from pencilin.cli import main

KEY = "a key that is long enough and only for tests"


class Ran(NamedTuple):
    """What a command answered: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error of a command that failed."""
        (line,) = self.err.splitlines()
        assert self.status == 1
        assert line.startswith("pencilin: ")
        return line.removeprefix("pencilin: ")


class Shell:
    """A folder to run commands in, with no settings but those given."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **settings: str
    ) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.capsys = capsys
        monkeypatch.chdir(folder)
        for name in os.environ:
            if name.startswith("PENCILIN_"):
                monkeypatch.delenv(name)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str | Path, stdin: str = "") -> Ran:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        self.capsys.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        printed = self.capsys.readouterr()
        assert "Traceback" not in printed.err
        return Ran(status, printed.out, printed.err)

    def works(self, *arguments: str | Path, stdin: str = "") -> str:
        """What the command printed; it must have succeeded."""
        ran = self.run(*arguments, stdin=stdin)
        assert ran.status == 0, ran.err
        return ran.out
