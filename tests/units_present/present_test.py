"""What the library presents of answers in memory: JSON that keeps to the schema, facts that agree with it, and what the program says."""

import html
import json
import os
import pathlib
import re
import subprocess

import jsonschema
import pytest

SOURCE = pathlib.Path(os.environ["GOSSAN_SOURCE"])
NAMES = ["locate", "locate-truth", "sense-auto", "sense-subgradient", "probe", "rpca", "rpca-truth", "apply-table", "complete", "apply-ratings"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("presented")
    subprocess.run([os.environ["PRESENT_SAMPLE"], folder], check=True)
    return folder


def summary(folder, name):
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def facts(folder, name):
    return dict(line.split("\t", 1) for line in (folder / f"{name}.facts").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_the_summary_keeps_to_the_schema(folder, name):
    schema = json.loads((SOURCE / "docs/summary.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(summary(folder, name))


@pytest.mark.parametrize("name", NAMES)
def test_facts_say_what_the_summary_says(folder, name):
    told, said = facts(folder, name), summary(folder, name)
    assert (told["verdict"], told["message"]) == (said["verdict"], said["message"])
    if "rank" in told:
        assert told["rank"] == str(said["rank"])
    if "flagged" in told:
        assert float(told["flagged"].split(" %")[0]) == pytest.approx(100 * said["outlier_fraction"], abs=0.005)
    if "truth" in told and "relative_error" in said.get("truth", {}):
        error = float(told["truth"].split("relative error")[1].split()[-1])
        assert error == pytest.approx(said["truth"]["relative_error"], rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_has_the_facts_and_nothing_speaks_of_arguments(folder, name):
    page = (folder / f"{name}.html").read_text(encoding="utf-8")
    assert html.escape(facts(folder, name)["message"], quote=False).replace("'", "&#39;").replace('"', "&quot;") in page
    for text in [*facts(folder, name).values(), (folder / f"{name}.json").read_text(encoding="utf-8")]:
        assert not re.search(r"--[a-z]|\bgossan [a-z]", text)


def answer(said):
    """Without what only the caller knows."""
    callers = {"inputs", "seconds", "recovery_seconds", "options", "versions"}
    kept = {key: value for key, value in said.items() if key not in callers}
    kept.get("preflight", {}).pop("data_bytes", None)  # how a table is held
    return list(kept.items())  # with their order


@pytest.mark.parametrize(("name", "file"), [("locate", "distances.csv"), ("rpca", "Y.npy")])
def test_the_program_says_the_same(folder, name, file, tmp_path):
    done = subprocess.run([os.environ["GOSSAN"], name, folder / file, "--json", "--out", tmp_path], capture_output=True, text=True, check=False)
    assert answer(json.loads(done.stdout)) == answer(summary(folder, name))
    if name == "locate":
        assert (tmp_path / "points.csv").read_bytes() == (folder / "points.csv").read_bytes()
