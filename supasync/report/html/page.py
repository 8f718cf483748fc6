"""The report's page. Everything goes through a template that escapes it."""

from __future__ import annotations

from importlib import resources

import jinja2

from supasync.report.html import diagram, heat, plot, sides
from supasync.report.html.model import Picture
from supasync.report.wording import seconds

_OBJECTS = 60
_LIST = 20
_TEXT = 500


def render(picture: Picture) -> str:
    """One HTML document. Long lists are cut, with the number of what is left out."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("supasync.report.html"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"seconds": seconds, "visible": visible, "short": short}
    template = environment.get_template("report.html")
    style = resources.files("supasync.report.html").joinpath("templates/style.css").read_text()
    return template.render(
        picture=picture,
        style=style,
        sides=sides.sides,
        diagram=diagram,
        matrices=heat.matrices,
        plot=plot,
        most_objects=_OBJECTS,
        most=_LIST,
    )


def visible(text: str) -> str:
    """The text with what an eye would not see, or a browser would reorder, written out."""
    return "".join(
        letter if letter.isprintable() or letter == "\t" else f"\\u{ord(letter):04x}"
        for letter in text
    )


def short(text: str) -> str:
    return text if len(text) <= _TEXT else f"{text[:_TEXT]} … {len(text) - _TEXT} letters more"
