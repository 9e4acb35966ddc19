#!/usr/bin/env python3
"""answers.py PROGRAM [--record]: the files and words of the demo, of one instance per recovery and of one descent per method, as hashes.

Without --record they are compared with answers.json, beside this file. Hashes hold for one kind of processor: bits may differ between
instruction sets, so that a machine of another kind records its own from the program of the commit before.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("GOSSAN_SOURCE", HERE.parents[1]))
CITIES = SOURCE / "examples/world/cities.csv"
METHODS = ["subgradient", "momentum", "gradient-descent", "perturbed-gd", "scaled-sm", "scaled-gd", "scaled-gd-lambda", "prec-gd", "opsa",
           "alternating-gauss-newton", "double-over-parameterisation"]


def runs():
    yield "generate locate --points cities.csv --metric great-circle --observed 0.3 --lies 0.3 --round 1 --seed 7 --out world"
    yield "locate world/distances.csv --metric great-circle --truth cities.csv --out world"
    yield "generate locate --count 80 --dimension 2 --lies 0.2 --out flat"
    yield "locate flat/distances.csv --truth flat/truth.csv --out flat"
    yield "generate sense --rows 20 --rank 3 --corrupted 0.1 --out sense"
    yield "sense sense/A.npy sense/y.npy --truth sense/X.npy --out sense"
    yield "generate sense --rows 12 --cols 9 --rank 2 --corrupted 0.2 --noise 0.01 --ensemble rademacher --out implicit"
    yield "sense implicit/ensemble.json implicit/y.npy --out implicit"
    for method in METHODS:
        extra = {"scaled-sm": " --set init.keep=0.9", "opsa": " --set init.keep=0.9 --f-min 0.1"}.get(method, "")
        yield (f"sense sense/A.npy sense/y.npy --method {method} --rank 3 --max-iterations 60 --truth sense/X.npy "
               f"--out descent-{method}{extra}")
    yield "sense sense/A.npy sense/y.npy --method subgradient --max-iterations 60 --excess-risk --truth sense/X.npy --out risk"
    yield "generate rpca --rows 120 --cols 90 --rank 3 --corrupted 0.2 --observed 0.8 --out table"
    yield "rpca table/Y.npy --truth table/X.npy --out table"
    yield "rpca table/Y.npy --method rank-path --out path"
    yield "rpca table/Y.npy --method pcp --out pcp"
    yield "generate rpca --rows 200 --cols 60 --rank 3 --corrupted 0.1 --noise 0.01 --seed 3 --out noisy"
    yield "rpca noisy/Y.npy --truth noisy/X.npy --out noisy"
    yield "apply table/model.npz table/Y.npy --out scored"
    yield "generate ratings --rows 300 --cols 200 --random 0.1 --reversed 0.1 --out ratings"
    yield "complete ratings/ratings.csv --truth ratings/X.npy --out ratings"
    yield "apply ratings/model.npz ratings/ratings.csv --out rated"
    yield "generate complete --rows 120 --cols 80 --rank 3 --observed 0.3 --out holes"
    yield "complete holes/ratings.csv --truth holes/X.npy --out holes"
    yield "probe sense/A.npy sense/y.npy --at sense/X.npy --at-kind matrix --rank 20 --truth sense/X.npy --out probe"
    yield "plan --rows 8 --rank 1 --corruption 0.2 --trials 20 --out plan"
    yield "reproduce list"
    yield "describe"
    yield "--help"
    for verb in "locate sense rpca complete apply plan probe reproduce generate bench describe".split():
        yield f"{verb} --help"


def timeless(text):
    """Without what differs from run to run: times, and the versions of a build."""
    text = re.sub(r'"[a-z_]*seconds[a-z_]*": *[-+.\de]+', "SECONDS", text)
    text = re.sub(r'"versions": \{[^}]*\}', "VERSIONS", text)
    return re.sub(r"\d+(\.\d+)? (s|ms|min)\b", "TIME", text)


def without_seconds(table):
    """A history without its column of times."""
    rows = [line.split(",") for line in table.splitlines()]
    keep = [k for k, name in enumerate(rows[0]) if name != "seconds"]
    return "\n".join(",".join(row[k] for k in keep if k < len(row)) for row in rows)


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def answers(program):
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "cities.csv").write_bytes(CITIES.read_bytes())
        for line in runs():
            done = subprocess.run([str(program), *line.split()], cwd=folder, capture_output=True, text=True)
            found[line] = f"{done.returncode} {digest(timeless(done.stdout).encode())}"
            if "--record" in sys.argv and done.returncode not in (0, 4):
                print(line, done.returncode, done.stderr[:300])
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            data = path.read_bytes()
            if path.name == "history.csv":
                data = without_seconds(data.decode()).encode()
            elif path.suffix in (".json", ".html", ".csv"):
                data = timeless(data.decode()).encode()
            if path.suffix == ".npz":  # an archive holds the time of its making
                import zipfile
                with zipfile.ZipFile(path) as archive:
                    data = b"".join(n.encode() + archive.read(n) for n in sorted(archive.namelist()))
            found[str(path.relative_to(folder))] = digest(data)
    return found


def main():
    record = HERE / "answers.json"
    found = answers(pathlib.Path(sys.argv[1]).resolve())
    if "--record" in sys.argv:
        record.write_text(json.dumps(found, indent=1) + "\n")
        return print(len(found), "recorded")
    expected = json.loads(record.read_text())
    # What is new beside what was there (a row more in a list, a new file) is named, not forgiven.
    wrong = [key for key in sorted(expected.keys() | found.keys()) if expected.get(key) != found.get(key)]
    for key in wrong:
        print("differs:", key, expected.get(key), found.get(key))
    print(f"{len(expected) - len(wrong)} of {len(expected)} the same")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
