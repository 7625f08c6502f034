"""Linear algebra as nodes: shapes, identities, symmetry, and the two arithmetics."""

from typing import Any

import mpmath
import numpy as np
import pytest

from symdiff.algebra.passes import simplify
from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.linalg_mpmath import MPMATH
from symdiff.ir.linalg_values import FLOAT
from symdiff.ir.make_linalg import inverse, linalg, matmul, solve, transposed
from symdiff.ir.nodes import Einsum, Input, Linalg, Node, Part
from symdiff.ir.symmetry import is_symmetric
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from tests.programs import program_of

A, B, X, V = Input("a", (3, 3)), Input("b", (3, 3)), Input("x", (4, 3)), Input("v", (3,))
RANDOM = np.random.default_rng(11)
SQUARES = RANDOM.normal(size=(2, 3, 3)) + 2.0 * np.eye(3)
COVARIANCES = SQUARES @ np.swapaxes(SQUARES, -1, -2)
TALLS, WIDES = RANDOM.normal(size=(2, 4, 3)), RANDOM.normal(size=(2, 3, 4))
PHASES = SQUARES + 1j * RANDOM.normal(size=(2, 3, 3))
HERMITIAN = PHASES @ np.conj(np.swapaxes(PHASES, -1, -2))
BANDS = RANDOM.normal(size=(3, 4)) + np.array([[0.0], [5.0], [0.0]])

ROUTINES: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("solve", (SQUARES, SQUARES[0]), {}),
    ("solve", (SQUARES, SQUARES[0, 0]), {}),
    ("inv", (SQUARES,), {}),
    ("det", (SQUARES,), {}),
    ("slogdet", (SQUARES,), {}),
    ("cholesky", (COVARIANCES,), {}),
    ("eig", (SQUARES,), {"is_real": False}),
    ("eig", (COVARIANCES,), {"is_real": True}),
    ("eigh", (COVARIANCES,), {"lower": True}),
    ("eigh", (SQUARES,), {"lower": False}),
    ("svd", (TALLS,), {"full": False}),
    ("svd", (WIDES,), {"full": False}),
    ("qr", (TALLS,), {}),
    ("pinv", (TALLS,), {"rcond": 1e-15}),
    ("lstsq", (TALLS[0], TALLS[1]), {"rcond": None}),
    ("tril", (TALLS,), {"k": -1}),
    ("triu", (TALLS,), {"k": 1}),
    ("solve_triangular", (SQUARES[0], SQUARES[1]), {"lower": True, "trans": True, "unit": True}),
    ("solve_triangular", (SQUARES[0], SQUARES[1, 0]), {"lower": False, "trans": False, "unit": False}),
    ("solve_banded", (BANDS, BANDS.T), {"low": 1, "up": 1}),
    ("solve_sylvester", (SQUARES[0], COVARIANCES[0][:2, :2], TALLS[0][:3, :2]), {}),
    ("expm", (SQUARES[0],), {}),
    ("logm", (COVARIANCES[0],), {}),
    ("sqrtm", (COVARIANCES[0],), {}),
    # of complex matrices
    ("solve", (PHASES, SQUARES), {}),
    ("inv", (PHASES,), {}),
    ("slogdet", (PHASES,), {}),
    ("cholesky", (HERMITIAN,), {}),
    ("eig", (PHASES,), {"is_real": False}),
    ("eigh", (PHASES,), {"lower": True}),
    ("eigh", (PHASES,), {"lower": False}),
    ("svd", (PHASES[:, :2],), {"full": False}),
    ("svd", (PHASES[:, :, :2],), {"full": False}),
    ("svd", (PHASES,), {"full": False}),
    ("pinv", (PHASES[:, :2],), {"rcond": 1e-15}),
    ("solve_triangular", (PHASES[0], SQUARES[0]), {"lower": True, "trans": True, "unit": False}),
    ("solve_sylvester", (PHASES[0], HERMITIAN[0], PHASES[1]), {}),
    ("expm", (PHASES[0],), {}),
    ("logm", (PHASES[0],), {}),
    ("sqrtm", (PHASES[0],), {}),
]


@pytest.mark.parametrize(("how", "args", "options"), ROUTINES)
def test_both_arithmetics_agree(how: str, args: tuple[Any, ...], options: dict[str, Any]) -> None:
    exact = np.frompyfunc(mpmath.mpmathify, 1, 1)
    with mpmath.workdps(40):
        found = MPMATH[how](*[exact(arg) for arg in args], **options)
    expected = FLOAT[how](*args, **options)
    nodes = [Input("i", np.shape(arg), "complex" if np.iscomplexobj(arg) else "real") for arg in args]
    made = linalg(how, *nodes, **options)
    results = made.parts or [(made.shape, made.dtype)]
    pairs = zip(found, expected, results, strict=True) if made.parts else [(found, expected, results[0])]
    for mine, theirs, (shape, dtype) in pairs:
        assert np.shape(mine) == np.shape(theirs) == shape
        assert np.iscomplexobj(theirs) == (dtype == "complex")
        np.testing.assert_allclose(np.array(mine, dtype=complex), theirs, rtol=1e-11, atol=1e-12)


