"""The command that measures matching on given sets."""

import json
from pathlib import Path

import pytest

from pencilin.evaluate_matching import main

ANA = {
    "first_name": "Ana",
    "last_name": "Reyes",
    "email": "ana@mail.example",
    "phone": "+61255500147",
    "birth_date": "1985-03-14",
}


def write(folder: Path, name: str, lines: list[dict[str, object]]) -> None:
    (folder / name).write_text("\n".join(json.dumps(line) for line in lines), "utf-8")


def test_it_prints_what_it_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "small_clients.jsonl", [{"id": "ana", **ANA}])
    stranger = {**ANA, "first_name": "Tom", "last_name": "Okafor", "email": None, "phone": None, "birth_date": None}
    relative = {**ANA, "first_name": "Eva"}
    write(
        tmp_path,
        "small_queries.jsonl",
        [
            {"qid": "1", "query": ANA, "truth": "ana", "meta": {"evidence": "required"}},
            {"qid": "2", "query": stranger, "truth": None, "meta": {"evidence": "negative"}},
            {"qid": "3", "query": relative, "truth": "ana", "meta": {"evidence": "possible_only"}},
            {"qid": "4", "query": stranger, "truth": "ana", "meta": {"evidence": "none"}},
        ],
    )
    assert main([str(tmp_path), "--no-timing"]) == 0
    rows = {line[2:36].strip(): line.split() for line in capsys.readouterr().out.splitlines()}
    assert rows["precision of very likely"][4] == "1.0000"
    assert rows["suggested though it must not be"][6] == "0"
    assert rows["recall of required"][3] == "1.0000"
    assert rows["right file listed"][3] == "0.6667"
    assert rows["strangers given a list"][4] == "0.0000"


def test_a_folder_without_sets_is_an_error_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_broken_set_is_an_error_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "small_clients.jsonl", [{"id": "ana"}])
    write(tmp_path, "small_queries.jsonl", [])
    assert main([str(tmp_path)]) == 2
    assert "first_name" in capsys.readouterr().err
