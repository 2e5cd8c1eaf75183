#!/usr/bin/python3
"""Trains the 1-layer network of the IWAE paper (Burda et al. 2015, arXiv:1509.00519) on MNIST, here and in PyTorch, and compares.

    apt-get install python3-torch python3-numpy
    Benchmarks~/fetch_mnist.sh
    Benchmarks~/compare_mnist_iwae.py                               # two stages: 4 of the paper's 3280 epochs
    Benchmarks~/compare_mnist_iwae.py --stages 8 --iwae 5000 --images 10000 --runs vae iwae      # the whole schedule, on a GPU

Both sides: two tanh layers of 200 each way, Glorot's initialisation, batches of 20, Adam, stage i of 3^(i-1) epochs at
1e-4 * round(10^(1 - (i-1)/7), 1), each image binarized anew whenever it is shown. Orders, binarizations, initial weights and noise are
drawn independently. The latent has 52 numbers where the paper has 50: here they come in fours. The paper's epsilon of Adam, 1e-4, goes
with gradients that its authors' code sums over the batch; here they are means, so that it is 1e-4 / 20.

Then the IWAE bound on log p(x), from --iwae samples of each of --images images, evenly spread over the official test set, binarized once
by a seed and alike for both. After so short a training the bound hangs on the seed, by half a nat or so on either side: what must not
exceed --limit nats is the difference of the means over the seeds. PyTorch also scores the weights that were trained here, with the same
images and noise of its own: that must agree with `./vae evaluate` within 4 standard errors, for each seed.

With --reuse, models and figures that the work folder holds are not made again.
"""
import argparse
import json
import math
import os
import shlex
import struct
import subprocess
import sys
import time

