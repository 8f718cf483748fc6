"""The platform's MCP server over stdio: every tool of databases and branches."""

from __future__ import annotations

import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from supasync.sandbox import Sandbox
from tests.clients.conftest import Npm

FEATURES = "account,branching,database,debugging,development"


class Server:
    """JSON-RPC, a line for each message."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self._ids = process, itertools.count(1)

    def send(self, method: str, **params: Any) -> Any:
        number = next(self._ids)
        self._write({"id": number, "method": method, "params": params})
        assert self.process.stdout is not None
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == number:
                return answer["result"]
        pytest.fail("the server ended")

    def start(self) -> None:
        hello = {"name": "test", "version": "1"}
        self.send("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=hello)
        self._write({"method": "notifications/initialized"})

    def tool(self, tool: str, **arguments: Any) -> Any:
        result = self.send("tools/call", name=tool, arguments=arguments)
        text = result["content"][0]["text"]
        assert not result.get("isError"), f"{tool}: {text}"
        return json.loads(text)

    def _write(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()


@pytest.fixture
def server(box: Sandbox, npm: Npm) -> Iterator[Server]:
    program = npm.folder / "node_modules/@supabase/mcp-server-supabase/dist/cli.js"
    words = ["node", str(program), "--api-url", box.api_url, f"--features={FEATURES}"]
    process = subprocess.Popen(
        [*words, "--access-token", box.access_token],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    server = Server(process)
    server.start()
    yield server
    process.communicate(timeout=10)


def settled(server: Server, main: str, name: str) -> dict[str, Any]:
    for _ in range(100):
        branches = server.tool("list_branches", project_id=main)["branches"]
        found: dict[str, Any] = next(each for each in branches if each["name"] == name)
        if found["status"] in {"FUNCTIONS_DEPLOYED", "MIGRATIONS_FAILED"}:
            return found
        time.sleep(0.1)
    pytest.fail(f"{name} is {found['status']}")


def test_the_tools_of_databases(box: Sandbox, server: Server) -> None:
    main = box.main.ref
    (organization,) = server.tool("list_organizations")["organizations"]
    assert server.tool("get_organization", id=organization["slug"])["plan"] == "pro"
    (project,) = server.tool("list_projects")["projects"]
    assert server.tool("get_project", id=project["ref"])["status"] == "ACTIVE_HEALTHY"
    keys = server.tool("get_publishable_keys", project_id=main)["keys"]
    assert box.main.keys.publishable in {key["api_key"] for key in keys}
    made = {"name": "made", "query": "create table public.made_by_mcp (id int)"}
    server.send("tools/call", name="apply_migration", arguments={"project_id": main, **made})
    listed = server.tool("list_migrations", project_id=main)["migrations"]
    assert listed[-1]["name"] == "made"
    tables = server.tool("list_tables", project_id=main, schemas=["public"], verbose=True)["tables"]
    assert "public.made_by_mcp" in {table["name"] for table in tables}
    assert server.tool("list_extensions", project_id=main)["extensions"]
    rows = server.tool("execute_sql", project_id=main, query="select 40 + 2 as answer")
    assert '[{"answer":42}]' in rows["result"]
    types = server.tool("generate_typescript_types", project_id=main)["types"]
    assert "made_by_mcp: {" in types
    for kind, lint in (("security", "rls_disabled_in_public"), ("performance", "no_primary_key")):
        lints = server.tool("get_advisors", project_id=main, type=kind)["result"]["lints"]
        assert lint in {each["name"] for each in lints}


def test_the_tools_of_branches(box: Sandbox, server: Server) -> None:
    main = box.main.ref
    organization = box._registry.state.organization
    cost = server.tool("get_cost", type="branch", organization_id=organization)
    agreed = server.tool("confirm_cost", **cost)["confirmation_id"]
    made = server.tool("create_branch", project_id=main, name="mcp", confirm_cost_id=agreed)
    branch = settled(server, main, "mcp")
    assert branch["status"] == "FUNCTIONS_DEPLOYED"
    for tool in ("rebase_branch", "reset_branch", "merge_branch"):
        assert server.tool(tool, branch_id=made["id"]) == {"success": True}
        time.sleep(0.2)
        settled(server, main, "mcp")
    ref = branch["project_ref"]
    assert server.tool("execute_sql", project_id=ref, query="select 1 as a")
    for tool in ("pause_project", "restore_project"):
        assert server.tool(tool, project_id=ref) == {"success": True}
    assert server.tool("delete_branch", branch_id=made["id"]) == {"success": True}
    names = {each["name"] for each in server.tool("list_branches", project_id=main)["branches"]}
    assert "mcp" not in names
