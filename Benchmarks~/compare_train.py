#!/usr/bin/python3
"""Measures our training step (or decoding) against PyTorch's, in turn, in one run, on the same machine.

Each round starts ours, then PyTorch's (torch_train_step.py beside this file), so that a machine that slows down slows both. Ours is
`./vae bench`, which ./vae --help builds:

    Benchmarks~/compare_train.py --limit 1.5
    Benchmarks~/compare_train.py --batch 256
    Benchmarks~/compare_train.py --network mlp
    Benchmarks~/compare_train.py --decode --batch 256
    Benchmarks~/compare_train.py --device cuda     # PyTorch eager and compiled, in float32, TF32, bf16 and fp16; ours on the same GPU

The networks are `conv` (4x32x32 images, convolutions 4-32-64-128, Z = 64, Laplace) and `mlp` (28x28 greys, 784-400-20, tanh, Bernoulli).
Each step, and each batch that is decoded, is waited for by itself, on both sides. Decoding is measured up to float32 values at PyTorch's, and at
ours up to pixels in the host's memory, or with --device cuda, where PyTorch's values stay on the GPU too, in layers of an image.

Prints a line a round, then the medians, the spread and the ratio ours / PyTorch; with --limit, exits 1 above it; with --plot, a chart of the
rounds is written.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys

import chart
from torch_train_step import HIDDEN, NETWORKS

HERE = os.path.dirname(os.path.abspath(__file__))
TORCH_SCRIPT = os.path.join(HERE, "torch_train_step.py")
TOOL = "dotnet " + shlex.quote(os.path.join(os.path.dirname(HERE), "Artifacts~/bin/VaeProcgen.Editor/release/VaeProcgen.Editor.dll"))
OURS = {"conv": [], "mlp": ["--preset", "mlp", "--hidden", str(HIDDEN), "--grey", "--likelihood", "bernoulli"]}
CUDA_MODES = {"eager": [], "graphs": ["--compile"]}
CUDA_NUMBERS = {"fp32": [], "tf32": ["--tf32"], "bf16": ["--amp", "bf16", "--tf32"], "fp16": ["--amp", "fp16", "--tf32"]}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", help="the command that measures ours and prints JSON (default: bench of the release build, with what the "
                                       "other options say)")
    parser.add_argument("--network", choices=sorted(NETWORKS), default="conv", help="which network (default conv)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side runs (default 5)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each side runs in a round (default 5)")
    parser.add_argument("--batch", type=int, help="images a step; in --ours give the same (default 64; of the mlp 128)")
    parser.add_argument("--threads", type=int, default=2, help="threads of both sides, lavapipe's too (default 2)")
    parser.add_argument("--decode", action="store_true", help="compare decoding instead of training")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="PyTorch's (default cpu)")
    parser.add_argument("--channels-last", action="store_true", help="PyTorch's tensors as NHWC instead of NCHW")
    parser.add_argument("--plot", help="an SVG file for a chart of each round's medians")
    parser.add_argument("--limit", type=float, help="exit 1 when the ratio of the medians, to PyTorch's fastest, is above this")
    arguments = parser.parse_args()
    if arguments.plot and arguments.rounds < 2:
        parser.error(f"--plot needs 2 rounds or more; found {arguments.rounds}")
    return arguments


def our_command(arguments):
    if arguments.ours:
        return shlex.split(arguments.ours)
    (_, _, side), latent_size, _ = NETWORKS[arguments.network]
    return [*shlex.split(TOOL), "bench", "decode" if arguments.decode else "train", "--json", "--seconds", str(arguments.seconds),
            "--batch", str(arguments.batch), "--size", str(side), "--latent", str(latent_size), *OURS[arguments.network]]


def torch_commands(arguments):
    """PyTorch's sides, by name."""
    command = [TORCH_SCRIPT, "--network", arguments.network, "--batch", str(arguments.batch), "--seconds", str(arguments.seconds),
               "--threads", str(arguments.threads), "--device", arguments.device,
               *(["--decode"] if arguments.decode else []), *(["--channels-last"] if arguments.channels_last else [])]
    if arguments.device == "cpu":
        return {"PyTorch": command}
    return {f"{mode} {numbers}": [*command, *mode_options, *number_options]
            for mode, mode_options in CUDA_MODES.items() for numbers, number_options in CUDA_NUMBERS.items()}


def require(command):
    """Ends with what PyTorch's side lacks, before anything is measured; the last of its sides needs the most."""
    finished = subprocess.run([*command, "--steps", "1"], capture_output=True, text=True)
    if finished.returncode != 0:
        sys.exit(finished.stderr.strip())


