"""A visitor arrives with a link: what it says is set, and computed up to its step; or it is said why it can't be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

import gradcore as gc
from ui import controls, links, state
from ui.experiment import experiment_from
from ui.plain import plain
from ui.runs import start
from ui.turns import with_progress

Link = TypeVar("Link")

# Of an address, what Streamlit itself reads.
STREAMLITS = ("embed", "embed_options")


def arrive(
    read: Callable[[Mapping[str, str]], Link], restore: Callable[[Link], None], default: Callable[[], None], what: str
) -> None:
    """Restore what the address says; call it before the controls.

    Parameters
    ----------
    read : callable
        The query's parts → what they say; raises ValueError in words.
    restore : callable
        Sets the controls, and computes up to the link's step.
    default : callable
        Sets the controls if the link is no good.
    what : str
        What is then below: "the default network".
    """
    parts = {name: text for name, text in (state.new_link() or {}).items() if name not in STREAMLITS}
    if not parts:
        return
    try:
        link = read(parts)
    except ValueError as refusal:
        st.warning(
            f"This link can't be restored: {plain(str(refusal))}. Below is {what} instead.", icon=":material/link_off:"
        )
        default()
        return
    restore(link)


def arrive_without_settings() -> None:
    """Say of a screen that has nothing to restore that the address asks for it in vain."""
    arrive(no_settings, lambda _: None, lambda: None, "what this screen always shows")


def no_settings(parts: Mapping[str, str]) -> str:
    """Refuse whatever a link says."""
    raise ValueError("this screen has no settings; links belong to the screens in the sidebar")


def arrive_live(slot: str) -> None:
    """Restore a live run in `slot` from a link."""
    arrive(links.read, lambda link: _restore(slot, link), lambda: controls.set_values({}), "the default network")


def _restore(slot: str, link: links.Link) -> None:
    last_rate = {"rate": link.changes[-1][1]} if link.changes else {}
    controls.set_values({**link.values, **last_rate})
    if link.step is not None:
        restore_run(slot, link, controls.thresholds())


def restore_run(slot: str, link: links.Link, thresholds: gc.Thresholds) -> None:
    """Compute a link's run up to its step again, and keep it in `slot`."""
    step, changes = link.step or 0, link.changes
    (run,) = start(slot, [experiment_from(link.values)], thresholds)
    with_progress(f"Computing the run up to step {step:,} again …", lambda show: run.restore(step, changes, show))
    state.put(f"{slot}.paused", (run.identity, run.shown))
    if run.shown < step:
        st.warning(f"The run ended at step {run.shown:,}, before the link's step {step:,}.")
