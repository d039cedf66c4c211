"""Two small networks worked by hand, and the engine beside them: every number of one, the printed digits of another.

The first is worked here in plain Python floats, line by line. The second is Matt Mazur's "A Step by Step
Backpropagation Example" (2015), whose printed results are known by heart to many a student.
"""

from math import exp, sqrt
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc

EXACT = {"rel": 4e-15, "abs": 0}


def s(z):
    return 1 / (1 + exp(-z))


class ByHand:
    """Inputs .5 and −1, two sigmoid units, one sigmoid output, target .75, half the squared error, rate 2."""

    x1, x2, t, rate = 0.5, -1.0, 0.75, 2.0
    w11, w12, b1 = 0.1, 0.2, 0.3  # into hidden unit 1, from input 1, from input 2, its bias
    w21, w22, b2 = -0.4, 0.6, -0.1  # into hidden unit 2
    v1, v2, c = 0.7, -0.5, 0.2  # into the output

    # Forward.
    z1 = w11 * x1 + w12 * x2 + b1  # .15
    z2 = w21 * x1 + w22 * x2 + b2  # −.9
    a1, a2 = s(z1), s(z2)
    zo = v1 * a1 + v2 * a2 + c
    ao = s(zo)
    loss = 0.5 * (ao - t) ** 2

    # Backward: δ = ∂loss/∂z, each σ′ being a(1−a).
    do = (ao - t) * ao * (1 - ao)
    back1, back2 = v1 * do, v2 * do  # what arrives at the hidden units
    d1, d2 = back1 * a1 * (1 - a1), back2 * a2 * (1 - a2)
    gv1, gv2, gc_ = do * a1, do * a2, do
    g11, g12, gb1 = d1 * x1, d1 * x2, d1
    g21, g22, gb2 = d2 * x1, d2 * x2, d2

    # ‖Wᵀδ_{l+1}‖/‖δ_{l+1}‖ is the length of (v1, v2): there is one δ above.
    weight_factor = sqrt(v1**2 + v2**2)
    derivative_factor = sqrt(d1**2 + d2**2) / sqrt(back1**2 + back2**2)


SPEC = gc.NetworkSpec((2, 2, 1), hidden="sigmoid", output="sigmoid", loss="mse")
X, T = np.array([[ByHand.x1, ByHand.x2]]), np.array([[ByHand.t]])


def set_by_hand(net):
    net.weights[0][:] = [[ByHand.w11, ByHand.w12], [ByHand.w21, ByHand.w22]]
    net.biases[0][:] = [ByHand.b1, ByHand.b2]
    net.weights[1][:] = [[ByHand.v1, ByHand.v2]]
    net.biases[1][:] = [ByHand.c]
    return net


@pytest.fixture
def worked():
    net = set_by_hand(gc.build(SPEC))
    trace = gc.forward(net, X)
    return trace, gc.backward(net, trace, T)


def test_the_hand_worked_numbers_are_what_the_comments_say():
    assert ByHand.z1 == pytest.approx(0.15, abs=1e-16)
    assert ByHand.z2 == pytest.approx(-0.9, abs=2e-16)
    assert s(0) == 0.5


def test_forward_computes_every_z_and_every_a_of_the_hand_worked_network(worked):
    trace, _ = worked
    assert trace.layers[0].pre_activation[:, 0].tolist() == pytest.approx([ByHand.z1, ByHand.z2], **EXACT)
    assert trace.layers[0].activation[:, 0].tolist() == pytest.approx([ByHand.a1, ByHand.a2], **EXACT)
    assert trace.layers[1].pre_activation.item() == pytest.approx(ByHand.zo, **EXACT)
    assert trace.layers[1].activation.item() == pytest.approx(ByHand.ao, **EXACT)
    assert trace.output.item() == trace.layers[1].activation.item()


def test_backward_computes_loss_deltas_and_gradients_of_the_hand_worked_network(worked):
    _, grads = worked
    first, last = grads.layers
    assert grads.loss == pytest.approx(ByHand.loss, rel=1e-14, abs=0)
    assert last.delta.item() == pytest.approx(ByHand.do, rel=1e-14, abs=0)
    assert first.delta[:, 0].tolist() == pytest.approx([ByHand.d1, ByHand.d2], rel=1e-14, abs=0)
    assert last.weight_grad[0].tolist() == pytest.approx([ByHand.gv1, ByHand.gv2], rel=1e-14, abs=0)
    assert last.bias_grad.item() == pytest.approx(ByHand.gc_, rel=1e-14, abs=0)
    assert first.weight_grad[0].tolist() == pytest.approx([ByHand.g11, ByHand.g12], rel=1e-14, abs=0)
    assert first.weight_grad[1].tolist() == pytest.approx([ByHand.g21, ByHand.g22], rel=1e-14, abs=0)
    assert first.bias_grad.tolist() == pytest.approx([ByHand.gb1, ByHand.gb2], rel=1e-14, abs=0)


def test_backward_splits_the_factor_of_the_hand_worked_layer(worked):
    first, last = worked[1].layers
    assert first.weight_factor == pytest.approx(ByHand.weight_factor, rel=1e-14, abs=0)
    assert first.derivative_factor == pytest.approx(ByHand.derivative_factor, rel=1e-14, abs=0)
    assert np.isnan([last.weight_factor, last.derivative_factor]).all()


