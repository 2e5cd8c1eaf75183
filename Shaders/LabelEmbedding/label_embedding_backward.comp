// DTable[l] = sum of DY over the rows whose label is l, in the order of the rows: each invocation looks through all labels.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int CHANNELS4 = 1;
layout(constant_id = 2) const int SAMPLES = 1;
layout(constant_id = 3) const int LABEL_COUNT = 1;
layout(constant_id = 4) const int TABLE_ROWS = 4;      // LABEL_COUNT and the padding, which becomes zero

WORDS(0, Labels)       // [BATCH]
OPERAND(1, DY)         // [BATCH SAMPLES, 4 CHANNELS4]
RESULT(2, DTable)      // [TABLE_ROWS, 4 CHANNELS4], written (=)

void main() {
    int index = elementIndex();
    if (index >= TABLE_ROWS * CHANNELS4) return;
    int label = index / CHANNELS4, column = index % CHANNELS4;
    vec4 sum = vec4(0.0);
    for (int n = 0; n < BATCH; n++)
        if (label < LABEL_COUNT && Labels[n] == uint(label))
            for (int k = 0; k < SAMPLES; k++) sum += LOAD(DY, (n * SAMPLES + k) * CHANNELS4 + column);
    DTable[index] = sum;
}
