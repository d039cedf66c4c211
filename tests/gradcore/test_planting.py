"""A planted error is met by whoever uses the name, is the only one there, and leaves nothing behind."""

import numpy as np
import pytest

import gradcore as gc
from gradcore.functions import activation_functions, activations, losses
from gradcore.kernels import gradient_chunks, norms
from gradcore.network import backward_hooks
from gradcore.records.saturation import largest_derivative
from gradcore.training import optimizer, step
from tests.gradcore.engine_check import CHECKS
from tests.gradcore.planted.errors import ERRORS
from tests.gradcore.planted.planting import plant

HALF = np.array([0.5])


def doubled(right, *args):
    return 2 * right(*args)


def test_a_function_is_replaced_in_every_module_that_imported_it_and_put_back():
    right = norms.norm
    with plant("gradcore.kernels.norms.norm", doubled):
        assert norms.norm is backward_hooks.norm is optimizer.norm is not right
        assert optimizer.norm(np.array([3.0, 4.0])) == 10
    assert norms.norm is backward_hooks.norm is optimizer.norm is right


def test_a_function_is_replaced_in_the_registrys_entries_and_where_it_is_called():
    right, of_half = activation_functions.sigmoid, gc.ACTIVATIONS["silu"].value(HALF)
    with plant("gradcore.functions.activation_functions.sigmoid", doubled):
        assert gc.ACTIVATIONS["sigmoid"].value(HALF) == 2 * right(HALF)
        assert gc.ACTIVATIONS["silu"].value(HALF) == 2 * of_half  # z σ(z)
    assert activations.ACTIVATIONS["sigmoid"].value is activation_functions.sigmoid is right


def test_a_field_of_an_entry_is_replaced_there_alone():
    right = losses.LOSSES["cross_entropy"].delta
    with plant("gradcore.functions.losses.LOSSES.binary_cross_entropy.delta", doubled):
        assert gc.LOSSES["binary_cross_entropy"].delta is not right
        assert gc.LOSSES["cross_entropy"].delta is losses._difference is right
        gc.LOSSES["binary_cross_entropy"].delta(HALF, HALF, HALF, "sigmoid", HALF.copy())
    assert gc.LOSSES["binary_cross_entropy"].delta is right


def test_a_method_is_replaced_for_objects_that_are_already_there():
    run = gc.Run(gc.NetworkSpec((2, 2)), gc.TrainingSpec(0.1, 5, 3), gc.load_dataset("circles", n=20))
    right = vars(optimizer.Optimizer)["apply"]
    with plant("gradcore.training.optimizer.Optimizer.apply", lambda right, optimizer: None):
        before = run.net.parameters.copy()
        run.advance()
        np.testing.assert_array_equal(run.net.parameters, before)
    run.advance()
    assert (run.net.parameters != before).any()
    assert vars(optimizer.Optimizer)["apply"] is right


def test_a_constant_is_replaced_under_its_own_name_only():
    assert step.LARGE == gradient_chunks.LARGE
    right, other = gradient_chunks.LARGE, gradient_chunks.CHUNK
    with plant("gradcore.kernels.gradient_chunks.LARGE", 7):
        assert step.LARGE == gradient_chunks.LARGE == 7
        assert other == gradient_chunks.CHUNK
    assert step.LARGE == gradient_chunks.LARGE == right


def test_what_is_kept_of_earlier_results_neither_hides_an_error_nor_keeps_it():
    assert largest_derivative("sigmoid") == 0.25
    with plant("gradcore.functions.activation_functions.sigmoid_derivative", doubled):
        assert largest_derivative("sigmoid") == 0.5
    assert largest_derivative("sigmoid") == 0.25


def test_what_fails_under_an_error_does_not_keep_it():
    right = losses.softmax
    with (
        pytest.raises(ZeroDivisionError),
        plant("gradcore.functions.losses.softmax", lambda right, *args: 1 / 0),
    ):
        losses.softmax(HALF)
    assert losses.softmax is right


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("gradcore.functions.losses.no_such_function", "no_such_function"),
        ("gradcore.no_such_module.softmax", "no_such_module"),
        ("gradcore.functions.losses.LOSSES.no_such_loss.delta", "no_such_loss"),
        ("gradcore.functions.losses.LOSSES.mse.no_such_field", "no_such_field"),
        ("gradcore.training.optimizer.Optimizer.no_such_method", "no_such_method"),
        ("gradcore.training.step.LARGE.real", "real"),
    ],
)
def test_a_name_that_does_not_exist_is_told(name, missing):
    with pytest.raises(LookupError, match=f"there is no {name}: '{missing}' is missing"), plant(name, doubled):
        pass


@pytest.mark.parametrize(("name", "wrong"), [("losses.softmax", 1.0), ("activation_functions.LEAK", doubled)])
def test_a_function_is_not_replaced_by_a_constant_nor_a_constant_by_a_function(name, wrong):
    with (
        pytest.raises(TypeError, match=f"{name} is .* and cannot be replaced"),
        plant(f"gradcore.functions.{name}", wrong),
    ):
        pass


def test_an_error_that_the_check_never_meets_is_told():
    error = ERRORS["sign of delta"]
    with (
        pytest.raises(RuntimeError, match="_difference was never called"),
        plant(error.name, error.wrong),
    ):
        CHECKS["activations at a point"]()
