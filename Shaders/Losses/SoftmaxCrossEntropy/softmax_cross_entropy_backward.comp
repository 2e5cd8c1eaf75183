// dLogits[r, k] = dNll[r] (exp(l_k - max l - log sum exp(l - max l)) - [k = Targets[r]])
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int CLASSES = 1;

OPERAND(0, Logits)       // [ROWS, CLASSES]
WORDS(1, Targets)        // [ROWS]
OPERAND(2, Normalizer)   // [ROWS, 2]
OPERAND(3, DNll)         // [ROWS, 1]
RESULT(4, DLogits)       // as Logits, written (=)

const int CLASSES4 = (CLASSES + 3) / 4;

void main() {
    int index = elementIndex();
    if (index >= ROWS * CLASSES4) return;
    int row = index / CLASSES4, k = 4 * (index % CLASSES4);
    vec4 normalizer = LOAD(Normalizer, row);
    vec4 p = exp((LOAD(Logits, index) - normalizer.x) - normalizer.y);
    ivec4 classes = ivec4(k) + ivec4(0, 1, 2, 3);
    p -= mix(vec4(0.0), vec4(1.0), equal(classes, ivec4(int(min(Targets[row], uint(CLASSES))))));
    DLogits[index] = LOAD(DNll, row).x * p * channelMask(index % CLASSES4, CLASSES);
}
