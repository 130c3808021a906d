"""Colour arithmetic for the themes: WCAG contrast, and steps of one hue at a wanted luminance.

Sources: WCAG 2.2 (relative luminance, contrast ratio); OKLab by Björn Ottosson (2020), used because a hue keeps its
look when its lightness is changed. Colours are ``#rrggbb``; luminance is WCAG's relative luminance, 0 to 1.
"""

from math import atan2, cos, sin

type Rgb = tuple[float, float, float]


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _to_srgb(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def linear(colour: str) -> Rgb:
    """The colour's three channels as linear light, 0 to 1."""
    digits = colour.lstrip("#")
    red, green, blue = (_to_linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21; WCAG AA asks 4.5 of text, 3 of large text and of what is needed to see a control."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _oklab(colour: str) -> Rgb:
    red, green, blue = linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _hex(channels: Rgb) -> str:
    return "#" + "".join(f"{round(255 * _to_srgb(min(1.0, max(0.0, c)))):02x}" for c in channels)


def at_luminance(colour: str, wanted: float, chroma_factor: float = 1.0) -> str:
    """The same hue at a wanted luminance, with as much of its chroma (times the factor) as the screen can show.

    Towards white and black the chroma is drawn in, so that tints stay paper-like and dark grounds stay calm.
    """
    _, a, b = _oklab(colour)
    hue, chroma = atan2(b, a), (a * a + b * b) ** 0.5 * chroma_factor
    for _ in range(40):
        low, high = 0.0, 1.0
        for _ in range(24):
            middle = (low + high) / 2
            red, green, blue = _from_oklch(middle, chroma, hue)
            if 0.2126 * red + 0.7152 * green + 0.0722 * blue < wanted:
                low = middle
            else:
                high = middle
        channels = _from_oklch(low, chroma, hue)
        if all(-0.001 <= c <= 1.001 for c in channels):
            break
        chroma *= 0.9
    return _hex(channels)
