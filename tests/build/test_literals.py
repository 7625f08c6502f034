"""Every double that is written comes back bit for bit, through the files of all three backends."""

import math
import random
import struct
from pathlib import Path
from typing import Any

import pytest

from symdiff.build.generate import generate
from symdiff.emit.executing import execute

COUNT, IN_A_FILE = 10_000, 500


def doubles() -> list[float]:
    """Random bit patterns, all exponents alike, and the edges."""
    generator = random.Random(7)
    edges = [0.1, 1 / 3, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -0.0, 1e22, 123456789.123456789]
    found = list(edges)
    while len(found) < COUNT:
        (number,) = struct.unpack("<d", generator.randbytes(8))
        if math.isfinite(number):
            found.append(number)
    return found


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
def test_doubles_are_exact(backend: str, tmp_path: Path) -> None:
    numbers = doubles()
    for start in range(0, COUNT, IN_A_FILE):
        part = numbers[start : start + IN_A_FILE]

        def f(x: Any, part: Any = None, chosen: Any = tuple(part)) -> Any:
            return [x * number for number in chosen] + list(chosen)

        made = generate(f, emit="value", backend=backend, simplify="none", static={"chosen": tuple(part)}, verify=False)
        path = tmp_path / "f.py"
        path.unlink(missing_ok=True)
        made.save(path)
        found = execute(path.read_text(encoding="utf-8"))["f"](1.0)
        for number, scaled, plain in zip(part, found[: len(part)], found[len(part) :], strict=True):
            assert float(scaled) == number  # 0 * x is 0, whatever its sign
            assert struct.pack("<d", float(plain)) == struct.pack("<d", number)
