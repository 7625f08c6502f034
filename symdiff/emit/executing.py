"""The text of a module, executed; with a limit on rounds while it is proven.

In: a text that has passed the allow-list. Out: its namespace, in which a call raises TooManyRounds rather than loop on:
rounding may keep generated code in a loop that ends in the arithmetic it is compared with.
"""

import ast
import math
import re
from collections.abc import Callable
from typing import Any

from symdiff.ir.loop_values import TooManyRounds

_COUNT = "__count_round"
_LOOP = re.compile(r"^ +(while|for) ", re.MULTILINE)


def execute(text: str, most: float = math.inf) -> dict[str, Any]:
    """The namespace that a checked module makes.

    most: rounds that a call of one of its functions may make, of all loops together.
    """
    rounds = 0

    def start() -> None:
        nonlocal rounds
        rounds = 0

    def count() -> None:
        nonlocal rounds
        rounds += 1
        if rounds > most:
            raise TooManyRounds

    namespace: dict[str, Any] = {"__name__": "generated", _COUNT: count}
    code: Any = _counting(text) if _LOOP.search(text) else text
    exec(compile(code, "<generated>", "exec"), namespace)
    return {name: _started(value, start) if callable(value) else value for name, value in namespace.items()}


def _counting(text: str) -> ast.Module:
    """The module, whose loops count their rounds."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.While | ast.For):
            called = ast.Expr(ast.Call(ast.Name(_COUNT, ast.Load()), [], []))
            node.body.insert(0, ast.copy_location(called, node))
    return ast.fix_missing_locations(tree)


def _started(function: Callable[..., Any], start: Callable[[], None]) -> Callable[..., Any]:
    """The function, every call of which begins to count anew."""

    def call(*args: Any, **keywords: Any) -> Any:
        start()
        return function(*args, **keywords)

    return call
