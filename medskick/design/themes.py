"""Makes the colour files: ``python -m medskick.design.themes``.

Every colour of the look is decided here and nowhere else: the neutral paper and ink, the four engine hues, the signal
colours, and one theme per place from two colours. The steps are set by luminance and not by eye, so that the contrast
holds for any two colours (tests/test_themes.py checks all of them):

text on tinted paper 7:1 or more, quiet text 4.5:1 or more, borders of controls 3:1 or more, text on a filled button
4.5:1 or more, and the button itself 3:1 or more against the paper.
"""

from pathlib import Path

from medskick.design.colour import at_luminance, contrast, luminance

STATIC = Path(__file__).parent / "static" / "design"

# Main colour, second colour. Made for the example region; not the municipalities' own graphic profiles.
PLACES: dict[str, tuple[str, str]] = {
    "fyrbodal": ("#1d5561", "#c98a2b"),
    "munkedal": ("#2c5e3f", "#c9a227"),
    "orust": ("#0f6078", "#d98e5f"),
    "sotenas": ("#23607d", "#b5604d"),
    "tanum": ("#84402a", "#6f7a4f"),
    "dals-ed": ("#37603a", "#8fae5d"),
    "fargelanda": ("#7d5a12", "#3f6f5d"),
    "bengtsfors": ("#1f5f86", "#7fae9b"),
    "mellerud": ("#7c2f4a", "#c7a04b"),
    "lysekil": ("#1f3f73", "#d0723f"),
    "uddevalla": ("#1d5fa0", "#e0ac3f"),
    "stromstad": ("#0f6a63", "#d9826b"),
    "vanersborg": ("#4a4a94", "#5aa3b8"),
    "trollhattan": ("#33576e", "#b8553f"),
    "amal": ("#5b3a78", "#3f8f8a"),
}

SIGNALS = {"info": "#1f66a3", "success": "#2b7a4b", "warning": "#b9770e", "danger": "#b3312c"}
ENGINES = {"listen": "#b0572f", "plan": "#2f5f9e", "serve": "#2f7a5a", "measure": "#7b4b8f"}
NEUTRAL_LIGHT = {
    "background-default": "#fdfcfa",
    "background-tinted": "#f6f4ef",
    "surface-default": "#ffffff",
    "surface-tinted": "#f3f1eb",
    "surface-hover": "#e9e6de",
    "surface-active": "#dedad0",
    "border-subtle": "#dcd8ce",
    "border-default": "#7b7a75",
    "border-strong": "#53565a",
    "text-subtle": "#51585f",
    "text-default": "#17212b",
    "base-default": "#17212b",
    "base-hover": "#2a3540",
    "base-active": "#3d4854",
    "base-contrast-subtle": "#d8dcdf",
    "base-contrast-default": "#ffffff",
}
NEUTRAL_DARK = {
    "background-default": "#12171c",
    "background-tinted": "#181e24",
    "surface-default": "#1a2128",
    "surface-tinted": "#212930",
    "surface-hover": "#2a333b",
    "surface-active": "#343e47",
    "border-subtle": "#39434c",
    "border-default": "#87909a",
    "border-strong": "#b4bcc4",
    "text-subtle": "#b3bbc3",
    "text-default": "#f0eee9",
    "base-default": "#f0eee9",
    "base-hover": "#dcdad4",
    "base-active": "#c8c6c0",
    "base-contrast-subtle": "#39434c",
    "base-contrast-default": "#12171c",
}
STEPS = tuple(NEUTRAL_LIGHT)

