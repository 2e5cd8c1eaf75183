#!/usr/bin/env python3
"""Posterior collapse, and what helps: the same network and steps with the plain ELBO, two kinds of annealing, and free bits.

    Benchmarks~/collapse.py --out DIR [--steps N] [--variant NAME ...]

DIR gets a model, its run folder and evaluation (JSON, held-out images) for each variant, and collapse.svg: the KL of each latent
dimension. Finished runs are kept, so that the script can be continued. What came of it: Documentation~/results/collapse.md.
Set VAE to another command that runs the tool.
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import time

SETUP = "procedural:1000 --size 16"
NETWORK = "--preset mlp --latent 32 --likelihood gaussian --scale 1 --batch 64 --augment none --seed 1 --prior-steps 1"
VARIANTS = {
    "plain ELBO": "--kl-warmup 0",
    "linear annealing": "--kl-warmup 1000000",
    "cyclical annealing": "--kl-annealing cyclical --kl-cycles 4",
    "free bits, 0.25 nats": "--objective free-bits --free-nats 0.25 --kl-warmup 0",
}
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
VAE = shlex.split(os.environ.get("VAE", os.path.join(ROOT, "vae")))
ACTIVE_VARIANCE = 0.01


def run(*arguments):
    result = subprocess.run([*VAE, *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"vae {' '.join(arguments)} failed:\n{result.stderr[-2000:]}")
    return result.stdout


def evaluate(out, variant, steps, setup, network):
    stem = os.path.join(out, re.sub("[^a-z0-9]+", "-", variant.lower()))
    model = stem + ".safetensors"
    source, *size = setup.split()
    started = time.time()
    if not os.path.exists(model):
        run("train", source, *size, "--out", model, "--steps", str(steps), *network.split(), *VARIANTS[variant].split())
    seconds = time.time() - started
    report = json.loads(run("evaluate", model, source, "--split", "heldout", "--json", "--kl-chart", stem + ".svg"))
    with open(stem + ".json", "w") as file:
        json.dump(report, file, indent=1)
    return report["elbo"], seconds, open(stem + ".svg").read()


def stack(charts):
    """The charts one above the other, each under its name, in one picture."""
    height, parts = 0, []
    for name, svg in charts:
        width, own = (float(n) for n in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
        svg = svg.replace("KL of each latent dimension", f"{name}: KL of each latent dimension")
        parts.append(svg.replace("<svg ", f'<svg y="{height}" width="{width}" height="{own}" ', 1))
        height += own
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
            f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--setup", default=SETUP, help="images and their size")
    parser.add_argument("--network", default=NETWORK, help="options of every variant")
    parser.add_argument("--variant", action="append", choices=VARIANTS, help="only these")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    charts = []
    print("| variant | active units | KL, nats | reconstruction, nats | ELBO, nats | PSNR, dB |\n|---|---|---|---|---|---|", flush=True)
    for variant in arguments.variant or VARIANTS:
        elbo, seconds, svg = evaluate(arguments.out, variant, arguments.steps, arguments.setup, arguments.network)
        active = sum(v > ACTIVE_VARIANCE for v in elbo["meanVariance"])
        print(f"| {variant} | {active} of {len(elbo['meanVariance'])} | {elbo['kl']:.2f} | {elbo['reconstruction']:.1f} | {elbo['elbo']:.1f} "
              f"| {elbo['psnr']:.2f} |", flush=True)
        print(f"{variant}: {seconds:.0f} s", file=sys.stderr, flush=True)
        charts.append((variant, svg))
    with open(os.path.join(arguments.out, "collapse.svg"), "w") as file:
        file.write(stack(charts))


main()
