"""Includes point one way: a module sees only the modules below it, and each outside library is seen from one place."""

import os
import re
from pathlib import Path

import pytest

SOURCE = Path(os.environ["GOSSAN_SOURCE"])

# The modules that each may build on, directly; what those build on comes with them.
BELOW = {
    "core": [],
    "linalg": ["core"],
    "io": ["core"],
    "frames": ["io"],
    "operators": ["linalg"],
    "losses": ["linalg"],
    "models": ["linalg"],
    "penalties": ["linalg"],
    "objectives": ["operators", "losses", "models", "penalties"],
    "analysis": ["objectives"],
    "schedules": ["objectives"],
    "init": ["operators", "models"],
    "methods": ["schedules"],
    "run": ["methods"],
    "analysis": ["run"],
    "recover": ["analysis", "init", "io"],
    "generate": ["recover"],
    "plan": ["generate"],
    "experiment": ["generate", "analysis", "io"],
    "report": ["core"],
    "compare": ["recover"],
    "inputs": ["compare", "io", "operators"],
    "present": ["compare", "plan", "experiment", "frames", "report"],
}

# Public headers that are not named after their module.
HOME = {
    "apply": "recover",
    "checkpoint": "io",
    "evidence": "core",
    "function_ref": "core",
    "matrix": "core",
    "needs": "core",
    "options": "core",
    "params": "core",
    "table": "core",
    "machine": "linalg",
    "random": "linalg",
    "observers": "run",
    "generate_table": "generate",
    "probe": "analysis",
    "reproduction": "experiment",
    "complete": "recover",
    "locate": "recover",
    "rpca": "recover",
    "sense": "recover",
    "trajectory": "analysis",
    "version": "present",
    "watch": "run",
}

# Includes all the others, for users; nothing of Gossan includes it.
UMBRELLA = SOURCE / "include/gossan/gossan.hpp"

