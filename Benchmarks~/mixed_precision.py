#!/usr/bin/env python3
"""Trains real sets in full and in mixed precision, with the same seeds, and compares the ELBO of held-out images.

    Benchmarks~/mixed_precision.py icons=path/to/icons mnist=idx:Artifacts~/mnist --steps 1500

Each set is NAME=SOURCE, a source as `train` takes it, and options of `train` after it: 'mnist=idx:Artifacts~/mnist --likelihood bernoulli --augment none'.
Prints the ELBO in nats an image of both precisions for each seed, how far apart they are, and how far two seeds of full precision are;
exits 1 where the mean over the seeds differs by more than 0.5 %.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = "dotnet " + shlex.quote(os.path.join(ROOT, "Artifacts~/bin/VaeProcgen.Editor/release/VaeProcgen.Editor.dll"))
LARGEST_DIFFERENCE = 0.005


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", help="NAME=SOURCE [OPTIONS OF train]")
    parser.add_argument("--ours", default=TOOL, help="the command line tool (default: the release build)")
    parser.add_argument("--steps", type=int, default=1500, help="length of each training (default 1500)")
    parser.add_argument("--seeds", type=int, default=2, help="trainings of each set and precision (default 2)")
    parser.add_argument("--work", default=os.path.join(ROOT, "Artifacts~/mixed-precision"), help="for models and run folders")
    return parser.parse_args()


def train(arguments, name, source, precision, seed):
    """The last held-out figures of a training, and how many of its steps were left out."""
    out = os.path.join(arguments.work, f"{name}-{precision}-{seed}.safetensors")
    command = shlex.split(arguments.ours) + ["train", *shlex.split(source), "--steps", str(arguments.steps), "--prior-steps", "0",
                                             "--seed", str(seed), "--precision", precision, "--out", out]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(os.path.splitext(out)[0] + "-run/stats.jsonl", encoding="utf-8") as lines:
        lines = [json.loads(line) for line in lines]
    last = [line for line in lines if line["phase"] == "heldout"][-1]
    left_out = sum(line.get("leftOut", 0) for line in lines if line["phase"] == "training")
    return -(last["reconstruction"] + last["kl"]), left_out


def main():
    arguments = parse_arguments()
    os.makedirs(arguments.work, exist_ok=True)
    worst = 0
    print(f"{'set':<12}{'seed':>5}{'full':>12}{'mixed':>12}{'apart':>9}  steps left out")
    for name, source in (text.split("=", 1) for text in arguments.sets):
        elbo = {"full": [], "mixed": []}
        for seed in range(arguments.seeds):
            left_out = 0
            for precision, values in elbo.items():
                value, left_out = train(arguments, name, source, precision, seed)
                values.append(value)
            full, mixed = elbo["full"][-1], elbo["mixed"][-1]
            print(f"{name:<12}{seed:>5}{full:>12.2f}{mixed:>12.2f}{(mixed - full) / abs(full):>9.2%}  {left_out}", flush=True)
        full, mixed = statistics.mean(elbo["full"]), statistics.mean(elbo["mixed"])
        spread = (max(elbo["full"]) - min(elbo["full"])) / abs(full)
        worst = max(worst, abs(mixed - full) / abs(full))
        print(f"{name:<12}{'mean':>5}{full:>12.2f}{mixed:>12.2f}{(mixed - full) / abs(full):>9.2%}  (full precision's seeds: {spread:.2%} apart)", flush=True)
    return 1 if worst > LARGEST_DIFFERENCE else 0


if __name__ == "__main__":
    sys.exit(main())
