"""What is on a screen as a short Python script on gradcore that prints the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

import gradcore as gc
from ui import data_sets
from ui.experiment import Experiment

HEAD = "import numpy as np\n\nimport gradcore as gc\n"


def call(made: Any) -> str:
    """Return the call that makes a frozen dataclass of gradcore, without arguments that have their default."""
    parts = []
    for one in fields(made):
        value = getattr(made, one.name)
        if one.default is MISSING or value != one.default:
            parts.append(f"{one.name}={shortest(value)}")
    return f"gc.{type(made).__name__}({', '.join(parts)})"


def shortest(value: Any) -> str:
    """Return a value as Python: runs of equal entries of a tuple as one."""
    if not isinstance(value, tuple):
        return repr(value)
    if value and all(isinstance(entry, str) and entry == value[0] for entry in value):
        return repr(value[0])
    parts: list[str] = []
    at = 0
    while at < len(value):
        count = next((n for n in range(len(value) - at, 0, -1) if len(set(value[at : at + n])) == 1), 1)
        parts.append(f"*[{value[at]!r}] * {count}" if count > 2 else ", ".join([repr(value[at])] * count))
        at += count
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def live_script(experiment: Experiment, changes: Sequence[tuple[int, float]], step: int) -> str:
    """Return the script of a live run up to and including `step`."""
    retune = (
        f"    if run.step in {dict(changes)!r}:\n        run.retune({dict(changes)!r}[run.step])\n" if changes else ""
    )
    return (
        f"{HEAD}\n{data_sets.code(experiment.dataset, experiment.noise)}"
        f"network = {call(experiment.spec)}\n"
        f"training = {call(experiment.tspec)}\n"
        f"run = gc.Run(network, training, data, seed={experiment.seed})\n"
        f"while run.step <= {step} and not run.finished:\n{retune}"
        "    record = run.advance()\n"
        'print("step", record.step, "loss", float(record.loss))\n'
        "for layer, rms in enumerate(record.stats.grad_rms, start=1):\n"
        '    print("layer", layer, "gradient", float(rms))\n'
    )


def compare_script(
    names: Sequence[str],
    specs: Sequence[gc.NetworkSpec],
    tspecs: Sequence[gc.TrainingSpec],
    dataset: str,
    noise: float,
    seeds: Sequence[int],
    step: int,
) -> str:
    """Return the script of a comparison up to and including `step`."""
    networks = "".join(f"    {name!r}: {call(spec)},\n" for name, spec in zip(names, specs, strict=True))
    trainings = "".join(f"    {call(tspec)},\n" for tspec in tspecs)
    return (
        f"{HEAD}\n{data_sets.code(dataset, noise)}"
        f"networks = {{\n{networks}}}\ntrainings = [\n{trainings}]\n"
        f"comparison = gc.Comparison(list(networks.values()), trainings, data, {list(seeds)!r})\n"
        f"record = comparison.advance({step})\n"
        "for name, losses in zip(networks, record.loss):\n"
        '    print(name, "median loss", float(np.median(losses)))\n'
    )


def inputs_code(name: str, samples: int) -> str:
    """Return the lines that make an explorer's inputs x and targets y (ui/explorers/inputs.py)."""
    if name == "normal":
        made = "x, y = rng.standard_normal((1000, 64)), rng.integers(0, 10, 1000)"
    elif name == "uniform":
        made = "x, y = rng.uniform(0, 1, (1000, 256)), rng.integers(0, 9, 1000)"
    else:
        return f"{data_sets.code(name)}x, y = data.x[:{samples}], data.y[:{samples}]\n"
    return (
        "from gradcore.kernels.random_streams import DATA, stream\n\nrng = stream(0, DATA)\n"
        f"{made}\nx, y = x[:{samples}], y[:{samples}]\n"
    )


def saturation_script(spec: gc.NetworkSpec, seed: int, inputs: str, values: Mapping[str, Any]) -> str:
    """Return the script of what a layer's activation does."""
    layer = min(values["layer"], spec.depth) - 1
    return (
        f"{HEAD}from gradcore.records.saturation import activation_effect\n{inputs_code(inputs, 1000)}\n"
        f"net = gc.build({call(spec)}, {seed}, x[:256])\n"
        f"for weight in net.weights:\n    weight *= {values['gain']!r}\n"
        "trace = gc.forward(net, x)\n"
        f"effect = activation_effect({spec.activations[0]!r}, trace.layers[{layer}].pre_activation)\n"
        'print("factor", float(effect.gradient_factor))\nprint("below 1 %", float(effect.saturated_fraction))\n'
        'print("variance in", float(effect.variance_in))\n'
    )


def flow_script(
    spec: gc.NetworkSpec, deepest: gc.NetworkSpec, seed: int, inputs: str, samples: int, gain: float
) -> str:
    """Return the script of one backward pass: the network is the deepest one's first layers and its output."""
    return (
        f"{HEAD}{inputs_code(inputs, 256)}\n"
        f"deepest = gc.build({call(deepest)}, {seed}, x)\n"
        f"net = gc.build({call(spec)}, {seed})\n"
        "for layer in range(net.spec.depth + 1):\n"
        "    source = layer if layer < net.spec.depth else deepest.spec.depth\n"
        f"    net.weights[layer][:] = deepest.weights[source] * np.float64({gain!r})\n"
        "    net.biases[layer][:] = deepest.biases[source]\n"
        f"grads = gc.backward(net, gc.forward(net, x[:{samples}]), y[:{samples}])\n"
        "for number, layer in enumerate(grads.layers[:-1], start=1):\n"
        '    print("layer", number, "weights", layer.weight_factor, "slopes", layer.derivative_factor)\n'
    )


def by_hand_script(spec: gc.NetworkSpec, values: Mapping[str, Any], rate: float) -> str:
    """Return the script of one step of a small network; `values` are its weights w, inputs x and targets t."""
    return (
        f"{HEAD}\nnetwork = {call(spec)}\n"
        f"weights = {list(values['w'])!r}\n"
        "net = gc.Network(network, np.array(weights))\n"
        f"x, t = np.array([{list(values['x'])!r}]), np.array([{list(values['t'])!r}])\n"
        "grads = gc.backward(net, gc.forward(net, x), t)\n"
        'print("loss", float(grads.loss))\n'
        "for number, layer in enumerate(grads.layers, start=1):\n"
        "    for unit, delta in enumerate(layer.delta[:, 0], start=1):\n"
        '        print("layer", number, "unit", unit, "delta", float(delta))\n'
        "for weight, gradient in zip(weights, grads.flat):\n"
        '    print("weight", weight, "gradient", float(gradient))\n'
        f"net.parameters -= {rate!r} * grads.flat\n"
        "after = gc.backward(net, gc.forward(net, x), t)\n"
        'print("loss after one step", float(after.loss))\n'
    )
