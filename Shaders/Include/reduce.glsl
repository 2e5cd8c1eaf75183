// Sum of one vec4 an invocation over a workgroup of 64, as a fixed tree: the same bits each time. The result is valid in every invocation;
// a barrier must stand before a second call where others than invocation 0 read the first.
shared vec4 reduceScratch[64];

vec4 workgroupSum(vec4 value) {
    uint lane = gl_LocalInvocationIndex;
    reduceScratch[lane] = value;
    barrier();
    for (uint half_ = 32u; half_ > 0u; half_ >>= 1) {
        if (lane < half_) reduceScratch[lane] += reduceScratch[lane + half_];
        barrier();
    }
    return reduceScratch[0];
}
