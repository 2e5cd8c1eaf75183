// Mixed precision: where HALF_OPERANDS, both operands of each product are rounded to half precision, and sums stay float. A gradient (GRADIENT
// says which operand is one) is multiplied by the loss scale before that, so that small ones survive, and the sum is divided by it: it is a
// power of two, so that neither rounds. What is too large becomes infinity, so that no one takes the gradients for right (loss_scale.comp).
// A kernel declares before: the constants HALF_OPERANDS and GRADIENT, and the operand LossScale, [4], read where GRADIENT.
const int GRADIENT_NONE = 0;                       // VaeProcgen.Shaders.MixedPrecision
const int GRADIENT_FIRST = 1;
const int GRADIENT_SECOND = 2;
const float LARGEST_HALF = 65504.0;

// 2^(10 + e) for the state's whole number e, by its bits, as exp2 need not be exact.
float lossScale() {
    return GRADIENT != GRADIENT_NONE ? uintBitsToFloat(uint(127 + 10 + int(LOAD(LossScale, 0).x)) << 23) : 1.0;
}

// Rounding may go to nearest or to zero, as the device has it.
vec4 halfOf(vec4 v) {
#if PATH_MATRIX
    vec4 rounded = v;                              // the store into the tile rounds
#else
    vec4 rounded = vec4(unpackHalf2x16(packHalf2x16(v.xy)), unpackHalf2x16(packHalf2x16(v.zw)));
#endif
    return mix(rounded, sign(v) * uintBitsToFloat(0x7F800000u), greaterThan(abs(v), vec4(LARGEST_HALF)));
}

// Without a branch, as loops call it (conv_geometry.glsl).
vec4 operandOf(vec4 v, float scale) { return mix(v, halfOf(v * scale), bvec4(HALF_OPERANDS != 0)); }

vec4 firstOperand(vec4 v, float scale) { return operandOf(v, mix(1.0, scale, GRADIENT == GRADIENT_FIRST)); }

vec4 secondOperand(vec4 v, float scale) { return operandOf(v, mix(1.0, scale, GRADIENT == GRADIENT_SECOND)); }
