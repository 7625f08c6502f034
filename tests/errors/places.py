"""Where a room of symdiff makes its errors: as the source says, and as the errors of a test were made.

A place is a file and a line: of a call that makes an error, or of one that hands words to a function which makes it.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from symdiff import errors
from symdiff.errors import SymdiffError

Place = tuple[str, int]

SYMDIFF = Path(__file__).parents[2] / "symdiff"
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, SymdiffError)}
KINDS -= {"CheckError"}  # a defect of ours, not of the user's


def places_in(room: str, *, words: bool) -> dict[Place, str]:
    """All places in a room, and the function that each is in; the room "symdiff" is the files that are in none.

    words: whether those count that hand words to a function which makes the error.
    """
    functions = [(path, function) for path in sorted(_files(room)) for function in _functions(path)]
    tellers = {_known_as(path, function.name) for path, function in functions if _tells_what_it_is_given(function)}
    return {
        (str(path), call.lineno): function.name
        for path, function in functions
        for call in _calls(function)
        if _called(call) in KINDS
        or (words and (_known_as(path, _called(call)) in tellers or _hands_words_to_a_refusal(call)))
    }


def _files(room: str) -> Iterator[Path]:
    return SYMDIFF.glob("*.py") if room == "symdiff" else (SYMDIFF / room).rglob("*.py")


def _known_as(path: Path, name: str) -> tuple[str, str]:
    """A private function is known in its file only."""
    return str(path) if name.startswith("_") else "", name


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return (node for node in nodes if isinstance(node, ast.FunctionDef))


def _tells_what_it_is_given(function: ast.FunctionDef) -> bool:
    """Whether texts that the function is given are words of an error that it makes."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    texts = {each.arg for each in arguments if isinstance(each.annotation, ast.Name) and each.annotation.id == "str"}
    made = [call for call in _calls(function) if _called(call) in KINDS]
    return any(isinstance(node, ast.Name) and node.id in texts for call in made for node in ast.walk(call))


def _hands_words_to_a_refusal(call: ast.Call) -> bool:
    """Whether it is `refuse("…", …)`, a way to refuse that a function was given."""
    return _called(call) == "refuse" and isinstance(call.args[0], ast.Constant | ast.JoinedStr)


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def noted_places(patch: pytest.MonkeyPatch) -> dict[int, list[Place]]:
    """From now on, the places that run when an error is made, by the identity of the error."""
    made: dict[int, list[Place]] = {}
    initialise = SymdiffError.__init__

    def noting(self: SymdiffError, *args: object, **options: object) -> None:
        made[id(self)] = list(_running())
        initialise(self, *args, **options)

    patch.setattr(SymdiffError, "__init__", noting)
    return made


def _running() -> Iterator[Place]:
    frame = sys._getframe(2)
    while frame is not None:
        line = list(frame.f_code.co_positions())[frame.f_lasti // 2][0]
        yield frame.f_code.co_filename, line or 0
        frame = frame.f_back
