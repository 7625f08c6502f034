"""Bodies: expressions of some symbols, evaluated with something else in their place.

In: expressions and replacements. Out: `clone`, and the means for `scan`. Nothing is copied: the body is evaluated in a
scope of its own, and depends on whatever of the outside it uses.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.errors import ArgumentError, short_traceback
from symdiff.symbolic.recording import Application, Operation, Recorded, Writer, ancestors, reached
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Symbol, parts, record
from symdiff.symbolic.wiring import pairs_of


class Clone(Operation):
    """Expressions with others in place of some symbols: `args` are what comes in, and what the body uses besides."""

    name = "clone"
    has_parts = True

    def __init__(self, outputs: Sequence[Any], replaced: Sequence[Symbol]) -> None:
        self.outputs = outputs
        self.replaced = replaced

    def evaluate(self, scope: Scope, application: Application) -> Any:
        values = application.args[0]
        placed: dict[Recorded, Any] = {
            symbol: scope.value(value) if isinstance(value, Recorded) else value
            for symbol, value in zip(self.replaced, values, strict=True)
        }
        inside = Scope(placed, scope)
        return [inside.value(output) for output in self.outputs]

    def written_part(self, writer: Writer, application: Application, position: int) -> str:
        texts = [writer.text(value) for value in application.args[0]]
        return writer.within(dict(zip(self.replaced, texts, strict=True))).text(self.outputs[position])


@short_traceback
def clone(output: Any, replace: Any) -> Any:
    """An expression, or a list of them, with others in place of the symbols that it is made of.

    replace: a dict or pairs of symbols and what stands in their place.

    >>> from symdiff.symbolic import function, pp, scalars
    >>> x, y = scalars("x", "y")
    >>> pp(clone(x**2, {x: y + 1}))
    '((y + 1) ** 2)'
    """
    pairs = pairs_of(replace, "replace")
    outputs = list(output) if isinstance(output, list | tuple) else [output]
    if not all(isinstance(each, Symbol) for each in outputs):
        raise ArgumentError(f"only symbols are cloned, not {output!r:.60}", fix="clone(y, {x: 2 * x}), y made of x")
    replaced = [symbol for symbol, _ in pairs]
    besides = used_besides(outputs, dict.fromkeys(replaced))
    whole = record(Clone(outputs, replaced), [value for _, value in pairs], besides)
    found = parts(whole, len(outputs))
    return found if isinstance(output, list | tuple) else found[0]


def used_besides(outputs: Sequence[Recorded], inner: Mapping[Recorded, Any]) -> list[Recorded]:
    """What a body uses of the outside: the symbols next to those that are made of inner ones."""
    own = dict.fromkeys(inner, True)
    met: dict[Recorded, None] = {}
    direct = set(ancestors(outputs, inner))
    for symbol in reached(outputs, inner):
        parents = symbol.application.parents if symbol.application is not None else ()
        own[symbol] = any(own[parent] for parent in parents)
        if own[symbol]:
            met |= {parent: None for parent in parents if not own[parent]}
        elif symbol not in direct:
            met[symbol] = None
    return [*met, *(output for output in outputs if not own[output] and output not in met)]
