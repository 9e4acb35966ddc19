"""`gossan rpca` of frames, judged against a walking block that was planted; images are written and read here by hand."""

import re
import struct
import zlib

import numpy as np
import pytest
from conftest import BAD_INPUT, DOUBTFUL, RECOVERED, WRONG_USAGE, gossan, read_summary

WIDTH, HEIGHT, COUNT, SIDE = 48, 40, 50, 8


def scene():
    """count x height x width in grey, and where the block is: a still picture and its lamp, which flickers."""
    random = np.random.default_rng(5)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    still, lit = 60 + 40 * np.sin(0.2 * x) * np.cos(0.15 * y), 30 * (1 + np.cos(0.1 * (x + y)))
    frames, block = np.empty((COUNT, HEIGHT, WIDTH)), np.zeros((COUNT, HEIGHT, WIDTH), bool)
    for t in range(COUNT):
        left, top = 2 * t % (WIDTH - SIDE), 8 + t // 3 % 16
        block[t, top:top + SIDE, left:left + SIDE] = True
        frames[t] = np.where(block[t], 230, still + (1 + 0.25 * np.sin(0.9 * t)) * lit)
    return np.clip(np.rint(frames + random.normal(0, 2, frames.shape)), 0, 255).astype(np.uint8), block


def write_pgm(path, picture):
    path.write_bytes(b"P5\n%d %d\n255\n" % picture.shape[::-1] + picture.tobytes())


def read_pgm(path):
    width, height, rest = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s(.*)", path.read_bytes(), re.DOTALL).groups()
    return np.frombuffer(rest, np.uint8).reshape(int(height), int(width))


def write_png(path, picture):
    """Red, green and blue, every line without a filter."""
    lines = b"".join(b"\0" + line.tobytes() for line in picture)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", picture.shape[1], picture.shape[0], 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks))


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frames")
    for t, picture in enumerate(scene()[0]):
        write_pgm(folder / f"frame{t}.pgm", picture)
    probe = gossan("rpca", folder, "--out", folder.parent / "probe")
    if "built without video" in probe.stderr:
        pytest.skip("this build has no video")
    return folder


@pytest.fixture(scope="module")
def found(images, tmp_path_factory):
    out = tmp_path_factory.mktemp("found")
    done = gossan("rpca", images, "--out", out)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    return out


class TestImages:
    def test_the_mask_is_the_block(self, found):
        block = scene()[1]
        mask = np.load(found / "outliers.npy").T.reshape(COUNT, HEIGHT, WIDTH)
        assert mask[block].mean() > 0.99 and mask[~block].mean() < 0.01
        assert read_summary(found)["rank"] == 2

    def test_frames_are_written_as_they_were_read(self, found):
        frames, block = scene()
        for t in (0, 9, 10, 49):
            background, foreground, mask = (read_pgm(found / kind / f"frame{t}.pgm") for kind in ("background", "foreground", "mask"))
            assert set(np.unique(mask)) == {0, 255} and (mask[block[t]] == 255).mean() > 0.99
            assert np.array_equal(foreground, np.where(mask == 255, frames[t], 0))
            assert background.max() < 190  # no trace of the block, which is at 230
            assert np.abs(background.astype(float) - frames[t])[~block[t]].mean() < 3

    def test_summary_and_report(self, found):
        summary = read_summary(found)
        assert summary["frames"] == {"width": WIDTH, "height": HEIGHT, "channels": 1, "count": COUNT, "codec": "pgm", "notice": ""}
        assert summary["inputs"][0]["rows"] == WIDTH * HEIGHT and summary["inputs"][0]["cols"] == COUNT
        page = (found / "report.html").read_text()
        assert page.count("data:image/png;base64,") == 24 and "filmstrip" in page

    def test_stride_and_scale(self, images, tmp_path):
        done = gossan("rpca", images, "--stride", 2, "--scale", 0.5, "--out", tmp_path)
        assert done.returncode in (RECOVERED, DOUBTFUL), done.stderr
        frames = read_summary(tmp_path)["frames"]
        assert (frames["width"], frames["height"], frames["count"]) == (WIDTH // 2, HEIGHT // 2, COUNT // 2)
        assert sorted(p.name for p in (tmp_path / "mask").iterdir()) == sorted(f"frame{t}.pgm" for t in range(0, COUNT, 2))

    def test_colour(self, tmp_path):
        (tmp_path / "in").mkdir()
        for t, picture in enumerate(scene()[0]):
            write_png(tmp_path / "in" / f"{t}.png", np.stack([picture, picture // 2, 255 - picture], axis=2))
        done = gossan("rpca", tmp_path / "in", "--colour", "--out", tmp_path / "out")
        assert done.returncode in (RECOVERED, DOUBTFUL), done.stderr
        block = scene()[1]
        mask = np.load(tmp_path / "out/outliers.npy").reshape(HEIGHT, WIDTH, 3, COUNT).any(axis=2).transpose(2, 0, 1)
        assert mask[block].mean() > 0.99 and mask[~block].mean() < 0.03
        assert read_summary(tmp_path / "out")["frames"]["channels"] == 3

    def test_same_bits_on_any_number_of_threads(self, images, found, tmp_path):
        gossan("rpca", images, "--threads", 3, "--out", tmp_path)
        for name in ("L.npy", "R.npy", "outliers.npy"):
            assert (found / name).read_bytes() == (tmp_path / name).read_bytes()


class TestRefusals:
    def test_a_picture_of_another_size_is_named(self, images, tmp_path):
        write_pgm(tmp_path / "0.pgm", np.zeros((4, 4), np.uint8))
        write_pgm(tmp_path / "1.pgm", np.zeros((5, 4), np.uint8))
        done = gossan("rpca", tmp_path, "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and "1.pgm: is 4 x 5, expected 4 x 4" in done.stderr

    def test_what_is_no_video(self, images, tmp_path):
        (tmp_path / "x.avi").write_text("no video")
        done = gossan("rpca", tmp_path / "x.avi", "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and "is no video" in done.stderr
        assert gossan("rpca", tmp_path / "missing.avi", "--out", tmp_path / "out").returncode == BAD_INPUT

    def test_more_than_the_memory_limit(self, images, tmp_path):
        for t in range(3):
            write_pgm(tmp_path / f"{t}.pgm", np.zeros((700, 700), np.uint8))
        done = gossan("rpca", tmp_path, "--memory-limit", 1, "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and "--stride" in done.stderr

    def test_bad_options(self, images):
        assert gossan("rpca", images, "--stride", 0).returncode == WRONG_USAGE
        assert gossan("rpca", images, "--scale", 0).returncode == WRONG_USAGE

    def test_options_of_frames_for_what_has_none(self, tmp_path):
        np.save(tmp_path / "Y.npy", np.ones((3, 3)))
        done = gossan("rpca", tmp_path / "Y.npy", "--stride", 2)
        assert done.returncode == WRONG_USAGE and "'stride'" in done.stderr


def test_a_time_limit_leaves_a_partial_answer(images, tmp_path):
    done = gossan("rpca", images, "--time-limit", 1e-9, "--out", tmp_path)
    assert done.returncode == DOUBTFUL
    assert read_summary(tmp_path)["status"] == "time_limit" and (tmp_path / "mask").is_dir()
