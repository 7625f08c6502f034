"""The checker finds every kind of malformed Program; the interpreter agrees with NumPy and keeps its precision."""

import mpmath
import numpy as np
import pytest

from symdiff.errors import CheckError, ShapeError
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.calls import Arguments
from symdiff.ir.check import check
from symdiff.ir.evaluate import bind, evaluate, evaluate_mpmath
from symdiff.ir.lengths import named
from symdiff.ir.make_fourier import fourier
from symdiff.ir.make_linalg import linalg
from symdiff.ir.make_loop import loop, rewind
from symdiff.ir.make_ode import ode, slope_of
from symdiff.ir.nodes import (
    KINDS,
    Body,
    Call,
    Cast,
    Const,
    Convolve,
    Einsum,
    Eye,
    Fourier,
    Gather,
    Index,
    Input,
    Iota,
    Join,
    Layout,
    Linalg,
    Loop,
    Map,
    Node,
    Ode,
    Order,
    Part,
    Reduce,
    Rewind,
    Scan,
    Scatter,
    ScatterAdd,
    Select,
    Size,
)
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, structure_of, tuple_of
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.primitive import Primitive

N = named("n")
X, V, M, W = Input("x"), Input("v", (3,)), Input("m", (2, 3)), Input("w", (N,))
FLAG = p.greater(X, 0.0)
AT = arrays.positions(np.array([2, 0]))
SQUARE = make.dot(M, make.transpose(M))  # type: ignore[arg-type]
SLOGDET = linalg("slogdet", SQUARE)
STATE = Input("state")
DOUBLED = loop(Body([STATE], p.less(STATE, 2.0), [STATE * 2.0]), [X])  # type: ignore[operator]
TOTAL = Input("total")
SUMMED = rewind(Body([TOTAL], make.constant(True), [TOTAL + STATE]), DOUBLED, [make.constant(0.0)])


def program(*outputs: Node) -> Program:
    structure = LEAF if len(outputs) == 1 else tuple_of([LEAF] * len(outputs))
    parameters = (Parameter("x"), Parameter("v"), Parameter("m"), Parameter("w", default=np.ones(4)))
    return Program("f", parameters, (X, V, M, W), outputs, structure)


