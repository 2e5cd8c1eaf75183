#!/usr/bin/env python3
"""Compares training defaults on sets of real art, one change at a time, and writes a table.

    Benchmarks~/compare_defaults.py --out DIR --set silk:/usr/share/icons/silk:16 --set "crawl:TILES:32:--slice 32x32" [--steps 800]

Each set is NAME:FOLDER:SIZE[:IMPORT OPTIONS]. Every variant trains with the same seed and the same number of steps (a variant may
have its own, so that it takes about as long), then is scored on held-out images. DIR gets one model, one sheet of held-out
originals above reconstructions for each, and results.json; finished runs are kept, so that the script can be continued.
"""
import argparse
import json
import os
import subprocess
import sys
import time

# Options beside the baseline's, and the share of the baseline's steps that takes about as long.
VARIANTS = {
    "baseline": ("", 1.0),
    "gaussian": ("--likelihood gaussian", 1.0),
    "bernoulli": ("--likelihood bernoulli", 1.0),
    "no flips": ("--augment none", 1.0),
    "Z = 32": ("--latent 32", 1.0),
    "Z = 128": ("--latent 128", 1.0),
    "residual": ("--preset residual", 0.4),
    "wide": ("--preset wide", 0.3),
}
VAE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vae")


def run(*arguments):
    result = subprocess.run([VAE, *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"vae {' '.join(arguments)} failed:\n{result.stderr[-2000:]}")
    return result.stdout


def evaluate(out, art, variant, steps):
    name, folder, size, *extra = art.split(":", 3)
    imports = extra[0].split() if extra else []
    options, share = VARIANTS[variant]
    stem = os.path.join(out, f"{name}-{variant.replace(' ', '').replace('=', '')}")
    model, started = stem + ".safetensors", time.time()
    if not os.path.exists(model):
        run("train", folder, "--size", size, *imports, "--out", model, "--steps", str(int(steps * share)), "--prior-steps", "1", "--seed", "1", *options.split())
    seconds = time.time() - started
    figures = json.loads(run("evaluate", model, folder, *imports, "--split", "heldout", "--json"))
    train = json.loads(run("evaluate", model, folder, *imports, "--split", "train", "--json"))
    return {"set": name, "variant": variant, "steps": int(steps * share), "seconds": seconds, "heldout": figures, "train": train}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--set", action="append", required=True, dest="sets", metavar="NAME:FOLDER:SIZE[:OPTIONS]")
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--variant", action="append", choices=VARIANTS, help="only these")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    rows = []
    for art in arguments.sets:
        for variant in arguments.variant or VARIANTS:
            rows.append(evaluate(arguments.out, art, variant, arguments.steps))
            with open(os.path.join(arguments.out, "results.json"), "w") as file:
                json.dump(rows, file, indent=1)
            row = rows[-1]
            print(f"{row['set']:10} {variant:10} {row['steps']:5} steps {row['seconds']:6.0f} s  "
                  + "  ".join(f"{part} PSNR {row[part]['elbo']['psnr']:.2f} ELBO {row[part]['elbo']['elbo']:.0f}" for part in ("train", "heldout"))
                  + f"  KL {row['heldout']['elbo']['kl']:.1f}", flush=True)


main()
