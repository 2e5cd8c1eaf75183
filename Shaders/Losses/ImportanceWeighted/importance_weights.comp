// log w_k = -nll_k - logRatio_k of the samples of an image: w~_k = w_k / sum w, and the figures of the image
//   (-log (1/K) sum w, mean nll, mean logRatio, 1 / sum w~^2)          (Burda et al. 2015, eq. 8)
// One sample has weight 1 and -log w as it stands: exp(0) and log(1) are not promised to be exact.
#version 450
#include "operands.glsl"
#include "reduce.glsl"
#include "extreme.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int SAMPLES = 1;
layout(constant_id = 1) const float LOG_SAMPLES = 0.0;
layout(constant_id = 2) const float PER_SAMPLE = 1.0;   // 1 / SAMPLES

OPERAND(0, Nll)        // [images SAMPLES, 1]
OPERAND(1, LogRatio)   // as Nll
RESULT(2, Weights)     // as Nll, written (=)
RESULT(3, Images)      // [images, 4], written (=)

float logWeight(int row) { return -LOAD(Nll, row).x - LOAD(LogRatio, row).x; }

// grid: x = images
void main() {
    int image = int(gl_WorkGroupID.x), lane = int(gl_LocalInvocationID.x), first = image * SAMPLES;
    float largest = LOWEST_FLOAT;
    for (int k = lane; k < SAMPLES; k += 64) largest = max(largest, logWeight(first + k));
    largest = workgroupMax(largest);
    vec4 sums = vec4(0.0);
    for (int k = lane; k < SAMPLES; k += 64) {
        float w = SAMPLES == 1 ? 1.0 : exp(logWeight(first + k) - largest);
        sums += vec4(w, w * w, LOAD(Nll, first + k).x, LOAD(LogRatio, first + k).x);
    }
    sums = workgroupSum(sums);
    for (int k = lane; k < SAMPLES; k += 64)
        Weights[first + k] = vec4(SAMPLES == 1 ? 1.0 : exp(logWeight(first + k) - largest) / sums.x, 0.0, 0.0, 0.0);
    if (lane == 0) {
        float loss = SAMPLES == 1 ? -largest : LOG_SAMPLES - (largest + log(sums.x));
        float effective = SAMPLES == 1 ? 1.0 : sums.x * sums.x / sums.y;
        Images[image] = vec4(loss, sums.z * PER_SAMPLE, sums.w * PER_SAMPLE, effective);
    }
}
