# Kubernetes: of one component (make -C producer apply-k8s) and on top of all. The scripts in k8s/ do the work and have the
# details; here is what they are told.
#   KUBE_CONTEXT  which cluster. Unset: kubectl's current context, and that only when it is a local one
#   OVERLAY       a directory of k8s/overlays; unset: local, and that only on a local cluster
#   WITH          directories of k8s/components, in quotes, to be added
#   NAMESPACE, REGISTRY, VERSION or TAG: as they say
#   K8S_LOAD      the command that brings images into a local cluster of an unknown kind
#   WAIT          how many seconds the pods may take to come up (300)
KUBE_CONTEXT ?=
OVERLAY      ?=
WITH         ?=
NAMESPACE    ?= kafkloud

# k8s/SCRIPT with all that it reads.
k8s = env KUBE_CONTEXT='$(KUBE_CONTEXT)' OVERLAY='$(OVERLAY)' WITH='$(WITH)' NAMESPACE='$(NAMESPACE)' REGISTRY='$(REGISTRY:/=)' TAG='$(TAG)' \
	GATEWAY_ADDRESS='$(GATEWAY_ADDRESS)' GATEWAY_CERTIFICATE='$(GATEWAY_CERTIFICATE)' IAP_CLIENT_ID='$(IAP_CLIENT_ID)' \
	K8S_LOAD='$(K8S_LOAD)' $(if $(WAIT),WAIT='$(WAIT)') $(ROOT)/k8s/$(1)

K8S_TARGETS := apply-k8s query-k8s delete-k8s attach-k8s recreate-k8s recreate-new-k8s deploy-new-k8s load-k8s
.PHONY: $(K8S_TARGETS)

ifdef COMPONENTS

each_k8s = $(addprefix $(1)-,$(IMAGES))
.PHONY: apply-k8s-kafkloud token-k8s roundtrip-k8s render-k8s check-k8s test-k8s deliver-k8s $(foreach t,$(K8S_TARGETS) deliver-k8s,$(call each_k8s,$(t)))

apply-k8s query-k8s delete-k8s attach-k8s: %-k8s:
	@exec $(call k8s,$*)
$(call each_k8s,apply-k8s): apply-k8s-%:
	@exec $(call k8s,apply) $*
$(call each_k8s,query-k8s): query-k8s-%:
	@exec $(call k8s,query) $*
$(call each_k8s,delete-k8s): delete-k8s-%:
	@exec $(call k8s,delete) $*
$(call each_k8s,attach-k8s): attach-k8s-%:
	@exec $(call k8s,attach) $*
apply-k8s-kafkloud:
	@exec $(call k8s,apply) kafkloud
token-k8s:
	@exec $(call k8s,token)
roundtrip-k8s:
	@exec $(call k8s,roundtrip)
render-k8s:
	@exec $(call k8s,render)

# Images where the cluster finds them: pushed to a registry when one is named, else loaded.
$(call each_k8s,load-k8s): load-k8s-%:
	@exec $(call k8s,load) $(call IMAGE,$*)
load-k8s:
	@exec $(call k8s,load) $(foreach i,$(IMAGES),$(call IMAGE,$(i)))
$(call each_k8s,deliver-k8s): deliver-k8s-%:
	@$(MAKE) $(if $(REGISTRY),push-image,load-k8s)-$*
deliver-k8s:
	@$(MAKE) $(if $(REGISTRY),push-image,load-k8s)

# Old names, each the earlier steps first. The tag is settled once: a commit meanwhile changes nothing of what is brought there.
$(call each_k8s,recreate-k8s): recreate-k8s-%:
	@$(MAKE) delete-k8s-$*
	@$(MAKE) apply-k8s-$*
$(call each_k8s,recreate-new-k8s): recreate-new-k8s-%:
	@$(call k8s,context)
	@$(MAKE) TAG='$(TAG)' build-new-image-$*
	@$(MAKE) TAG='$(TAG)' deliver-k8s-$*
	@$(MAKE) TAG='$(TAG)' recreate-k8s-$*
$(call each_k8s,deploy-new-k8s): deploy-new-k8s-%:
	@$(call k8s,context)
	@$(MAKE) TAG='$(TAG)' build-new-image-$*
	@$(MAKE) TAG='$(TAG)' deliver-k8s-$*
	@$(MAKE) TAG='$(TAG)' apply-k8s-$*
recreate-k8s:
	@$(MAKE) delete-k8s
	@$(MAKE) apply-k8s
recreate-new-k8s:
	@$(call k8s,context)
	@$(MAKE) TAG='$(TAG)' build-new-image
	@$(MAKE) TAG='$(TAG)' deliver-k8s
	@$(MAKE) TAG='$(TAG)' recreate-k8s
deploy-new-k8s:
	@$(call k8s,context)
	@$(MAKE) TAG='$(TAG)' build-new-image
	@$(MAKE) TAG='$(TAG)' deliver-k8s
	@$(MAKE) TAG='$(TAG)' apply-k8s
	@$(call k8s,urls)
	@$(MAKE) roundtrip-k8s

check-k8s: services | setup-test
	@K8S_PROGRAMS=$(BUILD)/bin $(ROOT)/k8s/check

# On a real cluster: all of it built, brought there, applied, broken in every way that it promises to bear, removed.
# it/k8s/run-all has the variables. Which cluster is said before anything is built.
test-k8s: | setup-test
	@$(call k8s,context)
	@$(MAKE) TAG='$(TAG)' build-image
	@$(MAKE) TAG='$(TAG)' deliver-k8s
	@$(MAKE) -s -C it k8s-load
	@exec $(call k8s,../it/k8s/run-all) $(BUILD)/it/kafkloud-load

else ifneq ($(filter $(SERVICE),$(IMAGES)),)

$(K8S_TARGETS):
	@$(MAKE) -C $(ROOT) $@-$(SERVICE)
K8S_HELP := \
  "  make apply-k8s         bring its part of the cluster to what the overlay says  (KUBE_CONTEXT= OVERLAY= WITH= NAMESPACE=)" \
  "  make query-k8s         what there is of it in the cluster" \
  "  make attach-k8s        its port on 127.0.0.1, until Ctrl-C" \
  "  make delete-k8s        its objects, but not its volumes" \
  "  make load-k8s          its image into a local cluster" \
  "  make recreate-k8s      delete, then apply" \
  "  make recreate-new-k8s  build its image new, bring it there, recreate" \
  "  make deploy-new-k8s    build its image new, bring it there, apply"

endif
