// Nll[r] = log sum_k exp(l_k - max l) + max l - l_t, t = Targets[r], l = Logits[r];  Normalizer[r] = (max l, log sum_k exp(l_k - max l))
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int CLASSES = 1;

OPERAND(0, Logits)       // [ROWS, CLASSES]
WORDS(1, Targets)        // [ROWS]
RESULT(2, Nll)           // [ROWS, 1], written (=)
RESULT(3, Normalizer)    // [ROWS, 2], written (=)

const int CLASSES4 = (CLASSES + 3) / 4;
const float LOWEST = -3.4e38;
shared vec3 parts[64];   // of each lane: (max, sum of exp(l - max), l_t or 0)

// 8 rows x 8 lanes a workgroup. grid: elementwise over 8 ROWS
void main() {
    int id = int(gl_LocalInvocationID.x), lane = id % 8, row = elementIndex() / 8;
    int base = min(row, ROWS - 1) * CLASSES4, target = int(min(Targets[min(row, ROWS - 1)], uint(CLASSES)));
    float most = LOWEST, sum = 0.0, chosen = 0.0;
    for (int t = 0; t < (CLASSES4 + 7) / 8; t++) {
        int i = 8 * t + lane;
        vec4 l = LOAD(Logits, base + min(i, CLASSES4 - 1));
        [[unroll]] for (int j = 0; j < 4; j++) if (4 * i + j < CLASSES) most = max(most, l[j]);
    }
    for (int t = 0; t < (CLASSES4 + 7) / 8; t++) {
        int i = 8 * t + lane;
        vec4 l = LOAD(Logits, base + min(i, CLASSES4 - 1));
        [[unroll]] for (int j = 0; j < 4; j++) {
            if (4 * i + j < CLASSES) {
                sum += exp(l[j] - most);
                if (4 * i + j == target) chosen = l[j];
            }
        }
    }
    parts[id] = vec3(most, sum, chosen);
    barrier();
    if (lane == 0 && row < ROWS) {
        for (int i = 1; i < 8; i++) most = max(most, parts[id + i].x);
        sum = 0.0;
        chosen = 0.0;
        for (int i = 0; i < 8; i++) {
            vec3 part = parts[id + i];
            sum += part.y * exp(part.x - most);
            chosen += part.z;
        }
        float logSum = log(sum);
        Nll[row] = vec4(logSum + (most - chosen), 0.0, 0.0, 0.0);
        Normalizer[row] = vec4(most, logSum, 0.0, 0.0);
    }
}
