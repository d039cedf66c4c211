"""scikit-learn's MLPClassifier, plain SGD at a constant rate, an epoch at a time through `partial_fit`."""

from __future__ import annotations

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

from benchmarks.engine.jobs import Array, Job

NAME = "scikit-learn MLP"
VERSION = f"scikit-learn {sklearn.__version__}"

ACTIVATIONS = {"sigmoid": "logistic", "tanh": "tanh", "relu": "relu"}


class ScikitLearn:
    """The data are permuted here once an epoch, as everywhere: scikit-learn's own shuffle would give other batches."""

    def __init__(self, job: Job) -> None:
        self._x, self._y, self._shuffler = job.x, job.y, job.shuffler()
        self._model = MLPClassifier(
            hidden_layer_sizes=job.spec.sizes[1:-1],
            activation=ACTIVATIONS[str(job.spec.hidden)],
            solver="sgd",
            alpha=0.0,
            batch_size=job.batch,
            learning_rate="constant",
            learning_rate_init=job.rate,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
        )
        # Weights exist only after a first call. The optimizer holds on to them, so they are overwritten in place.
        self._model.partial_fit(job.x[: job.batch], job.y[: job.batch], classes=np.arange(max(job.spec.sizes[-1], 2)))
        for own, intercept, (weight, bias) in zip(
            self._model.coefs_, self._model.intercepts_, job.weights(), strict=True
        ):
            own[:], intercept[:] = weight.T, bias

    def run(self, epochs: int) -> float:
        """Train for some epochs and return the last one's mean loss."""
        for _ in range(epochs):
            order = self._shuffler.permutation(len(self._x))
            self._model.partial_fit(self._x[order], self._y[order])
        return float(self._model.loss_)

    def parameters(self) -> list[tuple[Array, Array]]:
        """Return weights (fan_out, fan_in) and biases (fan_out,) as they stand."""
        return [(own.T, intercept) for own, intercept in zip(self._model.coefs_, self._model.intercepts_, strict=True)]