def test_one_step_subtracts_rate_times_gradient_from_the_hand_worked_weights():
    h = ByHand
    run = gc.Run(SPEC, gc.TrainingSpec(learning_rate=h.rate, batch_size=1, steps=1), data(X, T))
    set_by_hand(run.net)
    record = run.advance()
    assert record.loss == pytest.approx(h.loss, rel=1e-14, abs=0)
    first = [[h.w11 - h.rate * h.g11, h.w12 - h.rate * h.g12], [h.w21 - h.rate * h.g21, h.w22 - h.rate * h.g22]]
    np.testing.assert_allclose(run.net.weights[0], first, rtol=4e-15)
    np.testing.assert_allclose(run.net.biases[0], [h.b1 - h.rate * h.gb1, h.b2 - h.rate * h.gb2], rtol=4e-15)
    np.testing.assert_allclose(run.net.weights[1], [[h.v1 - h.rate * h.gv1, h.v2 - h.rate * h.gv2]], rtol=4e-15)
    np.testing.assert_allclose(run.net.biases[1], [h.c - h.rate * h.gc_], rtol=4e-15)


MAZUR = gc.NetworkSpec((2, 2, 2), hidden="sigmoid", output="sigmoid", loss="mse")
MAZUR_X, MAZUR_T = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])


def data(x, y):
    return SimpleNamespace(x=x, y=y, name="one sample")


def set_mazur(net):
    net.weights[0][:] = [[0.15, 0.20], [0.25, 0.30]]
    net.weights[1][:] = [[0.40, 0.45], [0.50, 0.55]]
    return set_mazur_biases(net)


def set_mazur_biases(net):
    net.biases[0][:] = 0.35
    net.biases[1][:] = 0.60
    return net


def mazur_run(steps):
    run = gc.Run(MAZUR, gc.TrainingSpec(learning_rate=0.5, batch_size=1, steps=steps), data(MAZUR_X, MAZUR_T))
    set_mazur(run.net)
    return run


def printed(number):
    """Return what agrees with a number as printed: no further off than one unit in its last digit."""
    decimals = len(number.split(".")[1])
    return pytest.approx(float(number), rel=0, abs=1.0 * 10**-decimals)


def test_mazurs_forward_pass_to_all_printed_digits():
    trace = gc.forward(set_mazur(gc.build(MAZUR)), MAZUR_X)
    hidden, output = trace.layers
    assert hidden.pre_activation[0, 0] == printed("0.3775")
    assert hidden.activation[:, 0].tolist() == [printed("0.593269992"), printed("0.596884378")]
    assert output.pre_activation[0, 0] == printed("1.105905967")
    assert trace.output[0].tolist() == [printed("0.75136507"), printed("0.772928465")]


def test_mazurs_error_and_gradients_to_all_printed_digits():
    net = set_mazur(gc.build(MAZUR))
    grads = gc.backward(net, gc.forward(net, MAZUR_X), MAZUR_T)
    assert grads.loss == printed("0.298371109")
    assert grads.layers[1].delta[0, 0] == printed("0.138498562")
    assert grads.layers[1].weight_grad[0, 0] == printed("0.082167041")
    assert grads.layers[0].weight_grad[0, 0] == printed("0.000438568")


def test_mazurs_updated_weights_to_all_printed_digits():
    run = mazur_run(1)
    assert run.advance().loss == printed("0.298371109")
    w5_to_w8 = run.net.weights[1].ravel().tolist()
    w1_to_w4 = run.net.weights[0].ravel().tolist()
    assert w5_to_w8 == [printed(w) for w in ("0.35891648", "0.408666186", "0.511301270", "0.561370121")]
    assert w1_to_w4 == [printed(w) for w in ("0.149780716", "0.19956143", "0.24975114", "0.29950229")]


def mazur_error(w1, w2, w3, w4, w5, w6, w7, w8):
    h1, h2 = s(w1 * 0.05 + w2 * 0.10 + 0.35), s(w3 * 0.05 + w4 * 0.10 + 0.35)
    o1, o2 = s(w5 * h1 + w6 * h2 + 0.60), s(w7 * h1 + w8 * h2 + 0.60)
    return 0.5 * (0.01 - o1) ** 2 + 0.5 * (0.99 - o2) ** 2


def test_mazurs_error_of_later_steps_with_his_biases_that_stay():
    run = mazur_run(10_000)
    losses = []
    while not run.finished:
        losses.append(run.advance().loss)
        set_mazur_biases(run.net)  # he updates the weights only
    # The error of the weights he prints. The text beside them says .291027924, which is what comes out if the hidden
    # layer's gradients are taken with output weights that have already been updated, as the text says not to.
    of_printed_weights = mazur_error(
        0.149780716, 0.19956143, 0.24975114, 0.29950229, 0.35891648, 0.408666186, 0.511301270, 0.561370121
    )
    assert losses[1] == pytest.approx(of_printed_weights, rel=0, abs=1e-9)
    assert losses[1] == pytest.approx(0.291027774, rel=0, abs=1e-9)
    assert losses[-1] == printed("0.0000351085")
