#!/usr/bin/python3
"""Times a reference network in PyTorch: one training step, or (--decode) the decoder alone.

--network conv (4x32x32 images): conv 4-32-64-128, each k4 s2 p1, ReLU; FC 2048 -> 2*64; FC 64 -> 2048, ReLU; transposed conv
128-64-32-4, each k4 s2 p1; sigmoid. Laplace negative log-likelihood with optimal scale.
--network mlp (28x28 greys): 784-400-2*20, 20-400-784, tanh, as in Kingma and Welling (arXiv:1312.6114). Bernoulli likelihood.

The step: forward, likelihood summed over pixels, KL, backward, Adam. The batch lies ready in memory: fetching and augmenting images
is not timed. Each step is waited for by itself, as ours is.

On the CPU (Debian: apt-get install python3-torch libopenblas0-pthread) or, with --device cuda, on a GPU, where --compile (torch.compile with
CUDA graphs), --tf32, --amp and --channels-last are chosen one by one. Prints one JSON object on standard output.
"""
import argparse
import contextlib
import json
import os
import re
import statistics
import sys
import time

# Of an image, in channels, height and width; latent numbers; batch.
NETWORKS = {"conv": ((4, 32, 32), 64, 64), "mlp": ((1, 28, 28), 20, 128)}
HIDDEN = 400
BLAS_LIBRARY = re.compile(r"(openblas|blas|atlas|mkl|blis)[^/]*\.so", re.IGNORECASE)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=sorted(NETWORKS), default="conv", help="which network (default conv)")
    parser.add_argument("--batch", type=int, help="images a step (default 64; of the mlp 128)")
    parser.add_argument("--steps", type=int, default=sys.maxsize, help="stop after so many timed steps (default: no limit)")
    parser.add_argument("--seconds", type=float, default=10.0, help="stop after so many seconds (default 10)")
    parser.add_argument("--threads", type=int, default=2, help="threads for PyTorch and its BLAS (default 2)")
    parser.add_argument("--decode", action="store_true", help="time the decoder alone")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="where to run (default cpu)")
    parser.add_argument("--compile", action="store_true", help='torch.compile(mode="reduce-overhead"), which on cuda means CUDA graphs')
    parser.add_argument("--tf32", action="store_true", help="on cuda: products of float32 in TF32")
    parser.add_argument("--amp", choices=["off", "bf16", "fp16"], default="off", help="automatic mixed precision (default off)")
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


def require_device(torch, arguments):
    """Ends with what is missing, where the device or the way to run on it is not there."""
    if arguments.device == "cuda" and not torch.cuda.is_available():
        sys.exit(f"--device cuda: PyTorch {torch.__version__} finds no CUDA device (torch.cuda.is_available() is false). It needs a build of "
                 "PyTorch for CUDA, an NVIDIA driver and a GPU; --device cpu measures on the processor.")
    if arguments.compile and not hasattr(torch, "compile"):
        sys.exit(f"--compile needs PyTorch 2.0 or later; found {torch.__version__}.")
    if arguments.device == "cpu" and (arguments.tf32 or arguments.amp == "fp16"):
        sys.exit("--tf32 and --amp fp16 are for --device cuda.")


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


def build_network(torch, network):
    """Encoder and decoder, the latter to logits, as two torch.nn.Sequential."""
    from torch import nn

    shape, latent_size, _ = NETWORKS[network]
    if network == "mlp":
        values = shape[0] * shape[1] * shape[2]
        encoder = nn.Sequential(nn.Flatten(), nn.Linear(values, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 2 * latent_size))
        decoder = nn.Sequential(nn.Linear(latent_size, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, values), nn.Unflatten(1, shape))
        return encoder, decoder

    def convolution(kind, channels_in, channels_out):
        return kind(channels_in, channels_out, kernel_size=4, stride=2, padding=1)

    encoder = nn.Sequential(
        convolution(nn.Conv2d, shape[0], 32), nn.ReLU(),
        convolution(nn.Conv2d, 32, 64), nn.ReLU(),
        convolution(nn.Conv2d, 64, 128), nn.ReLU(),
        nn.Flatten(), nn.Linear(2048, 2 * latent_size))
    decoder = nn.Sequential(
        nn.Linear(latent_size, 2048), nn.ReLU(), nn.Unflatten(1, (128, 4, 4)),
        convolution(nn.ConvTranspose2d, 128, 64), nn.ReLU(),
        convolution(nn.ConvTranspose2d, 64, 32), nn.ReLU(),
        convolution(nn.ConvTranspose2d, 32, shape[0]))
    return encoder, decoder


def laplace(torch, logits, images):
    """-log p(x|z) with the optimal scale, whose own dependence on the reconstruction cancels in the gradient."""
    error = (images - torch.sigmoid(logits)).abs().sum()
    scale = error.detach() / images.numel() + 1e-3
    return images.numel() * torch.log(2 * scale) + error / scale


