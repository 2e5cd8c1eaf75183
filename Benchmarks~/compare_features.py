#!/usr/bin/env python3
"""Compares the reconstruction loss in features (DARLA) with that of pixels at an equal KL, and writes a table.

    Benchmarks~/compare_features.py /usr/share/icons/silk/16x16 --size 16 --out DIR [--capacity 30 60] [--seed 1 2]

For each capacity C and seed two models are trained on the same images for the same number of steps, with the KL held at C: one
with --features, one with the Gaussian likelihood of pixels. Both are then measured on held-out images in the features of every
model that has some: those that one of them was trained in, and those of other seeds, which neither has seen. DIR gets the models,
a sheet of held-out originals above reconstructions for each, and results.json; finished runs are kept, so that it can be continued.
"""
import argparse
import json
import os
import shlex
import struct
import subprocess
import sys
import time

VAE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vae")


def held_out(model, folder, count):
    """A few images of the folder that the model was not trained on, evenly spread."""
    with open(model, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    trained = set(json.loads(header["__metadata__"]["assets"]))
    rest = [name for name in sorted(os.listdir(folder)) if name.endswith(".png") and name not in trained]
    return [os.path.join(folder, rest[i * len(rest) // count]) for i in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="PNG files of one size")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--capacity", type=float, nargs="+", default=[30, 60])
    parser.add_argument("--seed", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--features", type=int, default=800, help="steps of the feature network")
    parser.add_argument("--vae", default=VAE, help="the tool's command line")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)

    def run(*words):
        result = subprocess.run([*shlex.split(arguments.vae), *map(str, words)], capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"vae {' '.join(map(str, words))} failed:\n{result.stderr[-2000:]}")
        return result.stdout

    def path(loss, capacity, seed, ending):
        return os.path.join(arguments.out, f"{loss}-C{capacity:g}-seed{seed}{ending}")

    runs = [(loss, capacity, seed) for capacity in arguments.capacity for seed in arguments.seed for loss in ("pixels", "features")]
    for loss, capacity, seed in runs:
        model, started = path(loss, capacity, seed, ".safetensors"), time.time()
        if not os.path.exists(model):
            options = ["--features", arguments.features] if loss == "features" else []
            run("train", arguments.folder, "--size", arguments.size, "--out", model, "--steps", arguments.steps, "--prior-steps", 1, "--seed", seed,
                "--likelihood", "gaussian", "--objective", "capacity", "--capacity", capacity, "--gamma", 100, *options)
            print(f"trained {model} in {time.time() - started:.0f} s", flush=True)
        run("reconstruct", model, *held_out(model, arguments.folder, 8), "--out", path(loss, capacity, seed, ".png"))

    rows = []
    for loss, capacity, seed in runs:
        for judge in arguments.seed:
            text = run("evaluate", path(loss, capacity, seed, ".safetensors"), arguments.folder, "--split", "heldout", "--samples", 1, "--json",
                       "--features", path("features", capacity, judge, ".safetensors"))
            report = json.loads(text)
            rows.append({"loss": loss, "capacity": capacity, "seed": seed, "featuresOfSeed": judge, "kl": report["elbo"]["kl"],
                         "psnr": report["elbo"]["psnr"], "ssim": report["ssim"]["value"], **report["features"]})
            print("C {capacity:g} seed {seed} {loss:8}  KL {kl:.1f}  features of seed {featuresOfSeed}: error {meanSquare:.5f}, {share:.4f} of the "
                  "variance  PSNR {psnr:.2f}  SSIM {ssim:.3f}".format(**rows[-1]), flush=True)
    with open(os.path.join(arguments.out, "results.json"), "w") as file:
        json.dump(rows, file, indent=1)


main()
