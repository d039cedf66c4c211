"""Each initializer's code, run, gives weights that follow its law, whatever the framework."""

import math
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.kernels.random_streams import UNIFORM
from ui.initializer_code import FRAMEWORKS, code

FAN_IN, FAN_OUT = 300, 200
CASES = [(name, gain) for name in gc.INITIALIZERS for gain in (1.0, 0.5)]
every = pytest.mark.parametrize(("name", "gain"), CASES)


def run(framework, name, gain, fan_in=FAN_IN, fan_out=FAN_OUT):
    """Return what a snippet leaves behind."""
    left = {}
    exec(code(name, gain, fan_in, fan_out)[framework], left)
    return SimpleNamespace(**{name: value for name, value in left.items() if not name.startswith("__")})


def assert_follows_its_law(name, gain, weight, bias):
    """Hold a (fan_out, fan_in) weight and its bias against the registry's law."""
    initializer, weight, bias = gc.INITIALIZERS[name], np.asarray(weight, float), np.asarray(bias, float)
    fan_out, fan_in = weight.shape
    assert (fan_out, fan_in, bias.shape) == (FAN_OUT, FAN_IN, (FAN_OUT,))
    std, largest = gain * initializer.std(fan_in, fan_out), np.abs(weight).max()
    if name in ("zeros", "constant"):
        assert (weight == (0 if name == "zeros" else gain)).all()
    else:
        assert weight.std() == pytest.approx(std, rel=0.02)
        assert abs(weight.mean()) < 5 * std / math.sqrt(weight.size)
        if initializer.kind == UNIFORM:
            assert 0.999 * math.sqrt(3) * std < largest <= math.sqrt(3) * std * (1 + 1e-6)
        else:  # not truncated
            assert 3.5 * std < largest < 7 * std
    if name in ("orthogonal", "lsuv"):
        gram = weight @ weight.T / (gain**2 if name == "orthogonal" else np.linalg.norm(weight[0]) ** 2)
        np.testing.assert_allclose(gram, np.eye(fan_out), atol=1e-5)
    if initializer.bias_bound is None:
        assert (bias == 0).all()
    else:
        bound = 1 / math.sqrt(fan_in)
        assert 0.9 * bound < np.abs(bias).max() <= bound * (1 + 1e-6)
        assert bias.std() == pytest.approx(bound / math.sqrt(3), rel=0.15)


def test_every_framework_has_code_for_every_initializer():
    for name, gain in CASES:
        assert tuple(code(name, gain, FAN_IN, FAN_OUT)) == FRAMEWORKS


@every
def test_numpy_code_follows_the_law(name, gain):
    left = run("NumPy", name, gain)
    assert_follows_its_law(name, gain, left.weight, left.bias)


@every
def test_pytorch_code_follows_the_law(name, gain):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    layer = run("PyTorch", name, gain).layer
    assert_follows_its_law(name, gain, layer.weight.detach().numpy(), layer.bias.detach().numpy())


@every
def test_jax_code_follows_the_law(name, gain):
    pytest.importorskip("jax")
    left = run("JAX", name, gain)
    assert_follows_its_law(name, gain, np.asarray(left.weight).T, left.bias)


class VarianceScaling:
    """Keras's, as its documentation has it: the variance is scale over a fan."""

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        if scale <= 0:
            raise ValueError("scale must be positive")
        self.scale, self.mode, self.distribution = scale, mode, distribution

    def drawn(self, rng, fan_in, fan_out):
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        std = math.sqrt(self.scale / fan)
        if self.distribution == "uniform":
            return rng.uniform(-math.sqrt(3) * std, math.sqrt(3) * std, (fan_in, fan_out))
        assert self.distribution == "untruncated_normal"
        return rng.normal(0, std, (fan_in, fan_out))


class RandomNormal:
    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean, self.stddev = mean, stddev

    def drawn(self, rng, fan_in, fan_out):
        return rng.normal(self.mean, self.stddev, (fan_in, fan_out))


class RandomUniform:
    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval, self.maxval = minval, maxval

    def drawn(self, rng, fan_in, fan_out):
        return rng.uniform(self.minval, self.maxval, (fan_in, fan_out))


class Constant:
    def __init__(self, value=0.0):
        self.value = value

    def drawn(self, rng, fan_in, fan_out):
        return np.full((fan_in, fan_out), self.value)


class Orthogonal:
    def __init__(self, gain=1.0, seed=None):
        self.gain = gain

    def drawn(self, rng, fan_in, fan_out):
        tall = np.linalg.qr(rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out))))[0]
        return self.gain * (tall if fan_in >= fan_out else tall.T)


class Dense:
    def __init__(
        self, units, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros"
    ):
        assert use_bias
        assert activation is None
        self.units, self.kernel, self.bias = units, kernel_initializer, bias_initializer


@pytest.fixture
def keras(monkeypatch):
    """Stand in for Keras with the initializers and the layer that it documents."""
    module = ModuleType("keras")
    module.initializers = SimpleNamespace(
        **{one.__name__: one for one in (VarianceScaling, RandomNormal, RandomUniform, Constant, Orthogonal)}
    )
    module.layers = SimpleNamespace(Dense=Dense)
    monkeypatch.setitem(sys.modules, "keras", module)


@every
def test_keras_code_follows_the_law(keras, name, gain):
    layer, rng = run("Keras", name, gain).layer, np.random.default_rng(0)
    assert layer.units == FAN_OUT
    bias = np.zeros(FAN_OUT) if layer.bias == "zeros" else layer.bias.drawn(rng, 1, FAN_OUT)[0]
    assert_follows_its_law(name, gain, layer.kernel.drawn(rng, FAN_IN, FAN_OUT).T, bias)


@pytest.mark.parametrize("name", gc.INITIALIZERS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_at_gain_0_all_weights_are_0(keras, framework, name):
    if framework in ("PyTorch", "JAX"):
        pytest.importorskip({"PyTorch": "torch", "JAX": "jax"}[framework])
    left = run(framework, name, 0.0)
    if framework == "Keras":
        weight = left.layer.kernel.drawn(np.random.default_rng(0), FAN_IN, FAN_OUT)
    else:
        weight = left.layer.weight.detach() if framework == "PyTorch" else left.weight
    assert (np.asarray(weight) == 0).all()


@pytest.mark.parametrize(("fan_in", "fan_out"), [(64, 32), (32, 64), (7, 7), (1, 3)])
def test_numpy_code_is_orthogonal_for_any_shape(fan_in, fan_out):
    weight = run("NumPy", "orthogonal", 1.0, fan_in, fan_out).weight
    assert weight.shape == (fan_out, fan_in)
    product = weight @ weight.T if fan_out <= fan_in else weight.T @ weight
    np.testing.assert_allclose(product, np.eye(min(fan_in, fan_out)), atol=1e-12)
