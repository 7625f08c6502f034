"""The lines of array code that look at the shapes of arguments: sizes are read off, everything else is compared.

In: the inputs with the shapes they were stated with. Out: lines such as `n, d = _sizes(X, ("n", "d"), "X")`; after
them the names of sizes stand for their values.
"""

from collections.abc import Sequence

from symdiff.backends.base import Environment, Leaf
from symdiff.backends.layout import call, flat, lines, quoted
from symdiff.ir.lengths import Name, is_static, names_in, only_name
from symdiff.ir.sizes import Step, plan, where


def shape_checks(leaves: Sequence[Leaf], environment: Environment) -> list[str]:
    """A line or two for each input. `environment` has the names already, and knows which of them are read."""
    givers: dict[Name, str] = {}
    written: list[str] = []
    steps = plan([leaf.node.shape for leaf in leaves])
    for step in steps:
        environment.sizes_read.update(_compared(step, leaves[step.input]))
    for step in steps:
        leaf = leaves[step.input]
        for name in step.new.values():
            givers[name] = leaf.path
        if step.solved is not None:
            written += _solved(step, leaf, environment)
            givers[step.solved.name] = leaf.path
        if step.new and step.solved is None and not _is_tangled(step, leaf):
            written += _new(step, leaf, givers, environment)
        else:
            written += [*_read(step, leaf, environment), *_checked(leaf, givers, environment)]
    return written


def _is_tangled(step: Step, leaf: Leaf) -> bool:
    """Whether a length is made of a size that another axis of the same input gives: (n, n + 1)."""
    new = set(step.new.values())
    return any(only_name(length) not in new and not new.isdisjoint(names_in(length)) for length in leaf.node.shape)


def _compared(step: Step, leaf: Leaf) -> set[Name]:
    """The sizes that the lines of an input need, other than those that they give."""
    needed = {name for length in leaf.node.shape for name in names_in(length)} - set(step.new.values())
    return needed | set(names_in(step.solved.offset)) if step.solved else needed


def _read(step: Step, leaf: Leaf, environment: Environment) -> list[str]:
    """`n = np.shape(A)[0]`, before the whole shape is compared."""
    if not step.new:
        return []
    shape = f"{environment.head('np')}.shape({leaf.name})"
    written = [] if step.solved is not None else _axes_check(leaf, environment)
    for axis, name in step.new.items():
        written += lines(f"{environment.sizes[name]} = ", f"{shape}[{axis}]")
    return written


def _new(step: Step, leaf: Leaf, givers: dict[Name, str], environment: Environment) -> list[str]:
    """`n, d = _sizes(X, ("n", "d"), "X")`: texts are read off, numbers are compared."""
    shape = leaf.node.shape
    names = [environment.sizes[name] if name in environment.sizes_read else "_" for name in step.new.values()]
    entries = [
        quoted(name.text) if (name := only_name(length)) and name in step.new.values() else environment.length(length)
        for length in shape
    ]
    target = f"({names[0]},) = " if len(names) == 1 else f"{', '.join(names)} = "
    if set(names) == {"_"}:
        target = ""
    stated = flat(call("", entries)) if len(entries) != 1 else f"({entries[0]},)"
    arguments = [leaf.name, stated, quoted(leaf.path), *_told(leaf, givers)]
    return lines(target, call(environment.supported("sizes"), arguments))


def _checked(leaf: Leaf, givers: dict[Name, str], environment: Environment) -> list[str]:
    shape = leaf.node.shape
    function = environment.supported("check_shape" if is_static(shape) else "sizes")
    return lines("", call(function, [leaf.name, environment.shape(shape), quoted(leaf.path), *_told(leaf, givers)]))


def _told(leaf: Leaf, givers: dict[Name, str]) -> list[str]:
    """Where the sizes come from that the argument has to share."""
    told = where(leaf.node.shape, givers, leaf.path)
    return [quoted(told)] if told else []


def _solved(step: Step, leaf: Leaf, environment: Environment) -> list[str]:
    """`n = (theta.shape[0] - 1) // 2`, where n is the length of no axis; the shape is compared afterwards."""
    solved = step.solved
    assert solved is not None
    shape = f"{environment.head('np')}.shape({leaf.name})"
    left = f"{shape}[{solved.axis}]"
    if solved.offset != 0:
        offset = environment.length(solved.offset)
        left = f"({left} - {offset if offset.isalnum() else f'({offset})'})"
    code = left if solved.coefficient == 1 else f"{left} // {solved.coefficient}"
    return [*_axes_check(leaf, environment), *lines(f"{environment.sizes[solved.name]} = ", code)]


def _axes_check(leaf: Leaf, environment: Environment) -> list[str]:
    return lines("", call(environment.supported("check_axes"), [leaf.name, str(leaf.node.ndim), quoted(leaf.path)]))
