"""A short check of the whole engine, in parts by name: each fails if something is wrong, and leaves all as it was.

The gradient check finds where backpropagation is not the derivative of the loss. What both share, a wrong formula or
constant, is held against facts worked by hand; no expectation here comes from the engine.
"""

import math
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np

import gradcore as gc
from gradcore.kernels import gradient_chunks
from gradcore.training import grouping
from gradcore.training import step as training_step

KINDS = {
    "square": {"sizes": (4, 4, 4, 4), "hidden": "tanh"},
    "rectangular": {"sizes": (3, 5, 4, 2), "hidden": ("sigmoid", "softplus"), "output": "sigmoid"},
    "piecewise": {"sizes": (3, 6, 5, 6, 2), "hidden": ("relu", "leaky_relu", "hard_sigmoid"), "output": "identity"},
    "exponential": {"sizes": (3, 4, 5, 4, 5, 3), "hidden": ("elu", "selu", "silu", "gelu")},
    "bounded": {"sizes": (3, 4, 5, 4, 3), "hidden": ("softsign", "lecun_tanh", "erf")},
    "squared softmax": {"sizes": (3, 4, 3), "hidden": "tanh", "loss": "mse"},
    "squared sigmoid": {"sizes": (3, 4, 3), "hidden": "sigmoid", "output": "sigmoid", "loss": "mse"},
    "batch": {"sizes": (3, 4, 5, 2), "hidden": "tanh", "normalization": "batch"},
    "layer": {"sizes": (3, 4, 5, 2), "hidden": "softplus", "normalization": "layer"},
    "residual": {"sizes": (4, 4, 4, 3), "hidden": ("tanh", "sigmoid"), "residual": True},
}


def gradients_agree(kind):
    net = gc.build(gc.NetworkSpec(**KINDS[kind], initializer="lecun_normal", gain=1.3, bias_std=0.3), seed=1)
    rng = np.random.default_rng(2)
    for scale, shift in zip(net.scales, net.shifts, strict=True):
        scale[:], shift[:] = rng.uniform(0.6, 1.6, scale.shape), rng.normal(0, 0.5, shift.shape)
    x, y = rng.standard_normal((5, net.spec.sizes[0])), rng.integers(0, net.spec.sizes[-1], 5)
    errors = gc.check_gradients(net, x, y, sample=9)
    assert len(errors) == net.spec.depth + 1
    assert all(error < 1e-6 for error in errors), errors


def close(got, expected, relative=1e-13, absolute=1e-15):
    np.testing.assert_allclose(got, expected, rtol=relative, atol=absolute)


def regression(x, t, sizes, **training):
    """Return a run on full batches of a network of ReLUs below linear outputs; the caller sets its parameters."""
    data = SimpleNamespace(x=np.array(x, dtype=float), y=np.array(t, dtype=float), name="by hand")
    spec = gc.NetworkSpec(sizes, hidden="relu", output="identity")
    return gc.Run(spec, gc.TrainingSpec(**{"batch_size": len(x), "steps": 9, **training}), data)


def net_worked_by_hand():
    """Two inputs, two ReLUs, one output, two samples, rate ½: every number is a short fraction."""
    x, t = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0], [2.0]])
    run = regression(x, t, (2, 2, 1), learning_rate=0.5)
    first, last = np.array([[1, -1, 0.5], [2, 0.5, -1]]), np.array([[1, -2, 0.25]])
    first_grad = np.array([[-9.375, 3.125, -3.125], [23.5, 3.25, 11]])
    last_grad = np.array([[-14.0625, -18.8125, -5.5]])
    run.net.blocks[0][:], run.net.blocks[1][:] = first, last
    trace = gc.forward(run.net, x)
    close(trace.layers[0].pre_activation, [[-0.5, 4.5], [2, 4.5]])
    close(trace.layers[0].activation, [[0, 4.5], [2, 4.5]])
    close(trace.output, [[-3.75], [-4.25]])
    grads = gc.backward(run.net, trace, t)
    close(grads.loss, (4.75**2 + 6.25**2) / 4)
    close(grads.layers[1].delta, [[-2.375, -3.125]])
    close(grads.layers[0].delta, [[0, -3.125], [4.75, 6.25]])
    close(grads.layers[0].block_grad, first_grad)
    close(grads.layers[1].block_grad, last_grad)
    close(grads.layers[0].weight_factor, math.sqrt(5))
    close(grads.layers[0].derivative_factor, math.hypot(3.125, 4.75, 6.25) / math.hypot(2.375, 3.125, 4.75, 6.25))
    run.advance()
    close(run.net.blocks[0], first - first_grad / 2)
    close(run.net.blocks[1], last - last_grad / 2)


