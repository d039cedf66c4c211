"""Comparisons that settle a question, each ready to run."""

from __future__ import annotations

from ui.comparison.setup import Setup, Variant


def _of(*initializers: tuple[str, float] | str, **common: object) -> tuple[Variant, ...]:
    pairs = [(one, 1.0) if isinstance(one, str) else one for one in initializers]
    return tuple(Variant(initializer=name, gain=gain, **common) for name, gain in pairs)  # type: ignore[arg-type]


STORY = "Ten tanh layers: which start trains?"

PRESETS: dict[str, Setup] = {
    STORY: Setup(
        _of("zeros", "normal", ("normal", 0.01), "pytorch_default", "he_normal", "xavier_normal", "orthogonal")
    ),
    "The article's five, with ReLU": Setup(
        _of("zeros", "normal", ("normal", 0.01), "article_xavier", "he_normal", activation="relu")
    ),
    "ReLU: Xavier against He at 10, 20, 30 layers": Setup(
        tuple(
            # At the default rate of 0.05 thirty layers do not settle.
            Variant(initializer=name, activation="relu", depth=depth, rate=0.02)
            for depth in (10, 20, 30)
            for name in ("xavier_normal", "he_normal")
        ),
        width=48,
        steps=1000,
    ),
    "Sigmoid cannot be saved by He": Setup(
        (
            *_of("xavier_normal", "he_normal", ("he_normal", 2.0), "orthogonal", "lsuv", activation="sigmoid"),
            Variant(activation="tanh"),
        )
    ),
    "The frameworks' defaults": Setup(
        tuple(
            Variant(initializer=name, activation=activation, depth=12)
            for activation in ("relu", "tanh")
            for name in ("pytorch_default", "keras_default", "he_normal")
        )
    ),
    "Gain 0.5 to 2": Setup(
        tuple(Variant(initializer="lecun_normal", gain=gain) for gain in (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0))
    ),
    "The same He weights, four activations": Setup(
        tuple(
            Variant(initializer="he_normal", activation=activation, depth=20, rate=0.02)
            for activation in ("identity", "relu", "tanh", "sigmoid")
        )
    ),
    "Rectangular layers: LeCun or Glorot": Setup(
        _of("lecun_normal", "xavier_normal", "he_normal", depth=12), width=60, alternating=True
    ),
    "SGD stalls, Adam does not": Setup(
        (
            Variant("xavier_normal", 1.0, "relu", 30, "sgd", 0.05),
            Variant("xavier_normal", 1.0, "relu", 30, "adam", 0.001),
            Variant("he_normal", 1.0, "relu", 30, "sgd", 0.05),
        ),
        width=48,
    ),
}
