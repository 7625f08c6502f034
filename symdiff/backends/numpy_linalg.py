"""Linear algebra as NumPy and SciPy spell it.

In: a Linalg node and the texts of its arguments. Out: a call of the routine, `np.linalg.solve(a, b)`. Where only some
of several results are used, the cheaper call that gives them: `np.linalg.eigvalsh(a)`.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from symdiff.backends.base import Environment, Text, compound
from symdiff.ir.nodes import Linalg


class _Spelling(NamedTuple):
    """How a routine is called. results: names for them. first: the call that gives the first of several alone."""

    function: str
    options: Callable[[Linalg], str] = lambda node: ""
    results: tuple[str, ...] = ()
    first: str = ""


def linalg_text(node: Linalg, args: Sequence[Text], environment: Environment) -> Text:
    """The call."""
    spelling = _SPELLINGS[node.how]
    only_first = bool(spelling.first) and environment.used.get(node) == (0,)
    function = spelling.first if only_first else spelling.function
    head, dot, rest = function.partition(".")
    if head == "scipy":
        environment.modules["scipy.linalg"] = None
    listed = ", ".join(argument.code for argument in args)
    return compound(f"{environment.head(head)}{dot}{rest}({listed}{spelling.options(node)})", args)


def linalg_results(node: Linalg, used: Collection[int]) -> Sequence[tuple[int, str]]:
    """The positions and names of the results that the call gives."""
    spelling = _SPELLINGS[node.how]
    names = spelling.results[:1] if spelling.first and set(used) == {0} else spelling.results
    return list(enumerate(names))


def _diagonal(node: Linalg) -> str:
    number = node.option("k")
    return f", {number}" if number else ""


def _triangle_read(node: Linalg) -> str:
    return "" if node.option("lower") else ', UPLO="U"'


_SPELLINGS: dict[str, _Spelling] = {
    "solve": _Spelling("np.linalg.solve"),
    "inv": _Spelling("np.linalg.inv"),
    "det": _Spelling("np.linalg.det"),
    "slogdet": _Spelling("np.linalg.slogdet", results=("sign", "logdet")),
    "eigh": _Spelling(
        "np.linalg.eigh", _triangle_read, results=("eigenvalues", "eigenvectors"), first="np.linalg.eigvalsh"
    ),
    "tril": _Spelling("np.tril", _diagonal),
    "triu": _Spelling("np.triu", _diagonal),
}
