"""What the rivals share: reading the pairs as chords of the sphere, and a spectral start."""

import numpy as np

RADIUS = 6371.0  # km, the sphere that the demo's distances were made on


def read_chords(path):
    """i, j and the chord 2 R sin(d / 2R) of every pair, and the number of points."""
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    i, j = table[:, 0].astype(int), table[:, 1].astype(int)
    return i, j, 2 * RADIUS * np.sin(table[:, 2] / (2 * RADIUS)), int(max(i.max(), j.max())) + 1


def classical_scaling(i, j, chord, points, rank):
    """Classical multidimensional scaling; a missing square is replaced by the mean of the measured ones."""
    squares = np.full((points, points), np.mean(chord**2))
    squares[i, j] = squares[j, i] = chord**2
    np.fill_diagonal(squares, 0)
    centre = np.eye(points) - 1 / points
    values, vectors = np.linalg.eigh(-0.5 * centre @ squares @ centre)
    # The shrinkage of a partly measured matrix is undone by its share of measured entries.
    share = 2 * len(i) / (points * (points - 1))
    return vectors[:, -rank:] * np.sqrt(np.maximum(values[-rank:], 0) / share)
