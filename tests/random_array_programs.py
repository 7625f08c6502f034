"""Random programs that write into arrays: through views, keys, helpers and `out=`, under branches and in loops.

In: a seed. Out: the source of a module with `f(v, A, s, k)`, of a vector, a matrix, a number and positions, or with
`f(x, y, z)`, which makes these of numbers. A statement is kept where plain NumPy gives finite numbers of a moderate
size at some points. The same seed gives the same source.
"""

import math
import random
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.random_array_parts import Names, Parts, table
from tests.random_array_writes import IN_PLACE, PRELUDE

_HEADS = {False: "def f(v, A, s, k):", True: "def f(x, y, z):"}
_OF_NUMBERS = [
    "v = np.array([x, y, 0.5 * z, x * y])",
    "A = np.array([[x, 0.3, y], [z, x + y, -0.4], [y, z, 0.7 * x]])",
    "s = z",
    "k = np.array([2, 0, 1])",
]
_OPERATORS = table(
    """
    = ; = ; = ; += ; += ; -= ; *=
    """
)
_LARGEST = 40.0


def arguments(seed: int, *, of_numbers: bool = False) -> tuple[Any, ...]:
    """A point."""
    rng = np.random.default_rng(seed)
    if of_numbers:
        return tuple(map(float, rng.normal(size=3)))
    return rng.normal(size=4), rng.normal(size=(3, 4)), float(rng.normal()), rng.permutation(3)


def source(seed: int, *, size: int = 8, of_numbers: bool = False) -> str:
    """The module; `size` is about the number of statements of `f`."""
    return _Program(random.Random(f"array programs {seed}"), of_numbers).text(size)


def module_of(text: str) -> dict[str, Any]:
    """The names of a module that is never written to a file."""
    names: dict[str, Any] = {}
    exec(text, names)
    return names


