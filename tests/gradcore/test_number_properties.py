"""Numbers are honest at any size: norms, steps, histograms and numbers in words, on 200 random cases each.

References are decimal or exact fractions; nothing that is not zero may come out as zero.
"""

import math
import re
from decimal import Decimal, localcontext
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import gradcore as gc
from gradcore.kernels.layout import Stack
from gradcore.kernels.norms import LayerValues, norm
from gradcore.numbers import percent, power_of_ten, readable
from gradcore.records.histograms import layer_histograms

every_time = settings(max_examples=200, deadline=None, derandomize=True, database=None)

SMALLEST, LARGEST = 5e-324, 1.7976931348623157e308
# Vectors over the whole range of a type, subnormal numbers included, whose entries may differ by any factor.
finite = {
    dtype: st.floats(width=width, allow_nan=False, allow_infinity=False)
    for dtype, width in (("float32", 32), ("float64", 64))
}
vectors = st.sampled_from(("float32", "float64")).flatmap(
    lambda dtype: arrays.arrays(dtype, st.integers(1, 30), elements=finite[dtype])
)


def decimal_norm(values):
    with localcontext() as context:
        context.prec = 60
        return sum(Decimal(float(value)) ** 2 for value in values).sqrt()


def assert_norm(got, values, relative):
    """Hold a norm to the decimal one; it may be infinite only where that is no float."""
    expected = decimal_norm(values)
    if expected > Decimal(LARGEST):
        assert got >= LARGEST
        return
    assert abs(Decimal(got) - expected) <= Decimal(relative) * expected + Decimal(SMALLEST)
    assert (got > 0) == (expected > 0)


@every_time
@example(np.array([SMALLEST]))
@example(np.array([1e-162, 1e-162]))
@example(np.array([LARGEST / 2] * 4))
@example(np.array([1e-45], dtype=np.float32))
@example(np.array([3e38] * 30, dtype=np.float32))
@given(vectors)
def test_the_norm_of_any_vector_is_right_to_14_digits_and_zero_for_zeros_only(values):
    with np.errstate(over="ignore"):  # the norm itself may be no float any more
        assert_norm(norm(values), values, 1e-14)


@every_time
@given(
    st.sampled_from(("float32", "float64")).flatmap(
        lambda dtype: arrays.arrays(dtype, st.tuples(st.integers(1, 4), st.integers(1, 12)), elements=finite[dtype])
    )
)
def test_norms_of_stacked_layers_are_right_each_by_itself(layers):
    with np.errstate(all="ignore"):  # as the training loop calls it
        norms = LayerValues([Stack(slice(0, len(layers)), layers)]).norms()
    for got, values in zip(norms, layers, strict=True):
        assert_norm(got, values, 2e-6 if layers.dtype == np.float32 else 1e-12)


PLAIN = re.compile(r"(−?)(\d+(?:\.\d+)?)")
POWER = re.compile(r"(−?)(?:(\d(?:\.\d+)?)·)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read(text):
    """Return the number that a text says."""
    if match := PLAIN.fullmatch(text):
        return (-1 if match[1] else 1) * Decimal(match[2])
    match = POWER.fullmatch(text)
    assert match, text
    return (-1 if match[1] else 1) * Decimal(match[2] or 1).scaleb(int(match[3].translate(DIGITS)))


@every_time
@example(SMALLEST, 3)
@example(-LARGEST, 3)
@example(0.0009999, 3)
@example(0.001, 3)
@example(99_999.0, 3)
@example(99_499.0, 2)
@example(0.9999, 3)
@example(9.5, 1)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 6))
def test_a_number_in_words_says_that_number_to_its_digits_and_never_zero_for_anything_else(number, digits):
    text = readable(number, digits)
    if number == 0:
        assert text == "exactly 0"
        return
    said, exact = read(text), Decimal(number)
    assert said != 0
    with localcontext() as context:
        context.prec = 800
        assert abs(said - exact) <= Decimal(5).scaleb(exact.adjusted() - digits)
    shown = text.lstrip("−").split("·")[0].replace(".", "").lstrip("0")
    assert len(shown) <= max(digits, 6)


@every_time
@given(st.floats(1e-3, 1e5, exclude_min=True, exclude_max=True), st.integers(1, 6))
def test_numbers_of_everyday_size_have_no_power_of_ten(number, digits):
    assert "10⁻" not in readable(number, digits)
    assert "·" not in readable(number, digits)


def test_what_is_no_number_is_said():
    assert [readable(each) for each in (math.inf, -math.inf, math.nan, 0.0, -0.0)] == [
        *("∞", "−∞", "NaN", "exactly 0", "exactly 0")
    ]
    assert [power_of_ten(each) for each in (0, -3, 12)] == ["10⁰", "10⁻³", "10¹²"]


