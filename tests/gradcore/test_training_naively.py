"""Training equals a slow second implementation of it over 20 steps of mini-batches, to 1e-12 in float64.

The second one is naive_network's gradients and the optimizers' formulas written out, layer by layer and with no code
of gradcore. From the run it takes the first weights and which samples each batch held, nothing else.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from tests.gradcore import naive_network
from tests.gradcore.small_runs import rows_of

STEPS, N, TESTED, BATCH = 20, 23, 9, 6


class NaiveRun:
    """Weights, velocities and running estimates, each a list of arrays."""

    def __init__(self, net, tspec):
        self.spec, self.tspec = net.spec, tspec
        names = ("weights", "biases", "scales", "shifts")
        self.parts = {name: [part.copy() for part in getattr(net, name)] for name in names}
        self.velocity = self.square = self.running = None
        self.count = 0

    def net(self):
        return SimpleNamespace(spec=self.spec, **self.parts)

    def step(self, x, y):
        """Return the loss before the update, and update."""
        loss, layers = naive_network.run(self.net(), x, y)
        hidden = layers[:-1] if self.spec.normalization else []
        gradient = {
            "weights": [layer.weight_grad for layer in layers],
            "biases": [layer.bias_grad for layer in layers],
            "scales": [layer.scale_grad for layer in hidden],
            "shifts": [layer.shift_grad for layer in hidden],
        }
        if self.spec.normalization == "batch":
            self.follow([(layer.z.mean(axis=0), layer.z.var(axis=0, ddof=1)) for layer in hidden])
        flat = [part for parts in gradient.values() for part in parts]
        length = np.sqrt(sum((part**2).sum() for part in flat))
        clip = self.tspec.clip_norm
        flat = [part * clip / length if clip is not None and length > clip else part for part in flat]
        count = len(self.parts["weights"])
        for index in range(count):
            flat[index] = flat[index] + self.tspec.weight_decay * self.parts["weights"][index]
        directions = iter(self.directions(flat))
        for parts in self.parts.values():
            for part in parts:
                part -= self.tspec.learning_rate * next(directions)
        return loss

    def directions(self, flat):
        tspec = self.tspec
        zeros = [np.zeros_like(part) for part in flat]
        if tspec.optimizer == "sgd":
            self.velocity = [tspec.momentum * v + g for v, g in zip(self.velocity or zeros, flat, strict=True)]
            if tspec.nesterov:
                return [g + tspec.momentum * v for g, v in zip(flat, self.velocity, strict=True)]
            return self.velocity
        self.count += 1
        b1, b2 = tspec.beta1, tspec.beta2
        self.velocity = [b1 * m + (1 - b1) * g for m, g in zip(self.velocity or zeros, flat, strict=True)]
        self.square = [b2 * s + (1 - b2) * g**2 for s, g in zip(self.square or zeros, flat, strict=True)]
        return [
            (m / (1 - b1**self.count)) / (np.sqrt(s / (1 - b2**self.count)) + tspec.epsilon)
            for m, s in zip(self.velocity, self.square, strict=True)
        ]

    def follow(self, batch):
        """Move the running estimates a tenth of the way to a batch's means and unbiased variances."""
        if self.running is None:
            self.running = batch
        self.running = [
            (0.9 * old_mean + 0.1 * mean, 0.9 * old_variance + 0.1 * variance)
            for (old_mean, old_variance), (mean, variance) in zip(self.running, batch, strict=True)
        ]

    def predictions(self, x):
        """Return predictions for samples in rows, batch normalization by its running estimates."""
        below = x
        for index, weight in enumerate(self.parts["weights"]):
            z = below @ weight.T + self.parts["biases"][index]
            if index == self.spec.depth:
                return z
            if self.running is not None:
                mean, variance = self.running[index]
                z = (z - mean) / np.sqrt(variance + 1e-5) * self.parts["scales"][index] + self.parts["shifts"][index]
            output = naive_network.ACTIVATIONS[self.spec.activations[index]][0](z)
            below = output + below if self.spec.residual and output.shape == below.shape else output
        raise AssertionError


def make_data(spec):
    rng = np.random.default_rng(4)
    x, outputs = rng.standard_normal((N + TESTED, spec.sizes[0])), spec.sizes[-1]
    if spec.output == "identity":
        y = rng.standard_normal((N + TESTED, outputs))
    elif spec.output == "sigmoid":
        y = rng.integers(0, 2, (N + TESTED, outputs))
    else:
        y = rng.integers(0, outputs, N + TESTED)
    return SimpleNamespace(x=x[:N], y=y[:N], x_test=x[N:], y_test=y[N:], name="naive")


