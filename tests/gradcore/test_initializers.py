"""Each initializer draws by its source's law, shown on a million weights; gains and seeds do what they say.

Distances between distributions are Kolmogorov's: the largest gap between the share of draws below a point and the
law's. At the 2/√N allowed here a right law fails once in 1,500 seeds, and the seeds are fixed.
"""

import math
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.functions.initializers import variance_scaling

FAN_IN, FAN_OUT = 2000, 500
# Standard deviation at gain 1, as the sources give it.
NORMAL = {
    "normal": lambda fan_in, fan_out: 1.0,
    "lecun_normal": lambda fan_in, fan_out: math.sqrt(1 / fan_in),
    "article_xavier": lambda fan_in, fan_out: math.sqrt(1 / fan_in),
    "xavier_normal": lambda fan_in, fan_out: math.sqrt(2 / (fan_in + fan_out)),
    "he_normal": lambda fan_in, fan_out: math.sqrt(2 / fan_in),
}
# Largest weight at gain 1: uniform in ± this.
UNIFORM = {
    "uniform": lambda fan_in, fan_out: math.sqrt(3),
    "lecun_uniform": lambda fan_in, fan_out: math.sqrt(3 / fan_in),
    "xavier_uniform": lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out)),
    "he_uniform": lambda fan_in, fan_out: math.sqrt(6 / fan_in),
    "pytorch_default": lambda fan_in, fan_out: 1 / math.sqrt(fan_in),
    "keras_default": lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out)),
}
MATRICES = ("orthogonal", "lsuv")
DRAWN = [*NORMAL, *UNIFORM]
SHAPES = [(FAN_IN, FAN_OUT), (784, 30), (30, 784), (64, 64)]

every_drawn = pytest.mark.parametrize("name", DRAWN)
every_shape = pytest.mark.parametrize(("fan_in", "fan_out"), SHAPES)


def one_layer(name, fan_in=FAN_IN, fan_out=FAN_OUT, seed=0, **settings):
    spec = gc.NetworkSpec((fan_in, fan_out), output="identity", initializer=name, **settings)
    return gc.build(spec, seed)


@cache
def million(name):
    """Return a million weights of fan_in 2000 and fan_out 500 over their standard deviation, sorted."""
    std = NORMAL[name](FAN_IN, FAN_OUT) if name in NORMAL else UNIFORM[name](FAN_IN, FAN_OUT) / math.sqrt(3)
    draws = np.sort(one_layer(name, seed=11).weights[0].ravel()) / std
    draws.flags.writeable = False
    return draws


def normal_law(z):
    return np.array([math.erfc(-each / math.sqrt(2)) / 2 for each in z])


def uniform_law(z):
    return np.clip(0.5 + z / (2 * math.sqrt(3)), 0, 1)


def distance(draws, law):
    """Return Kolmogorov's distance between sorted draws and a law."""
    below = law(draws)
    places = np.arange(len(draws) + 1) / len(draws)
    return max((places[1:] - below).max(), (below - places[:-1]).max())


def test_every_initializer_is_tested_here_and_says_what_it_is():
    assert {*DRAWN, *MATRICES, "zeros", "constant"} == set(gc.INITIALIZERS)
    for name, record in gc.INITIALIZERS.items():
        assert record.name == name
        assert all((record.label, record.formula, record.source))


@every_drawn
def test_mean_deviation_skewness_and_kurtosis_of_a_million_weights_are_the_laws(name):
    draws, kurtosis = million(name), 3.0 if name in NORMAL else 1.8
    n = len(draws)
    assert n == 10**6
    # Standard errors of the first four sample moments of the normal law; the uniform law's are smaller.
    assert abs(draws.mean()) < 4 / math.sqrt(n)
    assert abs(np.square(draws).mean() - 1) < 4 * math.sqrt((kurtosis - 1) / n)
    assert abs((draws**3).mean()) < 4 * math.sqrt(15 / n)
    assert abs((draws**4).mean() - kurtosis) < 4 * math.sqrt(96 / n)


@every_drawn
def test_a_million_weights_are_distributed_by_the_law(name):
    draws = million(name)
    assert distance(draws, normal_law if name in NORMAL else uniform_law) < 2 / math.sqrt(len(draws))


@pytest.mark.parametrize("name", NORMAL)
def test_normal_tails_are_neither_cut_nor_heavy(name):
    size = np.abs(million(name))
    for reach in (2, 3, 4):
        share = math.erfc(reach / math.sqrt(2))
        assert (size > reach).mean() == pytest.approx(share, abs=4 * math.sqrt(share / len(size)), rel=0)
    assert 4.5 < size.max() < 6.5


@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_weights_reach_their_bounds_and_never_pass_them(name):
    weight, bound = one_layer(name).weights[0], UNIFORM[name](FAN_IN, FAN_OUT)
    assert np.abs(weight).max() <= bound * (1 + 1e-15)
    for end in (-weight.min(), weight.max()):
        assert end > bound * (1 - 2e-5)


@every_shape
@every_drawn
def test_weights_of_any_shape_are_the_same_base_draws_times_the_laws_deviation(name, fan_in, fan_out):
    base, law = ("normal", NORMAL) if name in NORMAL else ("uniform", UNIFORM)
    factor = law[name](fan_in, fan_out) / law[base](fan_in, fan_out)
    weight = one_layer(name, fan_in, fan_out, seed=3).weights[0]
    assert weight.shape == (fan_out, fan_in)
    np.testing.assert_allclose(weight, factor * one_layer(base, fan_in, fan_out, seed=3).weights[0], rtol=2e-15)


