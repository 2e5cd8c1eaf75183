// The largest of one float an invocation over a workgroup of 64; valid in every invocation, and a barrier must stand before a second call.
shared float extremeScratch[64];

const float LOWEST_FLOAT = -3.402823466e38;

float workgroupMax(float value) {
    uint lane = gl_LocalInvocationIndex;
    extremeScratch[lane] = value;
    barrier();
    for (uint half_ = 32u; half_ > 0u; half_ >>= 1) {
        if (lane < half_) extremeScratch[lane] = max(extremeScratch[lane], extremeScratch[lane + half_]);
        barrier();
    }
    return extremeScratch[0];
}
