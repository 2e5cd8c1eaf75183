// Y[n SAMPLES + k] = Table[Labels[n]]; zeros for a label past the table.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;            // of Y
layout(constant_id = 1) const int CHANNELS4 = 1;
layout(constant_id = 2) const int SAMPLES = 1;
layout(constant_id = 3) const int LABEL_COUNT = 1;

WORDS(0, Labels)       // [ROWS / SAMPLES]
OPERAND(1, Table)      // [LABEL_COUNT, 4 CHANNELS4]
RESULT(2, Y)           // [ROWS, 4 CHANNELS4], written (=)

void main() {
    int index = elementIndex();
    if (index >= ROWS * CHANNELS4) return;
    uint label = Labels[index / CHANNELS4 / SAMPLES];
    int row = int(min(label, uint(LABEL_COUNT - 1)));
    vec4 value = LOAD(Table, row * CHANNELS4 + index % CHANNELS4);
    Y[index] = label < uint(LABEL_COUNT) ? value : vec4(0.0);
}