@pytest.mark.parametrize("name", [*DRAWN, "orthogonal"])
def test_gain_multiplies_every_weight_and_no_bias(name):
    plain = one_layer(name, 30, 20, seed=1)
    for gain in (2.0, 0.5, 1024.0):  # powers of two: to the last bit
        np.testing.assert_array_equal(one_layer(name, 30, 20, 1, gain=gain).weights[0], gain * plain.weights[0])
    for gain in (0.7, 3.0, 1e-6, 1e6):
        net = one_layer(name, 30, 20, 1, gain=gain)
        np.testing.assert_allclose(net.weights[0], gain * plain.weights[0], rtol=1e-15)
        np.testing.assert_array_equal(net.biases[0], plain.biases[0])
    assert not one_layer(name, 30, 20, 1, gain=0).weights[0].any()


def test_no_gain_is_looked_up_from_the_activation():
    nets = [gc.build(gc.NetworkSpec((5, 6, 6, 2), hidden, initializer="he_normal")) for hidden in gc.ACTIVATIONS]
    assert all(np.array_equal(net.parameters, nets[0].parameters) for net in nets)


def test_zeros_are_zeros_and_the_constant_is_its_gain_by_default_a_half():
    assert not one_layer("zeros", gain=3.0).parameters.any()
    for gain, value in ((None, 0.5), (2.0, 2.0), (-0.25, -0.25), (0, 0)):
        assert np.unique(one_layer("constant", 30, 20, gain=gain).weights[0]).tolist() == [value]


@pytest.mark.parametrize("name", ["orthogonal", "lsuv"])
@pytest.mark.parametrize("gain", [1.0, 0.3, 20.0])
@every_shape
def test_all_singular_values_of_an_orthogonal_start_are_equal(name, gain, fan_in, fan_out):
    values = np.linalg.svd(one_layer(name, fan_in, fan_out, gain=gain).weights[0], compute_uv=False)
    assert len(values) == min(fan_in, fan_out)
    np.testing.assert_allclose(values, gain if name == "orthogonal" else values[0], rtol=1e-12)


@every_shape
def test_the_orthogonal_matrix_is_the_q_of_the_normal_draws_with_a_positive_diagonal_r(fan_in, fan_out):
    q, draws = one_layer("orthogonal", fan_in, fan_out).weights[0], one_layer("normal", fan_in, fan_out).weights[0]
    r = q.T @ draws if fan_out >= fan_in else q @ draws.T
    assert (np.diagonal(r) > 0).all()
    np.testing.assert_allclose(np.tril(r, -1), 0, atol=1e-11)


def test_entries_of_an_orthogonal_matrix_have_the_deviation_that_its_record_says():
    for fan_in, fan_out in SHAPES:
        weight = one_layer("orthogonal", fan_in, fan_out).weights[0]
        # The squares of a matrix of equal singular values sum to their number.
        assert gc.INITIALIZERS["orthogonal"].std(fan_in, fan_out) == pytest.approx(
            math.sqrt(np.square(weight).mean()), rel=1e-12
        )


@pytest.mark.parametrize("hidden", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("gain", [1.0, 0.2, 3.0])
@pytest.mark.parametrize("settings", [{}, {"dtype": "float32"}, {"bias_std": 0.05}, {"residual": True}], ids=str)
def test_lsuv_brings_each_layers_output_to_the_deviation_gain_on_the_data_it_saw(hidden, gain, settings):
    x = 4 * np.random.default_rng(1).uniform(size=(200, 12))
    spec = gc.NetworkSpec((12, *[30] * 5, 4), hidden, initializer="lsuv", gain=gain, **settings)
    for layer in gc.forward(gc.build(spec, x=x), x).layers:
        assert abs(layer.pre_activation.var() / gain**2 - 1) < 0.1


def test_lsuv_scales_its_own_layers_only_and_a_run_fits_them_to_its_first_batch():
    spec = gc.NetworkSpec((6, 9, 9, 9, 3), "tanh", initializer=("he_normal", "lsuv", "lecun_uniform", "lsuv"))
    plain = gc.build(
        gc.NetworkSpec((6, 9, 9, 9, 3), "tanh", initializer=("he_normal", "normal", "lecun_uniform", "normal"))
    )
    x = 5 * np.random.default_rng(2).standard_normal((40, 6)) - 3
    data = SimpleNamespace(x=x, y=np.arange(40) % 3, name="random")
    run = gc.Run(spec, gc.TrainingSpec(batch_size=20, steps=1), data)
    np.testing.assert_array_equal(run.net.weights[0], plain.weights[0])
    np.testing.assert_array_equal(run.net.weights[2], plain.weights[2])
    deviations = run.advance().stats.pre_activation_std
    assert abs(deviations[[1, 3]] ** 2 - 1).max() < 0.1
    assert deviations[0] > 2


@pytest.mark.parametrize("size", [1e-200, 1e-30, 1e30, 1e200])
def test_lsuv_fits_data_of_any_size(size):
    x = size * np.random.default_rng(3).standard_normal((50, 8))
    net = gc.build(gc.NetworkSpec((8, 8), output="identity", initializer="lsuv"), x=x)
    assert abs(gc.forward(net, x).layers[0].pre_activation.var() - 1) < 0.1


def test_a_fan_that_is_none_is_refused():
    assert variance_scaling(2, "out")(300, 200) == 0.1
    with pytest.raises(ValueError, match="fan must be one of 'in', 'out', 'average'; got 'fan_out'"):
        variance_scaling(2, "fan_out")
