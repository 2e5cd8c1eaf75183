// loss = mean nll + beta_t (ALPHA MI + BETA TC + GAMMA dimension-wise KL), from the means over the batch.
#version 450
#include "operands.glsl"
#include "step.glsl"
layout(local_size_x = 1) in;
layout(constant_id = 0) const float PER_IMAGE = 1.0;   // 1 / images
layout(constant_id = 1) const float ALPHA = 1.0;
layout(constant_id = 2) const float BETA = 1.0;
layout(constant_id = 3) const float GAMMA = 1.0;

OPERAND(0, Means)      // [4] = (nll, mutual information, total correlation, dimension-wise KL)
WORDS(1, Step)
RESULT(2, Loss)        // [4] = (loss, mutual information, total correlation, dimension-wise KL), written (=)
RESULT(3, NllSlope)    // [1], written (=)

// grid: one workgroup
void main() {
    vec4 mean = LOAD(Means, 0);
    float loss = mean.x + STEP_FLOAT(STEP_KL_WEIGHT) * (ALPHA * mean.y + BETA * mean.z + GAMMA * mean.w);
    Loss[0] = vec4(loss, mean.yzw);
    NllSlope[0] = vec4(PER_IMAGE, 0.0, 0.0, 0.0);
}
