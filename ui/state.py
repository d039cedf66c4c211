"""The only file that touches the session and the address: what a visitor set, runs and has seen lives behind it.

Anything kept here is the visitor's own and lasts as long as the visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

# Widgets that keep their value while other pages are shown have keys that start so.
KEPT = "kept."
# What is kept under names that start so goes when another page is opened.
PASSING = "passing."
# Under this: the page that is drawn; under it and a page's name: the kept widgets which that page draws.
PAGE = "page"


def keep_widgets(page: str) -> None:
    """Carry widget values across pages; call it before `page` draws its widgets.

    Streamlit drops the value of a widget that the current page does not draw; writing it back to itself keeps it.
    Only what this page does not draw is written: a written value goes to the browser and would overwrite what the
    visitor has changed there in the meantime.
    """
    if st.session_state.get(PAGE, page) != page:
        forget(PASSING)
    st.session_state[PAGE] = page
    drawn = st.session_state.setdefault(f"{PAGE}.{page}", set())
    for key in list(st.session_state):
        if str(key).startswith(KEPT) and key not in drawn:
            st.session_state[key] = st.session_state[key]


def widget_key(name: str, default: Any) -> str:
    """Return the key of a kept widget about to be drawn, having given it its default on its first appearance."""
    key = KEPT + name
    if key not in st.session_state:
        st.session_state[key] = default
    st.session_state[f"{PAGE}.{st.session_state[PAGE]}"].add(key)
    return key


def widget(name: str, default: Any) -> Any:
    """Return the value of a kept widget, its default if it was never drawn."""
    return st.session_state.get(KEPT + name, default)


def set_widgets(values: Mapping[str, Any]) -> None:
    """Set kept widgets before they are drawn: from a callback, or in a run that ends in a rerun."""
    for name, value in values.items():
        st.session_state[KEPT + name] = value


def within(key: str, count: int) -> None:
    """Turn a widget that chooses by number back to the first if there are no longer so many; before it is drawn."""
    if not 0 <= (st.session_state[key] or 0) < count:
        st.session_state[key] = 0


def note_widgets() -> None:
    """Note the kept widgets' values: this run of the page knows them."""
    put("noted", _kept_values())


def page_is_stale(key: str) -> bool:
    """Say whether something on the page changed that only a run of a panel's fragment has heard of.

    Streamlit's browser side sends what happens at the same moment as one message; if one part of it comes from a
    fragment, only that fragment runs again, and a change outside of it would go unseen (1.67, scheduleFlush). The
    panel tells of a click that it saw ("page", see asking.js); a slider or a field speaks up only later, and so what
    kept widgets say is compared.

    Parameters
    ----------
    key : str
        The panel's.
    """
    now = _kept_values()
    changed = any(now.get(name) != value for name, value in get("noted", {}).items() if name in now)
    return changed or panel_event(key, "page") is not None


def _kept_values() -> dict[str, Any]:
    return {str(key): value for key, value in st.session_state.items() if str(key).startswith(KEPT)}


def new_link() -> dict[str, str] | None:
    """Return the address's query, once for each address that the visitor arrives with; None afterwards."""
    parts = st.query_params.to_dict()
    known = get("address")
    put("address", parts)
    return parts if parts and parts != known else None


def page_address() -> str:
    """Return the address of the page that is shown, without its query."""
    return str(st.context.url or "").split("?")[0]


def get(name: str, default: Any = None) -> Any:
    """Return what was put under `name`, or the default."""
    return st.session_state.get(name, default)


def put(name: str, value: Any) -> None:
    """Keep `value` under `name` for this visitor."""
    st.session_state[name] = value


def forget(beginning: str) -> None:
    """Keep nothing more under names that begin so."""
    for name in [name for name in st.session_state if str(name).startswith(beginning)]:
        del st.session_state[name]


def panel_event(key: str, event: str) -> Any:
    """Return what a panel component sent with `event` in this run, None if it did not."""
    return st.session_state.get(key, {}).get(event)
