// What happens to a finished sum before it is stored: + bias, activation, and (in backward) times the slope of the activation
// that made the tensor whose gradient this is, taken from that tensor's value.
layout(constant_id = 12) const int HAS_BIAS = 0;
layout(constant_id = 13) const int ACTIVATION = 0;
layout(constant_id = 14) const int MASK_ACTIVATION = 0;

#define EPILOGUE(SUM, J4, INDEX) epilogue(SUM, J4, HAS_BIAS != 0 ? LOAD(Bias, J4) : vec4(0.0), \
    MASK_ACTIVATION != 0 ? LOAD(Mask, INDEX) : vec4(0.0))

vec4 epilogue(vec4 sum, int j4, vec4 bias, vec4 mask) {
    vec4 v = activate(sum + bias, ACTIVATION);
    if (ACTIVATION == ACTIVATION_SIGMOID) v *= channelMask(j4, OUT_C);
    if (MASK_ACTIVATION != 0) v *= activationSlope(mask, MASK_ACTIVATION);
    return v;
}
