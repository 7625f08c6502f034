"""Loops closed over what they capture, brought together where they run side by side, and freed of what nobody needs.

In: the nodes of one round, or programs with loops. Out: Loop nodes whose bodies are graphs of their own.
"""

from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from symdiff.ir import make
from symdiff.ir.make_loop import loop, results, rewind
from symdiff.ir.nodes import Body, Const, Input, Loop, Node, Part, Rewind
from symdiff.ir.program import Program, topological
from symdiff.ir.rewrite import rebuild, substitute
from symdiff.ir.structure import LEAF, tuple_of


def closed(
    state: Sequence[Input],
    initial: Sequence[Node],
    condition: Node,
    outputs: Sequence[Node],
    is_outer: Callable[[Node], bool],
    known: Callable[[Body], Body],
) -> list[Node]:
    """The final values of a state whose round is given in terms of Inputs for it, and of nodes from outside.

    is_outer: whether a node that does not depend on the state is computed once, before the loop; Inputs always are.
    known: a body that is to be taken for one that is the same.
    """
    kept = [at for at, (each, output) in enumerate(zip(state, outputs, strict=True)) if output is not each]
    fixed: dict[Node, Node] = {each: initial[at] for at, each in enumerate(state) if at not in kept}
    round_ = substitute([condition, *(outputs[at] for at in kept)], fixed)
    own = [state[at] for at in kept]
    (condition, *rest), captured, outer = closed_over(own, round_, is_outer)
    made = loop(known(Body([*own, *captured], condition, rest)), [*(initial[at] for at in kept), *outer])
    found = dict(zip(kept, results(made), strict=True))
    return [found.get(at, each) for at, each in enumerate(initial)]


def are_the_same(body: Body, other: Body) -> bool:
    """Whether two bodies are the same but for their inputs."""
    signatures = [[(each.name, each.shape, each.dtype, each.is_whole) for each in one.inputs] for one in (body, other)]
    if signatures[0] != signatures[1]:
        return False
    renamed: dict[Node, Node] = dict(zip(body.inputs, other.inputs, strict=True))
    return substitute([body.condition, *body.outputs], renamed) == [other.condition, *other.outputs]


def closed_over(
    own: Sequence[Input], nodes: Sequence[Node], is_outer: Callable[[Node], bool]
) -> tuple[list[Node], list[Input], list[Node]]:
    """The nodes in terms of their own Inputs and of new ones, and what the new ones stand for outside."""
    outer = _frontier(nodes, own, is_outer)
    inner = {node: Input(_name_of(node), node.shape, node.dtype) for node in outer}
    return substitute(nodes, inner), list(inner.values()), outer


def _name_of(node: Node) -> str:
    if isinstance(node, Input):
        return node.name
    origin = None if node.rule else node.origin
    return (origin.binds if origin is not None else None) or ""


def _frontier(outputs: Sequence[Node], state: Collection[Node], is_outer: Callable[[Node], bool]) -> list[Node]:
    """What the outputs need from outside: of what may be computed there, the nodes nearest to them."""
    inside: set[Node] = set(state)
    for node in topological(outputs):
        if any(arg in inside for arg in node.args):
            inside.add(node)
    found: dict[Node, None] = {}
    seen: set[Node] = set(state)
    pending = list(reversed(outputs))
    while pending:
        node = pending.pop()
        if node in seen or (isinstance(node, Const) and not node.shape):
            continue
        seen.add(node)
        may_be = node not in inside and node.dtype != "tuple"
        if may_be and (isinstance(node, Input | Const) or is_outer(node)):
            found[node] = None
        else:
            pending.extend(reversed(node.args))
    return list(found)


def program_of(body: Body, others: Sequence[Input] = ()) -> Program:
    """One round as a program: its results are the condition and the next state.

    others: what it uses besides its own inputs.
    """
    outputs = (body.condition, *body.outputs)
    return Program("round", (), (*body.inputs, *others), outputs, tuple_of([LEAF] * len(outputs)))


def with_rounds(program: Program, transform: Callable[[Program], Program]) -> Program:
    """The program with every loop's round transformed, the innermost loops first."""
    replacements: dict[Node, Node] = {}
    for node in program.nodes():
        if isinstance(node, Loop | Rewind):
            others = node.loop.body.inputs if isinstance(node, Rewind) else ()
            inner = transform(with_rounds(program_of(node.body, others), transform)).outputs
            if inner != (node.body.condition, *node.body.outputs):
                body = _same_round(node.body, inner)
                replacements[node] = (
                    loop(body, node.args) if isinstance(node, Loop) else rewind(body, node.loop, node.args[1:])
                )
    return _replaced(program, replacements)


def _same_round(body: Body, outputs: Sequence[Node]) -> Body:
    """The body that computes the same otherwise; always the same one for the same outputs."""
    key = ("written", *outputs)
    if key not in body.derived:
        body.derived[key] = Body(body.inputs, outputs[0], outputs[1:])
    found: Body = body.derived[key]
    return found


