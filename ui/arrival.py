"""A visitor arrives with a link: the controls are set, and the run is computed up to its step."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import controls, links, state
from ui.experiment import experiment_from
from ui.runs import start


def arrive(slot: str) -> None:
    """Restore what the address says in `slot`, or say why it can't be; call it before the controls."""
    parts = state.new_link()
    if parts is None or set(parts) <= {"embed", "embed_options"}:
        return
    try:
        link = links.read({name: text for name, text in parts.items() if not name.startswith("embed")})
    except ValueError as refusal:
        st.warning(
            f"This link can't be restored: {_plain(str(refusal))}. Below is the default network instead.",
            icon=":material/link_off:",
        )
        controls.set_values({})
        return
    last_rate = {"rate": link.changes[-1][1]} if link.changes else {}
    controls.set_values({**link.values, **last_rate})
    if link.step is not None:
        _restore(slot, link, link.step)


def _restore(slot: str, link: links.Link, step: int) -> None:
    text = f"Computing the run up to step {step:,} again …"
    bar = st.progress(0.0, text)
    (run,) = start(slot, [experiment_from(link.values)], controls.thresholds())
    run.restore(step, link.changes, lambda share: _show(bar, share, text))
    bar.empty()
    state.put(f"{slot}.paused", (run.identity, run.shown))
    if run.shown < step:
        st.warning(f"The run ended at step {run.shown:,}, before the link's step {step:,}.")


def _show(bar: Any, share: float, text: str) -> None:
    bar.progress(min(1.0, share), text)


def _plain(text: str) -> str:
    """Return text that came with a link without anything that Markdown would act on."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|<>~$:" else character for character in text)
