"""A second network, one sample a row, in float64, written layer by layer and slow, to hold the engine against.

It shares no code with gradcore: activations, losses, normalization and statistics are written out once more, a
normalization's gradient by its full Jacobian, saturation by the size of φ′ itself.
"""

import math
from dataclasses import dataclass

import numpy as np

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
_erf = np.vectorize(math.erf, otypes=[float])


def _logistic(z):
    return np.exp(-np.logaddexp(0, -z))


# name → φ, φ′, largest slope
ACTIVATIONS = {
    "identity": (lambda z: z, np.ones_like, 1.0),
    "sigmoid": (_logistic, lambda z: _logistic(z) * _logistic(-z), 0.25),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2, 1.0),
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0), 1.0),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1, 0.01), 1.0),
    "elu": (lambda z: np.where(z > 0, z, np.exp(z) - 1), lambda z: np.where(z > 0, 1, np.exp(z)), 1.0),
    "selu": (
        lambda z: SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * (np.exp(z) - 1)),
        lambda z: SELU_SCALE * np.where(z > 0, 1, SELU_ALPHA * np.exp(z)),
        SELU_SCALE * SELU_ALPHA,
    ),
    "softplus": (lambda z: np.logaddexp(0, z), _logistic, 1.0),
    "softsign": (lambda z: z / (1 + abs(z)), lambda z: (1 + abs(z)) ** -2.0, 1.0),
    "lecun_tanh": (
        lambda z: 1.7159 * np.tanh(2 * z / 3),
        lambda z: 1.7159 * 2 / 3 / np.cosh(2 * z / 3) ** 2,
        1.7159 * 2 / 3,
    ),
    "hard_sigmoid": (lambda z: np.clip(z / 6 + 0.5, 0, 1), lambda z: (abs(z) < 3) / 6, 1 / 6),
    "erf": (_erf, lambda z: 2 / math.sqrt(math.pi) * np.exp(-(z**2)), 2 / math.sqrt(math.pi)),
}


@dataclass
class Layer:
    """One layer's numbers, samples in rows: z, what φ saw, the output, and the gradients."""

    z: np.ndarray
    seen: np.ndarray
    output: np.ndarray
    jacobians: list
    delta: np.ndarray | None = None
    weight_grad: np.ndarray | None = None
    bias_grad: np.ndarray | None = None
    scale_grad: np.ndarray | None = None
    shift_grad: np.ndarray | None = None
    standardized: np.ndarray | None = None


def _standardize(vector):
    """Return a vector standardized (ε 1e-5), and the Jacobian of that."""
    count = len(vector)
    spread = math.sqrt(((vector - vector.mean()) ** 2).mean() + 1e-5)
    result = (vector - vector.mean()) / spread
    return result, (np.eye(count) - 1 / count - np.outer(result, result) / count) / spread


def _predictions(spec, z):
    if spec.output == "softmax":
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    return ACTIVATIONS[spec.output][0](z)


def targets_of(spec, y):
    """Return targets (n, outputs) of class numbers or targets."""
    y = np.asarray(y)
    if y.ndim == 1:
        return np.eye(spec.sizes[-1])[y.astype(int)] if spec.sizes[-1] > 1 else y[:, None].astype(float)
    return y.astype(float)


def _loss_and_delta(spec, z, a, t):
    n = len(z)
    if spec.loss_name == "mse":
        loss, pull = ((a - t) ** 2).sum() / (2 * n), (a - t) / n
        if spec.output == "softmax":
            return loss, np.stack([(np.diag(p) - np.outer(p, p)) @ g for p, g in zip(a, pull, strict=True)])
        return loss, pull * ACTIVATIONS[spec.output][1](z)
    if spec.output == "softmax":
        return -(t * np.log(a)).sum() / n, (a - t) / n
    return (t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)).sum() / n, (a - t) / n


