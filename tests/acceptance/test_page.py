"""The page in a real browser: what somebody sees and presses, and what becomes of the branch."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import count

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from supasync.sandbox import Sandbox
from tests.acceptance.conftest import PASSWORD, Team
from tests.acceptance.test_serve import HELD, WAITING, Service, until
from tests.fix_browser import PHONE, PICTURES

HOSTILE = "<img src=x onerror=document.title='obeyed'>"
CONFIG = """
[project]
ref = "env(SUPABASE_PROJECT_REF)"

[branches.testing]

[branches.preview]
auto_sync_schema = false

[seed]
paths = ["seeds/*.sql"]
function = "public.reseed"

[[test_users]]
email = "admin@example.test"
role = "admin"
login = "password"
password = "env(ADMIN_PASSWORD)"

[profiles]
table = "public.users"

[watch]
interval = 5

[[watch.deny]]
cron = "* * * * *"
minutes = 60

[serve]
port = 0
"""

_numbers = count(1)


@pytest.fixture(scope="module")
def service(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One that begins nothing by itself."""
    team = Team(box, tmp_path_factory.mktemp("page"))
    team.write("config.toml", CONFIG)
    team.write("seeds/30_held.sql", WAITING)
    assert team("branches", "sync", "testing", "--prune").code == 0
    yield Service(team)
    team.close()


def token(service: Service) -> str:
    return (service.team.folder / ".supasync/serve-token").read_text().strip()


def signed_in(service: Service, browser: Browser, path: str) -> Page:
    """A page of a new person, who came to it by way of the sign-in; a fault of a script, and what
    the policy forbids, fails the test."""
    page = browser.new_context(base_url=service.url).new_page()
    page.on("console", lambda told: pytest.fail(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(path)
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.get_by_label("Token")).to_be_focused()
    page.keyboard.type(token(service))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{path}$"))
    return page


def pictured(page: Page, name: str) -> None:
    """Kept to be looked at: light on a desk, dark on a phone. Nothing is wider than either."""
    PICTURES.mkdir(exist_ok=True)
    desk = page.viewport_size
    assert desk is not None
    for where, size, scheme in (("phone", PHONE, "dark"), ("desk", desk, "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=PICTURES / f"{name}-{where}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


def test_a_difference_is_seen_synced_and_watched(service: Service, browser: Browser) -> None:
    team, column = service.team, f"seen_{next(_numbers)}"
    team.main_sql(f"alter table public.users add column {column} text")
    team.main_sql(f'create table public."{HOSTILE}" ()')
    until(lambda: service.get("/api/branches/testing")["drift"] == 2)
    page = signed_in(service, browser, "/")
    row = page.get_by_role("row", name="testing")
    expect(row).to_contain_text("OutOfSync")
    expect(row).to_contain_text("outside the sync windows")
    pictured(page, "branches")

    page.get_by_role("link", name="testing").press("Enter")
    page.get_by_role("link", name="As SQL").press("Enter")
    sql = page.get_by_label("SQL", exact=True)
    expect(sql).to_contain_text(f'alter table "public"."users" add column "{column}" text')
    expect(sql).to_contain_text(f'create table "public"."{HOSTILE}"')
    pictured(page, "difference")
    assert page.title() == "Differences of testing · supasync"

    page.get_by_role("navigation").get_by_role("link", name="testing").click()
    with psycopg.connect(team.box.branches["testing"].db_url) as holder:
        holder.execute("select pg_advisory_lock(%s)", (HELD,))  # until the block ends
        page.get_by_role("button", name="Sync").press("Enter")
        live = page.locator("#live")
        expect(live).to_contain_text("sync (manual) running")
        expect(live.locator(".doing")).to_contain_text("seed")
        expect(page.locator("#state")).to_contain_text("Progressing")
        pictured(page, "running")
    expect(live.locator(".phases")).to_contain_text("one transaction, proved")
    expect(page.locator("#state")).to_contain_text("Synced")
    expect(page.locator("#state")).to_contain_text("Healthy")
    run = live.locator("code").first.inner_text()
    expect(page.locator("#logins")).to_contain_text(run)
    expect(page.get_by_role("row", name="admin@example.test")).to_contain_text("a real session")
    expect(page.locator("#history").get_by_role("row", name=run)).to_contain_text("manual")
    pictured(page, "synced")
    assert column in team.dump("testing")
    for secret in (token(service), PASSWORD, team.box.access_token):
        assert secret not in page.content()


def test_without_javascript_its_forms_do_the_rest(service: Service, browser: Browser) -> None:
    """A dry run, a new seed and an undo, as a browser without scripts sends them."""
    team = service.team
    team.main_sql(f"alter table public.users add column plain_{next(_numbers)} text")
    team.sql("testing", "delete from public.users where email = 'crew@example.test' returning 1")
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/branches/testing")
    page.get_by_label("Token").fill(token(service))
    page.get_by_role("button", name="Sign in").click()

    def ended(action: str) -> None:
        asked = page.get_by_role("status")
        end = time.monotonic() + 60
        while f"{action} ended" not in asked.inner_text():
            assert time.monotonic() < end, page.content()
            page.wait_for_timeout(500)  # as an address may only ask so often
            answer = page.reload()
            assert answer is not None
            assert answer.status == 200, answer.text()

    page.get_by_role("button", name="Dry run").click()
    ended("dry-run")
    expect(page.locator("#live")).to_contain_text("+ column public.users.plain_")
    page.get_by_text("Reseed …").click()
    page.get_by_role("button", name="Reseed testing").click()
    ended("reseed")
    rows = "select count(*) from public.users where email = 'crew@example.test'"
    assert team.sql("testing", rows) == 1
    page.get_by_text("Undo …").click()
    page.get_by_role("button", name="Undo the last sync").click()
    ended("undo")
    expect(page.locator("#live")).to_contain_text("the schema is what it was before the sync")
    page.goto("/branches/preview")
    page.get_by_role("button", name="Sync").click()
    ended("sync")  # there is no table to seed, and auto_sync_schema = false makes none
    expect(page.get_by_role("status")).to_contain_text("public.users")
    expect(page.locator("#state")).to_contain_text("OutOfSync")
    expect(page.locator("#state")).to_contain_text("Degraded")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    assert httpx.get(f"{service.url}/branches/testing").status_code == 303
