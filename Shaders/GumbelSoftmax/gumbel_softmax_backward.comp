// dlogits = sum over the samples, in their order, of y (dy - sum_c y dy) / tau
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "step.glsl"
#include "categorical.glsl"
layout(constant_id = 2) const int WIDTH4 = 1;      // vec4s of a row
layout(constant_id = 3) const int SAMPLES = 1;

OPERAND(0, Soft)       // y, [N SAMPLES, 4 WIDTH4]
OPERAND(1, DSample)    // as Soft
OPERAND(2, Dots)       // [N SAMPLES, variables, 4]: sum_c y dy of each variable
WORDS(3, Step)
RESULT(4, DLogits)     // [N, 4 WIDTH4], written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    vec4 sum = vec4(0.0);
    for (int k = 0; k < SAMPLES; k++) {
        int at = (index / WIDTH4 * SAMPLES + k) * WIDTH4 + index % WIDTH4;
        vec4 dots;
        [[unroll]] for (int i = 0; i < 4; i++) dots[i] = LOAD(Dots, (4 * at + i) / CLASSES).x;
        sum += LOAD(Soft, at) * (LOAD(DSample, at) - dots);
    }
    DLogits[index] = sum / STEP_FLOAT(STEP_TEMPERATURE);
}
