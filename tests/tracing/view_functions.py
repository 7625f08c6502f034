"""Functions that write into arrays, views, lists, dicts and objects: `f(A, x)` with A of shape (3, 3) and x of 4."""

import numpy as np

BUFFER = np.zeros(3)


class Box:
    """An object with state."""

    def __init__(self, value):
        self.value = value
        self.history = []

    def add(self, value):
        self.value = self.value + value
        self.history.append(value)


def row_of_a_copy(A, x):
    B = A.copy()
    row = B[0]
    row[1] = x[0] * 2.0
    return B


def column(A, x):
    B = A * 1.0
    column = B[:, 1]
    column[:] = x[:3]
    column[2] += x[3]
    return B


def transposed(A, x):
    B = A + 0.0
    B.T[0, 2] = x[1]
    T = B.transpose()
    T[1] *= x[2]
    return B


def swapped(A, x):
    B = A + 0.0
    np.swapaxes(B, 0, 1)[0] -= x[0]
    return B


def reshaped(A, x):
    B = A + 0.0
    flat = B.reshape(9)
    flat[4] = x[0] * x[1]
    B.reshape(-1)[0] += x[2]
    return B


def raveled(A, x):
    B = A + 0.0
    B.ravel()[::4] = x[0]
    B.flat[1] = x[1]
    return B


def flattened_is_a_copy(A, x):
    B = A + 0.0
    B.flatten()[0] = x[0]
    B[[0, 1]][0, 0] = x[1]
    return B


def chained_index(A, x):
    B = A + 0.0
    B[0][1] = x[0]
    B[1:][0][2] += x[1]
    B[1][1:][0] *= x[2]
    return B


def rows_of_a_loop(A, x):
    B = A + 0.0
    for row in B:
        row += x[0]
        row[2] = x[1]
    return B


def rows_numbered(A, x):
    B = np.zeros((3, 3))
    for i, row in enumerate(B):
        row[i] = x[i]
        row[:i] -= A[i, :i]
    return B


def two_views(A, x):
    B = A + 0.0
    first, second = B[0], B[:, 0]
    first[0] = x[0]
    second[1] = first[0] * x[1]
    first += 1.0
    return B * second[0]


def view_of_a_view(A, x):
    B = A + 0.0
    inner = B[1:][:, 1:]
    inner[0] = x[:2]
    inner.T[1] += x[2]
    return B


def view_read_after_write(A, x):
    B = A + 0.0
    row = B[2]
    B[2, 0] = x[0]
    B += 1.0
    return row * 2.0


def rebound_is_no_write(A, x):
    B = A + 0.0
    row = B[0]
    row = row + x[0]
    return B + row


def out_argument(A, x):
    y = np.empty(4)
    np.multiply(x, x, out=y)
    np.sin(y, out=y)
    np.add(y, 1.0, y)
    return y


def out_into_a_view(A, x):
    B = np.zeros((3, 3))
    np.multiply(A[0], x[0], out=B[1])
    return B


def added_at(A, x):
    y = np.zeros(3)
    np.add.at(y, [0, 1, 1, 2], x)
    return y


def copied_to(A, x):
    y = np.zeros(4)
    np.copyto(y, x * x)
    return y


def put(A, x):
    y = np.zeros(4)
    np.put(y, [0, 2], x[:2])
    return y


def diagonal_filled(A, x):
    B = A + 0.0
    np.fill_diagonal(B, x[0])
    return B


def filled(A, x):
    y = np.zeros(3)
    y.fill(x[0])
    return y * x[1]


def sorted_in_place(A, x):
    y = x * 2.0
    y.sort()
    return y


def empty_in_a_loop(A, x):
    y = np.empty(4)
    for i in range(4):
        y[i] = x[i] ** 2 + (y[i - 1] if i else 0.0)
    return y


def empty_like(A, x):
    y = np.empty_like(x)
    y[:] = x[::-1]
    y[1:3] *= y[2:4]
    return y


def fancy(A, x):
    y = x * 1.0
    y[[0, 2]] = y[[2, 0]]
    y[np.array([1, 3])] += x[0]
    return y


def overlapping(A, x):
    y = x * 1.0
    y[1:] = y[:-1]
    y[::2] += y[1::2]
    return y


def buffer_of_ones(A, x):
    y = np.ones(3)
    y *= x[:3]
    y[-1] **= 2
    return y


def appended(A, x):
    items = []
    for i in range(4):
        items.append(x[i] * i)  # noqa: PERF401 (to append is the point)
    items[1] = x[0]
    items.extend([x[1], 2.0])
    items[2:4] = [x[3]]
    last = items.pop()
    items.insert(0, last)
    return np.array(items)


