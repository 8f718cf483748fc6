"""The report as the command writes it and as a browser shows it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.conftest import CONFIG, Team
from tests.fix_browser import PHONE, PICTURES

HOSTILE = "<img src=x onerror=document.title='obeyed'>"
DRIFT = f"""
create table public.ships (id bigint primary key, name text not null, flag char(2));
create table public.voyages (id bigint primary key, begun date,
  ship_id bigint not null references public.ships (id),
  before_id bigint references public.voyages (id));
create table public.berths (ship_id bigint references public.ships (id),
  user_id bigint constraint "{HOSTILE}" references public.users (id));
alter table public.users add column nickname text, add column "{HOSTILE}" int,
  add column ship_id bigint references public.ships (id);
create or replace view public.admins with (security_invoker = true) as
  select id, email from public.users where role = 'admin' and is_active;
create function public.crew_of(ship bigint) returns bigint language sql stable as $$
  select count(*) from public.users u where u.ship_id = ship
$$;
"""
UNDO = """
drop function public.crew_of; alter table public.users drop column ship_id;
drop table public.berths, public.voyages, public.ships;
create or replace view public.admins with (security_invoker = true) as
  select id, email from public.users where role = 'admin';
"""


def test_the_report_in_a_browser(synced: Team, browser: Browser) -> None:
    synced.sql("testing", "create table public.gone (id int primary key, note text)")
    synced.sql("testing", "grant select on public.gone to anon; revoke select on users from anon")
    synced.write("config.toml", CONFIG + "\n[branches.missing]\n")
    synced.main_sql(DRIFT)
    try:
        done = synced("report", "--html", "r.html", "testing", "missing")
    finally:
        synced.main_sql(UNDO + f'alter table users drop nickname, drop "{HOSTILE}"')
    assert (done.code, done.out) == (3, ""), done.err
    page = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme="light")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda told: pytest.fail(told.text) if told.type == "error" else None)
    page.goto((synced.folder / "r.html").as_uri())
    assert (len(asked), "obeyed" in page.title()) == (1, False), asked
    assert page.locator("img, script, link").count() == 0
    assert page.locator("table.status .verdict").all_inner_texts() == ["OutOfSync", "Unknown"]
    shown = page.locator(".sides").all_inner_texts()
    assert any('create table "public"."voyages"' in text for text in shown), shown
    assert any(HOSTILE in text for text in shown)
    names = " ".join(page.locator(".box title").all_text_contents())
    for name, how in {"ships": "new", "gone": "dropped", "users": "changed"}.items():
        assert f"public.{name} ({how})" in names
    assert page.locator(".edge.new").count() == 5
    assert page.locator(".heat td.wider").count() > 0
    assert page.locator("rect.good").count() == 1
    assert any("data-loss" in text for text in page.locator(".hazard").all_inner_texts())
    photographed(page)


def photographed(page: Page) -> None:
    """In light, dark, on a phone and in print, each without scrolling sideways."""
    PICTURES.mkdir(exist_ok=True)
    for name, scheme, size in (
        ("light", "light", {"width": 1200, "height": 900}),
        ("dark", "dark", {"width": 1200, "height": 900}),
        ("phone", "light", PHONE),
    ):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], name
        page.screenshot(path=PICTURES / f"report-{name}.png", full_page=True)
    page.pdf(path=PICTURES / "report.pdf")


def test_a_report_of_what_is_in_sync(synced: Team) -> None:
    done = synced("report", "--html", "-", "testing")
    assert done.code == 0, done.err
    assert re.findall(r'class="verdict (\w+)"', done.out) == ["Synced", "Synced"]
    assert "What a sync would change" not in done.out
    assert "own diff was not asked" in done.out
    asked = synced("report", "--html", "-", "--witness", "testing")
    assert asked.code == 0, asked.err
    assert "own diff sees no difference either" in asked.out


def test_without_jinja_a_report_says_what_to_install(team: Team) -> None:
    """In an interpreter that cannot find it, as where the extra was not installed."""
    command = [sys.executable, "-c", BLOCKED, "report", "--html", "r.html"]
    done = subprocess.run(
        command, cwd=team.folder, env=team.env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "A report needs Jinja, which is not installed" in done.stderr
    assert "pip install 'supasync[report]'" in done.stderr
    assert "Traceback" not in done.stderr


BLOCKED = """
import sys
from importlib.machinery import PathFinder
find_spec = PathFinder.find_spec
PathFinder.find_spec = lambda name, path=None, target=None: (
    None if name.partition(".")[0] == "jinja2" else find_spec(name, path, target))
from supasync.cli.main import main
main()
"""


def test_what_cannot_be_reported_leaves_no_file(team: Team) -> None:
    for code, *arguments in ((2, "no/where.html"), (4, "r.html", "main"), (2,)):
        html = ["--html", arguments[0]] if arguments else []
        done = team("report", *html, *arguments[1:])
        assert (done.code, "Traceback" in done.err) == (code, False), done.err
    assert not Path(team.folder / "r.html").exists()
