"""Backpropagation equals numeric differentiation, for every activation, output, loss, shape and kind of layer.

Each case is one network with its own weights, inputs and targets, in float64. The largest relative error of every
one of its layers is held to TOLERANCE, and no layer may go unchecked for being too near a kink. So that an error
cannot hide behind gradients too small to compare, the cases' gradients are also shown to be alive, and to be zero
where normalization leaves nothing to pass on.
"""

from dataclasses import dataclass
from itertools import count, product

import numpy as np
import pytest

import gradcore as gc
from gradcore.network.gradient_check import FLOOR

# Rounding in the differences, not the gradients, sets this: with every parameter of every case checked, 3,199 of
# 3,200 networks stay below 1e-6, and the one above is a gradient of exactly 0 (a bias under batch normalization).
TOLERANCE = 3e-6
# A layer is alive if its largest gradient entry is this many times the size below which entries are compared
# absolutely: an error of a thousandth then shows.
ALIVE = 100
ALIVE_SHARE = 0.9
AT_LEAST_CASES = 2000

OUTPUTS = (("softmax", None), ("softmax", "mse"), ("sigmoid", None), ("sigmoid", "mse"), ("identity", None))
NORMALIZATIONS = (None, "batch", "layer")
# sizes, samples, networks of each kind, parameters checked in each layer
SHAPES = {
    "width 1": ((3, 1, 1, 2), 5, 2, None),
    "one sample": ((3, 4, 4, 2), 1, 2, 10),
    "rectangular": ((4, 5, 5, 3, 2), 6, 2, 8),
    "deep": ((3, *[4] * 8, 2), 5, 1, 4),
}
INITIALIZERS = ("lecun_normal", "xavier_uniform", "orthogonal", "he_normal", "article_xavier", "lsuv")


@dataclass(frozen=True)
class Case:
    shape: str
    sizes: tuple[int, ...]
    n: int
    hidden: str | tuple[str, ...]
    output: str
    loss: str | None
    normalization: str | None
    residual: bool
    seed: int
    sample: int | None = 10


def grid(hidden, normalization, residual):
    """Return the cases of one activation in one kind of layer: each output and loss in each shape."""
    seeds = count()
    return [
        Case(shape, sizes_for(output, seed, sizes), n, hidden, output, loss, normalization, residual, seed, sample)
        for (output, loss), (shape, (sizes, n, networks, sample)) in product(OUTPUTS, SHAPES.items())
        for seed in (next(seeds) for _ in range(networks))
    ]


def sizes_for(output, seed, sizes):
    """Return the sizes, every third time with a single output where the output allows it."""
    return (*sizes[:-1], 1) if output != "softmax" and seed % 3 == 0 else sizes


def no_hidden_layer():
    pairs = product(OUTPUTS, range(12))
    return [
        Case("no hidden layer", sizes_for(output, seed, (4, 3)), 1 + seed % 5, "tanh", output, loss, None, False, seed)
        for (output, loss), seed in pairs
    ]


def mixed(first, last):
    """Return networks with an activation of its own in each layer, of random widths, depths and kinds."""
    cases = []
    for seed in range(first, last):
        rng = np.random.default_rng(seed)
        depth = int(rng.integers(2, 6))
        hidden = tuple(rng.choice(list(gc.ACTIVATIONS), depth).tolist())
        widths = [4] * depth if seed % 2 else rng.integers(3, 7, depth).tolist()
        output, loss = OUTPUTS[seed % len(OUTPUTS)]
        sizes = (int(rng.integers(2, 6)), *widths, int(rng.integers(2, 4)))
        normalization = NORMALIZATIONS[seed % 3]
        cases.append(Case("mixed", sizes, 6, hidden, output, loss, normalization, seed % 4 < 2, seed, 6))
    return cases


GRIDS = {
    (hidden, normalization, residual): grid(hidden, normalization, residual)
    for hidden, normalization, residual in product(gc.ACTIVATIONS, NORMALIZATIONS, (False, True))
}
MIXED = [mixed(first, first + 50) for first in range(0, 200, 50)]
CASES = [case for cases in (*GRIDS.values(), no_hidden_layer(), *MIXED) for case in cases]


