"""Help, names, options, config files: wrong usage is answered with exit 2, one message and the nearest known name."""

import json

import pytest
from conftest import BAD_INPUT, RECOVERED, WRONG_USAGE, gossan, make, read_summary

VERBS = ["locate", "sense", "complete", "generate", "plan", "probe", "reproduce", "describe", "bench"]


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help_lists_every_verb(arguments):
    done = gossan(*arguments)
    assert done.returncode == RECOVERED
    assert all(verb in done.stdout for verb in VERBS)
    assert "Exit codes" in done.stdout


@pytest.mark.parametrize("verb", [["locate"], ["sense"], ["plan"], ["probe"], ["reproduce", "run"], ["describe"], ["bench"], ["generate", "locate"], ["generate", "sense"]])
def test_every_verb_has_help_with_examples_and_defaults(verb):
    done = gossan(*verb, "--help")
    assert done.returncode == RECOVERED
    assert "Examples:" in done.stdout
    assert "gossan " + " ".join(verb) in done.stdout
    if verb[0] not in ("describe", "bench"):  # those write no files
        assert "gossan-out/" in done.stdout  # where results go by default
        assert "--threads" in done.stdout
        assert "--seed" in done.stdout or verb[0] == "reproduce"  # whose seeds stand in its files


def test_an_instruction_set_that_the_machine_lacks_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("GOSSAN_SIMD", "mmx")
    done = gossan("generate", "sense", "--out", tmp_path / "out")
    assert done.returncode == WRONG_USAGE
    assert "GOSSAN_SIMD" in done.stderr and "'mmx'" in done.stderr and "scalar" in done.stderr
    assert not (tmp_path / "out").exists()


def test_version():
    done = gossan("--version")
    assert done.returncode == RECOVERED
    assert done.stdout.startswith("gossan ") and done.stdout.count(".") == 2


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ([], "no verb given"),
        (["locat"], "did you mean 'locate'?"),
        (["sens", "A.npy"], "did you mean 'sense'?"),
        (["--metric", "euclidean"], "verb comes first"),
        (["generate"], "locate"),
        (["generate", "locat"], "did you mean 'locate'?"),
        (["describe", "loses"], "did you mean 'losses'?"),
        (["locate"], "distances.csv"),
        (["sense", "A.npy"], "y.npy"),
        (["locate", "a.csv", "b.csv"], "'b.csv'"),
        (["locate", "a.csv", "--metirc", "euclidean"], "did you mean '--metric'?"),
        (["locate", "a.csv", "--rnak=3"], "did you mean '--rank'?"),
        (["locate", "--metirc", "euclidean", "a.csv"], "did you mean '--metric'?"),
        (["locate", "a.csv", "--metric", "euclidian"], "euclidean"),
        (["locate", "a.csv", "--metric"], "--metric"),
        (["locate", "a.csv", "--rank", "two"], "two"),
        (["locate", "a.csv", "--rank", "-1"], "-1"),
        (["locate", "a.csv", "--rank", "2.5"], "2.5"),
        (["locate", "a.csv", "--holdout", "nan"], "nan"),
        (["locate", "a.csv", "--holdout", "0.9"], "0.9"),
        (["locate", "a.csv", "--seed", "99999999999999999999999"], "99999999999999999999999"),
        (["locate", "a.csv", "--threads", "-2"], "-2"),
        (["locate", "a.csv", "--time-limit", "soon"], "soon"),
        (["locate", "a.csv", "--set", "rank"], "key=value"),
        (["locate", "a.csv", "--set", "rnak=3"], "did you mean 'rank'?"),
        (["locate", "a.csv", "--rank", "2", "--rank", "3"], "--rank"),
        (["sense", "A.npy", "y.npy", "--loss", "hubber"], "huber"),
        (["sense", "A.npy", "y.npy", "--set", "schedule.stepp=1"], "did you mean 'schedule.step'?"),
        (["sense", "A.npy", "y.npy", "--loss", "absolute", "--set", "loss.delta=1"], "no chosen part has the option 'loss.delta'"),
        (["sense", "A.npy", "y.npy", "--f-min", "0"], "--f-min: no chosen part has the option 'schedule.f_min'"),
        (["generate", "locate", "--observed", "1e-9"], "measures none of the 19900 pairs"),
        (["generate", "locate", "--shape", "cube"], "cube"),
        (["generate", "locate", "--metric", "great-circle"], "--points"),
        (["generate", "sense", "--rows", "0"], "0"),
        (["generate", "sense", "--kind", "hug"], "huge"),
    ],
)
def test_wrong_usage(arguments, expected, tmp_path):
    done = gossan(*arguments, cwd=tmp_path)
    assert done.returncode == WRONG_USAGE, done.stderr
    assert expected in done.stderr
    assert done.stderr.startswith("gossan")
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_settings_that_a_part_refuses_leave_no_folder(sensing, tmp_path):
    out = tmp_path / "out"
    files = (sensing / "A.npy", sensing / "y.npy")
    done = gossan("sense", *files, "--out", out, "--set", "schedule.step=-1")
    assert done.returncode == WRONG_USAGE and "-1" in done.stderr and "step" in done.stderr
    assert not out.exists()


