# The one recipe every C component uses. Its Makefile sets SERVICE and PKGS, then includes this.
#   *.c but main.c and the tests  the component's modules
#   main.c                        the process, linked to build/<variant>/bin/kafkloud-<SERVICE>
#   *_test.c                      a test program each, run by `make check`, collected by name
#   test_*.c                      what the tests share
# ALLOCATOR: the library that the process, but not its tests, takes malloc from; the C library's when unset.
.DEFAULT_GOAL := help
include $(dir $(lastword $(MAKEFILE_LIST)))flags.mk

DIR   := $(BUILD)/$(SERVICE)
BIN   := $(BUILD)/bin/kafkloud-$(SERVICE)
OBJS  := $(patsubst %.c,$(DIR)/%.o,$(filter-out main.c %_test.c test_%.c tsan_%.c,$(wildcard *.c)))
TESTS := $(patsubst %.c,$(DIR)/%,$(wildcard *_test.c))
TEST_OBJS := $(patsubst %.c,$(DIR)/%.o,$(wildcard test_*.c))
LIB   := $(BUILD)/common/libkafkloud.a
PKG_CFLAGS := $(call pkg_cflags,$(PKGS))
PKG_LIBS   := $(call pkg_libs,$(PKGS))

# A line a step; V=1 shows the commands.
Q := $(if $(V),,@)

.PHONY: help build tests check check-openapi clean library FORCE
build: $(if $(wildcard main.c),$(BIN))

library:
	@$(MAKE) -s -C $(ROOT)/common lib

$(DIR)/%.o: %.c | $(DIR)
	@echo "  cc    $(SERVICE)/$<"
	$(Q)$(CC) $(CFLAGS) $(PKG_CFLAGS) $(if $(filter version,$*),-DKL_VERSION='"$(VERSION)"' -DKL_COMMIT='"$(COMMIT)"') -c -o $@ $<
$(DIR) $(BUILD)/bin:
	@mkdir -p $@
$(DIR)/main.o: $(wildcard openapi.json)
ifeq ($(SERVICE),common)
# Holds the version and commit that version.o was built with; written only when they change.
$(DIR)/version.o: $(DIR)/version
$(DIR)/version: FORCE | $(DIR)
	@echo '$(VERSION) $(COMMIT)' | cmp -s - $@ || echo '$(VERSION) $(COMMIT)' >$@
endif

$(BIN): $(DIR)/main.o $(OBJS) $(LIB) $(TSAN_SHIM) | $(BUILD)/bin
	@echo "  link  $(notdir $@)"
	$(Q)$(CC) -o $@ $(filter %.o,$^) $(LIB) $(LDFLAGS) $(ALLOCATOR) $(PKG_LIBS)
$(DIR)/%_test: $(DIR)/%_test.o $(TEST_OBJS) $(OBJS) $(LIB) $(TSAN_SHIM)
	@echo "  link  $(SERVICE)/$(notdir $@)"
	$(Q)$(CC) -o $@ $(filter %.o,$^) $(LIB) $(LDFLAGS) $(TEST_WRAP) $(PKG_LIBS) -lcunit
ifneq ($(SERVICE),common)
$(LIB) $(TSAN_SHIM): library ;
endif

# A service with an openapi.json must have its routes in it.
API := $(wildcard openapi.json)
tests: $(TESTS) $(if $(API),$(BIN))
# Each test program says what failed; a quiet line for the rest.
check: tests
	@$(ROOT)/mk/run-tests $(TESTS) || failed=1; $(MAKE) -s check-openapi || failed=1; test -z "$$failed"
check-openapi: $(if $(API),$(BIN))
	@$(if $(API),$(BIN) --check-openapi)

clean:
	rm -rf $(DIR) $(BIN)

.SECONDARY:
-include $(wildcard $(DIR)/*.d)

ifneq ($(SERVICE),common)
include $(ROOT)/mk/workflow.mk
endif
