// Densities of diagonal Gaussians, component by component, and their slopes. log sigma^2 is clamped already.
const float LOG_TWO_PI = 1.8378770664093453;

// log N(z; mu, sigma^2) = -1/2 (log 2 pi + log sigma^2 + (z - mu)^2 / sigma^2)
vec4 logNormal(vec4 z, vec4 mu, vec4 logVariance) {
    vec4 d = z - mu;
    return -0.5 * (LOG_TWO_PI + logVariance + d * d * exp(-logVariance));
}

// d log N / d mu = (z - mu) / sigma^2, and with the sign turned d log N / d z.
vec4 meanScore(vec4 z, vec4 mu, vec4 logVariance) { return (z - mu) * exp(-logVariance); }

// d log N / d log sigma^2 = 1/2 ((z - mu)^2 / sigma^2 - 1)
vec4 varianceScore(vec4 z, vec4 mu, vec4 logVariance) {
    vec4 d = z - mu;
    return 0.5 * (d * d * exp(-logVariance) - 1.0);
}
