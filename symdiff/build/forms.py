"""Which of several forms of a derivative is written: the fastest, unless another is far shorter and not much slower.

In: Programs that compute the same, and a backend. Out: one of them.
"""

from collections.abc import Sequence

from symdiff.algebra.cost import operation_count
from symdiff.backends import backend_named
from symdiff.emit.prepared import prepared
from symdiff.ir.nodes import Const, Eye, Index, Input, Join, Layout, Map, Node
from symdiff.ir.program import Program
from symdiff.schedule.rows import is_list, is_matrix

_SLOWER = 2.0  # how much slower a form may be that has half of the operations
# Calls of NumPy for a few numbers, in operations on one, which take 60 ns: 430 ns for an array of three, 70 for a view,
# 5 µs for np.stack, 1.5 for np.array of numbers.
_ARRAY = 7.0
_VIEW = 1.0
_JOIN = 80.0
_LIST = 10.0


def chosen(forms: Sequence[Program], backend: str) -> Program:
    """The form to write; the first one where nothing tells.

    >>> from symdiff.calculus.derivatives import forms
    >>> from symdiff.tracing import trace_function
    >>> import numpy as np
    >>> found = forms(trace_function(lambda A, x: np.tanh(A @ x), shapes={"A": "3 3", "x": 3}), "jac", ["x"])
    >>> chosen(found, "numpy") is found[1]
    True
    """
    if len(forms) == 1:
        return forms[0]
    written = [prepared(form, backend_named(backend)) for form in forms]
    counts = [operation_count(form.outputs) for form in written]
    if backend == "math":
        return forms[counts.index(min(counts))]
    times = [sum(map(_time, form.nodes())) for form in written]
    fastest = times.index(min(times))
    short = [
        at for at in range(len(forms)) if times[at] <= _SLOWER * times[fastest] and 2 * counts[at] <= counts[fastest]
    ]
    return forms[min(short, key=counts.__getitem__) if short else fastest]


def _time(node: Node) -> float:
    """About how long a node takes for a few numbers, in operations on one."""
    match node:
        case Input() | Const():
            return 0.0
        case Join():
            return _LIST + len(node.args) if is_list(node) or is_matrix(node) else _JOIN
        case Index() | Layout():
            return _VIEW
        case Eye():
            return 3.0 * _ARRAY
        case Map() if not node.shape:
            return 1.0
    return _ARRAY
