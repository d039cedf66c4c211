"""Claims about He's and Xavier's start, and the line of code."""

from __future__ import annotations

from ui import ways
from ui.article.claim import Claim
from ui.comparison.presets import PRESETS
from ui.comparison.setup import Setup, Variant

CLAIMS = (
    Claim(
        "he_typical",
        "For ReLU: He, √(2/fan_in)",
        "The article, He-et-al Initialization",
        "For ReLU, multiply random values by √(2/size of the layer below).",
        "A thousand ReLU networks, ten layers of 16 units. What does the typical one keep of the squared signal?",
        ("About all of it", "Less, though the mean is about 1", "More than all of it"),
        "true with a condition",
        "Right in the mean. But a product of random factors is lopsided: a few networks keep a lot, most keep less. "
        "What counts is depth over width: a narrow, deep network shrinks its signal, a wide one hardly.",
        (
            ways.compare(
                "Narrow networks, 16 seeds",
                Setup(
                    tuple(Variant("he_normal", 1.0, "relu", depth) for depth in (5, 10, 20)), width=16, seeds=16
                ),
            ),
        ),
    ),
    Claim(
        "xavier_law",
        "For tanh: Xavier, √(1/fan_in)",
        "The article, Xavier initialization",
        "For tanh, Xavier's start multiplies random values by √(1/size of the layer below).",
        "Is that what Glorot & Bengio wrote, 2/(fan_in + fan_out), for square and other layers?",
        ("The same for all layers", "The same for square ones only", "Never the same"),
        "loose",
        "√(1/fan_in) is LeCun's rule of 1998. Xavier Glorot and Yoshua Bengio's of 2010 has variance 2/(fan_in + "
        "fan_out): a compromise between keeping the signal on the way forward and the gradient on the way back. On "
        "square layers the two are one.",
        (ways.compare("Both in rectangular layers", PRESETS["Rectangular layers: LeCun or Glorot"]),),
    ),
    Claim(
        "printed_line",
        "The line of code for He's start",
        "The article, He-et-al Initialization, the code",
        "`W = np.random.randn(size_l, size_l-1) * np.sqrt(2/size_l-1)` makes He's weights.",
        "The line is run as it is printed. What comes out?",
        ("He's weights, as promised", "Zeros or NaN", "An error: Python does not run it"),
        "wrong",
        "`size_l-1` was to mean the size of layer l−1. Python reads it as size_l *minus one*. So the shape is (n, "
        "n−1) instead of (this layer, the layer below), and the root is that of 2/n − 1: 0 for n = 2, negative from "
        "n = 3 on. `size[l-1]` is what was meant. The article's "
        "Xavier line is misread in the same way.",
        (
            ways.live("The corrected start in training", activation="relu", initializer="he_normal"),
        ),
    ),
    Claim(
        "heuristics",
        "Heuristic starts save time",
        "The article, Initializing weights using Heuristic",
        "Starts by a heuristic make vanishing and exploding less likely, and avoid slow convergence.",
        "Ten ReLU layers, same data, same draws. Which start first reaches half the loss of guessing?",
        ("randn × 1", "randn × 0.01", "randn × √(2/fan_in), He's"),
        "true",
        "The only difference is a factor on the same random numbers, and it decides between not learning, breaking "
        "down, and learning at once.",
        (ways.compare("The article's five starts", PRESETS["The article's five, with ReLU"]),),
    ),
)  # fmt: skip