import numpy
import torch
import torch.nn.functional as F

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VALUES, HIDDEN, BATCH, LOG_VARIANCE_LIMIT = 784, 200, 20, 12.0
BINARIZATION_STREAM = 0x410
RUNS = {
    "vae": ("VAE", 1, ["--objective", "elbo"]),
    "iwae": ("IWAE-5", 5, ["--objective", "iwae", "--samples", "5"]),
    "dreg": ("DReG-5", 5, ["--objective", "iwae", "--samples", "5", "--estimator", "doubly-reparameterized"]),
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", nargs="+", choices=RUNS, default=["vae", "iwae"], help="what to train (default vae iwae)")
    parser.add_argument("--stages", type=int, default=2, help="of the paper's 8 stages, 1 + 3 + 9 + ... epochs (default 2: 4 epochs)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3], help="one training each (default 0 1 2 3)")
    parser.add_argument("--latent", type=int, default=52, help="Z, a multiple of 4 (default 52)")
    parser.add_argument("--epsilon", type=float, default=5e-6, help="of Adam (default 5e-6)")
    parser.add_argument("--iwae", type=int, default=500, help="samples of each image in the bound (default 500)")
    parser.add_argument("--images", type=int, default=1000, help="test images to score (default 1000)")
    parser.add_argument("--limit", type=float, default=0.5, help="largest difference of the means that passes, in nats (default 0.5)")
    parser.add_argument("--mnist", default=os.path.join(ROOT, "Artifacts~", "mnist"), help="where fetch_mnist.sh put MNIST")
    parser.add_argument("--work", default=os.path.join(ROOT, "Artifacts~", "mnist-iwae"), help="where models and figures go")
    parser.add_argument("--tool", default=os.path.join(ROOT, "vae"), help="the command that runs ours (default ./vae)")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch on a CPU (default 1: the layers are small)")
    parser.add_argument("--reuse", action="store_true", help="keep what the work folder holds")
    return parser.parse_args()


def read_idx(path):
    """Grey images of an IDX file, [N, 784], in [0, 1]."""
    with open(path, "rb") as file:
        magic, count, height, width = struct.unpack(">4I", file.read(16))
        if magic != 0x803 or height * width != VALUES:
            sys.exit(f"{path}: expected IDX images of {VALUES} pixels; found the magic number {magic:#x}, {width}x{height}")
        pixels = numpy.frombuffer(file.read(), numpy.uint8).reshape(count, VALUES)
    return pixels.astype(numpy.float32) / numpy.float32(255)


def philox(key, c0, c1, c2, c3):
    """Philox4x32-10 (Salmon et al. 2011) of arrays of counters: four arrays of words."""
    mask = numpy.uint64(0xFFFFFFFF)
    c = [numpy.broadcast_to(numpy.asarray(x, numpy.uint64), numpy.broadcast(c0, c1).shape) for x in (c0, c1, c2, c3)]
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    for _ in range(10):
        p0, p1 = numpy.uint64(0xD2511F53) * c[0], numpy.uint64(0xCD9E8D57) * c[2]
        high = numpy.uint64(32)
        c = [(p1 >> high) ^ c[1] ^ numpy.uint64(k0), p1 & mask, (p0 >> high) ^ c[3] ^ numpy.uint64(k1), p0 & mask]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c


def binarize_as_evaluated(images, seed):
    """The zeros and ones that `./vae evaluate --seed SEED` makes of a set, bit by bit."""
    words = philox(seed, numpy.arange(VALUES // 4)[None, :], numpy.arange(len(images))[:, None], BINARIZATION_STREAM, 0)
    words = numpy.stack(words, -1).reshape(len(images), VALUES)
    uniform = ((words >> numpy.uint64(8)).astype(numpy.float32) + numpy.float32(0.5)) * numpy.float32(2.0 ** -24)
    return (uniform <= images).astype(numpy.float32)


def epochs_of(stages):
    return (3 ** stages - 1) // 2


def rate_at(step, total, stages):
    stage = 1
    while stage < stages and step * epochs_of(stages) >= total * epochs_of(stage):
        stage += 1
    return 1e-4 * round(10 ** (1 - (stage - 1) / 7), 1)


LAYERS = ("encoder.linear0", "encoder.linear1", "encoder.head", "decoder.linear1", "decoder.linear0", "decoder.logits")


def initial_weights(latent, device):
    """Glorot's uniform start, zero biases; mean and log variance are two layers side by side."""
    sizes = [(VALUES, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, 2 * latent), (latent, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, VALUES)]
    weights = {}
    for name, (ins, outs) in zip(LAYERS, sizes):
        bound = math.sqrt(6 / (ins + (latent if name == "encoder.head" else outs)))
        weights[name + ".weight"] = ((2 * torch.rand(ins, outs) - 1) * bound).to(device).requires_grad_()
        weights[name + ".bias"] = torch.zeros(outs, device=device).requires_grad_()
    return weights


def linear(weights, name, x):
    return F.linear(x, weights[name + ".weight"].t(), weights[name + ".bias"])


def encode(weights, x):
    h = torch.tanh(linear(weights, "encoder.linear0", x))
    h = torch.tanh(linear(weights, "encoder.linear1", h))
    mean, log_variance = linear(weights, "encoder.head", h).chunk(2, -1)
    return mean, log_variance.clamp(-LOG_VARIANCE_LIMIT, LOG_VARIANCE_LIMIT)


def decode(weights, z):
    h = torch.tanh(linear(weights, "decoder.linear1", z))
    h = torch.tanh(linear(weights, "decoder.linear0", h))
    return linear(weights, "decoder.logits", h)


def log_likelihood(logits, x):
    return (x * logits - F.softplus(logits)).sum(-1)


def log_normal(z, mean, log_variance):
    return -0.5 * (math.log(2 * math.pi) + log_variance + (z - mean).square() * (-log_variance).exp()).sum(-1)


def log_weights(weights, x, samples, detach_posterior=False):
    """log p(x|z) + log p(z) - log q(z|x), [N, K], and z."""
    mean, log_variance = (t.unsqueeze(1) for t in encode(weights, x))
    z = mean + (0.5 * log_variance).exp() * torch.randn(len(x), samples, mean.shape[-1], device=x.device)
    if detach_posterior:
        mean, log_variance = mean.detach(), log_variance.detach()
    prior = -0.5 * (math.log(2 * math.pi) + z.square()).sum(-1)
    return log_likelihood(decode(weights, z), x.unsqueeze(1)) + prior - log_normal(z, mean, log_variance), z


def loss_of(kind, weights, x, samples):
    if kind == "vae":
        mean, log_variance = encode(weights, x)
        z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        kl = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum(-1)
        return (kl - log_likelihood(decode(weights, z), x)).mean()
    log_w, z = log_weights(weights, x, samples, detach_posterior=kind == "dreg")
    if kind == "iwae":
        return (math.log(samples) - log_w.logsumexp(1)).mean()
    # Tucker et al. 2018 (arXiv:1810.04152): the decoder sees the weights once, the encoder, through z, squared.
    w = log_w.softmax(1).detach()
    z.register_hook(lambda gradient: w.unsqueeze(-1) * gradient)
    return -(w * log_w).sum(1).mean()


def train_in_torch(kind, images, arguments, seed, device):
    torch.manual_seed(1000 + seed)
    weights = initial_weights(arguments.latent, device)
    adam = torch.optim.Adam(weights.values(), lr=1e-3, eps=arguments.epsilon)
    x, samples, total = torch.from_numpy(images).to(device), RUNS[kind][1], epochs_of(arguments.stages) * len(images) // BATCH
    for step in range(total):
        place = step * BATCH % len(images)
        if place == 0:
            order = torch.randperm(len(images), device=device)
        batch = x[order[place:place + BATCH]]
        for group in adam.param_groups:
            group["lr"] = rate_at(step, total, arguments.stages)
        adam.zero_grad()
        loss_of(kind, weights, (torch.rand_like(batch) < batch).float(), samples).backward()
        adam.step()
    return {name: value.detach() for name, value in weights.items()}


def bounds(weights, x, samples, seed):
    """The IWAE bound of each image, in nats."""
    torch.manual_seed(seed)
    result, rows = [], 10_000
    with torch.no_grad():
        for image in x.split(max(1, rows // samples)):
            parts = [log_weights(weights, image, min(rows, samples - first))[0].double() for first in range(0, samples, rows)]
            result.append(torch.cat(parts, 1).logsumexp(1) - math.log(samples))
    return torch.cat(result).cpu().numpy()


def active_units(weights, x):
    with torch.no_grad():
        return int((encode(weights, x)[0].var(0, unbiased=False) > 0.01).sum())


def read_model(path, device):
    """The weights of a model file (safetensors)."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(size)), file.read()
    weights = {}
    for name in (layer + role for layer in LAYERS for role in (".weight", ".bias")):
        entry = header["weight." + name]
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy()
        weights[name] = torch.from_numpy(values).to(device)
    return weights


def run_tool(arguments, *words):
    result = subprocess.run([*shlex.split(arguments.tool), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit(f"{arguments.tool} {' '.join(words)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def train_here(kind, count, arguments, seed, model):
    steps = epochs_of(arguments.stages) * count // BATCH
    run_tool(
        arguments, "train", f"idx:{arguments.mnist}", "--out", model, "--size", "28", "--grey", "--binarize", "--likelihood", "bernoulli",
        "--preset", "mlp", "--hidden", f"{HIDDEN},{HIDDEN}", "--latent", str(arguments.latent), *RUNS[kind][2], "--batch", str(BATCH),
        "--learning-rate", "1e-3", "--schedule", "stages", "--stages", str(arguments.stages), "--adam-epsilon", repr(arguments.epsilon),
        "--augment", "none", "--kl-warmup", "0", "--ema", "0", "--max-gradient-norm", "0", "--heldout", "0.001", "--steps", str(steps),
        "--prior-steps", "0", "--seed", str(seed))


def made(path, arguments, make):
    """The JSON that a path holds; made and written when it is not there, or not to be reused."""
    if not (arguments.reuse and os.path.exists(path)):
        value = make()
        with open(path, "w") as file:
            json.dump(value, file)
    with open(path) as file:
        return json.load(file)


def timed(make, *inputs):
    start = time.monotonic()
    result = make(*inputs)
    return result, time.monotonic() - start


def compare(kind, seed, train, test, arguments, device):
    base = os.path.join(arguments.work, f"{kind}-stages{arguments.stages}-z{arguments.latent}-epsilon{arguments.epsilon:g}-seed{seed}")
    scored = f"{base}-k{arguments.iwae}-n{arguments.images}"
    test = binarize_as_evaluated(test, seed)
    chosen = [i * len(test) // arguments.images for i in range(arguments.images)]
    x = torch.from_numpy(test[chosen]).to(device)

    def in_torch():
        weights, seconds = timed(train_in_torch, kind, train, arguments, seed, device)
        torch.save(weights, base + "-torch.pt")
        return {"seconds": seconds}

    def here():
        for leftover in (base + ".safetensors", base + "-run"):
            subprocess.run(["rm", "-rf", leftover], check=True)
        return {"seconds": timed(train_here, kind, len(train), arguments, seed, base + ".safetensors")[1]}

    def figures():
        torch_weights, our_weights = torch.load(base + "-torch.pt", map_location=device), read_model(base + ".safetensors", device)
        theirs, (ours, again) = bounds(torch_weights, x, arguments.iwae, 1), (bounds(our_weights, x, arguments.iwae, s) for s in (2, 3))
        report = json.loads(run_tool(
            arguments, "evaluate", base + ".safetensors", f"idx:{arguments.mnist}/t10k", "--iwae", str(arguments.iwae), "--iwae-images",
            str(arguments.images), "--samples", "8", "--seed", str(seed), "--json"))
        root = math.sqrt(len(x))
        return {
            "ours": report["importanceWeighted"]["bound"]["value"], "oursByTorch": ours.mean(), "noise": (ours - again).std(ddof=1) / root,
            "torch": theirs.mean(), "pairedError": (theirs - ours).std(ddof=1) / root, "elbo": report["elbo"]["elbo"],
            "active": report["elbo"]["activeUnits"], "torchActive": active_units(torch_weights, torch.from_numpy(test).to(device)),
        }

    torch_run = made(base + "-torch.json", arguments, in_torch)
    our_run = made(base + "-ours.json", arguments, here)
    return {**made(scored + ".json", arguments, figures), "torchSeconds": torch_run["seconds"], "ourSeconds": our_run["seconds"]}


def main():
    arguments = parse_arguments()
    if not 1 <= arguments.images <= 10_000 or not 1 <= arguments.stages <= 8 or arguments.iwae < 1:
        sys.exit("expected 1 to 10000 images, 1 to 8 stages, and 1 sample or more")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_num_threads(arguments.threads)
    os.makedirs(arguments.work, exist_ok=True)
    train, test = (read_idx(os.path.join(arguments.mnist, f"{part}-images-idx3-ubyte")) for part in ("train", "t10k"))
    epochs = epochs_of(arguments.stages)
    print(f"{epochs} epochs, batches of {BATCH}, Z = {arguments.latent}; -log p(x) in nats by the bound of {arguments.iwae} samples on "
          f"{arguments.images} test images; PyTorch on {device}", flush=True)
    print("         seed    ours  PyTorch  difference   paired error   ours, judged by PyTorch   active units      seconds of training")
    failures = []
    for kind in arguments.runs:
        differences = []
        for seed in arguments.seeds:
            r = compare(kind, seed, train, test, arguments, device)
            difference, judged = r["torch"] - r["ours"], r["oursByTorch"] - r["ours"]
            differences.append(difference)
            print(f"{RUNS[kind][0]:8} {seed:4}  {-r['ours']:6.2f}   {-r['torch']:6.2f}     {difference:+7.2f}        {r['pairedError']:6.3f}"
                  f"      {-r['oursByTorch']:8.3f} ({judged:+.3f}, se {r['noise']:.3f})     {r['active']:3} and {r['torchActive']:3}"
                  f"     {r['ourSeconds']:5.0f} and {r['torchSeconds']:5.0f}", flush=True)
            if not abs(judged) <= 4 * r["noise"]:
                failures.append(f"{RUNS[kind][0]}, seed {seed}: PyTorch's bound of our weights differs from ours by {judged:+.3f} nats; "
                                f"at most {4 * r['noise']:.3f} was expected")
        mean, count = numpy.mean(differences), len(differences)
        error = f", standard error {numpy.std(differences, ddof=1) / math.sqrt(count):.2f}" if count > 1 else ""
        print(f"{RUNS[kind][0]:8} difference of the means over {count} seed{'s' if count > 1 else ''}: {mean:+.2f}{error}", flush=True)
        if not abs(mean) <= arguments.limit:
            failures.append(f"{RUNS[kind][0]}: the bounds differ by {mean:+.2f} nats; at most {arguments.limit} was expected")
    print("\n".join(failures) if failures else f"passed: all within {arguments.limit} nats")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
