// The moments of each group, repeated for each of its channels. With m = PIXELS * C / GROUPS values in a group:
//   GroupMean[n, c] = mean of Mean over the group's channels
//   GroupRstd[n, c] = 1 / sqrt((sum of M2 + PIXELS * sum of (Mean - GroupMean)^2) / m + EPSILON)      (Chan et al. 1983)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "norm_channels.glsl"
layout(constant_id = 4) const float EPSILON = 1e-5;

OPERAND(0, Mean)        // [BATCH, CHANNELS]
OPERAND(1, M2)          // [BATCH, CHANNELS]
RESULT(2, GroupMean)    // [BATCH, CHANNELS], written (=)
RESULT(3, GroupRstd)    // [BATCH, CHANNELS], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * C4) return;
    int image = index / C4, c4 = index % C4;
    vec4 means = vec4(0.0), rstds = vec4(0.0);
    for (int i = 0; i < 4; i++) {
        int group = (4 * c4 + i) / GROUP_SIZE;
        if (4 * c4 + i >= CHANNELS) break;
        float mean = 0.0, squares = 0.0;
        for (int c = group * GROUP_SIZE; c < (group + 1) * GROUP_SIZE; c++) mean += LOAD(Mean, image * C4 + c / 4)[c % 4];
        mean /= float(GROUP_SIZE);
        for (int c = group * GROUP_SIZE; c < (group + 1) * GROUP_SIZE; c++) {
            float d = LOAD(Mean, image * C4 + c / 4)[c % 4] - mean;
            squares += LOAD(M2, image * C4 + c / 4)[c % 4] + float(PIXELS) * d * d;
        }
        means[i] = mean;
        rstds[i] = inversesqrt(squares / float(PIXELS * GROUP_SIZE) + EPSILON);
    }
    GroupMean[index] = means;
    GroupRstd[index] = rstds;
}
