"""The text of one look at a database: as little as the time since the last look allows.

plpgsql plans a statement when it first runs it, so what a look does not need costs nothing, not
even its planning, which is most of what a short look costs.
"""

from __future__ import annotations

from collections.abc import Mapping

from supasync.catalog import queries, reading, scan, shared
from supasync.catalog.leftovers import FOUND
from supasync.catalog.pieces import expression
from supasync.catalog.scan import HORIZON, age_of
from supasync.catalog.scope import Scope
from supasync.catalog.touched import TOUCHED, present
from supasync.sql import dollar, literal


def about(accepted: str = queries.ACCEPTED) -> str:
    """What every document says besides its objects, after a `scan`.

    accepted: the re-parse records' expression.
    """
    return f"""'session', {queries.SESSION}, 'accepted', {accepted}, 'roles', roles,
  'horizon', {HORIZON}, 'watched', watched, 'rows', counts, 'leftovers', {FOUND}"""


# a freak of history: more transactions than this and ages come near to wrapping around
_OLDEST = 1_000_000_000

_TRIES = 3

MOVING = "SSY04"
"""SQLSTATE of a look whose database kept changing."""

MANY = 3000
"""Touched objects from which on looking at everything is the shorter way."""


END = "\x01"
"""Stands in an answer between the document and the rows: JSON has it in neither."""


ANSWER = f"""json_build_array(stamp, document, current_setting('{shared.SHARED}', true),
  root, case when document is null then horizon end)::text
  || coalesce(chr({ord(END)}) || rows, '')"""
"""What a look answers: [stamp, document, hash of the shared objects and, if that is not the known
one, their fingerprint, and the horizon where no document tells it] and, of a look at everything,
the rows."""


def observe(
    scope: Scope,
    stamp: str | None = None,
    since: Mapping[str, object] | None = None,
    known_shared: str | None = None,
) -> str:
    """The text of a look, answering `ANSWER`.

    stamp: the remembered stamp; when the database still has it, the document is null.
    since: `horizon`, `watched` and `roles` of the remembered document; when they allow it, the
    document has `recent` rows, the `touched` keys and what is `present` instead of everything.
    known_shared: the remembered hash of the shared objects.
    """
    known = literal(stamp) if stamp else "null"
    age = age_of(str(since["horizon"])) if since else None
    some = _since(since, age) if since and age else ""
    # pg_get_viewdef and its kin see what others commit meanwhile, the statement's snapshot does
    # not: a document counts if no transaction ended while it was made, or none that the stamp shows
    body = f"""
declare
  {scan.DECLARE} {reading.DECLARE} document json; still json; rows text; root text;
  horizon text; began text; before text; tries int := 0;
begin
loop
  began := pg_current_snapshot(); before := stamp; horizon := {HORIZON};
{scan.scan(age)}
exit when stamp = before;
tries := tries + 1;
if tries > {_TRIES} then
  raise exception 'the schema kept changing' using errcode = '{MOVING}';
end if;
document := null; rows := null; unmodelled := null; every := true;
if stamp is distinct from {known} then
{some}{_document(scope, since)}
end if;
exit when document is null or pg_current_snapshot()::text = began;
end loop;
if current_setting('{shared.SHARED}', true) is distinct from {literal(known_shared)} then
  root := {shared.root(scope)};
end if;
perform set_config('supasync.look', {ANSWER}, true);
end"""
    level = "set local transaction_isolation = 'read committed';"
    last = "select current_setting('supasync.look') as look;"
    start = f"{level} {queries.pinned(scope)}\n{shared.gathered(scope)}"
    return f"{start}do {dollar(body)};\n{last}"


def _since(since: Mapping[str, object], age: str) -> str:
    """Statements that set `keys`, and `every` to false where only what is new can be told."""
    watched = ",".join(str(n) for n in _list(since["watched"]))
    return f"""if {age} between 0 and {_OLDEST} and roles = {literal(str(since["roles"]))}
    and kept = '{{{watched}}}'::int8[] then
  keys := {TOUCHED};
  every := cardinality(keys) > {MANY};
end if;"""


def _document(scope: Scope, since: Mapping[str, object] | None) -> str:
    """Statements that set `document`, and `rows` if `every`."""
    still = expression(present(_list(since["rows"]))) if since else "'select null::json'"
    return f"""{reading.objects(scope, "not every")}
if every then
  {reading.full(scope)}
  document := json_build_object('unmodelled', unmodelled, {about()});
else
  {reading.recent(scope)}
  execute {still} into still;
  document := json_build_object('recent', to_json(found), 'touched', to_json(keys),
    'present', still, 'unmodelled', unmodelled, {about()});
end if;"""


def _list(value: object) -> list[int]:
    return [int(number) for number in value] if isinstance(value, list) else []
