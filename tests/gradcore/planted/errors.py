"""All planted errors by name."""

from tests.gradcore.planted.in_functions import IN_FUNCTIONS
from tests.gradcore.planted.in_network import IN_NETWORK
from tests.gradcore.planted.in_training import IN_TRAINING

ERRORS = {**IN_FUNCTIONS, **IN_NETWORK, **IN_TRAINING}
