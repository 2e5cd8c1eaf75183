// Labels[n] = ImageLabels[Step[STEP_BATCH_ROWS + n]]
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "step.glsl"
layout(constant_id = 0) const int BATCH = 1;

WORDS(0, ImageLabels)      // [images]
WORDS(1, Step)
WORDS_RESULT(2, Labels)    // [BATCH], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH) return;
    Labels[index] = ImageLabels[Step[STEP_BATCH_ROWS + index]];
}
