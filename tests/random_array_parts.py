"""Random expressions over arrays that have names: views, parts, positions, masks, numbers, values of a wanted shape.

In: a source of randomness and the names with an example of what each holds, so that shapes are known. Out: texts.
`random_array_programs` makes programs of them.
"""

import random
from typing import Any

import numpy as np

Names = dict[str, Any]


def table(text: str) -> list[str]:
    """The entries of a text that parts them by semicolons."""
    return [entry.strip() for entry in text.split(";")]


# Each is a view in NumPy, or at times a copy; `{a}` is an array of that many axes.
VIEWS = {
    1: table(
        """
            {a}[1:] ; {a}[:-1] ; {a}[::-1] ; {a}[::2] ; {a}[-1::-2] ; {a}[...] ; {a}[:] ; {a}.reshape(-1, 1) ;
            {a}.reshape(2, -1) ; {a}.ravel() ; {a}[None] ; {a}[:, np.newaxis] ; np.flip({a}) ; np.asarray({a}) ;
            {a}.T ; {a}.view() ; np.split({a}, 2)[1] ; np.array_split({a}, 2)[0] ; np.atleast_2d({a}) ; {a}.real ;
            np.expand_dims({a}, 0) ; {a}.astype(float, copy=False) ; np.reshape({a}, (2, -1)) ; {a}[slice(1, 3)] ;
            {a}[1:][:-1] ; {a}[{n}:] ; np.squeeze({a}) ; np.ravel({a}) ; np.atleast_1d({a}) ; head({a})
            """
    ),
    2: table(
        """
            {a}[0] ; {a}[-1] ; {a}[1:] ; {a}[:, 0] ; {a}[:, ::-1] ; {a}[::2] ; {a}.T ; {a}.transpose() ;
            np.swapaxes({a}, 0, 1) ; {a}[:, 1:] ; {a}[1:, :-1] ; {a}[::-1, ::2] ; {a}.reshape(-1) ; {a}.ravel() ;
            {a}.T[0] ; np.fliplr({a}) ; np.flipud({a}) ; {a}[0:1] ; np.vsplit({a}, [1])[1] ; {a}[{n}] ;
            np.hsplit({a}, [1])[0] ; np.moveaxis({a}, 0, 1) ; np.rot90({a}) ; {a}.squeeze() ; {a}[..., -1] ;
            {a}[None] ; np.split({a}, [1], axis=1)[1] ; {a}[:, {n}] ; {a}.swapaxes(0, 1) ; head({a}) ; {a}[1][1:]
            """
    ),
    3: ["{a}[0]", "{a}[..., 0]", "{a}[:, 0]", "{a}.transpose(2, 0, 1)", "{a}[:, :, ::-1]", "{a}[0, 1:]"],
}

# Each has memory of its own, or cannot be written to.
COPIES = table(
    """
    {a}.copy() ; np.array({a}) ; 1.0 * {a} ; {a} + 0.1 ; {a}.flatten() ; np.zeros_like({a}) ; -{a} ;
    np.full_like({a}, {s}) ; np.ones({a}.shape) ; np.zeros({a}.shape) ; np.copy({a}) ; np.tanh({a}) ;
    {a}.astype(float) ; np.sort({a}, axis=0) ; np.cumsum({a}, axis=0) ; np.roll({a}, 1) ; {a}[{k}] ;
    np.where({a} > {s}, {a}, 0.5) ; np.take({a}, [1, 0], axis=0) ; np.concatenate([{a}, {a}]) ; np.diagonal({a}) ;
    np.broadcast_to({a}, (2,) + {a}.shape) ; np.repeat({a}, 2, axis=0) ; {a}[[1, 0, 1]] ; np.stack([{a}, {a}])[1] ;
    np.pad({a}, 1) ; np.tile({a}, 2) ; np.clip({a}, -0.4, 0.9) ; np.linspace(0.0, {s}, len({a})) ;
    np.array([{s}, {s}, 0.3]) ; np.array([[{s}, 0.1], [0.2, {s}]]) ; np.maximum.accumulate({a}) ;
    np.append({a}, {s}) ; np.delete({a}, 1, axis=0) ; np.insert({a}, 1, {s}) ; np.cumprod({a}, axis=-1) ;
    np.diff({a}, axis=0) ; np.triu({a}) ; np.outer({a}, {a}) ; np.vstack([{a}, {a}]) ; np.array([e for e in {a}]) ;
    np.array(list({a})) ; np.asarray([{s}, {s}]) ; np.fromiter({a}, dtype=float) ; np.ascontiguousarray({a}) ;
    np.require({a}) ; np.array({a}, copy=False) ; np.array({a}, copy=None) ; np.array({a}, ndmin=2) ;
    np.array([*{a}]) ; np.copy({a}[::-1]) ; np.meshgrid({a}, {a})[0]
    """
)

