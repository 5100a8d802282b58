#!/usr/bin/env bash
# Brings everything up on a cluster of this machine, from nothing: cluster, image, PostgreSQL, simulator, secrets, service.
#
# Run again, it builds the image anew and replaces what is there. It touches no other cluster: every command names its own.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy-local.sh kind|minikube [--name NAME] [--skip-build] [--timeout SECONDS]
       deploy-local.sh kind|minikube --delete [--name NAME]

  --name NAME         the cluster, or minikube's profile (default: cert-parser)
  --skip-build        take the image cert-parser-runner:local as it is
  --timeout SECONDS   how long to wait for each part to be ready (default: 300)
  --delete            delete that cluster, and nothing else

Needs kubectl, and either kind with docker, or minikube.
USAGE
}

fail() {
  echo "deploy-local.sh: $*" >&2
  exit 1
}

misuse() {
  echo "deploy-local.sh: $*" >&2
  usage >&2
  exit 2
}

readonly image=cert-parser-runner:local
readonly namespace=cert-parser
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root

tool=
name=cert-parser
timeout=300
build=true
delete=false
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage && exit 0 ;;
    kind | minikube) tool=$1 ;;
    --name | --timeout)
      [ $# -ge 2 ] || misuse "$1 wants a value"
      if [ "$1" = --name ]; then name=$2; else timeout=$2; fi
      shift
      ;;
    --skip-build) build=false ;;
    --delete) delete=true ;;
    *) misuse "unknown argument: $1" ;;
  esac
  shift
done
[ -n "$tool" ] || misuse "kind or minikube?"
[[ $name =~ ^[a-z0-9][a-z0-9-]*$ ]] || misuse "--name wants lower-case letters, digits and dashes"
[[ $timeout =~ ^[1-9][0-9]*$ ]] || misuse "--timeout wants whole seconds"

check_needs() {
  local missing=()
  command -v kubectl >/dev/null || missing+=("kubectl 1.27 or later: kubernetes.io, Install Tools")
  case $tool in
    kind)
      command -v kind >/dev/null || missing+=("kind 0.24 or later (earlier ones enforce no network policy): kind.sigs.k8s.io, Quick Start")
      if ! command -v docker >/dev/null; then
        missing+=("docker: docs.docker.com, Get Docker")
      elif ! docker info >/dev/null 2>&1; then
        missing+=("a docker that answers: is the daemon started, and may you use it? (docker info)")
      fi
      ;;
    minikube) command -v minikube >/dev/null || missing+=("minikube: minikube.sigs.k8s.io, Get Started") ;;
  esac
  [ ${#missing[@]} -eq 0 ] && return
  echo "deploy-local.sh: missing:" >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
}

cluster_exists() {
  case $tool in
    kind) kind get clusters 2>/dev/null | grep -x "$name" > /dev/null ;;
    minikube) minikube status --profile "$name" >/dev/null 2>&1 ;;
  esac
}

# The cluster's own context, whatever the current one is.
on_cluster() {
  local context=$name
  [ "$tool" = kind ] && context=kind-$name
  kubectl --context "$context" "$@"
}

create_cluster() {
  if cluster_exists; then
    echo "cluster $name: there already"
    return
  fi
  echo "cluster $name: making it"
  case $tool in
    kind) kind create cluster --name "$name" --wait 120s ;;
    # Its default network enforces no policy.
    minikube) minikube start --profile "$name" --cni calico --memory 3g --cpus 2 ;;
  esac
}

bring_image() {
  case $tool in
    kind)
      if [ "$build" = true ]; then docker build --tag "$image" "$root"; fi
      kind load docker-image "$image" --name "$name"
      ;;
    minikube)
      if [ "$build" = false ]; then return; fi
      if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
        docker build --tag "$image" "$root"
        minikube image load --profile "$name" "$image"
      else
        # Inside of the cluster, which needs no docker here. The Dockerfile's secret mounts want BuildKit.
        minikube image build --profile "$name" --build-env DOCKER_BUILDKIT=1 --tag "$image" "$root"
      fi
      ;;
  esac
}

deploy() {
  local before
  before=$(on_cluster --namespace "$namespace" get deployment cert-parser --ignore-not-found --output name)
  on_cluster apply --kustomize "$root/k8s/overlays/local"
  # The tag is the same as before, so Kubernetes sees no change by itself.
  if [ -n "$before" ]; then
    on_cluster --namespace "$namespace" rollout restart deployment/cert-parser deployment/simulator
  fi
}

wait_for() {
  local part=$1
  on_cluster --namespace "$namespace" rollout status "deployment/$part" --timeout "${timeout}s" && return
  echo "deploy-local.sh: $part is not ready after $timeout s; what the cluster says of it:" >&2
  {
    on_cluster --namespace "$namespace" get pods --output wide
    on_cluster --namespace "$namespace" get events --sort-by .lastTimestamp | tail -n 15
    on_cluster --namespace "$namespace" logs "deployment/$part" --tail 20
  } >&2 || true
  exit 1
}

check_needs
if [ "$delete" = true ]; then
  cluster_exists || fail "there is no cluster $name"
  case $tool in
    kind) kind delete cluster --name "$name" ;;
    minikube) minikube delete --profile "$name" ;;
  esac
  exit
fi

create_cluster
bring_image
deploy
for part in postgresql simulator cert-parser; do wait_for "$part"; done

context=$name
[ "$tool" = kind ] && context=kind-$name
cat <<DONE

ready. Next:
  $root/k8s/scripts/validate-deployment.sh --context $context
  kubectl --context $context --namespace $namespace port-forward service/cert-parser 8000
  kubectl --context $context --namespace $namespace logs --follow deployment/cert-parser
  $0 $tool --name $name --delete
DONE
