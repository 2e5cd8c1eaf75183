#!/usr/bin/python3
"""Checks the gradients that `./vae verify-gradients --dump DIR` wrote, with PyTorch's autograd in float64.

    apt-get install python3-torch python3-numpy
    Benchmarks~/check_gradients.py DIR

DIR/dump.safetensors holds one batch of images, the noise, every weight, every gradient, the loss terms and, in its metadata, the
network as a list of operators. This script knows nothing of VaeProcgen: it runs that list in float64, lets PyTorch differentiate
it, and compares. For each tensor g it prints the relative error |g - reference| / |reference| in the Euclidean norm. Exit
status 1 when one is above the limit, is not finite, or is missing.

The loss, for N images of D values each, x the images and y = link(logits):

    total          = reconstruction + kl_weight * kl
    kl             = 1/N sum_n 1/2 sum_j (mu^2 + exp(v) - v - 1)              v = log sigma^2, clamped to [-12, 12]
    reconstruction = 1/N sum_n NLL_n, where NLL_n is
        laplace    D log(2 b) + sum |x - y| / b                              optimal scale: b = max(mean |x - y|, 1e-3)
        gaussian   D/2 log(2 pi s^2) + sum (x - y)^2 / (2 s^2)               optimal scale: s = max(rms (x - y), 1e-3)
        bernoulli  sum softplus(logits) - x * logits

The optimal scale is one for the whole batch. A number in place of "optimal" is the fixed b or s.

Operators (activations [N, H, W, C] or [N, C]; weights of a convolution [R, S, C, K], of a transposed one [R, S, K, C], of a linear
layer [C, K]): conv2d, conv_transpose2d, linear, activation, group_norm, layer_norm, upsample, add, reshape, reparameterize.
"""
import argparse
import json
import math
import os
import struct
import sys

import numpy
import torch
import torch.nn.functional as F

SCALE_FLOOR = 1e-3
LOG_VARIANCE_LIMIT = 12.0
DATA_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1"}
ACTIVATIONS = {
    "none": lambda x, slope: x,
    "relu": lambda x, slope: F.relu(x),
    "leaky_relu": lambda x, slope: F.leaky_relu(x, slope),
    "silu": lambda x, slope: F.silu(x),
    "sigmoid": lambda x, slope: torch.sigmoid(x),
    "tanh": lambda x, slope: torch.tanh(x),
}


def read_safetensors(path):
    """The metadata (string to string) and the tensors (name to float64 tensor) of a safetensors file."""
    with open(path, "rb") as file:
        (header_size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_size))
        data = file.read()
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], DATA_TYPES[entry["dtype"]]).astype(numpy.float64)
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return metadata, tensors


def to_nchw(x):
    return x.permute(0, 3, 1, 2)


def to_nhwc(x):
    return x.permute(0, 2, 3, 1)


def conv2d(node, x, weight, bias):
    padding, stride = node.get("padding", 0), node.get("stride", 1)
    x = to_nchw(x)
    if node.get("padding_mode", "zero") == "circular" and padding > 0:
        x, padding = F.pad(x, [padding] * 4, mode="circular"), 0
    return to_nhwc(F.conv2d(x, weight.permute(3, 2, 0, 1), bias, stride, padding))


def conv_transpose2d(node, x, weight, bias):
    """The adjoint of conv2d: out[h * stride - padding + r] += x[h] * weight[r]; circular padding wraps what falls outside."""
    padding, stride = node.get("padding", 0), node.get("stride", 1)
    x, weight = to_nchw(x), weight.permute(3, 2, 0, 1)
    if node.get("padding_mode", "zero") == "circular" and padding > 0:
        y = F.conv_transpose2d(x, weight, None, stride)
        for axis in (2, 3):
            y = wrap_borders(y, axis, padding)
        y = y if bias is None else y + bias[:, None, None]
    else:
        y = F.conv_transpose2d(x, weight, bias, stride, padding)
    return to_nhwc(y)


def wrap_borders(x, axis, padding):
    """Adds the `padding` first and last slices of an axis to the opposite ends of what lies between them."""
    size = x.shape[axis] - 2 * padding
    first, middle, last = x.split([padding, size, padding], axis)
    filler = list(x.shape)
    filler[axis] = size - padding
    zeros = x.new_zeros(filler)
    return middle + torch.cat([last, zeros], axis) + torch.cat([zeros, first], axis)


