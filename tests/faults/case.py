"""One fault at one step of a sync, and what has to be true after it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from supasync import errors
from supasync.sync.context import Options
from tests.faults.harms import Fault, Scene
from tests.faults.proxy import Request
from tests.faults.running import Told
from tests.faults.steps import UPLOAD, WITNESS
from tests.faults.team import PASSWORD, USERS, Facts, Team

UNFORESEEN = "This is a fault of supasync"


@dataclass(frozen=True)
class Case:
    """stays: everything from that step on fails, until the run's end."""

    step: str
    fault: Fault
    stays: bool = False

    def __str__(self) -> str:
        return f"{self.step}: {self.fault.name}{', for good' if self.stays else ''}"


def carry_out(team: Team, case: Case) -> str:
    """Returns what came of it: `synced`, or `before` or `after` with the exit code, or `killed`."""
    try:
        return _carry_out(team, case)
    except AssertionError:
        team.proxy.expect()
        team.time_passes()
        team.machine.run()  # so that the next case begins as it should
        team.now = team.facts()
        raise


def _carry_out(team: Team, case: Case) -> str:
    earlier = team.now
    after = team.prepare(users=case.step == "create user", large=case.step == UPLOAD)
    options = Options(witness=case.step == WITNESS)
    scene = Scene(team)
    team.proxy.expect(case.step, case.fault.make(scene), lasting=case.stays)
    if case.fault.apart:
        scene.process = team.machine.start(options)
        told = scene.process.wait()
    else:
        told = team.machine.run(options=options)
    team.proxy.settled()
    assert team.proxy.harmed, f"no request for {case.step}: {team.proxy.seen}"
    arrived, _ = list(team.proxy.arrived), team.proxy.expect()
    for clear in scene.cleared:
        clear()
    now = team.facts()
    assert now.dump in (earlier.dump, after), "neither before nor after"
    applied = now.dump == after
    _done_once(arrived)
    assert now.applied - earlier.applied == applied, "the journal does not tell what was applied"
    assert not now.strays, "a past schema of what did not happen"
    assert now.seeds - earlier.seeds == now.journaled - earlier.journaled <= 1
    assert (told is None) == case.fault.kills
    if told is not None:
        _truth(team, told, earlier, now, applied=applied, certain=not case.stays)
    _lease_ends(team, may_be_left=case.stays or case.fault.leases_left)
    _converges(team, after)
    if told is None:
        return f"killed, {'after' if applied else 'before'}"
    return "synced" if told.code == 0 else f"{'after' if applied else 'before'}, {told.code}"


def _done_once(arrived: Sequence[tuple[Request, int]]) -> None:
    """What reached the platform and was carried out."""
    done = [request for request, status in arrived if 200 <= status < 300]
    for step in ("apply", "seed"):
        assert sum(each.step == step for each in done) <= 1, f"{step} was carried out twice"
    created = [request.body for request in done if request.step == "create user"]
    assert len(created) == len(set(created))


def _truth(
    team: Team, told: Told, earlier: Facts, now: Facts, *, applied: bool, certain: bool
) -> None:
    """What the run has told is so. certain: it could find out."""
    branch, text = told.branch, json.dumps(told.document)
    if branch["error"]:
        assert branch["remedy"] != UNFORESEEN, branch["reason"]
        assert issubclass(getattr(errors, branch["error"]), errors.SupasyncError), branch["reason"]
    if told.code == 0:
        assert (applied, branch["verdict"], branch["changed"]) == (True, "Synced", True)
        assert now.seeds == earlier.seeds + 1
        assert now.accounts == USERS
    assert (told.code == 0) == (not branch["reason"]), branch["reason"]
    if branch["verdict"] == "Synced":
        assert applied
    if branch["changed"] or certain or branch["verdict"] != "Unknown":
        assert branch["changed"] == applied, (branch["verdict"], branch["reason"])
    assert branch["code"] == told.code == told.document["run"]["exit_code"]
    if told.kept:
        assert team.history()[-1] == json.loads(text)
    for secret in (PASSWORD, team.env["SUPABASE_ACCESS_TOKEN"], team.branch.keys.service_role):
        assert secret not in text
    assert "eyJ" not in text, "a token"


def _lease_ends(team: Team, *, may_be_left: bool) -> None:
    """It is given back, or the next sync says who has it, and it ends by itself."""
    if not team.held:
        return
    assert may_be_left, "the lease was not given back"
    told = team.machine.run()
    assert told.code == errors.LeaseHeld.exit_code, told.branch["reason"]
    assert "is being synced by" in told.branch["reason"]
    assert "since" in told.branch["reason"]
    assert "ends by itself at" in told.branch["remedy"]
    team.time_passes()


def _converges(team: Team, after: str) -> None:
    """The next sync, without help."""
    told = team.machine.run()
    assert told.code == 0, told.branch["reason"]
    facts = team.now = team.facts()
    assert facts.dump == after
    assert facts.accounts == USERS
    assert facts.seeds == facts.journaled
    assert not team.held
    assert told.kept
