"""What is kept between runs."""

import json
import stat
from pathlib import Path

import pytest

from supasync.sync.record import FileStore, Memory
from tests.fix_disk import full_disk


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / ".supasync")


def test_a_document_comes_back_and_the_folder_ignores_itself(store):
    assert store.load("x") is None
    store.save("x", {"a": [1]})
    store.save("x", {"a": [2]})
    assert store.load("x") == {"a": [2]}
    assert (store.folder / ".gitignore").read_text() == "*\n"
    assert len(list(store.folder.glob("*.json"))) == 1
    assert not list(store.folder.glob("*.new"))


def test_a_damaged_document_counts_as_absent(store):
    store.save("x", {"a": 1})
    [file] = store.folder.glob("*.json")
    file.write_text("{")
    assert store.load("x") is None


def test_a_state_of_another_version_is_forgotten(store):
    store.save("state supabase ref", {"database": "ref", "state": {"unknown": 1}})
    assert Memory(store, scope="supabase", hard=False).recall("ref") is None


@pytest.mark.parametrize("rows", ["", "0" * 32, "0" * 16 + 5 * "\x01", "x" * 32 + 5 * "\x01"])
def test_a_state_whose_objects_are_damaged_is_forgotten(store, rows):
    state = {"key": "k", "stamp": "s", "document": {}, "rows": rows, "shared": [None, None]}
    store.save("state supabase ref", {"database": "ref", "state": state})
    assert Memory(store, scope="supabase", hard=False).recall("ref") is None


def test_the_history_leaves_out_a_line_that_a_crash_cut(store):
    store.append({"run": 1})
    with (store.folder / "history.jsonl").open("a") as history:
        history.write('{"run": ')  # without the end of its line
    store.append({"run": 2})
    assert [run["run"] for run in store.history()] == [1, 2]


def test_only_the_owner_reads_what_is_kept(store):
    store.save("x", {"a": 1})
    store.append({"run": {}})
    bundle = Path(store.put("witness x", {"a": 1}))
    bundle.chmod(0o644)  # of an earlier version
    assert store.put("witness x", {"a": 2}) == str(bundle)
    assert json.loads(bundle.read_text()) == {"a": 2}
    files = [file for file in store.folder.rglob("*") if file.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_the_history_has_no_part_of_a_line_for_which_there_was_no_room(store):
    store.append({"run": 1})
    with full_disk(store.folder / "history.jsonl", 5), pytest.raises(OSError, match="No space"):
        store.append({"run": 2})
    store.append({"run": 3})
    assert (store.folder / "history.jsonl").read_text() == '{"run":1}\n{"run":3}\n'
