"""Where the boxes of a drawing stand: a layered layout, computed by ourselves and the same on every machine.

In: boxes with their sizes, in an order in which every arrow points forward, and arrows with the sizes of their labels.
Out: the centre of every box and label, and the points each arrow passes.

Four steps (Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981):
layers by the longest path; an arrow passes a place of its own in every layer between, one of which holds its label;
orders within layers by barycentres, keeping the one with the fewest crossings; positions across as close to the
neighbours' mean as the order allows, which is isotonic regression (Barlow et al., 1972).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_ROUNDS = 12  # sweeps over the layers, there and back
_GAP_ALONG, _GAP_ACROSS = 18.0, 14.0

Size = tuple[float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """The size of the drawing; the centre of every box; for every arrow the centre of its label and its points.

    An arrow's points are pairs, where it enters and where it leaves each layer: straight within a pair, curved between.
    """

    width: float
    height: float
    boxes: tuple[Point, ...]
    labels: tuple[Point, ...]
    paths: tuple[tuple[Point, ...], ...]


@dataclass
class _Place:
    """A box, or the passage of an arrow through a layer, with its neighbours in the layers before and after."""

    layer: int
    width: float
    height: float
    before: list["_Place"]
    after: list["_Place"]
    order: int = 0
    y: float = 0.0


def layered(boxes: Sequence[Size], arrows: Sequence[tuple[int, int]], labels: Sequence[Size]) -> Layout:
    """The layout from left to right of boxes and arrows between them, `(from, to)` with from before to.

    >>> layered([(10, 10), (10, 10)], [(0, 1)], [(4, 4)]).boxes
    ((5.0, 5.0), (55.0, 5.0))
    """
    depth = _depths(len(boxes), arrows)
    places = [_Place(2 * depth[number], *size, [], []) for number, size in enumerate(boxes)]
    passages = [
        _passages(places[start], places[end], label) for (start, end), label in zip(arrows, labels, strict=True)
    ]
    layers: list[list[_Place]] = [[] for _ in range(2 * max(depth, default=0) + 1)]
    for place in [*places, *(passage for group in passages for passage in group)]:
        layers[place.layer].append(place)
    _order(layers)
    _align(layers)
    return _measured(layers, places, [(places[a], places[b]) for a, b in arrows], passages)


def crossings(layers: Sequence[Sequence[_Place]]) -> int:
    """How many arrows cross between neighbouring layers."""
    count = 0
    for layer in layers:
        ends = [sorted(other.order for other in place.after) for place in layer]
        flat: list[int] = []
        for group in ends:
            count += sum(earlier > end for end in group for earlier in flat)
            flat += group
    return count


def _depths(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """The longest path to each box; what nothing leads to stands just before the first box it leads to."""
    depth = [0] * count
    for start, end in sorted(arrows, key=lambda arrow: arrow[1]):
        depth[end] = max(depth[end], depth[start] + 1)
    sources = set(range(count)) - {end for _, end in arrows}
    for source in sources:
        depth[source] = min((depth[end] - 1 for start, end in arrows if start == source), default=0)
    return depth


def _passages(start: _Place, end: _Place, label: Size) -> list[_Place]:
    """A place in every layer between; the label is in the last one, next to the box that the arrow points to."""
    found: list[_Place] = []
    for layer in range(start.layer + 1, end.layer):
        size = label if layer == end.layer - 1 else (0.0, 0.0)
        found.append(_Place(layer, *size, [], []))
    for before, after in pairwise([start, *found, end]):
        before.after.append(after)
        after.before.append(before)
    return found


def _order(layers: list[list[_Place]]) -> None:
    """Sort every layer by the mean place of its neighbours, there and back, and keep the best order that was met."""
    _number(layers)
    best, fewest = [list(layer) for layer in layers], crossings(layers)
    for round_ in range(_ROUNDS):
        forward = round_ % 2 == 0
        for layer in layers if forward else reversed(layers):
            layer.sort(key=lambda place: _barycentre(place.before if forward else place.after, place.order))
            _number([layer])
        count = crossings(layers)
        if count < fewest:
            best, fewest = [list(layer) for layer in layers], count
    layers[:] = best
    _number(layers)


def _barycentre(neighbours: Sequence[_Place], otherwise: float) -> float:
    return sum(place.order for place in neighbours) / len(neighbours) if neighbours else otherwise


def _number(layers: Sequence[Sequence[_Place]]) -> None:
    for layer in layers:
        for position, place in enumerate(layer):
            place.order = position


def _align(layers: Sequence[Sequence[_Place]]) -> None:
    """Move the places of each layer towards their neighbours, first those before, then all of them."""
    for layer in layers:
        _settle(layer, [0.0] * len(layer))
    for round_ in range(_ROUNDS):
        forward = round_ % 2 == 0
        for layer in layers if forward else reversed(layers):
            wished = [_mean((place.before if forward else place.after) or [place]) for place in layer]
            _settle(layer, wished)
    for layer in layers:
        _settle(layer, [_mean([*place.before, *place.after] or [place]) for place in layer])


def _mean(places: Sequence[_Place]) -> float:
    return sum(place.y for place in places) / len(places)


def _settle(layer: Sequence[_Place], wished: Sequence[float]) -> None:
    """The positions nearest to the wished ones, by least squares, that keep order and gaps: pool adjacent violators."""
    offsets, offset = [], 0.0
    for above, place in pairwise([None, *layer]):
        assert place is not None
        if above is not None:
            offset += (above.height + place.height) / 2 + _GAP_ACROSS
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []  # sum and count of what is wished for, less the offset
    for wish, offset in zip(wished, offsets, strict=True):
        blocks.append((wish - offset, 1))
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1] = blocks[-1][0] + total, blocks[-1][1] + count
    means = [total / count for total, count in blocks for _ in range(count)]
    for place, mean, offset in zip(layer, means, offsets, strict=True):
        place.y = mean + offset


def _measured(
    layers: Sequence[Sequence[_Place]],
    places: Sequence[_Place],
    arrows: Sequence[tuple[_Place, _Place]],
    passages: Sequence[Sequence[_Place]],
) -> Layout:
    """Columns as wide as their widest place, and everything moved to where the drawing begins at 0."""
    centres, right = [], 0.0
    for layer in layers:
        width = max((place.width for place in layer), default=0.0)
        centres.append(right + width / 2)
        right += width + _GAP_ALONG
    everything = [place for layer in layers for place in layer]
    top = min((place.y - place.height / 2 for place in everything), default=0.0)
    bottom = max((place.y + place.height / 2 for place in everything), default=0.0)

    def centre(place: _Place) -> Point:
        return centres[place.layer], place.y - top

    def path(start: _Place, between: Sequence[_Place], end: _Place) -> tuple[Point, ...]:
        points = [(centre(start)[0] + start.width / 2, centre(start)[1])]
        for place in between:
            x, y = centre(place)
            half = max((other.width for other in layers[place.layer]), default=0.0) / 2
            points += [(x - half, y), (x + half, y)]
        return (*points, (centre(end)[0] - end.width / 2, centre(end)[1]))

    return Layout(
        width=max(right - _GAP_ALONG, 0.0),
        height=bottom - top,
        boxes=tuple(centre(place) for place in places),
        labels=tuple(centre(group[-1]) for group in passages),
        paths=tuple(path(start, group, end) for (start, end), group in zip(arrows, passages, strict=True)),
    )
