# `make help` says what can be done. cargo does the work; nothing here is clever.

PREFIX ?= /usr/local
DESTDIR ?=
CARGO ?= cargo

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
SONAME := libdeathless.so.$(firstword $(subst ., ,$(VERSION)))
TARGET := $(or $(CARGO_TARGET_DIR),target)
RELEASE := $(TARGET)/release
LEDGER := $(TARGET)/ledger
FUZZ_CASES ?= 100000
ifndef FUZZ_SEED
FUZZ_SEED := $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
endif
# Cargo's features for src/object/strategy/, and what runs on the library of each.
STRATEGIES := plain high-count lookup
SUITES ?= --test c_tests -- --skip cpython
SUITES_TOO ?= --test expressions --test dynload --test wheels -- --skip cpython

LIB := $(DESTDIR)$(PREFIX)/lib
COMPAT := $(LIB)/deathless/compat
INCLUDE := $(DESTDIR)$(PREFIX)/include/deathless
# The names under which programs ask the loader for CPython's library.
COMPAT_NAMES := libpython3.so libpython3t.so libpython3.15.so libpython3.15.so.1 libpython3.15.so.1.0

.PHONY: all ledger headers abi-record record test fuzz test-strategies strategies lint demo bench lab install uninstall help

all: ## build the release library, the command line and the headers
	$(CARGO) build --release
	@$(MAKE) --no-print-directory headers

ledger: ## build the library that keeps the books, for `deathless audit`
	$(CARGO) build --profile ledger --lib --features ledger --target-dir $(LEDGER)
	install -D -m 755 $(LEDGER)/ledger/libdeathless.so $(RELEASE)/libdeathless-ledger.so

headers: ## write include/generated/ from src/capi/
	UPDATE=1 $(CARGO) test --quiet --test abi -- --exact headers::generated_headers_are_up_to_date

abi-record: ## write the state column of abi/symbols.tsv from the built library
	UPDATE=1 $(CARGO) test --quiet --test abi -- --exact symbols::exports_equal_the_record

record: ## record anew what CPython 3.15 says to the C tests, where a 3.15 is at hand
	RECORD=1 $(CARGO) test --quiet --test c_tests -- cpython3.15

test: lint ## run every test, and what tells the strategies apart under each of them
	$(CARGO) test --no-fail-fast
	@$(MAKE) --no-print-directory test-strategies SUITES="--test c_tests -- c::test_" SUITES_TOO="--test expressions -- ours"

fuzz: ## what parses text, against CPython 3.15, long and with new cases; FUZZ_CASES=100000 FUZZ_SEED=N AREA=WORD
	@echo "FUZZ_SEED=$(FUZZ_SEED)"
	FUZZ_CASES=$(FUZZ_CASES) FUZZ_SEED=$(FUZZ_SEED) $(CARGO) test --test fuzz -- $(AREA)

test-strategies: strategies ## run the tests of the library as each strategy builds it
	@for strategy in $(STRATEGIES); do \
		echo "strategy $$strategy"; \
		export DEATHLESS_TEST_LIBRARY="$(abspath $(TARGET))/strategies/$$strategy/debug/libdeathless.so"; \
		$(CARGO) test --quiet --no-fail-fast $(SUITES) && $(CARGO) test --quiet --no-fail-fast $(SUITES_TOO) || exit 1; \
	done

strategies: ## build the library with each strategy but the default, into target/strategies
	@for strategy in $(STRATEGIES); do \
		$(CARGO) rustc --quiet --lib --crate-type cdylib --features $$strategy --target-dir $(TARGET)/strategies/$$strategy || exit 1; \
	done

lint: ## what the formatter and clippy say; a warning is an error
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

demo: all ## build, compile two extension modules, and show the immortals
	@sh c_tests/demo/run.sh

bench: all ## our library beside CPython's, kernel by kernel
	DEATHLESS_BENCH_RUNTIME="$(abspath $(RELEASE))/libdeathless.so" $(CARGO) bench --bench compare

lab: ## what immortality costs and saves on this machine: target/lab/lab.html; LABFLAGS=--quick, OUT=FOLDER
	$(CARGO) bench --profile dev --bench lab -- $(LABFLAGS) $(if $(OUT),--out "$(abspath $(OUT))")

install: all ## install into PREFIX (default /usr/local), below DESTDIR; with the ledger if it was made
	install -d "$(LIB)/pkgconfig" "$(COMPAT)" "$(INCLUDE)/generated" "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(RELEASE)/libdeathless.so "$(LIB)/$(SONAME)"
	ln -sf $(SONAME) "$(LIB)/libdeathless.so"
	if test -e $(RELEASE)/libdeathless-ledger.so; then install -m 755 $(RELEASE)/libdeathless-ledger.so "$(LIB)"; fi
	install -m 644 $(RELEASE)/libdeathless.a "$(LIB)/libdeathless.a"
	install -m 755 $(RELEASE)/deathless "$(DESTDIR)$(PREFIX)/bin/deathless"
	install -m 644 include/*.h "$(INCLUDE)"
	install -m 644 include/generated/*.h "$(INCLUDE)/generated"
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' deathless.pc.in > "$(LIB)/pkgconfig/deathless.pc"
	for name in $(COMPAT_NAMES); do ln -sf ../../$(SONAME) "$(COMPAT)/$$name"; done

uninstall: ## remove what install has installed
	rm -f "$(LIB)/$(SONAME)" "$(LIB)/libdeathless.so" "$(LIB)/libdeathless-ledger.so" "$(LIB)/libdeathless.a" "$(LIB)/pkgconfig/deathless.pc"
	rm -f "$(DESTDIR)$(PREFIX)/bin/deathless"
	rm -rf "$(LIB)/deathless" "$(INCLUDE)"

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14
