"""The one organization of a sandbox, its one member, and what belongs to it."""

from __future__ import annotations

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from starlette.responses import JSONResponse, Response

from supasync.sandbox.records import Record
from supasync.sandbox.routes.call import Call, Entry, Refusal

NAME: Final = "Sandbox"
MEMBER: Final = "sandbox"
EMAIL: Final = "sandbox@example.com"
MOST: Final = 100
SORTS: Final = ("name_asc", "name_desc", "created_asc", "created_desc")


async def everything(call: Call) -> Response:
    slug = call.registry.state.organization
    return JSONResponse([{"id": slug, "slug": slug, "name": NAME}])


async def one(call: Call) -> Response:
    return JSONResponse(
        {
            "id": _slug(call),
            "name": NAME,
            "plan": call.registry.state.plan,
            "opt_in_tags": [],
            "allowed_release_channels": ["ga"],
        }
    )


async def members(call: Call) -> Response:
    return JSONResponse(
        [
            {
                "user_id": _user_id(_slug(call)),
                "user_name": MEMBER,
                "email": EMAIL,
                "role_name": "Owner",
                "mfa_enabled": False,
            }
        ]
    )


async def projects(call: Call) -> Response:
    """The project and its branches, which are marked as such."""
    _slug(call)
    params = call.request.query_params
    search, sort = params.get("search", "").lower(), params.get("sort", "name_asc")
    if sort not in SORTS:
        raise Refusal(400, f"sort: must be among {', '.join(SORTS)}")
    offset, limit = call.number("offset", 0, least=0), call.number("limit", MOST, least=1)
    if limit > MOST:
        raise Refusal(400, f"limit: must be at most {MOST}")
    statuses = {text for text in params.get("statuses", "").split(",") if text}
    found = [
        each
        for each in call.registry.records
        if search in _name(each).lower() and (not statuses or each.project_status in statuses)
    ]
    key = _name if sort.startswith("name") else _created
    found.sort(key=key, reverse=sort.endswith("desc"))
    return JSONResponse(
        {
            "projects": [_project(each) for each in found[offset : offset + limit]],
            "pagination": {"count": len(found), "limit": limit, "offset": offset},
        }
    )


async def profile(call: Call) -> Response:
    user = _user_id(call.registry.state.organization)
    return JSONResponse({"gotrue_id": user, "primary_email": EMAIL, "username": MEMBER})


def _slug(call: Call) -> str:
    slug = call.registry.state.organization
    if call.request.path_params["slug"] != slug:
        raise Refusal(404, "Organization not found")
    return slug


def _user_id(slug: str) -> str:
    return str(uuid5(NAMESPACE_URL, slug))


def _name(record: Record) -> str:
    return "sandbox" if record.is_default else record.name


def _created(record: Record) -> str:
    return record.created_at


def _project(record: Record) -> dict[str, object]:
    place = {"cloud_provider": "AWS", "region": "local", "status": record.project_status}
    database = {**place, "identifier": record.ref, "type": "PRIMARY"}
    return {
        **place,
        "ref": record.ref,
        "name": _name(record),
        "is_branch": not record.is_default,
        "inserted_at": record.created_at,
        # A paused project's database is not listed: the contract has no word for it.
        "databases": [] if record.project_status == "INACTIVE" else [database],
    }


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/organizations", everything),
    ("GET", "/v1/organizations/{slug}", one),
    ("GET", "/v1/organizations/{slug}/members", members),
    ("GET", "/v1/organizations/{slug}/projects", projects),
    ("GET", "/v1/profile", profile),
)
