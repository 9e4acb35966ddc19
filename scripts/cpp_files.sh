#!/usr/bin/env bash
# The project's own C++ files, one a line: those that git knows and those it does not yet know but does not ignore.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard '*.cpp' '*.hpp' | while read -r file; do [ ! -f "$file" ] || echo "$file"; done
