// Partial sums of the errors of a reconstruction, d = x - link(l), one vec4 a workgroup:
//   (sum |d|, sum d^2, sum of the Bernoulli -log p(x|l) = max(l, 0) - x l + log(1 + exp(-|l|)), 0)
#version 450
#include "operands.glsl"
#include "reduce.glsl"
#include "activations.glsl"
#include "likelihood.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 6) const int PER_INVOCATION = 16;

OPERAND(0, Logits)     // [BATCH, .., CHANNELS]
OPERAND(1, X)          // as Logits: premultiplied images in [0, 1]
RESULT(2, Partials)    // [workgroups, 4], written (=)

// grid: x = workgroups of 64 * PER_INVOCATION vec4s
void main() {
    vec4 absolute = vec4(0.0), square = vec4(0.0), bernoulli = vec4(0.0);
    for (int k = 0; k < PER_INVOCATION; k++) {
        int index = (int(gl_WorkGroupID.x) * PER_INVOCATION + k) * 64 + int(gl_LocalInvocationID.x);
        if (index >= BATCH * PIXELS4) break;
        vec4 l = LOAD(Logits, index), x = LOAD(X, index), mask = channelMask(index % C4, CHANNELS), d = (x - link(l)) * mask;
        absolute += abs(d);
        square += d * d;
        if (LIKELIHOOD == LIKELIHOOD_BERNOULLI) bernoulli += mask * (max(l, 0.0) - x * l + log(1.0 + exp(-abs(l))));
    }
    const vec4 one = vec4(1.0);
    vec4 sum = workgroupSum(vec4(dot(absolute, one), dot(square, one), dot(bernoulli, one), 0.0));
    if (gl_LocalInvocationID.x == 0u) Partials[gl_WorkGroupID.x] = sum;
}
