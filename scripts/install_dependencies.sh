#!/usr/bin/env bash
# install_dependencies.sh build|test|bench|check: makes sure that the Debian packages of a task are there.
# Nothing is touched when they are. As root it installs the missing ones; as anybody else it prints the command and stops.
set -euo pipefail

build=(cmake ninja-build ccache libeigen3-dev libspectra-dev librandom123-dev libcli11-dev libfmt-dev libhwy-dev nlohmann-json3-dev
       libtomlplusplus-dev libzip-dev zlib1g-dev libmatio-dev libjs-chart.js libavformat-dev libavcodec-dev libavutil-dev libswscale-dev)
test=(libgtest-dev librapidcheck-dev chromium chromium-driver python3-pytest python3-numpy python3-scipy python3-jsonschema
      python3-selenium)
bench=(python3-numpy python3-scipy python3-venv python3-torch libopenblas0-pthread)
check=(clang clang-format clang-tidy libclang-rt-14-dev)

case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  test) wanted=("${build[@]}" "${test[@]}") ;;
  bench) wanted=("${build[@]}" "${bench[@]}") ;;
  check) wanted=("${build[@]}" "${test[@]}" "${check[@]}") ;;
  *)
    echo "usage: $0 build|test|bench|check" >&2
    exit 2
    ;;
esac

[ "${DEPS:-yes}" = no ] && exit 0

if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
  echo "This is not a Debian system. Gossan needs (Debian 12 names): ${wanted[*]}" >&2
  echo "See docs/dependencies.md for what each is. When they are there: make ${1} DEPS=no" >&2
  exit 1
fi

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "Missing packages. As root, run:" >&2
  echo "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

echo "Installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } < /dev/null > "$log" 2>&1; then
  tail -20 "$log" >&2
  echo "The packages could not be installed (see above)." >&2
  exit 1
fi
