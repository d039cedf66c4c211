"""Claims about why gradients vanish or explode."""

from __future__ import annotations

from ui import ways
from ui.article.claim import Claim
from ui.comparison.presets import PRESETS

CLAIMS = (
    Claim(
        "vanishing",
        "Gradients get smaller towards the input",
        "The article, Why do the Gradients Vanish or Explode?, Vanish",
        "On the way back gradients get smaller and smaller; the lower layers' weights stay as they are and training "
        "never arrives.",
        "Ten sigmoid layers. How much gradient does the first get, against the last?",
        ("About the same", "About a tenth", "Less than a thousandth"),
        "true",
        "Each layer multiplies the gradient by a factor below 1, and ten such factors leave next to nothing. So read "
        "the *ratio* of the first to the last layer, on a logarithmic axis. A larger learning rate is no cure: "
        "only the first layers would need it.",
        (ways.live("Watch it vanish"), ways.flow()),
    ),
    Claim(
        "sigmoid_slope",
        "The sigmoid squashes, and lets no gradient through",
        "The article, Why do the Gradients Vanish or Explode?, Vanish",
        "A sigmoid squeezes any input into 0 to 1. Large inputs end on its flat ends, where there is no gradient; "
        "the little that is left gets thinner layer by layer.",
        "Where nothing is saturated: how much of the gradient can a sigmoid pass on, at most?",
        ("All of it", "Half of it", "A quarter"),
        "true",
        "It is even worse than said: the slope is at most ¼, so a sigmoid that is not saturated at all costs a "
        "factor of four a layer, unless the weights make up for it.",
        (ways.saturation("The slope on a layer's real inputs", activation="sigmoid", initializer="lecun_normal"),),
    ),
    Claim(
        "blame",
        "Exploding is due to the weights alone",
        "The article, Why do the Gradients Vanish or Explode?, Explode",
        "Exploding gradients come from the weights, and not from the activation function.",
        "The same twenty weight matrices under four activations. What becomes of the gradient?",
        ("It explodes in all four", "It arrives in all four", "That depends on the activation"),
        "wrong",
        "A layer's factor is a product of both: weights times slopes, σ_w²·E[φ′²] for its square. He's weights alone "
        "double the square in each layer; ReLU's slope, 1 for half of the inputs, halves it again. Take the ReLU "
        "away and the same weights explode.",
        (ways.compare("These networks in training", PRESETS["The same He weights, four activations"]), ways.flow()),
    ),
    Claim(
        "product",
        "A gradient is a product; above 1 it explodes",
        "The article, Why do the Gradients Vanish or Explode?, Explode",
        "The gradient of a weight is a product of numbers. Above 1 it grows too large, most of all in the lower "
        "layers, whose products are longer; updates become large and training diverges.",
        "ReLU with weights twice He's. What is the gradient multiplied by from layer 10 to layer 1?",
        ("About 2", "About 20", "More than 100"),
        "true",
        "One factor a layer, and the factors multiply: 2 a layer is 2⁹ over nine layers. The first layers have more "
        "factors, so both their size and their scatter over random draws are larger. What follows is an update "
        "larger than the weights themselves.",
        (
            ways.live("Watch it explode", activation="relu", initializer="he_normal", gain=2.0),
            ways.flow(),
        ),
    ),
)  # fmt: skip
