"""Shared variables: written all at once or not at all, never aliased, whatever happens on the way."""

import pickle
import threading
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from symdiff.errors import ArgumentError, ShapeError, SymbolError
from symdiff.symbolic import compiled_function, function, grad, iscalar, pp, scalar, shared, vector

x, v = scalar("x"), vector("v")


class TestSharedVariables:
    def test_values_are_copied_in_and_out(self) -> None:
        start = np.array([1.0, 2.0])
        w = shared(start)
        start[0] = 99.0
        w.get_value()[1] = 99.0
        assert w.get_value().tolist() == [1.0, 2.0]
        new = np.array([3.0, 4.0])
        w.set_value(new)
        new[0] = 99.0
        assert w.get_value().tolist() == [3.0, 4.0]

    def test_borrowed_values_are_the_same_array(self) -> None:
        start = np.array([1.0, 2.0])
        w = shared(start, borrow=True)
        assert w.get_value(borrow=True) is start
        new = np.array([3.0, 4.0])
        w.set_value(new, borrow=True)
        assert w.get_value(borrow=True) is new

    def test_outputs_and_updates_do_not_share_memory(self) -> None:
        a, b = shared(np.array([1.0, 2.0])), shared(np.array([3.0, 4.0]))
        out = function([v], [a, v], updates=[(a, b), (b, v)])
        given = np.array([5.0, 6.0])
        old, same = out(given)
        old[:] = same[:] = given[:] = 99.0
        assert a.get_value().tolist() == [3.0, 4.0] and b.get_value().tolist() == [5.0, 6.0]
        borrowed = a.get_value(borrow=True)
        function([], updates=[(b, a)])()
        assert not np.shares_memory(borrowed, b.get_value(borrow=True))

    def test_the_dtype_stays(self) -> None:
        for start, step in ((0, 2), (np.float32(0.5), 0.25), (np.array([1, 2], np.int16), 1), (True, -1)):
            w = shared(start)
            function([x], updates=[(w, w + x)])(step)
            assert w.get_value().dtype == np.asarray(start).dtype
            assert np.array_equal(w.get_value(), np.asarray(start) + step)

    def test_what_a_whole_number_cannot_hold_is_refused(self) -> None:
        count = shared(1, name="count")
        halve = function([], updates=[(count, count / 2)])
        with pytest.raises(ArgumentError, match=r"the shared variable count is int64: it cannot hold 0\.5"):
            halve()
        with pytest.raises(ArgumentError):
            count.set_value(1.5)
        assert count.get_value() == 1

    @pytest.mark.parametrize("value", ["text", None, 1j, [[1.0], [1.0, 2.0]], x])
    def test_what_it_cannot_hold(self, value: Any) -> None:
        with pytest.raises(ArgumentError):
            shared(value)

    def test_another_rank_is_refused_and_another_length_is_not(self) -> None:
        w = shared(np.zeros(2), name="w")
        with pytest.raises(ShapeError, match=r"w is a vector, and the new value has shape \(2, 2\)"):
            w.set_value(np.zeros((2, 2)))
        total = function([], w.sum())
        w.set_value([1.0, 2.0, 3.0])
        assert total() == 6.0


class TestTogether:
    def test_all_are_computed_from_the_old_values(self) -> None:
        a, b = shared(1.0), shared(2.0)
        swap = function([], [a, b], updates=OrderedDict([(a, b), (b, a + b)]))
        assert swap() == [1.0, 2.0]
        assert (a.get_value(), b.get_value()) == (2.0, 3.0)

    def test_two_functions_share(self) -> None:
        state, inc = shared(0), iscalar("inc")
        up = function([inc], state, updates=[(state, state + inc)])
        down = function([inc], state, updates=[(state, state - inc)])
        assert [up(1), up(300), down(2), state.get_value()] == [0, 1, 301, 299]

    def test_updates_that_are_not_read(self) -> None:
        last = shared(0.0)
        assert function([x], x * 2, updates={last: x})(3.0) == 6.0
        assert last.get_value() == 3.0

    def test_numbers_are_updates(self) -> None:
        w = shared(np.ones(2))
        function([], updates={w: np.zeros(2)})()
        assert w.get_value().tolist() == [0.0, 0.0]


class TestRefusals:
    def test_shapes_must_be_those_of_the_variable(self) -> None:
        w, b = shared(np.zeros(3), name="w"), shared(0.0, name="b")
        step = function([v], updates=[(b, b + 1), (w, w + v.sum() * np.ones(2)[:, None])])
        with pytest.raises(ShapeError, match=r"the update of w has shape \(2, 3\), and w has shape \(3,\)"):
            step([1.0])
        with pytest.raises(ShapeError, match=r"the update of b has shape \(1,\)"):
            function([v], updates=[(b, v)])([1.0])
        assert b.get_value() == 0.0

    def test_two_updates_and_updates_of_what_is_not_shared(self) -> None:
        w = shared(0.0, name="w")
        with pytest.raises(SymbolError, match="the shared variable w has 2 updates"):
            function([], updates=[(w, w + 1), (w, w + 2)])
        with pytest.raises(SymbolError, match="only shared variables are updated, and x is none"):
            function([x], x, updates=[(x, x + 1)])
        with pytest.raises(ArgumentError, match="updates takes pairs of a symbol and its value"):
            function([x], x, updates=[w])


