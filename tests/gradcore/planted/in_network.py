"""Errors in the forward and the backward pass, and in what makes them quick."""

from dataclasses import replace
from functools import partial

import numpy as np

from tests.gradcore.planted.planting import Planted


def without_share(right, backward, *arguments):
    loss = right(backward, *arguments)
    backward.grads.layers[-1].delta *= backward.trace.n
    return loss


def share_of_the_outputs(right, backward, *arguments):
    loss = right(backward, *arguments)
    delta = backward.grads.layers[-1].delta
    delta *= backward.trace.n / len(delta)
    return loss


def not_transposed(right, backward, *subnormal):
    right(backward, *subnormal)
    for step in backward._steps:
        if step.times_weights:
            weights = step.times_weights.__self__.copy()  # Wᵀ, and below it the biases
            if weights.shape[1] == len(weights) - 1:
                weights[:-1] = weights[:-1].T
            step.times_weights = weights.dot


def derivative_of_the_layer_below(right, derivatives, spec, trace):
    right(derivatives, spec, trace)
    derivatives.layers = [derivatives.layers[0], *derivatives.layers[:-1]]


def derivative_of_one(right, derivatives, spec, trace):
    right(derivatives, spec, trace)
    derivatives.fill = [None] * len(derivatives.layers)
    for layer in derivatives.layers:
        layer.fill(1)


def without_first_layer(right, backward, *arguments):
    loss = right(backward, *arguments)
    backward.grads.layers[0].block_grad.fill(0)
    return loss


def from_one_layer_too_far_down(right, backward, *arguments):
    loss = right(backward, *arguments)
    last, activations = backward.grads.layers[-1], backward.trace.layers[-3].with_ones
    np.matmul(last.delta, activations.mT, out=last.block_grad)
    return loss


def without_bias_gradients(right, backward, *arguments):
    loss = right(backward, *arguments)
    for layer in backward.grads.layers:
        layer.bias_grad.fill(0)
    return loss


def weight_factor_after_derivative(right, here):
    right(here)
    here.weight_factor *= here.derivative_factor


def residual_behind_derivative(right, net, trace, grads, index, activation_grad, skip_grad, factors):
    before, after = right(net, trace, grads, index, activation_grad, skip_grad, factors)
    if net.spec.skips[index]:
        delta = grads.layers[index].delta
        after = partial(np.copyto, skip_grad[: delta.size].reshape(delta.shape), delta)
    return before, after


def residual_twice(right, activation_grad, skip_grad, skip_above, skip_here):
    if skip_above:
        np.add(activation_grad, skip_grad, activation_grad)
    right(activation_grad, skip_grad, skip_above, skip_here)


def without_residual_paths(right, trace, *arguments):
    right(trace, *arguments)
    for layer in trace.layers:
        layer.skip = False


def biased_variance(right, net, trace):
    for layer in trace.layers:
        if layer.variance is not None:
            layer.variance = layer.variance * (trace.n - 1) / trace.n
    right(net, trace)


IN_NETWORK = {
    # The backward pass.
    "missing 1/n": Planted("gradcore.network.backprop.Backward._output", "gradients of square", without_share),
    "1/n of the outputs": Planted(
        "gradcore.network.backprop.Backward._output", "gradients of rectangular", share_of_the_outputs
    ),
    "weights not transposed": Planted(
        "gradcore.network.backprop.Backward._look_up_steps", "gradients of square", not_transposed
    ),
    "φ′ forgotten": Planted(
        "gradcore.network.derivative_buffers.ActivationDerivatives.__init__",
        "gradients of square",
        derivative_of_one,
    ),
    "φ′ of the layer below": Planted(
        "gradcore.network.derivative_buffers.ActivationDerivatives.__init__",
        "gradients of square",
        derivative_of_the_layer_below,
    ),
    "φ′ from an output that is not φ": Planted(
        "gradcore.network.derivative_buffers.ActivationDerivatives.__init__",
        "gradients of residual",
        lambda right, derivatives, spec, trace: right(derivatives, replace(spec, residual=False), trace),
    ),
    "first layer left out": Planted(
        "gradcore.network.backprop.Backward.run", "gradients of rectangular", without_first_layer
    ),
    "activations of one layer too far down": Planted(
        "gradcore.network.backprop.Backward.run", "gradients of square", from_one_layer_too_far_down
    ),
    "missing bias gradient": Planted(
        "gradcore.network.backprop.Backward.run", "gradients of square", without_bias_gradients
    ),
    "weight factor measured after φ′": Planted(
        "gradcore.network.backward_hooks._measure_derivative_factor",
        "net worked by hand",
        weight_factor_after_derivative,
    ),
    "residual path forgotten on the way back": Planted(
        "gradcore.network.backward_hooks._backpropagate_residual",
        "gradients of residual",
        lambda right, grad, skip_grad, above, here: right(grad, skip_grad, False, here),
    ),
    "residual path taken behind φ′": Planted(
        "gradcore.network.backward_hooks.hooks", "gradients of residual", residual_behind_derivative
    ),
    "residual path added once more to the gradient": Planted(
        "gradcore.network.backward_hooks._backpropagate_residual", "gradients of residual", residual_twice
    ),
    # The forward pass.
    "no residual path forward": Planted(
        "gradcore.network.trace.Trace.__init__", "residual paths add the input", without_residual_paths
    ),
    "predictions by the batch": Planted(
        "gradcore.network.forward._normalize",
        "normalization written out",
        lambda right, net, layer, index, running: right(net, layer, index, False),
    ),
    "biased running variance": Planted(
        "gradcore.network.network.Network.absorb_batch_statistics", "normalization written out", biased_variance
    ),
    # Large gradients.
    "every chunk of a layer's gradient at its start": Planted(
        "gradcore.kernels.gradient_chunks._chunk_by_chunk",
        "quick ways lead to the same",
        lambda right, products, b, out: [product(b, out[: rows.stop - rows.start]) for rows, product in products],
    ),
    "every piece of a gradient at its start": Planted(
        "gradcore.kernels.gradient_chunks.GradientChunks.of",
        "quick ways lead to the same",
        lambda right, chunks, inputs: ((slice(len(chunk)), chunk) for _, chunk in right(chunks, inputs)),
    ),
}
