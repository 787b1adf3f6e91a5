# Lloyd. Two commands do all the set-up:
#
#   make demo    the main job: cluster the digits, print the numbers, draw the figures
#   make test    everything that CI checks
#
# Go is all that is needed; what else a check needs is installed by apt when that
# is possible, and reported as skipped, with the reason, when it is not. With
# CI=true nothing may be skipped.

GO         ?= go
FUZZTIME   ?= 2s
BENCHTIME  ?= 300ms
BENCHCOUNT ?= 6
BENCH      ?= .
PEERS      ?= -write
TOOLS      := $(CURDIR)/.tools
STATICCHECK := v0.8.2
BENCHSTAT   := $(GO) run golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da
PACKAGES   := ./... ./testdata

.PHONY: demo build test native emulated lint unit purego race fuzz arm64 avx512 bench bench-compare peers peers-install peers-test roundtrip gallery clean

demo:
	$(GO) run ./cmd/lloyd demo

build:
	$(GO) build -o lloyd ./cmd/lloyd

# The emulators take one processor each for minutes: they run beside the rest.
test: lint
	$(MAKE) -j2 --output-sync=line native emulated
	@echo "make test: all checks done"

native:
	$(MAKE) -j1 unit purego race fuzz peers-test

emulated:
	$(MAKE) -j1 avx512 arm64

# Formatting, vet (asmdecl checks the assembly against its Go declarations) for
# every kind of build, staticcheck.
lint: $(TOOLS)/staticcheck-$(STATICCHECK)
	@files=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .) || exit 1; if [ -n "$$files" ]; then echo "gofmt needed: $$files"; exit 1; fi
	$(GO) vet $(PACKAGES)
	$(GO) vet -tags purego . ./kernel ./bench
	GOARCH=arm64 $(GO) vet . ./kernel ./bench
	GOARCH=riscv64 $(GO) vet . ./kernel
	$(TOOLS)/staticcheck-$(STATICCHECK) $(PACKAGES)
	cd bench/peers && $(GO) vet . && $(TOOLS)/staticcheck-$(STATICCHECK) .

$(TOOLS)/staticcheck-$(STATICCHECK):
	GOBIN=$(TOOLS) $(GO) install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK)
	mv $(TOOLS)/staticcheck $@

# Every level that this CPU has is tested in one process; the log names the
# levels that it lacks.
unit:
	$(GO) test -count=1 $(PACKAGES)

# The tests of package cluster that compare levels, algorithms and threads, or have golden
# results: what other levels than this CPU's are held to.
LEVELS := TestAlgorithms$$|TestPairs$$|TestThreadsAndLevels$$|Golden|TestStreaming$$|TestSpherical$$

# The same without assembly.
purego:
	$(GO) test -count=1 -short -tags purego . ./kernel
	$(GO) test -count=1 -short -tags purego -run '$(LEVELS)' ./cluster

# The packages with goroutines, without the tests that take long for what one of them
# says, or that have golden results of one thread.
RACE      := . ./kernel ./cluster ./dataset ./metrics ./graph ./cmd/lloyd
RACE_SKIP := ^Fuzz|GuardPages|Integers|Coarse|RoughLower|FilterSettles|NearestLong|NearestBlocks|NearestSizes|Routine|SphericalMiniBatch|StreamingInitSize|RefineInvariants|Refine$$|SeedsAreRows|ScaleOfWeights|Variance|ScikitLearn|Golden|RefineTargets|FollowsWeights|FollowsDistances|KScanScores|KScanFindsK|NearlyFlat|NearKMeans|FindsBlobs|SeedBetter|KeepTheBest|Digits|Damaged|Completion|Manual|WrongUsage|Formats|Failures|Evaluate|Layouts|SilhouetteGolden
race:
	@if $(GO) env CGO_ENABLED | grep -q 1 && command -v $$($(GO) env CC) >/dev/null; then \
		echo "$(GO) test -race -short $(RACE)"; $(GO) test -count=1 -race -short -skip '$(RACE_SKIP)' $(RACE); \
	else .ci/skipped "race detector: it needs cgo and a C compiler"; fi

