"""Linear algebra as NumPy and SciPy spell it.

In: a Linalg node and the texts of its arguments. Out: a call of the routine, `np.linalg.solve(a, b)`. Where only one
of several results is used, the cheaper call that gives it alone: `np.linalg.eigvalsh(a)`.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from symdiff.backends.base import Environment, Text, compound
from symdiff.ir.make_linalg import PINV_RCOND, may_turn_complex
from symdiff.ir.nodes import Linalg


class _Spelling(NamedTuple):
    """How a routine is called.

    template: the call, with the arguments and then the options in braces.
    options: the keyword arguments that differ from their defaults, each after a comma.
    results: names for several results.
    alone: by position, the call that gives one of them.
    """

    template: str
    options: Callable[[Linalg], str] = lambda node: ""
    results: tuple[str, ...] = ()
    alone: tuple[int, str] | None = None


def linalg_text(node: Linalg, args: Sequence[Text], environment: Environment) -> Text:
    """The call."""
    spelling = _SPELLINGS[node.how]
    template = spelling.template
    if spelling.alone is not None and environment.used.get(node) == spelling.alone[:1]:
        template = spelling.alone[1]
    head, _, rest = template.partition(".")
    if head == "scipy":
        environment.modules["scipy.linalg"] = None
    codes = [argument.code for argument in args]
    text = f"{environment.head(head)}.{rest.format(*codes, options=spelling.options(node))}"
    return compound(f"{environment.supported('real_root')}({text})" if may_turn_complex(node) else text, args)


def linalg_results(node: Linalg, used: Collection[int]) -> Sequence[tuple[int, str]]:
    """The positions and names of the results that the call gives."""
    spelling = _SPELLINGS[node.how]
    names = list(enumerate(spelling.results))
    alone = spelling.alone
    return [names[alone[0]]] if alone is not None and set(used) == {alone[0]} else names


def _where_true(**words: str) -> Callable[[Linalg], str]:
    """The texts of those options that are true."""

    def options(node: Linalg) -> str:
        return "".join(f", {text}" for name, text in words.items() if node.option(name))

    return options


def _diagonal(node: Linalg) -> str:
    return f", {node.option('k')}" if node.option("k") else ""


def _triangle_read(node: Linalg) -> str:
    return "" if node.option("lower") else ', UPLO="U"'


def _full_matrices(node: Linalg) -> str:
    return "" if node.option("full") else ", full_matrices=False"


def _limit(node: Linalg) -> str:
    limit = node.option("rcond")
    return "" if limit in (None, PINV_RCOND) else f", rcond={limit!r}"


def _bands(node: Linalg) -> str:
    return f"({node.option('low')}, {node.option('up')})"


_TRIANGULAR = _where_true(lower="lower=True", trans="trans=1", unit="unit_diagonal=True")

_SPELLINGS: dict[str, _Spelling] = {
    "solve": _Spelling("np.linalg.solve({}, {})"),
    "inv": _Spelling("np.linalg.inv({})"),
    "det": _Spelling("np.linalg.det({})"),
    "slogdet": _Spelling("np.linalg.slogdet({})", results=("sign", "logdet")),
    "cholesky": _Spelling("np.linalg.cholesky({})"),
    "eig": _Spelling("np.linalg.eig({})", results=("eigenvalues", "eigenvectors"), alone=(0, "np.linalg.eigvals({})")),
    "eigh": _Spelling(
        "np.linalg.eigh({}{options})",
        _triangle_read,
        results=("eigenvalues", "eigenvectors"),
        alone=(0, "np.linalg.eigvalsh({}{options})"),
    ),
    "svd": _Spelling(
        "np.linalg.svd({}{options})", _full_matrices, results=("u", "s", "vh"), alone=(1, "np.linalg.svdvals({})")
    ),
    "qr": _Spelling("np.linalg.qr({})", results=("q", "r"), alone=(1, 'np.linalg.qr({}, mode="r")')),
    "pinv": _Spelling("np.linalg.pinv({}{options})", _limit),
    "lstsq": _Spelling("np.linalg.lstsq({}, {}{options})[0]", _limit),
    "tril": _Spelling("np.tril({}{options})", _diagonal),
    "triu": _Spelling("np.triu({}{options})", _diagonal),
    "solve_triangular": _Spelling("scipy.linalg.solve_triangular({}, {}{options})", _TRIANGULAR),
    "solve_banded": _Spelling("scipy.linalg.solve_banded({options}, {}, {})", _bands),
    "solve_sylvester": _Spelling("scipy.linalg.solve_sylvester({}, {}, {})"),
    "expm": _Spelling("scipy.linalg.expm({})"),
    "logm": _Spelling("scipy.linalg.logm({})"),
    "sqrtm": _Spelling("scipy.linalg.sqrtm({})"),
}