def test_every_routine_is_compared() -> None:
    assert {how for how, _, _ in ROUTINES} == set(FLOAT) == set(MPMATH)


@pytest.mark.parametrize(
    ("how", "shapes"),
    [
        ("solve", [(3, 3), (2,)]),
        ("solve", [(2, 3, 3), (2, 3)]),
        ("solve", [(3, 2), (3,)]),
        ("inv", [(2, 3)]),
        ("det", [(3,)]),
        ("solve", [(2, 3, 3), (5, 3, 1)]),
    ],
)
def test_shapes_that_do_not_fit_are_refused(how: str, shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(ShapeError):
        linalg(how, *[Input("i", shape) for shape in shapes])


def test_nodes_are_made_simple() -> None:
    assert inverse(inverse(A)) is A
    assert inverse(make.transpose(A)) is make.transpose(inverse(A))
    assert solve(inverse(A), V) is matmul(A, V)
    assert solve(A, make.eye(3)) is inverse(A)
    assert solve(A, 2.0 * V) is 2.0 * solve(A, V)
    assert linalg("det", make.transpose(A)) is linalg("det", A)


def test_logarithms_of_determinants_do_not_overflow() -> None:
    for function in (lambda a: e.log(linalg("det", a)), lambda a: e.log(p.absolute(linalg("det", a)))):
        output = simplify(program_of(function, shapes={"a": (3, 3)})).outputs[0]
        assert isinstance(output, Part)
        assert isinstance(output.args[0], Linalg)
        assert (output.args[0].how, output.position) == ("slogdet", 1)


def test_products_with_an_inverse_are_systems_where_nothing_else_needs_it() -> None:
    def result(function: Any) -> Any:
        return simplify(program_of(function, shapes={"a": (3, 3), "v": (3,)})).outputs[0]

    left, right = result(lambda a, v: matmul(inverse(a), v)), result(lambda a, v: matmul(v, inverse(a)))
    assert left.how == right.how == "solve"
    assert isinstance(left.args[0], Input)
    assert right.args[0] is make.transpose(right.args[0].args[0])
    shared = result(lambda a, v: matmul(inverse(a), v) + make.index(inverse(a), 0))
    assert any(isinstance(arg, Einsum) for arg in shared.args)


def _kernel(x: Node) -> Node:
    (count, width) = x.shape
    difference = make.reshape(x, (count, 1, width)) - make.reshape(x, (1, count, width))
    kernel: Node = e.exp(-make.reduce("sum", difference * difference, [2]))
    return kernel


SYMMETRIC = {
    "X.T @ X": lambda: matmul(make.transpose(X), X),
    "X @ X.T": lambda: matmul(X, make.transpose(X)),
    "a + a.T": lambda: A + make.transpose(A),
    "a * a.T": lambda: A * make.transpose(A),
    "kernel": lambda: _kernel(X) + 2.0 * make.eye(4),
    "x s x.T": lambda: matmul(matmul(X, A + make.transpose(A)), make.transpose(X)),
    "inverse": lambda: inverse(matmul(make.transpose(X), X)),
    "outer": lambda: make.einsum([(0,), (1,)], (0, 1), V, V),
    "constant": lambda: make.constant(np.array([[1.0, 2.0], [2.0, 5.0]])),
}
NOT_SYMMETRIC = {
    "input": lambda: A,
    "a - a.T": lambda: A - make.transpose(A),
    "a @ a": lambda: matmul(A, A),
    "x a x.T": lambda: matmul(matmul(X, A), make.transpose(X)),
    "inverse of an input": lambda: inverse(A),
    "differences": lambda: make.reshape(V, (3, 1)) - make.reshape(V, (1, 3)),
    "another outer": lambda: make.einsum([(0,), (1,)], (0, 1), V, 2.0 * V + 1.0),
    "constant": lambda: make.constant(np.array([[1.0, 2.0], [3.0, 5.0]])),
    "a + b.T": lambda: A + make.transpose(B),
}


@pytest.mark.parametrize("name", SYMMETRIC)
def test_symmetry_is_seen(name: str) -> None:
    node = SYMMETRIC[name]()
    assert is_symmetric(node)
    assert transposed(node) is node


@pytest.mark.parametrize("name", NOT_SYMMETRIC)
def test_symmetry_is_not_imagined(name: str) -> None:
    assert not is_symmetric(NOT_SYMMETRIC[name]())
