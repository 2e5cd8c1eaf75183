#!/usr/bin/python3
"""Measures our training step (or decoding) against PyTorch's, in turn, in one run, on the same cores.

Each round starts ours, then PyTorch's (torch_train_step.py beside this file), so that a machine that slows down slows both. Ours is
`./vae bench`:

    ./vae --help   # builds
    Benchmarks~/compare_train.py --ours "dotnet Artifacts~/bin/VaeProcgen.Editor/release/VaeProcgen.Editor.dll \\
        bench train --json --seconds 5 --batch 64" --limit 1.5
    Benchmarks~/compare_train.py --decode --batch 256 --ours "... bench decode --json --seconds 5 --batch 256"

Prints a line a round, then the medians, the spread and the ratio ours / PyTorch; with --limit, exits 1 above it.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys

TORCH_SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_train_step.py")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="the command that measures ours and prints JSON")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side runs (default 5)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long PyTorch runs in a round (default 5)")
    parser.add_argument("--batch", type=int, default=64, help="PyTorch's batch; give ours the same in --ours (default 64)")
    parser.add_argument("--threads", type=int, default=2, help="threads of both sides, lavapipe's too (default 2)")
    parser.add_argument("--decode", action="store_true", help="compare decoding instead of training")
    parser.add_argument("--limit", type=float, help="exit 1 when the ratio of the medians is above this")
    return parser.parse_args()


def first_json_object(text):
    """The first JSON object that begins a line of `text`, or None."""
    for position, character in enumerate(text):
        if character == "{" and text[:position].rpartition("\n")[2].strip() == "":
            try:
                return json.JSONDecoder().raw_decode(text, position)[0]
            except json.JSONDecodeError:
                continue
    return None


def run(name, command, environment):
    """Runs one side and returns its figures; stops the comparison when it fails."""
    finished = subprocess.run(command, env=environment, capture_output=True, text=True)
    figures = first_json_object(finished.stdout)
    if figures is not None and name == "ours":
        figures = next(iter([*figures.get("train", []), *figures.get("decode", [])]), {})  # of decoding, the first is the one with readback
    if finished.returncode != 0 or figures is None or not {"median_ms", "min_ms"} <= figures.keys():
        sys.exit(f"{name}: expected exit status 0 and a JSON object with median_ms and min_ms, found exit status "
                 f"{finished.returncode}.\ncommand: {shlex.join(command)}\n{finished.stdout}{finished.stderr}")
    return figures


def summary(name, rounds):
    medians = [figures["median_ms"] for figures in rounds]
    print(f"{name:>8}   {statistics.median(medians):9.2f} {min(medians):9.2f} {max(medians):9.2f} "
          f"{min(figures['min_ms'] for figures in rounds):9.2f}")
    return statistics.median(medians), min(figures["min_ms"] for figures in rounds)


def main():
    arguments = parse_arguments()
    environment = dict(os.environ, LP_NUM_THREADS=str(arguments.threads), OMP_WAIT_POLICY="passive")
    torch_command = [TORCH_SCRIPT, "--batch", str(arguments.batch), "--seconds", str(arguments.seconds),
                     "--threads", str(arguments.threads), *(["--decode"] if arguments.decode else [])]
    ours, torch = [], []
    print("round   ours: median       min   PyTorch: median       min   ratio  (ms)")
    for index in range(arguments.rounds):
        ours.append(run("ours", shlex.split(arguments.ours), environment))
        torch.append(run("PyTorch", torch_command, environment))
        print(f"{index + 1:5}   {ours[-1]['median_ms']:12.2f} {ours[-1]['min_ms']:9.2f}   {torch[-1]['median_ms']:15.2f} "
              f"{torch[-1]['min_ms']:9.2f}   {ours[-1]['median_ms'] / torch[-1]['median_ms']:5.2f}", flush=True)

    print("\n   (ms)       median    lowest   highest      best   (median, lowest and highest of the rounds' medians; best step)")
    ours_median, ours_best = summary("ours", ours)
    torch_median, torch_best = summary("PyTorch", torch)
    ratio = ours_median / torch_median
    print(f"\nPyTorch {torch[0]['torch']}, {torch[0]['threads']} threads, {', '.join(torch[0]['blas'])}")
    print(f"ratio ours / PyTorch: {ratio:.2f} by median, {ours_best / torch_best:.2f} by best step")
    if arguments.limit is not None and ratio > arguments.limit:
        sys.exit(f"the ratio {ratio:.2f} is above the limit of {arguments.limit:g}")


if __name__ == "__main__":
    main()
