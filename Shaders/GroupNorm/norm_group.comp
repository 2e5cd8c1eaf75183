// The moments of each group, repeated for each of its channels. With m = PIXELS * C / GROUPS values in a group:
//   GroupMean[n, c] = mean of Mean over the group's channels
//   GroupRstd[n, c] = 1 / sqrt((sum of M2 + PIXELS * sum of (Mean - GroupMean)^2) / m + EPSILON)      (Chan et al. 1983)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "norm_channels.glsl"
layout(constant_id = 4) const float EPSILON = 1e-5;

OPERAND(0, Mean)        // [BATCH, CHANNELS]
OPERAND(1, M2)          // [BATCH, CHANNELS]
RESULT(2, GroupMean)    // [BATCH, CHANNELS], written (=)
RESULT(3, GroupRstd)    // [BATCH, CHANNELS], written (=)

// One invocation an image walks its channels once; a group's moments are taken when its first channel comes up.
void main() {
    int image = elementIndex();
    if (image >= BATCH) return;
    float mean = 0.0, rstd = 0.0;
    for (int c4 = 0; c4 < C4; c4++) {
        vec4 means = vec4(0.0), rstds = vec4(0.0);
        for (int i = 0; i < 4 && 4 * c4 + i < CHANNELS; i++) {
            int first = 4 * c4 + i;
            if (first % GROUP_SIZE == 0) {
                mean = 0.0;
                for (int c = first; c < first + GROUP_SIZE; c++) mean += LOAD(Mean, image * C4 + c / 4)[c % 4];
                mean /= float(GROUP_SIZE);
                float squares = 0.0;
                for (int c = first; c < first + GROUP_SIZE; c++) {
                    float d = LOAD(Mean, image * C4 + c / 4)[c % 4] - mean;
                    squares += LOAD(M2, image * C4 + c / 4)[c % 4] + float(PIXELS) * d * d;
                }
                rstd = inversesqrt(squares / float(PIXELS * GROUP_SIZE) + EPSILON);
            }
            means[i] = mean;
            rstds[i] = rstd;
        }
        GroupMean[image * C4 + c4] = means;
        GroupRstd[image * C4 + c4] = rstds;
    }
}
