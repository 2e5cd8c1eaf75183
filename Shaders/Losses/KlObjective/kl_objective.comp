// loss = mean nll + f(k), k_j the batch mean of the KL of dimension j, and the slopes of the loss:
//   ELBO       f = beta sum_j k_j                          f'_j = beta                    (Kingma & Welling 2013)
//   free bits  f = beta sum_j max(lambda, k_j)             f'_j = beta [k_j > lambda]     (Kingma et al. 2016)
//   capacity   f = gamma |sum_j k_j - C|                   f'_j = gamma sign(sum_j k_j - C), 0 at 0   (Burgess et al. 2018)
#version 450
#include "operands.glsl"
#include "reduce.glsl"
#include "activations.glsl"
#include "step.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int LATENT = 4;
layout(constant_id = 2) const float PER_ROW = 1.0;     // 1 / ROWS
layout(constant_id = 3) const float PER_IMAGE = 1.0;   // 1 / images
layout(constant_id = 4) const int OBJECTIVE = 0;
layout(constant_id = 5) const float LEVEL = 0.0;       // lambda, or gamma

OPERAND(0, Nll)        // [ROWS, 1]
OPERAND(1, KlSums)     // [LATENT], sums over the images
WORDS(2, Step)
RESULT(3, Loss)        // [4] = (loss, mean nll, mean KL, figure), written (=)
RESULT(4, NllSlope)    // [1], written (=)
RESULT(5, KlSlopes)    // [LATENT], written (=)

const int OBJECTIVE_FREE_BITS = 1;
const int OBJECTIVE_CAPACITY = 2;
const int LATENT4 = (LATENT + 3) / 4;

// grid: one workgroup
void main() {
    int lane = int(gl_LocalInvocationID.x);
    float nll = 0.0;
    vec4 kl = vec4(0.0), floored = vec4(0.0), above = vec4(0.0);
    for (int r = lane; r < ROWS; r += 64) nll += LOAD(Nll, r).x;
    for (int j4 = lane; j4 < LATENT4; j4 += 64) {
        vec4 mean = LOAD(KlSums, j4) * PER_IMAGE, mask = channelMask(j4, LATENT);
        kl += mean;
        floored += mask * max(mean, vec4(LEVEL));
        above += mask * mix(vec4(0.0), vec4(1.0), greaterThan(mean, vec4(LEVEL)));
    }
    const vec4 one = vec4(1.0);
    vec4 sums = workgroupSum(vec4(nll, dot(kl, one), dot(floored, one), dot(above, one)));
    float meanNll = sums.x * PER_ROW, beta = STEP_FLOAT(STEP_KL_WEIGHT), excess = sums.y - STEP_FLOAT(STEP_CAPACITY);
    float slope = OBJECTIVE == OBJECTIVE_CAPACITY ? LEVEL * sign(excess) : beta;
    for (int j4 = lane; j4 < LATENT4; j4 += 64) {
        vec4 counted = channelMask(j4, LATENT);
        if (OBJECTIVE == OBJECTIVE_FREE_BITS)
            counted *= mix(vec4(0.0), vec4(1.0), greaterThan(LOAD(KlSums, j4) * PER_IMAGE, vec4(LEVEL)));
        KlSlopes[j4] = slope * PER_IMAGE * counted;
    }
    if (lane == 0) {
        float term = beta * sums.y, figure = 0.0;
        if (OBJECTIVE == OBJECTIVE_FREE_BITS) { term = beta * sums.z; figure = sums.w; }
        if (OBJECTIVE == OBJECTIVE_CAPACITY) { term = LEVEL * abs(excess); figure = STEP_FLOAT(STEP_CAPACITY); }
        Loss[0] = vec4(meanNll + term, meanNll, sums.y, figure);
        NllSlope[0] = vec4(PER_ROW, 0.0, 0.0, 0.0);
    }
}
