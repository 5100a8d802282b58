#!/usr/bin/env bash
# Tries a deployment that runs: probes, routes, a triggered run, rows in the database, log, network policy, graceful stop.
#
# It starts one run and replaces one pod. What else it makes (pods and one namespace, for a moment) it deletes again.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: validate-deployment.sh [--context NAME] [--namespace NAME] [--timeout SECONDS] [--psql-image IMAGE] [--skip CHECK]...

  --context NAME      context of kubectl (default: the current one)
  --namespace NAME    default: cert-parser
  --timeout SECONDS   how long to wait for a pod, or for the run to end (default: 180)
  --psql-image IMAGE  image with psql (default: postgres:17-alpine)
  --skip CHECK        leave out database, network or stop; it is shown as skipped
                      database  starts a pod with psql, unless the PostgreSQL of the local overlay is there
                      network   starts pods, and a namespace for one of them
                      stop      deletes the pod of the service and waits for the next one

Needs kubectl, curl and jq, and the right to read the Secret and to make pods.
Exit codes: 0 all passed, 1 something failed, 2 wrong usage or something is missing.
USAGE
}

misuse() {
  echo "validate-deployment.sh: $*" >&2
  usage >&2
  exit 2
}

namespace=cert-parser
timeout=180
psql_image=postgres:17-alpine
skipped=" "
kubectl=(kubectl)
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage && exit 0 ;;
    --context | --namespace | --timeout | --psql-image | --skip)
      [ $# -ge 2 ] || misuse "$1 wants a value"
      case $1 in
        --context) kubectl+=(--context "$2") ;;
        --namespace) namespace=$2 ;;
        --timeout) timeout=$2 ;;
        --psql-image) psql_image=$2 ;;
        --skip)
          [[ $2 =~ ^(database|network|stop)$ ]] || misuse "--skip wants database, network or stop"
          skipped+="$2 "
          ;;
      esac
      shift
      ;;
    *) misuse "unknown argument: $1" ;;
  esac
  shift
done
[[ $timeout =~ ^[1-9][0-9]*$ ]] || misuse "--timeout wants whole seconds"

