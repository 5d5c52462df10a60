"""Joins the parts of an export into its files; may run again after it was interrupted."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from annotation_app.services.exports.edit_reward_json import BETWEEN
from annotation_app.services.exports.parts import STATE, Part

AT_ONCE = 4 << 20

Step = Callable[[int, int], None]


def join_parts(folder: Path, parts: list[Part], step: Step) -> None:
    """Write the files of an export from its parts.

    Texts are put together; each Parquet part keeps its own file, numbered as on hubs
    (`train-00000-of-00003.parquet`) where there are several.

    Args:
        folder: of the export.
        parts: all, in order.
        step: called with the bytes joined and the total; it may raise to stop.
    """
    files = _files_by_name(parts)
    total = sum(path.stat().st_size for paths in files.values() for path in paths)
    done = 0
    for name, paths in sorted(files.items()):
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        if target.suffix == ".parquet":
            _number(target, paths)
            done += sum(path.stat().st_size for path in paths)
            step(done, total)
            continue
        with target.open("wb") as sink:
            for chunk in _texts(paths, is_array=target.suffix == ".json"):
                sink.write(chunk)
                done += len(chunk)
                step(min(done, total), total)


def _files_by_name(parts: list[Part]) -> dict[str, list[Path]]:
    files: dict[str, list[Path]] = {}
    for part in parts:
        for path in sorted(part.folder.rglob("*")):
            if path.is_file() and path.name != STATE:
                files.setdefault(path.relative_to(part.folder).as_posix(), []).append(path)
    return files


def _number(target: Path, paths: list[Path]) -> None:
    for place, path in enumerate(paths):
        name = f"{target.stem}-{place:05}-of-{len(paths):05}.parquet"
        shard = target if len(paths) == 1 else target.with_name(name)
        shard.unlink(missing_ok=True)
        try:
            os.link(path, shard)
        except OSError:  # a disk without links
            shutil.copyfile(path, shard)


def _texts(paths: list[Path], *, is_array: bool) -> Iterator[bytes]:
    if is_array:
        yield b"[\n"
    for place, path in enumerate(paths):
        if is_array and place:
            yield BETWEEN.encode()
        with path.open("rb") as source:
            yield from _chunks(source)
    if is_array:
        yield b"\n]\n"


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(AT_ONCE):
        yield chunk
