#!/usr/bin/env bash
# Pictures of the commands that use latents, on the Silk icons (Debian: famfamfam-silk): attributes, clusters, neighbours, outliers, and
# blends of a flat latent beside those of a grid.
#
#     Benchmarks~/using_latents.sh [OUT] [ART]      OUT is Artifacts~/using-latents unless given
#
# VAE names another command than ./vae. What came of it: Documentation~/results/using-latents.md.
set -euo pipefail

root="$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")"
out="${1:-$root/Artifacts~/using-latents}"
art="${2:-/usr/share/icons/silk/16x16}"
vae=(${VAE:-"$root/vae"}) # another command that runs the tool
mkdir -p "$out"
flat="$out/flat.safetensors" grid="$out/grid.safetensors"
"${vae[@]}" train "$art" --size 16 --steps 2000 --prior-steps 1 --seed 0 --augment none --heldout 0.02 --out "$flat"
"${vae[@]}" train "$art" --size 16 --steps 2000 --prior-steps 1 --seed 0 --augment none --heldout 0.02 --grid 4 --latent 128 --out "$grid"

# The attribute: a green plus in the corner. Without it: the icons of the same things.
with=() without=()
for icon in "$art"/*_add.png; do
    plain="${icon%_add.png}.png"
    if [[ -f "$plain" ]]; then with+=("$icon") without+=("$plain"); fi
done
echo "${#with[@]} icons with a plus, and as many without"
"${vae[@]}" attributes "$flat" --name plus --with "${with[@]}" --without "${without[@]}" --rows 4 --sheet "$out/attribute.png"
"${vae[@]}" attributes "$flat" --principal 4 --sheet "$out/principal.png"
"${vae[@]}" cluster "$flat" "$art" --count 12 --most 12 --out "$out/clusters"
"${vae[@]}" neighbours "$flat" "$art"/{heart,folder,arrow_up,user_red}.png --out "$out/neighbours.png"
"${vae[@]}" outliers "$flat" "$art" --count 8 --out "$out/outliers.png"
for model in flat grid; do
    "${vae[@]}" blend "$out/$model.safetensors" "$art/folder.png" "$art/heart.png" --out "$out/blend-$model.png"
done
