"""The optimizers go where PyTorch's go, to 12 digits; clipping follows Pascanu et al.; records see the raw gradient.

PyTorch's numbers and the code that made them are in torch_trajectories.py. Its clip_grad_norm_ divides by ‖g‖ + 1e-6,
the engine by ‖g‖ as Pascanu, Mikolov & Bengio 2013 (Algorithm 1) do, so clipping is held against that formula.
"""

from math import cos, sin
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.training.optimizer import clip_factor
from tests.gradcore.torch_trajectories import TRAJECTORIES

SGD = {"learning_rate": 0.3, "momentum": 0.9}
ADAM = {"learning_rate": 0.05, "optimizer": "adam"}
SETTINGS = {
    "sgd": {"learning_rate": 0.3},
    "sgd with weight decay": {"learning_rate": 0.3, "weight_decay": 0.1},
    "momentum": SGD,
    "momentum with weight decay": {**SGD, "weight_decay": 0.1},
    "nesterov": {**SGD, "nesterov": True},
    "nesterov with weight decay": {**SGD, "nesterov": True, "weight_decay": 0.1},
    "adam": ADAM,
    "adam with weight decay": {**ADAM, "weight_decay": 0.1},
    "adam with its own constants": {**ADAM, "beta1": 0.6, "beta2": 0.9, "epsilon": 1e-3},
    "momentum with weight decay, normalized": {**SGD, "weight_decay": 0.1},
    "adam with weight decay, normalized": {**ADAM, "weight_decay": 0.1, "epsilon": 1e-3},
}
X = np.array([[cos(2 * i + j) for j in range(2)] for i in range(6)])
Y = np.array([float(i % 3 == 0) for i in range(6)])
DATA = SimpleNamespace(x=X, y=Y, name="as in torch_trajectories")


def start(normalized=False, steps=6, dtype="float64", **settings):
    """Return a run on the problem of torch_trajectories, with its weights, the whole data in each batch."""
    spec = gc.NetworkSpec(
        (2, 3, 1), hidden="tanh", output="sigmoid", normalization="batch" if normalized else None, dtype=dtype
    )
    run = gc.Run(spec, gc.TrainingSpec(batch_size=6, steps=steps, **settings), DATA)
    values = iter(range(1, 100))
    for part in parts(run.net):
        part[...] = np.array([0.7 * sin(next(values)) for _ in range(part.size)]).reshape(part.shape)
    return run


def parts(net):
    """Return views of all parameters, in PyTorch's order."""
    return [net.weights[0], net.biases[0], net.weights[1], net.biases[1], *net.scales, *net.shifts]


def parameters(net):
    return np.concatenate([part.ravel() for part in parts(net)])


def gradient(net):
    """Return the gradient on the whole data, in the order of `parameters`."""
    grads = gc.backward(net, gc.forward(net, X), Y).layers
    pieces = [grads[0].weight_grad, grads[0].bias_grad, grads[1].weight_grad, grads[1].bias_grad]
    pieces += [piece for piece in (grads[0].scale_grad, grads[0].shift_grad) if piece is not None]
    return np.concatenate([piece.ravel() for piece in pieces])


def test_every_trajectory_has_its_settings():
    assert list(TRAJECTORIES) == list(SETTINGS)


@pytest.mark.parametrize("name", TRAJECTORIES)
def test_parameters_move_as_pytorch_moves_them(name):
    run = start("normalized" in name, **SETTINGS[name])
    steps = []
    for _ in range(6):
        run.advance()
        steps.append(parameters(run.net))
    expected = np.reshape(TRAJECTORIES[name], (3, -1))
    np.testing.assert_allclose([steps[0], steps[1], steps[5]], expected, rtol=0, atol=1e-12)


def test_the_optimizers_go_to_different_places():
    ends = [TRAJECTORIES[name][26:39] for name in SETTINGS if "normalized" not in name]
    distances = [np.abs(np.subtract(a, b)).max() for i, a in enumerate(ends) for b in ends[:i]]
    assert min(distances) > 1e-3


@pytest.mark.parametrize("name", SETTINGS)
def test_float32_stays_float32_and_near_pytorch(name):
    run = start("normalized" in name, dtype="float32", **SETTINGS[name])
    while not run.finished:
        run.advance()
    assert run.net.parameters.dtype == np.float32
    expected = np.reshape(TRAJECTORIES[name], (3, -1))[-1]
    np.testing.assert_allclose(parameters(run.net), expected, rtol=0, atol=2e-5)


