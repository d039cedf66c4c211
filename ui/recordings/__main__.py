"""Make all recordings anew: python -m ui.recordings.

To be done when the engine or the panels' packets have changed, or what is recorded; the tests say so.
"""

from __future__ import annotations

import logging

from ui.recordings import files
from ui.recordings.recorded import RECORDED, packet


def main() -> None:
    """Write every recording, and say how large it is."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # there is no server in this process, it would say
    for old in files.FOLDER.glob("*.gz"):
        old.unlink()
    for name, what in RECORDED.items():
        path = files.write(what, packet(what))
        print(f"{name}: {path.name}, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
