"""The built-in talk: its words are complete, and what they promise is what the networks do."""

from dataclasses import replace

import numpy as np
import pytest

import gradcore as gc
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.runs import ComparedRuns
from ui.experiment import experiment_from
from ui.explorers.by_hand.numbers import shown
from ui.explorers.by_hand.setup import SCREEN as BY_HAND
from ui.explorers.flow.measure import measure
from ui.explorers.flow.setup import SCREEN as FLOW
from ui.runs import LiveRun
from ui.talk.built_in import BUILT_IN
from ui.talk.screens import SCREENS, read, way

SCENES = BUILT_IN.scenes
ONE_NEURON, BACKPROP, CHAIN, TWENTY, VANISHING, EXPLODING, ZEROS, STARTS, MATRICES, DEEPER, SHORTCUTS, CURED = SCENES


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.headline[:20])
def test_a_scene_is_complete_and_its_screen_reads_it(scene):
    assert 20 < len(scene.headline) < 90
    assert not scene.headline.endswith(".")
    assert scene.question.endswith("?")
    assert scene.answer.endswith(".")
    assert scene.note.endswith(".")
    read(scene)
    assert way(scene).page == SCREENS[scene.screen].page


def trained(scene, steps):
    run = LiveRun(experiment_from(read(scene).values))
    for step in range(steps):
        if not run.run.finished:
            run.advance(step == steps - 1)
    return run


def test_the_sigmoid_network_vanishes_and_stays_at_guessing():
    run = trained(VANISHING, 300)
    assert run.verdict().name == "vanished"
    assert run.history.course().loss[-1] == pytest.approx(np.log(10), rel=0.05)
    rms = run.history.course().grad_rms[-1]
    assert rms[0] < 1e-4 * rms[9]


def test_twice_hes_weights_explode_and_do_not_learn():
    run = trained(EXPLODING, 300)
    course = run.history.course()
    assert run.verdict().name in ("exploding", "diverged", "dead")
    assert course.loss[:20].max() > 10 * course.loss[0] or run.run.diverged
    assert run.run.diverged or course.accuracy[-20:].mean() < 0.3


def test_from_zeros_a_layer_is_one_unit():
    run = trained(ZEROS, 101)
    assert run.verdict().name == "symmetric units"
    net = run.run.net
    assert len(np.unique(net.weights[3], axis=0)) == 1


def test_in_the_chain_the_first_delta_is_two_factors_below_the_last():
    values = {**BY_HAND.defaults, **read(CHAIN)}
    _, step, _ = shown(BY_HAND.checked(values), values)
    factors = [abs(step.net.weights[layer][0, 0] * step.slope[layer - 1][0]) for layer in (1, 2)]
    first, last = (abs(step.delta[layer][0]) for layer in (0, 2))
    assert first == pytest.approx(last * np.prod(factors), rel=1e-12)
    assert max(factors) < 1 / 3


def learned(setup):
    """Return which variants do better than nine of ten, by the median of their seeds."""
    runs = ComparedRuns(setup)
    runs.restore(setup.steps - 1, lambda share: None)
    accuracy = runs.store.columns()["accuracy"]
    return list(np.nanmedian(np.nanmean(accuracy[-20:], axis=0), axis=1) > 0.9)


def test_of_the_seven_starts_three_train():
    assert read(STARTS).setup == PRESETS[STORY]
    assert learned(read(STARTS).setup) == [False] * 4 + [True] * 3


def test_xavier_trains_ten_relu_layers_and_no_more():
    setup = read(DEEPER).setup
    assert [one.depth for one in setup.variants] == [10, 10, 20, 20, 30, 30]
    assert learned(replace(setup, seeds=3))[0::2] == [True, False, False]


def flowing(scene, **changes):
    values = {**FLOW.defaults, **read(scene), **changes}
    return measure(FLOW.checked({name: values[name] for name in FLOW.settings}), values)


def test_of_twenty_sigmoid_layers_the_slopes_are_to_blame_and_shortcuts_cure_it():
    seen = flowing(TWENTY)
    assert seen.verdict == "vanished"
    assert 0.7 < 10 ** np.median(seen.weights) < 1.4
    assert 0.2 < 10 ** np.median(seen.rest) < 0.3
    assert values_of(SHORTCUTS, residual=False) == values_of(TWENTY)
    assert flowing(SHORTCUTS).verdict == "healthy"


def values_of(scene, **changes):
    return {**FLOW.defaults, **read(scene), **changes}


def test_the_same_matrices_explode_vanish_and_keep():
    ratio = {name: flowing(MATRICES, activation=name).delta_ratio for name in ("identity", "relu", "sigmoid")}
    assert ratio["sigmoid"] < 1e-6 < 0.1 < ratio["relu"] < 10 < 100 < ratio["identity"]


def test_a_sigmoid_passes_on_a_quarter_at_most():
    assert gc.ACTIVATIONS["sigmoid"].derivative(np.linspace(-9, 9, 1001)).max() == 0.25
    assert read(ONE_NEURON) == {"source": "normal"}


def test_the_talk_begins_with_mazurs_numbers_and_ends_with_homes_pair():
    assert read(BACKPROP) == {}
    assert CURED.screen == "home"
