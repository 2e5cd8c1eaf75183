#!/usr/bin/env bash
# Makes creatures.safetensors from nothing: draws creatures, trains on them, finds two directions, and writes the small model.
# The same device and driver give the same bytes. What it needs on the way is in a folder that it deletes.
set -euo pipefail

here="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
vae="$here/../../vae"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

"$vae" train procedural:creature:2000 --size 16 --hidden 32,40 --latent 16 --likelihood gaussian \
    --steps 2000 --prior-steps 1 --seed 1 --out "$work/whole.safetensors" --run "$work/run"
"$vae" attributes "$work/whole.safetensors" --principal 2 --sheet "$work/directions.png"
"$vae" export "$work/whole.safetensors" --half --prior mixture --assets 16 --out "${1:-$here/creatures.safetensors}"
