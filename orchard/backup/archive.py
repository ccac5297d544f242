"""The file: a zip of one COPY stream for each table, packed by zstd, the files of the home, and the manifest.

The zip is not packed itself. Its list of contents stands at the end and the manifest is written last, so that a file
that was cut off cannot be opened. It is written beside its name and renamed when it is whole and on the disk.
"""

import fcntl
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO

import pyarrow as pa

from orchard.backup import rules
from orchard.backup.types import File, Manifest, Table, Unreadable
from orchard.kit.errors import Conflict, Refused

BLOCK = 1 << 20
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 64 * BLOCK


class Sink:
    """Takes the bytes of one member, packs them, counts and hashes them as they come."""

    def __init__(self, member: IO[bytes]) -> None:
        """Write to `member`."""
        self._packed = pa.CompressedOutputStream(pa.PythonFile(member, mode="w"), "zstd")
        self._hash = hashlib.sha256()
        self.bytes = 0

    def write(self, block: bytes) -> None:
        """Take some bytes: best a megabyte at once."""
        self._hash.update(block)
        self._packed.write(block)
        self.bytes += len(block)

    def close(self) -> str:
        """End the member; return the hash."""
        self._packed.close()
        return self._hash.hexdigest()


class Writer:
    """A backup that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        """Write to `file`."""
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True)

    @contextmanager
    def member(self, name: str) -> Iterator[Sink]:
        """Write one member."""
        with self._zip.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
            sink = Sink(member)
            try:
                yield sink
            finally:
                sink.close()

    def table(self, name: str) -> AbstractContextManager[Sink]:
        """Write the rows of a table."""
        return self.member(_of_table(name))

    def file(self, name: str, source: Path) -> File | None:
        """Write a file of the home; None where it is gone."""
        try:
            opened = source.open("rb")
        except FileNotFoundError:
            return None
        with opened, self.member(_of_file(name)) as sink:
            while block := opened.read(BLOCK):
                sink.write(block)
            digest = sink.close()
        return File(name, sink.bytes, digest)

    def leave(self) -> None:
        """Let the file be as it is: nothing more is written to it."""
        self._zip.fp = None

    def end(self, manifest: Manifest) -> None:
        """Write what the backup says of itself, and the list of contents."""
        self._zip.writestr(zipfile.ZipInfo(_MANIFEST), json.dumps(manifest.data(), indent=1))
        self._zip.close()


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Write a backup beside `path`, readable by its owner alone, and give it its name when it is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Refused(f"{part} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as file:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(f"Another backup is being written to {path}: wait until it has ended.") from error
        if not _is_still(part, handle):
            raise Conflict(f"Another backup was written to {path} in this moment. Try again.")
        try:
            os.fchmod(handle, 0o600)
            os.ftruncate(handle, 0)
            writer = Writer(file)
            try:
                yield writer
            finally:
                writer.leave()
            file.flush()
            os.fsync(handle)
            part.rename(path)
            _sync(path.parent)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise Refused(f"{path} cannot be written: {error.strerror or error}.") from error
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _is_still(path: Path, handle: int) -> bool:
    """Tell whether a file that we have opened still bears that name: whoever had the lock may have given it another."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


class Reader:
    """A backup that is being read; whatever is not as it was written raises `Unreadable`."""

    def __init__(self, path: Path, opened: zipfile.ZipFile, manifest: Manifest) -> None:
        """Read from an opened zip."""
        self.manifest = manifest
        self._path, self._zip = path, opened

    def table(self, table: Table) -> Iterator[bytes]:
        """Yield the rows of a table; raises at the end where they are not those that were written."""
        return self._blocks(f"The table {table.name}", _of_table(table.name), table)

    def file(self, name: str, target: Path) -> bool:
        """Write a file of the home, readable by its owner alone; tell whether there is one of that name."""
        file = next((each for each in self.manifest.files if each.name == name), None)
        if file is None or not rules.may_come(name):
            return False
        fresh = target.with_name(f".{target.name}.part")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as opened:
            for block in self._blocks(f"The file {name}", _of_file(name), file):
                opened.write(block)
            opened.flush()
            os.fsync(handle)
        fresh.rename(target)
        return True

    def text(self, name: str) -> str | None:
        """Return a small file of the home as text; None where there is none of that name."""
        file = next((each for each in self.manifest.files if each.name == name), None)
        if file is None:
            return None
        return b"".join(self._blocks(f"The file {name}", _of_file(name), file)).decode()

    def _blocks(self, what: str, name: str, said: Table | File) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        broken = f"{what} of {self._path} is not as it was written: take another backup."
        try:
            with self._zip.open(name) as member:
                packed = pa.CompressedInputStream(pa.PythonFile(member, mode="r"), "zstd")
                while size <= said.bytes and (block := packed.read(BLOCK)):
                    digest.update(block)
                    size += len(block)
                    yield block
        except (KeyError, OSError, EOFError, zipfile.BadZipFile, pa.ArrowException) as error:
            raise Unreadable(broken) from error
        if (size, digest.hexdigest()) != (said.bytes, said.sha256):
            raise Unreadable(broken)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open a backup."""
    try:
        opened = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        why = (
            error.strerror if isinstance(error, OSError) and error.strerror else "it is cut off, or no backup"
        )
        raise Unreadable(f"{path} cannot be read: {why}.") from error
    with opened:
        try:
            if opened.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
                raise ValueError(_MANIFEST)
            manifest = Manifest.read(json.loads(opened.read(_MANIFEST)))
        except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile, EOFError) as error:
            raise Unreadable(
                f"{path} is no backup of Orchard, or what it says of itself is broken: take another backup."
            ) from error
        yield Reader(path, opened, manifest)


def _of_table(name: str) -> str:
    return f"tables/{name}.copy.zst"


def _of_file(name: str) -> str:
    return f"files/{name}.zst"


def _sync(folder: Path) -> None:
    with suppress(OSError):  # some file systems sync no folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
