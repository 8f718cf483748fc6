"""Branches of a project. Merging is not implemented, on purpose: it writes to production."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import Branch, BranchDetail, Started
from supasync.errors import ApiError

_BRANCH = TypeAdapter(Branch)
_BRANCHES = TypeAdapter(tuple[Branch, ...])
_DETAIL = TypeAdapter(BranchDetail)
_STARTED = TypeAdapter(Started)
_ALL = "/v1/projects/{ref}/branches"
_ONE = "/v1/branches/{branch_id_or_ref}"


class Branches:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self, project_ref: str) -> tuple[Branch, ...]:
        """All branches, usually with the default one, which is production; () when branching
        was never enabled (the platform answers 422 or an empty list then)."""
        call = Call(method="GET", route=_ALL, path={"ref": project_ref})
        try:
            return await self._http.load(_BRANCHES, call)
        except ApiError as error:
            if not_enabled(error):
                return ()
            raise

    async def get(self, branch: str) -> BranchDetail:
        """branch: its project ref (preferred) or its deprecated id."""
        call = Call(method="GET", route=_ONE, path={"branch_id_or_ref": branch})
        return await self._http.load(_DETAIL, call)

    async def create(
        self,
        project_ref: str,
        name: str,
        *,
        git_branch: str | None = None,
        persistent: bool | None = None,
        region: str | None = None,
        size: str | None = None,
        postgres_engine: str | None = None,
        notify_url: str | None = None,
        is_default: bool | None = None,
    ) -> Branch:
        """Create a branch without data. postgres_engine: give main's, since the platform's
        default is the latest. size: of its instance, as `micro`. is_default: name production
        itself as the default branch, which enables branching where it never was."""
        body = _given(
            branch_name=name,
            git_branch=git_branch,
            is_default=is_default,
            persistent=persistent,
            region=region,
            desired_instance_size=size,
            postgres_engine=postgres_engine,
            notify_url=notify_url,
        )
        call = Call(method="POST", route=_ALL, path={"ref": project_ref}, body=body, writes=True)
        return await self._http.load(_BRANCH, call)

    async def update(
        self,
        branch_ref: str,
        *,
        name: str | None = None,
        git_branch: str | None = None,
        persistent: bool | None = None,
        notify_url: str | None = None,
    ) -> Branch:
        body = _given(
            branch_name=name, git_branch=git_branch, persistent=persistent, notify_url=notify_url
        )
        path = {"branch_id_or_ref": branch_ref}
        call = Call(method="PATCH", route=_ONE, path=path, body=body, writes=True)
        return await self._http.load(_BRANCH, call)

    async def delete(self, branch_ref: str, *, force: bool = True) -> None:
        """Delete a branch; a persistent one is refused (422) until `update(persistent=False)`.

        force: at once; False leaves an hour's grace where the platform has soft deletion.
        """
        call = Call(
            method="DELETE",
            route=_ONE,
            path={"branch_id_or_ref": branch_ref},
            query=(("force", "true" if force else "false"),),
            writes=True,
            reply="ignored",
        )
        await self._http.send(call)

    async def reset(self, branch_ref: str, version: str | None = None) -> str:
        """Start to make the branch anew from its migration history; returns the action run's id.

        version: the last migration to run. All that is in no migration is lost.
        """
        return await self._act("reset", branch_ref, version)

    async def push(self, branch_ref: str, version: str | None = None) -> str:
        """Start to run main's newer migrations on the branch; returns the action run's id."""
        return await self._act("push", branch_ref, version)

    async def _act(self, verb: str, branch_ref: str, version: str | None) -> str:
        call = Call(
            method="POST",
            route=f"{_ONE}/{verb}",
            path={"branch_id_or_ref": branch_ref},
            body=_given(migration_version=version),
            writes=True,
        )
        return (await self._http.load(_STARTED, call)).workflow_run_id

    async def diff(self, branch_ref: str, schemas: Sequence[str]) -> str:
        """SQL that would turn main into the branch, by the platform's own tool; "" for none.

        schemas: what is compared; a comma in a name cannot be asked for.
        """
        call = Call(
            method="GET",
            route=_ONE + "/diff",
            path={"branch_id_or_ref": branch_ref},
            query=(("included_schemas", ",".join(schemas)),),
            reply="text",
        )
        return str(await self._http.send(call)).strip()


def not_enabled(error: ApiError) -> bool:
    """Whether branching was never enabled (source: supabase/terraform-provider-supabase)."""
    return error.status == 422 and "not enabled" in error.message


def _given(**fields: Any) -> Mapping[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