def linear(node, x, weight, bias):
    y = x.reshape(x.shape[0], -1) @ weight
    return y if bias is None else y + bias


def group_norm(node, x, weight, bias):
    return to_nhwc(F.group_norm(to_nchw(x), node["groups"], weight, bias, node.get("epsilon", 1e-5)))


def layer_norm(node, x, weight, bias):
    return F.layer_norm(x, x.shape[-1:], weight, bias, node.get("epsilon", 1e-5))


def upsample(node, x):
    factor = node.get("factor", 2)
    return x.repeat_interleave(factor, 1).repeat_interleave(factor, 2)


def reparameterize(node, head, epsilon):
    mean, log_variance = head.chunk(2, 1)
    return mean + torch.exp(0.5 * log_variance.clamp(-LOG_VARIANCE_LIMIT, LOG_VARIANCE_LIMIT)) * epsilon


PARAMETRIC = {"conv2d": conv2d, "conv_transpose2d": conv_transpose2d, "linear": linear, "group_norm": group_norm, "layer_norm": layer_norm}
PLAIN = {
    "activation": lambda node, x: x,
    "upsample": upsample,
    "add": lambda node, *inputs: sum(inputs),
    "reshape": lambda node, x: x.reshape(node["shape"]),
    "reparameterize": reparameterize,
}


# Sums that a rectifier sees nearer to 0 than float32 can tell: there its slope may be that of the other side. Counted for the report.
KINKED = ("relu", "leaky_relu")
NEAR_KINK = 1e-6
near_kinks = []


def run_graph(graph, images, epsilon, parameters):
    """Runs the operators in order; returns every named value."""
    values = {"images": images, "epsilon": epsilon}
    for node in graph:
        inputs = [values[name] for name in node["inputs"] if name in values]
        if node["op"] in PARAMETRIC:
            weight, bias = node_parameters(node, parameters)
            y = PARAMETRIC[node["op"]](node, inputs[0], weight, bias)
        elif node["op"] in PLAIN:
            if node["op"] == "reparameterize":
                values["head"], inputs = inputs[0], [inputs[0], epsilon]
            y = PLAIN[node["op"]](node, *inputs)
        else:
            sys.exit(f"node {node['name']}: unknown operator '{node['op']}'; known are {', '.join([*PARAMETRIC, *PLAIN])}")
        activation = node.get("activation", "none")
        if activation in KINKED:
            size = y.detach().abs()
            near_kinks.append(int(((size > 0) & (size < NEAR_KINK * size.max())).sum()))
        values[node["output"]] = ACTIVATIONS[activation](y, node.get("slope", 0.01))
    return values


def node_parameters(node, parameters):
    """Weight and bias of a node: those among its inputs, in that order, or else NAME.weight and NAME.bias."""
    named = [parameters[name] for name in node["inputs"] if name in parameters]
    if not named:
        named = [parameters.get(f"{node['name']}.{role}") for role in ("weight", "bias")]
    if not named or named[0] is None:
        sys.exit(f"node {node['name']}: expected the tensor 'weight.{node['name']}.weight' in the dump, or its name among the inputs")
    return (named + [None])[:2]


def loss_terms(metadata, images, values):
    """Reconstruction, KL and total in nats for each image, as the text at the top of this file defines them."""
    count, logits = images.shape[0], values["logits"]
    y = torch.sigmoid(logits) if metadata["link"] == "sigmoid" else logits
    scale, likelihood = metadata.get("scale", "optimal"), metadata["likelihood"]
    fixed = None if scale == "optimal" else torch.tensor(float(scale), dtype=torch.float64)
    if likelihood == "laplace":
        b = (images - y).abs().mean().clamp(min=SCALE_FLOOR) if fixed is None else fixed
        total_nll = images.numel() * torch.log(2 * b) + (images - y).abs().sum() / b
    elif likelihood == "gaussian":
        variance = (images - y).square().mean().clamp(min=SCALE_FLOOR ** 2) if fixed is None else fixed ** 2
        total_nll = images.numel() / 2 * torch.log(2 * math.pi * variance) + (images - y).square().sum() / (2 * variance)
    elif likelihood == "bernoulli":
        total_nll = (F.softplus(logits) - images * logits).sum()
    else:
        sys.exit(f"metadata 'likelihood': expected laplace, gaussian or bernoulli, found '{likelihood}'")
    mean, log_variance = values["head"].chunk(2, 1)
    log_variance = log_variance.clamp(-LOG_VARIANCE_LIMIT, LOG_VARIANCE_LIMIT)
    kl = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum() / count
    reconstruction = total_nll / count
    return {"loss.reconstruction": reconstruction, "loss.kl": kl, "loss.total": reconstruction + float(metadata["kl_weight"]) * kl}


