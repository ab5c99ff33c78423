# The whole system in containers on this machine: docker/stack does the work on docker/compose.yaml.
#   KAFKA_NODES=3              three Kafka nodes; 1 when unset
#   STORE=postgresql           receipts in PostgreSQL, not in SQLite
#   CONSUMERS=3                so many consumers share them
#   POSTGRES_IMAGE=postgres:17 that one, not ours (with POSTGRES_UID and POSTGRES_DATA, see docker/compose.yaml)
#   VOLUMES=1                  down: the data goes too
# COMPOSE_PROJECT_NAME and NETWORK, with ports of its own, make a second stack beside the first.
docker_stack = DOCKER='$(DOCKER)' TAG='$(TAG)' IMAGE_PREFIX='$(IMAGE_PREFIX)' $(ROOT)/docker/stack

.PHONY: up-docker down-docker ps-docker logs-docker test-docker check-docker
up-docker:
	@missing=$$($(docker_stack) missing) && for s in $$missing; do $(MAKE) TAG='$(TAG)' build-image-$$s || exit 1; done
	@$(docker_stack) up
down-docker ps-docker logs-docker: %-docker:
	@$(docker_stack) $*
# Builds all images, starts, kills, restarts and removes a system of its own, beside whatever runs here.
test-docker: | setup-build setup-test
	@$(MAKE) TAG='$(TAG)' build-image
	@DOCKER='$(DOCKER)' TAG='$(TAG)' IMAGE_PREFIX='$(IMAGE_PREFIX)' $(MAKE) -C it/docker test
# What of it is a part of `make test`.
check-docker:
	@DOCKER='$(DOCKER)' DEBIAN_IMAGE='$(DEBIAN_IMAGE)' $(ROOT)/docker/check
