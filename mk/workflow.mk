# The workflow targets of the earlier system, the same in every component: "-new-" does the earlier steps first.
include $(ROOT)/mk/docker.mk
include $(ROOT)/mk/k8s.mk
.PHONY: update-local build-local build-new-local run-local run-new-local
help:
	@printf '%s\n' "kafkloud-$(SERVICE)" \
	  "  make update-local      install what it builds with" \
	  "  make build-local       build it" \
	  "  make build-new-local   update, then build" \
	  "  make run-local         run it here, in the foreground (settings: kafkloud-$(SERVICE) --help)" \
	  "  make run-new-local     update, build, then run" \
	  "  make check             its unit tests     (SAN=address,undefined or SAN=thread)" \
	  $(IMAGE_HELP) \
	  $(K8S_HELP) \
	  "  make clean             remove what was built"
update-local:
	@$(ROOT)/mk/setup.sh
build-local: build
build-new-local: update-local build-local
run-local: build-local
	@exec $(BIN) $(RUN_ARGS)
run-new-local: build-new-local run-local
