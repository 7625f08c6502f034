"""Random plain NumPy functions of a matrix A (m, n) and a vector v (n,), as source text, from a seed.

In: a seed. Out: the text of a function `f(A, v)` that gives one number, and arguments for it. Steps are drawn from
tables by the rank of what they take, and kept where plain NumPy gives finite numbers of a moderate size. A text runs
with any module that looks like NumPy (autograd's does), and often for other lengths.
"""

import linecache
import random
from typing import Any

import numpy as np

_ELEMENTWISE = [
    "np.tanh({a})", "np.sin({a})", "np.exp(-{a}**2)", "np.sqrt({a}**2 + 1)", "np.log1p({a}**2)", "np.abs({a} + 0.013)",
    "-{a}", "{a}**2", "1 / (2 + np.cos({a}))", "np.maximum({a}, 0.1)", "np.clip({a}, -0.513, 0.713)",
    "np.where({a} > 0.2, np.log(np.abs({a}) + 0.1), {a})", "np.logaddexp({a}, 0.3)", "np.arctan2({a}, 1.5)",
    "np.minimum({a}, 0.313)",
]  # fmt: skip
_BINARY = [
    "{a} + {b}", "{a} * {b}", "{a} - {b}", "{a} / (2 + {b}**2)", "np.maximum({a}, {b} + 0.011)",
    "np.minimum({a}, {b} - 0.017)", "np.where({a} > {b} + 0.019, {a}, 2 * {b})", "np.arctan2({a}, {b} + 3)",
    "np.logaddexp({a}, {b})",
]  # fmt: skip
_REDUCTIONS = [
    "np.sum({a}, axis={x}, keepdims={k})", "np.mean({a}, axis={x}, keepdims={k})",
    "np.max({a}, axis={x}, keepdims={k})",
    "np.min({a}, axis={x}, keepdims={k})", "np.prod({a}, axis={x}, keepdims={k})",
    "np.var({a}, axis={x}, keepdims={k})",
    "np.std(np.concatenate([{a}, 2 * {a} + 1], axis={y}), axis={y}, keepdims={k})",
    "np.linalg.norm({a} + 0.1, axis={y})",
]  # fmt: skip
_ALONG = [
    "np.cumsum({a}, axis={y})", "np.sort({a}, axis={y})", "np.roll({a}, {i}, axis={y})", "np.diff({a}, axis={y})",
    "np.concatenate([{a}, {a}**2], axis={y})", "np.stack([{a}, 2 * {a}], axis={y})", "np.repeat({a}, 2, axis={y})",
    "np.expand_dims({a}, {y})", "np.flipud({a})", "np.reshape({a}, -1)",
]  # fmt: skip
_BY_RANK = {
    1: [
        "{a}[::-1]", "{a}[[0, -1, 0]]", "{a}[1:]", "{a}[:-1]", "{a}[::2]", "{a}[-1::-2]",
        "{a}[np.arange({a}.size) % 2 == 0]",
        "np.outer({a}, {a})", "np.diag({a})", "{a}[:, None] * {a}", "{a} @ {a}", "np.tile({a}, 2)",
        "np.pad({a}, 1, mode='constant')", "np.einsum('i,j->ji', {a}, {a}**2)", "np.kron({a}, np.ones(2))",
        "np.cumsum({a})[::-1]",
    ],
    2: [
        "{a}.T", "{a} @ {a}.T", "{a}.T @ {a}", "np.trace({a})", "np.diagonal({a})", "np.triu({a})", "np.tril({a}, -1)",
        "{a}[0]", "{a}[:, -1]", "{a}[1:, ::-1]", "{a}[[0, -1], [0, -1]]", "{a}[:, [0, 0]]", "{a}[..., None, 0]",
        "np.einsum('ij,kj->ik', {a}, {a})", "np.einsum('ij,ij->i', {a}, {a})", "np.tensordot({a}, {a}, axes=2)",
        "np.linalg.slogdet({a} @ {a}.T + 2 * np.eye({a}.shape[0]))[1]",
        "np.linalg.det({a} @ {a}.T / 4 + np.eye({a}.shape[0]))",
        "np.linalg.inv({a} @ {a}.T + 2 * np.eye({a}.shape[0]))",
        "np.linalg.solve({a} @ {a}.T + 2 * np.eye({a}.shape[0]), {a})",
        "np.linalg.cholesky({a} @ {a}.T + 2 * np.eye({a}.shape[0]))",
        "{a} * (np.arange({a}.shape[1]) % 2 == 0)", "{a}.reshape(-1)[::2]", "{a} - np.mean({a}, axis=0)",
    ],
    3: [
        "{a}[0]", "{a}[:, 0]", "{a}[..., -1]", "np.transpose({a}, (2, 0, 1))", "{a} @ np.swapaxes({a}, 1, 2)",
        "np.einsum('ijk->ki', {a})", "np.einsum('ijk,ijl->kl', {a}, {a})", "{a}.reshape({a}.shape[0], -1)",
        "np.sum({a}, axis=(0, 2))",
    ],
}  # fmt: skip
_STEPS, _TRIES = 6, 60
_MOST, _LARGEST = 60, 30.0


def random_expression(seed: int) -> tuple[str, tuple[Any, Any]]:
    """The text of the function of this seed, and its arguments."""
    draw = random.Random(seed)
    rng = np.random.default_rng(seed)
    rows, columns = draw.choice([1, 2, 3, 4]), draw.choice([2, 3, 4])
    arguments = rng.normal(size=(rows, columns)), rng.normal(size=columns)
    values: dict[str, Any] = dict(zip("Av", arguments, strict=True))
    lines: list[str] = []
    for _ in range(_TRIES):
        if len(lines) == _STEPS:
            break
        name, other = (draw.choice(list(values)[-3:]) for _ in range(2))
        code = _step(draw, name, other, np.ndim(values[name]))
        value = _value(code, values)
        if value is not None:
            values[f"t{len(lines)}"] = value
            lines.append(f"    t{len(lines)} = {code}\n")
    parts = [f"np.sum(np.tanh({name}))" for name in list(values)[-3:]]
    return f"def f(A, v):\n{''.join(lines)}    return {' + '.join(parts)}\n", arguments


def _step(draw: random.Random, name: str, other: str, rank: int) -> str:
    tables = [_ELEMENTWISE, _BINARY, _BINARY]
    if rank:
        tables += [_REDUCTIONS, _ALONG, _BY_RANK.get(rank, _ALONG), _BY_RANK.get(rank, _ALONG)]
    axis = draw.randrange(-rank, rank) if rank else None
    code = draw.choice(draw.choice(tables))
    places = {"x": draw.choice([axis, None]), "y": axis, "k": draw.choice([True, False]), "i": draw.choice([-2, 1, 5])}
    return code.format(a=name, b=other, **places)


def _value(code: str, values: dict[str, Any]) -> Any:
    """What plain NumPy gives; None where that is nothing to go on with."""
    try:
        value = np.asarray(eval(code, {"np": np}, values))
    except (ValueError, IndexError, TypeError, np.linalg.LinAlgError):
        return None
    fine = value.dtype == float and 0 < value.size <= _MOST and np.all(np.isfinite(value))
    return value if fine and np.max(np.abs(value)) < _LARGEST else None


def defined(text: str, namespace: Any) -> Any:
    """The function of a text that says `np`, with a module in its place."""
    file = f"<random expression {hash(text)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names: dict[str, Any] = {"np": namespace}
    exec(compile(text, file, "exec"), names)
    return names["f"]
