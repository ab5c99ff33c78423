# How C is compiled here, for every component. Set from outside: CC, SAN (address,undefined or thread), WERROR=0,
# RDKAFKA (the prefix of a librdkafka other than the system's).
ROOT    := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
VERSION := $(shell cat $(ROOT)/VERSION)
COMMIT  := $(shell git -C $(ROOT) rev-parse --short HEAD 2>/dev/null || echo unknown)

SAN     ?=
comma   := ,
RDKAFKA ?=
VARIANT := $(if $(SAN),san-$(subst $(comma),-,$(SAN)),release)$(if $(RDKAFKA),-rdkafka)
BUILD   := $(ROOT)/build/$(VARIANT)

WERROR  ?= 1
WARN    := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
           -Wundef -Wvla -Wformat=2 -Wno-format-nonliteral -Wno-missing-field-initializers $(if $(filter 1,$(WERROR)),-Werror)
OPT     := $(if $(SAN),-O1 -fno-omit-frame-pointer -fsanitize=$(SAN),-O2)
CFLAGS  += -std=gnu17 -g $(OPT) $(WARN) -pthread -fno-strict-overflow -D_GNU_SOURCE -I$(ROOT)/common -MMD -MP
LDFLAGS += -pthread $(if $(SAN),-fsanitize=$(SAN)) -Wl,--as-needed $(if $(RDKAFKA),-Wl$(comma)-rpath$(comma)$(abspath $(RDKAFKA))/lib)

# gcc 12's thread sanitizer follows pthreads, not C11's thrd_*, mtx_* and cnd_*, which Debian's librdkafka is built
# on: it sees no lock there and dies at the first thread. In that build alone they are linked onto pthreads.
TSAN_SHIM := $(if $(findstring thread,$(SAN)),$(BUILD)/common/tsan_c11threads.o)

# Tests may fail the nth allocation (common/fault.h).
TEST_WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

# As -isystem: in others' headers (librdkafka 2.15's) our warnings are no errors.
pkg        = $(shell $(if $(RDKAFKA),PKG_CONFIG_PATH='$(abspath $(RDKAFKA))/lib/pkgconfig') pkg-config $(1) $(2) 2>/dev/null)
pkg_cflags = $(patsubst -I%,-isystem %,$(call pkg,--cflags,$(1)))
pkg_libs   = $(call pkg,--libs,$(1))
pkgs       = $(call pkg_cflags,$(1)) $(call pkg_libs,$(1))