def problem(case):
    """Return network, inputs and targets; gains keep the signal alive, scales and shifts are no longer 1 and 0."""
    depth = len(case.sizes) - 2
    names = case.hidden if isinstance(case.hidden, tuple) else (case.hidden,) * depth
    gains = [gc.ACTIVATIONS[name].gain * (0.5 if case.residual else 1) for name in names]
    spec = gc.NetworkSpec(
        case.sizes,
        hidden=case.hidden,
        output=case.output,
        loss=case.loss,
        initializer=INITIALIZERS[case.seed % len(INITIALIZERS)],
        gain=(*gains, 0.7),
        bias_std=(0.3, 0.0, 0.1)[case.seed % 3],
        normalization=case.normalization,
        residual=case.residual,
    )
    rng = np.random.default_rng([case.seed, depth, case.n])
    net = gc.build(spec, case.seed)
    for scale, shift in zip(net.scales, net.shifts, strict=True):
        scale[:] = rng.uniform(0.6, 1.6, scale.shape)
        shift[:] = rng.normal(0, 0.5, shift.shape)
    return net, rng.standard_normal((case.n, case.sizes[0])), targets(case, rng)


def targets(case, rng):
    """Return numbers to regress on, or in turn class numbers and soft targets."""
    outputs = case.sizes[-1]
    if case.output == "identity":
        return rng.standard_normal((case.n, outputs))
    if case.seed % 2 == 0:
        return rng.integers(0, max(outputs, 2), case.n)
    soft = rng.uniform(0.05, 1, (case.n, outputs))
    return soft / soft.sum(axis=1, keepdims=True) if case.output == "softmax" else soft


def assert_all_agree(cases):
    wrong = []
    for case in cases:
        errors = gc.check_gradients(*problem(case), sample=case.sample)
        assert len(errors) == len(case.sizes) - 1
        if not all(error <= TOLERANCE for error in errors):  # a NaN, for a layer unchecked, fails too
            wrong.append(f"{case}: errors by layer {errors}")
    assert not wrong, "\n".join(wrong)


def passes_nothing_on(case):
    """Return whether normalization makes every normalized value the same, whatever the weights."""
    return (case.shape, case.normalization) in {("width 1", "layer"), ("one sample", "batch")}


def test_there_are_over_two_thousand_different_cases():
    assert len(set(CASES)) == len(CASES) >= AT_LEAST_CASES
    assert {case.hidden for case in CASES} >= set(gc.ACTIVATIONS)


@pytest.mark.parametrize(("hidden", "normalization", "residual"), GRIDS)
def test_gradients_are_right_for_every_activation_output_loss_and_shape(hidden, normalization, residual):
    assert_all_agree(GRIDS[hidden, normalization, residual])


def test_gradients_are_right_without_a_hidden_layer():
    assert_all_agree(no_hidden_layer())


@pytest.mark.parametrize("cases", MIXED, ids=lambda cases: f"from seed {cases[0].seed}")
def test_gradients_are_right_with_another_activation_in_each_layer(cases):
    assert len({case.hidden for case in cases}) > 40
    assert_all_agree(cases)


def test_gradients_of_the_cases_are_large_enough_to_compare():
    alive = []
    for case in CASES:
        if not passes_nothing_on(case):
            net, x, y = problem(case)
            grads = gc.backward(net, gc.forward(net, x), y)
            floor = FLOOR * max(1.0, grads.loss)
            alive += [np.abs(layer.block_grad).max() > ALIVE * floor for layer in grads.layers]
    assert np.mean(alive) > ALIVE_SHARE


def test_weights_under_a_normalization_of_single_numbers_have_no_gradient():
    cases = [case for case in CASES if passes_nothing_on(case)]
    assert len(cases) >= 100
    for case in cases:
        net, x, y = problem(case)
        layers = gc.backward(net, gc.forward(net, x), y).layers
        assert max(np.abs(layer.block_grad).max() for layer in layers[:-1]) < 1e-12, case
        assert np.abs(layers[-1].block_grad).max() > 0, case
