"""Settings that make no sense are refused where they are made; what is said is written out here for every rule.

What is still allowed, and what a spec is good for, is in test_specs_kept.py.
"""

from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc

NAN, INFINITY = float("nan"), float("inf")


class Unfit:
    """An object that is no number, name or sequence."""

    def __repr__(self):
        return "<unfit>"


NOT_WHOLE = (1.5, 1.0, True, False, None, "3", NAN, INFINITY, 1j, [3], np.float64(3), np.True_, Unfit())
NOT_NUMBERS = (NAN, INFINITY, -INFINITY, True, False, "0.1", 1j, [0.1], (), {}, np.float32(NAN), Unfit(), 10**400)


def refusal(kind, *arguments, **settings):
    """Return what is said about settings that must be refused."""
    with pytest.raises(ValueError, match=" ") as caught:
        kind(*arguments, **settings)
    return str(caught.value)


def network(sizes=(4, 5, 5, 3), **settings):
    return gc.NetworkSpec(sizes, **settings)


@pytest.mark.parametrize(
    ("sizes", "at", "high", "value"),
    [
        ((0, 3), 0, 4096, 0),
        ((4097, 3), 0, 4096, 4097),
        ((4, 0, 3), 1, 1024, 0),
        ((4, 5, 1025, 3), 2, 1024, 1025),
        ((4, 5, -1, 3), 2, 1024, -1),
        ((4, 5, 1025), 2, 1024, 1025),
        ((4, 5, 0), 2, 1024, 0),
        ((4, 2**70, 3), 1, 1024, 2**70),
        *(((4, value, 3), 1, 1024, value) for value in NOT_WHOLE),
    ],
    ids=str,
)
def test_widths_that_are_no_whole_numbers_in_range_are_refused(sizes, at, high, value):
    assert refusal(network, sizes) == f"sizes[{at}] must be a whole number from 1 to {high}, got {value!r}"


@pytest.mark.parametrize("sizes", [(), (4,), (2, *[1] * 101, 2), (3,) * 1000], ids=len)
def test_depths_beyond_0_to_100_are_refused(sizes):
    rule = "sizes must name input, 0 to 100 hidden layers and output"
    assert refusal(network, sizes) == f"{rule}, got {len(sizes)} numbers"


@pytest.mark.parametrize("sizes", ["64", b"64", "(64, 10)", None, 64, 3.5, Unfit()], ids=repr)
def test_sizes_that_are_no_sequence_are_refused(sizes):
    assert refusal(network, sizes) == f"sizes must be a tuple of whole numbers, got {sizes!r}"


NAMES = {
    "hidden": tuple(gc.ACTIVATIONS),
    "output": ("softmax", "sigmoid", "identity"),
    "initializer": tuple(gc.INITIALIZERS),
    "loss": ("cross_entropy", "binary_cross_entropy", "mse"),
    "dtype": ("float32", "float64"),
    "normalization": (None, "batch", "layer"),
}


@pytest.mark.parametrize("argument", NAMES)
@pytest.mark.parametrize(
    "value", ["", "Tanh", "float16", " relu", "mse ", 0, 1.0, True, False, np.float32, b"relu", Unfit()]
)
def test_unknown_names_are_refused_with_the_names_there_are(argument, value):
    rule = f"{argument} must be one of {', '.join(map(repr, NAMES[argument]))}"
    assert refusal(network, **{argument: value}) == f"{rule}; got {value!r}"


def test_a_name_per_layer_is_refused_by_its_place():
    assert refusal(network, hidden=("relu", "rleu")).startswith("hidden[1] must be one of 'identity', ")
    assert refusal(network, hidden=("relu", "rleu")).endswith("; got 'rleu'")
    assert refusal(network, initializer=["zeros", None, "zeros"]).startswith("initializer[1] must be one of 'zeros', ")
    assert refusal(network, hidden=None).endswith("; got None")
    assert refusal(network, output=("softmax",)).endswith("; got ('softmax',)")


