"""Charts: what goes where in a figure, at the last of the frames so far; every chart says what it shows."""

from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

import gradcore as gc
from tests.ui.runs_by_hand import experiment, run_to_the_end
from ui.figures.chart import COURSE, Binding, Chart, scaled, thinned, told
from ui.figures.colors import INK, THEMES
from ui.live_panel.frames import frames_of, snapshot_frame
from ui.live_panel.packets import charts
from ui.runs import LiveRun

ROOT = Path(__file__).parents[2]
FRAMES = [
    {"step": 0.0, "rms": np.array([1e-8, 2.0]), "picture": np.array([[1, 2]]), "loss": 3.0},
    {"step": 5.0, "rms": np.array([0.0, np.inf]), "odd": ["0", "∞"], "loss": 2.0},
    {"step": 6.0, "rms": np.array([1e-9, 4.0]), "loss": 1.0},
]


def filled(*bindings, frames=FRAMES, traces=1):
    figure = go.Figure([go.Scatter() for _ in range(traces)])
    return Chart("chart", figure, bindings, "Its title", "Its sentence").filled(frames)


def test_each_way_of_binding_takes_its_part_of_the_frames():
    assert filled(Binding("data.0.y", "rms")).data[0].y.tolist() == [1e-9, 4.0]
    assert filled(Binding("data.0.y", "loss", "course")).data[0].y.tolist() == [3.0, 2.0, 1.0]
    assert filled(Binding("data.0.y", "rms", "course", 1)).data[0].y.tolist() == [2.0, np.inf, 4.0]
    assert filled(Binding("data.0.y", "rms", part=(1, 2))).data[0].y.tolist() == [4.0]
    found = filled(Binding("data.0.customdata", "rms", "stack"))
    assert found.data[0].customdata.tolist() == [[1e-8, 2.0], [0.0, np.inf], [1e-9, 4.0]]
    curves = filled(Binding("data.0.y", "rms", "curves", (0, 2)), Binding("data.0.x", "step", "curves", (0, 2))).data[0]
    assert list(curves.y) == [1e-8, 0.0, 1e-9, None, 2.0, np.inf, 4.0, None]
    assert list(curves.x) == [0.0, 5.0, 6.0, None] * 2


def test_what_a_frame_lacks_is_the_last_ones_or_its_own_is_missing():
    assert filled(Binding("data.0.customdata", "picture")).data[0].customdata.tolist() == [[1, 2]]
    assert filled(Binding("data.0.text", "odd", "own", otherwise=["none"])).data[0].text == ("none",)
    shown = filled(Binding("data.0.text", "odd", "own", otherwise=["none"]), frames=FRAMES[:2])
    assert shown.data[0].text == ("0", "∞")


def test_a_layout_and_a_single_point_can_be_bound():
    figure = filled(Binding("layout.yaxis.range", "rms"), Binding("data.0.y.1", "loss"))
    assert figure.layout.yaxis.range == (1e-9, 4.0)
    assert list(figure.data[0].y) == [None, 1.0]


def test_the_title_is_in_the_figure_and_colors_are_the_themes():
    chart = Chart("chart", go.Figure(go.Scatter(line={"color": INK})), (), "Its title")
    for theme, colors in THEMES.items():
        figure = chart.filled([{}], theme)
        assert figure.layout.title.text == "Its title"
        assert figure.data[0].line.color == colors[INK]
    assert chart.filled([{}], None).data[0].line.color == INK


def test_a_template_says_the_latest_numbers():
    text = told("at {step:d}: layer 1 {rms.0}, last {rms.-1}, {loss:%}, {odd.1}, {none}, {loss:power}", FRAMES)
    assert text == "at 6: layer 1 10⁻⁹, last 4, 100 %, ∞, –, 10"


def test_plotly_js_is_the_one_that_the_package_speaks():
    library = (ROOT / "static" / "plotly-cartesian.min.js").read_text(encoding="utf-8")
    assert f"plotly.js (cartesian - minified) v{get_plotlyjs_version()}\n" in library[:200]
    assert "MIT" in library[:300]


@pytest.mark.parametrize(
    ("number", "expected"), [(-9.0, 0.0), (0.0, 0.0), (0.5, 1.0), (1.0, 2.0), (2.0, 3.0), (3.5, 4.0), (np.nan, 0.0)]
)
def test_a_scale_is_piecewise_linear_and_ends(number, expected):
    assert scaled(number, ((0.0, 0.0), (1.0, 2.0), (3.0, 4.0))) == expected


def test_a_scale_of_colors_mixes_them():
    scale = ((0.0, "#000000"), (1.0, "rgba(200,100,50,0.5)"))
    assert scaled(0.5, scale) == "rgba(100,50,25,0.75)"
    assert scaled(7.0, scale) == "rgba(200,100,50,0.5)"