_NUMBERS = table(
    """
    s ; 0.4 ; -0.7 ; {a}.mean() ; 0.3 * np.sum({a}) ; np.max({a}) ; {a}.min() ; np.sin({s}) ; {e} ; {e} ; {e} ;
    float({e}) ; 0.5 * {e} ; {e} * {e} ; np.tanh({e} + s) ; abs({e}) ; max({e}, {s}) ; {a}.flat[1] ; {a}.item(1) ;
    len({a}) ; ({e} if {e} > {s} else 0.2) ; {a}.ravel()[{n}] ; np.where({e} > 0.1, {e}, 0.3) ;
    np.dot({a}.ravel(), {a}.ravel()) * 0.1
    """
)
_POSITIONS = table(
    """
    0 ; 1 ; -1 ; {i} ; {i} ; {i} ; int(np.argmax({a})) ; np.argmin({a}) ; k[0] ; k[1] ; int(abs({s})) ;
    np.argsort({a})[0] ; np.searchsorted(np.sort({a}), s) ; (1 if {s} > 0.2 else 0) ; np.argmax({a} > {s}) ;
    len({a}) - 2 ; np.count_nonzero({a} > 0.0) ; first_above({a}, {s}) ; int(k.max())
    """
)
_KEYS = table(
    """
    {n} ; {n} ; {n} ; 1: ; :-1 ; ::2 ; ::-1 ; ... ; : ; k ; [0, 0, 1] ; [1, 0] ; {m} ; {m} ; [{n}, {n}] ;
    np.argsort({v}) ; np.argsort({v})[:2] ; {n}: ; :{n} ; None ; np.array([True, False] * 9)[:len({a})] ;
    np.array([1, 0, 1]) ; slice(None, None, 2) ; np.arange(2) ; k[:2] ; np.arange(len({a}))[::-1]
    """
)
_KEYS_OF_TWO = table(
    """
    {n}, {n} ; :, {n} ; {n}, 1: ; :, ::-1 ; ..., {n} ; ::2, 1: ; :, k[:2] ; [0, 1], [1, 0] ; {n}, : ;
    [0, 1, 1], {n} ; 1:, {n} ; np.ix_([0, 1], [1, 0]) ; np.arange(2), [1, 0] ; {n}, {m1} ; {m0}, {n} ; {m0} ;
    :, {m1} ; {n}, k ; {n}, None ; [[0], [1]], [[0, 1]] ; np.triu_indices(2) ; {n}, [0, 0, 1] ; np.diag_indices(2) ;
    np.where({a} > {s}) ; np.nonzero({a} > 0.0)
    """
)
_TESTS = table(
    """
    {s} > 0.2 ; {s} < {e} ; {e} > 0.1 ; np.any({a} > 1.0) ; ({a} > -1.0).all() ; {e} > 0.0 and {s} < 1.0 ;
    np.argmax({a}) == 1 ; not {e} > 0.3 ; 0.0 < {e} < 0.9 ; {a}.max() > 2 * {s} ; {n} == 1 ;
    {e} <= {s} or {e} > 1.0 ; np.sum({a}) > 0.0 ; len({a}) > 2 ; np.allclose({a}, {a})
    """
)
_UNARY = table(
    """
    np.sin({0}) ; np.tanh({0}) ; 0.6 * {0} ; {0} ** 2 * 0.3 ; -{0} ; np.exp(-({0}) ** 2) ; {0} - {s} ;
    np.sqrt(({0}) ** 2 + 0.5) ; np.abs({0}) ; np.maximum({0}, 0.2) ; np.clip({0}, -0.5, 0.8)
    """
)
_BINARY = table(
    """
    {0} + {1} ; {0} * {1} ; {0} - 0.5 * {1} ; np.maximum({0}, {1}) ; np.where({0} > {s}, {0}, {1}) ;
    {0} / (1.5 + np.abs({1})) ; np.where({0} > {1}, {0}, -{1})
    """
)
_SAME_SHAPE = table(
    """
    np.roll({a}, 1) ; np.cumsum({a}, axis=-1) ; np.sort({a}) ; {a}[::-1] ; {a}[..., ::-1] ; {a}.copy() ;
    np.minimum.accumulate({a}) ; np.flip({a}) ; {a}.T.T ; np.array({a})
    """
)


