"""The scale of light: its hue changes where the verdict does, and neighbors stay apart, for the color-blind, too."""

import itertools

import numpy as np
import pytest

from gradcore.diagnosis.thresholds import Thresholds
from ui.figures import light

# Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB.
SEEN_BY = {
    "everyone": np.eye(3),
    "deuteranopes": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "protanopes": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
APART = 15


def linear(color):
    channels = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(color, eyes):
    xyz = TO_XYZ @ np.clip(SEEN_BY[eyes] @ linear(color), 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_neighbors_stay_apart(eyes):
    for (_, one), (_, other) in itertools.pairwise(light.STOPS):
        assert np.linalg.norm(lab(one, eyes) - lab(other, eyes)) >= APART, (one, other)


def test_the_hue_changes_at_the_verdicts_thresholds():
    limits = Thresholds()
    assert light.color_of(np.log10(limits.vanished)) == light.BLUE
    assert light.color_of(np.log10(limits.exploding)) == light.ORANGE
    assert light.color_of(0.0) == light.GREEN


def test_zero_infinite_and_no_number_have_places_of_their_own():
    assert light.as_light([0.0, np.inf, np.nan, 2.0, 1.0]).tolist()[:2] == [light.ZERO_POWER, light.UNREAL_POWER]
    assert np.isnan(light.as_light([0.0, np.inf, np.nan, 2.0, 1.0])[2])
    assert light.color_of(light.ZERO_POWER) == light.ZERO
    assert light.color_of(np.nan) == light.UNREAL
    places = [place for place, _ in light.COLORSCALE]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, 1)


def test_ratios_beyond_the_floats_range_are_still_powers():
    powers = light.powers_against_last_hidden([1e-300, 1e300, 1.0])
    assert powers[0] == pytest.approx(-600)