def test_polyak_asks_for_f_min_and_takes_it(sensing, tmp_path):
    out = tmp_path / "out"
    common = ("sense", sensing / "A.npy", sensing / "y.npy", "--schedule", "polyak", "--max-iterations", 20, "--out", out)
    done = gossan(*common)
    assert done.returncode == WRONG_USAGE and "f-min" in done.stderr
    assert not out.exists()
    gossan(*common, "--f-min", "0.01")
    assert read_summary(out)["options"]["schedule.f_min"] == "0.01"


def test_needs_are_refused_with_the_way_to_give_them(sensing, tmp_path):
    common = ("sense", sensing / "A.npy", sensing / "y.npy", "--max-iterations", 20, "--out", tmp_path / "out")
    for arguments, needs, how in (
        (("--method", "scaled-gd"), "scaled-gd: needs the rank", "--rank"),
        (("--method", "scaled-sm", "--rank", 2), "truncated-spectral: needs the share of wrong measurements", "--set init.keep="),
        (("--method", "opsa", "--set", "init.keep=0.9"), "polyak: needs the least value of the objective", "--f-min"),
        (("--method", "subgradient", "--schedule", "oracle"), "oracle: needs the true matrix", "--truth"),
    ):
        done = gossan(*common, *arguments)
        assert done.returncode == WRONG_USAGE and needs in done.stderr and how in done.stderr, done.stderr
    assert not (tmp_path / "out").exists()


def test_the_oracle_takes_the_truth(sensing, tmp_path):
    out = tmp_path / "out"
    gossan("sense", sensing / "A.npy", sensing / "y.npy", "--method", "subgradient", "--schedule", "oracle", "--truth", sensing / "X.npy",
           "--max-iterations", 5, "--out", out)
    choices = read_summary(out)["choices"]
    assert choices["schedule"] == "oracle" and choices["schedule.step"] == "0.1"


def test_a_method_brings_its_companions_and_settings_go_before_them(sensing, tmp_path):
    common = ("sense", sensing / "A.npy", sensing / "y.npy", "--method", "scaled-gd", "--rank", 2, "--max-iterations", 5)
    gossan(*common, "--out", tmp_path / "alone")
    choices = read_summary(tmp_path / "alone")["choices"]
    assert [choices[part] for part in ("loss", "schedule", "schedule.step", "init")] == ["squared", "constant", "0.25", "spectral"]
    gossan(*common, "--loss", "absolute", "--set", "schedule.step=0.125", "--out", tmp_path / "told")
    choices = read_summary(tmp_path / "told")["choices"]
    assert [choices[part] for part in ("loss", "schedule", "schedule.step", "init")] == ["absolute", "constant", "0.125", "spectral"]


