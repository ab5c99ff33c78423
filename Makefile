# The targets one types; `make help` is the menu. What a target needs (system packages, Kafka, the page's packages) it
# sees to itself, and says so when that takes a moment.
.DEFAULT_GOAL := help
include mk/flags.mk
MAKEFLAGS  += --no-print-directory
# Of `make logs SERVICE=producer`; below, SERVICE is each component's own name.
MAKEOVERRIDES := $(filter-out SERVICE=%,$(MAKEOVERRIDES))

# common/ and every directory with a process in it: found, not listed.
COMPONENTS := common $(sort $(patsubst %/main.c,%,$(wildcard */main.c)))
STACK      := $(BUILD)/bin/kafkloud-stack
each        = $(addprefix $(1)-,$(COMPONENTS))

.PHONY: help run up down ps logs doctor test check it it-build llm-test browser screenshots ui-test bench bench-seer bench-seer-llm fuzz fuzz-check build page kafka model setup clean distclean \
        setup-build setup-run setup-ui setup-test setup-fuzz setup-bench setup-stack services lib tests page-packages browser-packages

help:
	@cat mk/help.txt

# ---- what must be there ---------------------------------------------------------------------------------------

setup-build setup-run setup-ui setup-test setup-fuzz setup-bench: setup-%:
	@mk/setup.sh $*
# All at once and first, so that what cannot be installed is known before anything is built.
setup-stack:
	@mk/setup.sh build run ui
setup:
	@mk/setup.sh build run ui test
# Looks and says; FOR: run, docker, k8s, cloud or all.
FOR ?= run
doctor:
	@mk/doctor.sh $(FOR)
kafka: | setup-run
	@streamer/streamer fetch
# The vectors of words that the seer takes meaning from.
model: | setup-run
	@seer/model fetch

# ---- building -------------------------------------------------------------------------------------------------

# The library once and first: after that a component finds it whole, however many are built at a time.
lib: | setup-build
	@$(MAKE) -C common lib
$(call each,build): build-%: lib
	@$(MAKE) -C $* build
services: $(filter-out build-common,$(call each,build))
build: services

UI         := portal/ui
UI_SOURCES := $(wildcard $(UI)/*.html $(UI)/*.ts $(UI)/*.json) $(shell find $(UI)/src $(UI)/public $(UI)/scripts -type f 2>/dev/null)
UI_BUILT   := build/page

# npm writes this file last of all, so it stands for a whole install.
%/node_modules/.package-lock.json: %/package-lock.json | setup-ui
	@echo "$*: fetching its packages"
	@cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
$(UI_BUILT): $(UI)/node_modules/.package-lock.json $(UI_SOURCES) | setup-ui
	@echo "$(UI): building the page"
	@mkdir -p build
	@cd $(UI) && npm run --silent build >$(ROOT)/build/page.log 2>&1 || { cat $(ROOT)/build/page.log; exit 1; }
	@touch $@
ifeq ($(wildcard $(UI)/dist/index.html),)
.PHONY: $(UI_BUILT)
endif
page: $(UI_BUILT)

# ---- running --------------------------------------------------------------------------------------------------

# exec: so that what is sent to make, or happens to it, reaches the supervisor and nobody in between.
run: setup-stack services page kafka model
	@exec $(STACK) run --end-with-parent yes
up: setup-stack services page kafka model
	@exec $(STACK) up
# Built if it is missing, and left as it is else: what looks at a stack, or stops it, builds nothing.
$(STACK):
	@$(MAKE) build-stack
down ps logs: | $(STACK)
	@exec $(STACK) $@

# ---- proving --------------------------------------------------------------------------------------------------

test: | setup
	@mk/test.sh

$(call each,tests): tests-%: lib | setup-test
	@$(MAKE) -C $* tests
tests: $(call each,tests) model
# Of all components side by side; common/'s last, since they are the shortest and leave nothing to wait for at the end, but for
# one that waits for groups of Kafka for a minute and is begun first.
LONGEST       := $(BUILD)/common/kafka_feed_share_test
ALL_TESTS     := $(foreach c,$(filter-out common,$(COMPONENTS)) common,$(patsubst %.c,$(BUILD)/%,$(wildcard $(c)/*_test.c)))
TEST_PROGRAMS := $(LONGEST) $(filter-out $(LONGEST),$(ALL_TESTS))
check: tests
	@mk/run-tests $(TEST_PROGRAMS) || failed=1; \
	 for c in $(COMPONENTS); do $(MAKE) -s -C $$c check-openapi || failed=1; done; \
	 $(if $(SAN),,mk/setup_test.sh || failed=1; mk/doctor_test.sh || failed=1;) test -z "$$failed"

it-build: services page kafka model
	@$(MAKE) -C it build
it: setup it-build
	@$(MAKE) -C it
# Not a part of `make test`: the language model's server is built from its source, which takes minutes.
llm-test: setup services kafka model
	@$(MAKE) -C it llm
page-packages: $(UI)/node_modules/.package-lock.json
browser-packages: it/browser/node_modules/.package-lock.json
ui-test: page-packages
	@cd $(UI) && npm test --silent
browser: setup services page kafka model browser-packages
	@stack/with-stack sh -c 'cd it/browser && npm test --silent'
FOLDER := docs/pictures
SIZES  := narrow wide
screenshots: setup services page kafka model browser-packages
	@stack/with-stack sh -c 'cd it/browser && node screenshots.mjs $(abspath $(FOLDER)) $(SIZES)'
fuzz-check: | setup-build
	@$(MAKE) -C fuzz check
fuzz: | setup-build setup-fuzz
	@$(MAKE) -C fuzz fuzz
bench: setup-bench setup-ui services kafka model
	@$(MAKE) -C bench
bench-seer: | setup-build
	@$(MAKE) -C bench/seer
# As llm-test: it builds the language model's server.
bench-seer-llm: setup model
	@$(MAKE) -C bench/seer llm

# ---- images, containers, Kubernetes, Google Cloud: each uses names of those before it --------------------------

include mk/docker.mk
include mk/compose.mk
include mk/k8s.mk
include mk/cloud.mk

# ---- removing -------------------------------------------------------------------------------------------------

clean:
	rm -rf build/release build/san-* build/bench $(UI_BUILT) $(UI)/dist
distclean: clean
	rm -rf build $(UI)/node_modules it/browser/node_modules
