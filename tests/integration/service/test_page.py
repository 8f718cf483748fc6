"""The page without a browser: who may see it, what a form may do, and that names stay names."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from supasync import api
from supasync.config import Branch, Config, Project
from supasync.events import Verdict
from supasync.history import History
from supasync.history.model import SILENT_SECONDS
from supasync.history.postgres import Server
from supasync.history.retention import Retention
from supasync.history.sqlite import File
from supasync.service import app, token
from supasync.service.board import Finding, of_config
from supasync.service.directory import Directory
from supasync.service.jobs import durable
from supasync.service.jobs.durable import DurableJobs, Place
from supasync.service.metrics import Metrics
from supasync.service.page import sessions, tries
from supasync.service.page.plans import Plans
from supasync.service.page.routes import routes
from supasync.service.page.site import Site
from supasync.service.progress import Progress
from supasync.service.receive import Reception
from supasync.sync.record import NoStore
from tests.fix_sandbox import MakeDatabase
from tests.integration.service.conftest import Working
from tests.integration.test_rate_limit import JumpingClock
from tests.unit.history.conftest import AT, begun, keep

pytestmark = pytest.mark.asyncio(loop_scope="module")

ODD = "feature/größe & <b>?#%2F"
HOSTILE = '+ table public."><script>alert(1)</script>{{ 7 * 7 }}\u202e'
HERE = "http://supasync.test"
GIVEN = "0123456789abcdef" * 2
FORM = re.compile(r'name="form" value="([\w-]+)"')
ONCE = re.compile(r'name="once" value="([\w-]+)"')


@dataclass
class Person:
    """A browser that keeps cookies and sends Origin, as browsers do with forms."""

    http: httpx.AsyncClient
    token: str

    async def sign_in(self, given: str | None = None, back: str = "/") -> httpx.Response:
        form = {"token": self.token if given is None else given, "next": back}
        return await self.http.post("/sign-in", data=form)

    async def form(self, path: str = "/branches/testing") -> dict[str, str]:
        """The hidden fields of the page's form."""
        text = (await self.http.get(path)).text
        return {"form": FORM.findall(text)[-1], "once": ONCE.findall(text)[-1]}


@dataclass
class Service:
    """The service, with jobs whose work is the test's."""

    site: Site
    jobs: DurableJobs
    working: Working
    clock: JumpingClock
    app: object
    token: str

    def person(self, address: str = "198.51.100.7", here: str = HERE) -> Person:
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, client=(address, 1)),  # type: ignore[arg-type]
            base_url=here,
            headers={"origin": here},
        )
        return Person(http, self.token)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    folder = tmp_path_factory.mktemp("page")
    clock, working, progress = JumpingClock(), Working(), Progress()
    config = Config(
        project=Project(ref="a" * 20, api_url="http://127.0.0.1:9"),
        branches={"testing": Branch(), ODD: Branch()},
        file=folder / "config.toml",
    )
    history = History(
        File(folder / "history.sqlite"),
        earlier=folder,
        retention=Retention(days=36_500, runs=1000),
        tell=pytest.fail,
    )
    client = api.Client(
        api_url=config.project.api_url, token=SecretStr("t" * 40), production_ref="a" * 20
    )
    board, admitted = of_config(config, {}), token.of_folder(folder)
    async with (
        durable.opened(
            working, Place(file=folder / "jobs.sqlite", name="this"), debounce=0.1
        ) as jobs,
        Plans.opened(config, client, NoStore()) as plans,
    ):
        parts = app.Parts(
            reception=Reception(
                settings=config.webhooks, directory=Directory(client, config, clock), jobs=jobs
            ),
            board=board,
            jobs=jobs,
            token=admitted,
            clock=clock,
            alive=lambda: True,
            metrics=Metrics(board, client),
        )
        site = Site(parts=parts, progress=progress, history=history, plans=plans)
        served = app.application(parts, routes(site))
        yield Service(site, jobs, working, clock, served, str(admitted.fresh))


@pytest_asyncio.fixture(loop_scope="module")
async def anna(place: Service) -> AsyncIterator[Person]:
    """Somebody who is signed in."""
    person = place.person()
    async with person.http:
        assert (await person.sign_in()).status_code == 303
        yield person


