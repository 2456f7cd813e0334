# Each target sets up what it needs by itself, and a second time does so at once.
#   make run ARGS="--windowed --size 1280x720"   the screen, with the demo hall where nothing is configured
#   make test      everything that must hold
#   make bench     the program as seen and heard from outside, beside a page in Chromium where that is installed
#   make soak      a day of hall traffic in 24 minutes: memory, files and threads at its end; SOAK_ARGS="--minutes 3"
#   make boot-test a Debian image with the package in QEMU: boots, faults, power cuts; ARGS="--parts boot" for one part
#   make check     formatting and lints alone
#   make deb       the Debian package; says where it is
#   make deb-test  as root: the package in bare systems, from the first installation to the purge; DEB_TEST_ARGS=trixie
#   make golden    renews the golden pictures; look at them before you commit them

CARGO ?= cargo
ARGS ?=
BENCH_ARGS ?=
SOAK_ARGS ?=
DEB_TEST_ARGS ?=
TARGET = $(or $(CARGO_TARGET_DIR),target)

.PHONY: run test bench soak boot-test check golden release deb deb-test \
	setup-run setup-test setup-bench setup-soak setup-deb setup-deb-test setup-boot

run: release
	@exec target/release/papan $(ARGS)

release: setup-run
	$(CARGO) build --release --locked

deb: setup-deb release
	@packaging/deb.sh

deb-test: setup-deb-test deb
	@packaging/test.sh "$$(ls -t $(TARGET)/debian/papan_*.deb | head -n 1)" $(DEB_TEST_ARGS)

test: setup-test check
	$(CARGO) test --locked

bench: setup-bench
	$(CARGO) bench --locked --bench outside -- $(BENCH_ARGS)
	$(CARGO) bench --locked --bench heard -- $(BENCH_ARGS)
	$(CARGO) bench --locked --bench films -- $(BENCH_ARGS)

soak: setup-soak
	$(CARGO) bench --locked --bench soak -- $(SOAK_ARGS)

boot-test: setup-boot deb
	python3 scripts/boot $(ARGS)

check: setup-test
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- --deny warnings

golden: setup-test
	PAPAN_RENEW=1 $(CARGO) test --locked --test golden --test editor

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

setup-bench:
	@scripts/setup.sh bench

setup-deb:
	@scripts/setup.sh deb

setup-soak:
	@scripts/setup.sh soak

setup-deb-test:
	@scripts/setup.sh deb-test

setup-boot:
	@scripts/setup.sh boot
