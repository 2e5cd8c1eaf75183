// Of each categorical variable with scores s, and q = softmax(s):
//   (max s, S = sum exp(s - max s), sum q (s - max s), the first c with s_c = max s)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "categorical.glsl"

OPERAND(0, Scores)         // [rows, variables CLASSES]
RESULT(1, Statistics)      // [rows, variables, 4], written (=)

float scoreAt(int element) { return LOAD(Scores, element / 4)[element % 4]; }

void main() {
    int index = elementIndex();
    if (index >= VARIABLES) return;
    int first = index * CLASSES, best = 0;
    float largest = scoreAt(first);
    for (int c = 1; c < CLASSES; c++) {
        float score = scoreAt(first + c);
        if (score > largest) { largest = score; best = c; }
    }
    float sum = 0.0, moment = 0.0;
    for (int c = 0; c < CLASSES; c++) {
        float below = scoreAt(first + c) - largest, weight = exp(below);
        sum += weight;
        moment += weight * below;
    }
    Statistics[index] = vec4(largest, sum, moment / sum, float(best));
}
