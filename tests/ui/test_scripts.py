"""The scripts to take away run without the dashboard and print the numbers that it shows."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gradcore as gc
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.runs import ComparedRuns
from ui.comparison.setup import noise, specs, training
from ui.experiment import experiment_from
from ui.explorers.by_hand import kept as by_hand_kept
from ui.explorers.by_hand.numbers import shown
from ui.explorers.by_hand.setup import SCREEN as BY_HAND
from ui.explorers.flow import kept as flow_kept
from ui.explorers.flow.measure import measure as flow_measure
from ui.explorers.flow.setup import SCREEN as FLOW
from ui.explorers.flow.setup import Settings as FlowSettings
from ui.explorers.saturation import kept as saturation_kept
from ui.explorers.saturation.measure import measure
from ui.explorers.saturation.setup import SCREEN, Settings, network
from ui.runs import LiveRun
from ui.scripts import call, compare_script, live_script, shortest

ROOT = Path(__file__).parents[2]


def printed(script):
    """Run a script in a Python of its own, and return its lines as (words, number)."""
    assert script.count("\n") < 40
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return [line.rsplit(" ", 1) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({}, []),
        ({"data": "moons", "activation": "relu", "initializer": "he_normal", "gain": 1.5, "depth": 3, "width": 9,
          "normalization": "batch", "residual": True, "optimizer": "adam", "rate": 0.01, "clip": 2.0, "seed": 7}, []),
        ({"activation": "tanh", "noise": 0.5}, [(10, 0.5), (15, 0.01)]),
    ],
)  # fmt: skip
def test_a_live_runs_script_prints_its_numbers(values, changes):
    experiment = experiment_from(values)
    run = LiveRun(experiment)
    run.restore(20, changes, lambda share: None)
    course = run.history.course()
    lines = printed(live_script(experiment, changes, 20))
    assert float(lines[0][1]) == course.loss[-1]
    assert [float(line[1]) for line in lines[1:]] == course.grad_rms[-1].tolist()


def test_the_comparisons_script_prints_its_medians():
    setup = PRESETS[STORY]
    runs = ComparedRuns(setup)
    runs.advance(30)
    script = compare_script(
        runs.names, specs(setup), training(setup), setup.data, noise(setup), list(setup.all_seeds), 30
    )
    columns = runs.store.columns()
    lines = printed(script)
    assert [float(line[1]) for line in lines] == pytest.approx(
        np.median(columns["loss"][-1].reshape(7, -1), axis=1).tolist(), rel=1e-6
    )


@pytest.mark.parametrize("settings", [Settings(), Settings("tanh", "normal", "uniform", 4, 20, seed=3)])
def test_the_saturation_explorers_script_prints_its_factor(settings):
    values = {**SCREEN.defaults, "gain": 1.7, "layer": 2}
    seen = measure(settings, values, network(settings, 1.7))
    found = {words: float(number) for words, number in printed(saturation_kept.script(settings, values))}
    assert found["factor"] == pytest.approx(seen.passage.gradient_factor, rel=1e-6)
    assert found["below 1 %"] == pytest.approx(seen.passage.saturated_fraction, abs=1e-9)


@pytest.mark.parametrize(
    "settings", [FlowSettings(), FlowSettings("relu", "he_normal", "normal", 20, residual=True, normalization="layer")]
)
def test_the_flow_explorers_script_prints_its_factors(settings):
    values = {**FLOW.defaults, "depth": 6, "gain": 0.8}
    one = flow_measure(settings, values).passes[0]
    lines = printed(flow_kept.script(settings, values))
    assert [float(line[1]) for line in lines] == pytest.approx((10**one.rest).tolist(), rel=1e-9)


@pytest.mark.parametrize("name", BY_HAND.presets)
def test_the_script_of_backprop_by_hand_prints_its_numbers(name):
    chosen = {**BY_HAND.defaults, **BY_HAND.presets[name]}
    settings = BY_HAND.checked(chosen)
    _, step, _ = shown(settings, chosen)
    lines = printed(by_hand_kept.script(settings, chosen))
    found = {kind: [float(number) for words, number in lines if words.endswith(kind)] for kind in ("delta", "gradient")}
    assert [float(lines[0][1]), float(lines[-1][1])] == [step.loss, step.next_loss]
    assert found["delta"] == [float(delta) for layer in step.delta for delta in layer]
    assert found["gradient"] == step.gradients.tolist()


def test_settings_that_are_the_default_are_left_out_and_the_rest_comes_back():
    spec = gc.NetworkSpec((64, *[32] * 10, 10), ("tanh",) * 9 + ("relu",), initializer="he_normal", gain=2.0)
    text = call(spec)
    assert "loss" not in text
    assert eval(text, {"gc": gc}) == spec
    for value in [(), (1,), (1, 1), (1, 1, 1), (1, 1, 1, 2), ("a", "a"), ("a", "b"), 0.1]:
        assert eval(shortest(value)) in (value, value[0] if isinstance(value, tuple) and value else value)