def losses_worked_by_hand():
    ln3 = math.log(3)  # logits 0 and ln 3 have softmax ¼ and ¾; a logit of ln 3 has sigmoid ¾
    for output, loss, logits, y, expected in (
        ("softmax", None, [[0, ln3], [0, ln3]], [0, 1], (math.log(4) + math.log(4 / 3)) / 2),
        ("softmax", None, [[1000, 0], [0, 1000]], [0, 0], 500),
        ("sigmoid", None, [[ln3, 0], [ln3, 0]], [[1, 1], [0, 1]], (math.log(4) + math.log(4 / 3)) / 2 + math.log(2)),
        ("identity", None, [[1, 2], [3, 0]], [[0, 0], [0, 0]], 3.5),
        ("softmax", "mse", [[0, ln3], [0, ln3]], [1, 1], 1 / 16),
        ("softmax", "mse", [[1000, 0], [0, 1000]], [0, 0], 1 / 2),
        ("sigmoid", "mse", [[ln3, 0], [ln3, 0]], [[0, 1], [0, 1]], 13 / 32),
    ):
        net = gc.build(gc.NetworkSpec((2, 2), output=output, loss=loss))
        net.blocks[0][:] = [[1, 0, 0], [0, 1, 0]]
        close(gc.backward(net, gc.forward(net, np.array(logits, dtype=float)), y).loss, expected)


def activations_at_a_point():
    e, selu = math.e, 1.0507009873554805 * 1.6732632423543772
    at_minus_2 = {"relu": 0, "leaky_relu": -0.02, "elu": e**-2 - 1, "selu": selu * (e**-2 - 1), "silu": -2 / (1 + e**2)}
    at_1 = {"identity": 1, "sigmoid": e / (1 + e), "tanh": (e * e - 1) / (e * e + 1), "softplus": math.log(1 + e)}
    at_1 |= {"gelu": (1 + math.erf(math.sqrt(0.5))) / 2, "erf": math.erf(1), "softsign": 1 / 2, "hard_sigmoid": 2 / 3}
    for z, values in ((-2.0, at_minus_2), (1.0, {**at_1, "lecun_tanh": 1.7159 * math.tanh(2 / 3)})):
        for name, expected in values.items():
            close(gc.ACTIVATIONS[name].value(np.array([z])), [expected])


def optimizers_written_out():
    """Follow w and b of wx + b at x = 2, t = 1 for three steps from 3 and ½: the gradient is (2, 1) times the error."""
    v, m, s = np.zeros(2), np.zeros(2), np.zeros(2)

    def momentum(step, g, w):
        v[:] = 0.5 * v + g
        return v

    def nesterov(step, g, w):
        return g + 0.5 * momentum(step, g, w)

    def adam(step, g, w):
        m[:], s[:] = 0.9 * m + 0.1 * g, 0.99 * s + 0.01 * g * g
        return (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.99**step)) + 1e-3)

    for training, direction in (
        ({}, lambda step, g, w: g),
        ({"momentum": 0.5}, momentum),
        ({"momentum": 0.5, "nesterov": True}, nesterov),
        ({"weight_decay": 0.2}, lambda step, g, w: g + np.array([0.2 * w, 0])),
        ({"clip_norm": 4.0}, lambda step, g, w: g * min(1, 4 / math.hypot(*g))),
        ({"clip_norm": 100.0}, lambda step, g, w: g),
        ({"optimizer": "adam", "beta2": 0.99, "epsilon": 1e-3}, adam),
    ):
        run = regression([[2]], [[1]], (1, 1), learning_rate=0.1, **training)
        point, v[:] = np.array([3.0, 0.5]), 0
        run.net.parameters[:] = point
        for step in (1, 2, 3):
            run.advance()
            point = point - 0.1 * direction(step, (2 * point[0] + point[1] - 1) * np.array([2.0, 1.0]), point[0])
            close(run.net.parameters, point, 1e-12)


