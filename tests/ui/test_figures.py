"""Figures hold the records' numbers, on log axes, with what has no place on them named."""

import numpy as np
import plotly.graph_objects as go
import pytest

from tests.ui.runs_by_hand import experiment, run_to_the_end
from ui import theme
from ui.experiment import TEST_EVERY
from ui.figures import training


@pytest.fixture
def course():
    run, _ = run_to_the_end(experiment())
    return run.history.course()


def test_the_gradient_by_layer_is_the_last_records(course):
    figure = training.gradient_by_layer(course)
    assert list(figure.data[0].y) == course.grad_rms[-1].tolist()
    assert list(figure.data[0].x) == ["1", "2", "3", "output"]
    assert figure.layout.yaxis.type == "log"


@pytest.mark.parametrize(("value", "name"), [(0.0, "exactly 0"), (np.inf, "∞"), (np.nan, "NaN")])
def test_what_is_not_on_a_log_axis_is_named(course, value, name):
    course.grad_rms[-1, 1] = value
    figure = training.gradient_by_layer(course)
    assert [note.text for note in figure.layout.annotations] == [name]
    assert np.isnan(figure.data[0].y[1])
    training.gradient_over_time(course)


def test_the_temperature_is_against_the_last_hidden_layer(course):
    figure = training.gradient_over_time(course)
    expected = np.log10(course.grad_rms / course.grad_rms[:, [2]])
    np.testing.assert_allclose(figure.data[0].z, expected)
    np.testing.assert_array_equal(np.asarray(figure.data[0].z)[:, 2], 0)


def test_test_curves_skip_the_steps_that_were_not_tested(course):
    loss, accuracy = training.loss_and_accuracy(course)
    assert list(loss.data[1].x) == course.step[::TEST_EVERY].tolist()
    assert list(accuracy.data[0].y) == course.accuracy.tolist()


def test_regression_has_no_accuracy():
    run, _ = run_to_the_end(experiment("surface"))
    assert len(training.loss_and_accuracy(run.history.course())) == 1


def test_every_figure_has_a_title_and_named_axes(course):
    figures = [training.gradient_by_layer(course), training.gradient_over_time(course)]
    for figure in [*figures, *training.loss_and_accuracy(course)]:
        assert isinstance(figure, go.Figure)
        assert figure.layout.title.text
        assert figure.layout.xaxis.title.text
        assert figure.layout.yaxis.title.text


def test_large_type_enlarges_all_that_is_written_in_a_figure():
    figure = theme.dress(go.Figure(go.Scatter(y=[1, 2])), "Title")
    figure.add_annotation(text="note", font={"size": 11})
    large = theme.enlarged(figure)
    sizes = [large.layout.font, large.layout.title.font, large.layout.xaxis.tickfont, large.layout.annotations[0].font]
    assert all(one.size >= 22 for one in sizes)
    assert figure.layout.font.size == 15