BASE = gc.NetworkSpec((4, 6, 6, 3), "tanh", bias_std=0.3, gain=1.3)
SPECS = {
    "sigmoid": replace(BASE, hidden="sigmoid"),
    "mixed": replace(BASE, sizes=(4, 7, 5, 5, 3), hidden=("relu", "softsign", "elu"), initializer="he_normal"),
    "no hidden layer": gc.NetworkSpec((4, 3)),
    "width 1": replace(BASE, sizes=(4, 1, 1, 2)),
    "deep": replace(BASE, sizes=(4, *[5] * 12, 3), hidden="softplus", gain=1.0),
    "several sigmoids": replace(BASE, output="sigmoid"),
    "one sigmoid": replace(BASE, sizes=(4, 6, 1), output="sigmoid"),
    "numbers": replace(BASE, output="identity"),
    "squared error": replace(BASE, loss="mse"),
    "residual": replace(BASE, sizes=(6, 6, 6, 5, 5, 3), residual=True),
    "batch": replace(BASE, normalization="batch"),
    "layer": replace(BASE, normalization="layer"),
    "batch and residual": replace(BASE, sizes=(6, 6, 6, 3), normalization="batch", residual=True),
}
OPTIMIZERS = {
    "sgd": {},
    "nesterov, decay and clip": {"momentum": 0.8, "nesterov": True, "weight_decay": 0.05, "clip_norm": 0.2},
    "momentum": {"momentum": 0.8},
    "adam, decay and clip": {"optimizer": "adam", "weight_decay": 0.05, "clip_norm": 0.2, "epsilon": 1e-3},
}


def compare(spec, options, tolerance):
    data = make_data(spec)
    run = gc.Run(spec, gc.TrainingSpec(0.1, BATCH, STEPS, **options), data, seed=2)
    naive = NaiveRun(run.net, run.tspec)
    start, moved = run.net.parameters.copy(), 0.0
    while not run.finished:
        record = run.advance()
        rows = rows_of(run, data)
        assert len(rows) == BATCH
        assert record.loss == pytest.approx(naive.step(data.x[rows], data.y[rows]), rel=tolerance)
        for name, parts in naive.parts.items():
            for index, (part, expected) in enumerate(zip(getattr(run.net, name), parts, strict=True)):
                np.testing.assert_allclose(part, expected, rtol=tolerance, atol=tolerance, err_msg=f"{name} {index}")
        moved = np.abs(run.net.parameters - start).max()
    assert (record.step, run.step) == (STEPS - 1, STEPS)
    assert moved > 0.01
    return run, naive, data


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_twenty_steps_go_where_the_naive_implementation_goes(name, optimizer):
    run, *_ = compare(SPECS[name], OPTIMIZERS[optimizer], 1e-12)
    assert not run.diverged


@pytest.mark.parametrize("name", ["batch", "batch and residual"])
def test_batch_normalizations_running_estimates_are_those_of_the_batches_and_used_on_the_test_part(name):
    run, naive, data = compare(SPECS[name], {}, 1e-12)
    for index, (mean, variance) in enumerate(naive.running):
        np.testing.assert_allclose(run.net.running_mean[index], mean, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(run.net.running_variance[index], variance, rtol=1e-12)
    z = naive.predictions(data.x_test)
    chances = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    loss = -np.log(chances[np.arange(TESTED), data.y_test]).mean()
    test_loss, test_accuracy = run.evaluate()
    assert test_loss == pytest.approx(loss, rel=1e-12)
    assert test_accuracy == np.mean(z.argmax(axis=1) == data.y_test)
    np.testing.assert_allclose(gc.predict(run.net, data.x_test), chances, rtol=1e-11)
    assert abs(gc.backward(run.net, gc.forward(run.net, data.x_test), data.y_test).loss - loss) > 1e-3


def test_under_running_estimates_a_sample_is_judged_alone():
    spec = SPECS["batch"]
    run, _, data = compare(spec, {}, 1e-12)
    together, alone = gc.predict(run.net, data.x_test), [gc.predict(run.net, row[None])[0] for row in data.x_test]
    np.testing.assert_allclose(together, alone, rtol=1e-13)


@pytest.mark.parametrize("name", ["sigmoid", "mixed", "residual", "layer", "numbers"])
def test_the_test_part_is_judged_by_the_weights_as_they_stand(name):
    spec = SPECS[name]
    run, naive, data = compare(spec, {}, 1e-12)
    loss, _ = naive_network.run(naive.net(), data.x_test, data.y_test)
    assert run.evaluate()[0] == pytest.approx(loss, rel=1e-12)
