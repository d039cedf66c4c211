"""What a visitor can keep of an explorer: its link, its figures at rest, their tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui import state
from ui.card_view import draw_cards, offer_script, show_link, whole_page
from ui.cards import Card
from ui.explorers import links
from ui.explorers.screen import Screen

Script = Callable[[Any, dict[str, Any]], str]
Cards = Callable[[Any, dict[str, Any]], tuple[Sequence[str], Sequence[Card]]]


def kept_explored(screen: Screen, title: str, cards: Cards, script: Script | None = None) -> None:
    """Draw what was kept as figures at rest; say how to get them while there is nothing.

    Parameters
    ----------
    screen : Screen
    title : str
        Of the page that can be taken away.
    cards : callable
        cards(settings, all values) → sentences for the top, and the figures.
    script : callable, optional
        script(settings, all values) → Python that prints the same numbers.
    """
    st.subheader("Exact figures")
    kept = state.get(f"{screen.slot}.kept")
    if kept is None:
        st.markdown('"Exact figures, CSV and link" above puts each chart here in a sentence, with its table and CSV.')
        return
    settings, values = kept
    show_link(
        links.write(screen, values),
        "This link restores these settings:",
        "These settings have no link: it would be too long.",
    )
    lines, drawn = cards(settings, values)
    for text in lines:
        st.markdown(text)
    said = {name: str(value) for name, value in values.items()}
    with st.container(horizontal=True):
        whole_page(title, lines, drawn, said, f"{screen.slot}.html")
        if script:
            offer_script(script(settings, values), f"{screen.slot}.py")
    draw_cards(drawn, screen.slot, f"{title}; {', '.join(f'{name} {value}' for name, value in said.items())}")