def _replaced(program: Program, replacements: Mapping[Node, Node]) -> Program:
    """The program with loops replaced, whose arguments may hold others that are."""
    if not replacements:
        return program
    known: dict[Node, Node] = {}
    for node in program.nodes():
        stands = replacements.get(node, node)
        args = [known[arg] for arg in stands.args]
        known[node] = rebuild(stands, args)
    return program.mapped(known)


def joined(program: Program) -> Program:
    """The program in which loops over the same state are one, and none computes what nobody needs.

    A derivative's loop computes the value along with the tangents, and so does that of the next derivative.
    """
    if not any(isinstance(node, Loop) for node in program.nodes()):
        return program
    program = _without_twins(_merged(_without_fixed(program)))
    return with_rounds(_trimmed(program), joined)


def _merged(program: Program) -> Program:
    while True:
        loops = [node for node in program.nodes() if isinstance(node, Loop)]
        pairs = [(a, b) for at, a in enumerate(loops) for b in loops[at + 1 :] if _run_together(a, b)]
        if not pairs:
            return program
        first, second = pairs[0]
        merged = _union(first, second)
        places = {each: at for at, each in enumerate(merged.body.state)}
        known: dict[Node, Node] = {first: merged, second: merged}
        for node in program.nodes():  # in their order: what is computed from one loop's results may go into a Rewind
            if node in known:
                continue
            if isinstance(node, Part) and node.args[0] in (first, second):
                one = node.args[0]
                assert isinstance(one, Loop)
                known[node] = make.part(merged, places[one.body.state[node.position]])
            else:
                known[node] = rebuild(node, [known[arg] for arg in node.args])
        program = program.mapped(known)


def _run_together(first: Loop, second: Loop) -> bool:
    """Whether the loops make the same rounds, and neither waits for the other."""
    if first.body.condition is not second.body.condition:
        return False
    ours, theirs = (dict(zip(each.body.inputs, each.args, strict=True)) for each in (first, second))
    shared = [each for each in ours if each in theirs]
    if any(ours[each] is not theirs[each] for each in shared):
        return False
    next_of_ours, next_of_theirs = (dict(zip(x.body.state, x.body.outputs, strict=True)) for x in (first, second))
    if any(next_of_ours.get(each) is not next_of_theirs.get(each) for each in shared):
        return False
    needed = [leaf for leaf in topological([first.body.condition]) if isinstance(leaf, Input)]
    if any(leaf not in theirs or leaf not in ours for leaf in needed):
        return False
    return first not in topological(second.args) and second not in topological(first.args)


def _union(first: Loop, second: Loop) -> Loop:
    args = ChainMap(*(dict(zip(each.body.inputs, each.args, strict=True)) for each in (first, second)))
    rounds = {
        state: output
        for each in (first, second)
        for state, output in zip(each.body.state, each.body.outputs, strict=True)
    }
    captured = dict.fromkeys((*first.body.captured, *second.body.captured))
    body = Body([*rounds, *captured], first.body.condition, rounds.values())
    made = loop(body, [args[each] for each in body.inputs])
    assert isinstance(made, Loop)
    return made


def _trimmed(program: Program) -> Program:
    """The program with loops that keep only the state that their condition and the used results depend on."""
    used: dict[Node, set[int]] = {}
    captured_by: dict[Node, set[Node]] = {}
    for node in program.nodes():
        if isinstance(node, Part) and isinstance(node.args[0], Loop):
            used.setdefault(node.args[0], set()).add(node.position)
        elif isinstance(node, Rewind):
            needed = set(topological(node.body.outputs))
            state = {at for at, each in enumerate(node.loop.body.state) if each in needed}
            used.setdefault(node.loop, set()).update(state)
            captured_by.setdefault(node.loop, set()).update(needed)
    replacements: dict[Node, Node] = {}
    for node, positions in used.items():
        assert isinstance(node, Loop)
        kept = kept_positions(node.body, positions)
        captured = _leaves(node.body, kept, captured_by.get(node, ()))
        if len(kept) + len(captured) < len(node.args):
            places = {each: at for at, each in enumerate(node.body.inputs)}
            inputs = [*(node.body.state[at] for at in kept), *captured]
            body = _part_of(node.body, inputs, kept)
            small = loop(body, [node.args[places[each]] for each in inputs])
            replacements[node] = small
            for new, old in enumerate(kept):
                replacements[make.part(node, old)] = make.part(small, new)
    return _with_parts(program, replacements)


def _without_fixed(program: Program) -> Program:
    """The program in which what never changes is no state, and numbers stand in the rounds themselves."""
    replacements: dict[Node, Node] = {}
    for node in _not_taken_back(program):
        if isinstance(node, Loop):
            small, parts = _settled(node)
            for at, part in enumerate(parts):
                if small is not node:
                    replacements[make.part(node, at)] = part
    return _with_parts(program, replacements)


def _not_taken_back(program: Program) -> list[Node]:
    """The nodes without the loops whose rounds are looked into from outside."""
    taken_back = {node.loop for node in program.nodes() if isinstance(node, Rewind)}
    return [node for node in program.nodes() if node not in taken_back]