async def test_a_run_of_another_machine_is_shown_as_running_until_it_is_silent(
    place: Service, make_database: MakeDatabase, tmp_path: Path
) -> None:
    url, now = make_database(), [AT]
    here, there = (
        History(
            Server(url),
            earlier=tmp_path,
            retention=Retention(days=36_500, runs=1000),
            tell=pytest.fail,
            now=lambda: now[0],
        )
        for _ in range(2)
    )
    attempt = there.begin(run := begun("elsewhere"))
    parts = place.site.parts
    site = Site(parts=parts, progress=place.site.progress, history=here, plans=place.site.plans)
    person = replace(place, app=app.application(parts, routes(site))).person()

    async def shown() -> str:
        text = (await person.http.get("/branches/testing")).text
        return text.partition(">elsewhere<")[2].partition("</tr>")[0]

    async with person.http:
        await person.sign_in()
        assert ">running<" in await shown()
        now[0] += SILENT_SECONDS + 1
        assert "its process was killed, or lost" in (silent := await shown())
        assert ">running<" not in silent
        there.beat(run, attempt)
        assert ">running<" in await shown()


async def test_nothing_is_shown_or_done_without_a_sign_in(place: Service) -> None:
    async with (person := place.person()).http as http:
        for path in ("/", "/branches/testing", "/diff/testing", "/branches/nobody"):
            answer = await http.get(path)
            assert (answer.status_code, answer.text) == (303, "")
            assert answer.headers["location"] == f"/sign-in?next={path}"
        assert (await http.get("/progress/testing")).status_code == 401
        assert (await http.post("/branches/testing", data={"do": "sync"})).status_code == 303
        http.cookies.set("supasync", "x" * 43)
        assert (await http.get("/")).status_code == 303
        for given in ("", "x", person.token[:-1], person.token + "x", "ü"):
            refused = await place.person(f"2001:db8:{len(given)}::1").sign_in(given)
            assert (refused.status_code, "This is not the token" in refused.text) == (401, True)
            assert "set-cookie" not in refused.headers
    assert await place.jobs.open() == []


async def test_a_sign_in_leads_back_and_nowhere_else(place: Service) -> None:
    async with (person := place.person()).http:
        led = await person.sign_in(back="/branches/feature/gr%C3%B6%C3%9Fe")
        assert led.headers["location"] == "/branches/feature/gr%C3%B6%C3%9Fe"
        for back in (
            "//evil.test",
            "https://evil.test/",
            "/\\evil.test",
            "evil",
            "/\r\nx: y",
            "//[",
            "",
        ):
            assert (await person.sign_in(back=back)).headers["location"] == "/"


async def test_who_comes_from_elsewhere_is_led_on_once(place: Service) -> None:
    """The cookie does not come with a link from another site, and comes from the sign-in page."""
    async with place.person().http as http:
        from_chat = await http.get(
            "/sign-in?next=/branches/testing", headers={"sec-fetch-site": "cross-site"}
        )
        assert '<a href="/branches/testing" data-go-on>' in from_chat.text
        from_here = await http.get(
            "/sign-in?next=/branches/testing", headers={"sec-fetch-site": "same-origin"}
        )
        assert "data-go-on" not in from_here.text


async def test_the_cookie_is_kept_from_scripts_and_other_sites(place: Service) -> None:
    async with (person := place.person()).http:
        plain = (await person.sign_in()).headers["set-cookie"]
    async with (person := place.person(here="https://supasync.test")).http:
        secure = (await person.sign_in()).headers["set-cookie"]
        assert (await person.http.get("/")).status_code == 200
    assert plain.startswith("supasync=")
    assert "Secure" not in plain
    assert secure.startswith("__Host-supasync=")
    assert "; Secure" in secure
    for cookie in (plain, secure):
        assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/;", "Max-Age"))
        assert place.token not in cookie


