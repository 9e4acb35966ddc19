#!/usr/bin/env bash
# clang-tidy over the library and the program, with the compile commands of a clang build (configured here, not built). Its translation
# units hold several files each, so that the headers, which are most of the work, are read once for all of them; kernels are read as
# compiled for one instruction set. A unit that was clean and has not changed since, headers included, is not read again: what it
# was then is known by a hash of its preprocessed text, kept in ~/.cache/gossan-tidy.
# clang-tidy 14 now and then overflows its own stack (endless recursion in ASTContext::getTypeInfo), not twice on the same unit.
# A unit it dies on is tried again; one it dies on twice is named as unchecked, and more than two of those fail.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset clang -B build/tidy -DGOSSAN_TESTS=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON --log-level=WARNING

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
clean=${XDG_CACHE_HOME:-$HOME/.cache}/gossan-tidy
mkdir -p "$clean"
find "$clean" -type f -mtime +30 -delete
export logs clean

# All that the findings of a unit depend on, in any folder: its text with comments, its flags, the checks, the version.
key() {
  {
    clang-tidy --version
    cat .clang-tidy
    python3 - "$1" << 'END'
import json, shlex, subprocess, sys
entry = next(e for e in json.load(open("build/tidy/compile_commands.json")) if e["file"] == sys.argv[1])
words = shlex.split(entry["command"])
words = words[next(k for k, word in enumerate(words) if word.endswith("clang++")):]
output = words.index("-o")
del words[output:output + 2]
print(words)
print(subprocess.run([*words, "-DGOSSAN_ONE_LEVEL", "-E", "-C"], cwd=entry["directory"], capture_output=True, text=True, check=True).stdout)
END
  } | sed "s#$PWD##g" | sha256sum | cut -d' ' -f1
}

check() {
  local log=$logs/${1//\//_}.log status known
  known=$clean/$(key "$1") || return 1
  if [[ -e $known ]]; then
    touch "$known"
    return 0
  fi
  for _ in first second; do
    status=0
    clang-tidy -p build/tidy --quiet --extra-arg=-DGOSSAN_ONE_LEVEL "$1" > "$log" 2>&1 || status=$?
    if ((status < 128)); then break; fi
  done
  if ((status >= 128)); then
    grep -hs '^#include' "$1" | grep '\.cpp"' >> "$logs/unchecked" || echo "$1" >> "$logs/unchecked"
    echo "$1" >> "$logs/crashed"
  elif ((status != 0)); then
    grep -vE 'warnings? generated|warnings? treated|Suppressed|Use -header-filter' "$log"
    return 1
  else
    touch "$known"
  fi
}
export -f check key

# What the build makes is left out, but for the units that join files.
grep -o '"file": "[^"]*' build/tidy/compile_commands.json | cut -d'"' -f4 | sort | grep -E "/Unity/|/kernels_[a-z]+\.cpp$|^$PWD/(src|cli)/" |
  xargs -n 1 -P "${JOBS:-$(nproc)}" bash -c 'set -euo pipefail; check "$1"' tidy

if [[ -s $logs/crashed ]]; then
  echo "tidy: clang-tidy itself crashed twice on these files, which are unchecked:"
  sort "$logs/unchecked"
  if (($(wc -l < "$logs/crashed") > 2)); then exit 1; fi
  echo "tidy: the other files are clean"
else
  echo "tidy: clean"
fi
