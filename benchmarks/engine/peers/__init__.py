"""Who is measured beside the engine: one peer a file, each doing the whole of the same job."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# File → class. Each file also says NAME and VERSION.
CLASSES = {
    "bare_products": "BareProducts",
    "tutorial_numpy": "TutorialNumpy",
    "pytorch_eager": "PytorchEager",
    "pytorch_fused": "PytorchFused",
    "jax_step": "JaxStep",
    "jax_scan": "JaxScan",
    "scikit_learn": "ScikitLearn",
}


@dataclass(frozen=True)
class Entry:
    """A peer that can be made: its name, the version behind it, and how to make it."""

    name: str
    version: str
    make: Callable[[Any], Any]


def available(classes: Mapping[str, str] = CLASSES, package: str = __name__) -> tuple[dict[str, Entry], dict[str, str]]:
    """Return the peers that are installed, by file, and for the others what could not be imported."""
    found, missing = {}, {}
    for file, class_name in classes.items():
        try:
            module = importlib.import_module(f"{package}.{file}")
        except ImportError as error:
            missing[file] = error.name or str(error)
            continue
        found[file] = Entry(module.NAME, module.VERSION, getattr(module, class_name))
    return found, missing