@pytest.mark.parametrize(
    ("settings", "rule", "count"),
    [
        ({"hidden": ("relu",)}, "hidden must be one name or 2, one for each of the hidden layers", 1),
        ({"hidden": ("relu",) * 3}, "hidden must be one name or 2, one for each of the hidden layers", 3),
        ({"hidden": ()}, "hidden must be one name or 2, one for each of the hidden layers", 0),
        ({"initializer": ("zeros",) * 2}, "initializer must be one name or 3, one for each of the weight layers", 2),
        ({"initializer": ("zeros",) * 4}, "initializer must be one name or 3, one for each of the weight layers", 4),
        ({"gain": (1.0,) * 2}, "gain must be one number or 3, one for each of the weight layers", 2),
        ({"gain": (1.0,) * 4}, "gain must be one number or 3, one for each of the weight layers", 4),
        ({"gain": ()}, "gain must be one number or 3, one for each of the weight layers", 0),
    ],
)
def test_tuples_of_another_length_than_the_layers_are_refused(settings, rule, count):
    assert refusal(network, **settings) == f"{rule}, got {count}"


OUT_OF_RANGE = (-1e-9, -1, 1.01e6, 1e300, *NOT_NUMBERS)


@pytest.mark.parametrize("value", OUT_OF_RANGE, ids=repr)
def test_gains_and_bias_deviations_out_of_range_are_refused(value):
    rule = "must be a number at least 0 and at most 1e+06"
    assert refusal(network, bias_std=value) == f"bias_std {rule}, got {value!r}"
    assert refusal(network, gain=(1.0, value, 1.0)) == f"gain[1] {rule}, got {value!r}"
    if not isinstance(value, (list, tuple)):
        assert refusal(network, gain=value) == f"gain {rule}, got {value!r}"


def test_a_gain_may_be_negative_for_the_constant_initializer_only():
    assert network(initializer="constant", gain=-2).gains == (-2.0,) * 3
    assert "gain must be a number at least -1e+06" in refusal(network, initializer="constant", gain=-1.1e6)
    mixed = ("constant", "he_normal", "constant")
    assert network(initializer=mixed, gain=(-1, 1, -1)).gains == (-1.0, 1.0, -1.0)
    assert "gain[1] must be a number at least 0" in refusal(network, initializer=mixed, gain=(-1, -1, -1))
    assert "gain must be a number at least 0" in refusal(network, initializer=mixed, gain=-1)


@pytest.mark.parametrize("value", [0, 1, "True", None, np.True_, Unfit()], ids=repr)
def test_flags_are_true_or_false(value):
    assert refusal(network, residual=value) == f"residual must be True or False, got {value!r}"
    assert refusal(gc.TrainingSpec, nesterov=value) == f"nesterov must be True or False, got {value!r}"


@pytest.mark.parametrize(
    ("output", "loss", "own"),
    [
        ("softmax", "binary_cross_entropy", "cross_entropy"),
        ("sigmoid", "cross_entropy", "binary_cross_entropy"),
        ("identity", "cross_entropy", "mse"),
        ("identity", "binary_cross_entropy", "mse"),
    ],
)
def test_a_loss_that_is_not_the_outputs_is_refused(output, loss, own):
    rule = f"loss must be None, 'mse' or {own!r} with output {output!r}"
    assert refusal(network, output=output, loss=loss) == f"{rule}, got {loss!r}"


def test_a_softmax_of_one_unit_is_refused():
    assert refusal(network, (4, 3, 1)) == "output 'softmax' needs at least 2 units in the last of sizes, got 1"


WHOLE = ("batch_size", "steps", "record_every", "test_every", "histogram_every")


@pytest.mark.parametrize("argument", WHOLE)
@pytest.mark.parametrize(
    "value", [0, -1, 10**9 + 1, 2**64, *(each for each in NOT_WHOLE if each is not None)], ids=repr
)
def test_counts_of_training_are_whole_numbers_from_1(argument, value):
    rule = f"{argument} must be a whole number from 1 to 1000000000"
    assert refusal(gc.TrainingSpec, **{argument: value}) == f"{rule}, got {value!r}"


