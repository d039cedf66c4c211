"""Cards on a page: each figure with its sentence, its table and CSV; all of them as one HTML page; their link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from ui import state
from ui.cards import Card
from ui.downloads import page_html, table_csv
from ui.panel.still import still
from ui.qr import qr_svg
from ui.talk.adding import add_button


def draw_cards(cards: Sequence[Card], slot: str, source: str, drawn: bool = False) -> None:
    """Draw cards: sentence, CSV and table of each, below its figure where no panel on the page shows it.

    Parameters
    ----------
    cards : sequence of Card
    slot : str
        Whose they are, for keys.
    source : str
        Where the numbers come from, for the CSV's first line.
    drawn : bool
        Whether the figures are drawn, one a row.
    """
    places = [st.container() for _ in cards] if drawn else st.columns(2) * (len(cards) // 2 + 1)
    for card, place in zip(cards, places, strict=False):
        with place:
            if drawn and card.figure is not None:
                still(card.figure, card.sentence, f"{slot}.{card.name}")
            _draw(card, slot, source)


def _draw(card: Card, slot: str, source: str) -> None:
    st.markdown(card.sentence)
    left, right = st.columns([1, 1])
    left.download_button(
        "CSV",
        data=lambda: table_csv(card.table, source),
        file_name=f"{card.name}.csv",
        mime="text/csv",
        key=f"csv.{slot}.{card.name}",
        icon=":material/download:",
        on_click="ignore",
    )
    if right.toggle("Table", key=state.widget_key(f"table.{slot}.{card.name}", False)):
        st.dataframe(dict(card.table), hide_index=True, height=260)


def whole_page(
    title: str, lines: Sequence[str], cards: Sequence[Card], settings: Mapping[str, str], file_name: str
) -> None:
    """Offer all cards as one HTML page that needs no network."""
    st.download_button(
        "All figures as one page (HTML)",
        data=lambda: page_html(title, lines, cards, settings),
        file_name=file_name,
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
    )


def offer_script(script: str, file_name: str) -> None:
    """Offer what is shown as a Python script that prints the same numbers."""
    st.download_button(
        "As a Python script",
        data=lambda: script,  # not the text itself: Streamlit's page asks for it at once, in vain where a run follows
        file_name=file_name,
        mime="text/x-python",
        icon=":material/code:",
        on_click="ignore",
    )


def show_link(query: str | None, what_it_does: str, why_not: str, addable: bool = True) -> None:
    """Show the address that restores what is on the screen, or say why there is none.

    Where it is `addable`, what is on the screen can be made a scene of one's own talk, too.
    """
    if query is None:
        st.markdown(why_not)
        return
    st.markdown(what_it_does)
    address = f"{state.page_address()}?{query}"
    st.code(address, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        with st.popover("As a QR code", icon=":material/qr_code_2:"):
            st.html(qr_svg(address))
        if addable:
            add_button(query)