# Each fuzz target for FUZZTIME. The fuzzer of Go sometimes takes the end of that time
# for a failure (golang.org/issue/75804): without a failing input it gets a second turn.
fuzz:
	@packages=$$($(GO) list ./...) || exit 1; ran=0; \
	for package in $$packages; do \
		list=$$($(GO) test -list '^Fuzz' $$package) || { echo "$$list"; exit 1; }; \
		for target in $$(echo "$$list" | grep '^Fuzz'); do \
			ran=$$((ran+1)); \
			echo "fuzz $$package $$target $(FUZZTIME)"; \
			fuzz() { $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package >.fuzz.out 2>&1; }; \
			fuzz || { grep -q 'context deadline exceeded' .fuzz.out && ! grep -q 'Failing input' .fuzz.out && fuzz; } || { cat .fuzz.out; exit 1; }; \
		done; \
	done; rm -f .fuzz.out; [ $$ran -gt 0 ] || { echo "no fuzz target was found"; exit 1; }

# The arm64 kernels, run for real by a user-mode emulator, whose CPU has the dot product
# extension. neon has the routines of neondot but those of 8-bit integers: there, the tests
# of what ranks where these do.
NEON := TestNearest|TestPackAgain|TestLowerBounds|TestGuardPages
arm64:
	@[ "$$($(GO) env GOHOSTARCH)" = arm64 ] || command -v qemu-aarch64 >/dev/null || .ci/install qemu-user qemu-aarch64 || true
	@if [ "$$($(GO) env GOHOSTARCH)" = arm64 ]; then echo "arm64: this machine is one, see unit"; \
	elif command -v qemu-aarch64 >/dev/null; then \
		echo "GOARCH=arm64 go test -exec qemu-aarch64"; \
		GOARCH=arm64 CGO_ENABLED=0 $(GO) test -count=1 -short -timeout 20m -exec qemu-aarch64 . ./kernel ./bench && \
		LLOYD_KERNEL=neon GOARCH=arm64 CGO_ENABLED=0 $(GO) test -count=1 -short -timeout 20m -exec qemu-aarch64 -run '$(NEON)' . && \
		GOARCH=arm64 CGO_ENABLED=0 $(GO) test -count=1 -short -timeout 20m -exec qemu-aarch64 -run '$(LEVELS)' ./cluster; \
	else .ci/skipped "arm64 kernels: qemu-aarch64 is missing (apt-get install qemu-user)"; fi

# The AVX-512 kernels, on a CPU that has them or else on an emulated one (a whole
# PC in Bochs, which boots a Linux kernel for it: six minutes of one processor for
# both levels). Of avx512vnni, which is avx512 but
# for its integers, the tests that run those routines or one of each family. Its
# CPU needs programs without Go's newer garbage collector: see .ci/avx512/emulate.
# Of avx512, those whose routines are avx2's are left out, which any CPU runs, Moments
# among them. (MomentsOffset needs products of math/big besides, which Bochs 2.7
# gets wrong: on this CPU model the square of any integer of some hundred bits.)
avx512:
	@$(call kernels_at,avx512,avx512bw,corei7_skylake_x,,-test.skip 'Reference|NEON|Moments|Leading|OpenPairs|Listed|Shape')
	@$(call kernels_at,avx512vnni,avx512_vnni,corei7_icelake_u,nogreenteagc,-test.run 'Integers|Quantize|Guard|TestNearest$$|Routine|EstimatesClose|CandidatesFew|NearestAgain|TestLeading$$')