@pytest.mark.parametrize("count", [1, 2, COURSE, COURSE + 1, 1999])
def test_thinned_frames_reach_from_the_first_to_the_last(count):
    kept = thinned(list(range(count)), COURSE)
    assert (kept[0], kept[-1]) == (0, count - 1)
    assert len(kept) <= COURSE + 1
    assert sorted(set(kept)) == kept


@pytest.mark.parametrize(
    "settings", [{}, {"depth": 0}, {"depth": 1}, {"depth": 60}, {"dataset": "surface"}, {"dataset": "digits"}]
)
def test_every_chart_of_a_run_is_filled_with_its_records(settings):
    run, _ = run_to_the_end(experiment(settings.pop("dataset", "moons"), **settings))
    course = run.history.course()
    frames = frames_of(run, course, run.album.snapshots[-1])
    for chart in charts(run, alone=True):
        figure = chart.filled(frames)
        assert chart.caption_at(frames)
        assert chart.sentence_at(frames).endswith((".", "%"))
        assert "–" not in chart.sentence_at(frames), chart.name
        assert figure.data
    by_name = {chart.name: chart.filled(frames) for chart in charts(run, alone=True)}
    np.testing.assert_array_equal(by_name["gradients"].data[0].y, course.grad_rms[-1])
    assert ("accuracy" in by_name) == (run.experiment.spec.output != "identity")


def test_a_report_draws_the_visitors_own_thresholds():
    run, _ = run_to_the_end(experiment())
    run.thresholds = gc.Thresholds(vanished=0.01, exploding=50.0)
    course = run.history.course()
    bars = charts(run, alone=True)[0]
    exploding, vanished = bars.filled(frames_of(run, course, None)).layout.shapes
    assert [vanished.y0, vanished.y1] == [course.grad_rms[-1, 2] * 0.01] * 2
    assert [exploding.y0, exploding.y1] == [course.grad_rms[-1, 2] * 50.0] * 2
    assert "exploding above 50, vanished below 0.01 of layer 3's" in bars.caption


@pytest.mark.parametrize(("value", "name"), [(0.0, "0"), (np.inf, "∞"), (np.nan, "NaN")])
def test_what_is_not_on_a_log_axis_is_named(value, name):
    run, _ = run_to_the_end(experiment())
    course = run.history.course()
    course.grad_rms[-1, 1] = value
    bars, odd = charts(run, alone=True)[0].filled(frames_of(run, course, None)).data[:2]
    assert list(odd.text) == ["", name, "", ""]
    assert list(odd.y) == [None, 1.0, None, None]
    np.testing.assert_array_equal(bars.y, course.grad_rms[-1])


@pytest.mark.parametrize(("value", "seen"), [(0.0, False), (np.inf, False), (np.nan, False), (1e-9, True)])
def test_of_a_last_hidden_layer_without_a_gradient_there_are_no_limits(value, seen):
    run, _ = run_to_the_end(experiment())
    course = run.history.course()
    course.grad_rms[-1, 0], course.grad_rms[-1, 2] = 0.0, value
    lines = charts(run, alone=True)[0].filled(frames_of(run, course, None)).layout.shapes
    assert [line.visible for line in lines] == [seen, seen]


def test_on_the_linear_axis_every_bar_is_a_part_of_the_largest():
    run, _ = run_to_the_end(experiment())
    course = run.history.course()
    course.grad_rms[-1] = [np.inf, 1e-6, 2e-3, 1e-3]
    (linear,) = [chart for chart in charts(run, alone=True) if chart.name == "linear"]
    bars, odd = linear.filled(frames_of(run, course, None)).data
    np.testing.assert_allclose(bars.y, [0, 5e-4, 1, 0.5], rtol=1e-6)
    assert list(odd.text) == ["∞", "", "", ""]
    course.grad_rms[-1] = 0
    bars, odd = linear.filled(frames_of(run, course, None)).data
    assert not np.any(bars.y)
    assert list(odd.text) == ["0"] * 4


def test_runs_side_by_side_show_some_samples_but_no_activations():
    pair = [LiveRun(experiment("digits"), alone=False) for _ in range(2)]
    for run in pair:
        run.advance(frame=True)
        assert [chart.name for chart in charts(run, alone=False)][-1] == "picture"
        shown = snapshot_frame(run, run.album.snapshots[-1])
        assert shown["chances"].shape == (4 * 10,)
        np.testing.assert_allclose(shown["chances"].reshape(4, 10).sum(axis=1), 1, atol=0.05)
        assert "histogram" not in shown
    assert LiveRun(experiment("moons"), alone=False).camera.kind == "none"
