"""Access control lists: aclitem text to values, and the statements that change one into another.

The order of items inside an ACL counts, since pg_dump prints it; it is history, and a GRANT to a
role that has no item yet appends one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from supasync.sql import ident

PRIVILEGES = {
    "r": "select",
    "a": "insert",
    "w": "update",
    "d": "delete",
    "D": "truncate",
    "x": "references",
    "t": "trigger",
    "m": "maintain",
    "X": "execute",
    "U": "usage",
    "C": "create",
    "c": "connect",
    "T": "temporary",
}
"""The letters of src/include/utils/acl.h."""

_NAME = r'("(?:[^"]|"")*"|[^="/]*)'
_ITEM = re.compile(rf"^{_NAME}=([a-zA-Z*]*)/{_NAME}$", re.DOTALL)


@dataclass(frozen=True, order=True)
class Item:
    """One aclitem. grantee "" is PUBLIC; privileges are letters, `*` after one = grant option."""

    grantee: str
    privileges: str
    grantor: str


@cache
def parse(text: str) -> Item:
    """An Item from the text form of aclitem, `anon=r*w/postgres`."""
    match = _ITEM.match(text)
    if match is None:
        raise ValueError(f"not an aclitem: {text!r}")
    grantee, privileges, grantor = match.groups()
    return Item(_name(grantee), privileges, _name(grantor))


def _name(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


ALL = "all"

NOBODY = "none"
"""A name that PostgreSQL keeps any role from having; "" is PUBLIC."""


def DEFAULTS(kind: str, owner: str) -> tuple[Item, ...]:  # noqa: N802 - a table, keyed by owner
    """The built-in default ACL of an object type, as acldefault() has it (privileges: `all`)."""
    if kind == "c":
        return ()
    letter = {"f": "X", "T": "U", "l": "U"}.get(kind)
    public = (Item("", letter, owner),) if letter else ()
    return (*public, Item(owner, ALL, owner))


_EVERYTHING = {"r": "arwdDxt", "s": "rwU", "n": "UC", "f": "X"} | dict.fromkeys("TlFS", "U")


def everything(kind: str, server_version: int) -> str:
    """The letters ALL stands for, in aclitem order; MAINTAIN came with PostgreSQL 17."""
    return _EVERYTHING[kind] + ("m" if kind == "r" and server_version >= 170000 else "")


def merged(items: Iterable[Item], kind: str, server_version: int) -> tuple[Item, ...]:
    """One item per (grantee, grantor), in order of first appearance, ALL spelt out."""
    letters: dict[tuple[str, str], str] = {}
    full = everything(kind, server_version)
    for item in items:
        words = full if item.privileges == ALL else item.privileges
        mine = letters.get((item.grantee, item.grantor), "")
        letters[item.grantee, item.grantor] = mine + "".join(x for x in words if x not in mine)
    return tuple(
        Item(grantee, "".join(sorted(held, key=f"{full}*".find)) if "*" not in held else held, by)
        for (grantee, by), held in letters.items()
    )


def spelled(kind: str, owner: str, server_version: int) -> tuple[Item, ...]:
    """As `DEFAULTS`, and as the server writes it down once something is granted or revoked."""
    items = DEFAULTS(kind, owner)
    return merged(items, kind, server_version) if kind in _EVERYTHING else items


def roles(owner: str | None, items: Iterable[Item] | None) -> frozenset[str]:
    """Those that an owner and an ACL name."""
    if not items:
        return _alone(owner)  # as of most objects: columns above all
    named = {name for item in items for name in (item.grantee, item.grantor)}
    return frozenset(named | {owner or ""}) - {""}


@cache
def _alone(owner: str | None) -> frozenset[str]:
    return frozenset({owner} if owner else ())


def gained(was: Iterable[Item], now: Iterable[Item], owner: str) -> list[tuple[str, list[str]]]:
    """(grantee, privileges) that are in `now` and not in `was`, those of the owner apart."""
    before = _letters(was)
    result = []
    for name, letters in _letters(now).items():
        more = sorted(letters - before.get(name, set()))
        if name != owner and more:
            result.append((name or "public", [_worded(letter) for letter in more]))
    return result


def _letters(items: Iterable[Item]) -> dict[str, set[str]]:
    """By grantee: `r`, and `r*` where it may be granted on."""
    found: dict[str, set[str]] = {}
    for item in items:
        if item.privileges != ALL:  # which only owners have by default
            held = found.setdefault(item.grantee, set())
            held.update(re.findall(r"[a-zA-Z]\*?", item.privileges))
            held.update(re.findall(r"[a-zA-Z]", item.privileges))
    return found


def _worded(letter: str) -> str:
    return PRIVILEGES[letter[0]] + (" with grant option" if letter[1:] else "")


def reowned(items: tuple[Item, ...] | None, creator: str, owner: str) -> tuple[Item, ...] | None:
    """The ACL after ALTER … OWNER TO: the old owner's name replaced by the new one's, and what
    then is of the same two roles put together."""
    if items is None or creator == owner:
        return items
    held: dict[tuple[str, str], str] = {}
    for item in items:
        grantee, grantor = (
            owner if role == creator else role for role in (item.grantee, item.grantor)
        )
        before = held.get((grantee, grantor))
        held[grantee, grantor] = (
            item.privileges if before is None else _both(before, item.privileges)
        )
    return tuple(Item(grantee, letters, grantor) for (grantee, grantor), letters in held.items())


_ORDER = "arwdDxtXUCTcsAm"
"""ACL_ALL_RIGHTS_STR of src/include/utils/acl.h: how aclitem's text has its letters."""


