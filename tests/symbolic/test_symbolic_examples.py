"""The examples with symbols give the figures that they are known for."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestSymbols:
    def test_sums(self) -> None:
        assert example("symbols").sums() == {
            "add(2, 3)": 5.0,
            "add(16.3, 12.1)": 28.4,
            "z.eval({x: 16.3, y: 12.1})": 28.4,
            "pp(z)": "(x + y)",
        }

    def test_powers(self) -> None:
        grown, squared, text = example("symbols").powers().values()
        assert grown.tolist() == [0.0, 2.0, 1026.0] and squared.tolist() == [25.0, 49.0]
        assert text == "((a + b) * (a + b))"

    def test_logistic(self) -> None:
        expected = [[0.5, 0.7310585786300049], [0.2689414213699951, 0.11920292202211755]]
        np.testing.assert_allclose(example("symbols").logistic(), expected, rtol=1e-15)

    def test_differences(self) -> None:
        assert [each.tolist() for each in example("symbols").differences()] == [
            [[1.0, 0.0], [-1.0, -2.0]],
            [[1.0, 0.0], [1.0, 2.0]],
            [[1.0, 0.0], [1.0, 4.0]],
        ]

    def test_accumulation(self) -> None:
        assert example("symbols").accumulation() == [0, 1, 301, 2, 0, 7, 0]


class TestRegression:
    def test_every_target_is_predicted_after_training(self) -> None:
        module = example("symbolic_regression")
        model, errors = module.trained()
        examples, targets = module.data()
        assert np.array_equal(model.predict(examples), targets.astype(bool))
        assert errors[-1] < 0.06 < 5.0 < errors[0]

    def test_the_steps_are_those_by_hand(self) -> None:
        module = example("symbolic_regression")
        model, (X, y) = module.build(), module.data()
        w, b = model.weights.get_value(), float(model.bias.get_value())
        for _ in range(20):
            model.train(X, y)
            residual = (1 / (1 + np.exp(-(X @ w + b))) - y) / len(y)
            w, b = w - 0.1 * (residual @ X + 0.02 * w), b - 0.1 * residual.sum()
        np.testing.assert_allclose(model.weights.get_value(), w, rtol=1e-12)
        np.testing.assert_allclose(model.bias.get_value(), b, rtol=1e-11)


class TestNetwork:
    def test_the_circle_is_learned(self) -> None:
        module = example("circle_network")
        output, losses = module.trained(800)
        points, inside = module.circle()
        assert np.mean((output(points) > 0.5) == inside) > 0.97
        assert losses[-1] < 0.1 < 0.5 < losses[0]
