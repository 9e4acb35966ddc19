#!/usr/bin/env bash
# clang-tidy over the library and the program, with the compile commands of a clang build (configured here, not built). Its translation
# units hold several files each, so that the headers, which are most of the work, are read once for all of them; kernels are read as
# compiled for one instruction set.
# clang-tidy 14 now and then overflows its own stack (endless recursion in ASTContext::getTypeInfo), not twice on the same unit.
# A unit it dies on is tried again; one it dies on twice is named as unchecked, and more than two of those fail.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset clang -DGOSSAN_TESTS=OFF --log-level=WARNING

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
export logs

check() {
  local log=$logs/${1//\//_}.log status
  for _ in first second; do
    status=0
    clang-tidy -p build/clang --quiet --extra-arg=-DGOSSAN_ONE_LEVEL "$1" > "$log" 2>&1 || status=$?
    if ((status < 128)); then break; fi
  done
  if ((status >= 128)); then
    grep -hs '^#include' "$1" | grep '\.cpp"' >> "$logs/unchecked" || echo "$1" >> "$logs/unchecked"
    echo "$1" >> "$logs/crashed"
  elif ((status != 0)); then
    grep -vE 'warnings? generated|warnings? treated|Suppressed|Use -header-filter' "$log"
    return 1
  fi
}
export -f check

# What the build makes is left out, but for the units that join files.
grep -o '"file": "[^"]*' build/clang/compile_commands.json | cut -d'"' -f4 | sort | grep -E "/Unity/|^$PWD/(src|cli)/" |
  xargs -n 1 -P "${JOBS:-$(nproc)}" bash -c 'check "$1"' tidy

if [[ -s $logs/crashed ]]; then
  echo "tidy: clang-tidy itself crashed twice on these files, which are unchecked:"
  sort "$logs/unchecked"
  if (($(wc -l < "$logs/crashed") > 2)); then exit 1; fi
  echo "tidy: the other files are clean"
else
  echo "tidy: clean"
fi