def initial(name, **spec):
    return gc.build(gc.NetworkSpec((400, 200), initializer=name, **spec), seed=5)


def initializers_have_their_laws():
    normals = {"normal": 1, "lecun_normal": 1 / 400, "xavier_normal": 2 / 600, "he_normal": 2 / 400}
    uniforms = {"uniform": 1, "he_uniform": 2 / 400, "keras_default": 2 / 600, "pytorch_default": 1 / 1200}
    for name, variance in (normals | uniforms).items():
        weight = initial(name).weights[0]
        close(weight.std(), math.sqrt(variance), 0.02)
        if name in uniforms:
            close(np.abs(weight).max(), math.sqrt(3 * variance), 1e-3)
    close(initial("he_normal", gain=3.0).weights[0], 3 * initial("he_normal").weights[0])
    close(np.abs(initial("pytorch_default").biases[0]).max(), 1 / 20, 0.05)
    close(initial("he_normal", bias_std=2.0).biases[0].std(), 2, 0.2)
    assert not initial("he_normal").biases[0].any()
    q, draws = initial("orthogonal").weights[0], initial("normal").weights[0]
    close(q @ q.T, np.eye(200), absolute=1e-12)
    assert (np.diagonal(q @ draws.T) > 0).all()  # R's diagonal, in draws = QR: what makes Q uniform
    x = 3 * np.random.default_rng(0).standard_normal((50, 400)) + 1
    lsuv = gc.build(gc.NetworkSpec((400, 200, 50), initializer="lsuv", gain=3.0), x=x)
    assert all(abs(layer.pre_activation.var() / 9 - 1) < 0.1 for layer in gc.forward(lsuv, x).layers)


def normalization_written_out():
    x = np.random.default_rng(3).normal(1, 2, (7, 4))
    for kind, axis in (("batch", 1), ("layer", 0)):
        spec = gc.NetworkSpec((4, 5, 2), "identity", normalization=kind)
        run = gc.Run(spec, gc.TrainingSpec(0.0, 7), SimpleNamespace(x=x, y=np.arange(7) % 2, name="random"))
        scale, shift = np.linspace(0.5, 2, 5), np.linspace(-1, 1, 5)
        run.net.scales[0][:], run.net.shifts[0][:] = scale, shift
        run.advance()
        z = run.net.weights[0] @ x.T
        mean, variance = z.mean(axis, keepdims=True), z.var(axis, keepdims=True)
        expected = (z - mean) / np.sqrt(variance + 1e-5)
        close(gc.forward(run.net, x).layers[0].activation, scale[:, None] * expected + shift[:, None], 1e-12, 1e-13)
        if kind == "batch":  # predictions go by running estimates, of the unbiased variance
            expected = (z - mean) / np.sqrt(variance * 7 / 6 + 1e-5)
        hidden = scale[:, None] * expected + shift[:, None]
        logits = (run.net.weights[1] @ hidden).T
        close(gc.predict(run.net, x), np.exp(logits) / np.exp(logits).sum(1, keepdims=True), 1e-12)


def residual_paths_add_the_input():
    net = gc.build(gc.NetworkSpec((3, 3, 2), "tanh", residual=True), seed=1)
    x = np.random.default_rng(4).standard_normal((5, 3))
    close(gc.forward(net, x).layers[0].activation, np.tanh(net.weights[0] @ x.T) + x.T)