def bernoulli(torch, logits, images):
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, images, reduction="sum")


def mixed_precision(torch, arguments):
    """Makes a context for the forward pass."""
    if arguments.amp == "off":
        return contextlib.nullcontext
    kind = torch.bfloat16 if arguments.amp == "bf16" else torch.float16
    return lambda: torch.autocast(arguments.device, dtype=kind)


def make_scaler(torch, arguments):
    """Of the loss, without which gradients in fp16 vanish; idle otherwise."""
    enabled = arguments.amp == "fp16"
    return torch.amp.GradScaler("cuda", enabled=enabled) if hasattr(torch.amp, "GradScaler") else torch.cuda.amp.GradScaler(enabled=enabled)


def compiled(torch, function, arguments):
    return torch.compile(function, mode="reduce-overhead") if arguments.compile else function


def make_training_step(torch, encoder, decoder, images, arguments):
    """A function that does one optimisation step on `images` and returns the loss in nats for each image, on the device."""
    likelihood = bernoulli if arguments.network == "mlp" else laplace
    precision, scaler = mixed_precision(torch, arguments), make_scaler(torch, arguments)
    on_gpu = {"fused": True} if arguments.device == "cuda" else {}
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3, **on_gpu)

    def loss_of(images):
        with precision():
            mean, log_variance = encoder(images).float().chunk(2, dim=1)
            latent = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            logits = decoder(latent)
        divergence = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum()
        return (likelihood(torch, logits.float(), images) + divergence) / images.shape[0]

    forward = compiled(torch, loss_of, arguments)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = forward(images)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        return loss.detach()

    return step


def make_decoding(torch, decoder, latent, arguments):
    precision = mixed_precision(torch, arguments)

    def images_of(latent):
        with precision():
            return torch.sigmoid(decoder(latent))

    forward = compiled(torch, images_of, arguments)

    def decode():
        with torch.inference_mode():
            return forward(latent)

    return decode


def measure(function, steps, seconds, wait, warm_up):
    """Milliseconds of each call and of waiting for it, after a warm-up, until `steps` calls are done or `seconds` have gone by."""
    for _ in range(warm_up):
        function()
    wait()
    times, start = [], time.perf_counter()
    while not times or (len(times) < steps and time.perf_counter() - start < seconds):
        before = time.perf_counter()
        function()
        wait()
        times.append(1e3 * (time.perf_counter() - before))
    return times


def describe(torch, arguments):
    """Where and how it ran."""
    if arguments.device == "cpu":
        return {"device": "cpu", "threads": torch.get_num_threads(), "blas": loaded_blas(torch)}
    return {"device": torch.cuda.get_device_name(), "cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version(),
            "threads": torch.get_num_threads(), "blas": []}


def main():
    arguments = parse_arguments()
    shape, latent_size, usual_batch = NETWORKS[arguments.network]
    batch = arguments.batch or usual_batch
    torch = import_torch(arguments.threads)
    require_device(torch, arguments)
    on_gpu = arguments.device == "cuda"
    where = describe(torch, arguments)
    if not on_gpu:
        print("BLAS:", ", ".join(where["blas"]) or "none found", file=sys.stderr)
        if not is_openblas_pthread(where["blas"]) and not arguments.any_blas:
            sys.exit("PyTorch must run on OpenBLAS-pthread (others are up to 7 times slower here): apt-get install libopenblas0-pthread, "
                     "then update-alternatives --config libblas.so.3-x86_64-linux-gnu; --any-blas measures all the same.")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = arguments.tf32
    torch.backends.cudnn.benchmark = on_gpu

    encoder, decoder = (half.to(arguments.device) for half in build_network(torch, arguments.network))
    images = torch.rand(batch, *shape, device=arguments.device)
    if arguments.channels_last:
        encoder, decoder, images = (x.to(memory_format=torch.channels_last) for x in (encoder, decoder, images))
    function = make_decoding(torch, decoder, torch.randn(batch, latent_size, device=arguments.device), arguments) if arguments.decode \
        else make_training_step(torch, encoder, decoder, images, arguments)
    # Compiling, choosing algorithms and recording graphs take the first calls.
    times = measure(function, arguments.steps, arguments.seconds, torch.cuda.synchronize if on_gpu else lambda: None, 10 if on_gpu else 3)
    median = statistics.median(times)
    print(json.dumps({
        "what": "decode" if arguments.decode else "train",
        "network": arguments.network,
        "batch": batch,
        "steps": len(times),
        "min_ms": round(min(times), 3),
        "median_ms": round(median, 3),
        "p90_ms": round(sorted(times)[int(0.9 * (len(times) - 1))], 3),
        "images_per_second": round(1e3 * batch / median, 1),
        "torch": torch.__version__,
        **where,
        "compile": arguments.compile,
        "tf32": arguments.tf32,
        "amp": arguments.amp,
        "channels_last": arguments.channels_last,
    }))


if __name__ == "__main__":
    main()
