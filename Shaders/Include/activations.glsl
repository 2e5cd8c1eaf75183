// Nonlinearities, numbered as VaeProcgen.Shaders.Activation.
const int ACTIVATION_NONE = 0;
const int ACTIVATION_RELU = 1;
const int ACTIVATION_LEAKY_RELU = 2;
const int ACTIVATION_SILU = 3;
const int ACTIVATION_SIGMOID = 4;
const int ACTIVATION_TANH = 5;
const float LEAKY_SLOPE = 0.2;

vec4 sigmoid(vec4 v) { return 1.0 / (1.0 + exp(-v)); }

// tanh v = sign(v) (1 - e) / (1 + e), e = exp(-2 |v|): no overflow for large |v|; the odd series where 1 - e would cancel.
vec4 tanhStable(vec4 v) {
    vec4 e = exp(-2.0 * abs(v));
    vec4 series = v * (1.0 + v * v * (-1.0 / 3.0 + v * v * (2.0 / 15.0 - v * v * (17.0 / 315.0))));
    return mix(sign(v) * (1.0 - e) / (1.0 + e), series, lessThan(abs(v), vec4(0.15)));
}

vec4 activate(vec4 v, int kind) {
    if (kind == ACTIVATION_RELU) return max(v, vec4(0.0));
    if (kind == ACTIVATION_LEAKY_RELU) return max(v, LEAKY_SLOPE * v);
    if (kind == ACTIVATION_SILU) return v * sigmoid(v);
    if (kind == ACTIVATION_SIGMOID) return sigmoid(v);
    if (kind == ACTIVATION_TANH) return tanhStable(v);
    return v;
}

// d activate(v) / dv, written in terms of the output y where that is possible; SiLU needs its input:
// relu' = [y > 0]; leaky' = y > 0 ? 1 : slope; sigmoid' = y (1 - y); tanh' = 1 - y^2; silu'(v) = s + v s (1 - s), s = sigmoid(v).
vec4 activationSlope(vec4 yOrInput, int kind) {
    vec4 y = yOrInput;
    if (kind == ACTIVATION_RELU) return mix(vec4(0.0), vec4(1.0), greaterThan(y, vec4(0.0)));
    if (kind == ACTIVATION_LEAKY_RELU) return mix(vec4(LEAKY_SLOPE), vec4(1.0), greaterThan(y, vec4(0.0)));
    if (kind == ACTIVATION_SILU) { vec4 s = sigmoid(y); return s + y * s * (1.0 - s); }
    if (kind == ACTIVATION_SIGMOID) return y * (1.0 - y);
    if (kind == ACTIVATION_TANH) return 1.0 - y * y;
    return vec4(1.0);
}

// 1 for the real channels of vec4 c4, 0 for the padding: sigmoid(0) is not 0, and padding must stay zero.
vec4 channelMask(int c4, int channels) {
    return mix(vec4(0.0), vec4(1.0), lessThan(ivec4(4 * c4) + ivec4(0, 1, 2, 3), ivec4(channels)));
}
