"""The list of claims with what was tried, and how far one has come."""

from __future__ import annotations

import streamlit as st

from ui.article import progress
from ui.article.claims import CLAIMS

# Whether a prediction came true → icon, and the same in words.
MARKS = {
    True: (":material/check_circle:", "Tried: your prediction came true."),
    False: (":material/cancel:", "Tried: it came out otherwise than predicted."),
    None: (":material/visibility:", "Seen without a prediction."),
}
UNTRIED = (":material/radio_button_unchecked:", "Not tried yet.")


def claim_list() -> None:
    """Draw the list; a click opens a claim."""
    done, total, predicted, right = progress.count()
    told = f"**{done} of {total} tried**" + (f" · {right} of {predicted} predicted right" if predicted else "")
    st.progress(done / total, told)
    tried, chosen = progress.tried(), progress.chosen().name
    with st.container(key="claims"):
        for name, claim in CLAIMS.items():
            icon, words = MARKS[tried[name]] if name in tried else UNTRIED
            st.button(
                claim.title, key=f"article.open.{name}", icon=icon, help=words, width="stretch",
                type="secondary" if name == chosen else "tertiary", on_click=progress.choose, args=(name,),
            )  # fmt: skip
