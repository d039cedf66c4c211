"""The textbook network computes what the engine computes: forward, loss, gradients and training, to 1e-12."""

import ast
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore import textbook
from tests.gradcore.small_runs import rows_of

TOLERANCE = 1e-12
# Without "constant": softmax deltas sum to zero, equal weights make of them gradients that are nothing but rounding.
INITIALIZERS = sorted(set(gc.INITIALIZERS) - {"constant"})
EPOCHS = 3


def difference(value, expected):
    """Return the largest difference of two arrays, relative to the largest number expected."""
    value, expected = np.asarray(value), np.asarray(expected)
    assert value.shape == expected.shape
    largest = np.abs(value - expected).max()
    return largest if largest == 0 else largest / np.abs(expected).max()


def random_case(seed):
    """Return the spec of a random network, its data, a batch size and a learning rate."""
    rng = np.random.default_rng(seed)
    output = str(rng.choice(list(textbook.OUTPUTS)))
    sizes = (
        *rng.integers(1, 9, 1 + rng.integers(0, 7)).tolist(),
        int(rng.integers(2 if output == "softmax" else 1, 6)),
    )
    spec = gc.NetworkSpec(
        sizes,
        hidden=str(rng.choice(list(textbook.ACTIVATIONS))),
        output=output,
        initializer=str(rng.choice(INITIALIZERS)),
        gain=float(rng.uniform(0.5, 1.5)),
        bias_std=float(rng.choice([0.0, 0.3])),
    )
    n, outputs = int(rng.integers(1, 30)), sizes[-1]
    t = rng.standard_normal((n, outputs))
    if output == "softmax":
        t = np.eye(outputs)[rng.integers(0, outputs, n)]
    elif output == "sigmoid":
        t = rng.integers(0, 2, (n, outputs)).astype(float)
    data = SimpleNamespace(x=rng.standard_normal((n, sizes[0])), y=t, name="random")
    return spec, data, int(rng.integers(1, n + 1)), float(rng.uniform(0.01, 0.3))


def copied(net):
    """Return the textbook's network with the engine's parameters."""
    columns = [bias[:, None].copy() for bias in net.biases]
    return textbook.Network([weight.copy() for weight in net.weights], columns, net.spec.hidden, net.spec.output)


def gradient_differences(net, x, t):
    """Yield the name and the relative difference of everything that one forward and backward pass computes."""
    trace = gc.forward(net, x)
    grads = gc.backward(net, trace, t)
    plain = copied(net)
    z, a = textbook.forward(plain, x.T)
    weight_grads, bias_grads = textbook.backward(plain, z, a, t.T)
    assert len(z) == len(a) - 1 == len(weight_grads) == len(bias_grads) == net.spec.depth + 1
    yield "loss", difference(textbook.mean_loss(plain, z, t.T), grads.loss)
    for index, (ran, gradient) in enumerate(zip(trace.layers, grads.layers, strict=True)):
        yield f"z {index}", difference(z[index], ran.pre_activation)
        yield f"a {index}", difference(a[index + 1], ran.activation)
        yield f"weight gradient {index}", difference(weight_grads[index], gradient.weight_grad)
        yield f"bias gradient {index}", difference(bias_grads[index][:, 0], gradient.bias_grad)


def training_differences(spec, data, batch_size, rate, seed):
    """Yield the same of a few epochs of training, the textbook's in the order of the engine's batches."""
    per_epoch = len(data.x) // batch_size
    run = gc.Run(spec, gc.TrainingSpec(rate, batch_size, EPOCHS * per_epoch), data, seed=seed)
    plain, records, batches = copied(run.net), [], []
    while not run.finished:
        records.append(run.advance())
        batches.append(rows_of(run, data))
    orders = []
    for epoch in range(EPOCHS):
        used = np.concatenate(batches[epoch * per_epoch : (epoch + 1) * per_epoch])
        orders.append(np.concatenate([used, np.setdiff1d(np.arange(len(data.x)), used)]))
    shuffler = SimpleNamespace(permutation=lambda n: orders.pop(0))
    steps = textbook.train(plain, data.x.T, data.y.T, rate, batch_size, EPOCHS, shuffler)
    assert not orders
    assert len(steps) == len(records) == EPOCHS * per_epoch
    for record, (loss, sizes) in zip(records, steps, strict=True):
        yield f"loss of step {record.step}", difference(loss, record.loss)
        for index, (size, expected) in enumerate(zip(sizes, record.stats.grad_rms, strict=True)):
            yield f"size of gradient {index} at step {record.step}", difference(size, expected)
    for index, (weight, bias) in enumerate(zip(run.net.weights, run.net.biases, strict=True)):
        yield f"weight {index}", difference(plain.weights[index], weight)
        yield f"bias {index}", difference(plain.biases[index][:, 0], bias)


