// A decoder gives logits l; the mean of p(x|z) is xhat = link(l). The scale (Gaussian sigma, Laplace b) is a constant or, where
// SCALE is 0, the optimum of the batch: sigma^2 = mean (x - xhat)^2, b = mean |x - xhat| (Rybkin et al. 2020, arXiv:2006.13202).
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int PIXELS4 = 1;        // vec4s of one image
layout(constant_id = 2) const int CHANNELS = 4;
layout(constant_id = 3) const int LIKELIHOOD = 0;
layout(constant_id = 4) const int LINK_SIGMOID = 1;
layout(constant_id = 5) const float SCALE = 0.0;

const int LIKELIHOOD_GAUSSIAN = 0;
const int LIKELIHOOD_LAPLACE = 1;
const int LIKELIHOOD_BERNOULLI = 2;
const int C4 = (CHANNELS + 3) / 4;
const float SMALLEST_SCALE = 1e-3;                    // finer than one step of 8-bit colour: a perfect batch must not divide by zero

vec4 link(vec4 logits) { return LINK_SIGMOID != 0 ? sigmoid(logits) : logits; }
