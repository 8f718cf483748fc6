"""Rows and functions over REST, as the caller's role and under the project's policies."""

from __future__ import annotations

import httpx
import pytest
import supabase
from postgrest.exceptions import APIError

from supasync.sandbox.instance import Instance
from supasync.sandbox.rest.call import MAX_BODY_BYTES

LOGIN = {"email": "mate@ship.example", "password": "anchor-7"}
SCHEMA = """
create table public.notes (
  id int generated always as identity primary key,
  owner uuid default auth.uid(), title text not null, tags text[], meta jsonb);
alter table public.notes enable row level security;
create policy "own notes" on public.notes to authenticated
  using (owner = auth.uid()) with check (owner = auth.uid());
grant select, insert on public.notes to authenticated, service_role;
grant select on public.notes to anon;
create function public.add(a int, b int default 1) returns int language sql as 'select a + b';
create function public.joined(words text[]) returns text language sql
  as $$ select array_to_string(words, ' ') $$;
create function public.titles(prefix text) returns table (id int, title text) language sql
  as $$ select id, title from public.notes where starts_with(title, prefix) order by id $$;
create function public.newest() returns public.notes language sql
  as $$ select * from public.notes order by id desc limit 1 $$;
create function public.nothing() returns void language sql as '';
"""


@pytest.fixture
async def notes(project: Instance, admin: supabase.AsyncClient) -> supabase.AsyncClient:
    """The service_role's client, over a table with three notes, two of a user's."""
    project.cluster.execute(SCHEMA)
    made = await admin.auth.admin.create_user({**LOGIN, "email_confirm": True})
    mine = [{"title": f"log {n}", "tags": ["a", "b"], "owner": made.user.id} for n in (1, 2)]
    await admin.table("notes").insert([*mine, {"title": "not yours"}]).execute()
    return admin


async def test_policies_decide_by_who_logged_in(
    notes: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    anonymous = await client.table("notes").select("*").execute()
    await client.auth.sign_in_with_password(LOGIN)
    own = await client.table("notes").select("title").order("id", desc=True).execute()
    every = await notes.table("notes").select("id", count="exact").limit(1).execute()

    assert anonymous.data == []
    assert own.data == [{"title": "log 2"}, {"title": "log 1"}]
    assert (len(every.data), every.count) == (1, 3)


async def test_filters_and_columns(notes: supabase.AsyncClient) -> None:
    table = notes.table("notes")
    by_value = await table.select("id, name:title").eq("title", "log 1").execute()
    by_list = await notes.table("notes").select("id").in_("title", ["log 1", "log 2"]).execute()
    without = await notes.table("notes").select("title").is_("owner", "null").execute()
    negated = await notes.table("notes").select("title").not_.like("title", "log%").execute()
    ranged = await notes.table("notes").select("id::text").gt("id", 1).lte("id", 2).execute()

    assert by_value.data == [{"id": 1, "name": "log 1"}]
    assert by_list.data == [{"id": 1}, {"id": 2}]
    assert without.data == negated.data == [{"title": "not yours"}]
    assert ranged.data == [{"id": "2"}]


async def test_one_row_or_an_error(notes: supabase.AsyncClient) -> None:
    one = await notes.table("notes").select("title").eq("id", 3).single().execute()
    with pytest.raises(APIError) as caught:
        await notes.table("notes").select("title").single().execute()

    assert one.data == {"title": "not yours"}
    assert caught.value.code == "PGRST116"
    assert caught.value.details == "The result contains 3 rows"


async def test_an_insert_returns_what_was_made(
    notes: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    answer = await client.auth.sign_in_with_password(LOGIN)
    assert answer.user is not None

    made = await client.table("notes").insert({"title": "new", "meta": {"n": 1}}).execute()

    assert made.data == [
        {"id": 4, "owner": answer.user.id, "title": "new", "tags": None, "meta": {"n": 1}}
    ]


async def test_functions_take_named_arguments(notes: supabase.AsyncClient) -> None:
    assert (await notes.rpc("add", {"a": 2, "b": 3}).execute()).data == 5
    assert (await notes.rpc("add", {"a": 2}, get=True).execute()).data == 3
    assert (await notes.rpc("joined", {"words": ["on", "deck"]}).execute()).data == "on deck"
    assert (await notes.rpc("titles", {"prefix": "log"}).execute()).data == [
        {"id": 1, "title": "log 1"},
        {"id": 2, "title": "log 2"},
    ]
    assert (await notes.rpc("newest").execute()).data["title"] == "not yours"


async def test_a_function_without_a_result_answers_nothing(
    notes: supabase.AsyncClient, admin_http: httpx.AsyncClient
) -> None:
    answer = await admin_http.post("/rest/v1/rpc/nothing", json={})

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/rest/v1/absent", (404, "PGRST205")),
        ("GET", "/rest/v1/notes?select=absent", (400, "42703")),
        ("GET", "/rest/v1/notes?select=crew(name)", (400, "PGRST100")),
        ("GET", "/rest/v1/notes?select=id::int from x", (400, "PGRST100")),
        ("GET", "/rest/v1/notes?id=7", (400, "PGRST100")),
        ("GET", "/rest/v1/notes?id=eq.x", (400, "22P02")),
        ("GET", "/rest/v1/notes?limit=x", (400, "PGRST100")),
        ("GET", "/rest/v1/rpc/absent?x=1", (404, "PGRST202")),
        ("POST", "/rest/v1/notes", (401, "42501")),
        ("PATCH", "/rest/v1/notes", (405, "PGRST117")),
    ],
)
async def test_errors_have_postgrests_shape(
    notes: supabase.AsyncClient,
    anon_http: httpx.AsyncClient,
    method: str,
    path: str,
    expected: tuple[int, str],
) -> None:
    answer = await anon_http.request(method, path, json={"title": "x"} if method != "GET" else None)

    assert list(answer.json()) == ["code", "details", "hint", "message"]
    assert (answer.status_code, answer.json()["code"]) == expected


async def test_only_exposed_schemas_are_served(
    project: Instance, anon_http: httpx.AsyncClient
) -> None:
    answer = await anon_http.get("/rest/v1/users", headers={"Accept-Profile": "auth"})

    assert (answer.status_code, answer.json()["code"]) == (406, "PGRST106")


async def test_a_reader_cannot_write(
    notes: supabase.AsyncClient, project: Instance, admin_http: httpx.AsyncClient
) -> None:
    project.cluster.execute(
        "create function public.write() returns void language sql"
        " as $$ insert into public.notes (title) values ('by get') $$"
    )

    answer = await admin_http.get("/rest/v1/rpc/write")

    assert (answer.status_code, answer.json()["code"]) == (405, "25006")


async def test_a_body_beyond_the_limit_is_not_read(
    notes: supabase.AsyncClient, admin_http: httpx.AsyncClient
) -> None:
    large = b'{"title": "' + b"x" * MAX_BODY_BYTES + b'"}'

    answer = await admin_http.post("/rest/v1/notes", content=large)

    assert (answer.status_code, list(answer.json())) == (413, ["message"])
