#!/usr/bin/python3
"""How time and memory of training grow: with the batch, the size of images, the number of images, and the size of the model.

    ./vae info     # builds
    Benchmarks~/growth.py --out Documentation~/images

Each point is `./vae bench train --json` in a process of its own, at the reference network where nothing else is said: 32x32 images,
convolutions 4-32-64-128, 64 latent numbers, batch 64, 256 images. What the device has no memory for is refused by the tool beforehand,
and is printed as it says it. Prints a table and writes two charts for each, such as growth-batch-time.svg and growth-batch-memory.svg: time for
each image (a flat line is growth in proportion, a falling one is better) and device memory.
"""
import argparse
import json
import os
import shlex
import subprocess

import chart

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = "dotnet " + os.path.join(ROOT, "Artifacts~/bin/VaeProcgen.Editor/release/VaeProcgen.Editor.dll")
BATCHES = [1, 4, 16, 64, 256, 1024]
SIZES = [16, 32, 64, 128, 256]
IMAGES = [100, 1000, 10000, 100000]
# Channels of the three levels: 0.1 to 50 million parameters with 64 latent numbers.
MODELS = ["8,16,32", "32,64,128", "64,128,256", "128,256,512", "256,512,1024", "384,768,1536"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=TOOL, help="the command line tool (default: the release build)")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each point is timed (default 4)")
    parser.add_argument("--out", default=os.path.join(ROOT, "Artifacts~"), help="where the charts go (default Artifacts~)")
    return parser.parse_args()


def measure(arguments, *options):
    """The figures of one point, or None where the tool refuses it."""
    command = [*shlex.split(arguments.tool), "bench", "train", "--json", "--seconds", str(arguments.seconds), *options]
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode != 0:
        print(f"  {' '.join(options)}: {finished.stderr.strip()}", flush=True)
        return None
    figures = json.loads(finished.stdout)
    step = figures["train"][0]
    result = {"parameters": figures["parameters"], "mib": figures["device_bytes"] / 2**20, "ms": step["median_ms"],
              "ms_an_image": step["median_ms"] / step["batch"]}
    print(f"  {' '.join(options):32} {result['parameters'] / 1e6:7.2f} M parameters {result['ms']:10.1f} ms a step "
          f"{result['ms_an_image']:9.3f} ms an image {result['mib']:8.0f} MiB", flush=True)
    return result


def sweep(arguments, title, name, across, options_of, values, x_of=None):
    print(title)
    points = [(value, measure(arguments, *options_of(value))) for value in values]
    points = [((x_of or (lambda value, _: value))(value, figures), figures) for value, figures in points if figures]
    for what, key, unit in (("time", "ms_an_image", "ms an image"), ("memory", "mib", "MiB on the device")):
        picture = chart.line_chart(title, across, "", [(unit, [(x, figures[key]) for x, figures in points], False)],
                                   logarithmic=True, marks=True, logarithmic_up=True)
        chart.save(os.path.join(arguments.out, f"growth-{name}-{what}.svg"), picture)


def main():
    arguments = parse_arguments()
    os.makedirs(arguments.out, exist_ok=True)
    sweep(arguments, "Batch", "batch", "images a step", lambda n: ["--batch", str(n)], BATCHES)
    sweep(arguments, "Size of images", "size", "pixels a side (batch 8)", lambda n: ["--size", str(n), "--batch", "8"], SIZES)
    sweep(arguments, "Number of images", "images", "images in the set", lambda n: ["--images", str(n)], IMAGES)
    sweep(arguments, "Size of the model", "model", "million parameters", lambda n: ["--hidden", n], MODELS,
          lambda _, figures: round(figures["parameters"] / 1e6, 2))


if __name__ == "__main__":
    main()
