"""Where results go: sections of benchmarks/README.md, each with the machine that it was measured on."""

from __future__ import annotations

import os
import platform
import re
import sys
from datetime import date
from pathlib import Path

import numpy as np

README = Path(__file__).parent / "README.md"


def machine() -> str:
    """Return what it was measured on, and when."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"model name\s*: (.+)", cpuinfo.read_text())
        model = found[1].strip() if found else model
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, {date.today().isoformat()}"
    )


def noted(what: str, table: str) -> str:
    """Say at once what came out, for whoever waits for the whole, and return it."""
    print(f"{what}\n{table}\n", file=sys.stderr, flush=True)
    return table


def write_section(name: str, text: str) -> None:
    """Replace a section of the README, which stands between two comments."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(start)
    _, _, after = rest.partition(end)
    README.write_text(f"{before}{start}\n{text}\n{end}{after}", encoding="utf-8")
