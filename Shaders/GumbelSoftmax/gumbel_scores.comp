// Scores = (logits + g) / tau, g ~ Gumbel(0, 1) (Jang et al. 2016, arXiv:1611.01144). Row n SAMPLES + k reads row n of the logits.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "philox.glsl"
#include "step.glsl"
layout(constant_id = 0) const int ROWS = 1;        // of the samples
layout(constant_id = 1) const int WIDTH4 = 1;      // vec4s of a row
layout(constant_id = 2) const int SAMPLES = 1;

OPERAND(0, Logits)     // [ROWS / SAMPLES, 4 WIDTH4]
WORDS(1, Step)
RESULT(2, Noise)       // [ROWS, 4 WIDTH4], written (=)
RESULT(3, Scores)      // [ROWS, 4 WIDTH4], written (=)

const uint STREAM_GUMBEL = 0x10u;

// E = -log(1 - v) is exponential for uniform v, and g = -log E is Gumbel. Where v is small a series keeps the digits of E that
// 1 - v would lose: there lie the large g, which win.
vec4 gumbel4(uvec4 bits) {
    vec4 v = uniform01(bits);
    vec4 series = v * (1.0 + v * (1.0 / 2.0 + v * (1.0 / 3.0 + v * (1.0 / 4.0 + v * (1.0 / 5.0 + v * (1.0 / 6.0))))));
    vec4 exponential = mix(-log(max(1.0 - v, 1.0 / 33554432.0)), series, lessThan(v, vec4(1.0 / 16.0)));
    return -log(exponential);
}

void main() {
    int index = elementIndex();
    if (index >= ROWS * WIDTH4) return;
    vec4 g = gumbel4(STEP_DRAW(STREAM_GUMBEL, index));
    Noise[index] = g;
    Scores[index] = (LOAD(Logits, index / WIDTH4 / SAMPLES * WIDTH4 + index % WIDTH4) + g) / STEP_FLOAT(STEP_TEMPERATURE);
}
