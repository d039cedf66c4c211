"""Errors to plant in a copy of the engine: each one replacement in one file, with the check that must find it."""

from typing import NamedTuple


class Planted(NamedTuple):
    """Replace `old`, which stands in `file` once, by `new`; the check `found_by` of engine_check.py then fails."""

    file: str
    old: str
    new: str
    found_by: str


def slopes(kind):
    return f"gradients of {kind}"


BACKPROP, FUNCTIONS, NORMALIZATION = (
    "network/backprop.py",
    "functions/activation_functions.py",
    "functions/normalization.py",
)
HOOKS = "network/backward_hooks.py"
OPTIMIZER, CHUNKS, LAWS_FILE = "training/optimizer.py", "kernels/gradient_chunks.py", "functions/initializers.py"
QUICK, BESIDE = "quick ways lead to the same", "runs side by side are the runs alone"
HAND, LOSSES, STEPS = "net worked by hand", "losses worked by hand", "optimizers written out"
SATURATED, DEAD = "records/saturated_units.py", "dead units are counted"
LAWS, NORMALIZED, BATCHES = "initializers have their laws", "normalization written out", "batches pass over the data"

ERRORS = {
    # The backward pass.
    "sign of delta": Planted(
        "functions/losses.py", "np.subtract(a, t, out)", "np.subtract(t, a, out)", slopes("square")
    ),
    "missing 1/n": Planted(BACKPROP, "np.array(1 / trace.n", "np.array(1.0", slopes("square")),
    "1/n of the outputs": Planted(
        BACKPROP, "np.array(1 / trace.n", "np.array(1 / spec.sizes[-1]", slopes("rectangular")
    ),
    "weights not transposed": Planted(
        BACKPROP,
        "weights = net.blocks[index + 1]",
        "weights = net.blocks[index + 1].copy(); side = len(weights) == weights.shape[1] - 1; "
        "weights[:, :-1] = weights[:, :-1].T if side else weights[:, :-1]",
        slopes("square"),
    ),
    "φ′ at a instead of z": Planted(
        "network/activation_derivatives.py",
        "partial(derivative, z.view, known,",
        "partial(derivative, a.view, None,",
        slopes("square"),
    ),
    "φ′ of the layer below": Planted(
        BACKPROP,
        "self._derivatives.layers[index]",
        "(lambda d: d[index - (index > 0 and d[index - 1].shape == here.delta.shape)])(self._derivatives.layers)",
        slopes("square"),
    ),
    "φ′ forgotten": Planted(
        BACKPROP,
        "np.multiply(here.activation_grad, here.derivative, here.delta)",
        "np.copyto(here.delta, here.activation_grad)",
        slopes("square"),
    ),
    "first layer left out": Planted(
        BACKPROP,
        "reversed(list(enumerate(layers)))",
        "reversed(list(enumerate(layers))[1:])",
        slopes("rectangular"),
    ),
    "activations of one layer too far down": Planted(
        BACKPROP,
        "layers[index - 1].with_ones.mT if index",
        "layers[index - 1 - (net.spec.sizes[1:-1] == (4, 4) and index == 2)].with_ones.mT if index",
        slopes("square"),
    ),
    "missing bias gradient": Planted(
        BACKPROP,
        "here.times_delta(inputs if here.below is None else here.below, here.block_grad)",
        "here.times_delta(inputs if here.below is None else here.below, here.block_grad); here.block_grad[:, -1] = 0",
        slopes("square"),
    ),
    "weight factor measured after φ′": Planted(
        HOOKS,
        "layer.weight_factor = _ratio(layer.backpropagated_norm",
        "layer.weight_factor = _ratio(norm(activation_grad) / 2",
        HAND,
    ),
    "residual path forgotten on the way back": Planted(
        HOOKS, "np.add(activation_grad, skip_grad, activation_grad)", "pass", slopes("residual")
    ),
    "residual path taken behind φ′": Planted(
        HOOKS,
        "after: list[Hook] = []",
        "after = [partial(np.copyto, skip_grad[: layer.delta.size].reshape(layer.delta.shape), layer.delta)]"
        " if skips[index] else []",
        slopes("residual"),
    ),
    "residual path added once more to the gradient": Planted(
        HOOKS,
        "np.add(activation_grad, skip_grad, activation_grad)",
        "np.add(activation_grad, 2 * skip_grad, activation_grad)",
        slopes("residual"),
    ),
    # Activation functions.
    "sigmoid′ = a(1 + a)": Planted(
        FUNCTIONS, "np.subtract(ONE, a, out=out)", "np.add(ONE, a, out=out)", slopes("rectangular")
    ),
    "sigmoid′ and tanh′ without their square": Planted(
        FUNCTIONS, "tail, np.square(square, square)", "tail, square", slopes("residual")
    ),
    "tanh′ = 1 − a": Planted(FUNCTIONS, "np.square(a, out=out)", "np.multiply(a, 1, out=out)", slopes("square")),
    "leaky slope, backward only": Planted(
        FUNCTIONS, "np.maximum(out, LEAK, out=out)", "np.maximum(out, 2 * LEAK, out=out)", slopes("piecewise")
    ),
    "leaky slope, both ways": Planted(FUNCTIONS, "LEAK = 0.01", "LEAK = 0.1", "activations at a point"),
    "ELU′ = e^z − 1": Planted(
        FUNCTIONS, "np.exp(np.minimum(z, 0), out=out)", "np.expm1(np.minimum(z, 0), out=out)", slopes("exponential")
    ),
    "GELU′ without the factor z": Planted(
        FUNCTIONS, "np.add(_normal_cdf(z), z * density", "np.add(_normal_cdf(z), density", slopes("exponential")
    ),
    "SELU's α": Planted(FUNCTIONS, "SELU_ALPHA = 1.673", "SELU_ALPHA = 1.763", "activations at a point"),
    # Losses.
    "squared error without ½": Planted("functions/losses.py", "_mean(0.5 * np", "_mean(np", LOSSES),
    "binary cross-entropy's delta through σ′": Planted(
        "functions/losses.py",
        "            _binary_cross_entropy,\n            _difference,",
        "            _binary_cross_entropy,\n            _squared_delta,",
        slopes("rectangular"),
    ),
    "squared error past σ′": Planted(
        "functions/losses.py", 'out *= ACTIVATIONS["sigmoid"].derivative(z)', "pass", slopes("squared sigmoid")
    ),
    "softmax's Jacobian only on its diagonal": Planted(
        "functions/losses.py", "out -= (out * a).sum(axis=-2, keepdims=True)", "out *= 1 - a", slopes("squared softmax")
    ),
    "softmax that overflows": Planted(
        "functions/losses.py",
        "np.subtract(z, z.max(axis=-2, keepdims=True), out=out)",
        "np.subtract(z, 0, out=out)",
        LOSSES,
    ),
    # Normalization and residual paths.
    "missing mean term": Planted(
        NORMALIZATION, "    arriving -= arriving.mean(axis=axis, keepdims=True)\n", "", slopes("batch")
    ),
    "missing projection": Planted(NORMALIZATION, "    arriving -= standardized * projection\n", "", slopes("batch")),
    "layer normalization's mean over the batch": Planted(
        NORMALIZATION, "arriving.mean(axis=axis, keepdims", "arriving.mean(axis=-1, keepdims", slopes("layer")
    ),
    "missing projection of layer normalization only": Planted(
        NORMALIZATION, "standardized * projection", 'standardized * projection * (kind == "batch")', slopes("layer")
    ),
    "spread forgotten": Planted(NORMALIZATION, "    arriving /= spread\n", "", slopes("batch")),
    "scale forgotten": Planted(NORMALIZATION, "    arriving *= scale[..., None]\n", "", slopes("layer")),
    "gradient of the shift as a mean": Planted(
        NORMALIZATION,
        "arriving.sum(axis=-1, out=shift_grad)",
        "arriving.mean(axis=-1, out=shift_grad)",
        slopes("batch"),
    ),
    "axes exchanged": Planted(NORMALIZATION, '{"batch": -1, "layer": -2}', '{"batch": -2, "layer": -1}', NORMALIZED),
    "predictions by the batch": Planted(
        "network/forward.py", "if running and kind ==", "if False and kind ==", NORMALIZED
    ),
    "biased running variance": Planted("network/network.py", "trace.n / max(trace.n - 1, 1)", "1", NORMALIZED),
    "no residual path forward": Planted(
        "network/forward.py", "np.add(here.a, below[..., :-1, :], here.a)", "pass", "residual paths add the input"
    ),
    # Steps.
    "sign of the step": Planted(
        OPTIMIZER, "self._parameters -= self._change", "self._parameters += self._change", HAND
    ),
    "momentum without the old velocity": Planted(OPTIMIZER, "_velocity *= momentum", "_velocity *= 0", STEPS),
    "Nesterov's look-ahead by the whole velocity": Planted(
        OPTIMIZER, "change += momentum * self._velocity", "change += self._velocity", STEPS
    ),
    "weight decay on biases": Planted(
        OPTIMIZER, "own[..., :-1] += decay * block[..., :-1]", "own += decay * block", STEPS
    ),
    "Adam's mean not corrected": Planted(OPTIMIZER, "        change /= cast(1 - beta1**step)\n", "", STEPS),
    "Adam's square not corrected": Planted(OPTIMIZER, "change /= cast(np.sqrt(1 - beta2**step))", "pass", STEPS),
    "Adam's correction of the first step for ever": Planted(OPTIMIZER, "step = self._steps + 1", "step = 1", STEPS),
    "clipping by the largest entry": Planted(
        OPTIMIZER, "clip_factor(norm(row), ", "clip_factor(float(np.abs(row).max()), ", STEPS
    ),
    "clipping that lengthens": Planted(OPTIMIZER, " if grad_norm > clip_norm else 1.0", "", STEPS),
    # Starting weights.
    "He with 1 for 2": Planted(LAWS_FILE, 'variance_scaling(2, "in")', 'variance_scaling(1, "in")', LAWS),
    "Xavier by fan_in only": Planted(LAWS_FILE, '(1, "average")', '(1, "in")', LAWS),
    "variance for deviation": Planted(LAWS_FILE, "math.sqrt(scale / fan_in)", "scale / fan_in", LAWS),
    "fan_out for fan_in": Planted(LAWS_FILE, "math.sqrt(scale / fan_in)", "math.sqrt(scale / fan_out)", LAWS),
    "PyTorch's default thrice as wide": Planted(LAWS_FILE, "variance_scaling(1 / 3", "variance_scaling(1", LAWS),
    "uniform draws of variance ⅓": Planted("kernels/random_streams.py", "-np.sqrt(3.0), np.sqrt(3.0)", "-1, 1", LAWS),
    "signs of Q left as they come": Planted(LAWS_FILE, "-1.0, 1.0", "1.0, 1.0", LAWS),
    "LSUV that stops at once": Planted("network/lsuv.py", "ROUNDS = 10", "ROUNDS = 0", LAWS),
    # Batches.
    "batch not advanced": Planted("training/batches.py", "ahead[start : start + size]", "ahead[:size]", BATCHES),
    "shuffled once": Planted(
        "training/batches.py",
        "            self._shuffle()\n        elif",
        "            self._gather(0)\n        elif",
        BATCHES,
    ),
    "gathered once": Planted(
        "training/batches.py", "            self._gather(position)\n", "            pass\n", BATCHES
    ),
    "targets left behind": Planted(
        "training/batches.py",
        "np.take(part, order,",
        "np.take(part, order if part is self._parts[0][0] else np.arange(len(order)),",
        BATCHES,
    ),
    # What is quicker in some cases.
    "loss of hard targets with its sign exchanged": Planted(
        "data/arrays.py", "return 1 - 2 * targets", "return 2 * targets - 1", QUICK
    ),
    "the logarithm of what has underflowed": Planted(
        "functions/losses.py", "{4: float(np.finfo(np.float32).tiny)", "{4: -1", QUICK
    ),
    "the loss is no mean": Planted(
        "functions/losses.py", "(-np.vecdot(t.mT, np.log(a).mT))", "(-t * np.log(a))", QUICK
    ),
    "a step that nobody looks at is lost": Planted(
        OPTIMIZER, "            np.subtract(parameters, change, parameters)\n", "", QUICK
    ),
    "large products by rows, not transposed back": Planted(
        "kernels/products.py", "b.T.dot(matrix).T)", "b.T.dot(matrix).reshape(out.shape))", QUICK
    ),
    "only the first piece of a large step": Planted(
        OPTIMIZER, "range(0, len(change), CHUNK)", "range(0, CHUNK, CHUNK)", QUICK
    ),
    "every piece of a gradient at its start": Planted(CHUNKS, "start = place.stop", "start = 0", QUICK),
    "a piece of a gradient is not subtracted": Planted(
        OPTIMIZER, "            self._parameters[place] -= chunk\n", "            pass\n", QUICK
    ),
    "φ′ from an output that is not φ": Planted(
        "network/activation_derivatives.py",
        "None if any(spec.skips[z.layers]) else a.view",
        "a.view",
        slopes("residual"),
    ),
    # Records.
    "a single dead unit is overlooked": Planted(SATURATED, "counts.max() >= ", "counts.max() > ", DEAD),
    "dead units of the first layer that has any": Planted(SATURATED, "suspects[-1] + 1", "suspects[0] + 1", DEAD),
    "dead where one sample is": Planted(SATURATED, "np.logical_and.reduce", "np.logical_or.reduce", DEAD),
    # Side by side.
    "one order for all seeds": Planted(
        "training/comparison.py", "for seed in self.seeds]", "for seed in self.seeds[:1] * len(self.seeds)]", BESIDE
    ),
    "the first seed's batch for all": Planted(
        "training/comparison.py", "samples[rows]", "samples[[0] * len(runs)]", BESIDE
    ),
    "a lane that starts at the first seed": Planted(
        "training/comparison.py", "return slice(seeds[0], seeds[-1] + 1)", "return slice(0, len(seeds))", BESIDE
    ),
    "the watch sees the loss only": Planted(
        "training/divergence.py", "math.isfinite(self._all.dot(self._all))", "True", BESIDE
    ),
    "targets of other samples": Planted(
        "training/lockstep.py", "np.take(data.targets, samples", "np.take(data.targets, samples[::-1]", BESIDE
    ),
    "one rate for all": Planted(
        OPTIMIZER, "for tspec in self._tspec]", "for tspec in self._tspec[:1] * len(self._tspec)]", BESIDE
    ),
    "a frozen run goes on": Planted(
        "training/lockstep.py", "            change[frozen] = 0\n", "            pass\n", BESIDE
    ),
    "the last test samples counted twice": Planted(
        "training/lockstep.py", "min(trace.n, total - start)", "trace.n", BESIDE
    ),
}