_LIGHT = {  # luminance and share of chroma
    "background-tinted": (0.915, 0.15),
    "surface-tinted": (0.84, 0.22),
    "surface-hover": (0.76, 0.3),
    "surface-active": (0.66, 0.4),
    "border-subtle": (0.60, 0.4),
    "border-default": (0.17, 0.9),
    "border-strong": (0.10, 1.0),
    "text-subtle": (0.10, 1.0),
    "text-default": (0.03, 0.8),
}
_DARK = {
    "background-tinted": (0.015, 0.25),
    "surface-tinted": (0.027, 0.35),
    "surface-hover": (0.038, 0.4),
    "surface-active": (0.056, 0.45),
    "border-subtle": (0.075, 0.45),
    "border-default": (0.26, 0.8),
    "border-strong": (0.42, 0.75),
    "text-subtle": (0.44, 0.7),
    "text-default": (0.78, 0.4),
}


def scale(colour: str, *, dark: bool) -> dict[str, str]:
    """The sixteen steps of one colour, in the light or the dark look."""
    neutral, table = (NEUTRAL_DARK, _DARK) if dark else (NEUTRAL_LIGHT, _LIGHT)
    base = at_luminance(colour, max(luminance(colour), 0.34), 0.9) if dark else colour
    if not dark and contrast(base, "#ffffff") < 4.5:
        base = at_luminance(colour, 0.18)
    steps = {
        name: at_luminance(colour, *table[name]) if name in table else neutral[name]
        for name in ("background-default", *table)
    }
    steps["surface-default"] = neutral["surface-default"]
    steps["base-default"] = base
    steps["base-hover"] = at_luminance(base, luminance(base) * (1.25 if dark else 0.68))
    steps["base-active"] = at_luminance(base, luminance(base) * (1.5 if dark else 0.45))
    steps["base-contrast-default"] = "#10151a" if dark else "#ffffff"
    steps["base-contrast-subtle"] = "#222a31" if dark else at_luminance(colour, 0.85, 0.3)
    return {name: steps[name] for name in STEPS}


def _declarations(name: str, steps: dict[str, str]) -> str:
    return "".join(f"--ds-color-{name}-{step}:{value};" for step, value in steps.items())


def _both(light: str, dark: str) -> str:
    """Light unless the reader's system asks for dark; an element may fix one of them (the style page does)."""
    return (
        f":root,[data-look=light]{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}[data-look=light]{{{light}}}}}\n"
        f"[data-look=dark]{{{dark}}}\n"
    )


def theme_css(main: str, second: str) -> str:
    """One place's file: accent from the main colour, brand from the second."""
    light, dark = (
        _declarations("accent", scale(main, dark=is_dark)) + _declarations("brand", scale(second, dark=is_dark))
        for is_dark in (False, True)
    )
    return f"@layer ms.theme{{\n{_both(light, dark)}}}\n"


def colours_css() -> str:
    """The file that all places share: neutral, signals, engines, and the mapping that Designsystemet's parts read."""
    looks = []
    for is_dark in (False, True):
        text = _declarations("neutral", NEUTRAL_DARK if is_dark else NEUTRAL_LIGHT)
        for name, colour in {**SIGNALS, **ENGINES}.items():
            text += _declarations(name, scale(colour, dark=is_dark))
        text += "--ds-color-focus-inner:{};--ds-color-focus-outer:{};color-scheme:{};".format(
            *(("#12171c", "#f0eee9", "dark") if is_dark else ("#ffffff", "#17212b", "light"))
        )
        looks.append(text)
    mapping = ""
    for name in ("accent", "brand", "neutral", *SIGNALS, *ENGINES):
        where = ":root,[data-color=accent],[data-look]" if name == "accent" else f"[data-color={name}]"
        mapping += f"{where}{{" + "".join(f"--ds-color-{s}:var(--ds-color-{name}-{s});" for s in STEPS) + "}\n"
    return f"@layer ms.theme{{\n{_both(*looks)}{mapping}}}\n"


def write(folder: Path = STATIC) -> None:
    """Write all files. The result is committed, and a test says when it is stale."""
    (folder / "themes").mkdir(parents=True, exist_ok=True)
    (folder / "colours.css").write_text(colours_css())
    for slug, (main, second) in PLACES.items():
        (folder / "themes" / f"{slug}.css").write_text(theme_css(main, second))


if __name__ == "__main__":
    write()