def too_large(differences):
    return {name: value for name, value in differences if not value <= TOLERANCE}


@pytest.mark.parametrize("seed", range(50))
def test_a_random_network_computes_and_trains_as_the_engine_does(seed):
    spec, data, batch_size, rate = random_case(seed)
    assert not too_large(gradient_differences(gc.build(spec, seed=seed), data.x, data.y))
    assert not too_large(training_differences(spec, data, batch_size, rate, seed))


def test_the_random_networks_cover_the_textbook():
    specs = [random_case(seed)[0] for seed in range(50)]
    assert {spec.depth for spec in specs} == set(range(7))
    assert {spec.hidden for spec in specs} == set(textbook.ACTIVATIONS)
    assert {spec.output for spec in specs} == set(textbook.OUTPUTS)
    assert len({spec.initializer for spec in specs}) > 8


WRONG = {
    "sigmoid": lambda z: 1.0001 * textbook.sigmoid(z) * textbook.sigmoid(-z),
    "tanh": lambda z: 1 - np.tanh(z + 1e-6) ** 2,
    "relu": lambda z: np.where(z > 0, 1.0, 1e-6),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_comparison_fails_on_a_slightly_wrong_derivative(name, monkeypatch):
    spec = gc.NetworkSpec((4, 6, 6, 3), name, initializer="he_normal")
    rng = np.random.default_rng(1)
    data = SimpleNamespace(x=rng.standard_normal((12, 4)), y=np.eye(3)[rng.integers(0, 3, 12)], name="random")
    net = gc.build(spec, seed=1)
    assert not too_large(gradient_differences(net, data.x, data.y))
    assert not too_large(training_differences(spec, data, 5, 0.1, 1))
    monkeypatch.setitem(textbook.ACTIVATIONS, name, (textbook.ACTIVATIONS[name][0], WRONG[name]))
    below = {f"{kind} gradient {index}" for kind in ("weight", "bias") for index in (0, 1)}
    assert set(too_large(gradient_differences(net, data.x, data.y))) == below
    assert too_large(training_differences(spec, data, 5, 0.1, 1))


@pytest.mark.parametrize("name", textbook.OUTPUTS)
def test_the_comparison_fails_on_a_slightly_wrong_loss(name, monkeypatch):
    spec = gc.NetworkSpec((4, 6, 3), "tanh", output=name)
    rng = np.random.default_rng(2)
    x, t = rng.standard_normal((9, 4)), np.eye(3)[rng.integers(0, 3, 9)]
    phi, loss = textbook.OUTPUTS[name]
    monkeypatch.setitem(textbook.OUTPUTS, name, (phi, lambda z, t: loss(z, t) + 1e-9))
    assert set(too_large(gradient_differences(gc.build(spec, seed=2), x, t))) == {"loss"}


def test_weights_start_with_the_spread_that_is_said_and_biases_at_zero():
    net = textbook.build([100, 400, 50], "relu", "softmax", 1.5, np.random.default_rng(0))
    assert [weight.shape for weight in net.weights] == [(400, 100), (50, 400)]
    assert net.weights[0].std() == pytest.approx(1.5 / 10, rel=0.02)
    assert net.weights[1].std() == pytest.approx(1.5 / 20, rel=0.02)
    assert [bias.tolist() for bias in net.biases] == [[[0]] * 400, [[0]] * 50]


def test_gradients_vanish_through_sigmoids_and_not_through_relus():
    rng = np.random.default_rng(0)
    x, t = rng.standard_normal((8, 64)), np.eye(2)[rng.integers(0, 2, 64)].T
    ratios = {}
    for hidden, gain in (("sigmoid", 1.0), ("relu", np.sqrt(2))):
        net = textbook.build([8, *[16] * 8, 2], hidden, "softmax", gain, rng)
        _, sizes = textbook.train(net, x, t, 0.1, 64, 1, rng)[0]
        ratios[hidden] = sizes[0] / sizes[-2]
    assert ratios["sigmoid"] < 1e-3
    assert 0.1 < ratios["relu"] < 10


def test_extreme_pre_activations_stay_finite():
    z = np.array([[-800.0, 0.0, 800.0], [800.0, 0.0, -800.0]])
    for phi, loss in textbook.OUTPUTS.values():
        assert np.isfinite(phi(z)).all()
        assert np.isfinite(loss(z, np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]))).all()


def test_the_file_is_short_and_stands_alone():
    source = Path(textbook.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 100
    froms = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
    plain = {name.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for name in node.names}
    assert froms | plain == {"collections.abc", "itertools", "typing", "numpy", "numpy.typing"}