@pytest.mark.parametrize("optimizer", [{}, {"momentum": 0.5}, {"optimizer": "adam"}])
def test_weight_decay_moves_weights_only(optimizer):
    plain, decayed = (start(True, 1, weight_decay=decay, **optimizer) for decay in (0.0, 0.7))
    plain.advance()
    decayed.advance()
    same = [bool(np.array_equal(a, b)) for a, b in zip(parts(plain.net), parts(decayed.net), strict=True)]
    assert same == [False, True, False, True, True, True]


def test_clipping_shortens_the_whole_gradient_to_the_limit():
    run = start(steps=1, learning_rate=0.3, clip_norm=0.01)
    before, raw = parameters(run.net), gradient(run.net)
    assert np.linalg.norm(raw) > 0.1
    run.advance()
    step = before - parameters(run.net)
    np.testing.assert_allclose(step, 0.3 * 0.01 / np.linalg.norm(raw) * raw, rtol=1e-12, atol=3e-16)
    assert np.linalg.norm(step) / 0.3 == pytest.approx(0.01, rel=1e-12, abs=0)


def test_clipping_leaves_a_gradient_below_the_limit_alone():
    clipped, plain = start(clip_norm=100.0), start()
    for _ in range(6):
        clipped.advance()
        plain.advance()
    np.testing.assert_array_equal(clipped.net.parameters, plain.net.parameters)


def test_clipping_comes_before_momentum_and_before_weight_decay():
    run = start(steps=3, clip_norm=0.05, weight_decay=0.1, **SGD)
    is_weight = np.array([1.0] * 6 + [0.0] * 3 + [1.0] * 3 + [0.0])
    expected, velocity = parameters(run.net), np.zeros(13)
    for _ in range(3):
        raw = gradient(run.net)
        assert np.linalg.norm(raw) > 0.05
        velocity = 0.9 * velocity + 0.05 * raw / np.linalg.norm(raw) + 0.1 * is_weight * expected
        expected = expected - 0.3 * velocity
        run.advance()
        np.testing.assert_allclose(parameters(run.net), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("grad_norm", "limit", "factor"),
    [(2.0, 1.0, 0.5), (1.0, 1.0, 1.0), (0.5, 1.0, 1.0), (0.0, 1.0, 1.0), (1e-300, 1e-301, 0.1), (1e300, 1.0, 1e-300)],
)
def test_the_clipping_factor_is_the_limit_over_the_norm(grad_norm, limit, factor):
    assert clip_factor(grad_norm, limit) == pytest.approx(factor, rel=1e-15, abs=0)


def test_records_see_the_gradient_before_clipping():
    clipped, plain = start(clip_norm=1e-6), start()
    raw = gc.backward(plain.net, gc.forward(plain.net, X), Y).layers
    stats = clipped.advance().stats
    np.testing.assert_array_equal(stats.grad_norm, plain.advance().stats.grad_norm)
    np.testing.assert_allclose(stats.grad_norm, [np.linalg.norm(layer.weight_grad) for layer in raw], rtol=1e-12)
    np.testing.assert_allclose(stats.bias_grad_norm, [np.linalg.norm(layer.bias_grad) for layer in raw], rtol=1e-12)


@pytest.mark.parametrize("name", SETTINGS)
def test_with_a_learning_rate_of_zero_nothing_moves(name):
    run = start("normalized" in name, **{**SETTINGS[name], "learning_rate": 0})
    before = run.net.parameters.copy()
    while not run.finished:
        run.advance()
    np.testing.assert_array_equal(run.net.parameters, before)


def test_another_learning_rate_keeps_the_velocity():
    run = start(steps=2, **SGD)
    begin, first = parameters(run.net), gradient(run.net)
    run.advance()
    second = gradient(run.net)
    run.retune(0.02)
    run.advance()
    expected = begin - 0.3 * first - 0.02 * (0.9 * first + second)
    np.testing.assert_allclose(parameters(run.net), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_adams_first_step_is_the_learning_rate_whatever_the_gradients_size(scale):
    spec = gc.NetworkSpec((2, 1), output="identity")
    data = SimpleNamespace(x=np.array([[3.0, -2.0]]), y=np.array([[1e3 * scale]]), name="one sample")
    run = gc.Run(spec, gc.TrainingSpec(learning_rate=0.1, optimizer="adam", batch_size=1, steps=1), data)
    run.net.parameters[:] = 0
    run.advance()
    np.testing.assert_allclose(run.net.blocks[0], [[0.1, -0.1, 0.1]], rtol=1e-7)
