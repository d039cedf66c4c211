"""Every installed peer of the engine's benchmark does the same job as the engine, and a wrong one is found out."""

import numpy as np
import pytest

from benchmarks.engine import agreement
from benchmarks.engine.jobs import CONFIGURATIONS, Configuration, make_job
from benchmarks.engine.peers import CLASSES, available
from benchmarks.engine.peers.bare_products import BareProducts
from benchmarks.engine.peers.ours import Ours
from benchmarks.engine.peers.tutorial_numpy import TutorialNumpy

PEERS, MISSING = available()
SMALL = {
    "binary": Configuration("binary", (2, 4, 3, 1), batch=5, batches=4, rate=0.1),
    "classes": Configuration("classes", (3, 6, 6, 6, 4), batch=7, batches=3, rate=0.1),
}


def small_job(name, hidden="tanh", dtype="float64"):
    return make_job(SMALL[name], hidden, dtype)


def test_what_needs_numpy_only_is_always_there():
    assert {"bare_products", "tutorial_numpy"} <= PEERS.keys()
    assert PEERS.keys() | MISSING.keys() == CLASSES.keys()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("hidden", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_agrees_with_the_engine(peer, name, hidden, dtype):
    job = small_job(name, hidden, dtype)
    assert agreement.disagreement(job, PEERS[peer].make(job)) is None


@pytest.mark.parametrize("peer", [peer for peer in PEERS if peer != "bare_products"])
def test_a_peer_goes_on_where_it_stopped_and_shuffles_anew(peer):
    job = small_job("classes")
    once, twice = PEERS[peer].make(job), PEERS[peer].make(job)
    loss = once.run(3)
    twice.run(1)
    assert twice.run(2) == pytest.approx(loss, rel=1e-9)
    for own, other in zip(once.parameters(), twice.parameters(), strict=True):
        np.testing.assert_allclose(own[0], other[0], rtol=1e-9)


def test_ours_is_timed_over_whole_epochs():
    job = small_job("binary")
    hardly, every = Ours(job, record_every=2 * job.batches), Ours(job, record_every=1, histogram_every=1)
    for _ in range(3):
        assert hardly.run(2) == every.run(2)


class Forgetful(TutorialNumpy):
    """Never learns."""

    def _update(self, gradients):
        pass


class OneLayerOff(TutorialNumpy):
    """Leaves the first layer's biases as they were."""

    def _update(self, gradients):
        super()._update(gradients | {"db1": 0})


class OtherBatches(TutorialNumpy):
    """Shuffles in its own way."""

    def __init__(self, job):
        super().__init__(job)
        self._shuffler = np.random.default_rng(99)


class WrongLoss(TutorialNumpy):
    """Forgets the mean."""

    def _loss(self, output, target):
        return 1.01 * super()._loss(output, target)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("wrong", [Forgetful, OneLayerOff, OtherBatches, WrongLoss])
def test_a_wrong_peer_is_found_out(wrong, dtype):
    job = small_job("classes", dtype=dtype)
    assert agreement.disagreement(job, wrong(job)) is not None


def test_a_product_left_out_is_found_out():
    job = small_job("classes")
    peer = BareProducts(job)
    a, b, out = peer.products[2]
    peer.products[2] = (0 * a, b, out)
    assert "product 2" in agreement.disagreement(job, peer)


def test_the_configurations_are_those_of_the_goals():
    assert {name: (each.sizes[0], each.sizes[1], len(each.sizes) - 2, each.batch) for name, each in
            CONFIGURATIONS.items()} == {
        "T": (2, 8, 2, 10), "S": (2, 16, 5, 32), "M": (64, 64, 10, 64),
        "L": (784, 100, 5, 128), "D": (64, 64, 50, 128), "G": (784, 1000, 5, 10),
    }  # fmt: skip
