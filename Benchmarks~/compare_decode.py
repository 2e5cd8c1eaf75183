#!/usr/bin/python3
"""Decodes with a trained model's weights here and in onnxruntime-node on the CPU: the same values, and how fast each is.

    ./vae train procedural:256 --size 32 --latent 64 --steps 150 --out Artifacts~/decode.safetensors   # or any other of preset fast
    Benchmarks~/compare_decode.py Artifacts~/decode.safetensors

Needs node, npm, python3-torch and python3-numpy; npm brings onnxruntime-node into Artifacts~/onnx at the first run.

The decoder is exported to ONNX, its weights read from the model file. First the values of 64 images are compared: ours and
onnxruntime's must agree within 1e-4, and the finished pixels must be those values, rounded. Then, in each round, ours and
onnxruntime (with its own choice of threads, then with --threads) are timed in turn, so that a machine that slows down slows all.
Ours is the whole way from latents to RGBA8 pixels in memory (un-premultiplied), onnxruntime's from latents to float32 values;
"to image" is ours into an image on the device. Prints medians of the rounds, their spread, and ratios; with --plot, writes a chart of them;
with --limit, exits 1 where ours has less than 0.6 of onnxruntime's images a second at the largest batch or more than 5 times its latency at batch 1.
"""
import argparse
import json
import os
import shlex
import statistics
import struct
import subprocess
import sys

import numpy
import torch
from torch import nn

import chart

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
TOOL = "dotnet " + shlex.quote(os.path.join(ROOT, "Artifacts~/bin/VaeProcgen.Editor/release/VaeProcgen.Editor.dll"))
NODE_SCRIPT = os.path.join(HERE, "onnx_decode.mjs")
LARGEST_DIFFERENCE = 1e-4
# Colour is stored un-premultiplied: rounding it and alpha by half a step each moves their product by up to one.
LARGEST_PIXEL_DIFFERENCE = 1.01
LEAST_THROUGHPUT, MOST_LATENCY = 0.6, 5.0
DATA_TYPES = {"F32": "<f4", "F16": "<f2", "U8": "u1"}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a model file of a convolutional network")
    parser.add_argument("--ours", default=TOOL, help="the command line tool (default: the release build)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side runs (default 5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each batch is timed in a round (default 2)")
    parser.add_argument("--threads", type=int, default=2, help="threads of onnxruntime's second run (default 2)")
    parser.add_argument("--work", default=os.path.join(ROOT, "Artifacts~/onnx"), help="for packages and files (default Artifacts~/onnx)")
    parser.add_argument("--plot", help="an SVG file for a chart of images a second by batch")
    parser.add_argument("--limit", action="store_true", help="exit 1 where ours is too slow")
    return parser.parse_args()


def read_safetensors(path):
    """Metadata and tensors, by name, of a safetensors file."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] in DATA_TYPES:
            begin, end = entry["data_offsets"]
            values = numpy.frombuffer(data[begin:end], DATA_TYPES[entry["dtype"]]).reshape(entry["shape"])
            tensors[name] = values.copy() if entry["dtype"] == "U8" else values.astype("<f4")
    return metadata, tensors


class ToImage(nn.Module):
    """Rows to images: torch.nn.Unflatten, which can't be exported."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, rows):
        return rows.reshape(-1, *self.shape)


def build_decoder(architecture, weights):
    """The decoder of a convolutional model in PyTorch: latents [N, Z] to images [N, C, H, W]."""
    channels, padding = architecture["Channels"], architecture["Padding"]
    if architecture["Network"] != "Conv" or padding != "Zero" or architecture.get("LatentSide", 0) or architecture.get("Labels"):
        sys.exit("Expected a model of the preset fast or wide: not tileable, not conditional, with flat latents.")
    side = (architecture["Height"] >> len(channels), architecture["Width"] >> len(channels))
    # Ours has the last layer's features in the order [H, W, C]; PyTorch has [C, H, W].
    inner = (channels[-1], *side)
    linear = nn.Linear(architecture["LatentSize"], channels[-1] * side[0] * side[1])
    weight = weights["decoder.input.weight"].reshape(-1, *side, channels[-1]).transpose(0, 3, 1, 2).reshape(linear.in_features, -1)
    bias = weights["decoder.input.bias"].reshape(*side, channels[-1]).transpose(2, 0, 1).reshape(-1)
    load(linear, weight.T, bias)
    layers = [linear, nn.LeakyReLU(0.2), ToImage(inner)]
    for level in reversed(range(len(channels))):
        # [R, S, K, C], K out and C in, to [C, K, R, S]
        weight = weights[f"decoder.deconv{level}.weight"].transpose(3, 2, 0, 1)
        layer = nn.ConvTranspose2d(weight.shape[0], weight.shape[1], kernel_size=4, stride=2, padding=1)
        load(layer, weight, weights[f"decoder.deconv{level}.bias"])
        layers += [layer] if level == 0 else [layer, nn.LeakyReLU(0.2)]
    if architecture["Likelihood"].get("Link") == "Sigmoid":
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers).eval()


