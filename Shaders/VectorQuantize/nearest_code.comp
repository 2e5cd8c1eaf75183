// Nearest[r] = the k with the highest Scores[r, k], the lowest among equals.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int CODES = 8;

OPERAND(0, Scores)         // [ROWS, CODES]
WORDS_RESULT(1, Nearest)   // [ROWS], written (=)

const int CODES4 = (CODES + 3) / 4;
const float LOWEST = -3.4e38;
shared float scores[64];
shared int codes[64];

// 8 rows x 8 lanes a workgroup. grid: elementwise over 8 ROWS
void main() {
    int id = int(gl_LocalInvocationID.x), lane = id % 8, row = elementIndex() / 8;
    float best = LOWEST;
    int code = 0;
    for (int t = 0; t < (CODES4 + 7) / 8; t++) {
        int i = 8 * t + lane;
        vec4 s = LOAD(Scores, min(row, ROWS - 1) * CODES4 + min(i, CODES4 - 1));
        [[unroll]] for (int j = 0; j < 4; j++) {
            if (4 * i + j < CODES && s[j] > best) { best = s[j]; code = 4 * i + j; }
        }
    }
    scores[id] = best;
    codes[id] = code;
    barrier();
    if (lane == 0 && row < ROWS) {
        for (int i = 1; i < 8; i++) {
            if (scores[id + i] > best || (scores[id + i] == best && codes[id + i] < code)) { best = scores[id + i]; code = codes[id + i]; }
        }
        Nearest[row] = uint(code);
    }
}
