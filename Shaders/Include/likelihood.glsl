// A decoder gives logits l; the mean of p(x|z) is xhat = link(l). Row r of the logits scores image r / SAMPLES. The scale (Gaussian
// sigma, Laplace b, logistic s) is fixed, or the optimum of the batch: sigma^2 = mean (x - xhat)^2, b = mean |x - xhat| (Rybkin et
// al. 2020, arXiv:2006.13202), or exp(LogScale), which is trained.
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int PIXELS4 = 1;        // vec4s of one image
layout(constant_id = 2) const int CHANNELS = 4;
layout(constant_id = 3) const int SAMPLES = 1;        // rows an image
layout(constant_id = 4) const int LIKELIHOOD = 0;
layout(constant_id = 5) const int LINK_SIGMOID = 1;
layout(constant_id = 6) const int SCALE_MODE = 0;
layout(constant_id = 7) const float FIXED_SCALE = 1.0;

const int LIKELIHOOD_GAUSSIAN = 0;
const int LIKELIHOOD_LAPLACE = 1;
const int LIKELIHOOD_BERNOULLI = 2;
const int LIKELIHOOD_DISCRETIZED_LOGISTIC = 3;
const int SCALE_OPTIMAL = 0;
const int SCALE_FIXED = 1;
const int SCALE_LEARNED = 2;
const int C4 = (CHANNELS + 3) / 4;
const float SMALLEST_SCALE = 1e-3;                    // finer than one step of 8-bit colour: a perfect batch must not divide by zero

// Values of one image, padding left out.
float valuesOfImage() { return float(PIXELS4) / float(C4) * float(CHANNELS); }

vec4 link(vec4 logits) { return LINK_SIGMOID != 0 ? sigmoid(logits) : logits; }

// The fixed or learned scale.
float scaleOf(float logScale) { return SCALE_MODE == SCALE_LEARNED ? max(exp(logScale), SMALLEST_SCALE) : FIXED_SCALE; }

// The scale in force. totals: (sum |d|, sum d^2, ..) over all rows.
float scaleOf(float logScale, vec4 totals) {
    if (SCALE_MODE != SCALE_OPTIMAL) return scaleOf(logScale);
    float values = float(ROWS) * valuesOfImage();
    return max(LIKELIHOOD == LIKELIHOOD_LAPLACE ? totals.x / values : sqrt(totals.y / values), SMALLEST_SCALE);
}

float sum4(vec4 v) { return dot(v, vec4(1.0)); }

vec4 softplus(vec4 v) { return max(v, 0.0) + log(1.0 + exp(-abs(v))); }

// The discretized logistic (Salimans et al. 2017, arXiv:1701.05517, eq. 2): with a = (x + h - xhat) / s, b = (x - h - xhat) / s, h = 1/510,
//   p = sigmoid(a) - sigmoid(b) = sigmoid(a) (1 - sigmoid(b)) (1 - exp(-2h / s)),  the interval of x = 0 and of x = 1 open outwards.
// x is rounded to the nearest k / 255.
struct Logistic {
    vec4 a, b;           // as above
    vec4 hasA, hasB;     // 0 where the interval is open on that side, else 1
    vec4 both;           // hasA * hasB
    float width;         // 2h / s
};

Logistic logisticOf(vec4 x, vec4 xhat, float s) {
    Logistic l;
    vec4 k = floor(clamp(x, 0.0, 1.0) * 255.0 + 0.5);
    l.hasA = mix(vec4(1.0), vec4(0.0), equal(k, vec4(255.0)));
    l.hasB = mix(vec4(1.0), vec4(0.0), equal(k, vec4(0.0)));
    l.both = l.hasA * l.hasB;
    l.a = ((k + 0.5) / 255.0 - xhat) / s;
    l.b = ((k - 0.5) / 255.0 - xhat) / s;
    l.width = 1.0 / (255.0 * s);
    return l;
}

// log(1 - exp(-w)), by its series where the difference would cancel.
float logOneMinusExp(float w) {
    float w2 = w * w;
    return w < 0.1 ? log(w) - 0.5 * w + w2 * (1.0 / 24.0 - w2 * (1.0 / 2880.0 - w2 / 181440.0)) : log(1.0 - exp(-w));
}

// w / (exp(w) - 1), likewise.
float overExpMinusOne(float w) {
    float w2 = w * w;
    return w < 0.1 ? 1.0 - 0.5 * w + w2 * (1.0 / 12.0 - w2 * (1.0 / 720.0 - w2 / 30240.0)) : w / (exp(w) - 1.0);
}

// -log p of each value.
vec4 logisticNll(Logistic l) {
    return l.hasA * softplus(-l.a) + l.hasB * softplus(l.b) - l.both * logOneMinusExp(l.width);
}

// d(-log p) / d(log s)
vec4 logisticScaleGradient(Logistic l) {
    return l.hasA * l.a * sigmoid(-l.a) - l.hasB * l.b * sigmoid(l.b) + l.both * overExpMinusOne(l.width);
}

// d(-log p) / d(xhat)
vec4 logisticMeanGradient(Logistic l, float s) { return (l.hasA * sigmoid(-l.a) - l.hasB * sigmoid(l.b)) / s; }
