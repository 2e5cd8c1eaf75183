// Runs a decoder with onnxruntime-node: called by compare_decode.py.
//
//   node onnx_decode.mjs PACKAGES MODEL.onnx --values LATENTS.f32 Z OUT.f32     decodes once, for the values
//   node onnx_decode.mjs PACKAGES MODEL.onnx --time Z SECONDS THREADS BATCH...  prints JSON; THREADS 0: onnxruntime's own choice
//
// PACKAGES is the folder whose node_modules hold onnxruntime-node. Latents [N, Z] go in, images [N, C, H, W] come out, float32.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";

const [packages, model, mode, ...rest] = process.argv.slice(2);
const require = createRequire(resolve(packages) + "/");
const ort = require("onnxruntime-node");

const quantile = (sorted, q) => sorted[Math.floor(q * (sorted.length - 1))];

async function values(latentsFile, size, output) {
    const session = await ort.InferenceSession.create(model);
    const bytes = readFileSync(latentsFile);
    const latents = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const { images } = await session.run({ latents: new ort.Tensor("float32", latents, [latents.length / size, Number(size)]) });
    writeFileSync(output, new Uint8Array(images.data.buffer, images.data.byteOffset, images.data.byteLength));
}

async function time(size, seconds, threads, ...batches) {
    const options = { graphOptimizationLevel: "all", executionProviders: ["cpu"] };
    if (Number(threads) > 0)
        options.intraOpNumThreads = Number(threads);
    const session = await ort.InferenceSession.create(model, options);
    const runs = [];
    for (const batch of batches.map(Number)) {
        const latents = Float32Array.from({ length: batch * size }, (_, i) => 0.1 * ((i % 21) - 10));
        const decode = () => session.run({ latents: new ort.Tensor("float32", latents, [batch, Number(size)]) });
        await decode();
        await decode();
        const times = [];
        const begin = performance.now();
        while (performance.now() - begin < seconds * 1000 || times.length < 3) {
            const start = performance.now();
            await decode();
            times.push(performance.now() - start);
        }

        times.sort((a, b) => a - b);
        const median = quantile(times, 0.5);
        runs.push({ batch, images_per_second: batch / median * 1000, median_ms: median, p90_ms: quantile(times, 0.9), min_ms: times[0] });
    }

    const version = require("onnxruntime-node/package.json").version;
    console.log(JSON.stringify({ version, node: process.version, decode: runs }));
}

await (mode === "--values" ? values(...rest) : time(...rest));
