"""Cut equal windows around positions out of a stack of images, and sum circles in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hstdriz_study.foreign import without_package_survey


@dataclass(frozen=True)
class Windows:
    """Square windows of an odd number of pixels, one an image.

    Attributes
    ----------
    pixels : (N, m, m) `~numpy.ndarray`
        NaN beyond the edge of the image.
    dx, dy : (N, m) `~numpy.ndarray`
        Offsets of the columns and of the rows from the position, pixels.
    """

    pixels: np.ndarray
    dx: np.ndarray
    dy: np.ndarray

    def circle_parts(self, radius: float) -> np.ndarray:
        """Give the part of each pixel's area inside a circle around the position."""
        return circle_parts(self.dx, self.dy, radius)

    def circle_sums(self, radius: float) -> np.ndarray:
        """Sum the pixels inside a circle around the position, those on its edge by area.

        Returns
        -------
        sums : (N,) `~numpy.ndarray`
        """
        spare = self.pixels.shape[1] // 2 - int(np.ceil(radius))
        near = slice(spare, -spare) if spare > 0 else slice(None)
        inner = Windows(self.pixels[:, near, near], self.dx[:, near], self.dy[:, near])
        return np.einsum("nij,nij->n", inner.circle_parts(radius), inner.pixels)


def circle_parts(dx: np.ndarray, dy: np.ndarray, radius: float) -> np.ndarray:
    """Give the part of each pixel's area inside a circle around the origin.

    Parameters
    ----------
    dx, dy : (N, m) `~numpy.ndarray`
        Offsets of the columns and of the rows of each window, pixels.
    radius : float
        Pixels.

    Returns
    -------
    parts : (N, m, m) `~numpy.ndarray`
    """
    # here, because a study that is resumed with nothing to do names metrics and measures none
    with without_package_survey():
        from photutils.geometry import circular_overlap_grid

    n = dx.shape[1]
    left, right = dx[:, 0] - 0.5, dx[:, -1] + 0.5
    bottom, top = dy[:, 0] - 0.5, dy[:, -1] + 0.5
    return np.array(
        [
            circular_overlap_grid(x0, x1, y0, y1, n, n, radius, 1, 1)
            for x0, x1, y0, y1 in zip(left, right, bottom, top, strict=True)
        ]
    )


def windows(images: np.ndarray, x: np.ndarray, y: np.ndarray, half: int) -> Windows:
    """Cut a window of ``2 * half + 1`` pixels around a position in each image.

    Parameters
    ----------
    images : (N, n_y, n_x) `~numpy.ndarray`
    x, y : (N,) `~numpy.ndarray`
        0-based pixels; the window's middle is the pixel that holds them.
    half : int

    Returns
    -------
    windows : `Windows`
    """
    reach = np.arange(-half, half + 1)
    columns = np.rint(x).astype(int)[:, None] + reach
    rows = np.rint(y).astype(int)[:, None] + reach
    n_rows, n_columns = images.shape[1:]
    inside_x = (columns >= 0) & (columns < n_columns)
    inside_y = (rows >= 0) & (rows < n_rows)
    pixels = images[
        np.arange(len(images))[:, None, None],
        np.clip(rows, 0, n_rows - 1)[:, :, None],
        np.clip(columns, 0, n_columns - 1)[:, None, :],
    ]
    if not (inside_x.all() and inside_y.all()):
        pixels = np.where(inside_y[:, :, None] & inside_x[:, None, :], pixels, np.nan)
    return Windows(pixels, columns - x[:, None], rows - y[:, None])


def windows_in(
    image: np.ndarray, x: np.ndarray, y: np.ndarray, half: int, bad: np.ndarray
) -> Windows:
    """Cut as `windows` around positions in one image, NaN where pixels are bad."""
    every = (len(x), *image.shape)
    spoilt = windows(np.broadcast_to(bad, every), x, y, half).pixels
    cut = windows(np.broadcast_to(image, every), x, y, half)
    return replace(cut, pixels=np.where(spoilt, np.nan, cut.pixels))
