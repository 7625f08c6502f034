"""What random array programs do to an array: functions of a prelude, and statements that write in place.

`{t}` and `{o}` are names of arrays, `{x}` is a value of the shape of `{t}`, `{w}` a number, `{p}` a position.
"""

from tests.random_array_parts import table

PRELUDE = """import numpy as np


def weighed(y):
    return np.sum(np.sin(y) * np.cos(np.arange(np.size(y)) + 1.0).reshape(np.shape(y)))


def head(y):
    return y[:2]


def pick(first, second, test):
    if test > 0.2:
        return first
    return second


def scale(row, by):
    row *= 0.5
    row += by


def prefix(y):
    for i in range(1, len(y)):
        y[i] += 0.5 * y[i - 1]
    return y


def rectify(y, least):
    for i in range(len(y)):
        if y[i] < least:
            y[i] = 0.3 * least


def swap(y, i, j):
    y[i], y[j] = y[j], y[i]


def first_above(y, level):
    for i, e in enumerate(y.ravel()):
        if e > level:
            return i
    return 0


def insertion_sort(y):
    for i in range(1, len(y)):
        j = i
        while j > 0 and y[j - 1] > y[j]:
            swap(y, j - 1, j)
            j -= 1


def halve_until(y, least):
    n = 0
    while np.max(np.abs(y)) > least and n < 4:
        y *= 0.5
        n += 1
    return n
"""


IN_PLACE = table(
    """
    np.add.at({t}, [0, 0, 1], {w}) ; np.add.at({t}, k, {w}) ; np.subtract.at({t}, [1, 1], {w}) ;
    np.multiply.at({t}, [0, 1, 0], {w}) ; np.add.at({t}, ({p}, {p}), {w}) ; np.add.at({t}, ([0, 0], [1, 1]), {w}) ;
    np.maximum.at({t}, [0, 1, 0], {w}) ; np.add.at({t}, np.argsort({o}), {w}) ; np.copyto({t}, {x}) ;
    np.copyto({t}, {x}, where={t} > {w}) ; np.put({t}, [0, 2, 0], {x}) ; np.put({t}, k, {w}) ;
    np.place({t}, {t} > {w}, [{w}]) ; np.place({t}, {t} > {w}, [{w}, 0.2]) ; np.putmask({t}, {t} < {w}, {x}) ;
    np.putmask({t}, {t} < {w}, {w}) ; {t}.fill({w}) ; {t}.sort() ; {t}.sort(axis=0) ; np.fill_diagonal({t}, {w}) ;
    np.sin({x}, out={t}) ; np.add({t}, {x}, out={t}) ; np.multiply({t}, {x}, {t}) ; np.cumsum({t}, out={t}) ;
    np.maximum({t}, {x}, out={t}, where={t} > {w}) ; np.clip({t}, -0.5, 0.5, out={t}) ; {t}.put([1, 0], {w}) ;
    {t}.clip(-0.5, 0.5, out={t}) ; np.dot({t}, {o}, out={o}) ; np.sum({t}, axis=0, out={o}) ;
    np.cumsum({t}, axis=0, out={t}) ; np.matmul({t}, {o}, out={o}) ; np.negative({t}, out={t}) ;
    np.put_along_axis({t}, np.argsort({t}, axis=-1)[..., :1], {w}, axis=-1) ; np.take({t}, [1, 0], out={o}[:2]) ;
    np.exp(-{x} ** 2, {t}) ; {t}.flat = {w} ; {t}.flat[1:] = {w} ; {t}.flat[{p}] += {w} ; {t}.T[0] = {w} ;
    {t}.ravel()[1] = {w} ; {t}.reshape(-1)[{p}] = {w} ; np.random.default_rng(3).shuffle({t}) ; {t}[...] = {x} ;
    {t}[:] = {t}[::-1] ; {t}[1:] = {t}[:-1] ; {t}[1:] += {t}[:-1] ; {t}[:-1] -= 0.5 * {t}[1:] ;
    {t}[::2], {t}[1] = {w}, {w} ; {t}[[0, 1]] = {t}[[1, 0]] ; {t}[0], {t}[1] = {t}[1], {t}[0] ;
    {t}[[{p}, {p}]] = {t}[[{p}, {p}]] ; {t}[:, [0, 1]] = {t}[:, [1, 0]] ;
    {t}[0], {t}[1] = {t}[1].copy(), {t}[0].copy() ; {t}[{p}], {t}[{p}] = {t}[{p}], {t}[{p}] ; {t}[{t} > {w}] = {w} ;
    {t}[{t} > {w}] *= 0.5 ; {t}[{t} > {w}] += {w} ; {t}[~({t} > {w})] = 0.1 ; {t}[({t} > 0.0) & ({t} < {w})] -= 0.4 ;
    {t}[k] += {w} ; {t}[[0, 0, 1]] += {w} ; {t}[[0, 0]] = [{w}, {w}] ; {t}[np.argmax({t})] = {w} ;
    {t}[np.argsort({t})] = {x} ; {t}[1, :] -= {w} * {t}[0, :] ; {t}[{p}:] *= {w} ; {t}[:{p}] = {w} ;
    {t}[{p}, {p}] = {w} ; {t} += {x} ; {t} *= {x} ; {t} -= {t}.T ; {t}[:] = {x} ; np.diagonal({t}) ;
    np.einsum('ii->i', {t})[:] = {w} ; {t}[np.diag_indices(2)] += {w} ; {t}[np.arange(2), {p}] = {w} ;
    scale({t}[{p}], {w}) ; scale({t}, {x}) ; scale({t}[1:], {w}) ; prefix({t}) ; prefix({t}[::-1]) ;
    rectify({t}, {w}) ; swap({t}, {p}, {p}) ; scale({t}.T, {w}) ; head({t})[1] = {w} ; rectify({t}.ravel(), {w}) ;
    halve_until({t}, 0.6) ; insertion_sort({t}) ; scale(head({t}), {w}) ; insertion_sort({t}[::-1]) ;
    scale(pick({t}, {o}, {w}), {w}) ; pick({t}, {o}, {w})[{p}] = {w} ; (lambda row: scale(row, {w}))({t}[0]) ;
    {t}[{p}] = {t}[{p}] + {t}[{p}] ; {t}[{t} > {w}] = {t}[{t} > {w}] ** 2 ; np.apply_along_axis(prefix, 0, {t}) ;
    [scale(row, {w}) for row in {t}] ; {t}[{t} == {t}.max()] = {w} ; {t}.__setitem__(0, {w}) ; {t}.__iadd__({w}) ;
    np.nan_to_num({t}, copy=False) ; np.einsum('ij->ji', {t})[0] = {w} ;
    np.lib.stride_tricks.sliding_window_view({t}, 2) ; np.nditer({t}) ; {t}.real[0] = {w} ; np.real({t})[1] = {w} ;
    {t}.real += {w} ; np.broadcast_arrays({t}, {o})[0].sum() ; np.triu({t})[0] = {w} ; np.tril({t}) ;
    {t}[np.tril_indices(2)] = {w} ; {t}[np.nonzero({t} > {w})] = 0.2 ; {t}[np.flatnonzero({t} > {w})] = 0.2 ;
    {t}[np.where({t} > {w})] *= 0.2 ; np.place({t}, {t} > {w}, 0.5 * {o})
    """
)
