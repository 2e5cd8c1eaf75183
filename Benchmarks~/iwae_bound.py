#!/usr/bin/env python3
"""How the importance-weighted bound on log p(x) rises with K, of models that compare_mnist_iwae.py has trained; a table and a chart.

    Benchmarks~/compare_mnist_iwae.py
    Benchmarks~/iwae_bound.py --out bound.svg [--work DIR] [--seed 0] [--counts 1 5 50 500]

Scored are the first --images images of the official test set, binarized by the seed, alike for all models and K. What came of it:
Documentation~/results/estimators.md. Set VAE to another command that runs the tool.
"""
import argparse
import json
import os
import shlex
import subprocess
import sys

from chart import line_chart

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
VAE = shlex.split(os.environ.get("VAE", os.path.join(ROOT, "vae")))
MODELS = {"trained as a VAE": "vae", "trained with K = 5": "iwae"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="where the chart goes")
    parser.add_argument("--work", default=os.path.join(ROOT, "Artifacts~", "mnist-iwae"), help="the work folder of compare_mnist_iwae.py")
    parser.add_argument("--mnist", default=os.path.join(ROOT, "Artifacts~", "mnist"), help="where fetch_mnist.sh put MNIST")
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], help="K")
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    lines = []
    print(f"| K | {' | '.join(f'{name}: bound (effective samples)' for name in MODELS)} |\n|---|{'---|' * len(MODELS)}", flush=True)
    table = {count: [] for count in arguments.counts}
    for name, kind in MODELS.items():
        model = os.path.join(arguments.work, f"{kind}-stages2-z52-epsilon5e-06-seed{arguments.seed}.safetensors")
        points = []
        for count in arguments.counts:
            words = [*VAE, "evaluate", model, f"idx:{arguments.mnist}/t10k:{arguments.images}", "--iwae", str(count), "--samples", "2",
                     "--seed", str(arguments.seed), "--json"]
            result = subprocess.run(words, capture_output=True, text=True)
            if result.returncode != 0:
                sys.exit(f"{shlex.join(words)} failed:\n{result.stderr[-2000:]}")
            bound = json.loads(result.stdout)["importanceWeighted"]
            points.append((count, bound["bound"]["value"]))
            table[count].append(bound)
        lines.append((name, points, False))
    for count, bounds in table.items():
        print(f"| {count} | " + " | ".join(f"{b['bound']['value']:.2f} ({b['effectiveSamples']:.1f})" for b in bounds) + " |")
    with open(arguments.out, "w") as file:
        file.write(line_chart("The importance-weighted bound on log p(x)", "K, samples of each image", "nats", lines, logarithmic=True, marks=True))


main()
