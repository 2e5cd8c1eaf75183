#!/usr/bin/python3
"""Times the reference network in PyTorch on the CPU: one training step, or (--decode) the decoder alone.

The network (4x32x32 images): conv 4-32-64-128, each k4 s2 p1, ReLU; FC 2048 -> 2*64; FC 64 -> 2048, ReLU; transposed conv
128-64-32-4, each k4 s2 p1; sigmoid. The step: forward, Laplace negative log-likelihood with optimal scale (summed over pixels),
KL, backward, Adam; float32. The batch lies ready in memory: fetching and augmenting images is not timed.

Debian: apt-get install python3-torch libopenblas0-pthread. Prints one JSON object on standard output.
"""
import argparse
import json
import os
import re
import statistics
import sys
import time

IMAGE_SIZE, CHANNELS, LATENT_SIZE = 32, 4, 64
BLAS_LIBRARY = re.compile(r"(openblas|blas|atlas|mkl|blis)[^/]*\.so", re.IGNORECASE)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--batch", type=int, default=64, help="images a step (default 64)")
    parser.add_argument("--steps", type=int, default=sys.maxsize, help="stop after so many timed steps (default: no limit)")
    parser.add_argument("--seconds", type=float, default=10.0, help="stop after so many seconds (default 10)")
    parser.add_argument("--threads", type=int, default=2, help="threads for PyTorch and its BLAS (default 2)")
    parser.add_argument("--decode", action="store_true", help="time the decoder alone")
    parser.add_argument("--channels-last", action="store_true", help="NHWC tensors instead of PyTorch's default NCHW")
    parser.add_argument("--any-blas", action="store_true", help="go on when the BLAS is not OpenBLAS-pthread")
    return parser.parse_args()


def import_torch(threads):
    """Imports PyTorch with its thread pools set up; they read the environment once, when they are loaded."""
    os.environ["OMP_WAIT_POLICY"] = "passive"  # two pools (OpenMP, OpenBLAS) that spin take the cores from each other
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    return torch


def loaded_blas(torch):
    """The libraries that do this process's matrix products: its libblas.so, or the BLAS libraries themselves without one.

    That an OpenBLAS is mapped does not say that it is used: on Debian LAPACK maps it too, beside a slow libblas.so."""
    torch.mm(torch.ones(64, 64), torch.ones(64, 64))
    with open("/proc/self/maps") as maps:
        libraries = {os.path.realpath(line.split()[-1]) for line in maps if "/" in line}
    blas = sorted(path for path in libraries if BLAS_LIBRARY.search(os.path.basename(path)))
    return [path for path in blas if os.path.basename(path).startswith("libblas.so")] or blas


def is_openblas_pthread(blas):
    return bool(blas) and all("openblas-pthread" in path or "openblasp" in path for path in blas)


def build_network(torch):
    """Encoder and decoder of the reference network, as two torch.nn.Sequential."""
    from torch import nn

    def convolution(kind, channels_in, channels_out):
        return kind(channels_in, channels_out, kernel_size=4, stride=2, padding=1)

    encoder = nn.Sequential(
        convolution(nn.Conv2d, CHANNELS, 32), nn.ReLU(),
        convolution(nn.Conv2d, 32, 64), nn.ReLU(),
        convolution(nn.Conv2d, 64, 128), nn.ReLU(),
        nn.Flatten(), nn.Linear(2048, 2 * LATENT_SIZE))
    decoder = nn.Sequential(
        nn.Linear(LATENT_SIZE, 2048), nn.ReLU(), nn.Unflatten(1, (128, 4, 4)),
        convolution(nn.ConvTranspose2d, 128, 64), nn.ReLU(),
        convolution(nn.ConvTranspose2d, 64, 32), nn.ReLU(),
        convolution(nn.ConvTranspose2d, 32, CHANNELS), nn.Sigmoid())
    return encoder, decoder


def make_training_step(torch, encoder, decoder, images):
    """A function that does one optimisation step on `images` and returns the loss in nats for each image."""
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
    batch, values = images.shape[0], images[0].numel()

    def step():
        optimizer.zero_grad(set_to_none=True)
        mean, log_variance = encoder(images).chunk(2, dim=1)
        latent = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        error = (images - decoder(latent)).abs().sum()
        scale = error.detach() / (batch * values) + 1e-3
        reconstruction = batch * values * torch.log(2 * scale) + error / scale
        divergence = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum()
        loss = (reconstruction + divergence) / batch
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def make_decoding(torch, decoder, batch):
    latent = torch.randn(batch, LATENT_SIZE)

    def decode():
        with torch.inference_mode():
            return decoder(latent)

    return decode


def measure(function, steps, seconds):
    """Milliseconds of each call, after a warm-up, until `steps` calls are done or `seconds` have gone by."""
    for _ in range(3):
        function()
    times, start = [], time.perf_counter()
    while not times or (len(times) < steps and time.perf_counter() - start < seconds):
        before = time.perf_counter()
        function()
        times.append(1e3 * (time.perf_counter() - before))
    return times


def main():
    arguments = parse_arguments()
    torch = import_torch(arguments.threads)
    blas = loaded_blas(torch)
    print("BLAS:", ", ".join(blas) or "none found", file=sys.stderr)
    if not is_openblas_pthread(blas) and not arguments.any_blas:
        sys.exit("PyTorch must run on OpenBLAS-pthread (others are up to 7 times slower here): apt-get install libopenblas0-pthread, "
                 "then update-alternatives --config libblas.so.3-x86_64-linux-gnu; --any-blas measures all the same.")

    encoder, decoder = build_network(torch)
    images = torch.rand(arguments.batch, CHANNELS, IMAGE_SIZE, IMAGE_SIZE)
    if arguments.channels_last:
        encoder, decoder, images = (x.to(memory_format=torch.channels_last) for x in (encoder, decoder, images))
    function = make_decoding(torch, decoder, arguments.batch) if arguments.decode \
        else make_training_step(torch, encoder, decoder, images)
    times = measure(function, arguments.steps, arguments.seconds)
    median = statistics.median(times)
    print(json.dumps({
        "what": "decode" if arguments.decode else "train",
        "batch": arguments.batch,
        "steps": len(times),
        "min_ms": round(min(times), 3),
        "median_ms": round(median, 3),
        "p90_ms": round(sorted(times)[int(0.9 * (len(times) - 1))], 3),
        "images_per_second": round(1e3 * arguments.batch / median, 1),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "blas": blas,
    }))


if __name__ == "__main__":
    main()
