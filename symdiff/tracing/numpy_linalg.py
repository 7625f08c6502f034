"""np.linalg: what its functions do to tracers.

In: matrices, as the user gives them. Out: Linalg nodes, and compositions of them.
"""

from typing import Any

from symdiff.ir import make
from symdiff.ir.make_linalg import inverse, linalg, solve
from symdiff.ir.nodes import Node
from symdiff.tracing.rules import rule
from symdiff.tracing.values import NamedResults, to_node


@rule("numpy.linalg.solve")
def _solve(a: Any, b: Any) -> Node:
    return solve(to_node(a), to_node(b))


@rule("numpy.linalg.inv")
def _inv(a: Any) -> Node:
    return inverse(to_node(a))


@rule("numpy.linalg.det")
def _det(a: Any) -> Node:
    return linalg("det", to_node(a))


@rule("numpy.linalg.slogdet")
def _slogdet(a: Any) -> NamedResults:
    return _results(linalg("slogdet", to_node(a)), "sign", "logabsdet")


@rule("numpy.linalg.eigh")
def _eigh(a: Any, UPLO: Any = "L") -> NamedResults:  # noqa: N803 (NumPy's name)
    return _results(linalg("eigh", to_node(a), lower=UPLO.upper() == "L"), "eigenvalues", "eigenvectors")


@rule("numpy.linalg.eigvalsh")
def _eigvalsh(a: Any, UPLO: Any = "L") -> Node:  # noqa: N803 (NumPy's name)
    return make.part(linalg("eigh", to_node(a), lower=UPLO.upper() == "L"), 0)


def _results(node: Node, *names: str) -> NamedResults:
    """The results of a node that has several, to be unpacked or reached by name."""
    return NamedResults([make.part(node, position) for position in range(len(names))], names)
