"""Claims about weights that start at zero or at random."""

from __future__ import annotations

from ui import ways
from ui.article.claim import Claim
from ui.comparison.setup import Setup, Variant

CLAIMS = (
    Claim(
        "zeros",
        "From zeros, a network is a linear model",
        "The article, Initializing weights to zero",
        "If all weights start at zero the network acts as a linear model, because all layers learn the same.",
        "Every weight starts at 0. What is the network after training?",
        ("A linear model", "One answer for every input", "As good as any other"),
        "loose",
        "Not to start at zero is right, the reason is not. It is the *units of a layer* that stay equal, so a layer "
        "is as good as one unit. With tanh and ReLU it is less than a linear model: zeros pass on zeros, only the "
        "output's bias learns. With sigmoid a layer gives ½, so it does learn, but one projection of the input: "
        "half-true.",
        (
            ways.compare(
                "Zeros under three activations",
                Setup(tuple(Variant("zeros", 1.0, one, 2, "sgd", 0.5) for one in ("tanh", "relu", "sigmoid"))),
            ),
        ),
    ),
    Claim(
        "random_scale",
        "Random weights work with ReLU",
        "The article, Initializing weights randomly",
        "Random weights break the symmetry. They may make gradients vanish or explode with the wrong activation, and "
        "work well with ReLU.",
        "Ten ReLU layers of 100 units: randn × 1 and randn × 0.01. How large is the signal at the end?",
        ("About as large as the input", "Within a thousand times", "Over a million times off"),
        "true with a condition",
        "Random draws do break the symmetry. But for ReLU, too, one scale is right: √(2/fan_in). At a tenth of it "
        "the signal shrinks tenfold in each layer, at ten times it grows tenfold.",
        (
            ways.compare(
                "These scales in training",
                Setup(
                    (
                        Variant("normal", 1.0, "relu"), Variant("normal", 0.01, "relu"),
                        Variant("he_normal", 1.0, "relu"),
                    ),
                    width=100, seeds=3,
                ),
            ),
        ),
    ),
    Claim(
        "weight_size",
        "Good weights are near 1",
        "The article, Initializing weights using Heuristic",
        "Heuristic starts work since they make weights neither much larger than 1 nor smaller than 1.",
        "He's start for a layer with 784 inputs. How large is a typical weight?",
        ("About 1", "About 0.05", "About 0.001"),
        "loose",
        "What is kept near 1 is the *gain*: what a whole layer multiplies a signal by. A sum over n inputs grows "
        "with √n, so each single weight has to be about 1/√n: far below 1.",
        (
            ways.saturation("A layer's inputs while you drag the gain", activation="relu", initializer="he_normal"),
        ),
    ),
)  # fmt: skip