def run(net, x, y):
    """Return loss and layers of a network's parameters as they stand, for x (n, features)."""
    spec = net.spec
    weights = [np.array(weight, dtype=float) for weight in net.weights]
    layers, below = [], np.array(x, dtype=float)
    for index, weight in enumerate(weights):
        z = below @ weight.T + np.array(net.biases[index], dtype=float)
        if index == spec.depth:
            layers.append(Layer(z, z, _predictions(spec, z), []))
            break
        seen, standardized, jacobians = z, None, []
        if spec.normalization:
            lines = z.T if spec.normalization == "batch" else z
            results, jacobians = zip(*(_standardize(line) for line in lines), strict=True)
            standardized = np.array(results).T if spec.normalization == "batch" else np.array(results)
            seen = standardized * np.array(net.scales[index], dtype=float) + np.array(net.shifts[index], dtype=float)
        output = ACTIVATIONS[spec.activations[index]][0](seen)
        if spec.residual and below.shape == output.shape:
            output = output + below
        layers.append(Layer(z, seen, output, list(jacobians), standardized=standardized))
        below = output

    loss, delta = _loss_and_delta(spec, layers[-1].z, layers[-1].output, targets_of(spec, y))
    arriving = None
    for index in reversed(range(len(layers))):
        layer, below = layers[index], layers[index - 1].output if index else np.array(x, dtype=float)
        if index < spec.depth:
            delta = arriving * ACTIVATIONS[spec.activations[index]][1](layer.seen)
            if spec.normalization:
                layer.scale_grad, layer.shift_grad = (delta * layer.standardized).sum(axis=0), delta.sum(axis=0)
                delta = delta * np.array(net.scales[index], dtype=float)
                lines = delta.T if spec.normalization == "batch" else delta
                lines = np.array([jacobian @ line for jacobian, line in zip(layer.jacobians, lines, strict=True)])
                delta = lines.T if spec.normalization == "batch" else lines
        layer.delta, layer.weight_grad, layer.bias_grad = delta, delta.T @ below, delta.sum(axis=0)
        passed_by = arriving if index < spec.depth and spec.residual and below.shape == layer.output.shape else 0
        arriving = delta @ weights[index] + passed_by
    return loss, layers


def saturated(spec, index, layer):
    """Return for each sample and unit whether next to no slope is left, by the slope itself."""
    if index == spec.depth and spec.output == "softmax":
        return layer.output * (1 - layer.output) < 0.01 / 4
    _, slope, largest = ACTIVATIONS[spec.output if index == spec.depth else spec.activations[index]]
    return abs(slope(layer.seen)) < 0.01 * largest


def statistics(net, layers, weight_updates):
    """Return every field of LayerStats as a list over layers, given the updates of the weights."""
    flags = [saturated(net.spec, index, layer) for index, layer in enumerate(layers)]
    gradients = [layer.weight_grad for layer in layers]
    with np.errstate(all="ignore"):  # 0/0 is NaN, as documented
        ratios = [
            np.std(update) / np.std(np.array(weight, dtype=float))
            for update, weight in zip(weight_updates, net.weights, strict=True)
        ]
    return {
        "grad_norm": [math.sqrt((gradient**2).sum()) for gradient in gradients],
        "grad_rms": [math.sqrt((gradient**2).mean()) for gradient in gradients],
        "bias_grad_norm": [math.sqrt((layer.bias_grad**2).sum()) for layer in layers],
        "delta_rms": [math.sqrt((layer.delta**2).mean()) for layer in layers],
        "pre_activation_mean": [layer.z.mean() for layer in layers],
        "pre_activation_std": [layer.z.std() for layer in layers],
        "activation_mean": [layer.output.mean() for layer in layers],
        "activation_std": [layer.output.std() for layer in layers],
        "saturated_fraction": [flag.mean() for flag in flags],
        "dead_fraction": [flag.all(axis=0).mean() for flag in flags],
        "zero_grad_fraction": [(gradient == 0).mean() for gradient in gradients],
        "update_ratio": ratios,
    }
