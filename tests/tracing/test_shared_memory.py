"""Writing into arrays that others look into, or did: as in NumPy, and never into the caller's."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import AssignmentError

X = np.array([0.0, 1.0, 3.0, 2.0])


def heat(u):
    u = u.copy()
    for _ in range(3):
        u[1:-1] += 0.25 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def through_the_last_view(u):
    inner = (2.0 * u)[1:]
    inner[0] = u[3] ** 2
    return np.sum(inner**2)


def after_the_view_is_gone(u):
    v = 1.0 * u
    row = v[1:]
    total = np.sum(row)
    del row
    v[2] = total * v[0]
    return np.sum(v**2)


def in_one_side_of_a_choice(u):
    v = 1.0 * u
    if u[0] > 1.0:
        v[0] = np.sum(v[1:])
    v[1] = 2.0 * v[0]
    return np.sum(v**2)


@pytest.mark.parametrize("function", [heat, through_the_last_view, after_the_view_is_gone, in_one_side_of_a_choice])
def test_a_slice_that_is_gone_is_in_nobodys_way(function) -> None:
    slopes = sd.grad(function, mode="closed")(X)
    steps = 1e-6 * np.eye(4)
    np.testing.assert_allclose(slopes, [(function(X + h) - function(X - h)) / 2e-6 for h in steps], rtol=1e-7)


def base_of_a_view(u):
    v = 1.0 * u
    row = v[1:]
    v[2] = 0.0
    return np.sum(row)


def view(u):
    v = 1.0 * u
    row = v[1:]
    row[0] = 0.0
    return np.sum(v)


def view_of_a_view(u):
    v = np.reshape(1.0 * u, (2, 2))
    first, again = v.T, v[0]
    again[0] = 0.0
    return np.sum(first)


def view_of_the_argument(u):
    u[1:][0] = 0.0
    return np.sum(u)


def view_made_in_one_side_of_a_choice(u):
    v = 1.0 * u
    row = v
    if u[0] > 1.0:
        row = v[::-1]
    v[0] = 5.0
    return row[0] + v[1]


@pytest.mark.parametrize("function", [base_of_a_view, view, view_of_a_view])
def test_a_change_is_seen_by_all_who_look(function) -> None:
    slopes = sd.grad(function, mode="closed")(X)
    steps = 1e-6 * np.eye(4)
    np.testing.assert_allclose(slopes, [(function(X + h) - function(X - h)) / 2e-6 for h in steps], rtol=1e-7)


def test_the_callers_array_is_not_written_to() -> None:
    with pytest.raises(AssignmentError, match="an assignment into"):
        sd.grad(view_of_the_argument)(X)


@pytest.mark.parametrize("first", [0.0, 2.0])
def test_a_view_that_only_some_arguments_have_is_never_wrong(first: float) -> None:
    u = np.array([first, 1.0, 3.0, 2.0])
    try:
        slopes = sd.grad(view_made_in_one_side_of_a_choice)(u)
    except sd.SymdiffError:
        return
    expected = [0.0, 1.0, 0.0, 0.0] if first < 1.0 else [0.0, 1.0, 0.0, 1.0]
    np.testing.assert_array_equal(slopes, expected)


def written_behind_the_loop(x):
    kept, other = [0.0, x], [1.0, 2.0 * x]
    while x > 0.1:
        x = x * 0.5
        kept = other
    kept[0] = 5.0 * x
    return kept[1] * other[0] + x


def test_a_list_that_rounds_share_is_not_written_into_behind_the_loop() -> None:
    with pytest.raises(sd.TraceError, match="shares with others"):
        sd.derivative(written_behind_the_loop)
    for x in (1.0, 0.05):
        slope = (written_behind_the_loop(x + 1e-7) - written_behind_the_loop(x - 1e-7)) / 2e-7
        assert sd.grad(written_behind_the_loop)(x) == pytest.approx(slope, rel=1e-6)


def list_in_a_loop_of_one_side(x, y):
    items = [x, y]
    if y < -0.3:
        items[0] -= 1.5
        for i in range(3000):
            items[1] += 0.001 * x * np.sin(i)
    return items[0] * 2.0 + items[1]


def dict_in_a_loop_of_one_side(x, y):
    items = {"a": x, "b": [y, x]}
    if y < -0.3:
        items["a"] -= 1.5
        while x < 5.0:
            x = x + 1.0
            items["a"] += 0.001 * x * y
    elif y < 0.3:
        items["b"][0] = x * x
    return items["a"] + items["b"][0] * x


@pytest.mark.parametrize("f", [list_in_a_loop_of_one_side, dict_in_a_loop_of_one_side])
@pytest.mark.parametrize("y", [-0.4, 0.1, 0.4])
def test_what_a_loop_writes_on_one_side_stays_there(f, y):
    value, slope = sd.value_and_grad(f, mode="closed")(0.6, y)
    assert value == pytest.approx(f(0.6, y), rel=1e-12)
    assert slope == pytest.approx((f(0.6 + 1e-6, y) - f(0.6 - 1e-6, y)) / 2e-6, rel=1e-6)


def one_written_into_or_another(x, y, z):
    items, others = [x, y], [y, z]
    if z > 0.2:
        items[0] += 0.5 + others[1]
        others[0] *= 0.9
    elif x > 0.4:
        items, others = others, items
    items[1] += 1.0
    return items[0] * others[0] + items[1] - others[1]


def one_written_into_or_a_new_one(x, y, z):
    items = {"a": [x, y]}
    if z > 0.2:
        items["a"][0] += 0.5
    else:
        items = {"a": [y * x, x]}
    return items["a"][0] * items["a"][1]


def array_written_into_or_a_new_one(x, y, z):
    v = np.array([x, y])
    if z > 0.2:
        v[0] += 0.5
    elif x > 0.4:
        v = np.array([y, x * x])
    return v[0] * v[1]


def written_into_by_a_side(x, y, z):
    items = [x, y]

    def longer():
        items[0] += 0.5
        return items

    chosen = longer() if z > 0.2 else [y, x * x]
    return chosen[0] * chosen[1] + items[0]


CHANGED_OR_OTHERS = [
    one_written_into_or_another,
    one_written_into_or_a_new_one,
    array_written_into_or_a_new_one,
    written_into_by_a_side,
]


@pytest.mark.parametrize("f", CHANGED_OR_OTHERS)
@pytest.mark.parametrize("point", [(0.6, 0.4, 0.3), (0.6, 0.4, 0.1), (0.3, -0.4, 0.1)])
def test_a_side_leaves_what_it_has_written_into(f, point):
    value, slope = sd.value_and_grad(f)(*point)
    assert value == pytest.approx(f(*point), rel=1e-12)
    x, *others = point
    assert slope == pytest.approx((f(x + 1e-6, *others) - f(x - 1e-6, *others)) / 2e-6, rel=1e-6)