NUMBERS = {
    "learning_rate": ("at least 0 and at most 1e+06", (-1e-300, -0.1, 1.01e6)),
    "weight_decay": ("at least 0 and at most 1e+06", (-1e-300, -0.1, 1.01e6)),
    "momentum": ("at least 0 and below 1", (-1e-300, -0.5, 1, 1.0, 2)),
    "beta1": ("at least 0 and below 1", (-1e-300, 1, 1.0, 2)),
    "beta2": ("at least 0 and below 1", (-1e-300, 1, 1.0, 2)),
    "epsilon": ("above 0 and at most 1", (0, 0.0, -1e-8, 1.001)),
    "clip_norm": ("above 0 and at most 1e+300", (0, 0.0, -1.0, 1.1e300)),
}


@pytest.mark.parametrize(
    ("argument", "value"),
    [(argument, value) for argument, (_, values) in NUMBERS.items() for value in (*values, *NOT_NUMBERS)],
    ids=repr,
)
def test_numbers_of_training_out_of_range_are_refused(argument, value):
    assert (
        refusal(gc.TrainingSpec, **{argument: value})
        == f"{argument} must be a number {NUMBERS[argument][0]}, got {value!r}"
    )


def test_momentum_and_nesterov_are_refused_where_they_have_no_meaning():
    assert refusal(gc.TrainingSpec, nesterov=True) == "nesterov needs momentum above 0, got momentum 0.0"
    assert refusal(gc.TrainingSpec, nesterov=True, momentum=0) == "nesterov needs momentum above 0, got momentum 0.0"
    rule = "momentum and nesterov belong to 'sgd'; 'adam' has beta1"
    for settings in ({"momentum": 0.5}, {"momentum": 0.5, "nesterov": True}):
        assert refusal(gc.TrainingSpec, optimizer="adam", **settings) == f"{rule}, got momentum 0.5"
    for value in ("SGD", "rmsprop", None, 0):
        rule = "optimizer must be one of 'sgd', 'adam'"
        assert refusal(gc.TrainingSpec, optimizer=value) == f"{rule}; got {value!r}"


@pytest.mark.parametrize(("batch_size", "n"), [(1, 10), (32, 1)])
def test_batch_normalization_of_single_samples_is_refused_before_the_first_step(batch_size, n):
    data = SimpleNamespace(x=np.zeros((n, 4)), y=np.zeros(n, dtype=int), name="zeros")
    spec, tspec = network(normalization="batch"), gc.TrainingSpec(batch_size=batch_size)
    rule = "batch_size must be at least 2 with normalization 'batch', got 1"
    assert refusal(gc.train, spec, tspec, data) == rule
    assert refusal(gc.Run, spec, tspec, data) == rule


@pytest.mark.parametrize("value", [np.True_, b"0.1", bytearray(b"1"), np.complex128(1)], ids=repr)
def test_numpys_truth_values_and_complex_numbers_and_bytes_are_no_numbers(value):
    rule = "must be a number at least 0 and at most 1e+06"
    assert refusal(gc.TrainingSpec, learning_rate=value) == f"learning_rate {rule}, got {value!r}"
    assert refusal(network, gain=value) == f"gain {rule}, got {value!r}"


@pytest.mark.parametrize(
    ("kind", "argument"), [(gc.TrainingSpec, "steps"), (gc.TrainingSpec, "learning_rate"), (network, "gain")]
)
def test_numbers_too_long_to_print_are_refused_by_argument_and_rule_too(kind, argument):
    assert refusal(kind, **{argument: 10**5000}).startswith(f"{argument} must be a ")


@pytest.mark.parametrize("sizes", [{64, 10}, {64: 1, 10: 2}, frozenset({3, 5, 2})], ids=repr)
def test_sizes_without_an_order_are_refused(sizes):
    assert refusal(network, sizes) == f"sizes must be a tuple of whole numbers, got {sizes!r}"
