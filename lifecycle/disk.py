"""Files on disk, as bytes: only regular ones are opened, one writes at a time, and what is written lasts or is undone.

Symbolic links are followed, and stay: what is written goes into the file they lead to.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def reading(path: str | Path) -> BinaryIO:
    """A file to read from its beginning. A pipe or a device is refused, and never waited for.

    Raises OSError; ValueError for a path that no file can have.
    """
    return os.fdopen(_opened(os.fspath(path), os.O_RDONLY), "rb")


def settled(file: BinaryIO) -> int:
    """How many bytes of a file have been written for good: nobody is in the middle of writing those."""
    with suppress(OSError):  # a file system without locks: what is met half-way is told as torn
        _lock(file.fileno(), shared=True)
    try:
        return os.fstat(file.fileno()).st_size
    finally:
        with suppress(OSError):
            _unlock(file.fileno())


@contextmanager
def locked(path: str | Path, *, create: bool) -> Iterator[BinaryIO]:
    """A file to read, and to write with :func:`extend` and :func:`cut`, nobody else's meanwhile. One that was created
    for it does not stay if this raises.

    Raises OSError, FileNotFoundError where there is none and none may be created.
    """
    target = os.path.realpath(path)
    while True:
        descriptor, made = _claimed(target, create=create)
        with os.fdopen(descriptor, "rb") as file:
            _lock(descriptor, shared=False)
            if not _is_at(descriptor, target):  # replaced or removed while this waited
                continue
            try:
                yield file
            except BaseException:
                if made and not os.fstat(descriptor).st_size:
                    Path(target).unlink()
                raise
            if made:
                _settle_folder(target)
            return


def extend(file: BinaryIO, content: bytes, *, veiled: bytes = b"") -> None:
    """Append to a locked file, all of it or nothing, and let it last.

    veiled: what stands in place of the first bytes until all the rest is on disk, so that what a crash leaves can be
    told. Raises OSError; the file is then as it was.
    """
    descriptor = file.fileno()
    before = os.fstat(descriptor).st_size
    try:
        _write(descriptor, before, veiled + content[len(veiled) :])
        if veiled:
            _write(descriptor, before, content[: len(veiled)])
    except BaseException:
        cut(file, before)
        raise


def cut(file: BinaryIO, size: int) -> None:
    """Shorten a locked file, for good."""
    os.ftruncate(file.fileno(), size)
    os.fsync(file.fileno())


def replace(path: str | Path, content: bytes) -> None:
    """Put a file in place of what is at a path, or where nothing is: whole, or not at all.

    Raises OSError.
    """
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A file to write from its beginning, which is put there as :func:`replace` does, once all of it is on disk; not at
    all if this raises. A kill may leave an empty file where there was none.

    Raises OSError.
    """
    target = os.path.realpath(path)
    descriptor, beside = tempfile.mkstemp(prefix=".lifecycle-", dir=Path(target).parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
            with locked(target, create=True) as replaced:
                Path(beside).chmod(stat.S_IMODE(os.fstat(replaced.fileno()).st_mode))
                Path(beside).replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(beside).unlink()
        raise
    _settle_folder(target)


def _opened(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | _FLAGS, 0o666)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "not a regular file, but a folder, a pipe or a device", path)


def _claimed(target: str, *, create: bool) -> tuple[int, bool]:
    """A descriptor of the file, and whether it was created for this."""
    while True:
        try:
            return _opened(target, os.O_RDWR), False
        except FileNotFoundError:
            if not create:
                raise
        with suppress(FileExistsError):  # somebody else was faster
            return _opened(target, os.O_RDWR | os.O_CREAT | os.O_EXCL), True


def _is_at(descriptor: int, target: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), Path(target).stat())
    except FileNotFoundError:
        return False


def _write(descriptor: int, start: int, content: bytes) -> None:
    os.lseek(descriptor, start, os.SEEK_SET)
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _settle_folder(target: str) -> None:
    """Let the name of a new file last, where folders can be told to."""
    with suppress(OSError):
        descriptor = os.open(Path(target).parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, shared: bool) -> None:  # noqa: ARG001 - there is no such lock here
        """One byte far beyond what any file holds stands for the file."""
        os.lseek(descriptor, 2**40, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 2**40, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
