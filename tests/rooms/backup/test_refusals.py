"""What is not whole, not ours or not wanted is refused in a sentence, and leaves nothing behind."""

import json
import zipfile

import pytest

from orchard.backup import actions, rules
from orchard.contacts import actions as contacts
from orchard.contacts.models import Contact
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.team.models import Member
from tests.make import database


def rewritten(kept, target, *, manifest=lambda said: None, member=lambda name, data: data):
    """Write the backup again with another manifest, or with other members."""
    with zipfile.ZipFile(kept.path) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            if name == "manifest.json":
                said = json.loads(data)
                manifest(said)
                data = json.dumps(said).encode()
            made.writestr(zipfile.ZipInfo(name), member(name, data))
    return target


def refused(path):
    with pytest.raises(Refused) as error:
        actions.restore(path=path, now=clock.now())
    return str(error.value)


def table(said, name):
    return next(each for each in said["tables"] if each["name"] == name)


def test_a_byte_that_differs_names_its_table_and_nothing_is_loaded(kept, empty, tmp_path):
    path = tmp_path / "bad.backup"
    data = bytearray(kept.path.read_bytes())
    with zipfile.ZipFile(kept.path) as source:
        info = source.getinfo("tables/contact.copy.zst")
    data[info.header_offset + 100 + info.file_size // 2] ^= 0x10
    path.write_bytes(data)
    assert "The table contact of" in refused(path)
    assert not Member.objects.exists()
    assert actions.restore(path=kept.path, now=clock.now()).done.rows == kept.done.rows


def test_rows_of_another_backup_are_told_by_their_hash(kept, empty, tmp_path):
    with zipfile.ZipFile(kept.path) as source:
        other = source.read("tables/team.copy.zst")
    path = rewritten(
        kept,
        tmp_path / "bad.backup",
        member=lambda name, data: other if name == "tables/territory.copy.zst" else data,
    )
    assert "The table territory of" in refused(path)


@pytest.mark.parametrize("change", ["rows", "sha256", "missing", "columns"])
def test_what_the_manifest_says_must_be_so(kept, empty, tmp_path, change):
    def manifest(said):
        if change == "missing":
            said["tables"].remove(table(said, "contact"))
        else:
            table(said, "contact")[change] = {"rows": 1, "sha256": "0" * 64, "columns": ["id"]}[change]

    assert "table contact " in refused(rewritten(kept, tmp_path / "bad.backup", manifest=manifest))
    assert not Contact.objects.exists()


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_a_file_that_was_cut_off_is_no_backup(kept, empty, tmp_path, share):
    path = tmp_path / "cut.backup"
    whole = kept.path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "cut off, or no backup" in refused(path)


def test_what_is_no_backup_at_all_is_said_to_be_none(empty, tmp_path):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("manifest.json", "[1, 2]")
    assert "is no backup of Orchard" in refused(path)
    assert "No such file" in refused(tmp_path / "nowhere.backup")


def test_a_newer_backup_names_the_version_to_install(kept, empty, tmp_path):
    def manifest(said):
        said["orchard"] = "9.4.0"
        said["migrations"].append(["leads", "0099_later"])

    sentence = refused(rewritten(kept, tmp_path / "new.backup", manifest=manifest))
    assert "install Orchard 9.4.0" in sentence


def test_a_database_at_another_version_is_refused_with_what_to_do(kept, empty, tmp_path):
    def manifest(said):
        said["migrations"].remove(["backup", "0001_initial"])

    assert "a new ORCHARD_HOME" in refused(rewritten(kept, tmp_path / "old.backup", manifest=manifest))


def test_a_company_is_never_written_over(kept, empty):
    contacts.create_contact(full_name="Ada", now=clock.now())
    assert "Restore into an empty one" in refused(kept.path)
    assert Contact.objects.count() == 1


def test_while_orchard_runs_on_the_database_nothing_is_restored(kept, empty):
    import psycopg

    with psycopg.connect(**database.parameters(empty)):
        assert "stop it (web and worker)" in refused(kept.path)


def test_under_another_secret_key_nobody_would_be_known_again_so_it_is_refused(
    kept, empty, tmp_path, settings, monkeypatch
):
    settings.SECRET_KEY = "another key"
    monkeypatch.setenv("ORCHARD_SECRET_KEY", "another key")
    assert "ORCHARD_SECRET_KEY is not the key" in refused(kept.path)
    monkeypatch.delenv("ORCHARD_SECRET_KEY")

    def without_key(said):
        said["files"] = [each for each in said["files"] if each["name"] != "secret"]

    assert "set ORCHARD_SECRET_KEY to that key" in refused(
        rewritten(kept, tmp_path / "bare.backup", manifest=without_key)
    )


@pytest.mark.parametrize(
    "name", ["../x", "imports/1/../../x", "/etc/passwd", "imports/x/a", "imports/1/..", "secret/x", ""]
)
def test_a_backup_brings_no_file_to_any_other_place(name):
    assert not rules.may_come(name)


def test_a_folder_or_a_place_that_cannot_be_written_is_told(empty, tmp_path):
    with pytest.raises(Refused, match="cannot be written"):
        actions.back_up(path=tmp_path / "no" / "where.backup", now=clock.now())