missing=()
command -v kubectl >/dev/null || missing+=("kubectl 1.27 or later: kubernetes.io, Install Tools")
command -v curl >/dev/null || missing+=("curl: the package curl")
command -v jq >/dev/null || missing+=("jq: the package jq")
if [ ${#missing[@]} -gt 0 ]; then
  echo "validate-deployment.sh: missing:" >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 2
fi

k() {
  "${kubectl[@]}" --namespace "$namespace" "$@"
}

work=$(mktemp -d)
mark=validate-$RANDOM$RANDOM
forward_pid=
log_pid=
other_namespace=

# shellcheck disable=SC2317 # the trap below calls it
clean_up() {
  if [ -n "$forward_pid" ]; then kill "$forward_pid" 2>/dev/null || true; fi
  if [ -n "$log_pid" ]; then kill "$log_pid" 2>/dev/null || true; fi
  k delete pods --selector "cert-parser-validate=$mark" --wait=false --ignore-not-found >/dev/null 2>&1 || true
  if [ -n "$other_namespace" ]; then
    "${kubectl[@]}" delete namespace "$other_namespace" --wait=false --ignore-not-found >/dev/null 2>&1 || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT

# The table: one line for each check, as soon as it is known.
passes=0
failures=0
skips=0
row() {
  printf '%-4s  %-8s  %s\n' "$1" "$2" "$3"
}
pass() {
  passes=$((passes + 1))
  row PASS "$1" "$2"
}
fail() {
  failures=$((failures + 1))
  row FAIL "$1" "$2${3:+: $3}"
}
skip() {
  skips=$((skips + 1))
  row SKIP "$1" "$2"
}
# expect AREA WHAT EXPECTED FOUND
expect() {
  if [ "$3" = "$4" ]; then pass "$1" "$2${3:+: $3}"; else fail "$1" "$2" "expected $3, found ${4:-nothing}"; fi
}
is_skipped() {
  [[ $skipped == *" $1 "* ]]
}

finish() {
  echo
  echo "$passes passed, $failures failed, $skips skipped"
  [ "$failures" -eq 0 ] || exit 1
  exit 0
}

pod_field() {
  k get pods --selector app.kubernetes.io/name=cert-parser,app.kubernetes.io/component=service \
    --field-selector status.phase=Running --output "jsonpath={.items[0]$1}" 2>/dev/null || true
}

secret_value() {
  k get secret cert-parser-secrets --output "jsonpath={.data.$1}" 2>/dev/null | base64 --decode 2>/dev/null || true
}

# Leaves the address in $origin; the port is a free one of this machine.
forward() {
  if [ -n "$forward_pid" ]; then kill "$forward_pid" 2>/dev/null || true; fi
  : >"$work/forward"
  k port-forward service/cert-parser :8000 >"$work/forward" 2>&1 &
  forward_pid=$!
  local port=
  for _ in $(seq 50); do
    port=$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\) .*/\1/p' "$work/forward" | head -n 1)
    [ -n "$port" ] && break
    sleep 0.2
  done
  if [ -z "$port" ]; then
    fail probes "the Service can be reached" "$(tail -n 1 "$work/forward")"
    finish
  fi
  origin=http://127.0.0.1:$port
}

# Gives the status; the body is in $work/body.
ask() {
  curl --silent --max-time 10 --output "$work/body" --write-out '%{http_code}' "$@" || true
}

# As ask, with the token: by a file, since what stands on a command line all users of this machine can see.
ask_with_token() {
  printf 'Authorization: Bearer %s\n' "$token" >"$work/header"
  ask --header "@$work/header" "$@"
  rm -f "$work/header"
}

body() {
  jq --raw-output "$1" "$work/body" 2>/dev/null || true
}

check_rollout() {
  local replicas
  replicas=$(k get deployment cert-parser --output 'jsonpath={.spec.replicas}' 2>/dev/null) || {
    fail rollout "the Deployment cert-parser is there" "not in namespace $namespace, or the cluster does not answer"
    finish
  }
  if [ "$replicas" = 0 ]; then
    fail rollout "the Deployment has a pod" "it has 0 replicas, as in the overlay batch, which this does not try"
    finish
  fi
  if k rollout status deployment/cert-parser --timeout "${timeout}s" >"$work/rollout" 2>&1; then
    pass rollout "the Deployment is rolled out and ready"
  else
    fail rollout "the Deployment is rolled out and ready" "$(tail -n 1 "$work/rollout")"
    k get pods >&2 || true
    finish
  fi
}

check_pod() {
  expect security "the pod runs as user" 1000 "$(pod_field '.spec.securityContext.runAsUser')"
  expect security "its root file system is read-only" true \
    "$(pod_field '.spec.containers[0].securityContext.readOnlyRootFilesystem')"
  expect security "it has dropped the capabilities" '["ALL"]' \
    "$(pod_field '.spec.containers[0].securityContext.capabilities.drop')"
  expect security "it has no token for the Kubernetes API" "" \
    "$(pod_field '.spec.containers[0].volumeMounts[?(@.mountPath=="/var/run/secrets/kubernetes.io/serviceaccount")].name')"
  expect security "the namespace enforces the standard" restricted \
    "$(k get namespace "$namespace" --output 'jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}' 2>/dev/null || true)"
}

check_routes() {
  expect probes "GET /health" 200 "$(ask "$origin/health")"
  expect probes "GET /health says" healthy "$(body .status)"
  expect probes "GET /ready?strict" 200 "$(ask "$origin/ready?strict")"
  expect probes "GET /ready?strict says" ready "$(body .status)"
  expect routes "GET /ready" 200 "$(ask "$origin/ready")"
  expect routes "GET /info" 200 "$(ask "$origin/info")"
  expect routes "GET /info says" cert-parser-runner "$(body .name)"
  expect routes "GET /metrics" 200 "$(ask "$origin/metrics")"
  expect routes "GET /metrics says cert_parser_up" 1 "$(sed -n 's/^cert_parser_up //p' "$work/body")"
  expect routes "GET of an unknown route" 404 "$(ask "$origin/unknown")"
  if [ -n "$token" ]; then
    expect routes "POST /trigger without the token" 401 "$(ask --request POST "$origin/trigger")"
    return
  fi
  local status
  status=$(ask --request POST "$origin/trigger")
  case $status in
    404) pass routes "POST /trigger, which is off: 404" ;;
    # By a token that does not come from the Secret, as with Vault.
    401) pass routes "POST /trigger, whose token is not known here: 401" ;;
    *) fail routes "POST /trigger without a token" "expected 401 or 404, found $status" ;;
  esac
}

