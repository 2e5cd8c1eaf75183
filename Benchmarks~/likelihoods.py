#!/usr/bin/python3
"""The same network with each likelihood, trained for the same number of steps, and one picture of the same held-out images.

    apt-get install python3-pil famfamfam-silk
    Benchmarks~/likelihoods.py /usr/share/icons/silk/16x16 --size 16 --out DIR [--steps 1000] [--seed 0]

DIR gets the models with their run folders, evaluations (JSON), and likelihoods.png: originals, and below them a row for each model. Finished
runs are kept, so that the script can be continued. What came of it: Documentation~/results/likelihoods.md.
Set VAE to another command that runs the tool.
"""
import argparse
import json
import os
import shlex
import struct
import subprocess
import sys
import time

from PIL import Image, ImageDraw, ImageFont

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
VAE = shlex.split(os.environ.get("VAE", os.path.join(ROOT, "vae")))
VARIANTS = {
    "Laplace, optimal scale": "--likelihood laplace",
    "Gaussian, optimal scale": "--likelihood gaussian",
    "Gaussian, scale 1": "--likelihood gaussian --scale 1",
    "Bernoulli": "--likelihood bernoulli",
    "discretized logistic": "--likelihood logistic",
}
SHOWN, COLUMNS, GAP, SHEET_SCALE, SCALE = 8, 4, 4, 8, 4  # the layout of `reconstruct` with eight images; here half as large


def run(*words):
    result = subprocess.run([*VAE, *map(str, words)], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"vae {' '.join(map(str, words))} failed:\n{result.stderr[-2000:]}")
    return result.stdout


def held_out(model, folder):
    """Eight images of the folder that the model was not trained on, evenly spread."""
    with open(model, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    trained = set(json.loads(header["__metadata__"]["assets"]))
    rest = [name for name in sorted(os.listdir(folder)) if name.endswith(".png") and name not in trained]
    return [os.path.join(folder, rest[(2 * i + 1) * len(rest) // (2 * SHOWN)]) for i in range(SHOWN)]


def cells(sheet, size):
    """Originals and reconstructions of a sheet: pairs of rows, four images wide."""
    side = size * SHEET_SCALE
    rows = [[], []]
    for row in range(4):
        top = GAP + row * side + row // 2 * 3 * GAP + (row - row // 2)
        for column in range(COLUMNS):
            left = GAP + column * (side + GAP)
            rows[row % 2].append(sheet.crop((left, top, left + side, top + side)).resize((size * SCALE,) * 2, Image.NEAREST))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="PNG files of one size")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    print("| likelihood | PSNR, dB | SSIM | KL, nats | ELBO, nats | active units |\n|---|---|---|---|---|---|", flush=True)
    rows = []
    for variant, options in VARIANTS.items():
        stem, started = os.path.join(arguments.out, variant.lower().replace(",", "").replace(" ", "-")), time.time()
        model = stem + ".safetensors"
        if not os.path.exists(model):
            run("train", arguments.folder, "--size", arguments.size, "--out", model, "--steps", arguments.steps, "--prior-steps", 1,
                "--seed", arguments.seed, *options.split())
        seconds = time.time() - started
        text = run("evaluate", model, arguments.folder, "--split", "heldout", "--json")
        with open(stem + ".json", "w") as file:
            file.write(text)
        report = json.loads(text)
        elbo = report["elbo"]
        print(f"| {variant} | {elbo['psnr']:.2f} | {report['ssim']['value']:.3f} | {elbo['kl']:.1f} | {elbo['elbo']:.1f} | {elbo['activeUnits']} |",
              flush=True)
        print(f"{variant}: {seconds:.0f} s", file=sys.stderr, flush=True)
        run("reconstruct", model, *held_out(model, arguments.folder), "--out", stem + ".png")
        originals, reconstructions = cells(Image.open(stem + ".png").convert("RGB"), arguments.size)
        rows = rows or [("originals", originals)]
        rows.append((variant, reconstructions))

    side, names = arguments.size * SCALE, 190
    picture = Image.new("RGB", (names + SHOWN * (side + GAP), GAP + len(rows) * (side + GAP)), "#16171b")
    draw, font = ImageDraw.Draw(picture), ImageFont.truetype("DejaVuSans.ttf", 14)
    for r, (name, images) in enumerate(rows):
        top = GAP + r * (side + GAP)
        draw.text((10, top + side // 2 - 9), name, "#e8e8e8", font)
        for c, image in enumerate(images):
            picture.paste(image, (names + c * (side + GAP), top))
    picture.save(os.path.join(arguments.out, "likelihoods.png"), optimize=True)


main()
