"""How large an image may be; the caller gives the figures."""

from dataclasses import dataclass

from imaging.errors import FileTooLongError, PixelCountError, SideTooLongError

BYTES_PER_PIXEL = 8  # of the least compact accepted file: four channels of 16 bits


@dataclass(frozen=True, slots=True)
class Limits:
    """The most pixels in all and, where copies have such a limit, on one side."""

    pixels: int
    side: int | None = None

    @property
    def file_bytes(self) -> int:
        """The most bytes of a file: no honest one needs more."""
        return BYTES_PER_PIXEL * self.pixels

    def check_length(self, size: int) -> None:
        """Refuse a file of so many bytes.

        Raises:
            FileTooLongError: if they are more than allowed.
        """
        if size > self.file_bytes:
            raise FileTooLongError(size, self.file_bytes)

    def check_size(self, width: int, height: int) -> None:
        """Refuse an image of this size.

        Raises:
            SideTooLongError: one side is longer than allowed.
            PixelCountError: too many pixels, or none.
        """
        if self.side is not None and max(width, height) > self.side:
            raise SideTooLongError(width, height, self.side)
        if not 0 < width * height <= self.pixels:
            raise PixelCountError(width, height, self.pixels)