def appended_on_both_sides(A, x):
    items = [x[0]]
    if x[1] > 0.5:
        items.append(x[1] * 2.0)
        items[0] = x[2]
    else:
        items.append(x[3])
    return np.array(items) * items[-1]


def nested_lists(A, x):
    grid = [[0.0] * 2 for _ in range(2)]
    grid[0][1] = x[0]
    if x[0] > 0.0:
        grid[1][0] = x[1]
    else:
        grid[1][1] = x[2]
    return np.array(grid)


def shared_lists(A, x):
    row = [x[0], x[1]]
    rows = [row, row]
    rows[0][1] = x[2]
    return np.array(rows)


def written_on_one_side(A, x):
    y = np.zeros(3)
    row = y[1:]
    if x[0] > 0.3:
        row[0] = x[1]
        y[2] += x[2]
    else:
        y[:] = x[3]
    return y


def dict_state(A, x):
    state = {"a": x[0], "b": 0.0}
    for i in range(3):
        if x[i] > 0.4:
            state["b"] += x[i] * state["a"]
        else:
            state["a"] = state["a"] - x[i]
    return np.array([state["a"], state["b"]])


def object_state(A, x):
    box = Box(x[0])
    for i in range(1, 4):
        if x[i] > 0.0:
            box.value = box.value * x[i]
        box.add(x[i])
    return box.value + sum(box.history)


def scalar_augmented(A, x):
    total = x[0]
    kept = total
    total += x[1]
    total *= 2.0
    return kept + 10.0 * total


def array_augmented_alias(A, x):
    y = x + 0.0
    z = y
    z += 1.0
    z *= x
    return y


def argument_rebound(A, x):
    x = x * 2.0
    x[0] = A[0, 0]
    return x


def writes_an_argument(A, x):
    x[0] = 2.0
    return x * A[0, 0]


def writes_a_row_of_an_argument(A, x):
    row = A[0]
    row[1] = x[0]
    return A * 1.0


def augments_an_argument(A, x):
    x += 1.0
    return x


def writes_outside(A, x):
    BUFFER[0] = x[0]
    return BUFFER * 2.0


def broadcast_view(A, x):
    y = np.broadcast_to(x, (2, 4))
    return y * 2.0


def stacked_then_written(A, x):
    B = np.stack([x, x * 2.0])
    B[0] += B[1]
    B[:, 0] = 0.0
    return B


def concatenated_then_written(A, x):
    y = np.concatenate([x, [1.0]])
    y[-1] = x[0] * y[0]
    return y


def diagonal_written(A, x):
    B = A + 0.0
    i = np.arange(3)
    B[i, i] = x[:3]
    B[i, i] += 1.0
    return B


def squeezed(A, x):
    B = A[None] * 1.0
    B.squeeze(0)[1, 1] = x[0]
    B[0, 2:, None][0] *= x[1]
    return B


def split(A, x):
    y = x * 1.0
    first, second = np.split(y, 2)
    first[0] = x[3]
    second += first
    return y


def sliced_with_steps(A, x):
    y = np.zeros(8)
    y[::2] = x
    y[1::2] = -x[::-1]
    y[-1] += y[0]
    return y


def copy_by_slice_of_a_list(A, x):
    items = [x[0], x[1], x[2]]
    other = items[:]
    other[0] = x[3]
    items[2] = 5.0
    return np.array(items + other)


def chosen_then_written(A, x):
    a, b = x * 1.5, x * 2.0
    y = a if x[0] > 0.0 else b
    y[0] = 5.0
    return a + b


def source_written_after_a_choice(A, x):
    a, b = x * 1.5, x * 2.0
    if x[0] > 0.0:  # noqa: SIM108 (the statement is the point)
        y = a
    else:
        y = b
    a[1] = 5.0
    return y


def made_on_both_sides(A, x):
    if x[0] > 0.0:  # noqa: SIM108 (the statement is the point)
        y = x * 1.5
    else:
        y = x * 2.0
    y[0] = 5.0
    return y


def chosen_lists(A, x):
    a, b = [x[0]], [x[1]]
    y = a if x[0] > 0.0 else b
    y[0] = 5.0 * x[2]
    return np.array(a + b)


def chosen_view(A, x):
    B = A + 0.0
    row = B[0] if x[0] > 0.0 else B[2]
    row[1] = x[1]
    return B


def pick(a, b, x):
    if x > 0.0:
        return a
    return b


def chosen_by_a_helper(A, x):
    a, b = x * 1.5, x * 2.0
    pick(a, b, x[0])[0] = 7.0
    return a - b
