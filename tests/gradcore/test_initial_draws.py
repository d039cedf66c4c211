"""What seeds, layers, precision and biases do to a network's start, and what is refused.

Draws are keyed by seed, layer and kind of distribution: whatever else differs, they are the same.
"""

import math

import numpy as np
import pytest

import gradcore as gc

NORMAL_KIND = ("normal", "lecun_normal", "article_xavier", "xavier_normal", "he_normal")
UNIFORM_KIND = ("uniform", "lecun_uniform", "xavier_uniform", "he_uniform", "pytorch_default", "keras_default")
EVERY = tuple(gc.INITIALIZERS)
WITHOUT_BIAS = tuple(name for name in EVERY if name != "pytorch_default")

every_initializer = pytest.mark.parametrize("name", EVERY)


def start(sizes=(7, 9, 9, 4), seed=0, **settings):
    return gc.build(gc.NetworkSpec(sizes, **settings), seed)


def weights(net):
    return np.concatenate([weight.ravel() for weight in net.weights])


@pytest.mark.parametrize("names", [NORMAL_KIND, UNIFORM_KIND])
@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_initializers_of_one_kind_are_scaled_copies_of_each_other_in_every_layer(names, seed):
    first, *others = (start(seed=seed, initializer=name, gain=1.7) for name in names)
    for other in others:
        for weight, reference in zip(other.weights, first.weights, strict=True):
            ratios = weight / reference
            assert np.ptp(ratios) < 1e-14 * ratios.mean()


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden": "relu"},
        {"output": "identity"},
        {"output": "sigmoid", "loss": "mse"},
        {"bias_std": 0.5},
        {"normalization": "batch"},
        {"normalization": "layer"},
        {"residual": True},
        {"gain": (1.0, 1.0, 1.0)},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["he_normal", "pytorch_default", "orthogonal"])
def test_no_other_setting_changes_the_weights(name, settings):
    np.testing.assert_array_equal(weights(start(initializer=name, **settings)), weights(start(initializer=name)))


def test_a_layers_draws_do_not_depend_on_the_layers_beside_it():
    one, other = start((7, 9, 9, 4), initializer="normal"), start((8, 9, 9, 5, 5), initializer="normal", hidden="relu")
    np.testing.assert_array_equal(one.weights[1], other.weights[1])
    for settings in ({"initializer": ("zeros", "normal", "uniform")}, {"initializer": ("lsuv", "normal", "lsuv")}):
        np.testing.assert_array_equal(start(**settings).weights[1], one.weights[1])


@every_initializer
def test_float32_weights_are_the_float64_ones_rounded(name):
    single, double = (start(initializer=name, dtype=dtype, bias_std=0.1) for dtype in ("float32", "float64"))
    assert single.parameters.dtype == np.float32
    if name == "lsuv":  # whose scale is measured in the network's own precision
        np.testing.assert_allclose(single.parameters, double.parameters, rtol=1e-5)
    else:
        np.testing.assert_array_equal(single.parameters, double.parameters.astype(np.float32))


@every_initializer
def test_one_seed_makes_one_network_and_another_seed_another(name):
    np.testing.assert_array_equal(start(initializer=name).parameters, start(initializer=name).parameters)
    if name not in ("zeros", "constant"):
        nets = [start(initializer=name, seed=seed) for seed in (0, 1, 2**32 - 1)]
        for one, other in ((0, 1), (0, 2), (1, 2)):
            assert not np.isclose(weights(nets[one]), weights(nets[other])).any()


def test_building_draws_from_no_global_state():
    np.random.seed(1)
    before, state = start().parameters.copy(), np.random.get_state()[1].copy()
    np.random.seed(2)
    np.testing.assert_array_equal(start().parameters, before)
    np.random.seed(1)
    start()
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("name", ["normal", "uniform"])
def test_draws_of_different_layers_and_seeds_are_independent(name):
    draws = [weight.ravel() for seed in range(3) for weight in start((60,) * 5, initializer=name, seed=seed).weights]
    kinds = start((60,) * 5, initializer={"normal": "uniform", "uniform": "normal"}[name]).weights
    correlations = np.corrcoef([*draws, *(weight.ravel() for weight in kinds)])
    np.fill_diagonal(correlations, 0)
    assert np.abs(correlations).max() < 5 / 60  # 1/√3600 is their standard error


@pytest.mark.parametrize("name", WITHOUT_BIAS)
def test_biases_start_at_exactly_zero(name):
    assert not any(bias.any() for bias in start(initializer=name, gain=1.5).biases)


