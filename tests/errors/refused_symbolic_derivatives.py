"""What derivatives by symbols refuse."""

from pathlib import Path

import numpy as np

from symdiff.symbolic import Lop, Rop, function, grad, hessian, jacobian, matrix, scalar, scalars, vector, vectors
from tests.errors.refusing import refused


@refused("symbolic")
def gradient_of_nothing(folder: Path) -> object:
    x = scalar("x")
    return grad(None, x)


@refused("symbolic")
def gradient_of_a_number(folder: Path) -> object:
    x = scalar("x")
    return grad(2.0, x)  # type: ignore[arg-type]


@refused("symbolic")
def gradient_by_a_name(folder: Path) -> object:
    x = scalar("x")
    return grad(x**2, "x")


@refused("symbolic")
def gradient_by_nothing(folder: Path) -> object:
    x = scalar("x")
    return grad(x**2, [])


@refused("symbolic")
def gradient_by_what_the_cost_is_not_made_of(folder: Path) -> object:
    w, b = scalars("w", "b")
    cost = w**2
    return grad(cost, [w, b])


@refused("symbolic")
def what_to_do_with_disconnected_inputs(folder: Path) -> object:
    w, b = scalars("w", "b")
    return grad(w**2, [w, b], disconnected_inputs="zero")  # type: ignore[arg-type]


@refused("symbolic")
def gradient_of_an_array(folder: Path) -> object:
    x = vector("x")
    slope = function([x], grad(x**2, x))
    return slope([1.0, 2.0])


@refused("symbolic")
def hessian_of_an_array(folder: Path) -> object:
    x = vector("x")
    curvature = function([x], hessian(x**3, x))
    return curvature([1.0, 2.0])


@refused("symbolic")
def hessian_by_symbols_made_of_each_other(folder: Path) -> object:
    x = vector("x")
    y = np.sin(x)
    both = function([x], hessian((x * y).sum(), [x, y]))
    return both([1.0, 2.0])


@refused("symbolic")
def jacobian_through_a_substituted_symbol(folder: Path) -> object:
    x, t = vectors("x", "t")
    y = np.sin(x)
    f = function([x, t], jacobian(y * x, x), givens={y: t * np.cos(x)})
    return f([1.0, 2.0], [3.0, 4.0])


@refused("symbolic")
def points_of_a_vector_jacobian_product(folder: Path) -> object:
    x, v = vectors("x", "v")
    return Lop([x**2, x**3], x, v)


@refused("symbolic")
def points_of_a_jacobian_vector_product(folder: Path) -> object:
    x, v = vectors("x", "v")
    return Rop(x**2, x, [v, v])


@refused("symbolic")
def cotangent_of_another_shape(folder: Path) -> object:
    W, x, v = matrix("W"), vector("x"), vector("v")
    f = function([W, x, v], Lop(W @ x, W, v))
    return f(np.ones((2, 3)), np.ones(3), np.ones(3))


@refused("symbolic")
def tangent_of_another_shape(folder: Path) -> object:
    W, x, v = matrix("W"), vector("x"), vector("v")
    f = function([W, x, v], Rop(W @ x, x, v))
    return f(np.ones((2, 3)), np.ones(3), np.ones(2))


@refused("symbolic")
def known_gradients_without_values(folder: Path) -> object:
    x = vector("x")
    return grad(None, x, known_grads=[x**2])  # type: ignore[arg-type]


@refused("symbolic")
def known_gradient_of_another_shape(folder: Path) -> object:
    x = vector("x")
    y = x**2
    f = function([x], grad(None, x, known_grads={y: 1.0}))
    return f([1.0, 2.0])
