"""A practice's colour, made dark enough for white text to be read on it."""

import re

DEFAULT_ACCENT = "#0f766e"
# WCAG 2.2, success criterion 1.4.3, for text of any size.
ENOUGH = 4.5

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def under_white_text(accent: str | None) -> str:
    """``accent`` (``#rgb`` or ``#rrggbb``), darkened step by step until white on it has a contrast of 4.5:1.

    Anything that is no such colour gives the default accent.
    """
    if accent is None or not _HEX.fullmatch(accent):
        accent = DEFAULT_ACCENT
    digits = accent[1:] if len(accent) == 7 else "".join(digit * 2 for digit in accent[1:])
    channels = [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
    while contrast_with_white(channels) < ENOUGH:
        channels = [channel * 19 // 20 for channel in channels]
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def contrast_with_white(channels: list[int]) -> float:
    """WCAG's contrast ratio, 1 to 21, of a colour of three channels from 0 to 255."""
    red, green, blue = (_linear(channel / 255) for channel in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