class Parts:
    """What a program can read."""

    def __init__(self, rng: random.Random, names: Names, module: dict[str, Any]) -> None:
        self.rng = rng
        self.names = names
        self._module = module
        self.indices: list[str] = []  # names of whole numbers

    def arrays(self, *, least: int = 1, owned: bool = False) -> list[str]:
        """The names of arrays of floats that have elements."""
        given = [self.names["v"], self.names["A"]]
        return [
            name
            for name, value in self.names.items()
            if isinstance(value, np.ndarray)
            and value.dtype.kind == "f"
            and value.ndim >= least
            and value.size
            and not (owned and any(np.shares_memory(value, each) for each in given))
        ]

    def array(self, *, least: int = 1, owned: bool = False) -> str:
        """One of them; later ones more often."""
        found = self.arrays(least=least, owned=owned)
        return self.rng.choice(found[-4:] if self.rng.random() < 0.6 else found)

    def value(self, text: str) -> Any:
        """An example of what a text is; None where it is nothing."""
        try:
            with np.errstate(all="ignore"):
                return eval(text, self._module, self.names)
        except Exception:  # noqa: BLE001 - whatever plain Python raises: the text is not used
            return None

    def fill(self, text: str, name: str = "") -> str:
        """The text with names in its places."""
        name = name or self.array()
        value = self.names.get(name)
        places: dict[str, Any] = {
            "a": name,
            "s": self._number(),
            "e": self._element(),
            "k": "k",
            "n": self.position(len(value) if isinstance(value, np.ndarray) and value.ndim else 2),
            "i": self.rng.choice(self.indices or ["0"]),
            "m": f"{name} {self.rng.choice(['> 0.3', '< s', '>= ' + self._element()])}",
            "m0": f"{name}[:, 0] > {self._number()}",
            "m1": f"{name}[0] > {self._number()}",
            "v": name if np.ndim(value) == 1 else "v",
        }
        return text.format(**places)

    def position(self, length: int) -> str:
        """A place on an axis."""
        text = self.rng.choice(_POSITIONS)
        one = [name for name in self.arrays() if np.ndim(self.names[name]) == 1] or ["v"]
        made = text.format(a=self.rng.choice(one), s=self._number(), i=self.rng.choice(self.indices or ["0"]))
        return made if made in ("0", "1", "-1") else f"({made}) % {length}"

    def _number(self) -> str:
        return self.rng.choice(["s", "0.25", self._element()])

    def _element(self) -> str:
        name = self.array()
        shape = np.shape(self.names[name])
        key = ", ".join(self.rng.choice(["0", "1", "-1", *self.indices]) for _ in shape)
        text = f"{name}[{key}]"
        return text if self.value(text) is not None else "s"

    def number(self) -> str:
        """A number."""
        return self.fill(self.rng.choice(_NUMBERS))

    def test(self) -> str:
        """A condition."""
        return self.fill(self.rng.choice(_TESTS))

    def view(self, name: str) -> str:
        """What looks into the memory of an array, in most cases."""
        return self.fill(self.rng.choice(VIEWS.get(np.ndim(self.names[name]), VIEWS[3])), name)

    def copied(self, name: str) -> str:
        """What does not."""
        return self.fill(self.rng.choice(COPIES), name)

    def key(self, name: str) -> str:
        """What may stand between brackets behind the name."""
        kinds = _KEYS + 2 * _KEYS_OF_TWO if np.ndim(self.names[name]) == 2 else _KEYS
        return self.fill(self.rng.choice(kinds), name)

    def of_shape(self, shape: tuple[int, ...], depth: int = 0) -> str:
        """A value that fits into a part of a shape."""
        match self.rng.randrange(8 if depth < 2 else 4):
            case 0:
                return self.number()
            case 4 | 5:
                return self.fill(self.rng.choice(_UNARY).replace("{0}", "{{0}}")).format(
                    self.of_shape(shape, depth + 1)
                )
            case 6 | 7:
                parts = [self.of_shape(shape, depth + 1) for _ in range(2)]
                text = self.rng.choice(_BINARY).replace("{0}", "{{0}}").replace("{1}", "{{1}}")
                return "(" + self.fill(text).format(*parts) + ")"
        for _ in range(12):
            name = self.array()
            text = self.rng.choice([name, name, self.view(name), self.fill(self.rng.choice(_SAME_SHAPE), name)])
            found = self.value(text)
            if found is not None and _fits(np.shape(found), shape):
                return text
        return self.number()


def _fits(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, wanted) == wanted
    except ValueError:
        return False
