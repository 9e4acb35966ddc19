"""Every experiment that the program knows, in its small version, comes out as its expected.json says."""

import json
import os
import pathlib

import pytest
from conftest import RECOVERED, gossan

EXPERIMENTS = pathlib.Path(os.environ["GOSSAN_SOURCE"]) / "experiments"
NAMES = sorted(f"{path.parent.name}/{path.stem}" for path in EXPERIMENTS.glob("*/*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_comes_out_as_is_written_down(name, tmp_path):
    done = gossan("reproduce", "run", name, "--small", "--out", tmp_path)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    folder = tmp_path / name
    assert sorted(path.name for path in folder.iterdir()) == ["cells.csv", "courses.csv", "report.html", "reproduce.json"]
    numbers = json.loads((folder / "reproduce.json").read_text(encoding="utf-8"))["numbers"]
    assert numbers and all(number["as_written_down"] for number in numbers)
    assert "Beside the paper" in (folder / "report.html").read_text(encoding="utf-8")
