#!/usr/bin/env bash
# clang-tidy over the library and the program, with the compile commands of a clang build (configured here, not built).
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset clang -DGOSSAN_TESTS=OFF --log-level=WARNING
scripts/cpp_files.sh | grep -E '^(src|cli)/.*\.cpp$' | xargs -n 1 -P "${JOBS:-$(nproc)}" clang-tidy -p build/clang --quiet 2> >(grep -vE 'warnings? generated|warnings? treated|Suppressed|Use -header-filter' >&2)
echo "tidy: clean"