def first_json_object(text):
    """The first JSON object that begins a line of `text`, or None."""
    for position, character in enumerate(text):
        if character == "{" and text[:position].rpartition("\n")[2].strip() == "":
            try:
                return json.JSONDecoder().raw_decode(text, position)[0]
            except json.JSONDecodeError:
                continue
    return None


def run(name, command, environment, readback=True):
    """Runs one side and returns its figures; stops the comparison when it fails."""
    finished = subprocess.run(command, env=environment, capture_output=True, text=True)
    figures = first_json_object(finished.stdout)
    if figures is not None and name == "ours":
        entries = [*figures.get("train", []), *figures.get("decode", [])]
        figures |= next((entry for entry in entries if entry.get("readback", readback) == readback), {})
    if finished.returncode != 0 or figures is None or not {"median_ms", "min_ms"} <= figures.keys():
        sys.exit(f"{name}: expected exit status 0 and a JSON object with median_ms and min_ms, found exit status "
                 f"{finished.returncode}.\ncommand: {shlex.join(command)}\n{finished.stdout}{finished.stderr}")
    return figures


def summary(name, rounds):
    medians = [figures["median_ms"] for figures in rounds]
    print(f"{name:>12}   {statistics.median(medians):9.2f} {min(medians):9.2f} {max(medians):9.2f} "
          f"{min(figures['min_ms'] for figures in rounds):9.2f}")
    return statistics.median(medians), min(figures["min_ms"] for figures in rounds)


def ratios(ours, rounds):
    return sorted(a["median_ms"] / b["median_ms"] for a, b in zip(ours, rounds))


def main():
    arguments = parse_arguments()
    arguments.batch = arguments.batch or NETWORKS[arguments.network][2]
    environment = dict(os.environ, LP_NUM_THREADS=str(arguments.threads), OMP_WAIT_POLICY="passive")
    theirs = torch_commands(arguments)
    if arguments.device == "cuda":
        require(list(theirs.values())[-1])
    ours, sides = [], {name: [] for name in theirs}
    title = f"{'decoding' if arguments.decode else 'training'}, {arguments.network} network, batch {arguments.batch}"
    print(title)
    print(f"round   ours: median       min   {'PyTorch':>12}: median       min   ratio  (ms)")
    for index in range(arguments.rounds):
        ours.append(run("ours", our_command(arguments), environment, readback=arguments.device == "cpu"))
        for name, command in theirs.items():
            sides[name].append(run(name, command, environment))
            print(f"{index + 1:5}   {ours[-1]['median_ms']:12.2f} {ours[-1]['min_ms']:9.2f}   {name:>12}: {sides[name][-1]['median_ms']:6.2f} "
                  f"{sides[name][-1]['min_ms']:9.2f}   {ours[-1]['median_ms'] / sides[name][-1]['median_ms']:5.2f}", flush=True)

    print("\n       (ms)       median    lowest   highest      best   (median, lowest and highest of the rounds' medians; best step)")
    ours_median, ours_best = summary("ours", ours)
    medians = {name: summary(name, rounds) for name, rounds in sides.items()}
    some = next(iter(sides.values()))[0]
    print(f"\nours on {ours[0].get('device')}, {ours[0].get('path')} path; PyTorch {some['torch']} on {some['device']}, "
          + (f"CUDA {some['cuda']}, cuDNN {some['cudnn']}" if arguments.device == "cuda" else f"{some['threads']} threads, {', '.join(some['blas'])}")
          + f", {'channels last (NHWC)' if some['channels_last'] else 'channels first (NCHW)'}")
    for name, (median, best) in medians.items():
        by_round = ratios(ours, sides[name])
        print(f"ratio ours / {name}: {ours_median / median:.2f} by median, {ours_best / best:.2f} by best step, "
              f"{by_round[0]:.2f} to {by_round[-1]:.2f} round by round")
    if arguments.plot:
        lines = [(name, [(i + 1, figures["median_ms"]) for i, figures in enumerate(rounds)], False) for name, rounds in {"ours": ours, **sides}.items()]
        chart.save(arguments.plot, chart.line_chart(title.capitalize(), "round", "ms", lines, marks=True))
    ratio = ours_median / min(median for median, _ in medians.values())
    if arguments.limit is not None and ratio > arguments.limit:
        sys.exit(f"the ratio {ratio:.2f} is above the limit of {arguments.limit:g}")


if __name__ == "__main__":
    main()