# An outside header, and the only folder that may include it.
OUTSIDE = {
    "omp.h": "src/linalg",
    "Spectra/": "src/linalg",
    "Random123/": "src/linalg",
    "immintrin.h": "src/linalg",
    "hwy/": "src/linalg",
    "zip.h": "src/io",
    "matio.h": "src/io",
    "libavcodec/": "src/frames",
    "libavformat/": "src/frames",
    "libavutil/": "src/frames",
    "libswscale/": "src/frames",
    "CLI/": "cli",
    "toml++/": "src/io",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def closure(module):
    seen = {module}
    for lower in BELOW[module]:
        seen |= closure(lower)
    return seen


def home_of(included, modules):
    """The module that an include path such as gossan/linalg.hpp or recover/locate/graph.hpp belongs to, or None."""
    parts = Path(included).parts
    if parts[0] == "gossan":
        stem = Path(included).stem
        return HOME.get(stem, stem)
    return parts[0] if len(parts) > 1 and parts[0] in modules else None


def includes(path):
    return [(bracket, name) for bracket, name in INCLUDE.findall(path.read_text(encoding="utf-8"))]


def violations(files, module_of):
    """Lines 'FILE includes HEADER: ...' for (path, relative name) pairs that look at a module they may not see."""
    found = []
    for path, name in files:
        module = module_of(name)
        for _, included in includes(path):
            home = home_of(included, BELOW)
            if home is not None and home not in closure(module):
                found.append(f"{name} includes {included}: {module} may not see {home}")
    return found


def sources(*folders):
    files = [f for folder in folders for f in (SOURCE / folder).rglob("*") if f.suffix in (".cpp", ".hpp")]
    return sorted((f, f.relative_to(SOURCE).as_posix()) for f in files)


def module_text(module):
    """The gossan_module(...) call of a module, as words by keyword."""
    text = re.sub(r"#.*", "", (SOURCE / "src" / module / "CMakeLists.txt").read_text(encoding="utf-8"))
    words = re.search(r"gossan_module\(\s*(.*?)\)\s*$", text, re.DOTALL | re.MULTILINE).group(1).split()
    result, key = {"NAME": [], "COLD": [], "DEPENDS": [], "SOURCES": [], "LINKS": []}, "NAME"
    for word in words:
        if word in result:
            key = word
        else:
            result[key].append(word)
    return result


def test_every_module_has_its_place():
    folders = {f.name for f in (SOURCE / "src").iterdir() if f.is_dir()}
    assert folders == set(BELOW)
    headers = {HOME.get(f.stem, f.stem) for f in (SOURCE / "include/gossan").glob("*.hpp") if f != UMBRELLA}
    assert headers <= set(BELOW)


def test_sources_include_only_what_is_below():
    assert violations(sources("src"), lambda name: name.split("/")[1]) == []


def test_public_headers_include_only_what_is_below():
    home = lambda name: HOME.get(Path(name).stem, Path(name).stem)
    assert violations([(path, name) for path, name in sources("include/gossan") if path != UMBRELLA], home) == []


def test_one_header_includes_all_public_ones():
    others = {f"gossan/{f.name}" for f in UMBRELLA.parent.glob("*.hpp") if f != UMBRELLA}
    assert {included for _, included in includes(UMBRELLA)} == others


def test_public_headers_are_self_contained_in_their_outside_needs():
    """Whoever uses libgossan needs Eigen and the standard library, and no other header."""
    outside = [f"{name}: {included}" for path, name in sources("include") for bracket, included in includes(path)
               if bracket == "<" and "/" in included and not included.startswith("Eigen/")]
    assert outside == []


def test_the_program_sees_public_headers_only():
    private = [f"{name} includes {included}" for path, name in sources("cli") for bracket, included in includes(path)
               if bracket == '"' and not included.startswith("gossan/") and (SOURCE / "src" / included).exists()]
    assert private == []


@pytest.mark.parametrize("module", BELOW)
def test_build_files_declare_no_more_than_that(module):
    declared = module_text(module)
    assert declared["NAME"] == [module]
    assert set(declared["DEPENDS"]) <= closure(module) - {module}


@pytest.mark.parametrize("module", BELOW)
def test_every_source_file_is_built(module):
    folder = SOURCE / "src" / module
    on_disk = {f.relative_to(folder).as_posix() for f in folder.rglob("*.cpp")}
    joined = re.findall(r"^gossan_kernels\(\w+ ([^)]*)\)", (folder / "CMakeLists.txt").read_text(encoding="utf-8"), re.MULTILINE)
    kernels = {f"kernels/{name}.cpp" for names in joined for name in names.split()}
    assert on_disk == {name for name in module_text(module)["SOURCES"] if not name.startswith("${")} | kernels


def test_each_outside_library_is_seen_from_one_place():
    strays = []
    for path, name in sources("src", "cli", "include"):
        for _, included in includes(path):
            for prefix, folder in OUTSIDE.items():
                if included.startswith(prefix) and not name.startswith(folder + "/"):
                    strays.append(f"{name} includes {included}, which belongs to {folder}")
    assert strays == []


def test_only_linalg_is_parallel():
    parallel = [name for path, name in sources("src", "cli", "include")
                if not name.startswith("src/linalg/") and re.search(r"#\s*pragma\s+omp|std::(jthread|async)\b|std::execution", path.read_text())]
    assert parallel == []


def test_the_check_finds_a_planted_violation(tmp_path):
    planted = tmp_path / "planted.cpp"
    planted.write_text('#include "gossan/recover.hpp"\n#include "gossan/matrix.hpp"\n#include "methods/memory.hpp"\n')
    found = violations([(planted, "src/linalg/planted.cpp")], lambda name: "linalg")
    assert found == ["src/linalg/planted.cpp includes gossan/recover.hpp: linalg may not see recover",
                     "src/linalg/planted.cpp includes methods/memory.hpp: linalg may not see methods"]
