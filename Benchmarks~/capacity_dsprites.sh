#!/usr/bin/env bash
# Controlled capacity (Burgess et al. 2018, arXiv:1804.03599) on dSprites: with C = 25 and gamma = 100 the KL must end on 25 nats.
#
#     Benchmarks~/capacity_dsprites.sh [OUT] [STEPS] [MORE OPTIONS OF train]
#
# Writes OUT/capacity.safetensors with its run folder, OUT/capacity.json (evaluation on held-out images, and disentanglement),
# OUT/kl.svg (the KL of each dimension), OUT/traversal.png, OUT/capacity.svg (KL and C over the training), and prints the KL while C
# rises. What came of it: Documentation~/results/capacity.md.
set -euo pipefail

root="$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")"
out="${1:-$root/Artifacts~/capacity}"
steps="${2:-4000}"
vae=(${VAE:-"$root/vae"}) # another command that runs the tool
mkdir -p "$out"
"${vae[@]}" train dsprites:10000 --size 64 --grey --likelihood bernoulli --preset mlp --latent 12 --batch 32 --augment none \
    --objective capacity --capacity 25 --gamma 100 --learning-rate 1e-3 --max-gradient-norm 0 --steps "$steps" --prior-steps 1 --seed 1 \
    --out "$out/capacity.safetensors" "${@:3}"
"${vae[@]}" evaluate "$out/capacity.safetensors" dsprites:10000 --split heldout --disentanglement 5000 --kl-chart "$out/kl.svg"
"${vae[@]}" evaluate "$out/capacity.safetensors" dsprites:10000 --split heldout --disentanglement 5000 --json > "$out/capacity.json"
"${vae[@]}" traverse "$out/capacity.safetensors" --dimensions 8 --steps 9 --range 2 --out "$out/traversal.png"
PYTHONPATH="$root/Benchmarks~" python3 - "$out" <<'PYTHON'
import json, sys
from chart import line_chart
lines = [json.loads(line) for line in open(sys.argv[1] + "/capacity-run/stats.jsonl")]
training = [line for line in lines if line["phase"] == "training"]
total = training[-1]["step"]
print("share of steps    C    KL, training   KL, held out   reconstruction, held out")
for line in [line for line in lines if line["phase"] == "heldout"][1::3] + [[line for line in lines if line["phase"] == "heldout"][-1]]:
    step = line["step"]
    near = [t["kl"] for t in training if step - total / 50 < t["step"] <= step]
    print(f"{step / total:14.2f} {25 * min(1, step / (0.75 * total)):6.2f} {sum(near) / len(near):12.2f} {line['kl']:14.2f} {line['reconstruction']:18.1f}")
each = max(1, len(training) // 100)
means = [training[i:i + each] for i in range(0, len(training), each)]
curves = [
    ("C", [(0, 0), (0.75 * total, 25), (total, 25)], True),
    ("KL, training", [tuple(sum(t[key] for t in part) / len(part) for key in ("step", "kl")) for part in means], False),
    ("KL, held out", [(line["step"], line["kl"]) for line in lines if line["phase"] == "heldout"], False),
]
with open(sys.argv[1] + "/capacity.svg", "w") as file:
    file.write(line_chart("The KL follows the capacity C", "step", "nats", curves))
PYTHON
