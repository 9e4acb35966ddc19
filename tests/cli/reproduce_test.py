"""gossan reproduce: what it lists, and experiments of one's own."""

import csv
import json
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest
from conftest import BAD_INPUT, DOUBTFUL, INTERRUPTED, RECOVERED, WRONG_USAGE, gossan

EXPERIMENTS = pathlib.Path(os.environ["GOSSAN_SOURCE"]) / "experiments"
NAMES = sorted(f"{path.parent.name}/{path.stem}" for path in EXPERIMENTS.glob("*/*.toml"))

OWN = """
title = "Search ranks"
trials = 3

[instance]
rows = 8
rank = 2
spectrum = "4, 1"
measurements = 200
corrupted = 0

[run]
model = "symmetric-factor"
method = "subgradient"
loss = "squared"
init.name = "small-random"
init.alpha = 1e-6
schedule.name = "constant"
schedule.step = 0.05
max_iterations = 600

[[series]]
name = "exact"
run.rank = 2
[[series]]
name = "too low"
run.rank = 1
"""


def rows_of(file):
    with open(file, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def own(folder, text=OWN, expected=None):
    (folder / "own.toml").write_text(text, encoding="utf-8")
    if expected is not None:
        (folder / "expected.json").write_text(json.dumps({"own": {"source": "nowhere", "values": expected}}), encoding="utf-8")
    return folder / "own.toml"


def test_list_names_every_experiment_with_its_title():
    lines = gossan("reproduce", "list").stdout.splitlines()
    assert sorted(line.split()[0] for line in lines) == NAMES
    assert all(len(line.split(maxsplit=1)[1]) > 10 for line in lines)


@pytest.mark.parametrize("folder", sorted({name.split("/")[0] for name in NAMES}))
def test_every_expected_number_belongs_to_an_experiment(folder):
    expected = json.loads((EXPERIMENTS / folder / "expected.json").read_text(encoding="utf-8"))
    assert sorted(f"{folder}/{name}" for name in expected) == [name for name in NAMES if name.startswith(folder + "/")]
    for experiment in expected.values():
        assert experiment["source"] and experiment["values"]
    readme = (EXPERIMENTS / folder / "README.md").read_text(encoding="utf-8")
    assert len(readme) > 500 and folder in (EXPERIMENTS / "README.md").read_text(encoding="utf-8")


def test_an_experiment_of_ones_own_errs_as_its_ranks_say(tmp_path):
    done = gossan("reproduce", "run", own(tmp_path), "--out", tmp_path)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    rows = rows_of(tmp_path / "own" / "cells.csv")
    assert [(row["series"], row["trial"]) for row in rows] == [(s, t) for s in ("exact", "too low") for t in "012"]
    for row in rows:
        # The best rank-one matrix misses the second singular value, 1: the squared loss of 200 random measurements nearly so.
        assert float(row["error"]) < 1e-5 if row["series"] == "exact" else 0.8 < float(row["error"]) < 1.3
        assert row["success"] == ("1" if row["series"] == "exact" else "0")
    courses = rows_of(tmp_path / "own" / "courses.csv")
    exact = [float(row["error"]) for row in courses if row["series"] == "exact"]
    assert exact[0] == pytest.approx(17**0.5, rel=1e-3) and exact[-1] < 1e-5


MAP = """
chart = "map"
x_label = "columns"
y_label = "eigenvalue"
y = ["singular_value 1", "steps to 1e-3"]

[instance]
problem = "full"
rows = 6
rank = 1

[run]
model = "symmetric-factor"
method = "gradient-descent"
loss = "squared"
init.name = "small-random"
init.alpha = 1e-3
schedule.name = "constant"
schedule.step = 0.5
max_iterations = 20

[series]
parameter = "instance.spectrum"
values = [1, 4]

[points]
parameter = "run.max_iterations"
values = [1, 20, 400]
"""


def test_a_map_has_a_line_a_row_and_a_place_a_column(tmp_path):
    done = gossan("reproduce", "run", own(tmp_path, MAP), "--out", tmp_path)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    sizes = {(row["series"], row["point"]): float(row["error"]) for row in rows_of(tmp_path / "own" / "cells.csv")}
    assert sizes["1", "400"] < 1e-3 < sizes["1", "1"] and sizes["4", "400"] < 1e-3
    page = (tmp_path / "own" / "report.html").read_text(encoding="utf-8")
    figure = page.split('<figure class="chart heat">')[1]
    assert "eigenvalue 1 to 4 downwards" in figure and "columns 1 to 400 sideways" in figure
    shade = {(int(y), int(x)): float(opacity)
             for x, y, opacity in re.findall(r'<rect x="(\d+)" y="(\d+)"[^>]*fill-opacity="([^"]+)"', figure)}
    assert len(shade) == 6 and shade[10, 20] == pytest.approx(1, abs=1e-3) and shade[0, 20] == pytest.approx(0.25, abs=1e-3)
    assert shade[10, 0] < 0.01
    steps = page.split('<figure class="chart heat">')[2]
    assert re.search(r"eigenvalue 1: never, never, \d+\. eigenvalue 4: never, never, \d+\.", steps), steps[-600:]


def test_a_map_stopped_early_says_what_was_not_run(tmp_path):
    text = MAP.replace("values = [1, 20, 400]", "values = [1, 20, 100000000]")
    gossan("reproduce", "run", own(tmp_path, text), "--time-limit", 1, "--threads", 1, "--out", tmp_path)
    page = (tmp_path / "own" / "report.html").read_text(encoding="utf-8")
    assert page.split('<figure class="chart heat">')[1].count("not run") >= 2


def test_same_numbers_on_any_number_of_threads(tmp_path):
    def numbers(threads):
        gossan("reproduce", "run", own(tmp_path), "--threads", threads, "--out", tmp_path / str(threads))
        rows = rows_of(tmp_path / str(threads) / "own" / "cells.csv")
        for row in rows:
            del row["seconds"]
        return rows

    assert numbers(1) == numbers(3)


def test_a_number_otherwise_than_written_down_is_said(tmp_path):
    close = {"series": "too low", "quantity": "error", "paper": 1, "tolerance": 0.3}
    wrong = {"series": "too low", "quantity": "error", "paper": 1e-3, "factor": 10}
    done = gossan("reproduce", "run", own(tmp_path, expected=[close, wrong]), "--out", tmp_path)
    assert done.returncode == DOUBTFUL and "1 of 2 numbers match" in done.stdout
    assert "the paper has 0.001" in done.stdout
    known = dict(wrong, matches=False)
    assert gossan("reproduce", "run", own(tmp_path, expected=[close, known]), "--out", tmp_path).returncode == RECOVERED
    surprise = dict(close, matches=False)  # better than was thought is a surprise as well
    assert gossan("reproduce", "run", own(tmp_path, expected=[surprise]), "--out", tmp_path).returncode == DOUBTFUL


def test_quiet_says_in_a_line_what_is_wrong(tmp_path):
    wrong = {"series": "too low", "quantity": "error", "paper": 1e-3, "factor": 10}
    done = gossan("reproduce", "run", own(tmp_path, expected=[wrong]), "--quiet", "--out", tmp_path)
    assert done.returncode == DOUBTFUL and done.stdout == "" and "own: 0 of 1 numbers match" in done.stderr


def test_the_oracle_schedule_knows_the_truth(tmp_path):
    oracle = OWN.replace('schedule.name = "constant"\nschedule.step = 0.05', 'schedule.name = "oracle"\nschedule.step = 0.05')
    assert oracle != OWN
    assert gossan("reproduce", "run", own(tmp_path, oracle), "--out", tmp_path).returncode == RECOVERED


def test_points_and_small(tmp_path):
    points = '[points]\nparameter = "instance.measurements"\nvalues = [100, 200]\n[small]\ntrials = 1\nvalues = [100]\n'
    file = own(tmp_path, OWN + points)
    gossan("reproduce", "run", file, "--out", tmp_path / "all")
    gossan("reproduce", "run", file, "--small", "--out", tmp_path / "few")
    assert {row["point"] for row in rows_of(tmp_path / "all/own/cells.csv")} == {"100", "200"}
    few = rows_of(tmp_path / "few/own/cells.csv")
    assert [(row["series"], row["point"], row["trial"]) for row in few] == [("exact", "100", "0"), ("too low", "100", "0")]
    named = '[[points]]\nname = "few"\ninstance.measurements = 100\n[[points]]\nname = "noisy"\ninstance.noise = 0.1\n'
    gossan("reproduce", "run", own(tmp_path, OWN + named), "--out", tmp_path / "named")
    assert {row["point"] for row in rows_of(tmp_path / "named/own/cells.csv")} == {"few", "noisy"}
    done = gossan("reproduce", "run", own(tmp_path, OWN + named + '[small]\nvalues = ["fwe"]\n'), "--small", "--out", tmp_path / "x")
    assert done.returncode == BAD_INPUT and "no place 'fwe'" in done.stderr


@pytest.mark.parametrize(
    "change, message",
    [
        (("trials = 3", "trials = three"), "line 3"),
        (("trials = 3", "trials = -1"), "'trials' must be a whole number from 0 to 1000000"),
        (("trials = 3", "trials = 4611686018427387904"), "'trials' must be a whole number from 0 to 1000000"),
        (('name = "too low"', 'name = "exact"'), "a name of its own"),
        (("trials = 3", "tirals = 3"), "'tirals' is not known"),
        (('name = "exact"\n', ""), "'name' in [[series]]"),
        (("title", "chart = 'pie'\ntitle"), "'chart' must be courses, points or map"),
        (("title", "chart = 'map'\ny = 'slope'\ntitle"), "never negative"),
    ],
)
def test_bad_files_are_refused(tmp_path, change, message):
    assert change[0] in OWN
    done = gossan("reproduce", "run", own(tmp_path, OWN.replace(*change)), "--out", tmp_path)
    assert done.returncode == BAD_INPUT and message in done.stderr, done.stderr
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize(
    "change, message",
    [
        (('model = "symmetric-factor"', 'model = "cubic"'), "cubic"),
        (("rows = 8", "lines = 8"), "lines"),
        (('spectrum = "4, 1"', 'spectrum = "1, 4"'), "spectrum"),
        (('spectrum = "4, 1"', 'spectrum = "4, x"'), "spectrum"),
        (("corrupted = 0", 'problem = "chess"'), "expected sensing, completion or full"),
        (("schedule.step = 0.05", "schedule.stride = 1"), "stride"),
        (("trials = 3", "trials = 0"), "trials is 0"),
        (("rows = 8", "rows = 8\nseed = 3"), "'instance.seed' is not known"),
    ],
)
def test_settings_that_are_not_known_are_refused(tmp_path, change, message):
    assert change[0] in OWN
    done = gossan("reproduce", "run", own(tmp_path, OWN.replace(*change)), "--out", tmp_path)
    assert done.returncode == WRONG_USAGE and message in done.stderr, done.stderr
    assert not (tmp_path / "own").exists()


def test_damaged_expectations_are_refused(tmp_path):
    for text in ["[1, 2", '{"own": {"values": [{"paper": 1}]}}', '{"own": 3}']:
        file = own(tmp_path)
        (tmp_path / "expected.json").write_text(text, encoding="utf-8")
        done = gossan("reproduce", "run", file, "--out", tmp_path)
        assert done.returncode == BAD_INPUT and "expected.json" in done.stderr, done.stderr
    for wrong, message in [({"quantity": "beauty"}, "'beauty' is not known"), ({"series": "exalted"}, "no line 'exalted'")]:
        number = {"series": "exact", "quantity": "error", "paper": 1, "factor": 2} | wrong
        done = gossan("reproduce", "run", own(tmp_path, expected=[number]), "--out", tmp_path)
        assert done.returncode == BAD_INPUT and message in done.stderr, done.stderr
        assert not (tmp_path / "own").exists()


def test_wrong_usage():
    done = gossan("reproduce", "run", "ma-fattahi-2023/figure-1")
    assert done.returncode == WRONG_USAGE and "did you mean 'ma-fattahi-2023/figure-1" in done.stderr
    for arguments in [[], ["walk"], ["run"], ["list", "all"]]:
        assert gossan("reproduce", *arguments).returncode == WRONG_USAGE
    assert "gossan reproduce list" in gossan("reproduce", "--help").stdout
    assert gossan("reproduce", "run", "nowhere.toml").returncode == BAD_INPUT


def test_an_interrupt_leaves_what_is_finished(tmp_path):
    file = own(tmp_path, OWN.replace("trials = 3", "trials = 2000").replace("= 600", "= 20000"))
    command = [os.environ["GOSSAN"], "reproduce", "run", file, "--quiet", "--out", tmp_path]
    process = subprocess.Popen(command)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == INTERRUPTED
    assert json.loads((tmp_path / "own/reproduce.json").read_text(encoding="utf-8"))["status"] == "interrupted"
