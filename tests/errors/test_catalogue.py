"""Every error, golden: the program in its docstring fails with the message in it, and the mended program runs."""

import inspect
import linecache
import re
import shlex
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

import symdiff
from symdiff.cli.main import main
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
    """Execute the program as the file model.py of the folder; raises what it raises."""
    path = folder / "model.py"
    path.write_text(program, encoding="utf-8")
    linecache.checkcache(str(path))
    exec(compile(program, str(path), "exec"), {"__name__": "model", "__file__": str(path)})


def type_in(session: str, folder: Path) -> int:
    """Write the files of a session that are shown by `$ cat FILE`, run its `$ symdiff …`, and return the exit code."""
    code = 0
    for step in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        line, _, text = step.partition("\n")
        words = shlex.split(line)
        if words[0] == "cat":
            (folder / words[1]).write_text(text, encoding="utf-8")
            linecache.checkcache(str(folder / words[1]))
        else:
            code = main(words[1:])
    return code


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SYMDIFF_TRACEBACK", raising=False)
    return tmp_path


@pytest.mark.parametrize("code", CODES)
def test_what_fails_says_so_as_explained(code: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = catalogue()[code]
    explanation = read(error)
    assert len(explanation.message.splitlines()) <= 12
    if explanation.fails.startswith("$ "):
        assert type_in(explanation.fails, here) == (1 if code == "SD304" else 2)  # 1: a tolerance is exceeded
        assert capsys.readouterr().err == explanation.message
    else:
        with pytest.raises(SymdiffError) as caught:
            run(explanation.fails, here)
        assert type(caught.value) is error
        assert caught.value.report() + "\n" == explanation.message


@pytest.mark.parametrize("code", CODES)
def test_what_is_mended_runs(code: str, here: Path) -> None:
    fix = read(catalogue()[code]).fix
    if fix.startswith("$ "):
        assert type_in(fix, here) == 0
    else:
        run(fix, here)


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
