"""`symdiff doctor`: is everything here that is needed, and does it work?

In: nothing. Out: versions, optional packages, templates, and a self-test of each backend; exit code 1 if one fails.
"""

import argparse
import importlib.metadata
import json
import math
import platform
from collections.abc import Callable
from typing import Any

from symdiff import __version__
from symdiff.build.configuration import BACKENDS
from symdiff.build.generate import generate
from symdiff.cli.exit_codes import FINE, STALE
from symdiff.cli.tables import print_table
from symdiff.emit.module import templates_folder
from symdiff.errors import SymdiffError

SCHEMA = 1
_NEEDED = ("numpy", "numexpr", "sympy", "mpmath", "jinja2", "rich")
_OPTIONAL = {
    "scipy": "special functions",
    "autograd": "symdiff compare --against autograd",
    "jax": "symdiff compare --against jax",
    "matplotlib": "figures",
}


def run(arguments: argparse.Namespace) -> int:
    """Look, and tell."""
    tests = {backend: _self_test(backend) for backend in BACKENDS}
    versions = {package: _version(package) for package in (*_NEEDED, *_OPTIONAL)}
    failed = any(problem for problem in tests.values()) or any(versions[package] is None for package in _NEEDED)
    if arguments.json:
        facts: dict[str, Any] = {
            "schema": SCHEMA,
            "symdiff": __version__,
            "python": platform.python_version(),
            "packages": versions,
            "templates": str(templates_folder()),
            "self_test": {backend: problem or "passed" for backend, problem in tests.items()},
        }
        print(json.dumps(facts))
    else:
        _print(versions, tests)
    return STALE if failed else FINE


def _print(versions: dict[str, str | None], tests: dict[str, str]) -> None:
    rows = [["symdiff", __version__, ""], ["Python", platform.python_version(), platform.platform()]]
    rows += [[package, versions[package] or "missing", "needed"] for package in _NEEDED]
    rows += [[package, versions[package] or "not installed", what] for package, what in _OPTIONAL.items()]
    folder = templates_folder()
    found = all((folder / backend / "module.py.jinja").is_file() for backend in BACKENDS)
    rows += [["templates", "found" if found else "missing", str(folder)]]
    rows += [[f"backend {name}", "failed" if problem else "works", problem] for name, problem in tests.items()]
    print_table(["", "", ""], rows, numbers=False)


def _self_test(backend: str) -> str:
    """Generate, run and prove a small module; the empty text, or what went wrong."""
    try:
        generate(_tested, emit=("value", "grad", "hess"), backend=backend, simplify="fast")
    except SymdiffError as error:
        return f"{error.code}: {error.summary}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the user wants to know
        return f"{type(error).__name__}: {error}"
    return ""


def _tested(x: float, k: float = 2.0) -> float:
    return k * math.sin(x) / (1.0 + math.exp(-x))


def _version(package: str) -> str | None:
    lookup: Callable[[str], str] = importlib.metadata.version
    try:
        return lookup(package)
    except importlib.metadata.PackageNotFoundError:
        return None
