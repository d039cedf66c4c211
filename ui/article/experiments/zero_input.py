"""Does a bias guarantee that a neuron is active at input 0? Four activations, three biases, an input of zeros."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

ACTIVATIONS = ("sigmoid", "tanh", "relu", "elu")
BIASES = (-0.5, 0.0, 0.5)


def experiment(seed: int) -> Result:
    """Send zeros through one layer and read what its neurons give."""
    given = {bias: {name: _at_zero(name, bias, seed) for name in ACTIVATIONS} for bias in BIASES}
    with_bias = [value for bias in BIASES if bias for value in given[bias].values()]
    without = list(given[0.0].values())
    outcome = 2
    if all(with_bias):
        outcome = 0 if any(without) else 1
    labels = {name: gc.ACTIVATIONS[name].label for name in ACTIVATIONS}
    headline = (
        f"With no bias at all sigmoid gives {readable(given[0.0]['sigmoid'])}; ReLU gives "
        f"{readable(given[0.0]['relu'])}, and with bias −0.5 still {readable(given[-0.5]['relu'])}."
    )
    silent = sum(value == 0 for value in with_bias)
    sentence = (
        f"With a bias that is not 0, {silent} of {len(with_bias)} neurons {'is' if silent == 1 else 'are'} silent; "
        f"with bias 0, {sum(value == 0 for value in without)} of {len(without)}."
    )
    series = {
        f"bias {str(bias).replace('-', '−').removesuffix('.0')}": {labels[name]: values[name] for name in values}
        for bias, values in given.items()
    }
    figure = figures.bars(series, "A neuron's output at input 0", "activation")
    table: Columns = {"activation": list(labels.values())} | {
        f"bias_{bias:g}": list(values.values()) for bias, values in given.items()
    }
    return Result(outcome, headline, Card("zero_input", figure, sentence, table))


def _at_zero(activation: str, bias: float, seed: int) -> float:
    net = gc.build(gc.NetworkSpec((8, 8, 2), activation, initializer="he_normal"), seed)
    net.biases[0][:] = bias
    return float(np.mean(gc.forward(net, np.zeros((1, 8))).layers[0].activation))
