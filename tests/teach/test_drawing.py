"""The computational graph as SVG and DOT: golden, well-formed whatever is in it, the same bytes every time."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.cli.main import main
from symdiff.teach.drawing import Box, Drawing
from tests.teach.functions import cosine_and_product, loss, sum_times

ROOT = Path(__file__).parent.parent.parent
SVG = "{http://www.w3.org/2000/svg}"


def labels(function: Any, **options: Any) -> dict[tuple[str, str], list[str]]:
    """The labels of the arrows between values, by name."""
    drawing = sd.draw(function, **options)
    found: dict[tuple[str, str], list[str]] = {}
    for arrow in drawing.arrows:
        ends = tuple(drawing.boxes[end].lines[0].split(" = ")[0] for end in (arrow.start, arrow.end))
        found.setdefault(ends, []).append(arrow.label)  # type: ignore[arg-type]
    return found


def test_golden(golden: Any) -> None:
    golden("teach/cosine_and_product.svg", sd.draw(cosine_and_product).svg)
    golden("teach/cosine_and_product.dot", sd.draw(cosine_and_product).dot)
    golden("teach/sum_times.svg", sd.tape(sum_times)(4.0, 3.0).draw().svg)


def test_labels_are_the_local_derivatives() -> None:
    assert labels(cosine_and_product) == {
        ("x1", "v0"): ["-sin(x1)"],
        ("x1", "v1"): ["x2"],
        ("x2", "v1"): ["x1"],
        ("v0", "v2"): ["1"],
        ("v1", "v2"): ["1"],
    }
    assert labels(lambda x: x * x) == {("x", "v0"): ["x", "x"]}


def test_labels_use_the_values_that_are_known() -> None:
    assert labels(lambda x: np.sqrt(x)) == {("x", "v0"): ["1/(2*v0)"]}
    assert labels(lambda x: np.exp(x)) == {("x", "v0"): ["v0"]}


def test_arrays_have_the_label_of_one_element() -> None:
    found = labels(loss, shapes={"p": {"w": 2, "b": ()}, "y": 3})
    assert found["v1", "r"] == ["1"]
    assert found["r", "v2"] == ["r", "r"]
    assert found["v2", "s"] == ["1"]
    assert found["DATA", "v0"] == found["p_w", "v0"] == [""]


def test_lengths_that_stay_open_go_by_their_names() -> None:
    def mean_square(w: Any, X: Any, y: Any) -> Any:
        return np.mean((X @ w - y) ** 2)

    drawing = sd.draw(mean_square, shapes={"w": "d", "X": "n d", "y": "n"})
    assert drawing.boxes[-1].lines == ("v4 = v3 / n",)
    assert drawing.arrows[-1].label == "1/n"
    assert [box.kind for box in drawing.boxes] == ["input"] * 3 + ["step"] * 4 + ["output"]


def test_the_drawing_of_a_tape_has_its_numbers() -> None:
    drawing = sd.tape(sum_times)(4.0, 3.0).draw()
    assert [box.lines for box in drawing.boxes] == [
        ("a", "value 4", "gradient 11"),
        ("b", "value 3", "gradient 4"),
        ("c = a + b", "value 7", "gradient 4"),
        ("d = a * c", "value 28", "gradient 1"),
    ]
    assert [box.kind for box in drawing.boxes] == ["input", "input", "step", "output"]
    assert [arrow.label for arrow in drawing.arrows] == ["1", "1", "7", "4"]


def test_conditions_are_dashed() -> None:
    drawing = sd.draw(lambda x: np.where(x > 0.0, x, 2.0 * x))
    dashed = [arrow for arrow in drawing.arrows if not arrow.carries]
    assert [drawing.boxes[arrow.end].lines[0] for arrow in dashed] == ["v0 = x > 0", "v2 = x if v0 else v1"]
    assert drawing.svg.count("stroke-dasharray") == drawing.dot.count("style=dashed") == 2


def test_every_value_and_arrow_is_in_the_picture() -> None:
    drawing = sd.draw(loss, shapes={"p": {"w": 2, "b": ()}, "y": 3})
    root = ET.fromstring(drawing.svg)
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert all(line in texts for box in drawing.boxes for line in box.lines)
    assert len(list(root.iter(f"{SVG}path"))) == len(drawing.arrows) + 1  # and the arrow's head


def test_several_outputs_are_drawn() -> None:
    drawing = sd.draw(lambda x: (x + 1.0, np.sin(x)))
    assert [box.kind for box in drawing.boxes] == ["input", "output", "output"]


def test_derivatives_are_drawn() -> None:
    drawing = sd.draw(sd.derivative(np.sin))
    assert [box.lines[0] for box in drawing.boxes] == ["x", "v0 = cos(x)"]
    assert sd.draw(sd.trace(lambda t: 2.0 * t)).boxes[1].lines == ("v0 = 2 * t",)


def test_texts_are_escaped() -> None:
    drawing = sd.draw(lambda σ: np.where(σ < 1.0, σ, -σ))
    texts = [element.text for element in ET.fromstring(drawing.svg).iter(f"{SVG}text")]
    assert "v0 = σ < 1" in texts
    assert 'n1 [label="v0 = σ < 1"' in drawing.dot


def test_quotes_are_escaped() -> None:
    drawing = Drawing("f", (Box(('say "x"', "a\\b"), "input", '<&"'),), ())
    assert r'label="say \"x\"\na\\b"' in drawing.dot
    root = ET.fromstring(drawing.svg)
    assert [element.text for element in root.iter(f"{SVG}text")] == ['say "x"', "a\\b"]
    assert '<&"' in [element.text for element in root.iter(f"{SVG}title")]


def test_a_large_graph_is_refused() -> None:
    def long(x: Any) -> Any:
        for _ in range(300):
            x = np.sin(x) + 0.5
        return x

    with pytest.raises(sd.ArgumentError, match="long has 601 values: a drawing shows 400 at most"):
        sd.draw(long)


def test_notebooks_show_it() -> None:
    drawing = sd.draw(cosine_and_product)
    assert drawing._repr_svg_() == drawing.svg
    assert repr(drawing) == "<symdiff: graph of cosine_and_product, 5 values, 5 arrows>"


def test_saving(tmp_path: Path) -> None:
    drawing = sd.draw(cosine_and_product)
    assert drawing.save(tmp_path / "graph.svg").read_text("utf-8") == drawing.svg
    assert drawing.save(tmp_path / "graph.dot").read_text("utf-8") == drawing.dot
    with pytest.raises(sd.ArgumentError, match=r"not 'graph\.png'"):
        drawing.save(tmp_path / "graph.png")


@pytest.mark.parametrize("seed", ["0", "12345"])
def test_the_bytes_do_not_depend_on_the_process(seed: str) -> None:
    program = (
        "import symdiff as sd; from tests.teach.functions import loss;"
        "print(sd.draw(loss, shapes={'p': {'w': 2, 'b': ()}, 'y': 3}).svg, end='')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": seed},
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert run.stdout == sd.draw(loss, shapes={"p": {"w": 2, "b": ()}, "y": 3}).svg


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    target = f"{ROOT / 'tests' / 'teach' / 'functions.py'}:cosine_and_product"
    assert main(["show", target, "--as", "graph"]) == 0
    assert capsys.readouterr().out == sd.draw(cosine_and_product).svg
    assert main(["show", target, "--as", "dot"]) == 0
    assert capsys.readouterr().out == sd.draw(cosine_and_product).dot
    assert main(["show", target, "--as", "dot", "--wrt", "x2"]) == 0
    assert 'label="x1"' in capsys.readouterr().out