@every_time
@example(SMALLEST)
@example(math.nextafter(1, 0))
@example(0.9995)
@example(0.0005)
@example(0.00995)
@given(st.floats(0, 1))
def test_a_share_in_words_is_0_or_100_percent_only_if_it_is_exactly_that(share):
    text = percent(share)
    assert (text == "0 %") == (share == 0)
    assert (text == "100 %") == (share == 1)
    if not text.startswith(("under", "over")):
        assert abs(float(text.removesuffix(" %")) - 100 * share) <= 0.5 + 1e-12


def test_data_beyond_float32_overflow_without_a_warning_and_end_the_run():
    spec, x = gc.NetworkSpec((1, 1), output="identity", dtype="float32"), np.array([[1e300]])
    assert not np.isfinite(gc.forward(gc.build(spec), x).output).any()
    for data in (SimpleNamespace(x=x, y=[[1.0]], name="x"), SimpleNamespace(x=[[1.0]], y=x, name="y")):
        assert [record.diverged for record in gc.train(spec, gc.TrainingSpec(), data)] == [True]


@every_time
@given(vectors, st.floats(1e-3, 1e3), st.sampled_from((0.0, 1e-6, 0.1, 10.0)))
def test_a_clipped_step_is_never_longer_than_rate_times_limit_and_keeps_its_direction(values, limit, rate):
    raw = values.astype(float) / 10.0 ** max(0, math.log10(max(1, np.abs(values).max())) - 150)  # its square is finite
    spec = gc.NetworkSpec((1, len(raw)), output="identity", initializer="zeros")
    data = SimpleNamespace(x=np.ones((1, 1)), y=raw[None], name="one sample")
    run = gc.Run(spec, gc.TrainingSpec(rate, 1, 1, clip_norm=limit), data)
    run.advance()  # from zero weights the gradient is −y, for weights and biases alike
    step = run.net.weights[0][:, 0]
    length = math.hypot(*raw, *raw)
    expected = rate * raw * (1 if length <= limit else limit / length)
    np.testing.assert_allclose(step, expected, rtol=1e-13, atol=1e-320)
    np.testing.assert_array_equal(run.net.biases[0], step)


@pytest.mark.parametrize(("rate", "limit"), [(0.1, 1.0), (1e-4, 1e-3), (1e-4, 1e-5)])
@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_a_clipped_step_of_a_float32_gradient_of_1e38_has_the_right_length(rate, limit, momentum):
    data = SimpleNamespace(x=[[1e20]], y=[[-1e18]], name="one sample")
    spec = gc.NetworkSpec((1, 1), output="identity", initializer="zeros", dtype="float32")
    run = gc.Run(spec, gc.TrainingSpec(rate, 1, 1, momentum=momentum, clip_norm=limit), data)
    assert run.advance().stats.grad_norm[0] == pytest.approx(1e38, rel=1e-6)
    assert -run.net.weights[0].item() == pytest.approx(rate * limit, rel=1e-5)


def hostile(dtype):
    """Return numbers of any size, zeros, infinities and NaN."""
    width = 32 if dtype == "float32" else 64
    return st.one_of(st.floats(width=width), st.sampled_from((0.0, -0.0, 1.0, math.inf, -math.inf, math.nan)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_time
@given(st.data())
def test_every_entry_of_a_histogram_is_counted_once_whatever_it_is(dtype, choice):
    hidden = choice.draw(st.sampled_from(("sigmoid", "tanh", "relu", "identity", "lecun_tanh")))
    spec = gc.NetworkSpec((2, 3, 3, 2), hidden, dtype=dtype)
    net, x = gc.build(spec), np.ones((4, 2))
    trace = gc.forward(net, x)
    grads = gc.backward(net, trace, [0, 1, 1, 0])
    for flat in (trace.pre_activations, trace.activations, grads.flat):
        places = choice.draw(st.lists(st.integers(0, len(flat) - 1), max_size=12))
        for place in places:
            flat[place] = choice.draw(hostile(dtype))
    with np.errstate(all="ignore"):  # as the training loop calls it
        histograms = layer_histograms(net, trace, grads)
    for index, layer in enumerate(trace.layers):
        magnitudes = np.abs(grads.layers[index].weight_grad)
        for histogram, values, zeros in (
            (histograms.activation, layer.activation, 0),
            (histograms.pre_activation, layer.pre_activation, 0),
            (histograms.log_gradient, magnitudes, (magnitudes == 0).sum()),
        ):
            beside = histogram.zeros[index] + histogram.infs[index] + histogram.nans[index]
            assert histogram.counts[index].sum() + beside == values.size
            assert (histogram.counts[index] >= 0).all()
            assert histogram.zeros[index] == zeros
            assert histogram.infs[index] == np.isinf(values).sum()
            assert histogram.nans[index] == np.isnan(values).sum()
            on_axis = np.isfinite(values) & (values != 0 if histogram is histograms.log_gradient else True)
            assert np.isnan(histogram.low[index]) == (not on_axis.any())
