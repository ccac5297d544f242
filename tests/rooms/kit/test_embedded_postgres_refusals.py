"""What the embedded PostgreSQL refuses, and the one sentence that tells what to do."""

import os
import subprocess

import pytest

from orchard.kit import embedded_postgres
from orchard.kit.embedded_postgres import binaries, servant
from orchard.kit.embedded_postgres.complaints import last_words
from orchard.kit.errors import Refused

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="root's data lies apart from its home")


def refusal(home):
    with pytest.raises(Refused) as refused, embedded_postgres.running(home):
        pass
    sentence = str(refused.value)
    assert "\n" not in sentence
    return sentence


def test_data_of_another_release_is_left_alone(used_home):
    (embedded_postgres.places(used_home).data / "PG_VERSION").write_text("17\n")
    assert "made by PostgreSQL 17, and this Orchard brings PostgreSQL 18" in refusal(used_home)


def test_damaged_data_is_reported_in_the_words_of_postgresql(used_home):
    control = embedded_postgres.places(used_home).data / "global" / "pg_control"
    os.truncate(control, 100)
    sentence = refusal(used_home)
    assert "global/pg_control" in sentence
    assert "restore your last backup" in sentence


def test_a_mistake_in_the_settings_is_named_with_its_line(used_home):
    conf = embedded_postgres.places(used_home).data / "postgresql.conf"
    with conf.open("a") as file:
        file.write("harvest_moon = on\n")
    sentence = refusal(used_home)
    assert '"harvest_moon"' in sentence
    assert "line" in sentence


def test_a_folder_that_others_may_enter_is_refused_and_not_touched(used_home):
    base = embedded_postgres.places(used_home).base
    base.chmod(0o777)
    assert f"chmod 7{'5' if os.geteuid() == 0 else '0'}0 {base}" in refusal(used_home)
    assert base.stat().st_mode & 0o777 == 0o777


@AS_ROOT
def test_a_folder_of_somebody_else_is_refused(used_home):
    run = embedded_postgres.places(used_home).run
    os.chown(run, 65534, 65534)
    assert f"{run} belongs to user 65534" in refusal(used_home)


def test_a_file_where_a_folder_belongs_is_refused(home):
    base = embedded_postgres.places(home).base
    base.parent.mkdir(parents=True, exist_ok=True)
    base.write_text("")
    assert "must be a folder" in refusal(home)
    base.unlink()


def test_a_home_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in refusal(tmp_path / "file" / "home")


@AS_ROOT
def test_a_moved_home_says_how_to_bring_its_data_along(used_home, tmp_path):
    with embedded_postgres.running(used_home):
        pass
    old, moved = embedded_postgres.places(used_home), embedded_postgres.places(tmp_path / "moved")
    used_home.rename(moved.home)
    assert f"rename {old.base} to {moved.base} and write" in refusal(moved.home)
    old.base.rename(moved.base)
    moved.signpost.write_text(moved.signpost.read_text().replace(str(old.base), str(moved.base)))
    with embedded_postgres.running(moved.home):
        pass
    embedded_postgres.remove(moved.home)


@AS_ROOT
def test_a_home_whose_data_is_gone_does_not_begin_anew_by_itself(used_home, tmp_path):
    with embedded_postgres.running(used_home):
        pass
    base = embedded_postgres.places(used_home).base
    base.rename(tmp_path / "away")
    assert f"missing from {base}" in refusal(used_home)
    assert not (base / "data").exists()


@AS_ROOT
def test_root_does_not_take_over_the_database_of_a_plain_user(home):
    theirs = home / "postgres" / "data"
    theirs.mkdir(parents=True)
    os.chown(theirs, 65534, 65534)
    assert "belongs to user 65534: start Orchard as that user" in refusal(home)


def test_a_missing_wheel_is_named(home, monkeypatch):
    monkeypatch.setattr(binaries, "_PACKAGE", "no_such_package")
    assert "make install" in refusal(home)


@AS_ROOT
def test_where_no_system_user_can_be_made_the_way_out_is_told(home, monkeypatch):
    monkeypatch.setattr(servant, "NAME", "orchard-test-none")
    monkeypatch.setattr(servant, "_PATH", "/nowhere")
    assert "useradd --system orchard-test-none" in refusal(home)


@AS_ROOT
def test_a_full_disk_is_told_as_such(home):
    base = embedded_postgres.places(home).base
    subprocess.run(["/bin/rm", "-rf", base], check=True)
    base.mkdir()
    options = f"size=8m,mode=0750,gid={servant.servant().gid}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", base], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no small disk can be mounted here")
    try:
        sentence = refusal(home)
        assert "No space left on device" in sentence
        assert f"free some space on the disk that holds {base}" in sentence
        assert not list(base.glob("data*"))
    finally:
        subprocess.run(["umount", base], check=True)


def test_only_the_lines_that_complain_are_repeated():
    said = (
        "2026-11-22 11:45:59.178 UTC [1] LOG:  starting PostgreSQL 18.4\n"
        "2026-11-22 11:45:59.178 UTC [1] FATAL:  the database system is starting up\n"
        '2026-11-22 11:45:59.179 UTC [1] FATAL:  could not create lock file "x": Permission denied\n'
    )
    assert last_words(said) == 'FATAL:  could not create lock file "x": Permission denied'
