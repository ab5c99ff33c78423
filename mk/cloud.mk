# Google Cloud, from an empty project to the portal's URL and back: docs/gcp-deployment.md. mk/cloud.sh does it, and reads
# ENV PROJECT REGION STATE_BUCKET VERSION WAIT DRY_RUN APPROVE CONFIRM.
REGION  ?= us-central1
CLOUD   := bootstrap plan apply deploy destroy left

.PHONY: $(addsuffix -cloud,$(CLOUD)) check-terraform check-checkov
# VERSION goes on only when it was given: else the images' tag tells the commit.
$(addsuffix -cloud,$(CLOUD)): %-cloud:
	@ENV='$(ENV)' PROJECT='$(PROJECT)' REGION='$(REGION)' STATE_BUCKET='$(STATE_BUCKET)' DRY_RUN='$(DRY_RUN)' APPROVE='$(APPROVE)' WAIT='$(WAIT)' \
	 CONFIRM='$(CONFIRM)' NAMESPACE='$(or $(NAMESPACE),kafkloud)' VERSION='$(if $(filter command,$(word 1,$(origin VERSION))),$(VERSION))' mk/cloud.sh $*

# What can be proven without a cloud: TF_CLI_CONFIG_FILE may say where providers are.
check-terraform:
	@terraform/check.sh
# Known mistakes in what is written for clouds; checkov is a Python program: pipx install checkov.
check-checkov:
	@command -v checkov >/dev/null || { echo "no checkov: pipx install checkov"; exit 1; }
	checkov --skip-download --compact --quiet --framework terraform --directory terraform
