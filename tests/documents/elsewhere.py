"""The blocks that no test here runs, by their page and first line, each with the reason."""

from __future__ import annotations

from typing import Final

INSTALLS = "installs from a network"
LASTS = "takes minutes or hours, and has tests of its own"
ACCOUNT = "wants an account on the hosted platform"
OTHERS = "needs programs that are not ours"
MACHINE = "changes the machine, or wants Docker or systemd"
SECOND = "starts further sandboxes; tests/acceptance does"

ELSEWHERE: Final = {
    ("README.md", "git clone https://github.com/supasync/supasync"): INSTALLS,
    ("README.md", "scripts/demo    # the story, in a sandbox on this machine"): LASTS,
    ("docs/tutorial/first-sync.md", "git clone https://github.com/supasync/supasync"): INSTALLS,
    ("docs/how-to/going-live.md", "git clone https://github.com/supasync/supasync"): INSTALLS,
    ("docs/how-to/going-live.md", "export SUPABASE_ACCESS_TOKEN=sbp_…"): ACCOUNT,
    ("docs/how-to/webhooks.md", "export GITHUB_WEBHOOK_SECRET=$(openssl rand -hex 32)"): OTHERS,
    ("docs/how-to/deployment.md", "docker build --tag supasync:local ."): MACHINE,
    ("docs/how-to/deployment.md", "cd deploy                  # put the variables into .env, your "
     "branches into deploy/config.toml"): MACHINE,
    ("docs/how-to/deployment.md", "python3 -m venv /opt/supasync"): MACHINE,
    ("docs/how-to/several-machines.md", "supasync jobs take-over worker-2    # its [serve] name"):
        OTHERS,
    ("docs/how-to/drill.md", "supasync drill rehearsal --create    # a branch of its own, which is "
     "deleted afterwards"): LASTS,
    ("docs/how-to/dump.md", "psql -X -1 -v ON_ERROR_STOP=1 -f schema.sql postgresql://…/empty"):
        OTHERS,
    ("docs/how-to/reports.md", "jq -S 'del(.signature)' testing.json > body"): OTHERS,
    ("docs/how-to/sandbox.md", "supasync sandbox up                                     # with an "
     "example's schema; until Ctrl-C"): SECOND,
    ("docs/how-to/sandbox.md", "cat > sandbox.yaml <<EOF"): OTHERS,
    ("docs/how-to/sandbox.md", 'curl -H "Authorization: Bearer $STEERING_TOKEN" -d '
     "'{\"advance\": 45}' \"$STEERING_URL/clock\""): SECOND,
    ("docs/benchmarks.md", "scripts/bench                    # 200 tables, 5 rounds"):
        LASTS,
    ("docs/benchmarks.md", "scripts/bench --validate --rounds 3"): LASTS,
    ("docs/benchmarks.md", "scripts/bench sandbox                    # 20 branches"):
        LASTS,
    ("docs/benchmarks.md", "scripts/bench serve                                   # 50 "
     "branches, 10,000 deliveries, 10 kills"): LASTS,
    ("docs/how-to/ci.md", "pip install git+https://github.com/supasync/supasync@v0.1.0"): INSTALLS,
    ("docs/how-to/traces.md", "pip install './supasync[otel]'        # the container's image has "
     "it"): INSTALLS,
    ("docs/evidence/comparison.md", "scripts/bench peers --page              # a twentieth of the "
     "cases, 100 tables; ten minutes at most"): LASTS,
    ("docs/evidence/mutation-testing.md", "scripts/mutation          # mutmut 3.8.1, Python 3.11; "
     "[tool.mutmut] in pyproject.toml names the tests"): LASTS,
}  # fmt: skip