async def test_who_is_often_wrong_waits(place: Service) -> None:
    async with (
        (guessing := place.person("2001:db8:f::1")).http,
        (near := place.person("2001:db8:f::2")).http,
        (elsewhere := place.person("2001:db8:f:1::1")).http,
    ):
        wrong = [(await guessing.sign_in("x")).status_code for _ in range(tries.MOST + 1)]
        assert wrong == [401] * tries.MOST + [429]
        refused = await near.sign_in()  # the right one, from the same network
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
        assert (await elsewhere.sign_in()).status_code == 303
        place.clock.ahead += tries.WITHIN_SECONDS
        assert (await guessing.sign_in()).status_code == 303


async def test_a_session_ends(place: Service) -> None:
    async with (leaving := place.person()).http, (staying := place.person()).http:
        await leaving.sign_in()
        await staying.sign_in()
        kept = leaving.http.cookies["supasync"]
        form = {"form": (await leaving.form())["form"]}
        assert (await leaving.http.post("/sign-out", data={"form": "x"})).status_code == 403
        out = await leaving.http.post("/sign-out", data=form)
        assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
        leaving.http.cookies.set("supasync", kept)  # a copy of it
        assert (await leaving.http.get("/")).status_code == 303
        assert (await staying.http.get("/")).status_code == 200
        place.clock.ahead += sessions.LASTS_SECONDS
        assert (await staying.http.get("/")).status_code == 303


async def test_machines_with_the_same_token_have_the_same_sessions(place: Service) -> None:
    def machine(admitted: token.Token) -> Service:
        parts = replace(place.site.parts, token=admitted)
        site = Site(
            parts=parts,
            progress=place.site.progress,
            history=place.site.history,
            plans=place.site.plans,
        )
        return replace(place, app=app.application(parts, routes(site)), token=GIVEN)

    shared = token.Token(GIVEN, None)
    one, other, stranger = (machine(each) for each in (shared, shared, token.Token("x" * 32, None)))
    async with (here := one.person()).http, (there := other.person()).http:
        await here.sign_in()
        cookie = here.http.cookies["supasync"]
        there.http.cookies.set("supasync", cookie)
        fields = {**await here.form(), "do": "drop"}
        answer = await there.http.post("/branches/testing", data=fields)
        assert answer.status_code == 400  # the form is ours; there is no such thing to do
        async with stranger.person().http as http:
            http.cookies.set("supasync", cookie)
            assert (await http.get("/")).status_code == 303
        ends, rest = cookie.split(".", 1)
        for forged in (f"{int(ends) + 1}.{rest}", cookie[:-1], rest, "..", f"{cookie}.x", "1.x."):
            there.http.cookies.set("supasync", forged)
            assert (await there.http.get("/")).status_code == 303, forged


async def test_only_a_form_of_this_session_does_something(place: Service, anna: Person) -> None:
    async with (other := place.person()).http:
        await other.sign_in()
        theirs = (await other.form())["form"]
    mine = {**await anna.form(), "do": "sync"}

    async def sent(fields: dict[str, str], **headers: str) -> int:
        post = anna.http.post("/branches/testing", data=fields, headers=headers)
        return (await post).status_code

    assert await sent({**mine, "form": theirs}) == 403
    assert await sent({**mine, "form": ""}) == 403
    assert await sent({"do": "sync"}) == 403
    for origin in ("http://evil.test", "http://supasync.test:81", "null", "", "http://["):
        assert await sent(mine, origin=origin) == 403
    assert await sent({**mine, "do": "drop"}) == 400
    assert await sent({**mine, "once": "'"}) == 400
    assert await sent({**mine, "more": "x" * 20_000}) == 413
    plain = {"content-type": "text/plain"}
    answer = await anna.http.post("/branches/testing", content="do=sync", headers=plain)
    assert answer.status_code == 415
    assert (await anna.http.post("/branches/nobody", data=mine)).status_code == 404
    async with (stranger := place.person()).http:
        signing = stranger.http.post("/sign-in", headers={"origin": "http://evil.test"})
        assert (await signing).status_code == 403
    assert await place.jobs.open() == []


