#!/usr/bin/env bash
# Trains a conditional model on Fashion-MNIST, makes samples of each class, and lets a linear classifier on pixels judge them: first one
# that learned from the model's own training images, then one that learned from images that the model never saw.
#
#     Benchmarks~/conditional_fashion.sh [OUT]      OUT is Artifacts~/conditional-fashion unless given
#
# Needs Debian's dataset-fashion-mnist; FASHION names another folder with the IDX files, VAE another command than ./vae. What is made
# depends on the device; the same device gives the same bits. Documentation~/results/conditional.md has the figures.
set -euo pipefail

root="$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")"
out="${1:-$root/Artifacts~/conditional-fashion}"
data="${FASHION:-/usr/share/datasets/fashion-mnist}"
if [[ -n "${VAE:-}" ]]; then read -ra vae <<<"$VAE"; else vae=("$root/vae"); fi
fail() { printf 'conditional_fashion: %s\n' "$@" >&2; exit 1; }
[[ -d "$data" ]] || fail "$data is not there; install it (Debian: apt-get install dataset-fashion-mnist)."
model="$out/fashion.safetensors"

mkdir -p "$out"
time "${vae[@]}" train "idx:$data:10000" --size 28 --grey --conditional --likelihood bernoulli --augment none --latent 32 --epochs 12 \
    --seed 0 --out "$model"
for prior in flow normal; do
    "${vae[@]}" sample "$model" --count 100 --prior "$prior" --out "$out/samples-$prior.png"
    "${vae[@]}" probe "$model" "idx:$data:10000" --of-samples 100 --prior "$prior" --out "$out/confusion-$prior.png" |
        tee "$out/probe-$prior.txt"
done
"${vae[@]}" sample "$model" --count 100 --temperature 0.7 --out "$out/samples-cool.png"
"${vae[@]}" probe "$model" "idx:$data:10000" --of-samples 100 --temperature 0.7 --out "$out/confusion-cool.png" |
    tee "$out/probe-cool.txt"
"${vae[@]}" probe "$model" "idx:$data/t10k" --of-samples 100 --out "$out/confusion-unseen.png" | tee "$out/probe-unseen.txt"
"${vae[@]}" evaluate "$model" "idx:$data:10000" --split heldout | tee "$out/evaluation.txt"
