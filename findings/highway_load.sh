#!/usr/bin/env bash
# Highway 1.0.3 (Debian 12): loading its shared library costs every process milliseconds, used or not.
#
# Behaviour: a C++ program that does nothing and is linked with libhwy.so.1 takes several times the processor time of the same program without it:
# while it is loaded the library measures the resolution of the clock for its benchmark tools (hwy::platform::TimerResolution), although the program has
# asked for no time. A program that calls hwy::SupportedTargets alone, as every program does that chooses its instructions at run time, pays for it as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -q -o APT::Sandbox::User=root download libhwy-dev=1.0.3-3+deb12u1 libhwy1=1.0.3-3+deb12u1 > download.log
for package in *.deb; do dpkg -x "$package" .; done
libraries=$folder/usr/lib/$(gcc -print-multiarch)

cat > nothing.cpp << 'END'
int main() {}
END
g++ -O2 nothing.cpp -o without
g++ -O2 nothing.cpp -o with -Wl,--no-as-needed -L"$libraries" -lhwy -Wl,-rpath,"$libraries"

cat > measure.py << 'END'
import os
import statistics
import subprocess
import sys


def milliseconds(program):
    before = os.times()
    subprocess.run([program], check=True)
    after = os.times()
    return 1000 * (after.children_user - before.children_user + after.children_system - before.children_system)


runs = {"without": [], "with": []}
for _ in range(60):
    for name in runs:
        runs[name].append(milliseconds("./" + name))
# The clock of processor time may be coarse: means, not medians.
without, with_it = (statistics.mean(runs[name]) for name in ("without", "with"))
print(f"a process without libhwy: {without:.1f} ms, with it: {with_it:.1f} ms")
sys.exit(0 if with_it > 1.5 * without else "the difference is gone")
END
python3 measure.py
echo "as described"

# Seen on 2026-12-01:
# a process without libhwy: 0.2 ms, with it: 5.2 ms