MALFORMED: dict[str, Node] = {
    "arity": Map(e.sin, (X, X), (), "real"),
    "operand": Map(e.sin, (FLAG,), (), "real"),
    "result": Map(e.sin, (X,), (), "bool"),
    "shape of a map": Map(e.sin, (V,), (2,), "real"),
    "condition": Select((X, X, X), (), "real"),
    "shape of a select": Select((FLAG, X, V), (), "real"),
    "shape of an index": Index((0,), V, (1,)),
    "scatter": Scatter((slice(0, 2, 1),), V, (3,)),
    "reshape": Layout("reshape", (), V, (2,)),
    "transpose": Layout("transpose", (1, 0), M, (2, 3)),
    "flip": Layout("flip", (0,), V, (2,)),
    "broadcast": Layout("broadcast", (), V, (2,)),
    "stack": Join("stack", 0, (X, V), (2,)),
    "concatenate": Join("concatenate", 0, (M, V), (3,)),
    "einsum": Einsum(((0, 1),), (), (V,), ()),
    "positions": Gather("index", 0, (V, X), ()),
    "shape of a gather": Gather("index", 0, (M, AT), (3,)),
    "shape of a gather along an axis": Gather("along", 0, (V, AT), (3,)),
    "shape of what is added": ScatterAdd("index", 0, False, (M, AT), (3,)),
    "shape of a roll": Layout("roll", (1,), V, (2,)),
    "shape of a convolution": Convolve("valid", (V, V), (3,)),
    "foreign input": Input("y"),
    "foreign size": make.size_of(named("k")),
    "shape of an open map": Map(e.sin, (W,), (named("n") + 1,), "real"),
    "several results as an output": SLOGDET,
    "several results as an argument": Map(e.sin, (SLOGDET,), (), "real"),
    "linear algebra": Linalg("inv", (), (SQUARE,), (((2, 3), "real"),)),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_nodes_are_found(name: str) -> None:
    with pytest.raises(CheckError):
        check(program(MALFORMED[name]))


def test_wrong_differential_equations_are_found() -> None:
    y, t = Input("y", (1,)), Input("t")
    times = make.constant(np.array([0.0, 1.0]))
    for body, args in (
        (slope_of(y, t, (), make.concatenate([y, y])), [V, times]),
        (slope_of(y, t, (), make.concatenate([y, y])), [make.stack([X]), times]),
        (slope_of(y, t, (), y * X), [make.stack([X]), times]),  # type: ignore[operator]
        (slope_of(y, t, (), -y), [make.stack([X]), X]),
    ):
        with pytest.raises((CheckError, ShapeError)):
            check(program(ode(body, args)))


def test_a_wrong_reduction_is_found() -> None:
    node = Reduce("sum", (0,), V)
    node.shape = (3,)
    with pytest.raises(CheckError):
        check(program(node))


def test_a_wrong_part_is_found() -> None:
    node = Part(1, SLOGDET)
    node.position = 2
    with pytest.raises(CheckError, match="no such result"):
        check(program(node))
    node = Part(1, SLOGDET)
    node.shape = (3,)
    with pytest.raises(CheckError):
        check(program(node))


def test_malformed_programs_are_found() -> None:
    with pytest.raises(CheckError, match="twice"):
        check(Program("f", (Parameter("x"), Parameter("y")), (X, X), (X,)))
    with pytest.raises(CheckError, match="leaves"):
        check(Program("f", (Parameter("x"),), (X, V), (X,)))
    with pytest.raises(CheckError, match="outputs"):
        check(Program("f", (Parameter("x"),), (X,), (X, X)))


FALLING = slope_of(Input("y", (1,)), Input("t"), (), make.constant(np.array([-2.0])))
VALUES = {"x": 0.3, "v": np.array([1.0, -2.0, 0.5]), "m": np.arange(6.0).reshape(2, 3)}
EVERY_KIND: dict[type[Node], tuple[Node, object]] = {
    Input: (V, VALUES["v"]),
    Const: (make.constant(np.array([1.0, 2.0])), np.array([1.0, 2.0])),
    Size: (make.size_of(N + 1), 5.0),
    Eye: (make.eye(N), np.eye(4)),
    Iota: (make.iota(N - 1), np.arange(3.0)),
    Map: (e.exp(M) * V, np.exp(VALUES["m"]) * VALUES["v"]),
    Select: (p.where(p.less(V, X), V, X), np.minimum(VALUES["v"], 0.3)),
    Reduce: (make.reduce("max", M, [0]), np.array([3.0, 4.0, 5.0])),
    Index: (make.index(M, (slice(None), 1)), np.array([1.0, 4.0])),
    Scatter: (make.scatter(X, (1,), (3,)), np.array([0.0, 0.3, 0.0])),
    Layout: (make.transpose(M), VALUES["m"].T),  # type: ignore[attr-defined]
    Join: (make.stack([V, V * 2.0], 1), np.stack([VALUES["v"], 2 * VALUES["v"]], 1)),  # type: ignore[operator]
    Call: (Primitive(np.flip).node(Arguments(structure_of(((V,), {}))), [V]), VALUES["v"][::-1]),
    Einsum: (make.dot(M, V), VALUES["m"] @ VALUES["v"]),  # type: ignore[operator]
    Cast: (make.cast(p.trunc(V), "int"), np.array([1, -2, 0])),
    Scan: (arrays.scan("prod", M, 1, reverse=True), np.array([[0.0, 2.0, 2.0], [60.0, 20.0, 5.0]])),
    Gather: (arrays.gather(M, 1, [AT]), np.array([[2.0, 0.0], [5.0, 3.0]])),
    ScatterAdd: (arrays.scatter_add(V, 0, [arrays.positions([1, 1, -4])], (4,)), np.array([0.5, -1.0, 0.0, 0.0])),
    Order: (arrays.order("argsort", V, 0), np.array([1, 2, 0])),
    Convolve: (arrays.convolve(V, V, "full"), np.convolve([1.0, -2.0, 0.5], [1.0, -2.0, 0.5])),
    Part: (make.part(SLOGDET, 1), np.log(54.0)),
    Fourier: (fourier("irfft", fourier("rfft", V, [3], [0]), [3], [0]), VALUES["v"]),
    Linalg: (linalg("inv", SQUARE), np.array([[50.0, -14.0], [-14.0, 5.0]]) / 54.0),
    Loop: (make.part(DOUBLED, 0), 2.4),
    Ode: (ode(FALLING, [make.stack([X]), make.constant(np.array([0.0, 1.0]))]), np.array([[0.3], [-1.7]])),
    Rewind: (make.part(SUMMED, 0), 0.3 + 0.6 + 1.2),
}


def test_every_kind_is_evaluated_in_both_arithmetics() -> None:
    assert set(EVERY_KIND) == set(KINDS)
    for kind, (node, expected) in EVERY_KIND.items():
        assert kind in {type(node), *(type(arg) for arg in node.args)}
        checked = check(program(node))
        np.testing.assert_allclose(evaluate(checked, **VALUES), expected, rtol=1e-14)
        exact = np.asarray(evaluate_mpmath(checked, **VALUES), dtype=object)
        assert exact.shape == np.shape(expected)
        np.testing.assert_allclose(exact.astype(float), expected, rtol=1e-15)


def test_mpmath_takes_doubles_as_exact_and_keeps_its_digits() -> None:
    found = evaluate_mpmath(program(e.exp(X)), 0.1, VALUES["v"], VALUES["m"], digits=40)
    with mpmath.workdps(40):
        assert abs(found - mpmath.exp(mpmath.mpf(0.1))) < mpmath.mpf(10) ** -39


def test_what_is_undefined_is_nan_without_a_warning() -> None:
    undefined = program(e.log(X))
    assert np.isnan(evaluate(undefined, -1.0, VALUES["v"], VALUES["m"]))
    assert mpmath.isnan(evaluate_mpmath(undefined, -1.0, VALUES["v"], VALUES["m"]))


def test_calls_bind_like_functions() -> None:
    pair = Program("f", (Parameter("x"), Parameter("k", default=2.0)), (X, V), (X,))
    assert bind(pair, 1.0) == [1.0, 2.0]
    assert bind(pair, k=3.0, x=1.0) == [1.0, 3.0]
    for args, kwargs in [((), {}), ((1.0, 2.0, 3.0), {}), ((1.0,), {"x": 2.0}), ((1.0,), {"z": 2.0})]:
        with pytest.raises(TypeError):
            bind(pair, *args, **kwargs)


def test_an_array_of_another_shape_is_refused() -> None:
    with pytest.raises(ShapeError):
        evaluate(program(V), 0.3, np.ones(4), VALUES["m"])
