"""Each initializer as code for NumPy, PyTorch, Keras and JAX, with the numbers of one layer.

Every snippet leaves a weight matrix: `weight` (fan_out, fan_in) and `bias` in NumPy, `layer.weight` and `layer.bias` in
PyTorch, `layer` in Keras, `weight` (fan_in, fan_out) and `bias` in JAX, where inputs multiply from the left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import gradcore as gc

FRAMEWORKS = ("NumPy", "PyTorch", "Keras", "JAX")


@dataclass(frozen=True)
class _Law:
    """A variance-scaling law: variance = scale · gain² / fan, normal or uniform."""

    scale: float
    fan: str  # in _FANS
    uniform: bool


# A fan as NumPy's code writes it, and as Keras and JAX call it.
_FANS = {"in": ("fan_in", "fan_in"), "out": ("fan_out", "fan_out"), "average": ("((fan_in + fan_out) / 2)", "fan_avg")}
_LAWS: Mapping[str, _Law] = {
    "lecun_normal": _Law(1, "in", False),
    "lecun_uniform": _Law(1, "in", True),
    "article_xavier": _Law(1, "in", False),
    "xavier_normal": _Law(1, "average", False),
    "xavier_uniform": _Law(1, "average", True),
    "keras_default": _Law(1, "average", True),
    "he_normal": _Law(2, "in", False),
    "he_uniform": _Law(2, "in", True),
    "pytorch_default": _Law(1 / 3, "in", True),
}
_CONSTRUCTIONS = ("zeros", "constant", "normal", "uniform", "orthogonal", "lsuv")
# Names under which a framework has a law.
_TORCH = {
    "xavier_normal": "xavier_normal_({w}, gain={gain})",
    "xavier_uniform": "xavier_uniform_({w}, gain={gain})",
    "keras_default": "xavier_uniform_({w}, gain={gain})",
}

_NUMPY_NORMAL = "rng.standard_normal((fan_out, fan_in))"
_NUMPY_UNIFORM = "np.sqrt(3) * rng.uniform(-1, 1, (fan_out, fan_in))"


def code(name: str, gain: float, fan_in: int, fan_out: int) -> dict[str, str]:
    """Return the code of an initializer for one layer, by framework.

    Parameters
    ----------
    name : str
        Name in INITIALIZERS.
    gain : float
    fan_in, fan_out : int

    Raises
    ------
    ValueError
        If no initializer has that name, or if the one that has it has no code here.
    """
    coded = [known for known in gc.INITIALIZERS if known in _LAWS or known in _CONSTRUCTIONS]
    if name not in coded:
        raise ValueError(f"name must be one of {', '.join(map(repr, coded))}; got {name!r}")
    bound = 1 / math.sqrt(fan_in) if name == "pytorch_default" else 0.0
    makers: tuple[Callable[[str, float, int, int, float], str], ...] = (_numpy, _torch, _keras, _jax)
    law = "zeros" if gain == 0 else name  # Keras takes no scale of 0, and LSUV would divide by it
    return {
        framework: make(law, gain, fan_in, fan_out, bound) for framework, make in zip(FRAMEWORKS, makers, strict=True)
    }


def _std(name: str, gain: float, fan_in: int, fan_out: int) -> float:
    return gain * gc.INITIALIZERS[name].std(fan_in, fan_out)


def _no_code(name: str) -> ValueError:
    return ValueError(f"name {name!r} has no code here")


def _number(value: float) -> str:
    return f"{value:.10g}"


def _scale(law: _Law, gain: float) -> str:
    """Return Keras's and JAX's scale, a factor on the variance."""
    scale = "1 / 3" if math.isclose(law.scale, 1 / 3) else _number(law.scale)
    return scale if gain == 1 else f"{scale} * {_number(gain)}**2"


def _numpy(name: str, gain: float, fan_in: int, fan_out: int, bound: float) -> str:
    lines = ["import numpy as np", "", "rng = np.random.default_rng(0)", f"fan_in, fan_out = {fan_in}, {fan_out}"]
    law, factor = _LAWS.get(name), "" if gain == 1 else f"{_number(gain)} * "
    if law is not None:
        scale = "1 / 3" if math.isclose(law.scale, 1 / 3) else _number(law.scale)
        lines.append(f"std = {factor}np.sqrt({scale} / {_FANS[law.fan][0]})")
        lines.append(f"weight = std * {_NUMPY_UNIFORM if law.uniform else _NUMPY_NORMAL}")
    elif name in ("orthogonal", "lsuv"):
        lines += [
            "draw = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))",
            "q, r = np.linalg.qr(draw)",
            "q *= np.sign(np.diagonal(r))",
            f"weight = {factor}(q if fan_out >= fan_in else q.T)",
        ]
        if name == "lsuv":
            lines += [
                "x = rng.standard_normal((fan_in, 256))  # put this layer's own inputs here",
                f"weight *= {_number(gain)} / (weight @ x).std()",
            ]
    elif name in ("zeros", "constant"):
        lines.append(f"weight = np.full((fan_out, fan_in), {_number(0 if name == 'zeros' else gain)})")
    elif name in ("normal", "uniform"):
        lines.append(f"weight = {_number(gain)} * {_NUMPY_UNIFORM if name == 'uniform' else _NUMPY_NORMAL}")
    else:
        raise _no_code(name)
    lines.append("bias = rng.uniform(-1, 1, fan_out) / np.sqrt(fan_in)" if bound else "bias = np.zeros(fan_out)")
    return "\n".join(lines)


def _torch(name: str, gain: float, fan_in: int, fan_out: int, bound: float) -> str:
    lines = ["import torch", "", f"layer = torch.nn.Linear({fan_in}, {fan_out})"]
    std, w = _std(name, gain, fan_in, fan_out), "layer.weight"
    if name in _TORCH:
        lines.append(f"torch.nn.init.{_TORCH[name].format(w=w, gain=_number(gain))}")
    elif name == "pytorch_default":
        lines.append("# torch.nn.Linear starts like this by itself")
        if gain != 1:
            lines.append(f"layer.weight.data *= {_number(gain)}")
    elif name in ("he_normal", "he_uniform") and gain == 1:
        lines.append(f'torch.nn.init.kaiming_{name[3:]}_({w}, nonlinearity="relu")')
    elif name in ("zeros", "constant"):
        lines.append(f"torch.nn.init.constant_({w}, {_number(0 if name == 'zeros' else gain)})")
    elif name in ("orthogonal", "lsuv"):
        lines.append(f"torch.nn.init.orthogonal_({w}, gain={_number(gain)})")
        if name == "lsuv":
            lines += [
                f"x = torch.randn(256, {fan_in})  # put this layer's own inputs here",
                f"layer.weight.data *= {_number(gain)} / (x @ layer.weight.T).std()",
            ]
    elif name == "uniform" or (name in _LAWS and _LAWS[name].uniform):
        lines.append(f"torch.nn.init.uniform_({w}, -{_number(std * math.sqrt(3))}, {_number(std * math.sqrt(3))})")
    elif name == "normal" or name in _LAWS:
        lines.append(f"torch.nn.init.normal_({w}, std={_number(std)})")
    else:
        raise _no_code(name)
    if not bound:
        lines.append("torch.nn.init.zeros_(layer.bias)")
    return "\n".join(lines)


def _keras(name: str, gain: float, fan_in: int, fan_out: int, bound: float) -> str:
    law = _LAWS.get(name)
    if law is not None:
        mode, kind = _FANS[law.fan][1], ("uniform" if law.uniform else "untruncated_normal")
        start = f'keras.initializers.VarianceScaling({_scale(law, gain)}, mode="{mode}", distribution="{kind}")'
    elif name in ("zeros", "constant"):
        start = f"keras.initializers.Constant({_number(0 if name == 'zeros' else gain)})"
    elif name in ("orthogonal", "lsuv"):
        start = f"keras.initializers.Orthogonal(gain={_number(gain)})"
    elif name == "uniform":
        start = f"keras.initializers.RandomUniform(-{_number(gain * math.sqrt(3))}, {_number(gain * math.sqrt(3))})"
    elif name == "normal":
        start = f"keras.initializers.RandomNormal(stddev={_number(gain)})"
    else:
        raise _no_code(name)
    lines = ["import keras", "", "layer = keras.layers.Dense(", f"    {fan_out},", f"    kernel_initializer={start},"]
    if bound:
        lines.append(f"    bias_initializer=keras.initializers.RandomUniform(-{_number(bound)}, {_number(bound)}),")
    lines.append(")")
    if name == "lsuv":
        lines.append(
            "# once built, divide each kernel by its outputs' standard deviation on a batch, from the input up"
        )
    return "\n".join(lines)


def _jax(name: str, gain: float, fan_in: int, fan_out: int, bound: float) -> str:
    law = _LAWS.get(name)
    if law is not None:
        mode, kind = _FANS[law.fan][1], ("uniform" if law.uniform else "normal")
        start = f'jax.nn.initializers.variance_scaling({_scale(law, gain)}, "{mode}", "{kind}")'
    elif name in ("zeros", "constant"):
        start = f"jax.nn.initializers.constant({_number(0 if name == 'zeros' else gain)})"
    elif name in ("orthogonal", "lsuv"):
        start = f"jax.nn.initializers.orthogonal({_number(gain)})"
    elif name == "uniform":
        # JAX's own uniform(scale) draws from 0 to scale.
        start = f"lambda key, shape: jax.random.uniform(key, shape, {_jax_range(gain * math.sqrt(3))})"
    elif name == "normal":
        start = f"jax.nn.initializers.normal({_number(gain)})"
    else:
        raise _no_code(name)
    lines = ["import jax", "", "key, other = jax.random.split(jax.random.key(0))", f"initializer = {start}"]
    lines.append(f"weight = initializer(key, ({fan_in}, {fan_out}))")
    if name == "lsuv":
        lines += [
            f"x = jax.random.normal(other, (256, {fan_in}))  # put this layer's own inputs here",
            f"weight *= {_number(gain)} / (x @ weight).std()",
        ]
    if bound:
        lines.append(f"bias = jax.random.uniform(other, ({fan_out},), {_jax_range(bound)})")
    else:
        lines.append(f"bias = jax.numpy.zeros({fan_out})")
    return "\n".join(lines)


def _jax_range(bound: float) -> str:
    return f"minval=-{_number(bound)}, maxval={_number(bound)}"
