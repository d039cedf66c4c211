"""gradcore: fully connected networks in NumPy, made for watching gradients vanish and explode.

It has initialization, forward passes, backpropagation, gradient descent and records of every layer; it is small enough
to read in an evening, and exact enough to check papers with. See the README for an example.
"""

from gradcore.data.datasets import DATASETS, load_dataset
from gradcore.data.standardization import standardize
from gradcore.data.training_data import Data, Dataset
from gradcore.diagnosis.diagnose import diagnose
from gradcore.diagnosis.thresholds import Thresholds
from gradcore.diagnosis.verdicts import Verdict
from gradcore.functions.activations import ACTIVATIONS, Activation
from gradcore.functions.initializers import INITIALIZERS, Initializer
from gradcore.functions.losses import LOSSES, Loss
from gradcore.network.backprop import backward
from gradcore.network.build import build
from gradcore.network.forward import forward, predict
from gradcore.network.gradient_check import check_gradients
from gradcore.network.gradients import Gradients, LayerGradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace
from gradcore.records.recording import LayerStats, StepRecord
from gradcore.specs import NetworkSpec, TrainingSpec
from gradcore.training.comparison import Comparison, compare
from gradcore.training.comparison_record import ComparisonRecord
from gradcore.training.run import Run, train

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "INITIALIZERS",
    "LOSSES",
    "Activation",
    "Comparison",
    "ComparisonRecord",
    "Data",
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
    "standardize",
    "train",
]
