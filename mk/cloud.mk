# Google Cloud, from an empty project to the portal's URL and back: docs/gcp-deployment.md. mk/cloud.sh does it, and reads
# ENV PROJECT REGION STATE_BUCKET VERSION WAIT DRY_RUN APPROVE CONFIRM.
REGION  ?= us-central1
CLOUD   := bootstrap plan apply deploy destroy left

.PHONY: $(addsuffix -cloud,$(CLOUD)) check-terraform check-checkov
# VERSION goes on only when it was given: else the images' tag tells the commit.
$(addsuffix -cloud,$(CLOUD)): %-cloud:
	@ENV='$(ENV)' PROJECT='$(PROJECT)' REGION='$(REGION)' STATE_BUCKET='$(STATE_BUCKET)' DRY_RUN='$(DRY_RUN)' APPROVE='$(APPROVE)' WAIT='$(WAIT)' \
	 CONFIRM='$(CONFIRM)' NAMESPACE='$(NAMESPACE)' VERSION='$(if $(filter command,$(word 1,$(origin VERSION))),$(VERSION))' mk/cloud.sh $*

# What can be proven without a cloud: TF_CLI_CONFIG_FILE may say where providers are.
check-terraform:
	@terraform/check.sh
# Known mistakes in what is written for containers and clouds. What a check does not apply to is skipped where it stands, or
# here, where it would have to be said in many places:
#   CKV_DOCKER_7  a base image without a tag: it is an argument with tag and digest, and of the last stage it is scratch
#   CKV_K8S_15    always pull: a tag tells the commit, so an image that is there is the right one
#   CKV_K8S_43    digests: the same, and a manifest is rendered before its image has one
# checkov is a Python program: pipx install checkov.
CHECKOV := checkov --skip-download --compact --quiet --skip-check CKV_DOCKER_7,CKV_K8S_15,CKV_K8S_43
check-checkov:
	@command -v checkov >/dev/null || { echo "no checkov: pipx install checkov"; exit 1; }
	$(CHECKOV) --framework terraform --directory terraform
	$(CHECKOV) --framework dockerfile --directory docker
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && set -e; \
	 for overlay in $(notdir $(wildcard k8s/overlays/*)); do OVERLAY=$$overlay k8s/render >"$$dir/$$overlay.yaml"; done; \
	 echo "$(CHECKOV) --framework kubernetes, of each overlay as it is rendered"; $(CHECKOV) --framework kubernetes --directory "$$dir"
