"""Contestants of benchmarks/compare.py: processes that hold their data and take turns when they are told to."""

import json
import os
import platform
import statistics
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RIVALS = ROOT / "benchmarks/rivals"
BUILD = ROOT / "build"
VENV = BUILD / "bench-venv"


@dataclass
class Contestant:
    label: str
    command: list
    description: dict = field(default_factory=dict)
    seconds: list = field(default_factory=list)
    cores: list = field(default_factory=list)  # that it had, on average over a turn
    process: subprocess.Popen = None

    def start(self):
        """Makes its data; False, with the reason printed, where it cannot."""
        self.process = subprocess.Popen([str(word) for word in self.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=environment())
        line = self.process.stdout.readline()
        if not line:
            reason = self.process.communicate()[1].strip().splitlines()
            print(f"    left out: {self.label}: {reason[-1] if reason else 'no answer'}", flush=True)
            return False
        self.description = json.loads(line)
        return True

    def turn(self, clock):
        """One more time in `seconds`; False where the process has died."""
        try:
            self.process.stdin.write("turn\n")
            self.process.stdin.flush()
            turn = json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            print(f"    left out: {self.label}: it died with {self.process.wait()}", flush=True)
            return False
        self.seconds.append(turn[clock])
        self.cores.append(turn["cpu_seconds"] / turn["seconds"])
        return True

    def stop(self):
        if self.process.poll() is None:
            self.process.communicate()  # the end of its input ends it

    @property
    def median(self):
        return statistics.median(self.seconds)

    @property
    def quartiles(self):
        if len(self.seconds) < 2:
            return self.seconds * 2
        cuts = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return [cuts[0], cuts[2]]


def environment():
    """One thread for every library; OpenBLAS finds out by itself which processor this is."""
    kept = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    return kept | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def race(contestants, rounds, clock="cpu_seconds"):
    """All take one turn after another, round after round. Returns those that could take part, by label."""
    running = [each for each in contestants if each.start()]
    for _ in range(rounds):
        running = [each for each in running if each.turn(clock)]
    for each in running:
        each.stop()
    return {each.label: each for each in running}


class Field:
    """Where the contestants come from: installs what it can, and says once what is missing."""

    def __init__(self, program, python=None):
        self.program = program
        self.python = python or rivals_python()
        self.torch = torch_python(self.python)
        self.kernels = built_rival()

    def gossan(self, kernel, size=(), threads=1, label=None):
        options = [word for pair in zip(("--rows", "--measurements", "--rank"), size) for word in pair]
        return [Contestant(label or f"gossan {kernel}", [self.program, "bench", "--kernel", kernel, "--paced", "--quiet", "--threads",
                                                         threads, *options])]

    def numpy(self, kernel, dtype, size, label):
        return [Contestant(label, [self.python, RIVALS / "numpy_kernels.py", kernel, dtype, *size])] if self.python else []

    def scipy(self, dtype, size, label):
        return [Contestant(label, [self.python, RIVALS / "scipy_kernels.py", dtype, *size])] if self.python else []

    def pytorch(self, kernel, dtype, size, label):
        return [Contestant(label, [self.torch, RIVALS / "torch_kernels.py", kernel, dtype, *size])] if self.torch else []

    def cpp(self, kernel, size, label):
        return [Contestant(label, [self.kernels, kernel, *size])] if self.kernels else []


def imports(python, *modules):
    return subprocess.run([python, "-c", "import " + ", ".join(modules)], capture_output=True, env=environment()).returncode == 0


def rivals_python():
    """A Python with NumPy and SciPy as pip installs them, with OpenBLAS inside."""
    python = VENV / "bin/python"
    if not python.exists() or not imports(python, "numpy", "scipy"):
        print(f"Installing NumPy and SciPy into {VENV.relative_to(ROOT)} ...", flush=True)
        try:
            venv.create(VENV, with_pip=True, clear=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", "numpy", "scipy"], check=True)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"NumPy and SciPy are the system's, for pip failed: {error}")
            return sys.executable if imports(sys.executable, "numpy", "scipy") else None
    return python


def with_library(python, package, module, *needs):
    """Whether that Python imports a library, after pip has tried to install it and what it forgets to ask for."""
    if not imports(python, module):
        print(f"Installing {package} into {VENV.relative_to(ROOT)} ...", flush=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", package, *needs], check=False)
    return imports(python, module)


def torch_python(python):
    """A Python that imports PyTorch: Debian's, or the virtual environment's where pip has a PyTorch for processors alone."""
    for each in (python, "/usr/bin/python3", sys.executable):
        if each and Path(each).exists() and imports(each, "torch", "numpy"):
            return each
    if platform.machine() != "x86_64" and python:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "torch"], check=False)
        if imports(python, "torch"):
            return python
    print("PyTorch is left out: pip's build for x86-64 does not start without gigabytes of CUDA packages, and Debian's, "
          "python3-torch, is not installed.")
    return None


def built_rival():
    program, source = BUILD / "bench-kernels", RIVALS / "kernels.cpp"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        command = [os.environ.get("CXX", "g++"), "-O3", "-march=native", "-std=c++20", "-DNDEBUG", "-isystem", "/usr/include/eigen3",
                   "-o", program, source]
        if subprocess.run(command).returncode != 0:
            print("Eigen and the plain loops are left out: they do not compile.")
            return None
    return program
