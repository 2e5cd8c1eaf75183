// Y[i] = Table[Index[i]], or zeros where Index[i] is no row of the table.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int WORD_COUNT = 1;
layout(constant_id = 1) const int SIZE4 = 1;
layout(constant_id = 2) const int COUNT = 1;

WORDS(0, Index)      // [WORD_COUNT]
OPERAND(1, Table)    // [COUNT, 4 SIZE4]
RESULT(2, Y)         // [WORD_COUNT, 4 SIZE4], written (=)

void main() {
    int index = elementIndex();
    if (index >= WORD_COUNT * SIZE4) return;
    uint k = Index[index / SIZE4];
    vec4 row = LOAD(Table, int(min(k, uint(COUNT - 1))) * SIZE4 + index % SIZE4);
    Y[index] = k < uint(COUNT) ? row : vec4(0.0);
}