# Leaves the run's execution_id in $execution_id, empty where there was none.
check_run() {
  execution_id=
  if [ -z "$token" ]; then
    skip run "POST /trigger starts a run: no TRIGGER_TOKEN in the Secret"
    return
  fi
  local status ended='' deadline=$((SECONDS + timeout))
  status=$(ask_with_token --request POST "$origin/trigger")
  # One that was due anyhow goes on: the next is ours.
  while [ "$status" = 409 ] && [ $SECONDS -lt $deadline ]; do
    sleep 2
    status=$(ask_with_token --request POST "$origin/trigger")
  done
  expect run "POST /trigger with the token" 202 "$status"
  [ "$status" = 202 ] || return 0
  execution_id=$(body .execution_id)
  while [ $SECONDS -lt $deadline ]; do
    ask "$origin/info" >/dev/null
    ended=$(body "select(.last_run.execution_id == \"$execution_id\") | .last_run.outcome")
    [ -n "$ended" ] && break
    sleep 1
  done
  case $ended in
    applied | unchanged) pass run "the run ends: $ended" ;;
    "") fail run "the run ends" "not within $timeout s" ;;
    *) fail run "the run ends well" "$ended, $(body '.last_run.failure | [.stage, .code, .reason] | join(" ")')" ;;
  esac
}

# query SQL: psql in the pod of the local overlay's PostgreSQL, or in one of its own that may talk to the database.
query() {
  if k get deployment postgresql >/dev/null 2>&1; then
    k exec deployment/postgresql -- psql --username cert_parser --dbname cert_parser --no-psqlrc --tuples-only --no-align --command "$1"
    return
  fi
  # The shell of that container is meant to see the variable, not this one.
  # shellcheck disable=SC2016
  run_pod "query-$RANDOM" batch "$psql_image" \
    '["sh", "-c", "psql \"$DATABASE_DSN\" --no-psqlrc --tuples-only --no-align --command \"$1\"", "sh", '"$(jq --null-input --arg sql "$1" '$sql')"']' \
    '[{"name": "DATABASE_DSN", "valueFrom": {"secretKeyRef": {"name": "cert-parser-secrets", "key": "DATABASE_DSN"}}}]'
}

check_database() {
  if is_skipped database; then
    skip database "rows in the database"
    return
  fi
  if ! k get deployment postgresql >/dev/null 2>&1 && [ -z "$(secret_value DATABASE_DSN)" ]; then
    skip database "rows in the database: no DATABASE_DSN in the Secret"
    return
  fi
  local expected found
  ask "$origin/info" >/dev/null
  expected=$(body .store.certificates)
  found=$(query "select count(distinct certificate_sha256) from certs.listings where until is null and found_in <> 'envelope'" 2>"$work/psql" | tr -d '[:space:]') || true
  if [[ $found =~ ^[0-9]+$ ]]; then
    expect database "certs.listings has as many certificates as /info says" "$expected" "$found"
    if [ "$found" -gt 0 ]; then
      pass database "there are certificates: $found"
    else
      fail database "there are certificates" "none"
    fi
  else
    fail database "the database can be asked" "$(tail -n 1 "$work/psql")"
    return
  fi
  found=$(query "select count(*) from certs.root_ca" 2>"$work/psql" | tr -d '[:space:]') || true
  if [[ $found =~ ^[1-9][0-9]*$ ]]; then
    pass database "the view certs.root_ca shows some: $found"
  else
    fail database "the view certs.root_ca shows some" "${found:-$(tail -n 1 "$work/psql")}"
  fi
}

