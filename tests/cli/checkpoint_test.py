"""A run that is killed goes on from its checkpoint and ends with the bytes of one that never was."""

import csv
import signal
import subprocess
import time

import numpy as np
import pytest
from conftest import BAD_INPUT, INTERRUPTED, PROGRAM, RECOVERED, WRONG_USAGE, gossan, make, read_summary

STEPS = 3000  # a moment; but saved after every step, long enough to be stopped in the middle
EACH_STEP = ("--checkpoint-every", 0)
OF_A_PROCESS = {"seconds", "recovery_seconds", "options"}


def arguments(sensing, out, *more, steps=STEPS):
    files = ("sense", sensing / "A.npy", sensing / "y.npy", "--truth", sensing / "X.npy")
    return [str(each) for each in (*files, "--method", "subgradient", "--max-iterations", steps, "--threads", 1, "--quiet", "--out", out, *more)]


def numbers(out):
    return {name: value for name, value in read_summary(out).items() if name not in OF_A_PROCESS}


def history(out):
    with open(out / "history.csv", newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    seconds = [float(row.pop("seconds")) for row in rows]
    return rows, seconds


@pytest.fixture(scope="module")
def straight(sensing, tmp_path_factory):
    """Never stopped, and without a checkpoint."""
    out = tmp_path_factory.mktemp("straight")
    gossan(*arguments(sensing, out))
    return out


def stopped(sensing, out, checkpoint, sent, more=EACH_STEP):
    return stopped_after_saving(checkpoint, sent, *arguments(sensing, out, "--checkpoint", checkpoint, *map(str, more)))


def stopped_after_saving(checkpoint, sent, *command):
    """Starts a run, waits until it has saved something that is not its start, and sends the signal; its exit code."""
    process = subprocess.Popen([PROGRAM, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    first, deadline = None, time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if checkpoint.exists():
            now = checkpoint.stat().st_mtime_ns
            first = first or now
            if now != first:
                break
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be stopped"
    process.send_signal(sent)
    process.communicate(timeout=60)
    return process.returncode


def resume(sensing, out, checkpoint, *more, **options):
    return gossan(*arguments(sensing, out, "--checkpoint", checkpoint, "--resume", *more, **options))


def expect_same(out, straight, seconds_go_on=True):
    assert (out / "U.npy").read_bytes() == (straight / "U.npy").read_bytes()
    assert (out / "outliers.npy").read_bytes() == (straight / "outliers.npy").read_bytes()
    assert numbers(out) == numbers(straight)
    rows, seconds = history(out)
    assert rows == history(straight)[0]
    assert seconds == sorted(seconds) or not seconds_go_on


def test_killed_twice(sensing, straight, tmp_path):
    checkpoint, out = tmp_path / "checkpoint.npz", tmp_path / "out"
    assert stopped(sensing, out, checkpoint, signal.SIGKILL) == -signal.SIGKILL
    taken = np.load(checkpoint)["state.000000.numbers"][0, 0]
    assert 0 < taken < STEPS and not (out / "summary.json").exists()
    assert stopped(sensing, out, checkpoint, signal.SIGKILL, ("--resume", *EACH_STEP)) == -signal.SIGKILL
    assert taken < np.load(checkpoint)["state.000000.numbers"][0, 0] < STEPS
    done = resume(sensing, out, checkpoint)
    assert done.returncode == RECOVERED, done.stderr
    expect_same(out, straight)


def test_interrupted_saves_where_it_is(sensing, straight, tmp_path):
    checkpoint, out = tmp_path / "checkpoint.npz", tmp_path / "out"
    assert stopped(sensing, out, checkpoint, signal.SIGINT) == INTERRUPTED
    partial = read_summary(out)
    assert partial["status"] == "interrupted"
    assert np.load(checkpoint)["state.000000.numbers"][0, 0] == partial["iterations"]
    assert resume(sensing, out, checkpoint).returncode == RECOVERED
    expect_same(out, straight)


def test_a_time_limit_saves_as_well(sensing, tmp_path):
    checkpoint = tmp_path / "checkpoint.npz"
    gossan(*arguments(sensing, tmp_path / "out", "--checkpoint", checkpoint, *EACH_STEP, "--time-limit", 0.1))
    taken = np.load(checkpoint)["state.000000.numbers"][0, 0]
    resume(sensing, tmp_path / "out", checkpoint, *EACH_STEP, "--time-limit", 0.1)
    assert 0 < taken < np.load(checkpoint)["state.000000.numbers"][0, 0] == read_summary(tmp_path / "out")["iterations"]


def test_nothing_to_resume_starts_afresh_and_says_so(sensing, straight, tmp_path):
    command = [each for each in arguments(sensing, tmp_path / "out", "--checkpoint", tmp_path / "c.npz", "--resume")
               if each != "--quiet"]
    done = gossan(*command)
    assert done.returncode == RECOVERED and "from the start" in done.stderr and str(tmp_path / "c.npz") in done.stderr
    expect_same(tmp_path / "out", straight)


class TestRefusals:
    @pytest.fixture(scope="class")
    def saved(self, sensing, tmp_path_factory):
        folder = tmp_path_factory.mktemp("saved")
        gossan(*arguments(sensing, folder / "out", "--checkpoint", folder / "c.npz"))
        return folder / "c.npz"

    @pytest.fixture
    def checkpoint(self, saved, tmp_path):
        (tmp_path / "c.npz").write_bytes(saved.read_bytes())
        return tmp_path / "c.npz"

    def refused(self, sensing, checkpoint, *more, **options):
        before = checkpoint.read_bytes()
        done = resume(sensing, checkpoint.parent / "out", checkpoint, *more, **options)
        assert done.returncode == BAD_INPUT and str(checkpoint) in done.stderr and done.stderr.count("\n") == 1
        assert checkpoint.read_bytes() == before and not (checkpoint.parent / "out").exists()
        return done.stderr

    def test_truncated(self, sensing, checkpoint):
        checkpoint.write_bytes(checkpoint.read_bytes()[:-1000])
        self.refused(sensing, checkpoint)

    def test_damaged(self, sensing, checkpoint):
        content = bytearray(checkpoint.read_bytes())
        content[len(content) // 2] ^= 1
        checkpoint.write_bytes(content)
        assert "unpacked" in self.refused(sensing, checkpoint)

    def test_foreign(self, sensing, checkpoint):
        np.savez(checkpoint, A=np.eye(3))
        assert "is no checkpoint of gossan" in self.refused(sensing, checkpoint)

    def test_of_a_newer_format(self, sensing, checkpoint):
        arrays = dict(np.load(checkpoint))
        np.savez(checkpoint, **{**arrays, "gossan_checkpoint": np.array([2.0])})
        assert "format 2" in self.refused(sensing, checkpoint)

    @pytest.mark.parametrize("option", ["seed", "rank", "holdout"])
    def test_of_other_options(self, sensing, checkpoint, option):
        assert f"'{option}' was" in self.refused(sensing, checkpoint, f"--{option}", 0.1 if option == "holdout" else 7)
        assert f"'max_iterations' was '{STEPS}', is '7'" in self.refused(sensing, checkpoint, steps=7)

    def test_of_other_settings_and_storage(self, sensing, checkpoint):
        assert "'loss' was 'absolute', is 'squared'" in self.refused(sensing, checkpoint, "--loss", "squared")
        assert "'init.alpha' was '1e-15', is '1e-11'" in self.refused(sensing, checkpoint, "--set", "init.alpha=1e-11")
        assert "'precision' was 'auto', is 'single'" in self.refused(sensing, checkpoint, "--precision", "single")

    def test_of_other_data(self, sensing, checkpoint, tmp_path):
        for name, changed in (("y", "measured values"), ("A", "measurement matrices")):
            other = tmp_path / f"with_other_{name}"
            other.mkdir()
            for file in ("A", "y", "X"):
                values = np.load(sensing / f"{file}.npy")
                if file == name:
                    values.flat[-1] += 1e-9
                np.save(other / f"{file}.npy", values)
            assert changed in self.refused(other, checkpoint)

    def test_files_that_are_no_checkpoint_are_never_replaced(self, sensing, tmp_path):
        (tmp_path / "thesis.txt").write_text("years of work")
        done = gossan(*arguments(sensing, tmp_path / "out", "--checkpoint", tmp_path / "thesis.txt"))
        assert done.returncode == BAD_INPUT and (tmp_path / "thesis.txt").read_text() == "years of work"

    @pytest.mark.parametrize("options, said", [
        (("--resume",), "--checkpoint FILE"),
        (("--checkpoint", "no/folder/c.npz"), "no/folder/c.npz"),
        (("--checkpoint", "c.npz", "--checkpoint-every", -1), "checkpoint_every"),
    ])
    def test_wrong_usage(self, sensing, tmp_path, options, said):
        done = gossan(*arguments(sensing, tmp_path / "out", *options), cwd=tmp_path)
        assert done.returncode == WRONG_USAGE and said in done.stderr


def test_the_tuning_free_recovery_killed_twice(tmp_path):
    """Of a size that takes a while: many passes, each saved."""
    options = ("--rows", 40, "--rank", 3, "--measurements", 2400, "--corrupted", 0.2, "--noise", 0.01, "--seed", 3)
    sensing = make("sense", tmp_path, *options)
    command = ["sense", sensing / "A.npy", sensing / "y.npy", "--truth", sensing / "X.npy", "--threads", 1, "--quiet"]
    straight, out, checkpoint = tmp_path / "straight", tmp_path / "out", tmp_path / "c.npz"
    assert gossan(*command, "--out", straight).returncode == RECOVERED
    passes = 0
    for _ in range(2):
        saving = ("--checkpoint", checkpoint, "--resume", *EACH_STEP, "--out", out)
        assert stopped_after_saving(checkpoint, signal.SIGKILL, *command, *saving) == -signal.SIGKILL
        more = len(np.load(checkpoint).files) - 2
        assert more > passes and not (out / "summary.json").exists()
        passes = more
    done = gossan(*command, "--checkpoint", checkpoint, "--resume", "--out", out)
    assert done.returncode == RECOVERED, done.stderr
    expect_same(out, straight, seconds_go_on=False)
    assert passes < read_summary(out)["sweeps"]
