"""What is kept between runs."""

import json
import stat
from pathlib import Path

import pytest

from supasync.sync.record import FileStore, Memory


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


async def test_a_state_of_another_version_is_forgotten(store):
    store.save("state supabase ref", {"database": "ref", "state": {"unknown": 1}})
    assert await Memory(store, scope="supabase", hard=False).recall("ref") is None


@pytest.mark.parametrize("rows", ["", "0" * 32, "0" * 16 + 5 * "\x01", "x" * 32 + 5 * "\x01"])
async def test_a_state_whose_objects_are_damaged_is_forgotten(store, rows):
    state = {"key": "k", "stamp": "s", "document": {}, "rows": rows, "shared": [None, None]}
    store.save("state supabase ref", {"database": "ref", "state": state})
    assert await Memory(store, scope="supabase", hard=False).recall("ref") is None


def test_only_the_owner_reads_what_is_kept(store):
    store.save("x", {"a": 1})
    bundle = Path(store.put("witness x", {"a": 1}))
    bundle.chmod(0o644)  # of an earlier version
    assert store.put("witness x", {"a": 2}) == str(bundle)
    assert json.loads(bundle.read_text()) == {"a": 2}
    files = [file for file in store.folder.rglob("*") if file.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
