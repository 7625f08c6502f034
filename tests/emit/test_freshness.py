"""What is said of a file that stands where a module would be written."""

import pytest

from symdiff.emit.freshness import MARK, difference, seal, sealed_content, state, stated

TEXT = seal(f'{MARK}\n#\n# source    model.py:f\n# content\n# version   symdiff 1.0\n"""f."""\n\nx = 1\n')


def test_the_version_line_is_ignored() -> None:
    assert state(TEXT.replace("symdiff 1.0", "symdiff 2.0"), TEXT) == "fresh"


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        (None, "absent"),
        (TEXT, "fresh"),
        (seal(TEXT.replace("x = 1", "x = 2")), "stale"),
        (TEXT.replace("x = 1", "x = 2"), "edited"),
        (TEXT.replace("model.py:f", "model.py:g"), "edited"),
        (TEXT.replace("symdiff, do", "symdiff, please do"), "foreign"),
        (TEXT + "\n", "edited"),
        ("x = 1\n", "foreign"),
        ("", "foreign"),
        ("\n" + TEXT, "foreign"),
    ],
)
def test_states(existing: str | None, expected: str) -> None:
    assert state(existing, TEXT) == expected


def test_moved_source_lines_are_ignored() -> None:
    text = seal(TEXT + "y = x  # model.py:4\n")
    assert state(text, seal(text.replace("model.py:4", "model.py:5"))) == "fresh"
    assert state(text, seal(text.replace("model.py:4", "other.py:4"))) == "stale"
    assert state(text, seal(text.replace("y = x", "y = 2 * x"))) == "stale"


def test_only_the_header_is_asked() -> None:
    forged = f'{MARK}\n"""f.\n\n# content   123\n"""\n'
    assert sealed_content(forged) is None
    assert stated(TEXT, "source") == "model.py:f"


def test_a_diff_leaves_out_the_version() -> None:
    newer = TEXT.replace("symdiff 1.0", "symdiff 2.0").replace("x = 1", "x = 2")
    shown = difference(TEXT, newer, "f_d.py")
    assert "-x = 1\n+x = 2\n" in shown
    assert "2.0" not in shown
