"""Errors in activation functions, losses, normalization, and in how weights start."""

import numpy as np

from gradcore.functions import activation_functions, losses
from gradcore.functions.activations import ACTIVATIONS
from gradcore.functions.normalization import AXIS
from gradcore.kernels.random_streams import BIAS_UNIFORM, UNIFORM
from tests.gradcore.planted.planting import Planted


def without_square(right, z, rate, out):
    tail, square = right(z, rate, out)
    return tail, np.sqrt(square, square)


def gelu_derivative_without_z(right, z, a=None, out=None):
    return np.add(activation_functions._normal_cdf(z), np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi), out=out)


def through_sigmoid_derivative(right, z, a, t, output, out):
    return np.multiply(right(z, a, t, output, out), ACTIVATIONS["sigmoid"].derivative(z), out)


def through_the_diagonal(right, z, a, t, output, out):
    return np.multiply(losses._difference(z, a, t, output, out), a * (1 - a), out)


def softmax_that_overflows(right, z, out=None):
    out = np.exp(z, out=out)
    out /= out.sum(axis=-2, keepdims=True)
    return out


def mean(values, kind):
    return values.mean(axis=AXIS[kind], keepdims=True)


def without_mean(right, arriving, standardized, spread, scale, kind, *grads):
    missing = mean(arriving * scale[..., None], kind)
    right(arriving, standardized, spread, scale, kind, *grads)
    arriving += missing / spread


def without_projection(right, arriving, standardized, spread, scale, kind, *grads):
    missing = standardized * mean(arriving * scale[..., None] * standardized, kind)
    right(arriving, standardized, spread, scale, kind, *grads)
    arriving += missing / spread


def without_projection_of_layers(right, arriving, standardized, spread, scale, kind, *grads):
    if kind == "layer":
        without_projection(right, arriving, standardized, spread, scale, kind, *grads)
    else:
        right(arriving, standardized, spread, scale, kind, *grads)


def mean_over_the_batch(right, arriving, standardized, spread, scale, kind, *grads):
    scaled = arriving * scale[..., None]
    right(arriving, standardized, spread, scale, kind, *grads)
    arriving += (mean(scaled, kind) - mean(scaled, "batch")) / spread


def without_spread(right, arriving, standardized, spread, *others):
    right(arriving, standardized, spread, *others)
    arriving *= spread


def without_scale(right, arriving, standardized, spread, scale, *others):
    right(arriving, standardized, spread, np.ones_like(scale), *others)


def shift_gradient_as_a_mean(right, arriving, standardized, spread, scale, kind, scale_grad, shift_grad):
    right(arriving, standardized, spread, scale, kind, scale_grad, shift_grad)
    shift_grad /= arriving.shape[-1]


def uniform_of_a_third(right, seed, layer, kind, shape):
    return right(seed, layer, kind, shape) / (np.sqrt(3) if kind in (UNIFORM, BIAS_UNIFORM) else 1)


def signs_as_they_come(right, draw, std, gain):
    return gain * np.linalg.qr(draw.T)[0].T  # of a matrix that is wider than tall


