// Group means that dX needs, repeated for each channel; m = PIXELS * C / GROUPS values in a group:
//   MeanDXhat[n, c] = 1/m * sum over the group's channels of Gamma * SumDY
//   MeanDXhatXhat[n, c] = 1/m * sum over the group's channels of Gamma * SumDYXhat
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "norm_channels.glsl"

OPERAND(0, SumDY)              // [BATCH, CHANNELS]
OPERAND(1, SumDYXhat)          // [BATCH, CHANNELS]
OPERAND(2, Gamma)              // [CHANNELS]
RESULT(3, MeanDXhat)           // [BATCH, CHANNELS], written (=)
RESULT(4, MeanDXhatXhat)       // [BATCH, CHANNELS], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * C4) return;
    int image = index / C4, c4 = index % C4;
    vec4 first = vec4(0.0), second = vec4(0.0);
    for (int i = 0; i < 4; i++) {
        int group = (4 * c4 + i) / GROUP_SIZE;
        if (4 * c4 + i >= CHANNELS) break;
        float a = 0.0, b = 0.0;
        for (int c = group * GROUP_SIZE; c < (group + 1) * GROUP_SIZE; c++) {
            float gamma = LOAD(Gamma, c / 4)[c % 4];
            a += gamma * LOAD(SumDY, image * C4 + c / 4)[c % 4];
            b += gamma * LOAD(SumDYXhat, image * C4 + c / 4)[c % 4];
        }
        first[i] = a / float(PIXELS * GROUP_SIZE);
        second[i] = b / float(PIXELS * GROUP_SIZE);
    }
    MeanDXhat[index] = first;
    MeanDXhatXhat[index] = second;
}
