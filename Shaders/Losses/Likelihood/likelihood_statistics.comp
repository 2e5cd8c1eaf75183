// What the likelihood of each row is made of, d = x - link(l), as partial sums, one vec4 a workgroup:
//   (sum |d|, sum d^2, sum of -log p where it is no function of these, sum of d(-log p)/d(log scale) likewise)
#version 450
#include "operands.glsl"
#include "reduce.glsl"
#include "activations.glsl"
#include "likelihood.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 8) const int PER_INVOCATION = 16;

OPERAND(0, Logits)     // [ROWS, .., CHANNELS]
OPERAND(1, X)          // [ROWS / SAMPLES, .., CHANNELS]: images in [0, 1]
OPERAND(2, LogScale)   // [1], read where the scale is learned
RESULT(3, Partials)    // [ROWS, parts, 4], written (=)

// grid: x = parts of 64 * PER_INVOCATION vec4s, y = rows
void main() {
    vec4 absolute = vec4(0.0), square = vec4(0.0), direct = vec4(0.0), dLogScale = vec4(0.0);
    int row = int(gl_WorkGroupID.y), part = int(gl_WorkGroupID.x);
    float s = scaleOf(LOAD(LogScale, 0).x);
    for (int k = 0; k < PER_INVOCATION; k++) {
        int at = (part * PER_INVOCATION + k) * 64 + int(gl_LocalInvocationID.x);
        if (at >= PIXELS4) break;
        vec4 l = LOAD(Logits, row * PIXELS4 + at), x = LOAD(X, row / SAMPLES * PIXELS4 + at), mask = channelMask(at % C4, CHANNELS);
        vec4 xhat = link(l), d = (x - xhat) * mask;
        absolute += abs(d);
        square += d * d;
        if (LIKELIHOOD == LIKELIHOOD_BERNOULLI) direct += mask * (max(l, 0.0) - x * l + log(1.0 + exp(-abs(l))));
        if (LIKELIHOOD == LIKELIHOOD_DISCRETIZED_LOGISTIC) {
            Logistic logistic = logisticOf(x, xhat, s);
            direct += mask * logisticNll(logistic);
            dLogScale += mask * logisticScaleGradient(logistic);
        }
    }
    vec4 sum = workgroupSum(vec4(sum4(absolute), sum4(square), sum4(direct), sum4(dLogScale)));
    if (gl_LocalInvocationID.x == 0u) Partials[row * int(gl_NumWorkGroups.x) + part] = sum;
}