IN_FUNCTIONS = {
    # Activation functions.
    "sigmoid′ = a(1 + a)": Planted(
        "gradcore.functions.activation_functions.sigmoid_derivative",
        "gradients of rectangular",
        lambda right, z, a=None, out=None: np.multiply(a := activation_functions.sigmoid(z), 1 + a, out=out),
    ),
    "sigmoid′ and tanh′ without their square": Planted(
        "gradcore.functions.activation_functions._tail", "gradients of residual", without_square
    ),
    "tanh′ = 1 − a": Planted(
        "gradcore.functions.activation_functions.tanh_derivative",
        "gradients of square",
        lambda right, z, a=None, out=None: np.subtract(1, np.tanh(z), out=out),
    ),
    "φ′ at a instead of z": Planted(
        "gradcore.functions.activation_functions.tanh_derivative",
        "gradients of square",
        lambda right, z, a=None, out=None: right(np.tanh(z), None, out),
    ),
    "leaky slope, backward only": Planted(
        "gradcore.functions.activation_functions.leaky_relu_derivative",
        "gradients of piecewise",
        lambda right, z, a=None, out=None: np.maximum(right(z, a, out), 0.02, out=out),
    ),
    "leaky slope, both ways": Planted("gradcore.functions.activation_functions.LEAK", "activations at a point", 0.1),
    "ELU′ = e^z − 1": Planted(
        "gradcore.functions.activation_functions.elu_derivative",
        "gradients of exponential",
        lambda right, z, a=None, out=None: np.subtract(right(z, a, out), 1, out=out),
    ),
    "GELU′ without the factor z": Planted(
        "gradcore.functions.activation_functions.gelu_derivative",
        "gradients of exponential",
        gelu_derivative_without_z,
    ),
    "softsign′ without its square": Planted(
        "gradcore.functions.activation_functions.softsign_derivative",
        "gradients of bounded",
        lambda right, z, a=None, out=None: np.sqrt(right(z, a, out), out=out),
    ),
    "SELU's α": Planted(
        "gradcore.functions.activation_functions.SELU_ALPHA", "activations at a point", 1.7632632423543772
    ),
    # Losses.
    "sign of delta": Planted(
        "gradcore.functions.losses._difference",
        "gradients of square",
        lambda right, z, a, t, output, out: right(z, t, a, output, out),
    ),
    "squared error without ½": Planted(
        "gradcore.functions.losses._mean_squared_error",
        "losses worked by hand",
        lambda right, z, a, t: 2 * right(z, a, t),
    ),
    "binary cross-entropy's delta through σ′": Planted(
        "gradcore.functions.losses.LOSSES.binary_cross_entropy.delta",
        "gradients of rectangular",
        through_sigmoid_derivative,
    ),
    "squared error past σ′": Planted(
        "gradcore.functions.losses.LOSSES.mse.delta",
        "gradients of squared sigmoid",
        lambda right, z, a, t, output, out: right(z, a, t, "identity", out),
    ),
    "softmax's Jacobian only on its diagonal": Planted(
        "gradcore.functions.losses.LOSSES.mse.delta", "gradients of squared softmax", through_the_diagonal
    ),
    "softmax that overflows": Planted(
        "gradcore.functions.losses.softmax", "losses worked by hand", softmax_that_overflows
    ),
    "the loss is no mean": Planted(
        "gradcore.functions.losses._over_samples",
        "quick ways lead to the same",
        lambda right, losses: right(losses) * losses.shape[-1],
    ),
    "the logarithm of what has underflowed": Planted(
        "gradcore.functions.losses.LOGARITHM_FROM", "quick ways lead to the same", {4: -1, 8: np.inf}
    ),
    "loss of hard targets with its sign exchanged": Planted(
        "gradcore.data.arrays.signs_of",
        "quick ways lead to the same",
        lambda right, targets, loss: right(1 - targets, loss),
    ),
    # Normalization.
    "missing mean term": Planted("gradcore.functions.normalization.backpropagate", "gradients of batch", without_mean),
    "missing projection": Planted(
        "gradcore.functions.normalization.backpropagate", "gradients of batch", without_projection
    ),
    "layer normalization's mean over the batch": Planted(
        "gradcore.functions.normalization.backpropagate", "gradients of layer", mean_over_the_batch
    ),
    "missing projection of layer normalization only": Planted(
        "gradcore.functions.normalization.backpropagate", "gradients of layer", without_projection_of_layers
    ),
    "spread forgotten": Planted("gradcore.functions.normalization.backpropagate", "gradients of batch", without_spread),
    "scale forgotten": Planted("gradcore.functions.normalization.backpropagate", "gradients of layer", without_scale),
    "gradient of the shift as a mean": Planted(
        "gradcore.functions.normalization.backpropagate", "gradients of batch", shift_gradient_as_a_mean
    ),
    "axes exchanged": Planted(
        "gradcore.functions.normalization.AXIS", "normalization written out", {"batch": -2, "layer": -1}
    ),
    # Starting weights.
    "He with 1 for 2": Planted(
        "gradcore.functions.initializers.INITIALIZERS.he_normal.std",
        "initializers have their laws",
        lambda right, fan_in, fan_out: np.sqrt(1 / fan_in),
    ),
    "Xavier by fan_in only": Planted(
        "gradcore.functions.initializers.INITIALIZERS.xavier_normal.std",
        "initializers have their laws",
        lambda right, fan_in, fan_out: right(fan_in, fan_in),
    ),
    "variance for deviation": Planted(
        "gradcore.functions.initializers.INITIALIZERS.lecun_normal.std",
        "initializers have their laws",
        lambda right, fan_in, fan_out: right(fan_in, fan_out) ** 2,
    ),
    "fan_out for fan_in": Planted(
        "gradcore.functions.initializers.INITIALIZERS.he_uniform.std",
        "initializers have their laws",
        lambda right, fan_in, fan_out: right(fan_out, fan_in),
    ),
    "PyTorch's default of thrice the variance": Planted(
        "gradcore.functions.initializers.INITIALIZERS.pytorch_default.std",
        "initializers have their laws",
        lambda right, fan_in, fan_out: np.sqrt(3) * right(fan_in, fan_out),
    ),
    "uniform draws of variance ⅓": Planted(
        "gradcore.kernels.random_streams.base_draw", "initializers have their laws", uniform_of_a_third
    ),
    "signs of Q left as they come": Planted(
        "gradcore.functions.initializers._orthogonal", "initializers have their laws", signs_as_they_come
    ),
    "LSUV that stops at once": Planted("gradcore.network.lsuv.ROUNDS", "initializers have their laws", 0),
}