check_log() {
  k logs deployment/cert-parser --tail=-1 >"$work/log" 2>/dev/null || true
  local lines flawed name value
  lines=$(wc -l <"$work/log")
  if [ "$lines" -eq 0 ]; then
    fail log "there is a log" "it is empty"
    return
  fi
  # A line that is no JSON comes out as an error of jq, and is counted as one.
  flawed=$(jq --raw-input --raw-output '. as $line | try (fromjson
    | if (.timestamp | test("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"))
        and (.level | IN("DEBUG", "INFO", "WARNING", "ERROR"))
        and (.event | test("^[a-z]+(\\.[a-z]+)+$")) and (.message | type == "string")
      then empty else $line end) catch $line' "$work/log" | head -n 1)
  if [ -z "$flawed" ]; then
    pass log "all $lines lines are JSON with timestamp, level, event and message"
  else
    fail log "every line is JSON with timestamp, level, event and message" "${flawed:0:120}"
  fi
  if [ -n "$execution_id" ]; then
    expect log "the run is there with its execution_id" pipeline.completed \
      "$(jq --raw-input --raw-output "fromjson? | select(.execution_id == \"$execution_id\" and .event == \"pipeline.completed\") | .event" "$work/log" | head -n 1)"
  fi
  for name in AUTH_CLIENT_SECRET AUTH_PASSWORD DATABASE_DSN TRIGGER_TOKEN; do
    value=$(secret_value "$name")
    # A short one would be found by chance.
    [ ${#value} -ge 8 ] || continue
    if grep --quiet --fixed-strings --file <(printf '%s\n' "$value") "$work/log"; then
      fail log "it does not show $name" "it does"
    else
      pass log "it does not show $name"
    fi
  done
}

# run_pod NAME COMPONENT IMAGE COMMAND [ENV] [NAMESPACE]: runs a pod to its end and prints its log; its exit code is that of
# the pod. COMPONENT none leaves out the labels that our policies select by.
run_pod() {
  local pod=$mark-$1 in=${6:-$namespace} phase=
  make_pod "$@" || return 1
  for _ in $(seq "$timeout"); do
    phase=$("${kubectl[@]}" --namespace "$in" get pod "$pod" --output 'jsonpath={.status.phase}' 2>/dev/null || true)
    case $phase in Succeeded | Failed) break ;; esac
    sleep 1
  done
  "${kubectl[@]}" --namespace "$in" logs "$pod" 2>/dev/null || true
  if [ "$phase" != Succeeded ] && [ "$phase" != Failed ]; then
    echo "the pod $pod did not end: ${phase:-not made}" >&2
    return 1
  fi
  [ "$phase" = Succeeded ]
}

make_pod() {
  local name=$1 component=$2 pod_image=$3 command=$4 env=${5:-[]} in=${6:-$namespace} user=1000
  if [ "$pod_image" = "$psql_image" ]; then user=70; fi
  jq --null-input --arg name "$mark-$name" --arg component "$component" --arg image "$pod_image" \
    --argjson command "$command" --argjson env "$env" --arg mark "$mark" --argjson user "$user" '{
    apiVersion: "v1", kind: "Pod",
    metadata: {name: $name, labels: ({"cert-parser-validate": $mark} + (if $component == "none" then {} else
      {"app.kubernetes.io/name": "cert-parser", "app.kubernetes.io/component": $component} end))},
    spec: {
      restartPolicy: "Never", automountServiceAccountToken: false, enableServiceLinks: false,
      terminationGracePeriodSeconds: 1, activeDeadlineSeconds: 600,
      securityContext: {runAsNonRoot: true, runAsUser: $user, runAsGroup: $user, seccompProfile: {type: "RuntimeDefault"}},
      containers: [{
        name: "validate", image: $image, imagePullPolicy: "IfNotPresent", command: $command, env: $env,
        resources: {requests: {cpu: "10m", memory: "64Mi"}, limits: {cpu: "200m", memory: "128Mi"}},
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: ["ALL"]}}
      }]
    }}' | "${kubectl[@]}" --namespace "$in" create --filename - >/dev/null
}