class TestConfig:

    def run(self, sensing, tmp_path, text, *more):
        config = tmp_path / "run.toml"
        config.write_text(text)
        files = (sensing / "A.npy", sensing / "y.npy")
        return gossan("sense", *files, "--config", config, "--out", tmp_path / "out", *more)

    def test_options_come_from_the_file_and_the_command_line_goes_before_it(self, sensing, tmp_path):
        text = 'method = "momentum"\nmax-iterations = 30\nseed = 4\nquiet = true\n[schedule]\nstep = 0.25\nratio = 0.98\n'
        done = self.run(sensing, tmp_path, text, "--seed", 9, "--set", "schedule.ratio=0.97")
        assert done.stdout == ""  # quiet
        summary = read_summary(tmp_path / "out")
        assert summary["options"]["method"] == "momentum"
        assert summary["options"]["max_iterations"] == 30 and summary["iterations"] <= 30
        assert summary["seed"] == 9
        assert summary["options"]["schedule.step"] == "0.25"
        assert summary["options"]["schedule.ratio"] == "0.97"
        assert "0.97" in summary["choices"]["schedule.ratio"]

    def test_a_table_names_its_part_and_sets_its_options(self, sensing, tmp_path):
        self.run(sensing, tmp_path, 'max-iterations = 10\n[loss]\nname = "huber"\ndelta = 0.1\n')
        summary = read_summary(tmp_path / "out")
        assert summary["options"]["loss"] == "huber"
        assert summary["options"]["loss.delta"] == "0.1"

    @pytest.mark.parametrize(
        "text, code, expected",
        [
            ("seed = 1\nrnak = 2\n", WRONG_USAGE, ["run.toml: line 2", "did you mean 'rank'?"]),
            ("[schedule]\n\nstpe = 2\n", WRONG_USAGE, ["run.toml: line 3", "did you mean 'schedule.step'?"]),
            ('rank = "many"\n', WRONG_USAGE, ["run.toml: line 1", "many"]),
            ("rank = 2.5\n", WRONG_USAGE, ["run.toml: line 1", "2.5"]),
            ("seed = 1\nrank = [1, 2]\n", BAD_INPUT, ["run.toml: line 2", "rank"]),
            ("seed = 1\nrank = = 2\n", BAD_INPUT, ["run.toml: line 2"]),
            ("rank = 1\nrank = 2\n", BAD_INPUT, ["run.toml: line 2"]),
        ],
    )
    def test_mistakes_are_located(self, sensing, tmp_path, text, code, expected):
        done = self.run(sensing, tmp_path, text)
        assert done.returncode == code, done.stderr
        assert all(part in done.stderr for part in expected), done.stderr
        assert not (tmp_path / "out").exists()

    def test_missing_file(self, sensing, tmp_path):
        done = gossan("sense", sensing / "A.npy", sensing / "y.npy", "--config", tmp_path / "none.toml")
        assert done.returncode == BAD_INPUT and "none.toml" in done.stderr


class TestDescribe:
    TABLES = ["operators", "losses", "penalties", "models", "schedules", "initialisations", "methods", "recoveries"]

    def test_prints_every_table_with_options(self):
        done = gossan("describe")
        assert done.returncode == RECOVERED
        assert all(table in done.stdout for table in self.TABLES)
        assert "loss.delta" in done.stdout and "schedule.f_min" in done.stdout

    def test_json_has_every_row_with_help(self):
        tables = json.loads(gossan("describe", "--json").stdout)
        assert list(tables) == self.TABLES
        for rows in tables.values():
            assert rows and all(row["name"] and row["help"] for row in rows)
        assert {row["name"] for row in tables["recoveries"]} == {"locate", "sense", "rpca", "complete"}
        assert {"absolute", "squared", "huber"} <= {row["name"] for row in tables["losses"]}

    def test_methods_say_what_they_need_and_what_goes_with_them(self):
        rows = {row["name"]: row for row in json.loads(gossan("describe", "methods", "--json").stdout)["methods"]}
        assert rows["scaled-sm"]["needs"] == ["the rank", "the share of wrong measurements"]
        assert "needs" not in rows["prec-gd"]
        assert rows["alternating-gauss-newton"]["companions"]["model"] == "factor-pair"
        text = gossan("describe", "methods").stdout
        assert "needs: the least value of the objective" in text and "beside it: loss squared" in text

    def test_one_table(self):
        done = gossan("describe", "losses")
        assert "huber" in done.stdout and "momentum" not in done.stdout


class TestGenerate:
    def test_same_seed_same_bytes_and_another_seed_others(self, tmp_path):
        folders = []
        for name, seed in (("a", 1), ("b", 1), ("c", 2)):
            folders.append(make("locate", tmp_path / name, "--count", 20, "--shape", "needle", "--seed", seed))
        a, b, c = ((folder / "distances.csv").read_bytes() for folder in folders)
        assert a == b != c

    def test_record_says_every_option(self, tmp_path):
        folder = make("sense", tmp_path / "out", "--rows", 4, "--cols", 3, "--rank", 1, "--kind", "sign-flip")
        record = json.loads((folder / "generate.json").read_text())
        assert record["verb"] == "generate sense"
        assert record["options"]["kind"] == "sign-flip" and record["options"]["cols"] == 3
        assert sorted(path.name for path in folder.iterdir()) == ["A.npy", "X.npy", "corrupted.npy", "generate.json", "y.npy"]
