"""One fault at one step of a sync, and what has to be true after it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from supasync import errors
from supasync.sync.context import Options
from supasync.sync.job import SYNC, Job
from tests.faults.harms import Fault, Scene
from tests.faults.proxy import Request
from tests.faults.running import Told
from tests.faults.steps import AUTH_STEPS, UPLOAD, WITNESS
from tests.faults.team import PASSWORD, USERS, Facts, Team

UNFORESEEN = "This is a fault of supasync"


@dataclass(frozen=True)
class Case:
    """stays: everything from that step on fails, until the run's end."""

    step: str
    fault: Fault
    stays: bool = False

    @property
    def leases_left(self) -> bool:
        """Whether the lease may be left to end by itself."""
        return self.stays or self.fault.kills

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
    after = team.prepare(
        schema=case.step not in AUTH_STEPS,
        users=case.step in {"mend users", "create user", "link the profiles"},
        large=case.step == UPLOAD,
    )
    told = suffer(team, case, Options(witness=case.step == WITNESS))
    assert team.proxy.harmed, f"no request for {case.step}: {team.proxy.seen}"
    now = judge(team, case, told, earlier, after)
    if told is None or told.code or not _settled(team, now, after):
        lease_ends(team, may_be_left=case.leases_left)
        _converges(team, after)
    schema = "after" if now.dump == after else "before"
    if told is None:
        return f"killed, {schema}"
    return "synced" if told.code == 0 else f"{schema}, {told.code}"


def suffer(team: Team, case: Case, options: Options | None = None, job: Job = SYNC) -> Told | None:
    """The run to which it happens. None: it was killed."""
    scene = Scene(team)
    team.proxy.expect(case.step, case.fault.make(scene), lasting=case.stays)
    if case.fault.apart:
        scene.process = team.machine.start(job, options)
        told = scene.process.wait()
    else:
        told = team.machine.run(job, options)
    team.proxy.settled()
    for clear in scene.cleared:
        clear()
    return told


def judge(team: Team, case: Case, told: Told | None, earlier: Facts, after: str) -> Facts:
    """What is so after a run, whatever happened to it. after: the dump it was to lead to."""
    harmed, arrived = team.proxy.harmed, list(team.proxy.arrived)
    team.proxy.expect()
    now = team.facts()
    applied = now.applied - earlier.applied
    assert applied in (0, 1), "applied twice"
    assert now.dump == (after if applied else earlier.dump), "neither before nor after"
    assert not now.strays, "a past schema of what did not happen"
    assert now.seeds - earlier.seeds == now.journaled - earlier.journaled <= 1
    _done_once(arrived)
    assert (told is None) == bool(case.fault.kills and harmed)
    if told is None:
        assert team.history()[-1]["run"]["exit_code"] is None, "its end is not known"
    else:
        _truth(team, told, now, applied=bool(applied), certain=not (case.stays and harmed))
        if told.code == 0:
            assert now.dump == after
            assert told.document["run"]["command"] == "branches undo" or now.seeds > earlier.seeds
    return now


def _done_once(arrived: Sequence[tuple[Request, int]]) -> None:
    """What reached the platform and was carried out."""
    done = [request for request, status in arrived if 200 <= status < 300]
    for step in ("apply", "seed"):
        assert sum(each.step == step for each in done) <= 1, f"{step} was carried out twice"
    created = [request.body for request in done if request.step == "create user"]
    assert len(created) == len(set(created))


def _truth(team: Team, told: Told, now: Facts, *, applied: bool, certain: bool) -> None:
    """What the run has told is so. certain: it could find out."""
    branch, text = told.branch, json.dumps(told.document)
    if branch["error"]:
        assert branch["remedy"] != UNFORESEEN, branch["reason"]
        assert issubclass(getattr(errors, branch["error"]), errors.SupasyncError), branch["reason"]
    assert (told.code == 0) == (not branch["reason"]), branch["reason"]
    if told.code == 0 and branch["verdict"] is not None:
        assert branch["verdict"] == "Synced"
        assert (now.accounts, now.linked) == (USERS, USERS)
    if branch["changed"] or certain or branch["verdict"] == "OutOfSync":
        assert branch["changed"] == applied, (branch["verdict"], branch["reason"])
    assert branch["code"] == told.code == told.document["run"]["exit_code"]
    if told.kept:
        assert team.history()[-1] == json.loads(text)
    for secret in (PASSWORD, team.env["SUPABASE_ACCESS_TOKEN"], team.branch.keys.service_role):
        assert secret not in text
    assert "eyJ" not in text, "a token"


def lease_ends(team: Team, *, may_be_left: bool) -> None:
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
    assert told.kept
    facts = team.facts()
    assert _settled(team, facts, after), "the next sync did not set it right"


def _settled(team: Team, facts: Facts, after: str) -> bool:
    """Whether nothing is left to do; it is then what the next case begins with."""
    team.now = facts
    same = (facts.dump, facts.accounts, facts.linked, facts.seeds) == (
        after,
        USERS,
        USERS,
        facts.journaled,
    )
    return same and not team.held
