"""How much gradient does a sigmoid let through? Its slope on inputs of any spread, and in a real network."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import normal_batch, one_pass
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

Array = npt.NDArray[np.floating]

# Nielsen's start: weights of variance 1/fan_in, standard normal biases.
SPEC = gc.NetworkSpec((100,) * 11 + (10,), "sigmoid", initializer="lecun_normal", bias_std=1.0)
SPREADS = np.geomspace(0.1, 100, 31)
WIDE = 10.0


def experiment(seed: int) -> Result:
    """Measure √ mean σ′², which a layer's slopes multiply the gradient by."""
    slope = gc.ACTIVATIONS["sigmoid"].derivative
    # Quantiles of the normal law would do as well; draws keep it plain.
    inputs = normal_batch(seed, 1, 20_000)[0].ravel()
    through = np.array([_root_mean_square(slope(spread * inputs)) for spread in SPREADS])
    steepest = float(slope(np.linspace(-10, 10, 2001)).max())
    seen = one_pass(SPEC, seed, *normal_batch(seed, 100))
    layers = [layer.pre_activation for layer in seen.trace.layers[:-1]]
    real = np.array([_root_mean_square(slope(z)) for z in layers])
    # The law is one of z's size, mean included.
    sizes = [float(np.sqrt(np.mean(z**2))) for z in layers]
    wide = _root_mean_square(slope(WIDE * inputs))
    outcome = int(np.argmin(np.abs(np.array([1.0, 0.5, 0.25]) - steepest)))
    headline = (
        f"At its steepest the sigmoid passes {readable(steepest)}. In a network of ten layers each passes "
        f"{readable(float(real.mean()))} on average: {readable(float(real.prod()))} after all ten."
    )
    sentence = (
        f"Inputs ten times as wide saturate it: of spread {WIDE:g}, {readable(wide)} is left, and the wider, the less."
    )
    figure = figures.curves(
        SPREADS, {"normal inputs": through}, "What one sigmoid layer lets through", "size of its inputs z, rms",
        "√ mean σ′²", log=True,
    )  # fmt: skip
    figures.points(sizes, real.tolist(), "ten real layers", figure).update_xaxes(type="log", exponentformat="power")
    figure.update_layout(showlegend=True)
    table: Columns = {
        "layer": list(range(1, len(real) + 1)),
        "rms_z": sizes,
        "factor": real.tolist(),
        "so_far": np.cumprod(real).tolist(),
    }
    return Result(outcome, headline, Card("sigmoid_slope", figure, sentence, table))


def _root_mean_square(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))
