// One batch for flow matching on straight paths (Lipman et al. 2022, arXiv:2210.02747; Liu et al. 2022, arXiv:2209.03003):
//   x1 = (mu + sigma * noise - Mean) / Deviation of a random training image, x0 ~ N(0, I), t ~ U(0, 1)
//   Input = [(1 - t) x0 + t x1, cos(pi k t), sin(pi k t)],  k = 1..16;   Velocity = x1 - x0
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "philox.glsl"
#include "step.glsl"
#include "posterior.glsl"

OPERAND(0, Posterior)      // [images, 8 LATENT4] = (mu | sigma), standardised
WORDS(1, Step)
RESULT(2, Input)           // [BATCH, 4 LATENT4 + 32], written (=)
RESULT(3, Velocity)        // [BATCH, 4 LATENT4], written (=)

const int TIME4 = 8;

// grid: elementwise over BATCH * (LATENT4 + TIME4)
void main() {
    int index = elementIndex(), width = LATENT4 + TIME4;
    if (index >= BATCH * width) return;
    int n = index / width, c = index % width;
    float t = uniform01(STEP_DRAW(STREAM_FLOW_TIME, n)).x;
    if (c < LATENT4) {
        int at = int(Step[STEP_BATCH_ROWS + n]) * 2 * LATENT4 + c, element = n * LATENT4 + c;
        vec4 x1 = LOAD(Posterior, at) + LOAD(Posterior, at + LATENT4) * normal4(STEP_DRAW(STREAM_FLOW_POSTERIOR, element));
        vec4 x0 = normal4(STEP_DRAW(STREAM_FLOW_NOISE, element));
        Input[index] = mix(x0, x1, t);
        Velocity[element] = x1 - x0;
    } else {
        int k = (c - LATENT4) * 4;
        vec4 angle = angleOf(0.5 * t * (vec4(k % 16) + vec4(1.0, 2.0, 3.0, 4.0)));
        Input[index] = k < 16 ? cos(angle) : sin(angle);
    }
}
