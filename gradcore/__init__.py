"""gradcore: fully connected networks in NumPy, made to see gradients vanish and explode.

Initialization, forward passes, backpropagation, gradient descent and honest per-layer records; small enough to
read in an evening, exact enough to check papers with. See the README for an example.
"""

from gradcore.activations import ACTIVATIONS, Activation
from gradcore.backprop import backward
from gradcore.compare import Comparison, ComparisonRecord, compare
from gradcore.datasets import DATASETS, Dataset, load_dataset
from gradcore.diagnosis import Thresholds, diagnose
from gradcore.forward import forward, predict
from gradcore.gradient_check import check_gradients
from gradcore.gradients import Gradients, LayerGradients
from gradcore.initializers import INITIALIZERS, Initializer
from gradcore.losses import LOSSES, Loss
from gradcore.network import Network, build
from gradcore.recording import LayerStats, StepRecord
from gradcore.specs import NetworkSpec, TrainingSpec
from gradcore.trace import Trace
from gradcore.training import Run, train
from gradcore.verdicts import Verdict

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "INITIALIZERS",
    "LOSSES",
    "Activation",
    "Comparison",
    "ComparisonRecord",
    "Dataset",
    "Gradients",
    "Initializer",
    "LayerGradients",
    "LayerStats",
    "Loss",
    "Network",
    "NetworkSpec",
    "Run",
    "StepRecord",
    "Thresholds",
    "Trace",
    "TrainingSpec",
    "Verdict",
    "backward",
    "build",
    "check_gradients",
    "compare",
    "diagnose",
    "forward",
    "load_dataset",
    "predict",
    "train",
]
