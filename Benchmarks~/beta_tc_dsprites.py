#!/usr/bin/env python3
"""beta-TC-VAE (Chen et al. 2018, arXiv:1802.04942) beside beta-VAE on dSprites: the same network, images, steps, seeds and beta.

    Benchmarks~/beta_tc_dsprites.py --out DIR [--beta 6] [--lower-beta 3] [--seeds 0 1 2] [--steps N]

Both weigh total correlation by beta; the beta-VAE weighs the mutual information and the KL of each dimension by it too, so that its KL is
smaller. A second beta-VAE with a lower beta has a KL nearer to that of the beta-TC-VAE. All figures are of images that were held out. DIR
gets the models with their run folders, evaluations (JSON), and a traversal of each model: a row for each of the dimensions that vary
most. Finished runs are kept, so that the script can be continued. What came of it: Documentation~/results/beta-tc.md. Set VAE to another
command that runs the tool.
"""
import argparse
import json
import math
import os
import re
import shlex
import statistics
import struct
import subprocess
import sys
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
VAE = shlex.split(os.environ.get("VAE", os.path.join(ROOT, "vae")))
FIGURES = [
    ("reconstruction, nats", lambda r: r["elbo"]["reconstruction"], 1),
    ("KL, nats", lambda r: r["elbo"]["kl"], 2),
    ("mutual information", lambda r: r["klParts"]["mutualInformation"]["value"], 2),
    ("total correlation", lambda r: r["klParts"]["totalCorrelation"]["value"], 2),
    ("dimension-wise KL", lambda r: r["klParts"]["dimensionWise"]["value"], 2),
    ("active units", lambda r: r["disentanglement"]["activeUnits"], 1),
    ("PSNR, dB", lambda r: r["elbo"]["psnr"], 2),
    ("MIG of means", lambda r: r["disentanglement"]["mig"]["score"], 3),
    ("MIG of samples", lambda r: r["disentanglement"]["migOfSamples"]["score"], 3),
    ("FactorVAE score", lambda r: r["disentanglement"]["factorVae"], 3),
    ("β-VAE score", lambda r: r["disentanglement"]["betaVae"], 3),
]

OBJECTIVES = {"beta-vae": ["--objective", "elbo", "--kl-weight"], "beta-tc": ["--objective", "beta-tc", "--tc-beta"]}


def run(*words):
    result = subprocess.run([*VAE, *map(str, words)], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"vae {' '.join(map(str, words))} failed:\n{result.stderr[-2000:]}")
    return result.stdout


def central_heart(model):
    """The name of that training image with the largest heart which is nearest to the middle: where traversals start."""
    with open(model, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    hearts = [name for name in json.loads(header["__metadata__"]["assets"]) if name.startswith("heart/s5-")]
    return min(hearts, key=lambda name: (sum((int(place) - 15.5) ** 2 for place in re.findall(r"[xy](\d+)", name.split("/")[1])), name))


def measure(name, beta, seed, arguments):
    stem = os.path.join(arguments.out, f"{name}-{beta:g}-seed{seed}")
    model, images = stem + ".safetensors", f"dsprites:{arguments.images}"
    started = time.time()
    if not os.path.exists(model):
        run("train", images, "--out", model, "--size", 64, "--grey", "--likelihood", "bernoulli", "--preset", "mlp", "--latent", 12,
            "--augment", "none", "--batch", arguments.batch, "--learning-rate", "1e-3", "--max-gradient-norm", 0, "--steps", arguments.steps,
            "--prior-steps", 1, "--heldout", arguments.heldout, "--seed", seed, *OBJECTIVES[name], beta)
    seconds = time.time() - started
    if not os.path.exists(stem + ".json"):
        text = run("evaluate", model, images, "--split", "heldout", "--disentanglement", arguments.disentanglement, "--json")
        with open(stem + ".json", "w") as file:
            file.write(text)
    run("traverse", model, central_heart(model), "--dimensions", 6, "--steps", 9, "--range", 2, "--out", stem + ".png")
    with open(stem + ".json") as file:
        report = json.load(file)
    print(f"{name}, β = {beta:g}, seed {seed}: {seconds:.0f} s", file=sys.stderr, flush=True)
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--beta", type=float, default=6)
    parser.add_argument("--lower-beta", type=float, default=3, help="of the second beta-VAE")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--heldout", type=float, default=0.3, help="share of the images that is kept to measure on")
    parser.add_argument("--disentanglement", type=int, default=10_000, help="images that the last four figures are of")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    models = {
        f"β-VAE, β = {arguments.beta:g}": ("beta-vae", arguments.beta),
        f"β-TC-VAE, β = {arguments.beta:g}": ("beta-tc", arguments.beta),
        f"β-VAE, β = {arguments.lower_beta:g}": ("beta-vae", arguments.lower_beta),
    }
    reports = {title: [] for title in models}
    for seed in arguments.seeds:
        for title, (name, beta) in models.items():
            reports[title].append(measure(name, beta, seed, arguments))

    print(f"mean over {len(arguments.seeds)} seeds (standard error), and each seed\n")
    print(f"| | {' | '.join([*models, *(title + ', each seed' for title in models)])} |\n|---|{'---|' * 2 * len(models)}")
    for title, figure, digits in FIGURES:
        values = [[figure(report) for report in reports[model]] for model in models]
        means = [f"{statistics.mean(v):.{digits}f}" + (f" ({statistics.stdev(v) / math.sqrt(len(v)):.{digits}f})" if len(v) > 1 else "")
                 for v in values]
        print(f"| {title} | {' | '.join(means)} | {' | '.join(', '.join(f'{x:.{digits}f}' for x in v) for v in values)} |")


main()
