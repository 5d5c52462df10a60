"""Named files to read from: what folders and archives have in common."""

from typing import BinaryIO, Protocol

from annotation_app.services.images.refusals import ImageRefusedError, Refusal


class FileTree(Protocol):
    """Named files to read from; names are relative POSIX paths.

    A path of a table may spell a name differently: `find`, `open` and `location` take it all the
    same where it can mean one file only.
    """

    def names(self) -> list[str]:
        """The names of all files, in order, except those that operating systems add."""
        ...

    def find(self, path: str) -> str | None:
        """The name of the file that a path means; None if there is none.

        Raises:
            ImageRefusedError: if the path leads outside, or may mean several files.
        """
        ...

    def open(self, path: str) -> BinaryIO:
        """Open a file of the tree.

        Raises:
            ImageRefusedError: if the path leads outside, does not exist, or may mean several files.
        """
        ...

    def location(self, path: str) -> str:
        """Where a file stays when it is registered by reference; empty if it cannot stay."""
        ...

    def close(self) -> None:
        """Give the files back."""
        ...


def read_limited(tree: FileTree, path: str, limit: int) -> bytes:
    """Read a file of at most `limit` bytes.

    Raises:
        ImageRefusedError: if it is outside, missing or longer.
    """
    with tree.open(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ImageRefusedError(
            Refusal.TOO_LARGE,
            f"The file “{path}” is over {limit:,} bytes.",
            "Make the image smaller.",
        )
    return data


def missing(path: str) -> ImageRefusedError:
    """The error for a path that does not exist."""
    return ImageRefusedError(
        Refusal.MISSING, f"The file “{path}” does not exist.", "Add the file or correct the path."
    )
