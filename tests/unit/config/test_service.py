"""What config.toml says of the watch and the service, and how it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync import config
from supasync.errors import ConfigError

HEAD = '[project]\nref = "abcdefghijklmnopqrst"\n'
SECRET = "0123456789abcdef0123"
WHOLE = f"""{HEAD}
[watch]
interval = 30
timezone = "Europe/Berlin"
[[watch.allow]]
cron = "0 9 * * 1-5"
minutes = 480
[[watch.deny]]
cron = "0 12 * * *"
minutes = 60
[serve]
host = "0.0.0.0"
port = 9000
database_url = "env(JOBS)"
name = "one"
debounce = 2.5
[webhooks.github]
repository = "acme/app"
secret = "env(SECRET)"
[webhooks.gitlab]
repository = "acme/app"
signing_token = "whsec_c2VjcmV0"
[webhooks.bitbucket]
repository = "acme/app"
secret = "env(SECRET)"
[webhooks.supabase]
secret = "whsec_c2VjcmV0"
notify_token = "env(SECRET)"
[[notify]]
kind = "slack"
url = "env(SLACK)"
branches = ["testing"]
events = ["failed", "recovered"]
[[notify]]
kind = "webhook"
url = "https://hooks.example.test/in?key=1"
secret = "whsec_c2VjcmV0"
"""
SLACK = "https://hooks.example.test/services/T0/B0/a-secret-path"


def load(folder: Path, text: str, *, service: bool = True, **env: str) -> config.Config:
    file = folder / "config.toml"
    file.write_text(text)
    return config.load(file, env=env, service=service)


def test_whole(tmp_path: Path) -> None:
    loaded = load(tmp_path, WHOLE, SECRET=SECRET, JOBS="postgresql://u:p@h/jobs", SLACK=SLACK)
    assert loaded.watch.interval == 30
    assert [window.minutes for window in loaded.watch.allow] == [480]
    assert (loaded.serve.host, loaded.serve.port, loaded.serve.debounce) == ("0.0.0.0", 9000, 2.5)
    assert loaded.webhooks.github is not None
    assert loaded.webhooks.github.secret.get_secret_value() == SECRET
    assert SECRET not in repr(loaded)
    assert "u:p@h" not in repr(loaded)
    chat, hook = loaded.notify
    assert (chat.url.get_secret_value(), chat.branches) == (SLACK, ("testing",))
    assert (hook.branches, hook.events) == ((), ("failed", "recovered", "drift"))
    assert "a-secret-path" not in repr(loaded)


def test_its_defaults_are_for_this_machine_alone(tmp_path: Path) -> None:
    loaded = load(tmp_path, HEAD)
    assert (loaded.serve.host, loaded.serve.database_url) == ("127.0.0.1", None)
    assert (loaded.watch.interval, loaded.webhooks) == (60, config.Webhooks())


def test_other_commands_need_none_of_its_secrets(tmp_path: Path) -> None:
    loaded = load(tmp_path, WHOLE, service=False)
    assert (loaded.webhooks, loaded.notify) == (config.Webhooks(), ())
    assert loaded.watch.interval == 30  # which `supasync watch` has too
    with pytest.raises(ConfigError, match="JOBS is not set"):
        load(tmp_path, WHOLE, SECRET=SECRET)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("[watch]\ninterval = 1", 4, "from 5 to 86400"),
        ('[watch]\ninterval = "60"', 4, "must be a number of seconds"),
        ("[watch]\ninterval = true", 4, "must be a number of seconds"),
        ('[watch]\ntimezone = "Mars/Olympus"', 4, "is no time zone"),
        ('[watch]\ntimezone = "../../etc/passwd"', 4, "is no time zone"),
        ('[[watch.allow]]\ncron = "9 to 5"\nminutes = 1', 4, "is no cron expression"),
        ('[[watch.allow]]\ncron = "* * * * *"\nminutes = 0', 5, "from 1 to"),
        ('[[watch.deny]]\ncron = "* * * * *"', 3, "is missing"),
        ('[[watch.deny]]\ncron = "* * * * *"\nminutes = 1\ncorn = 1', 6, "unknown key"),
        ("[serve]\nport = 70000", 4, "whole number from 0 to 65535"),
        ('[history]\ndatabase_url = "mysql://x"', 4, "must be a postgresql:// URL"),
        ("[history]\nkeep_runs = 0", 4, "must be a whole number above 0"),
        ("[history]\nkeep_runs = 1.5", 4, "must be a whole number above 0"),
        ("[history]\nkeep_days = 0", 4, "number of days from 1 to 36500"),
        ("[history]\nkeep_day = 9", 4, "unknown key"),
        ("[serve]\nport = 80.5", 4, "whole number"),
        ('[serve]\ndatabase_url = "mysql://x"', 4, "must be a postgresql:// URL"),
        ('[webhooks.github]\nrepository = "a/b"\nsecret = "short"', 5, "at least 16"),
        ('[webhooks.github]\nrepository = "a/b"', 3, "is missing"),
        ('[webhooks.gitlab]\nrepository = "a/b"', 3, "neither token nor signing_token"),
        ("[webhooks.supabase]", 3, "neither secret nor notify_token"),
        ('[webhooks.supabase]\nsecret = "whsec_"', 4, "is no signing secret"),
        ('[webhooks.gitea]\nsecret = "x"', 3, "unknown key"),
        ('[[notify]]\nkind = "slack"', 3, "is missing"),
        ('[[notify]]\nkind = "smoke"\nurl = "https://h.test"', 4, "slack"),
        ('[[notify]]\nkind = "slack"\nurl = "http://h.test/x"', 5, "must start with https://"),
        ('[[notify]]\nkind = "slack"\nurl = "https://u:p@h.test"', 5, "without user"),
        ('[[notify]]\nkind = "slack"\nurl = "https://h.test:x/"', 5, "is not a URL"),
        ('[[notify]]\nkind = "slack"\nurl = "file:///etc/passwd"', 5, "starts with https://"),
        ('[[notify]]\nkind = "webhook"\nurl = "https://h.test"', 3, "signed with it"),
        (
            '[[notify]]\nkind = "slack"\nurl = "https://h.test"\nsecret = "whsec_c2VjcmV0"',
            6,
            "has no signature",
        ),
        (
            '[[notify]]\nkind = "slack"\nurl = "https://h.test"\nevents = ["healed"]',
            6,
            "drift",
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, line: int, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, f"{HEAD}{text}\n")
    assert told in caught.value.message
    assert caught.value.line == line
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("[watch]\ninterval = 0", "from 5 to 86400"),
        ('[watch]\ninterval = "60"', "without quotes"),
        ("[history]\nkeep_runs = 0", "1 or more"),
    ],
)
def test_a_number_s_remedy_is_one_for_what_was_written(
    tmp_path: Path, text: str, remedy: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, f"{HEAD}{text}\n")
    assert remedy in str(caught.value.remedy)


def test_a_wrong_key_is_told_its_neighbours(tmp_path: Path) -> None:
    text = f'{HEAD}[webhooks.github]\nrepository = "a/b"\nsecret = "{SECRET}"\nsecrets = 1\n'
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert "Did you mean secret?" in str(caught.value.remedy)
