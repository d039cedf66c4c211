"""Loss functions, fused with the output activation: logits in, loss and ∂loss/∂logits out.

All are means over the n samples, in nats. Fusing keeps them finite for any logit, and gives the classic
delta (prediction − target)/n without passing through φ′ of a saturated output.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.activation_functions import ONE, ZERO, smallest
from gradcore.activations import ACTIVATIONS

Array = npt.NDArray[np.floating[Any]]

# Probabilities from here on have kept their digits, so that their logarithm is the loss; by bytes of a number. None in
# float64, in which gradients are checked by differences of losses: there the digit that the division rounds counts.
LOGARITHM_FROM = {4: float(np.finfo(np.float32).tiny), 8: np.inf}
OWN_LOSS = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy", "identity": "mse"}


@dataclass(frozen=True)
class Loss:
    """A loss over logits z, outputs a and targets t, each (outputs, n), or of several networks (networks, outputs, n).

    Attributes
    ----------
    name, label, formula : str
        The registry's name, the name on screens, and the loss of one sample.
    value : callable
        value(z, a, t) → the mean over samples, a float, or one a network.
    delta : callable
        delta(z, a, t, output, out) → ∂(sum of the samples' losses)/∂z, (outputs, n); `output` names the output
        activation.
    hard : callable or None
        hard(z, signs) → loss of each entry, (outputs, n), for targets that are all 0 or 1, given as signs 1 − 2t.
    """

    name: str
    label: str
    formula: str
    value: Callable[[Array, Array, Array], Any]
    delta: Callable[[Array, Array, Array, str, Array], Array]
    hard: Callable[[Array, Array], Array] | None = None


def softmax(z: Array, out: Array | None = None) -> Array:
    """Return exp(z)/Σ exp(z) over the outputs, without overflow."""
    out = np.subtract(z, z.max(axis=-2, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=-2, keepdims=True)
    return out


def output_activation(output: str) -> Callable[..., Array]:
    """Return the function that turns logits z (outputs, n) into outputs: function(z, out=None)."""
    return softmax if output == "softmax" else ACTIVATIONS[output].value


def _mean(losses: Array) -> Any:
    """Return the mean over samples of losses (…, outputs, n) summed over outputs: a float, or one a network."""
    return _over_samples(losses.sum(axis=-2))


def _over_samples(losses: Array) -> Any:
    """Return the mean of losses (…, n): a float, or one a network."""
    mean = losses.sum(axis=-1) / losses.shape[-1]
    return float(mean) if losses.ndim == 1 else mean


def _cross_entropy(z: Array, a: Array, t: Array) -> Any:
    # Half the time of what follows: 5 % of a step of 64-[32×10]-10 at batch 32.
    if smallest(a) >= LOGARITHM_FROM[a.itemsize]:
        return _over_samples(-np.vecdot(t.mT, np.log(a).mT))
    peak = z.max(axis=-2, keepdims=True)
    log_total = np.log(np.exp(z - peak).sum(axis=-2, keepdims=True)) + peak
    return _mean(t * (log_total - z))


def _binary_cross_entropy(z: Array, a: Array, t: Array) -> Any:
    # No term is negative, so nothing cancels.
    return _mean(t * np.logaddexp(ZERO, -z) + (ONE - t) * np.logaddexp(ZERO, z))


def _mean_squared_error(z: Array, a: Array, t: Array) -> Any:
    return _mean(0.5 * np.square(a - t))


def _hard_binary_cross_entropy(z: Array, signs: Array) -> Array:
    return np.logaddexp(ZERO, np.multiply(z, signs))


def _difference(z: Array, a: Array, t: Array, output: str, out: Array) -> Array:
    return np.subtract(a, t, out)


def _squared_delta(z: Array, a: Array, t: Array, output: str, out: Array) -> Array:
    _difference(z, a, t, output, out)
    if output == "softmax":  # the softmax's Jacobian is diag(a) − a aᵀ
        out -= (out * a).sum(axis=-2, keepdims=True)
        out *= a
    elif output == "sigmoid":
        out *= ACTIVATIONS["sigmoid"].derivative(z)
    return out


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss("cross_entropy", "cross-entropy", "−Σ t ln softmax(z)", _cross_entropy, _difference),
        Loss(
            "binary_cross_entropy",
            "binary cross-entropy",
            "−Σ [t ln σ(z) + (1−t) ln(1−σ(z))]",
            _binary_cross_entropy,
            _difference,
            _hard_binary_cross_entropy,
        ),
        Loss("mse", "squared error", "½ Σ (a − t)²", _mean_squared_error, _squared_delta),
    )
}


def as_targets(y: Any, outputs: int, loss: str) -> Array:
    """Turn y into targets, one row a sample.

    Parameters
    ----------
    y : array-like
        Class numbers (n,), or targets (n, outputs).
    outputs : int
        Units in the output layer. Class numbers become one-hot if there are several; with one output, a vector
        (n,) is the targets themselves.
    loss : str
        Name in LOSSES. Cross-entropies need targets that are probabilities.

    Returns
    -------
    (n, outputs) float64

    Raises
    ------
    ValueError
        If y's shape, type or values do not fit; the message says which.
    """
    y = np.asarray(y)
    if y.dtype.kind not in "biuf":
        raise ValueError(f"y must be numbers, got an array of {y.dtype}")
    if y.ndim == 1 and outputs > 1:
        targets = _one_hot(y, outputs)
    elif y.ndim == 1:
        targets = y[:, None].astype(np.float64)
    elif y.ndim == 2 and y.shape[1] == outputs:
        targets = y.astype(np.float64)
    else:
        raise ValueError(f"y must have shape (n,) or (n, {outputs}), one column for each output, got {y.shape}")
    if not np.isfinite(targets).all():
        raise ValueError("y must be finite, got NaN or infinity")
    if loss != "mse" and targets.size and (targets.min() < 0 or targets.max() > 1):
        raise ValueError(
            f"y must lie between 0 and 1 for loss {loss!r}, got values from {targets.min():g} to {targets.max():g}"
        )
    if loss == "cross_entropy" and not np.allclose(targets.sum(axis=1), 1, rtol=0, atol=1e-6):
        raise ValueError("y must be probabilities that sum to 1 in each row for loss 'cross_entropy'")
    return targets


def _one_hot(y: npt.NDArray[Any], outputs: int) -> Array:
    if y.dtype.kind == "f" and not (np.isfinite(y).all() and (y == np.floor(y)).all()):
        raise ValueError(f"y must be class numbers 0 to {outputs - 1} or have {outputs} columns, got fractions")
    if y.size and not (y.min() >= 0 and y.max() < outputs):
        raise ValueError(f"y must be class numbers from 0 to {outputs - 1}, got {y.min()} to {y.max()}")
    classes = y.astype(np.int64)
    targets = np.zeros((len(classes), outputs))
    targets[np.arange(len(classes)), classes] = 1
    return targets


def signs_of(targets: Array, loss: str) -> Array | None:
    """Return 1 − 2t where the loss makes use of it (`Loss.hard`) and all targets are 0 or 1, else None."""
    if LOSSES[loss].hard is None or not ((targets == 0) | (targets == 1)).all():
        return None
    return 1 - 2 * targets


def are_classes(targets: Array, output: str) -> bool:
    """Say whether targets (samples, outputs) name one class each; a single sigmoid output tells two classes apart."""
    if not ((targets == 0) | (targets == 1)).all():
        return False
    return output == "sigmoid" if targets.shape[1] == 1 else bool((targets.sum(axis=1) == 1).all())


def correct_share(a: Array, t: Array) -> float:
    """Return the share of samples whose class is predicted right; NaN if a prediction is not finite.

    Parameters
    ----------
    a, t : (outputs, n)
        Outputs and targets that `are_classes`. A single output decides at ½.
    """
    if not np.isfinite(a).all():
        return float("nan")
    return float(np.count_nonzero(are_right(a, t)) / a.shape[1])


def are_right(a: Array, t: Array) -> npt.NDArray[np.bool_]:
    """Return which samples' classes are predicted right, (n,) or (networks, n), as `correct_share` counts them."""
    if t.shape[-2] == 1:
        return ((a > 0.5) == (t > 0.5))[..., 0, :]
    return np.asarray(a.argmax(axis=-2) == t.argmax(axis=-2))
