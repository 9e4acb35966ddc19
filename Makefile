# Everything a newcomer or a contributor types. The work is done by CMake presets (CMakePresets.json) and the scripts in scripts/.
.DEFAULT_GOAL := help
.PHONY: help gallery build demo test check lean dev fmt fmt-check tidy san tsan fuzz random bench findings docs install clean

JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 10
WORLD := out/world

# $(call configure,preset,extra options)
configure = cmake --preset $(1) $(2) --log-level=WARNING
# The program alone needs no test packages; a tree that has its tests keeps them.
tests_off = $$(grep -qs '^GOSSAN_TESTS:BOOL=ON' build/release/CMakeCache.txt || echo -DGOSSAN_TESTS=OFF)

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "Variables: JOBS=$(JOBS) PREFIX=$(PREFIX) FUZZ_SECONDS=$(FUZZ_SECONDS). DEPS=no installs nothing and checks nothing."

deps-%:
	@scripts/install_dependencies.sh $*

build: deps-build  ## the release program, at build/gossan
	@$(call configure,release,$(tests_off)) && cmake --build --preset release -j $(JOBS) --target gossan gossan_cli
	@ln -f build/release/gossan build/gossan

demo: build  ## recover the world map from lies; the report is out/world/report.html
	build/gossan generate locate --points examples/world/cities.csv --metric great-circle --observed 0.3 --lies 0.3 --round 1 --seed 7 --out $(WORLD)
	build/gossan locate $(WORLD)/distances.csv --metric great-circle --truth examples/world/cities.csv --out $(WORLD)
	@echo "The report is $(WORLD)/report.html: open it in a browser."

test: deps-test  ## build and run every test
	@$(call configure,release,-DGOSSAN_TESTS=ON) && cmake --build --preset release -j $(JOBS)
	@ln -f build/release/gossan build/gossan
	@ctest --preset release -j $(JOBS)

check: fmt-check  ## for every change: format, the release build with warnings as errors, unit and law tests
	@$(call configure,release,-DGOSSAN_TESTS=ON -DGOSSAN_WERROR=ON) && cmake --build --preset release -j $(JOBS)
	@ln -f build/release/gossan build/gossan
	@ctest --preset release -L quick -j $(JOBS)

lean: deps-check  ## the program without video and MATLAB files, the library without archives either, and what they say of such files
	@JOBS=$(JOBS) scripts/lean.sh

dev: deps-test  ## a debug build with tests, in build/dev
	@$(call configure,dev) && cmake --build --preset dev -j $(JOBS)

fmt: deps-check  ## format every C++ file
	@scripts/cpp_files.sh | xargs clang-format -i

fmt-check: deps-check  ## say which C++ files are not formatted
	@scripts/cpp_files.sh | xargs clang-format --dry-run -Werror && echo "format: clean"

tidy: deps-check  ## clang-tidy over the library and the program
	@JOBS=$(JOBS) scripts/tidy.sh

random: deps-test  ## TestU01 on the random bits, a minute (needs libtestu01-0-dev of Debian's non-free part)
	@$(call configure,release,-DGOSSAN_TESTS=ON -DGOSSAN_TESTU01=ON) && cmake --build --preset release -j $(JOBS) --target battery
	@ctest --test-dir build/release -L long -j $(JOBS) --output-on-failure

san: deps-check  ## all tests under the address and undefined-behaviour sanitizers
	@$(call configure,asan-ubsan) && cmake --build --preset asan-ubsan -j $(JOBS)
	@ctest --preset asan-ubsan -j $(JOBS)

tsan: deps-check  ## the parallel tests under the thread sanitizer
	@$(call configure,tsan) && cmake --build --preset tsan -j $(JOBS)
	@ctest --preset tsan -j $(JOBS)

fuzz: deps-check  ## every fuzz target, FUZZ_SECONDS each
	@$(call configure,fuzz,-DGOSSAN_FUZZ_SECONDS=$(FUZZ_SECONDS)) && cmake --build --preset fuzz -j $(JOBS)
	@ctest --preset fuzz -j $(JOBS)

bench: deps-bench build  ## time the kernels and the demo beside rivals; rewrites the tables of their pages
	@/usr/bin/python3 benchmarks/compare.py --program build/gossan --write
	@/usr/bin/python3 benchmarks/start.py --program build/gossan --write
	@/usr/bin/python3 benchmarks/locate.py --program build/gossan --write
	@/usr/bin/python3 benchmarks/sense.py --program build/gossan --write
	@/usr/bin/python3 benchmarks/rpca.py --program build/gossan --write
	@/usr/bin/python3 benchmarks/video.py --program build/gossan --write
	@/usr/bin/python3 benchmarks/complete.py --program build/gossan --write

findings:  ## surprises about other libraries, shown again by findings/*.sh (from the net, three minutes)
	@failed=; for script in findings/*.sh; do echo "== $$script"; $$script || failed="$$failed $$script"; done; \
	  if [ -n "$$failed" ]; then echo "Changed, or could not be run:$$failed" >&2; exit 1; fi; echo "findings: all as described"

gallery: build  ## background and foreground of two real videos, in out/gallery/index.html
	@/usr/bin/python3 scripts/gallery.py --program build/gossan --out out/gallery

docs: deps-test build  ## regenerate docs/catalogue.md and docs/methods/README.md, and check every link of the pages
	@scripts/catalogue.py build/gossan > build/catalogue.md && mv build/catalogue.md docs/catalogue.md
	@scripts/methods_index.py build/gossan > build/methods.md && mv build/methods.md docs/methods/README.md
	@scripts/check_links.py && echo "docs: catalogue and index written, links good"

install: build  ## install program, library and headers under PREFIX
	@cmake --install build/release --prefix $(PREFIX)

clean:  ## remove build/ and out/
	@rm -rf build out
