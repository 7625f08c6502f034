"""The layered layout: boxes apart, arrows forward, few crossings, the same on every run."""

import random
from itertools import combinations, pairwise

import pytest

from symdiff.teach.layout import Layout, layered

Graph = tuple[list[tuple[float, float]], list[tuple[int, int]], list[tuple[float, float]]]


def random_graph(seed: int) -> Graph:
    rng = random.Random(seed)
    count = rng.randrange(1, 25)
    arrows = [(rng.randrange(end), end) for end in range(1, count) for _ in range(rng.randrange(0, 3))]
    boxes = [(float(rng.randrange(20, 120)), float(rng.randrange(20, 60))) for _ in range(count)]
    labels = [(float(rng.randrange(0, 60)), 16.0) for _ in arrows]
    return boxes, arrows, labels


def apart(graph: Graph, plan: Layout) -> bool:
    """Whether no two boxes or labels overlap."""
    boxes, _, labels = graph
    placed = [*zip(plan.boxes, boxes, strict=True), *zip(plan.labels, labels, strict=True)]
    return all(
        abs(x1 - x2) >= (w1 + w2) / 2 - 1e-6 or abs(y1 - y2) >= (h1 + h2) / 2 - 1e-6
        for ((x1, y1), (w1, h1)), ((x2, y2), (w2, h2)) in combinations(placed, 2)
    )


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs(seed: int) -> None:
    graph = random_graph(seed)
    boxes, arrows, _ = graph
    plan = layered(*graph)
    assert plan == layered(*graph)
    assert apart(graph, plan)
    for start, end in arrows:
        assert plan.boxes[start][0] + boxes[start][0] / 2 < plan.boxes[end][0] - boxes[end][0] / 2
    for points in plan.paths:
        assert all(before[0] <= after[0] for before, after in pairwise(points))
    for (x, y), (width, height) in zip(plan.boxes, boxes, strict=True):
        assert -1e-6 <= x - width / 2 <= x + width / 2 <= plan.width + 1e-6
        assert -1e-6 <= y - height / 2 <= y + height / 2 <= plan.height + 1e-6


def crossing(plan: Layout, first: int, second: int) -> bool:
    """Whether two arrows between the same two layers cross."""
    (_, a), *_, (_, b) = plan.paths[first]
    (_, c), *_, (_, d) = plan.paths[second]
    return (a - c) * (b - d) < 0


def test_crossings_that_can_be_avoided_are() -> None:
    """Two rows of boxes, joined back to front: drawn in the given order, all arrows would cross."""
    count = 6
    arrows = [(start, 2 * count - 1 - start) for start in range(count)]
    plan = layered([(20.0, 20.0)] * (2 * count), arrows, [(10.0, 10.0)] * count)
    assert not any(crossing(plan, *pair) for pair in combinations(range(count), 2))


def test_a_chain_is_a_straight_line() -> None:
    plan = layered([(20.0, 20.0)] * 4, [(0, 1), (1, 2), (2, 3)], [(10.0, 10.0)] * 3)
    assert {y for _, y in plan.boxes} == {10.0}
    assert plan.height == 20.0


def test_a_long_arrow_goes_around_the_boxes_between() -> None:
    plan = layered([(20.0, 20.0)] * 3, [(0, 1), (1, 2), (0, 2)], [(10.0, 10.0)] * 3)
    x, y = plan.boxes[1]
    assert all(abs(py - y) > 10.0 for px, py in plan.paths[2] if abs(px - x) <= 10.0 + 1e-6)


def test_what_nothing_leads_to_stands_before_what_needs_it() -> None:
    plan = layered([(20.0, 20.0)] * 5, [(0, 1), (1, 2), (2, 4), (3, 4)], [(10.0, 10.0)] * 4)
    assert plan.boxes[3][0] == plan.boxes[2][0]


def test_nothing_is_a_drawing_too() -> None:
    assert layered([], [], []).width == 0.0