class TestAtomicity:
    @pytest.fixture
    def variables(self) -> list[Any]:
        return [shared(1.0, name="a"), shared(np.array([1.0, 2.0]), name="b"), shared(3, name="c")]

    @staticmethod
    def values(variables: list[Any]) -> list[Any]:
        return [variable.get_value().tolist() for variable in variables]

    def test_a_value_that_does_not_fit(self, variables: list[Any]) -> None:
        a, b, c = variables
        step = function([x], updates=[(a, a + x), (b, b * x), (c, c + x)])
        with pytest.raises(ArgumentError):
            step(0.5)  # c stays whole
        assert self.values(variables) == [1.0, [1.0, 2.0], 3]
        step(2.0)
        assert self.values(variables) == [3.0, [2.0, 4.0], 5]

    def test_an_error_while_computing(self, variables: list[Any]) -> None:
        a, b, _ = variables
        step = function([x], updates=[(a, a + x), (b, b / x)])
        step(1.0)
        with np.errstate(all="raise"), pytest.raises(FloatingPointError):
            step(0.0)
        assert self.values(variables)[:2] == [2.0, [1.0, 2.0]]

    def test_an_interrupt_while_writing(self, variables: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        a, b, _ = variables
        step = function([x], updates=[(a, a + x), (b, b * x)])

        class Interrupted(type(b)):  # type: ignore[misc]
            __slots__ = ()

            def __setattr__(self, name: str, value: Any) -> None:
                if name == "_value" and value[0] == 2.0:
                    raise KeyboardInterrupt
                super().__setattr__(name, value)

        monkeypatch.setattr(b, "__class__", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            step(2.0)
        assert self.values(variables)[:2] == [1.0, [1.0, 2.0]]

    def test_a_refused_argument(self, variables: list[Any]) -> None:
        a, *_ = variables
        step = function([x], updates=[(a, a + x)])
        with pytest.raises(ShapeError):
            step([1.0])
        assert a.get_value() == 1.0


class TestThreads:
    def test_no_update_is_lost(self) -> None:
        count, total = shared(0), shared(np.zeros(3))
        step = function([v], updates=[(count, count + 1), (total, total + v)])
        step(np.zeros(3))
        workers = [threading.Thread(target=lambda: [step(np.ones(3)) for _ in range(200)]) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert count.get_value() == 801 and total.get_value().tolist() == [800.0] * 3

    def test_readers_see_all_updates_of_a_call_or_none(self) -> None:
        a, b = shared(0.0), shared(0.0)
        step, look = function([], updates=[(a, a + 1), (b, b - 1)]), function([], a + b)
        step(), look()
        seen: set[float] = set()
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                seen.add(look())

        reader = threading.Thread(target=read)
        reader.start()
        for _ in range(500):
            step()
        done.set()
        reader.join()
        assert seen <= {0.0}

    def test_functions_that_use_the_same_variables_in_another_order_do_not_wait_for_each_other(self) -> None:
        a, b = shared(0.0), shared(0.0)
        there, back = function([], updates=[(a, a + b + 1)]), function([], updates=[(b, b + 0 * a + 1)])
        workers = [threading.Thread(target=lambda f=f: [f() for _ in range(200)]) for f in (there, back)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=30.0)
        assert not any(worker.is_alive() for worker in workers)
        assert b.get_value() == 200.0


class TestPickling:
    def test_a_function_and_its_state(self) -> None:
        w, b = shared(np.array([1.0, 2.0]), name="w"), shared(3, name="b")
        cost = ((v * w).sum() - b) ** 2
        step = function([v], [cost, cost.sum()], updates=[(w, w - 0.1 * grad(cost, w)), (b, b + 1)])
        step([1.0, 1.0])
        copied = pickle.loads(pickle.dumps(step))
        for _ in range(2):
            assert copied([1.0, 2.0]) == step([1.0, 2.0])
        assert pp(copied) == pp(step)

    def test_the_copy_has_variables_of_its_own(self) -> None:
        count = shared(0, name="count")
        step = function([], count, updates=[(count, count + 1)])
        copied, variable = pickle.loads(pickle.dumps((step, count)))
        copied(), copied()
        assert variable.get_value() == 2 and count.get_value() == 0


def test_few_traces_are_kept() -> None:
    f = function([v], v.sum())
    for length in range(1, 100):
        assert f(np.ones(length)) == length
    assert len(f._kept) == compiled_function._MOST_KEPT
