// What a normalization applies to V = Gamma xhat + Beta:  Y = activation(V)
layout(constant_id = 4) const int ACTIVATION = 0;

vec4 normalized(vec4 x, vec4 mean, vec4 rstd, vec4 gamma, vec4 beta) { return (x - mean) * rstd * gamma + beta; }

// dV, with V computed again in place of being kept.
vec4 slopedGradient(vec4 dy, vec4 v) {
    if (ACTIVATION == ACTIVATION_NONE) return dy;
    return dy * activationSlope(ACTIVATION == ACTIVATION_SILU ? v : activate(v, ACTIVATION), ACTIVATION);
}
