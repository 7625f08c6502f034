"""Derivatives that nothing is known of, or that do not exist: each is refused with what to do about it."""

import numpy as np
from scipy.integrate import odeint

import symdiff as sd
from tests.tracing.refused_arguments import CALLS as CALLS
from tests.tracing.refused_arguments import called


def cubes(v):
    return v**3


def with_rules(*, reverse=None, forward=None):
    """A primitive with the rules."""
    made = sd.primitive(cubes)
    if reverse is not None:
        made.vjp(reverse)
    if forward is not None:
        made.defjvp(forward)
    return made


opaque = sd.primitive(lambda x, y=1.0: x * y)
scaled = sd.primitive(lambda x, *, y=1.0: x * y)
silent = with_rules(reverse=lambda g, v: ())
misshapen = with_rules(reverse=lambda g, v: np.ones(5) * np.sum(g))
crooked = with_rules(forward=lambda g, ans, v: g * g)
going_in_circles = sd.primitive(lambda v: np.cumsum(v))
going_in_circles.defjvp("same")
pair = sd.primitive(lambda v: (np.sum(v), np.sum(v * v)))
pair.jvp(lambda tangents, v: (np.sum(tangents[0]),))


@called
def primitive_without_a_rule():
    return sd.grad(lambda x: opaque(x))(2.0)


@called
def primitive_without_a_rule_for_a_keyword():
    return sd.grad(lambda x: scaled(1.0, y=x))(2.0)


@called
def rule_that_gives_nothing():
    return sd.grad(lambda v: np.sum(silent(v)))(np.ones(3))


@called
def rule_that_gives_another_shape():
    return sd.grad(lambda v: np.sum(misshapen(v)))(np.ones(3))


@called
def rule_that_gives_too_few():
    return sd.jvp(lambda v: pair(v)[1])(np.ones(3), np.ones(3))


@called
def rule_that_is_not_linear():
    return sd.grad(lambda v: np.sum(crooked(v)))(np.ones(3))


@called
def rule_that_calls_its_primitive():
    return sd.grad(lambda v: np.sum(going_in_circles(v) ** 2))(np.ones(2_000))


@called
def gradient_of_three_results():
    return sd.grad_and_aux(lambda x: (x, x, x))(1.0)


@called
def derivative_of_a_negative_order():
    return sd.derivative(lambda x: x, order=-1)


@called
def derivative_by_an_array():
    return sd.derivative(total_of_three)


def total_of_three(v: "3"):
    return np.sum(v)


@called
def gradient_of_an_array():
    return sd.grad(lambda v: v * 2.0)(np.ones(3))


@called
def gradient_of_a_tuple():
    return sd.grad(lambda x: (x, x))(1.0)


@called
def gradient_of_a_complex_number():
    return sd.grad(lambda x: x * 1j)(1.0)


@called
def holomorphic_gradient_of_a_modulus():
    return sd.holomorphic_grad(lambda z: z * abs(z))(1.0 + 2.0j)


@called
def gradient_by_an_unknown_argument():
    return sd.grad(lambda x: x, argnum="y")(1.0)


@called
def gradient_by_nothing():
    return sd.grad(lambda x: x, argnum=[])(1.0)


@called
def gradient_by_an_argument_twice():
    return sd.grad(lambda x: x, argnum=["x", "x"])(1.0)


@called
def gradient_by_a_static_argument():
    return sd.grad(lambda x, n: x**n, argnum="n", static=["n"])(1.0, 2)


@called
def derivative_of_all_singular_vectors():
    return sd.grad(lambda A: np.sum(np.linalg.svd(A)[0] ** 3))(np.ones((3, 2)))


@called
def derivative_by_many_times():
    return sd.grad(lambda t: np.sum(odeint(lambda y, t: -y * t, 1.0, t)))(np.linspace(0.0, 1.0, 300))
