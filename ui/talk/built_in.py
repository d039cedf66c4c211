"""The built-in talk: from one neuron to the cure, about a minute a scene."""

from __future__ import annotations

from pathlib import PurePosixPath

from ui import ways
from ui.comparison.presets import PRESETS, STORY
from ui.explorers.by_hand.setup import PRESETS as BY_HAND
from ui.explorers.flow.setup import PRESETS as FLOW
from ui.talk.scene import Scene, Talk
from ui.ways import Way


def _scene(way: Way, headline: str, question: str, answer: str, note: str) -> Scene:
    return Scene(PurePosixPath(way.page).stem, way.query, headline, note, question, answer)


BUILT_IN = Talk(
    "Why deep networks stop learning",
    (
        _scene(
            ways.saturation("", source="normal"),
            "One neuron passes the gradient on, times the slope of its activation",
            "What is the largest share that a sigmoid lets through?",
            "A quarter: its slope is 0.25 at 0 and smaller everywhere else.",
            "Drag the mean to the right: the inputs move to where the curve is flat, and less gets through. Then drag "
            "the spread. All that follows is this number, once for each layer.",
        ),
        _scene(
            ways.by_hand(""),
            "Backpropagation is the chain rule, from the output back to the input",
            "What must a hidden unit know of the layers after it?",
            "Only their δ, and its weights to them.",
            "Go on with the arrow keys, moment by moment: forward, loss, back. It is Mazur's worked example, so the "
            "numbers are those that many have seen in print.",
        ),
        _scene(
            ways.by_hand("", **BY_HAND["Nielsen's chain: a product of w·σ′(z)"]),
            "In a chain, the error is multiplied by weight times slope at every unit",
            "Three hidden units: how much smaller is the first one's δ than the last one's?",
            "By the product of two factors w·σ′(z), none of them above a third here.",
            "Nielsen's picture. Go to the backward moments and read the product off the formulas. Then make one weight "
            "large: its unit saturates, and the slope shrinks by more than the weight grows.",
        ),
        _scene(
            ways.flow("", depth=20),
            "Twenty sigmoid layers: twenty factors, and the product is next to nothing",
            "Which of the two takes the gradient away, the weights or the slopes?",
            "The slopes. Xavier's weights pass nearly all of it on; each layer's slopes leave about a quarter.",
            "Drag the depth down to 3 and up again: on the log axis the staircase is straight, so the loss is "
            "exponential in the depth. Larger weights do not help for long: they saturate the units.",
        ),
        _scene(
            ways.live(""),
            "So the first layers of this network stand still while the last ones learn",
            "Which layers does the gradient reach?",
            "The last few. The first layer's gradient is many powers of ten below.",
            "Ten sigmoid layers on handwritten digits. The bars are on a log axis. The loss stays at that of guessing.",
        ),
        _scene(
            ways.live("", activation="relu", initializer="he_normal", gain=2.0),
            "Weights twice as large as He's: now every layer makes it larger",
            "What will the loss do?",
            "It jumps, and then stays at guessing or runs out of numbers: one step was far too long.",
            "Same network with ReLU. Step through the first mini-batches with the button: it happens in a few steps.",
        ),
        _scene(
            ways.live("", initializer="zeros"),
            "All weights zero: every unit of a layer computes the same, for ever",
            "How many different units does a layer of 32 have?",
            "One. Equal weights get equal gradients, so nothing ever tells them apart.",
            "It is the units of a layer that stay alike, not the layers. This is why a start is random.",
        ),
        _scene(
            ways.compare("", PRESETS[STORY]),
            "One network, seven starts: the start decides what trains",
            "How many of the seven train?",
            "Three: He's, Xavier's and the orthogonal one. The others begin too small, too large or all alike.",
            "All seven see the same data in the same order, and the random numbers behind their weights are the same, "
            "only scaled. Bands are quartiles over seeds.",
        ),
        _scene(
            ways.flow("", **FLOW["The same He matrices, four activations"]),
            "The same matrices under four activations: it is never the weights alone",
            "With one of the four δ grows, with one it vanishes. What decides?",
            "Weights times slopes. A start fits an activation, not a network.",
            "The picture of all four is at the right. He's matrices double a signal's square on the way, and ReLU, "
            "which drops half of it, needs just that.",
        ),
        _scene(
            ways.compare("", PRESETS["ReLU: Xavier against He at 10, 20, 30 layers"]),
            "The deeper the network, the more its start matters",
            "At how many layers does Xavier's start give up?",
            "At 10 it trains, at 20 and 30 it does not: half of the signal's square is lost in every layer.",
            "He et al. 2015, figures 2 and 3: in our networks the same on a smaller scale.",
        ),
        _scene(
            ways.flow("", depth=20, residual=True),
            "Or give the gradient a way past the layers: the twenty sigmoid layers, with shortcuts",
            "What does a shortcut add to a layer's Jacobian?",
            "The identity: the gradient arrives even where the layer itself passes nothing on.",
            "The same network as in scene 4, each hidden layer's input added to its output. The table of cures on the "
            "screen itself has all of them, each with its price.",
        ),
        Scene(
            "home",
            headline="The same network twice: ill, and cured",
            question="Two changes were made. Which?",
            answer="Sigmoid became ReLU, and Xavier's start He's. Data, seed, depth and learning rate are the same.",
            note="Let it run during the questions. All that is shown was computed in NumPy, nothing is a drawing.",
        ),
    ),
)
