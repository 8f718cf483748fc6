"""The page's colours: text that can be read (WCAG 2.2, AA), in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

from supasync.service import page


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio", of two colours as #rrggbb."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_all_text_can_be_read_in_light_and_dark() -> None:
    style = (Path(page.__file__).parent / "static/page.css").read_text()
    palettes = [
        dict(re.findall(r"--([\w-]+): (#\w{6})", rule)) for rule in style.split("@media")[:2]
    ]
    for palette in palettes:
        for ground in (palette.pop("ground"), palette.pop("panel")):
            for name in ("ink", "muted", "link", "good", "bad", "warn", "busy"):
                assert contrast(palette[name], ground) >= 4.5, (name, ground)
        assert contrast(palette["press"], palette["press-ink"]) >= 4.5