def batches_pass_over_the_data():
    """Targets equal to inputs under weight 1 and bias 0: the loss is 0 as long as each input keeps its target."""
    for samples in (12, 600):  # few, and more than are gathered at once
        x = np.arange(1.0, samples + 1)[:, None]
        steps = 3 * samples // 4
        run, seen = regression(x, x, (1, 1), learning_rate=0.0, batch_size=4, steps=steps), []
        run.net.parameters[:] = [1, 0]
        for _ in range(steps):
            assert run.advance().loss == 0
            seen.append(run.trace.input[0].tolist())
        epochs = np.reshape(seen, (3, samples)).tolist()
        assert all(sorted(epoch) == x[:, 0].tolist() for epoch in epochs), epochs
        assert len(set(map(tuple, epochs))) == 3, epochs


def quick_ways_lead_to_the_same():
    """Hold what is handled apart against the rest: unrecorded steps, targets of 0 or 1, layers too wide for a cache."""
    rng = np.random.default_rng(6)
    x, y = rng.standard_normal((12, 2)), np.arange(12) % 2
    data = SimpleNamespace(x=x, y=y, name="random")
    spec = gc.NetworkSpec((2, 5, 1), "tanh", output="sigmoid")
    ends = []
    for every in (1, 4):
        run = gc.Run(spec, gc.TrainingSpec(0.3, 12, 9, record_every=every), data)
        first = run.advance()
        close(first.loss, gc.backward(gc.build(spec), gc.forward(gc.build(spec), x), y).loss)
        while not run.finished:
            run.advance()
        ends.append(run.net.parameters)
    close(*ends, relative=0)

    wide = gc.NetworkSpec((3, 400, 400, 400, 2), "tanh")
    net = gc.build(wide, seed=7)
    x, y = rng.standard_normal((7, 3)), np.arange(7) % 2
    trace = gc.forward(net, x)
    grads = gc.backward(net, trace, y)
    delta = (trace.output.T - np.eye(2)[y].T) / 7
    for layer in (3, 2, 1, 0):
        below = trace.layers[layer - 1].activation if layer else x.T
        close(grads.layers[layer].weight_grad, np.einsum("in,jn->ij", delta, below), 1e-10, 1e-12)
        delta = np.einsum("ij,in->jn", net.weights[layer], delta) * (1 - below**2)

    # In float32 the softmax of 3 and 0 gives the loss, that of 200 and 0 has underflowed.
    spec = gc.NetworkSpec((2, 2), dtype="float32")
    net = gc.build(spec)
    net.blocks[0][:] = [[1, 0, 0], [0, 1, 0]]
    for logit, expected in ((3.0, math.log(1 + math.exp(3))), (200.0, 200.0)):
        logits = np.array([[logit, 0], [0, logit]])
        close(gc.backward(net, gc.forward(net, logits), [1, 0]).loss, expected, 1e-6)

    unrecorded_steps_are_as_large(wide, x, y, grads)
    with (
        patch.object(training_step, "LARGE", 0),
        patch.object(gradient_chunks, "CHUNK", 10_000),
    ):
        unrecorded_steps_are_as_large(wide, x, y, grads)


def unrecorded_steps_are_as_large(spec, x, y, grads):
    """Take a recorded and an unrecorded step from build(spec, seed=7), whose gradients on x and y are given."""
    run = gc.Run(spec, gc.TrainingSpec(0.5, 7, 3, record_every=2), SimpleNamespace(x=x, y=y, name="random"), seed=7)
    before = run.net.parameters.copy()
    run.advance()
    after = run.net.parameters.copy()
    second = gc.build(spec, seed=7)
    second.parameters[:] = after
    close(before - after, 0.5 * grads.flat, 1e-9, 1e-12)
    run.advance()
    second.parameters -= 0.5 * gc.backward(second, gc.forward(second, x), y).flat
    third = gc.backward(second, gc.forward(second, x), y)
    close(run.net.parameters, second.parameters - 0.5 * third.flat, 1e-9, 1e-12)


