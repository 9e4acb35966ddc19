#!/usr/bin/env bash
# Builds without optional libraries, with g++, warnings as errors: the program without video and MATLAB files, and the library alone,
# without archives either. What was left out must be refused in words, and all else must work.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}
cmake --preset release -B build/lean -DGOSSAN_TESTS=OFF -DGOSSAN_VIDEO=OFF -DGOSSAN_MATIO=OFF -DGOSSAN_WERROR=ON --log-level=WARNING
cmake --build build/lean -j "$jobs"

program=$PWD/build/lean/gossan
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# refused FILE WORDS: rpca of the file ends with another code than 0 and 4, and says these words.
refused() {
  local status=0
  "$program" rpca "$1" --out out > said 2>&1 || status=$?
  if ((status == 0 || status == 4)) || ! grep -q "$2" said; then
    echo "lean: rpca $1 ended with $status and said: $(cat said)" >&2
    exit 1
  fi
}
printf 'not looked at' > street.avi
printf 'not looked at' > table.mat
refused street.avi "built without video"
refused table.mat "GOSSAN_MATIO=OFF"
"$program" generate rpca --rows 60 --cols 40 --rank 2 --corrupted 0.1 --out table --quiet
"$program" rpca table/Y.npy --out table --quiet
"$program" apply table/model.npz table/Y.npy --out scored --quiet

cd - > /dev/null
# The library as a part of another project, which installs it; the same program then finds it where it is installed.
launcher=()
if command -v ccache > /dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
cmake -S tests/consumer/subproject -B build/library -G Ninja -DCMAKE_BUILD_TYPE=Release "${launcher[@]}" -DGOSSAN_INSTALL=ON \
  -DGOSSAN_VIDEO=OFF -DGOSSAN_MATIO=OFF -DGOSSAN_ZIP=OFF -DGOSSAN_WERROR=ON --log-level=WARNING
cmake --build build/library -j "$jobs"
build/library/consumer
build/library/refusals
cmake --install build/library --prefix "$work/prefix" > /dev/null
cmake -S examples/consumer -B "$work/consumer" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/prefix" --log-level=WARNING > /dev/null
cmake --build "$work/consumer" > /dev/null
"$work/consumer/consumer"
echo "lean: the program without video and MATLAB files, and the library alone, build and work"
