"""Figures of the experiments: what has a place is drawn where it belongs, what has none is told."""

import numpy as np
import pytest

from ui.figures import article as figures


def test_lines_over_layers_are_on_a_log_axis_and_what_has_no_place_is_named():
    figure = figures.by_layer({"a": [1e-8, 1], "b": [0.0, 0.0], "c": [np.nan, 1, 10]}, "title", "unit")
    assert figure.layout.yaxis.type == "log"
    assert [trace.name for trace in figure.data] == ["a", "b: exactly 0", "c"]
    assert list(figure.data[0].x) == [1, 2]
    assert np.isnan(figure.data[1].y).all()
    assert list(figure.data[2].y[1:]) == [1, 10]
    assert figure.layout.showlegend


def test_a_line_that_hardly_moves_looks_so():
    low, high = figures.by_layer({"a": [1.0, 1.1]}, "title", "unit").layout.yaxis.range
    assert high - low == pytest.approx(2)


def test_a_single_point_is_seen():
    figure = figures.curves([0, 1, 2], {"a": [5, np.nan, np.nan], "b": [1, 2, 3]}, "title", "x", "y")
    assert [trace.mode for trace in figure.data] == ["lines+markers", "lines"]


def test_bars_of_no_height_are_written_beside_each_other():
    figure = figures.bars({"a": {"x": 0.0, "y": np.nan}, "b": {"x": 1.0, "y": 2.0}}, "title", "unit")
    assert [(one.text, one.x) for one in figure.layout.annotations] == [("0", -0.2), ("NaN", 0.8)]
    assert list(figure.data[1].y) == [1, 2]
    assert list(figure.data[1].text) == ["1", "2"]


def test_many_bars_are_told_on_hover_only():
    figure = figures.bars({"a": {str(n): float(n + 1) for n in range(9)}}, "title", "unit", log=True)
    assert figure.data[0].text is None
    assert figure.layout.yaxis.type == "log"


def test_shares_add_up_and_marks_stand_where_they_belong():
    figure = figures.histogram({"a": np.arange(10), "b": [3, 3]}, "title", "unit", {"one": 20.0})
    assert [np.sum(trace.y) for trace in figure.data[:2]] == pytest.approx([1, 1])
    assert list(figure.data[2].x) == [20, 20]
    assert figure.data[2].name == "one: 20"
