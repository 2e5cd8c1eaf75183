// AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101) over all parameters at once, after clipping the global norm, and the moving
// average of the weights:
//   g <- g min(1, CLIP / (|g| + 1e-6));   m <- b1 m + (1 - b1) g;   v <- b2 v + (1 - b2) g^2
//   w <- w - lr ((m / c1) / (sqrt(v / c2) + eps) + decay w);   ema <- d ema + (1 - d) w
// Where |g| is not finite, nothing changes: the step is left out.
// c1 = 1 - b1^t, c2 = 1 - b2^t and d come with the step. Decay applies to the first DECAYED4 vec4s (weights, not biases or norms).
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "step.glsl"
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const int DECAYED4 = 0;
layout(constant_id = 2) const float BETA1 = 0.9;
layout(constant_id = 3) const float BETA2 = 0.999;
layout(constant_id = 4) const float EPSILON = 1e-8;
layout(constant_id = 5) const float DECAY = 0.0;
layout(constant_id = 6) const float CLIP = 0.0;        // 0: no clipping

OPERAND(0, Gradients)      // [4 COUNT4]
OPERAND(1, SquaredNorm)    // [4], (|g|^2, ..)
OPERAND(2, Weights)        // [4 COUNT4]
OPERAND(3, First)          // m
OPERAND(4, Second)         // v
OPERAND(5, Average)        // ema
WORDS(6, Step)
RESULT(7, NewWeights)      // each written (=), in place
RESULT(8, NewFirst)
RESULT(9, NewSecond)
RESULT(10, NewAverage)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    float squaredNorm = LOAD(SquaredNorm, 0).x;
    if (!(squaredNorm <= 3.4e38)) return;
    vec4 g = LOAD(Gradients, index), w = LOAD(Weights, index);
    if (CLIP > 0.0) g *= min(1.0, CLIP / (sqrt(squaredNorm) + 1e-6));
    vec4 m = BETA1 * LOAD(First, index) + (1.0 - BETA1) * g;
    vec4 v = BETA2 * LOAD(Second, index) + (1.0 - BETA2) * g * g;
    vec4 update_ = m / STEP_FLOAT(STEP_BIAS_CORRECTION_1) / (sqrt(v / STEP_FLOAT(STEP_BIAS_CORRECTION_2)) + EPSILON);
    if (index < DECAYED4) update_ += DECAY * w;
    w -= STEP_FLOAT(STEP_LEARNING_RATE) * update_;
    float d = STEP_FLOAT(STEP_EMA_DECAY);
    NewWeights[index] = w;
    NewFirst[index] = m;
    NewSecond[index] = v;
    NewAverage[index] = d * LOAD(Average, index) + (1.0 - d) * w;
}