# The kernel tests at a level: on this CPU, if it has the feature (flag of
# /proc/cpuinfo), by unit, or else on the emulated model, built with the experiment.
# $(call kernels_at,level,feature,model,experiment,tests)
define kernels_at
if grep -qw $(2) /proc/cpuinfo 2>/dev/null; then echo "avx512: this CPU has $(1), see unit"; \
	elif [ "$$($(GO) env GOHOSTOS)/$$($(GO) env GOHOSTARCH)" = linux/amd64 ] && [ "$$(id -u)" = 0 ] && grep -q '^ID=debian' /etc/os-release; then \
		GOEXPERIMENT=$(4) CGO_ENABLED=0 $(GO) test -c -o $(TOOLS)/$(1).test . && \
		echo "$(1) kernels in Bochs" && \
		AVX512_EMULATE_DIR=$(TOOLS)/avx512 .ci/avx512/emulate -t 1500 -c $(3) $(TOOLS)/$(1).test -test.short -test.v -test.timeout 0 $(5) >$(TOOLS)/$(1).log 2>&1; \
		status=$$?; grep -E '^(---|FAIL|PASS|panic)' $(TOOLS)/$(1).log || tail -50 $(TOOLS)/$(1).log; \
		[ $$status = 0 ] && grep -qE 'PASS: TestNearest/$(1) ' $(TOOLS)/$(1).log; \
	else .ci/skipped "$(1) kernels: this CPU has none, and the emulator needs Debian and root"; fi
endef

# The kernels here, in bench/out/bench.txt, which benchstat reads; their part of
# bench/RESULTS.md.
bench:
	@mkdir -p bench/out
	$(GO) test -run '^$$' -bench . -benchtime $(BENCHTIME) -count $(BENCHCOUNT) -timeout 0 ./bench >bench/out/bench.txt || { cat bench/out/bench.txt; exit 1; }
	$(BENCHSTAT) bench/out/bench.txt
	$(GO) run ./bench/results/update bench/out/bench.txt bench/RESULTS.md

# Two runs side by side: OLD=file and NEW=file, or OLD=file and a new run of the
# benchmarks that match BENCH.
bench-compare:
	@[ -n "$(OLD)" ] && [ -f "$(OLD)" ] || { echo "make bench-compare OLD=file [NEW=file]: OLD is the output of an earlier 'make bench'"; exit 2; }
	@[ -z "$(NEW)" ] || [ -f "$(NEW)" ] || { echo "NEW=$(NEW) is no file"; exit 2; }
	@mkdir -p bench/out
	@[ -n "$(NEW)" ] || { cp "$(OLD)" bench/out/old.txt && \
		$(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -count $(BENCHCOUNT) -timeout 0 ./bench >bench/out/new.txt || { cat bench/out/new.txt; exit 1; }; }
	$(BENCHSTAT) $(if $(NEW),$(OLD) $(NEW),bench/out/old.txt bench/out/new.txt)

# Lloyd beside other implementations in Python (installed into .tools/peers) and
# in Go (bench/peers/go.mod): bench/peers.csv, bench/plots and their part of
# bench/RESULTS.md. PEERS='-write -threads 1' and the like passes other flags;
# bench/out/peers -h lists them.
peers: peers-install
	bench/out/peers $(PEERS)

peers-install:
	@mkdir -p bench/out
	bench/peers/install.sh $(TOOLS)/peers
	cd bench/peers && $(GO) build -o ../out/peers .

# The tests of the nested module, which ./... leaves out.
peers-test:
	cd bench/peers && $(GO) test -count=1 .

# The files of lloyd beside those of NumPy, pandas, pyarrow, FAISS and Pillow, which
# are installed into .tools/roundtrip.
roundtrip:
	@[ -x $(TOOLS)/roundtrip/bin/python ] || python3 -m venv $(TOOLS)/roundtrip
	$(TOOLS)/roundtrip/bin/pip install --disable-pip-version-check -q numpy==2.4.6 pandas==3.1.1 pyarrow==26.0.1 faiss-cpu==1.15.1 pillow==13.0.0 zstandard==0.25.0
	$(TOOLS)/roundtrip/bin/python testdata/formats_roundtrip.py

# The pictures of docs/gallery, drawn anew.
gallery:
	$(GO) run ./docs/gallery

clean:
	rm -rf lloyd lloyd-demo .tools bench/out .fuzz.out
