"""GET /admin/users: pages of users, and where the next one is.

Source: internal/api/admin.go, pagination.go and sorting.go of supabase/auth.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth.call import Call
from supasync.sandbox.auth.errors import AuthError, database_errors, invalid
from supasync.sandbox.auth.user import NIL_INSTANCE, select_users

DEFAULT_PER_PAGE = 50
MAX_UINT64 = 2**64 - 1
WHERE = "where instance_id = %(instance)s and aud = %(aud)s"
FILTER = """ and (email like %(filter)s or raw_user_meta_data ->> 'full_name' ilike %(filter)s)"""


async def list_users(call: Call) -> Response:
    call.require_admin()
    query = call.request.query_params
    order = _order(query)
    page, per_page = _number(query, "page", 1), _number(query, "per_page", DEFAULT_PER_PAGE)
    if per_page == 0:
        # The service divides by it, and recovers.
        raise AuthError(500, "unexpected_failure", "Internal Server Error")
    params: dict[str, object] = {"instance": NIL_INSTANCE, "aud": call.audience}
    where = WHERE
    if query.get("filter"):
        where += FILTER
        params["filter"] = f"%{query['filter']}%"
    total = await _count(call, where, params)
    offset = {"limit": min(per_page, total), "offset": min((max(page, 1) - 1) * per_page, total)}
    with database_errors("Database error finding users"):
        users = await select_users(
            call.connection,
            f"{where} order by {order} limit %(limit)s offset %(offset)s",
            {**params, **offset},
        )
    body = {"users": [user.to_json(identities=None) for user in users], "aud": call.audience}
    return JSONResponse(body, headers=_headers(query, page, per_page, total))


async def _count(call: Call, where: str, params: Mapping[str, object]) -> int:
    cursor = await call.connection.execute(f"select count(*) from auth.users {where}", params)
    row = await cursor.fetchone()
    return int(str(row[0])) if row else 0


def _order(query: QueryParams) -> str:
    """`sort=created_at asc`; no other column may be sorted by."""
    terms = []
    for value in query.getlist("sort"):
        field, _, direction = value.partition(" ")
        if field != "created_at":
            raise invalid(f"Bad Sort Parameters: bad field for sort '{field}'")
        if direction.upper() not in {"", "ASC", "DESC"}:
            problem = f"bad direction for sort '{direction}', only 'asc' and 'desc' allowed"
            raise invalid(f"Bad Sort Parameters: {problem}")
        terms.append(f"created_at {direction.upper() or 'DESC'}")
    return ", ".join(terms) or "created_at DESC"


def _number(query: QueryParams, name: str, default: int) -> int:
    text = query.get(name) or ""
    if not text:
        return default
    if not (text.isascii() and text.isdigit()):
        problem = "invalid syntax"
    elif int(text) > MAX_UINT64:
        problem = "value out of range"
    else:
        return int(text)
    parsing = f'strconv.ParseUint: parsing "{text}": {problem}'
    raise invalid(f"Bad Pagination Parameters: {parsing}")


def _headers(query: QueryParams, page: int, per_page: int, total: int) -> dict[str, str]:
    last = -(-total // per_page)
    links = [(page + 1, "next")] if last > page else []
    links.append((last, "last"))
    return {
        "X-Total-Count": str(total),
        "Link": ", ".join(f'<{_url(query, number)}>; rel="{rel}"' for number, rel in links),
    }


def _url(query: QueryParams, page: int) -> str:
    """The request's own path, as the service sees it behind the gateway; names are sorted."""
    items = [(name, value) for name, value in query.multi_items() if name not in {"page", "apikey"}]
    return "/admin/users?" + urlencode(sorted([*items, ("page", str(page))]))
