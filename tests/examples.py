"""The examples as modules, for tests of what they compute."""

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

EXAMPLES = Path(__file__).parent.parent / "examples"


def example(name: str) -> ModuleType:
    """The example of this name, run anew."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def close(found: float, expected: float, digits: int = 13) -> bool:
    """Whether two numbers agree to so many digits."""
    return math.isclose(found, expected, rel_tol=10.0**-digits)
