// Partials[chunk, k] = sum over the rows r of the chunk with Index[r] = k of X[r], and where COUNTED the number of these rows.
// One invocation owns one column of one chunk and adds row after row: no atomics, the same order each time.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int X4 = 1;
layout(constant_id = 2) const int SEGMENTS = 1;
layout(constant_id = 3) const int CHUNK = 1;       // rows a chunk
layout(constant_id = 4) const int COUNTED = 0;

OPERAND(0, X)               // [ROWS, 4 X4]
WORDS(1, Index)             // [ROWS]; SEGMENTS and above: left out
WORDS_RESULT(2, Partials)   // [chunks, SEGMENTS, 4 (X4 + COUNTED)], floats, written (=)

const int WIDTH4 = X4 + COUNTED;

// grid: elementwise over chunks * WIDTH4
void main() {
    int index = elementIndex(), chunk = index / WIDTH4, column = index % WIDTH4;
    if (chunk * CHUNK >= ROWS) return;
    int base = 4 * (chunk * SEGMENTS * WIDTH4 + column);
    for (int k = 0; k < SEGMENTS; k++) {
        [[unroll]] for (int j = 0; j < 4; j++) Partials[base + 4 * WIDTH4 * k + j] = 0u;
    }
    for (int i = 0; i < CHUNK; i++) {
        int row = chunk * CHUNK + i;
        uint k = Index[min(row, ROWS - 1)];
        if (row < ROWS && k < uint(SEGMENTS)) {
            int at = base + 4 * WIDTH4 * int(k);
            vec4 value = column < X4 ? LOAD(X, row * X4 + min(column, X4 - 1)) : vec4(1.0, 0.0, 0.0, 0.0);
            [[unroll]] for (int j = 0; j < 4; j++) Partials[at + j] = floatBitsToUint(uintBitsToFloat(Partials[at + j]) + value[j]);
        }
    }
}
