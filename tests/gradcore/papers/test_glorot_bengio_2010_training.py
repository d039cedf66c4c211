"""Sigmoid networks in training against Glorot & Bengio 2010, §3.1 and fig. 2.

Within a few hundred steps the last hidden layer is driven to 0, where it is saturated; the other layers' means are
above, and fall from output to input. Their Shapeset is not needed to see it, noise will do: the top layer is pushed
down because its output is, at first, of no use to the softmax above it.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc

SPEC = gc.NetworkSpec(
    sizes=(256, 200, 200, 200, 200, 9),
    hidden="sigmoid",
    initializer="lecun_uniform",
    gain=1 / math.sqrt(3),  # U ±1/√fan_in
)
TRAINING = gc.TrainingSpec(learning_rate=0.5, batch_size=10, steps=300, record_every=300)


@pytest.fixture(scope="module", params=[0, 1, 2], ids="seed {}".format)
def means(request):
    """Mean activation of the four hidden layers, at the first and at the last of 300 steps."""
    rng = np.random.default_rng(request.param)
    data = SimpleNamespace(x=rng.uniform(size=(3000, 256)), y=rng.integers(9, size=3000), name="noise")
    first, last = gc.train(SPEC, TRAINING, data, seed=request.param)
    assert (first.step, last.step) == (0, 299)
    return first.stats.activation_mean[:4], last.stats.activation_mean[:4]


def test_all_hidden_layers_start_near_one_half(means):
    np.testing.assert_allclose(means[0], 0.5, atol=0.03)


def test_training_drives_the_top_hidden_layer_to_zero(means):
    assert means[1][3] < 0.15


def test_the_other_layers_stay_up_and_fall_from_output_to_input(means):
    first, second, third, _ = means[1]
    assert first < second < third
    assert third > 0.55
