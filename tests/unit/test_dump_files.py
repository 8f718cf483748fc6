"""Where the files of a dump go, and whose files they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supasync.errors import Refused, UsageError
from supasync.sync.dumping import folder
from supasync.sync.dumping.files import first_line, path_of

NAMES = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1),
    st.sampled_from(["a", "A", "a.b", "a/b", "..", ".", "con", "CON", "a ", "ä", "ä", "a~b"]),
).filter(lambda name: len(name.encode()) <= 63)


@pytest.mark.parametrize(
    ("id_", "schema", "path"),
    [
        (("table", "public", "users"), "public", "public/table/users.sql"),
        (("policy", "public", "users", "own"), "public", "public/policy/users.own.sql"),
        (("function", "public", "f", ""), "public", "public/function/f.sql"),
        (("schema", "app"), "app", "app/schema.sql"),
        (("extension", "pgcrypto"), None, "database/extension/pgcrypto.sql"),
        (("table", "public", "x" * 63), "public", f"public/table/{'x' * 63}.sql"),
    ],
)
def test_plain_names_stay_as_they_are(id_, schema, path):
    assert path_of(id_, schema) == path


@pytest.mark.parametrize("name", ["Users", "a.b", "a b", "con", "COM1", "ü", "..", "a\nb", "-"])
def test_other_names_are_marked(name):
    path = path_of(("table", "public", name), "public")
    assert path.startswith("public/table/")
    assert "~" in path
    assert path.count("/") == 2
    assert path.isascii()
    assert path == path.lower()


@given(st.lists(st.tuples(NAMES, NAMES), min_size=2, max_size=20, unique=True))
def test_no_two_objects_share_a_file_on_any_file_system(names):
    paths = [path_of(("index", *pair), pair[0]) for pair in names]
    assert len(set(paths)) == len(paths)
    for path in paths:
        assert path.isascii()
        assert path == path.lower()
        assert all(part.strip(". ") == part and len(part) < 250 for part in path.split("/"))


def test_a_function_with_very_many_arguments_fits_any_file_system():
    types = ", ".join(["character varying"] * 90)
    path = path_of(("function", "public", "f" * 63, types), "public")
    assert len(path.rpartition("/")[2]) < 250


def _files(*paths: str) -> dict[str, str]:
    return {path: f"{first_line(path)}\ntext of {path}\n" for path in paths}


def _below(place: Path) -> set[str]:
    return {file.relative_to(place).as_posix() for file in place.rglob("*") if not file.is_dir()}


def test_a_second_time_nothing_is_written(tmp_path: Path):
    files = _files("schema.sql", "public/table/users.sql")
    first = folder.replace(tmp_path / "new", files, first_line)
    assert set(first.written) == set(files)
    before = {path: (tmp_path / "new" / path).stat().st_mtime_ns for path in files}
    second = folder.replace(tmp_path / "new", files, first_line)
    assert (second.written, second.removed, second.unchanged) == ((), (), 2)
    assert before == {path: (tmp_path / "new" / path).stat().st_mtime_ns for path in files}


def test_what_is_gone_is_removed_with_its_empty_folders(tmp_path: Path):
    folder.replace(tmp_path, _files("a/table/x.sql", "b/table/y.sql", "b/table/z.sql"), first_line)
    (tmp_path / "b" / "README.md").write_text("mine")
    done = folder.replace(tmp_path, _files("c/table/x.sql"), first_line)
    assert done.removed == ("a/table/x.sql", "b/table/y.sql", "b/table/z.sql")
    assert _below(tmp_path) == {"b/README.md", "c/table/x.sql"}
    assert not (tmp_path / "a").exists()


def test_foreign_files_are_left_alone(tmp_path: Path):
    folder.replace(tmp_path, _files("a/table/x.sql"), first_line)
    foreign = {
        "a/table/x copy.sql": (tmp_path / "a/table/x.sql").read_text(),
        "a/table/own.sql": "-- somebody's\n",
        "a/empty.sql": "",
        ".git/x.sql": "-- no",
    }
    for path, text in foreign.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "a/link.sql").symlink_to(tmp_path / "a/table/x.sql")
    folder.replace(tmp_path, {}, first_line)
    assert _below(tmp_path) == {*foreign, "a/link.sql"}
    assert {path: (tmp_path / path).read_text() for path in foreign} == foreign


@pytest.mark.parametrize("block", ["file", "copy of ours", "link", "dangling", "folder", "above"])
def test_a_foreign_file_in_the_way_stops_everything_before_it_starts(tmp_path: Path, block):
    there, elsewhere = tmp_path / "there", tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = there / "a" / "table" / "x.sql"
    (there if block == "above" else place.parent).mkdir(parents=True)
    match block:
        case "file":
            place.write_text("mine")
        case "copy of ours":
            place.write_text(_files("a/table/y.sql")["a/table/y.sql"])
        case "link":
            (elsewhere / "x.sql").write_text(_files("a/table/x.sql")["a/table/x.sql"])
            place.symlink_to(elsewhere / "x.sql")
        case "dangling":
            place.symlink_to(elsewhere / "none.sql")
        case "folder":
            place.mkdir()
        case "above":
            (there / "a").symlink_to(elsewhere)
    before = _below(tmp_path)
    with pytest.raises(Refused, match="somebody else") as caught:
        folder.replace(there, _files("first.sql", "a/table/x.sql"), first_line)
    assert caught.value.exit_code == 4
    assert _below(tmp_path) == before


def test_a_folder_that_is_none(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot be written"):
        folder.replace(tmp_path / "file", _files("a.sql"), first_line)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path):
    file = tmp_path / "dump.sql"
    folder.write(file, "old")
    (tmp_path / ".dump.sql.new").mkdir()  # in the way of the new one
    with pytest.raises(UsageError):
        folder.write(file, "new")
    assert file.read_text() == "old"