def load(layer, weight, bias):
    layer.weight.data = torch.from_numpy(numpy.ascontiguousarray(weight))
    layer.bias.data = torch.from_numpy(numpy.ascontiguousarray(bias))


def export(decoder, latent_size, path):
    with torch.no_grad():
        torch.onnx.export(decoder, torch.zeros(2, latent_size), path, opset_version=13, input_names=["latents"], output_names=["images"],
                          dynamic_axes={"latents": {0: "batch"}, "images": {0: "batch"}})


def run(command, what):
    """What a command prints; stops when it fails."""
    finished = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, ONNXRUNTIME_NODE_INSTALL_CUDA="skip"))
    if finished.returncode != 0:
        sys.exit(f"{what}: expected exit status 0, found {finished.returncode}.\ncommand: {shlex.join(command)}\n"
                 f"{finished.stdout}{finished.stderr}")
    return finished.stdout


def install(work):
    """The CPU library lies in the package itself; its install script would only fetch the one for CUDA."""
    os.makedirs(work, exist_ok=True)
    if not os.path.exists(os.path.join(work, "node_modules/onnxruntime-node")):
        with open(os.path.join(work, "package.json"), "w") as file:
            file.write('{ "private": true }\n')
        run(["npm", "install", "--prefix", work, "--ignore-scripts", "--no-audit", "--no-fund", "onnxruntime-node"], "npm")


def check(arguments, onnx, latent_size, shape):
    """Stops unless ours and onnxruntime's values agree, and our pixels are those values."""
    dump, latents, images = (os.path.join(arguments.work, name) for name in ("dump.safetensors", "latents.f32", "images.f32"))
    run([*shlex.split(arguments.ours), "bench", "decode", "--model", arguments.model, "--batch", "1", "--seconds", "0.01",
         "--dump", dump], "ours")
    _, tensors = read_safetensors(dump)
    tensors["latents"].tofile(latents)
    run(["node", NODE_SCRIPT, arguments.work, onnx, "--values", latents, str(latent_size), images], "onnxruntime-node")
    theirs = numpy.fromfile(images, "<f4").reshape(-1, *shape).transpose(0, 2, 3, 1)
    difference = numpy.abs(theirs - tensors["values"]).max()
    print(f"{len(theirs)} images: the largest difference of a value is {difference:.2g}; "
          f"values from {theirs.min():.3f} to {theirs.max():.3f}")
    if not difference < LARGEST_DIFFERENCE:
        sys.exit(f"expected less than {LARGEST_DIFFERENCE:g}")
    if shape[0] == 4:
        pixels = tensors["pixels"].astype(numpy.float64)
        pixels[..., :3] *= pixels[..., 3:] / 255
        expected = 255 * numpy.clip(theirs, 0, 1)
        # Colour above alpha can't be stored.
        expected[..., :3] = numpy.minimum(expected[..., :3], expected[..., 3:])
        off = numpy.abs(pixels - expected).max()
        print(f"finished pixels, premultiplied again, are within {off:.2f} of 255 of onnxruntime's values")
        if not off <= LARGEST_PIXEL_DIFFERENCE:
            sys.exit(f"expected at most {LARGEST_PIXEL_DIFFERENCE:g}")


