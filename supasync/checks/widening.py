"""How two access matrices differ: for each right, row filter and caller's role, wider or narrower.

What cannot be decided from the texts (another condition of a policy, another owner whose rights are
lent) counts as wider. Of the platform's own schemas only what both sides have is compared: its
services bring their tables themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from supasync.catalog.access import Access, Function, Held, Policy, Relation
from supasync.catalog.grants import PRIVILEGES
from supasync.sql import ident

_WORD = {"S": "sequence", "v": "view", "m": "materialized view", "f": "foreign table"}
_BYPASSING = frozenset({"service_role"})
"""Policies say nothing about it: it has BYPASSRLS."""

_Undo: TypeAlias = Callable[[set[str], str], str]
_Sets: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Change:
    """what: `table public.users`. policy: its schema, table and name, where only the condition of
    one differs. undo: the SQL that takes back what is more, where no sync does: the platform's
    roles, and rights on its tables. of_role: it is about a role, whose rights others follow."""

    what: str
    how: str
    wider: bool
    policy: tuple[str, ...] = ()
    undo: str = ""
    of_role: bool = False

    def __str__(self) -> str:
        return f"{self.what}: {self.how}"


def changes(main: Access, branch: Access) -> Iterator[Change]:
    """What the branch allows that production does not, and the other way round."""
    yield from _roles(main, branch)
    for name in sorted(main.schemas.keys() | branch.schemas.keys()):
        yield from _rights(f"schema {name}", main.schemas.get(name), branch.schemas.get(name))
    for path in sorted(main.relations.keys() | branch.relations.keys()):
        was, now = main.relations.get(path), branch.relations.get(path)
        lent = any(each is not None and each.lent for each in (was, now))
        if not (lent and (was is None or now is None)):
            yield from _relation(path, was, now)
    for path in sorted(main.functions.keys() | branch.functions.keys()):
        yield from _function(path, main.functions.get(path), branch.functions.get(path))


def _function(
    path: tuple[str, str], was: Function | None, now: Function | None
) -> Iterator[Change]:
    what = f"function {'.'.join(path)}"
    yield from _rights(what, was.held if was else None, now.held if now else None)
    if was is not None and now is not None:
        yield from _runs_as(what, was.runs_as, now.runs_as)


def _roles(main: Access, branch: Access) -> Iterator[Change]:
    """Their attributes, and the roles that they have the rights of."""
    yield from _of_roles(main.roles, branch.roles, "{}", "alter role {role} no{name};")
    within = "revoke {quoted} from {role};"
    yield from _of_roles(main.within, branch.within, "the rights of {}", within)


def _of_roles(was: _Sets, now: _Sets, what: str, undo: str) -> Iterator[Change]:
    """undo: the SQL, with {name} or {quoted} of what a role has, and {role}."""
    for role in sorted(was.keys() | now.keys()):
        held, holds = was.get(role, frozenset()), now.get(role, frozenset())
        for name in sorted(holds - held):
            sql = undo.format(name=name, quoted=ident(name), role=ident(role))
            how = f"has {what.format(name)} here, not in production"
            yield Change(f"role {role}", how, True, undo=sql, of_role=True)
        for name in sorted(held - holds):
            how = f"has {what.format(name)} in production, not here"
            yield Change(f"role {role}", how, False)


def _rights(
    what: str, was: Held | None, now: Held | None, undo: _Undo | None = None
) -> Iterator[Change]:
    """None: it is not there. undo: the SQL that takes letters back from a role, where only that
    does."""
    before, after = was or {}, now or {}
    for role in sorted(before.keys() | after.keys()):
        held, holds = set(before.get(role, "")), set(after.get(role, ""))
        if more := holds - held:
            there = "" if was is not None else ", and production has no such object"
            how = f"{role} has {_words(more)} here, not in production{there}"
            yield Change(what, how, True, undo=undo(more, role) if undo else "")
        if less := _words(held - holds):
            there = "" if now is not None else ", which has no such object"
            yield Change(what, f"{role} has {less} in production, not here{there}", False)


def _revoke(path: tuple[str, str], column: str = "") -> _Undo:
    """PUBLIC too: what it has there, the role has in production."""
    place = f" ({ident(column)})" if column else ""

    def undo(letters: set[str], role: str) -> str:
        rights = ", ".join(f"{PRIVILEGES[each]}{place}" for each in sorted(letters))
        return f"revoke {rights} on {'.'.join(map(ident, path))} from {ident(role)}, public;"

    return undo


def _words(letters: set[str]) -> str:
    return ", ".join(sorted(PRIVILEGES[letter] for letter in letters))


def _relation(
    path: tuple[str, str], was: Relation | None, now: Relation | None
) -> Iterator[Change]:
    kinds = [each.kind for each in (was, now) if each is not None]
    what = f"{_WORD.get(kinds[0], 'table')} {'.'.join(path)}"
    lent = now is not None and now.lent
    undo = _revoke(path) if lent else None
    yield from _rights(what, was.held if was else None, now.held if now else None, undo)
    if was is None or now is None:
        return
    for name in sorted(was.columns.keys() | now.columns.keys()):
        undo = _revoke(path, name) if lent else None
        yield from _column(f"column {'.'.join((*path, name))}", name, was, now, undo)
    yield from _runs_as(what, was.runs_as, now.runs_as)
    yield from _row_security(what, path, was, now)


def _column(
    what: str, name: str, was: Relation, now: Relation, undo: _Undo | None
) -> Iterator[Change]:
    """Where it is on one side only, or somebody holds more or less on it than on the whole."""
    if name not in now.columns:
        yield from _rights(what, was.of_column(name), None)
    elif name not in was.columns:
        yield from _rights(what, None, now.of_column(name))
    elif was.columns[name] is not None or now.columns[name] is not None:
        told = {str(each) for each in _rights(what, was.held, now.held)}
        for each in _rights(what, was.of_column(name), now.of_column(name), undo):
            if str(each) not in told:  # else it is said of the whole relation
                yield each


def _runs_as(what: str, was: str, now: str) -> Iterator[Change]:
    if was == now:
        return
    if now == "":
        yield Change(what, f"runs with its caller's rights here, {was}'s in production", False)
    elif was == "":
        yield Change(what, f"runs with {now}'s rights here, its caller's in production", True)
    else:
        yield Change(what, f"runs with {now}'s rights here, {was}'s in production", True)


def _row_security(
    what: str, path: tuple[str, str], was: Relation, now: Relation
) -> Iterator[Change]:
    if was.secured != now.secured:
        how = "off here, on in production" if was.secured else "on here, off in production"
        yield Change(what, f"row level security is {how}", was.secured)
        return
    if not was.secured:
        return  # then policies filter nothing
    if was.forced != now.forced:
        how = "not forced here" if was.forced else "forced here, not in production"
        yield Change(what, f"row level security is {how}", was.forced)
    for name in sorted(was.policies.keys() | now.policies.keys()):
        before, after = _of(was.policies, name), _of(now.policies, name)
        for change in _policy(f'{what}, policy "{name}"', before, after):
            same = before is not None and after is not None and _frame(before) == _frame(after)
            yield Change(change.what, change.how, change.wider, (*path, name) if same else ())


def _of(policies: Mapping[str, Policy], name: str) -> Policy | None:
    """None also of one that is about none of the roles that it holds for."""
    found = policies.get(name)
    return found if found is not None and found.to - _BYPASSING else None


def _frame(policy: Policy) -> tuple[bool, str, frozenset[str]]:
    return policy.permissive, policy.command, policy.to - _BYPASSING


def _policy(what: str, was: Policy | None, now: Policy | None) -> Iterator[Change]:
    if was == now:
        return
    if was is None or now is None:
        only = "only here" if was is None else "only in production"
        there = now or was
        kind = "permissive" if there and there.permissive else "restrictive"
        yield Change(what, f"is there {only} ({kind})", (was is None) == (kind == "permissive"))
        return
    if was.permissive != now.permissive:
        how = "permissive here, restrictive in production"
        how = how if now.permissive else "restrictive here, permissive in production"
        yield Change(what, f"is {how}", now.permissive)
        return
    more, less = (now.to - was.to) - _BYPASSING, (was.to - now.to) - _BYPASSING
    if more:
        who = ", ".join(sorted(more))
        yield Change(what, f"holds for {who} here, not in production", now.permissive)
    if less:
        who = ", ".join(sorted(less))
        yield Change(what, f"holds for {who} in production, not here", not now.permissive)
    if (was.command, was.using, was.check) != (now.command, now.using, now.check):
        yield Change(what, "has another condition here and may let more through", True)
