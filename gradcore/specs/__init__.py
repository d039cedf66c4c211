"""What to build and how to train it: frozen settings, checked once, where they are made.

A spec holds numbers, strings and tuples only, so it can be hashed, compared, cached and written into a link. It refuses
whatever makes no sense with the argument, the rule and the value; the rest of the engine trusts its specs.
"""

from gradcore.specs.network_spec import MAX_DEPTH, MAX_WIDTH, NetworkSpec
from gradcore.specs.training_spec import MAX_LEARNING_RATE, OPTIMIZERS, TrainingSpec

__all__ = ["MAX_DEPTH", "MAX_LEARNING_RATE", "MAX_WIDTH", "OPTIMIZERS", "NetworkSpec", "TrainingSpec"]
