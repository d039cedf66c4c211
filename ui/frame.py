"""The frame around every screen: page settings, the sidebar, the title with its one sentence."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import glossary, process, state

HERE = Path(__file__).parent

PAGES = (
    ("app.py", "Home", ":material/home:"),
    ("pages/live_training.py", "Live training", ":material/play_circle:"),
    ("pages/compare_initializers.py", "Compare initializers", ":material/view_column:"),
    ("pages/saturation.py", "Saturation", ":material/water:"),
    ("pages/gradient_flow.py", "Gradient flow", ":material/waterfall_chart:"),
    ("pages/backprop_by_hand.py", "Backprop by hand", ":material/draw:"),
    ("pages/the_article_tested.py", "The article, tested", ":material/fact_check:"),
    ("pages/talk.py", "Talk", ":material/co_present:"),
)

SIDEBAR_WIDTH = 220
# What the visitor chose, on any page.
LARGE = "large"

process.prepare()


def page(title: str, sentence: str) -> None:
    """Open a screen: call it first on every page.

    Parameters
    ----------
    title : str
        The screen's name, for the tab and the heading.
    sentence : str
        What to look at, in one sentence.
    """
    st.set_page_config(
        page_title=f"{title} · gradcore",
        page_icon=str(HERE / "icon.svg"),
        layout="wide",
        initial_sidebar_state=SIDEBAR_WIDTH,
    )
    st.html(HERE / "frame.css")
    state.keep_widgets(title)
    with st.sidebar:
        st.markdown("**gradcore**  \nvanishing and exploding gradients, live")
        for path, label, icon in PAGES:
            st.page_link(path, label=label, icon=icon)
        with st.popover("The words", icon=":material/dictionary:"):
            st.markdown(glossary.whole())
        key = f"{LARGE}.{title}"
        st.toggle(
            "Large type", is_large(), key=key, on_change=_take_large, args=(key,),
            help="For the back row: charts and text half as large again.",
        )  # fmt: skip
    if is_large():
        st.html(HERE / "large.css")
    with st.container(key="opening"):
        st.title(title)
        st.markdown(sentence, help=glossary.explained(sentence) or None)


def text(name: str) -> str:
    """Return a piece of prose from ui/text."""
    return (HERE / "text" / f"{name}.md").read_text(encoding="utf-8").strip()


def is_large() -> bool:
    """Say whether the visitor wants large type; what zoom cannot enlarge asks this."""
    return bool(state.get(LARGE, False))


def _take_large(key: str) -> None:
    state.put(LARGE, bool(state.get(key)))


def present() -> None:
    """Show nothing but the picture and its sentence, in large type; call it after `page`."""
    st.html(HERE / "presenting.css")
    if not is_large():
        st.html(HERE / "large.css")
