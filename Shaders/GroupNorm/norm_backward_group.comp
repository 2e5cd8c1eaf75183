// Group means that dX needs, repeated for each channel; m = PIXELS * C / GROUPS values in a group:
//   MeanDXhat[n, c] = 1/m * sum over the group's channels of Gamma * SumDV
//   MeanDXhatXhat[n, c] = 1/m * sum over the group's channels of Gamma * SumDVXhat
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "norm_channels.glsl"

OPERAND(0, SumDV)              // [BATCH, CHANNELS]
OPERAND(1, SumDVXhat)          // [BATCH, CHANNELS]
OPERAND(2, Gamma)              // [CHANNELS]
RESULT(3, MeanDXhat)           // [BATCH, CHANNELS], written (=)
RESULT(4, MeanDXhatXhat)       // [BATCH, CHANNELS], written (=)

// One invocation an image, as in norm_group.
void main() {
    int image = elementIndex();
    if (image >= BATCH) return;
    float a = 0.0, b = 0.0;
    for (int c4 = 0; c4 < C4; c4++) {
        vec4 first = vec4(0.0), second = vec4(0.0);
        for (int i = 0; i < 4 && 4 * c4 + i < CHANNELS; i++) {
            int start = 4 * c4 + i;
            if (start % GROUP_SIZE == 0) {
                a = b = 0.0;
                for (int c = start; c < start + GROUP_SIZE; c++) {
                    float gamma = LOAD(Gamma, c / 4)[c % 4] / float(PIXELS * GROUP_SIZE);
                    a += gamma * LOAD(SumDV, image * C4 + c / 4)[c % 4];
                    b += gamma * LOAD(SumDVXhat, image * C4 + c / 4)[c % 4];
                }
            }
            first[i] = a;
            second[i] = b;
        }
        MeanDXhat[image * C4 + c4] = first;
        MeanDXhatXhat[image * C4 + c4] = second;
    }
}