def _both(one: str, other: str) -> str:
    if ALL in (one, other):
        return ALL
    grantable = dict.fromkeys(_ORDER, "")
    for letter, star in re.findall(r"([a-zA-Z])(\*?)", one + other):
        grantable[letter] = grantable[letter] or star
    return "".join(
        letter + star for letter, star in grantable.items() if letter in one or letter in other
    )


def revokes(statements: Iterable[str]) -> bool:
    """Whether they take away what was granted on a whole object, and so on its columns, too."""
    return any(text.startswith("revoke ") for text in statements)


def change(
    was: tuple[Item, ...], now: tuple[Item, ...], target: str, owner: str, columns: str = ""
) -> list[str]:
    """Statements that turn the ACL `was` of `target` into `now`, order of items included.

    target: `TABLE "public"."users"`; columns: ` ("email")` for column privileges.
    """
    keep = 0
    while keep < min(len(was), len(now)) and was[keep] == now[keep]:
        keep += 1
    statements = _taken(was[keep:], target, owner, columns)
    for item in now[keep:]:
        statements += _as(item.grantor, owner, _grants(item, target, columns))
    return statements


def regrant(items: tuple[Item, ...], target: str, owner: str, columns: str = "") -> list[str]:
    """Statements that make the whole ACL anew, whatever is left of it."""
    return _taken(items, target, owner, columns) + [
        text for item in items for text in _as(item.grantor, owner, _grants(item, target, columns))
    ]


def _taken(items: Iterable[Item], target: str, owner: str, columns: str) -> list[str]:
    """REVOKEs of all the items, what hangs on another first."""
    grouped: dict[str, list[Item]] = {}
    for item in items:
        grouped.setdefault(item.grantor, []).append(item)
    statements = []
    for grantor, theirs in reversed(grouped.items()):
        words = f"all{columns}"
        if grantor != owner:  # to whom ALL of a sequence is refused: it is of system columns, too
            held = [name for item in theirs for names in split(item.privileges) for name in names]
            words = ", ".join(name + columns for name in dict.fromkeys(held)) or words
        grantees = ", ".join(grantee(item.grantee) for item in theirs)
        revoke = f"revoke {words} on {target} from {grantees} cascade"
        statements += _as(grantor, owner, [revoke])
    return statements


def grantee(name: str) -> str:
    return ident(name) if name else "public"


def _grants(item: Item, target: str, columns: str) -> list[str]:
    if item.privileges == ALL:
        return [f"grant all{columns} on {target} to {grantee(item.grantee)}"]
    plain, grantable = split(item.privileges)
    return [
        f"grant {', '.join(name + columns for name in names)} on {target} "
        f"to {grantee(item.grantee)}{option}"
        for names, option in ((plain, ""), (grantable, " with grant option"))
        if names
    ]


def split(privileges: str) -> tuple[list[str], list[str]]:
    """Privilege names without and with grant option, from aclitem letters."""
    letters = re.findall(r"([a-zA-Z])(\*?)", privileges)
    plain = [PRIVILEGES[letter] for letter, star in letters if not star]
    return plain, [PRIVILEGES[letter] for letter, star in letters if star]


def _as(grantor: str, owner: str, statements: list[str]) -> list[str]:
    """A grant is recorded under the owner's name unless somebody else makes it."""
    if grantor == owner or not statements:
        return statements
    return [f"set local role {ident(grantor)}", *statements, "reset role"]
