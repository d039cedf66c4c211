"""Two claims that are not the article's, but often believed."""

from __future__ import annotations

from ui import ways
from ui.article.claim import Claim
from ui.comparison.presets import PRESETS
from ui.comparison.setup import Setup, Variant

PLACE = "Not in the article, often believed"

CLAIMS = (
    Claim(
        "pytorch_default",
        "PyTorch's default is He's start",
        PLACE,
        "A layer made by torch.nn.Linear starts with He's weights: the source says kaiming_uniform_.",
        "How large is the variance of its weights, against He's?",
        ("The same", "A half", "A sixth"),
        "wrong",
        "The function is He's, its argument is not: a = √5 turns the law into U(−1/√fan_in, 1/√fan_in), of variance "
        "1/(3·fan_in). In a deep ReLU network that start lets the signal die out.",
        (ways.compare("The frameworks' defaults", PRESETS["The frameworks' defaults"]),),
    ),
    Claim(
        "batch_norm",
        "Batch normalization cures exploding gradients",
        PLACE,
        "With batch normalization gradients cannot explode.",
        "Thirty ReLU layers with batch normalization, before training. How does the gradient change on its way down?",
        ("It stays about as it is", "It vanishes", "It explodes"),
        "wrong",
        "It keeps the *forward* signal at one size. On the way back every normalization makes the gradient a little "
        "larger, so at the start a deep network explodes because of it. What it is good for, it does later, in "
        "training.",
        (
            ways.compare(
                "30 layers in training",
                Setup((Variant("he_normal", 1.0, "relu", 30),), normalization="batch", width=48, seeds=4),
            ),
            ways.flow(),
        ),
    ),
)  # fmt: skip