def measure(arguments, onnx, latent_size):
    """Figures by side and batch, a list with one entry a round; and what onnxruntime and our device are called."""
    theirs = ["node", NODE_SCRIPT, arguments.work, onnx, "--time", str(latent_size), str(arguments.seconds)]
    sides, names = {}, {}
    for index in range(arguments.rounds):
        ours = json.loads(run([*shlex.split(arguments.ours), "bench", "decode", "--json", "--model", arguments.model,
                               "--seconds", str(arguments.seconds)], "ours"))
        for entry in ours["decode"]:
            side = "ours" if entry["readback"] else "to image"
            sides.setdefault((side, entry["batch"]), []).append(entry)
        batches = sorted({entry["batch"] for entry in ours["decode"]})
        for side, threads in (("onnx", 0), (f"onnx, {arguments.threads} threads", arguments.threads)):
            other = json.loads(run([*theirs, str(threads), *map(str, batches)], "onnxruntime-node"))
            for entry in other["decode"]:
                sides.setdefault((side, entry["batch"]), []).append(entry)
        names = {"device": ours["device"], "path": ours["path"], "onnxruntime": other["version"], "node": other["node"]}
        print(f"round {index + 1} of {arguments.rounds}; load {os.getloadavg()[0]:.1f}", flush=True)
    return sides, names


def median(entries, key):
    return statistics.median(entry[key] for entry in entries)


def main():
    arguments = parse_arguments()
    metadata, tensors = read_safetensors(arguments.model)
    architecture = json.loads(metadata["architecture"])
    weights = {name[len("weight."):]: value for name, value in tensors.items() if name.startswith("weight.")}
    install(arguments.work)
    onnx = os.path.join(arguments.work, "decoder.onnx")
    decoder = build_decoder(architecture, weights)
    export(decoder, architecture["LatentSize"], onnx)
    shape = (weights["decoder.deconv0.bias"].shape[0], architecture["Height"], architecture["Width"])
    check(arguments, onnx, architecture["LatentSize"], shape)

    sides, names = measure(arguments, onnx, architecture["LatentSize"])
    batches = sorted({batch for _, batch in sides})
    print(f"\nours on {names['device']}, {names['path']} path; onnxruntime-node {names['onnxruntime']} on {names['node']}; "
          f"{os.cpu_count()} processors; medians of {arguments.rounds} rounds of {arguments.seconds:g} s")
    print(f"{'side':16} batch  images/s  lowest  highest   median ms   p90 ms   min ms")
    for (side, batch), entries in sorted(sides.items(), key=lambda item: item[0][1]):
        rates = [entry["images_per_second"] for entry in entries]
        print(f"{side:16} {batch:5} {statistics.median(rates):9.0f} {min(rates):7.0f} {max(rates):8.0f} "
              f"{median(entries, 'median_ms'):11.2f} "
              f"{median(entries, 'p90_ms'):8.2f} {min(entry['min_ms'] for entry in entries):8.2f}")

    if arguments.plot:
        lines = [(name, [(batch, median(sides[name, batch], "images_per_second")) for batch in batches], False) for name in ("ours", "to image", "onnx")]
        chart.save(arguments.plot, chart.line_chart("Decoding", "batch", "images/s", lines, logarithmic=True, marks=True, logarithmic_up=True))
    print("\nratios ours / onnx, round by round: median (lowest to highest)")
    failed = False
    for batch in batches:
        for other in ("onnx", f"onnx, {arguments.threads} threads"):
            pairs = list(zip(sides["ours", batch], sides[other, batch]))
            rate = sorted(a["images_per_second"] / b["images_per_second"] for a, b in pairs)
            latency = sorted(a["median_ms"] / b["median_ms"] for a, b in pairs)
            print(f"batch {batch:4}, {other:16} throughput {statistics.median(rate):5.2f} ({rate[0]:.2f} to {rate[-1]:.2f})   "
                  f"latency {statistics.median(latency):5.2f} ({latency[0]:.2f} to {latency[-1]:.2f})")
            slow = batch == max(batches) and statistics.median(rate) < LEAST_THROUGHPUT
            failed |= slow or (batch == 1 and statistics.median(latency) > MOST_LATENCY)
    if arguments.limit and failed:
        sys.exit(f"expected at least {LEAST_THROUGHPUT:g} of the throughput at the largest batch, "
                 f"and at most {MOST_LATENCY:g} times the latency at batch 1")


if __name__ == "__main__":
    main()
