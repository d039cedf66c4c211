"""A whole network on plain arrays, to be read from top to bottom: draw weights, forward, loss, backward, descend.

A batch is (features, n), one sample a column; the weight of a layer is (fan_out, fan_in), its bias (fan_out, 1).
The rest of the engine computes the same numbers for more kinds of networks, faster, and exact in the extremes.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Network(NamedTuple):
    """A weight and a bias for each layer, and the names of the activations: in hidden layers, in the last layer."""

    weights: list[Array]
    biases: list[Array]
    hidden: str
    output: str


def sigmoid(z: Array) -> Array:
    """Return 1/(1 + e^−z), by its logarithm −ln(1 + e^−z), which is finite for every z."""
    return np.exp(-np.logaddexp(0, -z))


def log_softmax(z: Array) -> Array:
    """Return ln(e^z / Σ e^z), with the sum over the outputs, for z (outputs, n)."""
    return z - np.logaddexp.reduce(z, axis=0)


# The name of a hidden layer's activation → φ(z) and its derivative φ′(z).
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
}
# The name of the last layer's activation → φ(z), and the loss of z against targets t: cross-entropy, binary
# cross-entropy, squared error ½(a − t)². In each of these pairs the derivative of the loss in z is a − t.
OUTPUTS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array], Array]]] = {
    "softmax": (lambda z: np.exp(log_softmax(z)), lambda z, t: -t * log_softmax(z)),
    "sigmoid": (sigmoid, lambda z, t: t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)),
    "identity": (lambda z: z, lambda z, t: (z - t) ** 2 / 2),
}


def build(sizes: list[int], hidden: str, output: str, gain: float, rng: np.random.Generator) -> Network:
    """Draw normal weights of standard deviation gain/√fan_in; sizes are the units of each layer, input included."""
    weights = [rng.normal(0, gain / np.sqrt(fan_in), (fan_out, fan_in)) for fan_in, fan_out in pairwise(sizes)]
    return Network(weights, [np.zeros((fan_out, 1)) for fan_out in sizes[1:]], hidden, output)


def forward(net: Network, x: Array) -> tuple[list[Array], list[Array]]:
    """Return the pre-activation z of every layer, and the activations a: a[l] goes into layer l, a[l + 1] comes out."""
    z, a = [], [x]
    activations = [ACTIVATIONS[net.hidden][0]] * (len(net.weights) - 1) + [OUTPUTS[net.output][0]]
    for weight, bias, phi in zip(net.weights, net.biases, activations, strict=True):
        z.append(weight @ a[-1] + bias)
        a.append(phi(z[-1]))
    return z, a


def mean_loss(net: Network, z: list[Array], t: Array) -> float:
    """Return the loss against targets t (outputs, n): summed over outputs, the mean over samples."""
    return float(OUTPUTS[net.output][1](z[-1], t).sum() / t.shape[1])


def backward(net: Network, z: list[Array], a: list[Array], t: Array) -> tuple[list[Array], list[Array]]:
    """Return the gradient of the mean loss in every weight and bias, shaped like them; delta is the one in z."""
    weight_grads, bias_grads = [np.zeros_like(w) for w in net.weights], [np.zeros_like(b) for b in net.biases]
    derivative = ACTIVATIONS[net.hidden][1]
    delta = (a[-1] - t) / t.shape[1]
    for layer in reversed(range(len(net.weights))):
        weight_grads[layer] = delta @ a[layer].T
        bias_grads[layer] = delta.sum(axis=1, keepdims=True)
        if layer > 0:
            delta = net.weights[layer].T @ delta * derivative(z[layer - 1])
    return weight_grads, bias_grads


def train(
    net: Network, x: Array, t: Array, learning_rate: float, batch_size: int, epochs: int, rng: np.random.Generator
) -> list[tuple[float, list[float]]]:
    """Descend in place; return for each step its loss and the size (root mean square) of each layer's gradient."""
    steps = []
    for _ in range(epochs):
        order = rng.permutation(x.shape[1])
        for start in range(0, len(order) - batch_size + 1, batch_size):
            batch = order[start : start + batch_size]
            z, a = forward(net, x[:, batch])
            weight_grads, bias_grads = backward(net, z, a, t[:, batch])
            steps.append((mean_loss(net, z, t[:, batch]), [float(np.sqrt(np.mean(g**2))) for g in weight_grads]))
            for parameter, grad in zip(net.weights + net.biases, weight_grads + bias_grads, strict=True):
                parameter -= learning_rate * grad
    return steps
