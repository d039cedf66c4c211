"""What becomes of a network whose weights all start at zero? Three activations, beside a real linear model."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import percent
from ui.article.passes import digits, trained
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

HIDDEN, STEPS = ("tanh", "relu", "sigmoid"), 600
# Answers that agree in so many decimals are the same.
DECIMALS = 9


def experiment(seed: int) -> Result:
    """Train from zeros, and count the different answers and the different units of a layer."""
    data = digits()
    accuracy, answers, units = {}, {}, {}
    for name in (*HIDDEN, "linear model"):
        linear = name == "linear model"
        spec = gc.NetworkSpec((64, 10) if linear else (64, 32, 32, 10), "tanh" if linear else name, initializer="zeros")
        run, records = trained(
            spec, seed, learning_rate=0.5, steps=STEPS, record_every=STEPS, histogram_every=STEPS - 1
        )
        label = name if linear else gc.ACTIVATIONS[name].label
        outputs = gc.predict(run.net, data.x_test)
        accuracy[label] = records[-1].test_accuracy
        answers[label] = len(np.unique(outputs.round(DECIMALS), axis=0))
        counted = records[-1].stats.distinct_units
        assert counted is not None
        units[label] = int(counted[0])
    tanh, relu, sigmoid, linear_model = accuracy
    constant = [label for label in (tanh, relu, sigmoid) if answers[label] == 1]
    as_linear = [label for label in (tanh, relu, sigmoid) if accuracy[label] > accuracy[linear_model] - 0.05]
    outcome = 1 if len(constant) >= 2 else 0 if as_linear else 2
    headline = (
        f"Started from zeros, {' and '.join(constant) or 'none'} give every input the same answer "
        f"({percent(accuracy[relu])} right); sigmoid gets {percent(accuracy[sigmoid])}, a real linear model "
        f"{percent(accuracy[linear_model])}."
    )
    sentence = (
        f"Different units among the 32 of layer 1: {tanh} {units[tanh]}, {relu} {units[relu]}, {sigmoid} "
        f"{units[sigmoid]}. It is a layer's units that learn the same, not the layers."
    )
    figure = figures.bars({"right": accuracy}, "Test digits read right, from zeros", "share right")
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    figure.update_traces(text=[percent(one) for one in accuracy.values()])
    table: Columns = {
        "network": list(accuracy),
        "test_accuracy": list(accuracy.values()),
        "different_answers": list(answers.values()),
        "different_units_layer_1": list(units.values()),
    }
    return Result(outcome, headline, Card("zeros", figure, sentence, table))