class _Program:
    def __init__(self, rng: random.Random, of_numbers: bool) -> None:
        self._rng = rng
        self._of_numbers = of_numbers
        self._writes_arguments = rng.random() < 0.03
        self._points = [arguments(rng.randrange(10**6), of_numbers=of_numbers) for _ in range(3)]
        self._module = module_of(PRELUDE)
        self._sometimes: set[str] = set()  # names that may not be bound
        self._lines = [*(_OF_NUMBERS if of_numbers else []), "b = v.copy()", "C = A * 1.0"]
        self._parts = Parts(rng, self._run(self._lines) or {}, self._module)
        self._last = 0

    def text(self, size: int) -> str:
        tries = 0
        while size > 0 and tries < 60:
            tries += 1
            lines = self._statement(0)
            names = self._run([*self._lines, *lines]) if lines else None
            self._parts.indices = []
            self._parts.names = names or self._run(self._lines) or {}
            if names is not None:
                self._lines += lines
                size -= 1
        body = [*self._lines, self._end()]
        return f"{PRELUDE}\n\n{_HEADS[self._of_numbers]}\n{textwrap.indent(chr(10).join(body), '    ')}\n"

    def _run(self, lines: list[str]) -> Names | None:
        """The names that a body leaves behind at all points, with what they hold at the first; None if it fails."""
        body = textwrap.indent("\n".join([*lines, "return locals()"]), "    ")
        found: list[Names] = []
        for point in self._points:
            given = [np.copy(part) if isinstance(part, np.ndarray) else part for part in point]
            try:
                with np.errstate(all="ignore"):
                    exec(f"{_HEADS[self._of_numbers]}\n{body}", self._module)
                    found.append(self._module["f"](*given))
            except Exception:  # noqa: BLE001 - whatever plain Python raises: the statement is not used
                return None
            same = all(np.array_equal(one, other) for one, other in zip(given, point, strict=True))
            if not all(map(_is_moderate, found[-1].values())) or (not same and not self._writes_arguments):
                return None
        first, *others = found
        return {
            name: value
            for name, value in first.items()
            if name not in self._sometimes
            and all(name in other and _kind(other[name]) == _kind(value) for other in others)
        }

    # Statements: each gives lines, and does on the examples what they do.

    def _statement(self, depth: int) -> list[str]:
        kinds: list[tuple[Callable[[int], list[str]], float]] = [
            (self._bind, 3.0),
            (self._write, 4.0),
            (self._in_place, 4.0),
            (self._list, 1.2),
            (self._whole_numbers, 0.8),
            (self._if, 2.5 if depth < 2 else 0.0),
            (self._for, 2.2 if depth < 2 else 0.0),
            (self._while, 1.0 if depth < 1 else 0.0),
        ]
        choices, weights = zip(*kinds, strict=True)
        before = dict.fromkeys(self._parts.names)
        lines: list[str] = self._rng.choices(choices, weights)[0](depth)
        if len(lines) > 1 and depth:  # what is bound in a block inside may not be bound
            self._parts.names = {name: value for name, value in self._parts.names.items() if name in before}
        return lines

    def _simple(self, line: str) -> list[str]:
        """The line, if it can run on the examples."""
        try:
            with np.errstate(all="ignore"):
                exec(line, self._module, self._parts.names)
        except Exception:  # noqa: BLE001 - whatever plain Python raises: the statement is not used
            return []
        return [line]

    def _fresh(self, stem: str) -> str:
        self._last += 1
        return f"{stem}{self._last}"

    def _target(self, *, least: int = 1) -> str:
        return self._parts.array(least=least, owned=not self._writes_arguments)

    def _bind(self, depth: int) -> list[str]:
        parts, rng = self._parts, self._rng
        name = parts.array()
        own = self._target()
        old = rng.choice(parts.arrays())
        new = rng.choice([self._fresh("w"), self._fresh("w"), old if old not in "vA" else self._fresh("w")])
        match rng.randrange(8):
            case 0 | 1 | 2:
                return self._simple(f"{new} = {parts.view(own)}")
            case 3 | 4:
                return self._simple(f"{new} = {parts.copied(name)}")
            case 5:
                same = [
                    each
                    for each in parts.arrays(owned=not self._writes_arguments)
                    if _kind(parts.names[each]) == _kind(parts.names[own])
                ]
                made = [
                    f"{own} if {parts.test()} else {rng.choice(same)}",
                    f"pick({own}, {rng.choice(same)}, {parts.number()})",
                ]
                return self._simple(f"{new} = {rng.choice([own, *made])}")
            case 6:
                return self._buffer(new)
        return self._simple(f"{new} = {parts.of_shape(np.shape(parts.names[name]))}")

    def _buffer(self, new: str) -> list[str]:
        """An array that is filled."""
        parts, rng = self._parts, self._rng
        like = parts.array()
        shape = np.shape(parts.names[like])
        fill = parts.of_shape(shape)
        made = rng.choice(
            table(
                """
            np.empty({0}) ; np.zeros({0}) ; np.empty_like({1}) ; np.zeros_like({1}) ; np.ones({0}) ;
            np.zeros({0}, dtype=int) ; np.full({0}, 0.5) ; np.full_like({1}, s) ; np.full({0}, 2)
            """
            )
        )
        first = f"{new} = {made.format(rng.choice([repr(shape), f'{like}.shape']), like)}"
        filled = [f"{new}[:] = {fill}"] if rng.random() < 0.5 else ["for i in range(len({0})):", "    {0}[i] = {1}"]
        row = parts.of_shape(shape[1:])
        lines = [first, *(line.format(new, row) for line in filled)] if len(filled) > 1 else [first, *filled]
        return lines if self._simple("\n".join(lines)) else []

    def _write(self, depth: int) -> list[str]:
        parts, rng = self._parts, self._rng
        target = self._target()
        text = target
        if rng.random() < 0.25:
            text = parts.view(target)
        key = parts.key(target)
        part = parts.value(f"{text}[{key}]")
        if part is None:
            return []
        shape = np.shape(part)
        value = parts.of_shape(shape[rng.choice([0, 0, 1]) :])
        return self._simple(f"{text}[{key}] {rng.choice(_OPERATORS)} {value}")

    def _in_place(self, depth: int) -> list[str]:
        parts = self._parts
        target = self._target()
        shape = np.shape(parts.names[target])
        other = self._target()
        text = self._rng.choice(IN_PLACE)
        while "{p}" in text:
            text = text.replace("{p}", parts.position(shape[0]), 1)
        while "{w}" in text:
            text = text.replace("{w}", parts.number(), 1)
        return self._simple(text.format(t=target, o=other, x=parts.of_shape(shape)))

    def _list(self, depth: int) -> list[str]:
        parts, rng = self._parts, self._rng
        name = self._target()
        lists = [each for each, value in parts.names.items() if isinstance(value, list) and value]
        if not lists or rng.random() < 0.3:
            made = table(
                """
            [{a}, {b}] ; list({a}) ; [{a}[0], {a}[1]] ; [row for row in {a}] ; [{a}.copy()] ; [{n}, {a}[1]] ;
            [e * {n} for e in {a}] ; np.split({a}, 2) ; [{a}[1:], {a}[:-1]] ; {a}.tolist() ; [{a}] * 2
            """
            )
            text = rng.choice(made).format(a=name, b=self._target(), n=parts.number())
            return self._simple(f"{self._fresh('l')} = {text}")
        chosen = rng.choice(lists)
        changed = table(
            """
            {l}.append({a}) ; {l}[0] += {n} ; {l}[{p}] = {x} ; {l}[0][1] = {n} ; {l}[1][...] = {n} ; {l}[-1] *= {n} ;
            {l}.insert(0, {x}) ; {l}[0], {l}[1] = {l}[1], {l}[0] ; {l}.reverse() ; {l}.pop() ; {l} += [{x}] ;
            {f} = np.array({l}) ; {f} = np.stack({l}) ; {f} = np.concatenate({l}) ; {f} = {l}[{p}] ; {f} = {l}[:] ;
            for row in {l}: row += {n} ; for row in {l}: row[0] = {n} ; {f} = sum({l}) ; {f} = {l} + {l} ;
            {f} = [row * 2 for row in {l}] ; {f} = np.vstack({l}) ; {f}, *_ = {l} ; {l}[0] = {l}[-1]
            """
        )
        text = rng.choice(changed).format(
            l=chosen,
            a=name,
            n=parts.number(),
            x=parts.of_shape(np.shape(parts.names[chosen][0])),
            p=parts.position(len(parts.names[chosen])),
            f=self._fresh("w"),
        )
        return text.split("\n") if self._simple(text) else []

    def _whole_numbers(self, depth: int) -> list[str]:
        parts, rng = self._parts, self._rng
        name = parts.array()
        made = table(
            """
            np.zeros(3, dtype=int) ; np.argsort({a}) ; np.arange(len({a})) ; np.array([1, 0, 2]) ; {a}.astype(int) ;
            np.full(3, 1) ; np.ones({a}.shape, dtype=int) ; np.argmax({a}, axis=0) ; np.sign({a}).astype(int) ;
            k.copy() ; (k + 1) % 3 ; np.array({a}, dtype=int) ; {a} > {n} ; np.zeros(3, bool)
            """
        )
        found = [
            each
            for each, value in parts.names.items()
            if isinstance(value, np.ndarray) and value.dtype.kind in "ib" and each != "k"
        ]
        if not found or rng.random() < 0.4:
            return self._simple(f"{self._fresh('c')} = {rng.choice(made).format(a=name, n=parts.number())}")
        changed = table(
            """
            {c}[:] = 3 * {a} ; {c}[{p}] += 1 ; {c}[0] = {n} ; {c}[1] = {p} ; {c} += k ; {c}[{c} > 0] = 0 ;
            {t}[{c} % 3] = {n} ; {t}[{c} > 0] = {n} ; {t}[{c} % 2] += {x} ; {t}[{p}] = {c}[{p}] * {n} ;
            {c}[...] = {a} > {n} ; {t} += {c} ; {c}[{p}] = {a}[0] > {n} ; np.add.at({t}, {c} % 2, 0.3) ;
            {t}[{c}] = {n} ; {t}[{c}] *= 0.5 ; {c} |= {a} > {n} ; {c}[0], {c}[1] = {c}[1], {c}[0]
            """
        )
        text = rng.choice(changed)
        while "{p}" in text:
            text = text.replace("{p}", parts.position(3), 1)
        target = self._target()
        text = text.format(
            c=rng.choice(found), a=name, n=parts.number(), t=target, x=parts.of_shape(np.shape(parts.names[target])[1:])
        )
        return self._simple(text)

    # Blocks

    def _block(self, depth: int, least: int = 1) -> list[str]:
        lines: list[str] = []
        before = set(self._parts.names)
        for _ in range(self._rng.choice([least, least, least + 1])):
            for _ in range(6):
                made = self._statement(depth + 1)
                if made:
                    lines += made
                    break
        self._sometimes |= self._parts.names.keys() - before
        return [f"    {line}" for line in lines or ["pass"]]

    def _if(self, depth: int) -> list[str]:
        rng = self._rng
        lines = [f"if {self._parts.test()}:", *self._block(depth)]
        if rng.random() < 0.25:
            lines += [f"elif {self._parts.test()}:", *self._block(depth)]
        if rng.random() < 0.6:
            lines += ["else:", *self._block(depth)]
        return lines

    def _for(self, depth: int) -> list[str]:
        parts, rng = self._parts, self._rng
        index = "ij"[depth]
        name, other = self._target(), parts.array()
        one = parts.names[name]
        heads: list[tuple[str, Names]] = [
            (f"for {index} in range({rng.choice([2, 3])}):", {index: 1}),
            (f"for {index} in range(len({name})):", {index: 1}),
            (f"for {index} in range(1, len({name})):", {index: 1}),
            (f"for {index} in range(len({name}) - 1, -1, -1):", {index: 1}),
            (f"for {index}, e{index} in enumerate({name}):", {index: 0, f"e{index}": one[0]}),
            (f"for e{index} in {name}:", {f"e{index}": one[0]}),
            (
                f"for e{index}, g{index} in zip({name}, {other}):",
                {f"e{index}": one[0], f"g{index}": parts.names[other][0]},
            ),
            (f"for {index} in range({parts.position(3)}):", {index: 0}),
            (f"for {index} in np.argsort({name}.ravel()):", {index: 1}),
            (f"for {index} in k:", {index: 1}),
        ]
        head, new = rng.choice(heads)
        self._sometimes |= new.keys() - parts.names.keys()
        parts.names.update(new)
        if index in new:
            parts.indices.append(index)
        lines = [head, *self._block(depth)]
        if rng.random() < 0.2:
            lines += [
                f"    if {parts.test()}:",
                f"        {rng.choice(['break', 'continue', 'break'])}",
                *self._block(depth),
            ]
        if index in new:
            parts.indices.remove(index)
        return lines

    def _while(self, depth: int) -> list[str]:
        parts, rng = self._parts, self._rng
        t, n = self._fresh("t"), self._fresh("n")
        first = [f"{t}, {n} = {parts.number()}, 0"]
        if not self._simple(first[0]):
            return []
        inside = [f"    {n} += 1", f"    {t} = {t} * {rng.choice(['0.6', '-0.45', '0.9 * np.cos(s)'])}"]
        parts.indices.append(n)
        lines = [
            *first,
            f"while abs({t}) > {rng.choice(['0.31', '0.17'])} and {n} < {rng.randrange(2, 6)}:",
            *inside,
            *self._block(depth),
        ]
        parts.indices.remove(n)
        return lines

    def _end(self) -> str:
        """The return: a number, an array, or both."""
        parts, rng = self._parts, self._rng
        terms = [f"weighed({name})" for name in parts.arrays() if name not in ("v", "A")]
        terms += [
            f"{weight} * {name}"
            for name, value in parts.names.items()
            if isinstance(value, float) and (weight := "0.7")
        ]
        for name, value in parts.names.items():
            if isinstance(value, list) and value and all(isinstance(each, np.ndarray | float) for each in value):
                terms.append(f"sum(weighed(each) for each in {name})")
            if isinstance(value, np.ndarray) and value.dtype.kind in "ib":
                terms.append(f"s * np.sum({name})")
        total = " + ".join(terms)
        if self._of_numbers or rng.random() < 0.5:
            return f"return {total}"
        name = self._target()
        return f"return {rng.choice([name, f'{name} + {total}', f'{name}, {total}', parts.view(name)])}"


def _is_moderate(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind != "f" or bool(np.all(np.abs(value) < _LARGEST))
    if isinstance(value, float):
        return math.isfinite(value) and abs(value) < _LARGEST
    if isinstance(value, list):
        return all(map(_is_moderate, value))
    return isinstance(value, int | np.integer | np.bool_ | tuple | str | np.ndarray)


def _kind(value: Any) -> Any:
    if isinstance(value, list):
        return [_kind(each) for each in value]
    return (np.shape(value), np.asarray(value).dtype.kind) if not isinstance(value, str) else str
