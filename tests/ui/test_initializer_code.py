"""Each initializer's code, run, gives weights that follow its law, whatever the framework."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.functions.initializers import variance_scaling
from gradcore.kernels.random_streams import UNIFORM
from ui import initializer_code
from ui.initializer_code import FRAMEWORKS, code

FAN_IN, FAN_OUT = 300, 200
CASES = [(name, gain) for name in gc.INITIALIZERS for gain in (1.0, 0.5)]
NEEDS_TORCH = "needs PyTorch: install benchmarks/requirements.txt"
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
    torch = pytest.importorskip("torch", reason=NEEDS_TORCH)
    torch.manual_seed(0)
    layer = run("PyTorch", name, gain).layer
    assert_follows_its_law(name, gain, layer.weight.detach().numpy(), layer.bias.detach().numpy())


@every
def test_jax_code_follows_the_law(name, gain):
    left = run("JAX", name, gain)
    assert_follows_its_law(name, gain, np.asarray(left.weight).T, left.bias)


@pytest.fixture(scope="module")
def keras(tmp_path_factory):
    """Give the Keras that runs on JAX, with its settings, a file in the user's home otherwise, in a folder of ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "jax")
        patch.setenv("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
        import keras

    assert keras.backend.backend() == "jax"
    return keras


def drawn_by_keras(keras, name, gain):
    """Return kernel and bias, (fan_in, fan_out) and (fan_out,), of a snippet's layer once it is built."""
    keras.utils.set_random_seed(0)
    layer = run("Keras", name, gain).layer
    layer.build((None, FAN_IN))
    return np.asarray(layer.kernel), np.asarray(layer.bias)


@every
def test_keras_code_follows_the_law(keras, name, gain):
    kernel, bias = drawn_by_keras(keras, name, gain)
    assert_follows_its_law(name, gain, kernel.T, bias)


@pytest.mark.parametrize("name", gc.INITIALIZERS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_at_gain_0_all_weights_are_0(keras, framework, name):
    if framework == "PyTorch":
        pytest.importorskip("torch", reason=NEEDS_TORCH)
    if framework == "Keras":
        weight = drawn_by_keras(keras, name, 0.0)[0]
    else:
        left = run(framework, name, 0.0)
        weight = left.layer.weight.detach() if framework == "PyTorch" else left.weight
    assert (np.asarray(weight) == 0).all()


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match=r"^name must be one of 'zeros', .*'keras_default'; got 'he_norma'$"):
        code("he_norma", 1.0, FAN_IN, FAN_OUT)


@pytest.mark.parametrize("gain", [0.0, 1.0])
def test_an_initializer_without_code_does_not_get_anothers(monkeypatch, gain):
    new = replace(gc.INITIALIZERS["normal"], name="new")
    monkeypatch.setitem(gc.INITIALIZERS, "new", new)
    with pytest.raises(ValueError, match=r"^name must be one of 'zeros', .*'keras_default'; got 'new'$"):
        code("new", gain, FAN_IN, FAN_OUT)


@pytest.mark.parametrize("framework", ["_numpy", "_torch", "_keras", "_jax"])
def test_a_construction_without_a_branch_is_refused_by_every_framework(monkeypatch, framework):
    monkeypatch.setitem(gc.INITIALIZERS, "ones", replace(gc.INITIALIZERS["constant"], name="ones"))
    with pytest.raises(ValueError, match="name 'ones' has no code here"):
        getattr(initializer_code, framework)("ones", 1.0, FAN_IN, FAN_OUT, 0.0)


def test_a_law_of_fan_out_follows_fan_out(monkeypatch):
    law = replace(gc.INITIALIZERS["he_normal"], name="he_fan_out", std=variance_scaling(2, "out"))
    monkeypatch.setitem(gc.INITIALIZERS, "he_fan_out", law)
    monkeypatch.setattr(
        initializer_code, "_LAWS", {**initializer_code._LAWS, "he_fan_out": initializer_code._Law(2, "out", False)}
    )
    left = run("NumPy", "he_fan_out", 1.0)
    assert_follows_its_law("he_fan_out", 1.0, left.weight, left.bias)
    assert '"fan_out"' in code("he_fan_out", 1.0, FAN_IN, FAN_OUT)["Keras"]
    assert '"fan_out"' in code("he_fan_out", 1.0, FAN_IN, FAN_OUT)["JAX"]


@pytest.mark.parametrize(("fan_in", "fan_out"), [(64, 32), (32, 64), (7, 7), (1, 3)])
def test_numpy_code_is_orthogonal_for_any_shape(fan_in, fan_out):
    weight = run("NumPy", "orthogonal", 1.0, fan_in, fan_out).weight
    assert weight.shape == (fan_out, fan_in)
    product = weight @ weight.T if fan_out <= fan_in else weight.T @ weight
    np.testing.assert_allclose(product, np.eye(min(fan_in, fan_out)), atol=1e-12)
