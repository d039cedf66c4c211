"""Proves that every way to multiply gives the product, also where numbers are next to zero."""

from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.kernels.products import times
from gradcore.kernels.subnormals import NEAR_SUBNORMAL, peak, subnormal_times

BOTH = pytest.mark.parametrize("dtype", ["float32", "float64"])


def factors(rows, inner, columns, dtype):
    rng = np.random.default_rng(0)
    return rng.standard_normal((rows, inner)).astype(dtype), rng.standard_normal((inner, columns)).astype(dtype)


@BOTH
@pytest.mark.parametrize("shape", [(3, 4, 5), (3, 4, 1), (300, 20, 300), (300, 301, 16), (300, 301, 17)])
def test_products_of_all_sizes_are_right(shape, dtype):
    a, b = factors(*shape, dtype)
    limit = 1e-4 if dtype == "float32" else 1e-12
    for matrix in (a, np.ascontiguousarray(a.T).T):
        out = np.full((shape[0], shape[2]), np.nan, dtype=dtype)
        times(matrix, shape[2])(b, out)
        np.testing.assert_allclose(
            out, np.einsum("ij,jk->ik", a.astype(float), b.astype(float)), rtol=limit, atol=limit
        )


@BOTH
@pytest.mark.parametrize("size", [1.0, 1e-19, 1e-22, 1e-30])
def test_nearly_subnormal_products_are_rounded_once(size, dtype):
    """Of float32, that of float64; of float64, that of the long double, which reaches down to 1e-4932."""
    size = size if dtype == "float32" else size**8
    a, b = factors(6, 7, 5, dtype)
    a, b = a * dtype_number(size, dtype), b * dtype_number(size, dtype)
    wide = np.float64 if dtype == "float32" else np.longdouble
    expected = (a.astype(wide)[:, :, None] * b.astype(wide)).sum(axis=1)
    out = np.full((6, 5), np.nan, dtype=dtype)
    subnormal_times(a)(b, out)
    tiny = np.finfo(dtype).smallest_subnormal
    np.testing.assert_allclose(out, expected.astype(dtype), rtol=1e-5 if dtype == "float32" else 1e-13, atol=tiny)


def dtype_number(number, dtype):
    return np.dtype(dtype).type(number)


@BOTH
def test_a_product_with_nothing_is_zero(dtype):
    a, b = factors(3, 4, 5, dtype)
    out = np.full((3, 5), np.nan, dtype=dtype)
    subnormal_times(0 * a)(b, out)
    assert not out.any()


def test_the_peak_is_of_either_sign():
    assert peak(np.array([1.0, -3.0])) == 3
    assert peak(np.array([2.0, -1.0])) == 2
    assert peak(np.zeros((2, 0))) == 0


@BOTH
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_a_run_whose_gradient_fades_to_denormals_has_the_gradients_of_a_fresh_pass(hidden, dtype):
    """A fresh backward pass goes the usual way; the run, after its first look, goes the one around subnormals."""
    gain = {"sigmoid": {"float32": 0.8, "float64": 2e-5}, "tanh": {"float32": 0.2, "float64": 6e-6}}[hidden][dtype]
    spec = gc.NetworkSpec((8, *[8] * 60, 3), hidden, initializer="orthogonal", gain=gain, dtype=dtype)
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((16, 8)), rng.integers(0, 3, 16)

    run = gc.Run(spec, gc.TrainingSpec(0.1, 16, 3), SimpleNamespace(x=x, y=y, name="random"))
    run.advance()
    fresh = gc.build(spec)
    fresh.parameters[:] = run.net.parameters
    run.advance()
    grads = gc.backward(fresh, gc.forward(fresh, x), y)
    tiny, sizes = np.finfo(dtype), np.abs(grads.flat)
    assert ((sizes > 0) & (sizes < tiny.tiny)).sum() > 50, "there are denormals"
    assert peak(grads.layers[0].block_grad) < NEAR_SUBNORMAL[sizes.itemsize]
    # A denormal has no more digits than its distance from 0 in steps of the smallest one; each sum rounds once.
    allowed = {"rtol": 1e-4 if dtype == "float32" else 1e-12, "atol": 100 * float(tiny.smallest_subnormal)}
    np.testing.assert_allclose(run.grads.flat, grads.flat, **allowed)
