"""Who is measured beside the stacked runs: one peer a file, each training all runs of a bundle."""

from __future__ import annotations

from benchmarks.engine.peers import Entry, available

# File → class. Each file also says NAME and VERSION.
CLASSES = {
    "pytorch_one_by_one": "PytorchOneByOne",
    "jax_vmapped": "JaxVmapped",
    "jax_vmapped_scan": "JaxVmappedScan",
}


def installed() -> tuple[dict[str, Entry], dict[str, str]]:
    """Return the peers that are installed, by file, and for the others what could not be imported."""
    return available(CLASSES, __name__)