def dead_units_are_counted():
    """Shut ReLUs for good, in one layer or in three: most by a bias of −9, in the third layer by a weight, at z = 0."""
    data = SimpleNamespace(x=np.eye(3, 2), y=[0, 1, 1], name="by hand")
    for dead in ([0, 1, 0, 0], [0, 1, 2, 3], [1, 0, 2, 0]):
        run = gc.Run(gc.NetworkSpec((2, 4, 4, 4, 4, 2), "relu", initializer="zeros"), gc.TrainingSpec(0.0, 3), data)
        for index, bias in enumerate(run.net.biases[:-1]):
            bias[:] = [1.0] * 4 if index == 2 else [-9.0] * dead[index] + [1.0] * (4 - dead[index])
        run.net.weights[2][: dead[2], 3] = -1
        run.net.weights[0][3] = [-3, 0]  # shuts one unit for the first of three samples: it is not dead
        stats = run.advance().stats
        close(stats.dead_fraction[:4], np.array(dead) / 4)
        close(stats.saturated_fraction[:4], np.array(dead) / 4 + [1 / 12, 0, 0, 0])


def runs_side_by_side_are_the_runs_alone():
    rng = np.random.default_rng(8)
    data = SimpleNamespace(x=rng.standard_normal((22, 3)), y=np.arange(22) % 3, name="random")
    data.x_test, data.y_test = rng.standard_normal((7, 3)), np.arange(7) % 3
    spec = gc.NetworkSpec((3, 5, 4, 3), "relu", initializer="he_normal")
    specs = [spec, replace(spec, initializer="orthogonal"), replace(spec, hidden="leaky_relu", gain=1e6)]
    tspecs = [gc.TrainingSpec(rate, 5, 11) for rate in (0.1, 0.3, 1e6)]
    comparison = gc.Comparison(specs, tspecs, data, [0, 9])
    with patch.object(grouping, "BATCH_BYTES", 1):
        turns = gc.Comparison(specs, tspecs, data, [0, 9])  # one network at a time
    while not comparison.finished:
        record = comparison.advance()
        turns.advance()
        turns.rest()
    for number, (each, tspec) in enumerate(zip(specs, tspecs, strict=True)):
        for place, seed in enumerate((0, 9)):
            run = gc.Run(each, tspec, data, seed)
            while not run.finished:
                alone = run.advance()
            assert record.diverged[number, place] == alone.diverged
            assert np.isfinite(run.net.parameters).all()
            close(comparison.network(number, place).parameters, run.net.parameters, 1e-9)
            close(turns.network(number, place).parameters, run.net.parameters, 1e-9)
            if not alone.diverged:
                close(record.loss[number, place], alone.loss, 1e-10)
                close(record.test_loss[number, place], alone.test_loss, 1e-10)
                close(record.test_accuracy[number, place], alone.test_accuracy)
    assert record.diverged.any()
    assert not record.diverged.all()

    # Outputs of 1e100 have a finite loss; times activations of 1e250 they make a gradient that is not.
    data = SimpleNamespace(x=rng.standard_normal((5, 2)), y=rng.standard_normal((5, 2)), name="random")
    comparison = gc.Comparison([gc.NetworkSpec((2, 2, 2), "identity", output="identity")], tspecs[0], data, [0, 1])
    for weights, size in zip(comparison.network(0, 1).weights, (1e250, 1e-150), strict=True):
        weights[:] = size * np.eye(2)
    record = comparison.advance()
    assert np.isfinite(record.loss).all()
    assert comparison.diverged_at == {(0, 1): (0, (1, "gradient"))}


FACTS = (
    net_worked_by_hand, losses_worked_by_hand, activations_at_a_point, optimizers_written_out,
    initializers_have_their_laws, normalization_written_out, residual_paths_add_the_input, batches_pass_over_the_data,
    quick_ways_lead_to_the_same, dead_units_are_counted, runs_side_by_side_are_the_runs_alone,
)  # fmt: skip
CHECKS = {f"gradients of {kind}": partial(gradients_agree, kind) for kind in KINDS}
CHECKS |= {fact.__name__.replace("_", " "): fact for fact in FACTS}
