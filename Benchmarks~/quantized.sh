#!/usr/bin/env bash
# A VQ-VAE on the Silk icons (Debian: famfamfam-silk): use of the codebook, and samples of the learned prior beside random codes.
# Usage: quantized.sh [OUT_DIR [ART_DIR]]
set -euo pipefail
root="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
out="${1:-quantized}"
art="${2:-/usr/share/icons/silk/16x16}"
vae=(${VAE:-"$root/vae"}) # another command that runs the tool
mkdir -p "$out"
model="$out/icons.safetensors"
"${vae[@]}" train "$art" --size 16 --latents quantized --grid 8 --latent 1024 --codes 256 --steps 1500 --prior-steps 1500 --seed 0 --out "$model"
for prior in codes random-codes; do
    "${vae[@]}" sample "$model" --prior "$prior" --count 16 --seed 3 --out "$out/$prior.png"
    "${vae[@]}" evaluate "$model" "$art" --prior "$prior"
done
