// The head of an encoder holds a diagonal Gaussian: [BATCH, 2 Z] = (mu | log sigma^2), Z = 4 LATENT4.
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int LATENT4 = 1;

// log sigma^2 is clamped to where exp is harmless; its gradient is zero outside.
const float LOG_VARIANCE_LIMIT = 12.0;

vec4 clampLogVariance(vec4 v) { return clamp(v, -LOG_VARIANCE_LIMIT, LOG_VARIANCE_LIMIT); }

vec4 insideLimit(vec4 v) { return mix(vec4(0.0), vec4(1.0), lessThan(abs(v), vec4(LOG_VARIANCE_LIMIT))); }