def _settled(node: Loop) -> tuple[Loop, list[Node]]:
    """The loop without fixed state, and its results."""
    body, args, parts = node.body, dict(zip(node.body.inputs, node.args, strict=True)), results(node)
    rounds = dict(zip(body.state, body.outputs, strict=True))
    condition = body.condition
    fixed: set[Node] = set()
    while True:
        new = {each for each in args if each not in fixed and rounds.get(each, each) is each}
        numbers: dict[Node, Node] = {
            each: args[each] for each in new if isinstance(args[each], Const) and not args[each].shape
        }
        fixed |= new
        if not numbers and not any(each in rounds for each in new):
            break
        for each in new:
            rounds.pop(each, None)
        condition, *outputs = substitute([condition, *rounds.values()], numbers)
        rounds = dict(zip(rounds, outputs, strict=True))
        for number in numbers:
            args.pop(number)  # type: ignore[call-overload]
    if len(args) == len(node.args) and len(rounds) == len(body.outputs):
        return node, parts
    inputs = [*rounds, *(each for each in args if each not in rounds)]
    key = ("settled", condition, *inputs, *rounds.values())
    if key not in body.derived:
        body.derived[key] = Body(inputs, condition, rounds.values())
    small = loop(body.derived[key], [args[each] for each in inputs])
    assert isinstance(small, Loop)
    final = dict(zip(rounds, results(small), strict=True))
    return small, [final.get(each, node.args[at]) for at, each in enumerate(body.state)]


def _without_twins(program: Program) -> Program:
    """The program in which state that is the same in all rounds is computed once."""
    replacements: dict[Node, Node] = {}
    for node in _not_taken_back(program):
        if isinstance(node, Loop):
            leaders = _leaders(node)
            kept = [at for at, leader in enumerate(leaders) if at == leader]
            if len(kept) < len(leaders):
                small = _of_leaders(node, leaders, kept)
                for at, leader in enumerate(leaders):
                    replacements[make.part(node, at)] = make.part(small, kept.index(leader))
    return _with_parts(program, replacements)


def _leaders(node: Loop) -> list[int]:
    """For each state the first that always has the same value: alike at the start, and made alike of what is."""
    body = node.body
    known: dict[object, int] = {}
    leaders = [known.setdefault((node.args[at], each.dtype), at) for at, each in enumerate(body.state)]
    while True:
        state = body.state
        same: dict[Node, Node] = {state[at]: state[leader] for at, leader in enumerate(leaders)}
        outputs = substitute(body.outputs, same)
        known = {}
        finer = [known.setdefault((leader, outputs[at]), at) for at, leader in enumerate(leaders)]
        if finer == leaders:
            return leaders
        leaders = finer


def _of_leaders(node: Loop, leaders: Sequence[int], kept: Sequence[int]) -> Node:
    body = node.body
    same: dict[Node, Node] = {body.state[at]: body.state[leader] for at, leader in enumerate(leaders)}
    condition, *outputs = substitute([body.condition, *(body.outputs[at] for at in kept)], same)
    inputs = [*(body.state[at] for at in kept), *body.captured]
    args = [*(node.args[at] for at in kept), *node.args[len(leaders) :]]
    return loop(Body(inputs, condition, outputs), args)


def _part_of(body: Body, inputs: Sequence[Input], kept: Sequence[int]) -> Body:
    key = ("part", *inputs)
    if key not in body.derived:
        body.derived[key] = Body(inputs, body.condition, [body.outputs[at] for at in kept])
    found: Body = body.derived[key]
    return found


def _leaves(body: Body, kept: Iterable[int], others: Iterable[Node]) -> list[Input]:
    """What is captured for the condition, some of the state, and others."""
    needed = {*topological([body.condition, *(body.outputs[at] for at in kept)]), *others}
    return [each for each in body.captured if each in needed]


def _with_parts(program: Program, replacements: Mapping[Node, Node]) -> Program:
    """The program with parts of loops replaced by those of others, or by values, made of nodes that come before."""
    known: dict[Node, Node] = {}
    for node in program.nodes():
        part = replacements.get(node)
        if part is None or isinstance(part, Loop):
            stands = node if part is None else part
            known[node] = rebuild(stands, [known.get(arg, arg) for arg in stands.args])
        elif isinstance(part, Part) and part not in known:
            other = part.args[0]
            known[node] = make.part(rebuild(other, [known.get(arg, arg) for arg in other.args]), part.position)
        else:
            known[node] = known.get(part, part)
    return program.mapped(known)


def kept_positions(body: Body, used: Collection[int]) -> list[int]:
    """The state that the results at some positions, and the condition, depend on."""
    places: dict[Node, int] = {each: at for at, each in enumerate(body.state)}
    wanted = set(used)
    pending = [body.condition, *(body.outputs[at] for at in used)]
    while pending:
        found = {places[leaf] for leaf in topological(pending) if leaf in places} - wanted
        wanted |= found
        pending = [body.outputs[at] for at in found]
    return sorted(wanted)