# Prints open or blocked, as seen from a pod: connects NAME COMPONENT HOST PORT [NAMESPACE].
connects() {
  # shellcheck disable=SC2016 # JavaScript
  local script='const socket = require("node:net").connect({ host: process.argv[1], port: Number(process.argv[2]) });
    const end = (word) => { console.log(word); process.exit(0); };
    socket.on("connect", () => end("open")).on("error", (error) => end(`blocked by ${error.code}`));
    setTimeout(() => end("blocked"), 5000);'
  run_pod "$1" "$2" "$image" \
    "$(jq --null-input --compact-output --arg script "$script" --arg host "$3" --arg port "$4" '["node", "-e", $script, $host, $port]')" \
    '[]' "${5:-$namespace}" 2>&1 | tail -n 1
}

# reaches WHAT EXPECTED FOUND: a refusal counts as blocked, for some network plugins reject rather than drop.
reaches() {
  case $3 in
    open) expect network "$1" "$2" open ;;
    blocked*) expect network "$1" "$2" blocked ;;
    *) fail network "$1" "$3" ;;
  esac
}

check_network() {
  if is_skipped network; then
    skip network "network policy"
    return
  fi
  local listener_ip='' service_ip='' listen='require("node:net").createServer((socket) => socket.end()).listen(8099);'
  image=$(pod_field '.spec.containers[0].image')
  service_ip=$(pod_field '.status.podIP')
  make_pod listener none "$image" \
    "$(jq --null-input --compact-output --arg script "$listen" '["node", "-e", $script]')" 2>"$work/pod" || true
  for _ in $(seq "$timeout"); do
    listener_ip=$(k get pod "$mark-listener" --output 'jsonpath={.status.podIP}' 2>/dev/null || true)
    [ -n "$listener_ip" ] && [ "$(k get pod "$mark-listener" --output 'jsonpath={.status.phase}')" = Running ] && break
    listener_ip=
    sleep 1
  done
  if [ -z "$listener_ip" ] || [ -z "$service_ip" ]; then
    fail network "pods can be started to try it" "$(tail -n 1 "$work/pod")"
    return
  fi
  other_namespace=$mark
  "${kubectl[@]}" create namespace "$other_namespace" >/dev/null

  # The first is the control: without it, a network that lets nothing through would pass all others.
  reaches "a pod without our labels reaches port 8099 of another" open "$(connects control none "$listener_ip" 8099)"
  reaches "a pod of ours does not reach port 8099, which is not allowed" blocked "$(connects egress batch "$listener_ip" 8099)"
  reaches "a pod of this namespace reaches the service" open "$(connects inside none "$service_ip" 8000)"
  reaches "a pod of another namespace does not" blocked "$(connects outside none "$service_ip" 8000 "$other_namespace")"
}

check_stop() {
  if is_skipped stop; then
    skip stop "graceful stop"
    return
  fi
  local pod begun took
  pod=$(pod_field .metadata.name)
  k logs "pod/$pod" --follow --tail 0 >"$work/stop" 2>/dev/null &
  log_pid=$!
  sleep 1
  begun=$SECONDS
  if k delete pod "$pod" --timeout "${timeout}s" >/dev/null 2>"$work/delete"; then
    took=$((SECONDS - begun))
    if [ $took -le 15 ]; then
      pass stop "the pod ends within its time: $took s"
    else
      fail stop "the pod ends in less than 15 s" "$took s"
    fi
  else
    fail stop "the pod ends" "$(tail -n 1 "$work/delete")"
  fi
  wait "$log_pid" 2>/dev/null || true
  log_pid=
  expect stop "it ends in order" service.stopped \
    "$(jq --raw-input --raw-output 'fromjson? | select(.event == "service.stopped") | .event' "$work/stop" | head -n 1)"
  if k rollout status deployment/cert-parser --timeout "${timeout}s" >"$work/rollout" 2>&1; then
    pass stop "the next pod is ready: $((SECONDS - begun)) s"
  else
    fail stop "the next pod is ready" "$(tail -n 1 "$work/rollout")"
    return
  fi
  forward
  expect stop "it answers GET /ready?strict" 200 "$(ask "$origin/ready?strict")"
}

check_rollout
token=$(secret_value TRIGGER_TOKEN)
forward
check_pod
check_routes
check_run
check_database
check_log
check_network
check_stop
finish
