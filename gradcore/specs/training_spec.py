"""TrainingSpec: how to descend, for how long, and what to record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradcore.checks import check_choice, check_flag, check_number, check_whole

# Far beyond any rate that trains. Below it, rate × gradient is finite wherever the gradient's square is.
MAX_LEARNING_RATE = 1e6
MAX_STEPS = 10**9
MAX_CLIP_NORM = 1e300

OPTIMIZERS = ("sgd", "adam")


@dataclass(frozen=True)
class TrainingSpec:
    """Settings of a descent: by which optimizer, for how long, and what to record.

    Parameters
    ----------
    learning_rate : float
        At least 0, at which no parameter moves.
    batch_size : int
        Samples in a mini-batch; all of them, if the training part has fewer.
    steps : int
        Number of updates.
    optimizer : str
        "sgd" or "adam", by PyTorch's definitions.
    momentum, nesterov : float, bool
        Momentum of SGD, and whether it is Nesterov's.
    weight_decay : float
        Added to the gradient as weight_decay · weight, on weights only, not on biases.
    beta1, beta2, epsilon : float
        Adam's decay rates of the two moments, and what it adds to the root.
    clip_norm : float or None
        Largest global norm of the gradient, beyond which an update uses it scaled down; records hold it unclipped.
    record_every : int
        Steps from one record to the next; the first and the last step are always recorded.
    test_every : int or None
        Steps from one evaluation of the test part to the next, recorded steps only. None: at every record.
    histogram_every : int or None
        Steps from one record with histograms and distinct units to the next, recorded steps only. None: never.

    Raises
    ------
    ValueError
        With the argument, the rule and the value, if a setting makes no sense.
    """

    learning_rate: float = 0.1
    batch_size: int = 32
    steps: int = 500
    optimizer: str = "sgd"
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    clip_norm: float | None = None
    record_every: int = 1
    test_every: int | None = None
    histogram_every: int | None = None

    def __post_init__(self) -> None:
        checked: dict[str, Any] = {
            "learning_rate": check_number("learning_rate", self.learning_rate, 0, MAX_LEARNING_RATE),
            "batch_size": check_whole("batch_size", self.batch_size, 1, MAX_STEPS),
            "steps": check_whole("steps", self.steps, 1, MAX_STEPS),
            "optimizer": check_choice("optimizer", self.optimizer, OPTIMIZERS),
            "momentum": check_number("momentum", self.momentum, 0, 1, open_high=True),
            "nesterov": check_flag("nesterov", self.nesterov),
            "weight_decay": check_number("weight_decay", self.weight_decay, 0, MAX_LEARNING_RATE),
            "beta1": check_number("beta1", self.beta1, 0, 1, open_high=True),
            "beta2": check_number("beta2", self.beta2, 0, 1, open_high=True),
            "epsilon": check_number("epsilon", self.epsilon, 0, 1, open_low=True),
            "record_every": check_whole("record_every", self.record_every, 1, MAX_STEPS),
        }
        if self.clip_norm is not None:
            checked["clip_norm"] = check_number("clip_norm", self.clip_norm, 0, MAX_CLIP_NORM, open_low=True)
        for name in ("test_every", "histogram_every"):
            if getattr(self, name) is not None:
                checked[name] = check_whole(name, getattr(self, name), 1, MAX_STEPS)
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs momentum above 0, got momentum 0.0")
        if self.optimizer == "adam" and (self.momentum or self.nesterov):
            raise ValueError(f"momentum and nesterov belong to 'sgd'; 'adam' has beta1, got momentum {self.momentum!r}")