@pytest.mark.parametrize("fan_in", [1, 16, 400])
def test_pytorchs_biases_are_uniform_within_one_over_root_fan_in(fan_in):
    spec = gc.NetworkSpec((fan_in, 1000), initializer="pytorch_default", gain=2.0)  # gain is of weights only
    biases = np.sort(np.concatenate([gc.build(spec, seed).biases[0] for seed in range(30)])) * math.sqrt(fan_in)
    n = len(biases)
    assert np.abs(biases).max() <= 1 + 1e-15
    assert np.abs(biases).max() > 1 - 1e-3
    below, places = (biases + 1) / 2, np.arange(n + 1) / n
    assert max((places[1:] - below).max(), (below - places[:-1]).max()) < 2 / math.sqrt(n)
    assert abs(biases.std() * math.sqrt(3) - 1) < 4 * math.sqrt(0.2 / n)


@pytest.mark.parametrize("name", ["zeros", "xavier_normal", "pytorch_default"])
def test_bias_std_makes_normal_biases_of_that_deviation_in_place_of_the_initializers_own(name):
    spec = gc.NetworkSpec((2, 900, 100), initializer=name, bias_std=0.3)
    biases = np.concatenate([bias for seed in range(30) for bias in gc.build(spec, seed).biases]) / 0.3
    n = len(biases)
    assert abs(biases.mean()) < 4 / math.sqrt(n)
    assert abs(np.square(biases).mean() - 1) < 4 * math.sqrt(2 / n)
    assert abs((biases**4).mean() - 3) < 4 * math.sqrt(96 / n)
    doubled = gc.NetworkSpec((2, 900, 100), initializer=name, bias_std=0.6)
    for bias, twice in zip(gc.build(spec, 5).biases, gc.build(doubled, 5).biases, strict=True):
        np.testing.assert_array_equal(twice, 2 * bias)


def test_biases_are_no_copies_of_weights():
    net = start((1, 500, 500), initializer="normal", bias_std=1.0)
    uniform = start((1, 500, 500), initializer="pytorch_default")
    for each in (net, uniform):
        assert abs(np.corrcoef(each.weights[0][:, 0], each.biases[0])[0, 1]) < 5 / math.sqrt(500)


def test_each_layer_may_have_an_initializer_and_a_gain_of_its_own():
    names, gains = ("he_uniform", "orthogonal", "constant", "pytorch_default"), (2.0, 0.5, -0.25, 3.0)
    mixed = start((7, 9, 9, 9, 4), initializer=names, gain=gains, seed=6)
    for layer, (name, gain) in enumerate(zip(names, gains, strict=True)):
        alone = start((7, 9, 9, 9, 4), initializer=name, gain=abs(gain), seed=6)
        np.testing.assert_array_equal(mixed.weights[layer], math.copysign(1, gain) * alone.weights[layer])
        np.testing.assert_array_equal(mixed.biases[layer], alone.biases[layer])


@pytest.mark.parametrize("normalization", ["batch", "layer"])
def test_scales_start_at_1_and_shifts_at_0_whatever_the_initializer(normalization):
    net = start(normalization=normalization, initializer="pytorch_default", bias_std=2.0, gain=5.0)
    assert [len(scale) for scale in net.scales] == [len(shift) for shift in net.shifts] == [9, 9]
    assert all((scale == 1).all() for scale in net.scales)
    assert not any(shift.any() for shift in net.shifts)


@pytest.mark.parametrize("name", ["xavier", "He_normal", "", None, 3, "he_normal "])
def test_unknown_names_are_refused_with_the_names_there_are(name):
    for initializer in (name, ("he_normal", name, "zeros")):
        argument = "initializer" if initializer is name else r"initializer\[1\]"
        with pytest.raises(ValueError, match=rf"^{argument} must be one of 'zeros', .*'keras_default'; got {name!r}$"):
            gc.NetworkSpec((7, 9, 9, 4), initializer=initializer)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, 1.0, True, None, "0", float("nan")])
def test_seeds_that_are_no_whole_numbers_of_32_bits_are_refused(seed):
    with pytest.raises(ValueError, match=rf"^seed must be a whole number from 0 to 4294967295, got {seed!r}$"):
        start(seed=seed)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((3, 6)), r"x must have shape \(n, 7\) with n at least 1, got \(3, 6\)"),
        (np.zeros((0, 7)), r"got \(0, 7\)"),
        (np.zeros(7), r"got \(7,\)"),
        (np.full((3, 7), np.nan), "x must be finite, got NaN or infinity"),
        ([["a"] * 7], "x must be numbers, got an array of <U1"),
    ],
)
def test_data_that_do_not_fit_are_refused_by_lsuv(x, message):
    with pytest.raises(ValueError, match=message):
        gc.build(gc.NetworkSpec((7, 9, 4), initializer="lsuv"), x=x)
