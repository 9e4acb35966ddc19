"""The real clips of the gallery and of benchmarks/video.py, where they are found; none of them is part of this project.

vtest.avi: OpenCV's sample (Apache-2.0), in Debian's package opencv-doc. escalator_data.mat: fastRPCA's repository, 20800 x 200; its terms are not known. Both are
looked for in ../shared/data beside the project and in the folder that the environment variable GOSSAN_CLIPS names.
"""

import gzip
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [Path(folder) for folder in filter(None, [os.environ.get("GOSSAN_CLIPS")])] + [ROOT.parent / "shared/data/video", ROOT.parent / "shared/data/fastRPCA"]
DEBIAN = Path("/usr/share/doc/opencv-doc")


def find(name):
    for folder in FOLDERS:
        if (folder / name).exists():
            return folder / name
    for path in sorted(DEBIAN.rglob(name + "*")) if DEBIAN.exists() else []:
        if path.name == name:
            return path
    return None


def vtest(folder):
    """The path of vtest.avi, unpacked into `folder` where Debian has it compressed; None where it is not there."""
    found = find("vtest.avi")
    if found is None and DEBIAN.exists():
        for packed in sorted(DEBIAN.rglob("vtest.avi.gz")):
            found = folder / "vtest.avi"
            found.write_bytes(gzip.decompress(packed.read_bytes()))
    return found


def escalator(folder):
    """A folder of .pgm images, and the table as .npy; None where the file is not there."""
    found = find("escalator_data.mat")
    if found is None:
        return None
    import numpy as np
    import scipy.io

    table = scipy.io.loadmat(found)["X"]
    height, width = 130, 160  # MATLAB's order: a column of the table holds the picture column by column
    images = folder / "escalator"
    images.mkdir(parents=True, exist_ok=True)
    for t in range(table.shape[1]):
        picture = table[:, t].reshape(width, height).T
        (images / f"{t:03}.pgm").write_bytes(b"P5\n%d %d\n255\n" % (width, height) + np.ascontiguousarray(picture, dtype=np.uint8).tobytes())
    np.save(folder / "escalator.npy", table)
    return images, folder / "escalator.npy"