def references(metadata, tensors):
    """Name to float64 reference, for everything in the dump that follows from images, noise and weights."""
    graph = json.loads(metadata["graph"])
    parameters = {name[len("weight."):]: value.requires_grad_() for name, value in tensors.items() if name.startswith("weight.")}
    values = run_graph(graph, tensors["images"], tensors["epsilon"], parameters)
    losses = loss_terms(metadata, tensors["images"], values)
    losses["loss.total"].backward()
    mean, log_variance = values["head"].chunk(2, 1)
    gradients = {f"gradient.{name}": parameter.grad for name, parameter in parameters.items()}
    activations = {"activation.mu": mean, "activation.log_variance": log_variance, "activation.logits": values["logits"]}
    return {**gradients, **activations, **losses}


def relative_error(value, reference):
    difference, norm = torch.linalg.vector_norm(value - reference).item(), torch.linalg.vector_norm(reference).item()
    return difference / norm if norm > 0 else difference


def judge(name, reference, tensors):
    """The relative error of a dumped tensor (infinite when it cannot be compared), and a remark."""
    if name not in tensors:
        return math.inf, "missing from the dump"
    if reference is None:
        return math.inf, "not used by the graph"
    value = tensors[name]
    if value.numel() != reference.numel():
        return math.inf, f"expected shape {list(reference.shape)}, found {list(value.shape)}"
    error = relative_error(value.reshape(reference.shape), reference.detach())
    return (error, "") if math.isfinite(error) else (math.inf, "not finite")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", metavar="DIR", help="the folder that holds dump.safetensors")
    parser.add_argument("--limit", type=float, default=1e-4, help="largest relative error that passes (default 1e-4)")
    arguments = parser.parse_args()

    metadata, tensors = read_safetensors(os.path.join(arguments.directory, "dump.safetensors"))
    missing = [key for key in ("graph", "likelihood", "link", "kl_weight") if key not in metadata]
    missing += [name for name in ("images", "epsilon") if name not in tensors]
    if missing:
        sys.exit(f"{arguments.directory}/dump.safetensors lacks {', '.join(missing)}")

    expected = references(metadata, tensors)
    expected.update({name: None for name in tensors if name.startswith("gradient.") and name not in expected})
    results = {name: judge(name, reference, tensors) for name, reference in expected.items()}
    width = max(map(len, results))
    print(f"{'tensor':{width}}  {'shape':>18}  relative error")
    for name, (error, remark) in results.items():
        shape = "x".join(map(str, tensors[name].shape)) if name in tensors else "-"
        print(f"{name:{width}}  {shape or 'scalar':>18}  {error:14.3e}  {remark}".rstrip())
    worst = max(results, key=lambda name: results[name][0])
    passed = results[worst][0] <= arguments.limit
    print(f"\nworst: {worst} {results[worst][0]:.3e}; limit {arguments.limit:g}: {'passed' if passed else 'FAILED'}"
          f" ({sum(name.startswith('gradient.') for name in results)} gradients, {len(results)} tensors)")
    if not passed and sum(near_kinks) > 0:
        print(f"{sum(near_kinks)} sums lie so near to the kink of a rectifier that float32 may take the other slope there, PyTorch's own "
              "float32 as well, and one that does moves all gradients before it. Dump another batch (verify-gradients --seed) to tell that from an error.")
    sys.exit(0 if passed and any(name.startswith("gradient.") for name in results) else 1)


if __name__ == "__main__":
    main()
