"""The forward pass against He et al. 2015, "Delving deep into rectifiers", §2.2.

With variance 2/fan_in a ReLU network keeps E‖h‖², with 1/fan_in it halves it in every layer. ReLU's second moments
have heavy tails, E‖h‖⁴/(E‖h‖²)² = (1+5/n)^L, so a mean over R networks is held to 3.5 standard errors of that law.
Their "1/(1.7×10⁴)" is arithmetic on the law for the 3×3 filters of VGG-B.
"""

import math

import numpy as np
import pytest

import gradcore as gc

WIDTH, DEPTH, NETWORKS = 200, 30, 40
TOLERANCE = 3.5 * math.sqrt(((1 + 5 / WIDTH) ** DEPTH - 1) / NETWORKS)


@pytest.fixture(scope="module")
def growth():
    """‖h_l‖²/‖h_0‖² of 30 ReLU layers: name → (networks, layers)."""
    result = {"he_normal": [], "lecun_normal": []}
    for seed in range(NETWORKS):
        x = np.random.default_rng(seed).standard_normal((1, WIDTH))
        for name, rows in result.items():
            sizes = (WIDTH,) * (DEPTH + 1) + (1,)
            net = gc.build(gc.NetworkSpec(sizes=sizes, hidden="relu", output="identity", initializer=name), seed)
            layers = gc.forward(net, x).layers[:-1]
            rows.append([np.sum(layer.activation**2) / np.sum(x**2) for layer in layers])
    return {name: np.array(rows) for name, rows in result.items()}


def test_two_over_fan_in_keeps_the_mean_square_through_thirty_relu_layers(growth):
    assert growth["he_normal"][:, -1].mean() == pytest.approx(1, rel=TOLERANCE)


def test_one_over_fan_in_shrinks_the_mean_square_by_two_to_the_minus_thirty(growth):
    assert growth["lecun_normal"][:, -1].mean() == pytest.approx(2.0**-DEPTH, rel=TOLERANCE)


def test_on_the_same_draws_one_over_fan_in_halves_exactly_once_a_layer(growth):
    expected = 2.0 ** -np.arange(1, DEPTH + 1)
    ratio = growth["lecun_normal"] / growth["he_normal"]
    np.testing.assert_allclose(ratio, np.tile(expected, (NETWORKS, 1)), rtol=1e-9)
    assert math.sqrt(ratio[0, -1]) == pytest.approx(3.05e-5, rel=2e-3)


def test_a_single_relu_layer_keeps_the_mean_square_closely(growth):
    # The same law with L = 1, where it is sharp: 3.5 standard errors are 9 %.
    assert growth["he_normal"][:, 0].mean() == pytest.approx(1, rel=3.5 * math.sqrt(5 / WIDTH / NETWORKS))


# VGG-B between conv2 and conv10: filters of each layer, and their std by the law over 0.01 as the paper rounds it.
FILTERS = ((64, 5.9), (128, 4.2), (128, 4.2), (256, 2.9), (256, 2.9), *[(512, 2.1)] * 4)


def law(name, filters):
    """Std that initializer `name` gives a 3×3 layer with as many filters in as out."""
    return gc.INITIALIZERS[name].std(9 * filters, 9 * filters)


def test_std_001_in_vgg_b_shrinks_the_gradient_to_one_over_17000():
    for filters, published in FILTERS:
        assert law("he_normal", filters) / 0.01 == pytest.approx(published, abs=0.05)
    assert 1 / (5.9 * 4.2**2 * 2.9**2 * 2.1**4) == pytest.approx(1 / 1.7e4, rel=0.03)
    shrinkage = math.prod(0.01 / law("he_normal", filters) for filters, _ in FILTERS)
    assert shrinkage == pytest.approx(1 / 1.7e4, rel=0.03)


@pytest.mark.parametrize("name", ["xavier_normal", "lecun_normal"])
def test_one_over_17000_is_not_about_xavier(name):
    # There the same nine layers lose the root of two each, 1/22.6 in all.
    shrinkage = math.prod(law(name, filters) / law("he_normal", filters) for filters, _ in FILTERS)
    assert shrinkage == pytest.approx(2**-4.5, rel=1e-9)
