// q = softmax of the scores of each categorical variable.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "categorical.glsl"

OPERAND(0, Scores)             // [rows, variables CLASSES]
OPERAND(1, Statistics)         // [rows, variables, 4], of class_statistics
RESULT(2, Probabilities)       // as Scores, written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    vec4 scores = LOAD(Scores, index), q;
    [[unroll]] for (int i = 0; i < 4; i++) {
        vec4 of = LOAD(Statistics, (4 * index + i) / CLASSES);
        q[i] = exp(scores[i] - of.x) / of.y;
    }
    Probabilities[index] = q;
}
