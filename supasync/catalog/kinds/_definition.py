"""Definitions that DDL spells as a list `word = value, …`."""

from __future__ import annotations

Pairs = tuple[tuple[str, str], ...]


def pairs(**expressions: str) -> str:
    """An SQL expression: a json of [word, value] of the expressions (texts) that are not null."""
    rows = ", ".join(
        f"({place}, '{word}', {expression})"
        for place, (word, expression) in enumerate(expressions.items())
    )
    return f"""(select json_agg(json_build_array(u.word, u.value) order by u.place)
        from (values {rows}) u(place, word, value) where u.value is not null)"""


def routine(expression: str) -> str:
    """An SQL expression: the name of the function `expression`, null where there is none."""
    return f"nullif({expression}::regproc::text, '-')"


def flag(expression: str) -> str:
    """An SQL expression: the text true where the condition holds, else null."""
    return f"case when {expression} then 'true' end"


def spelt(definition: Pairs) -> str:
    return ", ".join(f"{word} = {value}" for word, value in definition)
