"""What the programs of `random_classes` are put together from: expressions and statements, with holes.

In: `class_statements.txt`. Out: texts by what they show. In them `<n>` is a number that has a name, `<r>` a number,
`<c>` a condition, `<v>`, `<m>`, `<p>`, `<d>`, `<g>` are names of objects of one kind, `<V>` is an expression that makes
a `Vec`, `<fresh>` a new name, the same one in all of the statement, and `<block>` some statements.
"""

from pathlib import Path

NUMBERS = (
    "<n>",
    "<n>",
    "<v>.a",
    "<v>[1]",
    "<m>.level",
    "<m>.total()",
    "<d>.u",
    "<d>.v",
    "<g>.v",
    "<g>.size",
    "<p>[0]",
    "<p>[-1]",
    "STATE['x']",
)
REALS = (
    "0.5 * (<r> + <r>)",
    "math.sin(<r>)",
    "<r> * math.tanh(<r>)",
    "(<r> if <c> else <r>)",
    "<v> * <v>",
    "<v>(<r>)",
    "sum(<v>)",
    "max(<r>, <r>)",
    "min(<p>)",
    "Meter.bent(<r>)",
    "bent(<r>, by=<n>)",
    "safe(<r>, <n>)",
    "(<r> - 0.25)",
    "len(<v>) * <n>",
    "max(<v>, <v>).b",
    "sorted([<v>, <v>])[0][1]",
    "min([<v>, <v>], key=lambda h: h.b).a",
    "functools.reduce(lambda h, k: 0.5 * h + k, <p>)",
    "functools.reduce(operator.add, <p>, <r>)",
    "functools.partial(bent, by=<n>)(<r>)",
    "<m>.limit * <n>",
    "<m>.other_one * <n>",
    "weight(p.index(p[1]) + 3) * <n>",
    "sum(h * k for h, k in zip(<p>, <v>))",
    "[*<p>, <r>][-1]",
    "dict(k=<r>, h=<n>)['k']",
    "(lambda h, k=<n>: h * k)(<r>)",
    "next(all_of(<p>, 10.0))",
    "sum(some(<p>, <n>))",
    "sum(itertools.accumulate(<p>))",
    "<m>.of(<r>).level",
    "(<fresh> := <r>) * <fresh>",
    "float(f'{len(<p>)}.5') * <n>",
    "Named(<r>, <n>).v",
    "Named(<n>, 0.5)._replace(v=<r>).v",
    "operator.itemgetter(1)(<p>)",
    "operator.attrgetter('u')(<d>)",
    "getattr(<d>, 'v' if len(<p>) > 2 else 'u')",
    "sum(map(lambda h: h * <n>, <p>))",
    "abs(<r>)",
    "(u @ u)",
    "u[1]",
    "max(u[0], <r>)",
    "u.sum()",
    "(<m>.push(<r>) + <m>.push(<n>)) * <n>",
    "heapq.nsmallest(2, <p>)[1]",
    "copy.copy(<v>).a",
    "copy.deepcopy(<d>).u",
    "collections.ChainMap({'h': <r>}, {'k': <n>})['k']",
)
CONDITIONS = (
    "<n> <cmp> <k>",
    "<r> <cmp> <k>",
    "<n> <cmp> <k>",
    "<r> <cmp> <k>",
    "<v> < <v>",
    "<n> > 0.2 and <n> < 1.0",
    "<n> > 0.9 or <n> < -0.6",
    "not <n> > 0.3",
    "(<n> > 0.1) is True",
    "(<n> > 0.1) is not False",
    "<v> is <v>",
    "<v> == <v>",
    "<v> != <v>",
    "<m>.other is None",
    "<m>.push(<r>)",
    "<k> in <v>",
    "<g> < <g>",
    "-0.7 < <n> <= 0.8",
    "any(h > 0.7 for h in <p>)",
    "all(h < 1.1 for h in <v>)",
    "<v>",
    "<m> and <n> > 0.2",
    "isinstance(<m>, Gauge)",
    "bool(<n> < 0.6)",
    "callable(<v>)",
    "(<n> > 0.2) == (<n> > 0.4)",
    "(<n> > 0.2) ^ (<n> < 0.6)",
)
VECS = (
    "Vec(<r>, <r>)",
    "Vec(<n>)",
    "<v> + <v>",
    "<v> + <n>",
    "<n> + <v>",
    "-<v>",
    "<v> - <v>",
    "<v> * <n>",
    "0.5 * <v>",
    "<v>",
    "(<v> if <c> else <v>)",
    "(<v> if <c> else Vec(<n>, 0.5))",
    "sum([<v>, <v>], Vec(0.0, <n>))",
    "max(<v>, <v>)",
    "climbed(<v>, 2)",
    "(<v> or <v>)",
)
STATEMENTS = {
    kind: tuple(statements.split("\n\n"))
    for kind, _, statements in (
        part.strip().partition("\n\n")
        for part in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split("# ")[1:]
    )
}
NAMES = {"<v>": "vw", "<m>": "mo", "<p>": "pq", "<d>": "de", "<g>": "gf", "<t>": "st"}
START = """    STATE = {"x": 0.5 * x, "calls": 0, "log": []}
    s, t = 0.5 * x, y
    v, w = Vec(x, y), Vec(z)
    m, o = Meter(y), Gauge(z)
    d, e = Point(x, z, [y]), Point(y)
    g, f = Spot(x, y), Spot(z)
    p, q = [x, y, 0.5], [z, 0.5, x]
    kept, u = [], np.array([x, 0.5 * y, z])"""
END = (
    "s + 0.7 * t + v * w + 0.3 * v.b - 0.4 * w.a + m.total() - 0.6 * o.total() + 1.3 * d.u - 0.45 * d.v + 0.8 * e.u"
    " - 1.15 * e.v + 0.35 * sum(d.items) + g.size - 0.55 * f.size + 0.9 * p[0] - 0.25 * p[-1] + 0.65 * q[1]"
    " + 0.2 * q[0] + 0.7 * u[0] - 1.2 * u[1] + 0.1 * u[2] + STATE['x'] + 0.01 * STATE['calls']"
    " + 0.3 * sum(STATE['log'])"
)
CLASSWIDE = (
    "Meter.made += 1\n<t> += 0.1 * Meter.made",
    "Meter.limit = <r>",
    "Meter.seen.append(<r>)\n<t> += Meter.seen[-1]",
    "Gauge.limit += <r>\n<t> += Meter.limit",
    "Vec.__call__ = lambda self, by: self.a * by",
    "bent.calls += 1\n<t> += 0.1 * bent.calls",
)  # where the classes are made anew in every call
