"""Every error, golden: the program in its docstring fails with the message in it, and the mended program runs."""

import inspect
import linecache
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

import symdiff
from symdiff.errors import ArgumentError, SymdiffError, catalogue, explain

BASES = {"SD000"}  # never raised itself: what `except` names
CODES = [code for code in catalogue() if code not in BASES]


@dataclass(frozen=True)
class Explanation:
    """The three parts of an error's docstring."""

    fails: str
    message: str
    fix: str


def read(error: type[SymdiffError]) -> Explanation:
    parts = re.split(r"^(Fails|Message|Fix):\n", inspect.getdoc(error) or "", flags=re.MULTILINE)
    texts = [textwrap.dedent(text).strip("\n") + "\n" for text in parts[2::2]]
    found = dict(zip(parts[1::2], texts, strict=True))
    return Explanation(found["Fails"], found["Message"], found["Fix"])


def run(program: str, folder: Path) -> None:
    """Execute the program as the file model.py of the folder."""
    path = folder / "model.py"
    path.write_text(program, encoding="utf-8")
    linecache.checkcache(str(path))
    exec(compile(program, str(path), "exec"), {"__name__": "model", "__file__": str(path)})


@pytest.mark.parametrize("code", CODES)
def test_the_failing_program_fails_as_explained(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    error = catalogue()[code]
    explanation = read(error)
    with pytest.raises(error) as caught:
        run(explanation.fails, tmp_path)
    assert caught.value.report() + "\n" == explanation.message
    assert len(explanation.message.splitlines()) <= 12


@pytest.mark.parametrize("code", CODES)
def test_the_mended_program_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(read(catalogue()[code]).fix, tmp_path)


@pytest.mark.parametrize("code", catalogue())
def test_every_error_can_be_explained(code: str) -> None:
    text = explain(code.lower())
    assert text.startswith(f"{code} {catalogue()[code].__name__}\n\n")
    assert all(len(line) <= 120 for line in text.splitlines())


def test_codes_are_stable_and_unique() -> None:
    classes = [SymdiffError]
    for known in classes:
        classes += known.__subclasses__()
    assert len({known.code for known in classes}) == len(classes)
    assert all(re.fullmatch(r"SD\d{3}", known.code) and "code" in vars(known) for known in classes)


@pytest.mark.parametrize("error", catalogue().values(), ids=catalogue())
def test_every_error_is_public(error: type[SymdiffError]) -> None:
    assert getattr(symdiff, error.__name__) is error


def test_an_unknown_code_gets_a_suggestion() -> None:
    with pytest.raises(ArgumentError) as caught:
        explain("SD1O1")
    lines = caught.value.report().splitlines()
    assert lines[0] == "symdiff.ArgumentError [SD201]: there is no error code 'SD1O1'"
    assert lines[-2:] == ["fix:  symdiff explain SD101", "more: symdiff explain SD201"]