async def test_each_button_is_a_job_and_a_form_sent_twice_is_one(
    place: Service, anna: Person
) -> None:
    path = "/branches/" + quote(ODD)
    fields = await anna.form(path)
    for do in ("sync", "sync", "dry-run", "reseed", "undo"):
        led = await anna.http.post(path, data={**fields, "do": do})
        assert led.status_code == 303, led.text
        shown = await anna.http.get(led.headers["location"])
        assert f"{do}: " in shown.text
    found = sorted((job.branch, job.action, job.trigger) for job in await place.jobs.open())
    actions = ("dry-run", "reseed", "sync", "undo")
    assert found == [(ODD, action, "manual") for action in actions]
    followed = asyncio.create_task(anna.http.get(path.replace("/branches/", "/progress/", 1)))
    await asyncio.sleep(0)
    place.working.go.set()
    events = await followed
    assert events.headers["content-type"].startswith("text/event-stream")
    assert events.text.endswith("event: over\ndata:\n\n")
    assert "(manual)" in events.text
    assert await place.jobs.open() == []
    assert place.working.most == 1
    assert " ended: Synced" in (await anna.http.get(led.headers["location"])).text


async def test_every_answer_tells_the_browser_what_not_to_do(place: Service, anna: Person) -> None:
    paths = ("/", "/branches/testing", "/branches/nobody", "/sign-in", "/nothing", "/healthz")
    answers = [await anna.http.get(path) for path in (*paths, "/api/branches", "/static/page.css")]
    answers.append(await anna.http.put("/"))
    answers.append(await anna.http.get("/static/../routes.py"))
    assert [each.status_code for each in answers] == [
        200,
        200,
        404,
        200,
        404,
        200,
        401,
        200,
        405,
        404,
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        static = answer.url.path.startswith("/static/") and answer.status_code == 200
        assert answer.headers["cache-control"] == ("no-cache" if static else "no-store")
        assert place.token not in answer.text


class Seen(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_names_stay_names_and_nothing_comes_from_elsewhere(
    place: Service, anna: Person
) -> None:
    place.site.board.found(
        Finding(
            branch=ODD,
            verdict=Verdict.OUT_OF_SYNC,
            reason="<img src=x onerror=alert(1)>",
            objects=(HOSTILE,),
            at=place.clock.now(),
        )
    )
    place.site.board.waits(ODD, "<svg onload=alert(1)>")
    overview = await anna.http.get("/")
    [link] = re.findall(r'href="(/branches/feature[^"]+)"', overview.text)
    page = await anna.http.get(link)
    assert page.status_code == 200
    assert HOSTILE.replace("\u202e", "\\u202e") in Seen(page.text).text
    for answer in (overview, page):
        seen = Seen(answer.text)
        assert ODD in seen.text
        scripts = [attributes for tag, attributes in seen.tags if tag == "script"]
        assert scripts == [{"src": "/static/page.js", "defer": None}]
        for tag, attributes in seen.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            for name in ("src", "href", "action"):
                assert (attributes.get(name) or "/").startswith(("/", "#")), (tag, attributes)


async def test_without_javascript_it_is_all_there_and_loads_anew(
    place: Service, anna: Person
) -> None:
    at = place.clock.now()
    for n in range(3):
        run = begun(f"run-{n}", at=at - 100 + n, trigger="drift")
        how = {"verdict": Verdict.UNKNOWN, "code": 7} if n == 1 else {}
        keep(place.site.history, run, seconds=2.0 + n, **how)
    place.site.board.found(Finding(branch="testing", verdict=Verdict.SYNCED, at=at - 90))
    overview, page = (
        (await anna.http.get("/")).text,
        (await anna.http.get("/branches/testing")).text,
    )
    for text in (overview, page):
        assert '<noscript><meta http-equiv="refresh"' in text
        assert "1 min ago" in text
        assert "Synced" in text
        assert "Healthy" in text
    seen = Seen(page)
    assert "67 %" in seen.text
    assert "the seed failed" in seen.text
    assert "admin@example.test" in seen.text
    assert "a real session was made" in seen.text
    bars = [attributes for tag, attributes in seen.tags if tag == "rect"]
    assert [bar["class"] for bar in bars] == ["good", "bad", "good"]
    assert [float(bar["height"] or 0) for bar in bars] == [50.0, 75.0, 100.0]
    assert "a secret" not in page
