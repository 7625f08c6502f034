"""The format of a message: at most twelve lines, the user's line with carets, cause and fix."""

import linecache
import pickle
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from symdiff.errors import ArgumentError, BranchError, SymdiffError, UserTraceback, did_you_mean, explain
from symdiff.errors.message import MOST_LINES, shown_path
from symdiff.origin import Origin, is_internal

MODEL = """import numpy as np

def relu_like(x):
    y = 2 * x
    if y > 1:
        return y
    return 0.0
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to stand in; linecache forgets its files afterwards."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    linecache.clearcache()


def origin_of(source: str, opname: str, folder: Path, name: str = "model.py") -> Origin:
    """The first instruction of that name in the first function of a file with the source."""
    import dis

    path = folder / name
    path.write_text(source, encoding="utf-8")
    module = compile(source, str(path), "exec")
    code = next(constant for constant in module.co_consts if hasattr(constant, "co_code"))
    offset = next(i.offset for i in dis.get_instructions(code) if i.opname == opname)
    return Origin(code, offset)


def test_the_whole_format(model: Path) -> None:
    error = BranchError(
        "an `if` needs the value of a traced argument",
        origin=origin_of(MODEL, "COMPARE_OP", model),
        label="depends on argument x; condition is 2*x > 1",
        why="more than 64 paths",
        fix="return np.where(2*x > 1, y, 0.0)",
    )
    assert error.report() == (
        "symdiff.BranchError [SD101]: an `if` needs the value of a traced argument\n"
        "  --> model.py:5 in relu_like\n"
        "   5 |     if y > 1:\n"
        "     |        ^^^^^ depends on argument x; condition is 2*x > 1\n"
        "why:  more than 64 paths\n"
        "fix:  return np.where(2*x > 1, y, 0.0)\n"
        "more: symdiff explain SD101"
    )
    assert str(error) == error.report().replace("symdiff.BranchError [SD101]: ", "[SD101] ")


def test_without_a_place() -> None:
    assert ArgumentError("no such name").report() == (
        "symdiff.ArgumentError [SD201]: no such name\nmore: symdiff explain SD201"
    )


def test_without_source() -> None:
    code = compile("def f(x):\n    return x + 1", "<nowhere>", "exec").co_consts[0]
    assert ArgumentError("s", origin=Origin(code, 2)).report().splitlines()[1:-1] == ["  --> <nowhere>:2 in f"]


def test_at_most_twelve_lines_and_the_fix_goes_last(model: Path) -> None:
    many = "\n".join(f"line {number}" for number in range(20))
    error = BranchError("s", origin=origin_of(MODEL, "COMPARE_OP", model), why=many, fix="first\nsecond\nthird")
    lines = error.report().splitlines()
    assert len(lines) == MOST_LINES == 12
    assert lines[-4:] == ["fix:  first", "      second", "      third", "more: symdiff explain SD101"]
    assert lines[-5].endswith(" …")


def test_a_long_fix_is_cut_last(model: Path) -> None:
    many = "\n".join(f"line {number}" for number in range(20))
    lines = BranchError("s", origin=origin_of(MODEL, "COMPARE_OP", model), why=many, fix=many).report().splitlines()
    assert len(lines) == 12
    assert not any(line.startswith("why:") for line in lines)
    assert lines[-2] == "      line 6 …"


def test_a_long_cause_is_wrapped() -> None:
    why = BranchError("s", why="word " * 40).report().splitlines()[1:-1]
    assert len(why) == 2
    assert all(len(line) <= 106 for line in why)
    assert why[1].startswith("      word")


def test_carets_stand_under_wide_characters_and_tabs(model: Path) -> None:
    source = "def f(x):\n\tif '漢é' and x > 1:\n\t\treturn x\n"
    lines = BranchError("s", origin=origin_of(source, "COMPARE_OP", model)).report().splitlines()
    assert lines[2:4] == ["   2 | \tif '漢é' and x > 1:", "     | \t             ^^^^^"]


def test_a_long_line_is_cut_around_the_carets(model: Path) -> None:
    source = f"def f(x):\n    return {'1.0 + ' * 40}(x > 1) {'+ 1.0' * 40}\n"
    excerpt = BranchError("s", origin=origin_of(source, "COMPARE_OP", model), label="here").report().splitlines()[2:4]
    assert len(excerpt[0]) <= 110
    assert excerpt[0].index("x > 1") == excerpt[1].index("^^^^^")
    assert excerpt[1].endswith("^^^^^ here")


def test_an_instruction_over_several_lines_is_shown_by_its_first(model: Path) -> None:
    source = "def f(x):\n    return max(\n        x,\n        1,\n    )\n"
    lines = BranchError("s", origin=origin_of(source, "CALL", model)).report().splitlines()
    assert lines[2:4] == ["   2 |     return max(", "     |            ^^^^"]


def test_a_path_elsewhere_is_shown_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert shown_path(str(tmp_path / "here" / "a" / "m.py")) == str(Path("a") / "m.py")
    assert shown_path(str(tmp_path / "m.py")) == str(tmp_path / "m.py")
    assert shown_path("<stdin>") == "<stdin>"


def test_did_you_mean() -> None:
    assert did_you_mean("emitt", ["emit", "wrt"]) == "did you mean `emit`?"
    assert did_you_mean("zzz", ["emit", "wrt"]) == ""


def test_a_folder_with_a_similar_name_is_the_users() -> None:
    package = Path(sys.modules["symdiff"].__file__ or "").parent
    assert is_internal(str(package / "api.py"))
    assert not is_internal(str(package) + "_plugin/model.py")
    assert not is_internal(str(package) + ".py")


def raised_inside() -> SymdiffError:
    """An error of ours that went through a frame of symdiff, a UserTraceback and this file."""
    with pytest.raises(SymdiffError) as caught, UserTraceback():
        explain("SD999")
    return caught.value


def test_internal_frames_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYMDIFF_TRACEBACK", raising=False)
    files = [Path(frame.filename).name for frame in traceback.extract_tb(raised_inside().__traceback__)]
    assert files == ["test_message.py"]
    monkeypatch.setenv("SYMDIFF_TRACEBACK", "full")
    files = [Path(frame.filename).name for frame in traceback.extract_tb(raised_inside().__traceback__)]
    assert files == ["test_message.py", "catalogue.py"]


def test_other_errors_keep_their_frames() -> None:
    with pytest.raises(AttributeError) as caught, UserTraceback():
        explain(3)  # type: ignore[arg-type]
    assert "catalogue.py" in str(traceback.extract_tb(caught.value.__traceback__))


def test_an_error_pickles_with_its_excerpt(model: Path) -> None:
    error = BranchError("s", origin=origin_of(MODEL, "COMPARE_OP", model), label="here", why="w", fix="f")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is BranchError
    assert again.report() == error.report()
    assert "^^^^^ here" in again.report()
