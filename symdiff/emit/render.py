"""Statements as lines.

In: statements. Out: lines with their indentation, each value of the user's own with the line it comes from.
"""

from collections.abc import Sequence
from dataclasses import replace

from symdiff.backends.base import Text, either, negated
from symdiff.backends.layout import LINE, Group, lines
from symdiff.emit.statements import Assign, Choice, Define, Keep, Leave, Refusal, Repeat, Statement
from symdiff.errors import BackendError
from symdiff.ir.nodes import Node
from symdiff.origin import Origin, shown_place

_DEEPEST = 80  # levels of indentation; Python's tokenizer takes 100
_LONGEST = 500  # `elif` after `elif`, which Python's compiler nests; it fails between 1,000 and 3,000


def rendered(statements: Sequence[Statement], indent: int = 4) -> list[str]:
    """The lines of the statements."""
    result: list[str] = []
    waiting: list[tuple[Statement | str, int]] = [(statement, indent) for statement in reversed(statements)]
    while waiting:
        statement, column = waiting.pop()
        if isinstance(statement, str):
            result.append(" " * column + statement)
        elif isinstance(statement, Assign):
            result += assignment(statement, column)
        elif isinstance(statement, Refusal):
            result += refusal(statement, column)
        elif isinstance(statement, Repeat):
            result += _commented(_head(statement, column), statement.node, column)
            waiting += [(inner, column + 4) for inner in reversed(statement.body)]
        elif isinstance(statement, Define):
            waiting += reversed(_definition(statement, column))
        elif isinstance(statement, Keep):
            result += lines(f"{statement.history}.append(", statement.values, ")", column)
        elif isinstance(statement, Leave):
            result += [*lines("if ", statement.condition, ":", column), " " * (column + 4) + "break"]
        else:
            waiting += reversed(_choice(statement, column))
    return result


def _head(loop: Repeat, column: int) -> list[str]:
    """`while …:` or `for …:`."""
    if not loop.targets:
        return lines("while ", loop.over, ":", column)
    whole = f"{' ' * column}for {', '.join(loop.targets)} in {loop.over}:"
    if len(whole) <= LINE or len(loop.targets) == 1:
        return [whole]
    return lines("for ", Group("(", loop.targets, ")"), f" in {loop.over}:", column, force=True)


def _definition(function: Define, column: int) -> list[tuple[Statement | str, int]]:
    """The lines and statements of a function, with an empty line around it."""
    head = _commented([f"{' ' * column}def {function.signature}:"], function.node, column)
    result = lines("return ", function.result, indent=column + 4)
    return [
        ("", 0),
        *((line, 0) for line in head),
        *((inner, column + 4) for inner in function.body),
        *((line, 0) for line in result),
        ("", 0),
    ]


def _choice(choice: Choice, column: int) -> list[tuple[Statement | str, int]]:
    """The lines and statements of an `if`, in order; an `else` that holds one `if` only is an `elif`."""
    if column > 4 * _DEEPEST:
        raise BackendError(
            "branches nest too deeply for Python's parser",
            origin=choice.origin,
            label="stands in too many others",
            why=f"It takes 100 levels of indentation, and this is level {_DEEPEST + 1}.",
            fix='backend="numpy"',
        )
    parts: list[tuple[Statement | str, int]] = []
    branches = _branches(choice)
    if len(branches) > _LONGEST:
        raise BackendError(
            "a chain of branches is too long for Python's compiler",
            origin=choice.origin,
            label="decides on the first of them",
            why=f"The chain has {len(branches):,} branches, {_LONGEST} are written at most.",
            fix='backend="numpy"',
        )
    for keyword, (condition, body) in zip(["if", *["elif"] * len(branches)], branches, strict=False):
        head = lines(f"{keyword} ", condition.code, ":", column) if condition.code else [f"{' ' * column}else:"]
        parts += [(line, 0) for line in head]
        parts += [(statement, column + 4) for statement in body]
    return parts


def _branches(choice: Choice) -> list[tuple[Text, list[Statement]]]:
    """What stands under `if`, each `elif`, and `else`, which has no condition; neighbours that do the same are one."""
    found: list[tuple[Text, list[Statement]]] = []
    rest: list[Statement] = [choice]
    while len(rest) == 1 and isinstance(rest[0], Choice):
        condition, body, rest = rest[0].condition, rest[0].if_true, rest[0].if_false
        if not body:
            condition, body, rest = negated(condition), rest, []
        if found and _are_same(found[-1][1], body):
            before, _ = found.pop()
            condition = either(before, condition)
        found.append((condition, body))
    return [*found, (Text(""), rest)] if rest else found


def _are_same(first: Sequence[Statement], second: Sequence[Statement]) -> bool:
    """Whether the lines of two branches are the same."""
    return len(first) == len(second) and all(map(_is_same, first, second))


def _is_same(first: Statement, second: Statement) -> bool:
    if isinstance(first, Choice) and isinstance(second, Choice):
        return (
            first.condition.code == second.condition.code
            and _are_same(first.if_true, second.if_true)
            and _are_same(first.if_false, second.if_false)
        )
    return type(first) is type(second) and rendered([first]) == rendered([second])


def assignment(statement: Assign, column: int) -> list[str]:
    """`name = text  # model.py:4`; the comment stands above where it does not fit."""
    if statement.fallback:
        return attempt(statement, column)
    sign = "+=" if statement.adds else "="
    target = f"{statement.name}: {statement.annotation}" if statement.annotation else statement.target or statement.name
    written = lines(f"{target} {sign} ", statement.right, indent=column)
    return _commented(written, statement.node, column)


def _commented(written: list[str], node: Node, column: int) -> list[str]:
    """The lines with the user's line that they come from."""
    comment = source_comment(node)
    if not comment:
        return written
    if len(written) == 1 and len(written[0]) + 2 + len(comment) <= LINE:
        return [f"{written[0]}  {comment}"]
    return [" " * column + comment, *written]


def refusal(statement: Refusal, column: int) -> list[str]:
    """`if condition: raise ValueError("…")  # model.py:4`."""
    made, comment = lines("raise ", statement.error, indent=column + 4), line_comment(statement.origin)
    if comment and len(made) == 1 and len(made[0]) + 2 + len(comment) <= LINE:
        made = [f"{made[0]}  {comment}"]
    return [*lines("if ", statement.condition, ":", column), *made]


def attempt(statement: Assign, column: int) -> list[str]:
    """An assignment with what the value is where its right side raises."""
    space = " " * column
    written = lines(f"{statement.name} = ", statement.fallback, indent=column + 4)
    comment = "  # where no result needs it"
    if len(written[0] + comment) <= LINE and len(written) == 1:
        written = [written[0] + comment]
    return [
        f"{space}try:",
        *assignment(replace(statement, fallback=""), column + 4),
        *lines("except ", Group("(", ("ArithmeticError", "ValueError"), ")"), ":", column),
        *written,
    ]


def source_comment(node: Node) -> str:
    """`# model.py:4` for a value that a line of the user's own made."""
    return "" if node.rule else line_comment(node.origin)


def line_comment(origin: Origin | None) -> str:
    """`# model.py:4`; `# line 4` where that is in no file of a name."""
    place = shown_place(origin)
    return f"# {place}" if place else ""
