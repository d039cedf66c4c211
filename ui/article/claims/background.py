"""Claims of the article's introduction: bias, forward pass, cost, probabilities."""

from __future__ import annotations

from ui import ways
from ui.article.claim import Claim
from ui.comparison.setup import Setup, Variant

CLAIMS = (
    Claim(
        "bias",
        "A bias is always 1",
        "The article, Background on Deep Neural Networks",
        "A network adds up inputs, each times its weight, and a bias, whose value is always 1.",
        "A small network learns to read digits. What becomes of its biases?",
        ("They stay 1, by definition", "Training changes them, like weights", "They start at 1 and are trained away"),
        "wrong",
        "A sum of inputs, each times a weight that says how strong the connection is: so far, so right. The 1 is the "
        "**input** that a bias belongs to. The bias itself is that input's weight: it usually starts at 0, and "
        "training changes it like any other weight.",
        (
            ways.live("Watch this network train", depth=2, activation="relu", initializer="he_normal"),
            ways.by_hand(),
        ),
    ),
    Claim(
        "zero_input",
        "A bias keeps neurons active at input 0",
        "The article, Background on Deep Neural Networks",
        "The bias guarantees that a neuron is active even where its input is 0.",
        "All inputs are 0. Which neurons give something else than 0?",
        ("All whose bias is not 0", "Without a bias none, with one all", "That depends on activation and bias"),
        "wrong",
        "A bias moves the point where a neuron starts to answer; it guarantees nothing. A sigmoid gives ½ at 0 "
        "without any bias. A ReLU gives 0 for every bias that is 0 or negative, and then passes no gradient, either.",
        (
            ways.saturation("ReLU on its real inputs", activation="relu", initializer="he_normal", source="normal"),
            ways.by_hand(),
        ),
    ),
    Claim(
        "forward_signal",
        "A good start keeps activations alive",
        "The article, introduction",
        "How weights start decides whether activations vanish or explode on the way forward; if they do, learning "
        "takes longer.",
        "Ten tanh layers, started with weights times ¼ to 4. Which learns fastest?",
        ("The smallest weights", "Those in the middle", "The largest weights"),
        "true",
        "Weights that are too small let the signal die out layer by layer; weights that are too large pin tanh at "
        "±1, where its slope is 0. In between it arrives, and the network learns. With tanh the best gain is "
        "above 1, since tanh itself shrinks what passes.",
        (
            ways.compare(
                "Compare these gains",
                Setup(tuple(Variant("lecun_normal", gain) for gain in (0.25, 0.5, 1.0, 2.0, 4.0)), seeds=4),
            ),
        ),
    ),
    Claim(
        "descent",
        "Gradient descent lowers the cost",
        "The article, Feedforward and Backpropagation",
        "Guess, measure the error with a cost function, pass it back, change the weights a little: so the cost "
        "falls, ideally to 0.",
        "Each step is made to lower the loss. Does the loss fall at each step?",
        ("At every step", "In the long run, with ups and downs", "It hardly falls"),
        "true",
        "Each mini-batch shows other examples, so its loss jumps about while the average falls: that is the "
        "*stochastic* in stochastic gradient descent. A cost of exactly 0 stays an ideal: with cross-entropy it "
        "would need infinite weights.",
        (
            ways.live("Watch it step by step", depth=2, activation="tanh"),
            ways.by_hand(),
        ),
    ),
    Claim(
        "mixed_layers",
        "Layers may have different activations",
        "The article, The Process",
        "Hidden layers may have the same activation or different ones; what comes out are probabilities.",
        "Tanh, ReLU, ELU and softsign, one after another. What happens?",
        ("It learns nothing", "It learns; the outputs add up to 1", "It learns; they add up to something else"),
        "true",
        "Backpropagation asks each layer only for its own slope, so any mix works. Probabilities come from the "
        "*output* layer: softmax makes all outputs positive and their sum 1. That does not make them well-founded: a "
        "network can be sure and wrong.",
        (
            ways.live("Train this mix", depth=4, activations="tanh,relu,elu,softsign"),
        ),
    ),
)  # fmt: skip
