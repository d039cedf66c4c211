"""The QR code is that of the link, with the quiet zone that scanners want."""

import re

import pytest
import segno

from ui.qr import qr_svg
from ui.settings import MAX_LINK


def test_the_longest_link_has_a_code():
    svg = qr_svg("http://localhost:8501/compare_initializers?" + "x" * MAX_LINK)
    assert svg.startswith('<svg role="img" aria-label=')
    assert "viewBox" in svg


def test_the_code_is_that_of_the_link_with_its_quiet_zone():
    address = "http://localhost:8501/saturation?v=1&gain=2"
    modules = segno.make(address, error="l", micro=False).symbol_size(border=0)[0]
    assert re.search(r'viewBox="0 0 (\d+)', qr_svg(address))[1] == str(modules + 8)
    assert qr_svg(address) != qr_svg(address + "5")


def test_what_no_code_can_hold_is_refused():
    with pytest.raises(ValueError, match=r"."):
        qr_svg("x" * 4000)
