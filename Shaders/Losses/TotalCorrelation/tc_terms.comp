// The terms of each sample: log q(z_i|x_i) - log q(z_i), log q(z_i) - sum_j log q(z_ij), sum_j (log q(z_ij) - log p(z_ij)).
#version 450
#include "operands.glsl"
#include "reduce.glsl"
#include "extreme.glsl"
#include "posterior.glsl"
#include "gaussian_density.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 2) const float LOG_PAIRS = 0.0;   // log(BATCH M)

OPERAND(0, Nll)         // [BATCH, 1]
OPERAND(1, Z)           // [BATCH, 4 LATENT4]
OPERAND(2, Joint)       // [BATCH, BATCH] = log q(z_i | x_m)
OPERAND(3, Marginal)    // [BATCH, 4 LATENT4] = log sum_m q(z_ij | x_m)
RESULT(4, LogSums)      // [BATCH, 1] = log sum_m q(z_i | x_m), written (=)
RESULT(5, Terms)        // [BATCH, 4] = (nll, mutual information, total correlation, dimension-wise KL), written (=)

const int BATCH4 = (BATCH + 3) / 4;

// grid: x = samples
void main() {
    int i = int(gl_WorkGroupID.x), lane = int(gl_LocalInvocationID.x);
    float largest = LOWEST_FLOAT, sum = 0.0;
    for (int m = lane; m < BATCH; m += 64) largest = max(largest, LOAD(Joint, i * BATCH4 + m / 4)[m % 4]);
    largest = workgroupMax(largest);
    for (int m = lane; m < BATCH; m += 64) sum += exp(LOAD(Joint, i * BATCH4 + m / 4)[m % 4] - largest);
    vec4 marginal = vec4(0.0), prior = vec4(0.0);
    for (int j4 = lane; j4 < LATENT4; j4 += 64) {
        vec4 z = LOAD(Z, i * LATENT4 + j4);
        marginal += LOAD(Marginal, i * LATENT4 + j4) - LOG_PAIRS;
        prior -= 0.5 * (LOG_TWO_PI + z * z);
    }
    const vec4 one = vec4(1.0);
    vec4 sums = workgroupSum(vec4(sum, dot(marginal, one), dot(prior, one), 0.0));
    if (lane == 0) {
        float logSum = largest + log(sums.x), joint = logSum - LOG_PAIRS, conditional = LOAD(Joint, i * BATCH4 + i / 4)[i % 4];
        LogSums[i] = vec4(logSum, 0.0, 0.0, 0.0);
        Terms[i] = vec4(LOAD(Nll, i).x, conditional - joint, joint - sums.y, sums.y - sums.z);
    }
}
