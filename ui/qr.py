"""A link as a picture that a phone can read from the back row."""

from __future__ import annotations

# Modules of quiet around the code: the standard's four (ISO/IEC 18004).
QUIET = 4
STYLE = "width:min(100%,26rem);height:auto;display:block"


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG that fills its place: black on white, in the dark, too, since scanners expect it.

    Raises
    ------
    ValueError
        If the text is too long for a code (2,953 bytes).
    """
    import segno  # only where a link is shown

    code = segno.make(text, error="l", micro=False)
    svg: str = code.svg_inline(border=QUIET, dark="#000000", light="#ffffff", omitsize=True)
    return svg.replace("<svg ", f'<svg role="img" aria-label="QR code of this link" style="{STYLE}" ', 1)
