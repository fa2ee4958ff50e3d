"""A practice's colour, made dark or light enough for text to be read."""

import re
from typing import NamedTuple

DEFAULT_ACCENT = "#0f766e"
# WCAG 2.2, success criterion 1.4.3, for text of any size.
ENOUGH = 4.5

# The pages' own: where text of the accent is hardest to read, and what is written on it.
_LIGHT, _DARK = [0xF5, 0xF7, 0xF9], [0x1E, 0x26, 0x30]
_WHITE, _INK = [255, 255, 255], [0x10, 0x15, 0x1B]

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


class Accent(NamedTuple):
    """A colour for light and for dark pages, and that of text on it; all ``#rrggbb``."""

    light: str
    on_light: str
    dark: str
    on_dark: str


def under_white_text(accent: str | None) -> str:
    """``accent`` (``#rgb`` or ``#rrggbb``), darkened step by step until white on it has a contrast of 4.5:1.

    Anything that is no such colour gives the default accent.
    """
    channels = _channels(accent) or _channels(DEFAULT_ACCENT) or []
    while contrast_with_white(channels) < ENOUGH:
        channels = [channel * 19 // 20 for channel in channels]
    return _hex(channels)


def readable(accent: str | None) -> Accent | None:
    """``accent`` moved towards black and towards white until its text has a contrast of 4.5:1 on our pages.

    None for anything that is no such colour: the style sheet has colours of its own.
    """
    channels = _channels(accent)
    if channels is None:
        return None
    light, dark = _moved(channels, _LIGHT, 0), _moved(channels, _DARK, 255)
    return Accent(_hex(light), _text_on(light), _hex(dark), _text_on(dark))


def contrast(one: list[int], other: list[int]) -> float:
    """WCAG's contrast ratio, 1 to 21, of two colours of three channels from 0 to 255."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def contrast_with_white(channels: list[int]) -> float:
    """The same with white."""
    return contrast(channels, _WHITE)


def _moved(channels: list[int], page: list[int], target: int) -> list[int]:
    for step in range(26):
        mixed = [round(channel + (target - channel) * step / 25) for channel in channels]
        if contrast(mixed, page) >= ENOUGH:
            break
    return mixed


def _text_on(channels: list[int]) -> str:
    return _hex(_WHITE if contrast_with_white(channels) >= ENOUGH else _INK)


def _channels(colour: str | None) -> list[int] | None:
    if colour is None or not _HEX.fullmatch(colour):
        return None
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    return [int(digits[place : place + 2], 16) for place in (0, 2, 4)]


def _hex(channels: list[int]) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _luminance(channels: list[int]) -> float:
    red, green, blue = (_linear(channel / 255) for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
