// How a kernel reads and writes tensors. A kernel names its bindings with these macros only, so that one source serves both
// operand paths, and the build can read the names and directions off the source and generate a typed C# factory from them.
//
//   OPERAND(0, X)   // [N, H, W, C]   read-only floats, fetched as vec4: LOAD(X, i) is elements 4i .. 4i+3
//   RESULT(1, Y)    // [N, H, W, C]   written floats:                    Y[i] = value
//   WORDS(2, Step)                    read-only 32-bit words:            Step[i]
//   WORDS_RESULT(3, Row)              written (and readable) words
//
// Every float tensor is NHWC with C padded to a multiple of 4. Padding channels are zero, and one more pixel of zeros lies
// past the end of each tensor: an index there is how a kernel reads "outside the image" without a branch.
//
// PATH_TEXEL (CPU devices) reads through RGBA32F texel buffers, a straight 128-bit load there, where a storage buffer load
// becomes a bounds-checked scalar loop over the lanes. PATH_SHARED (GPUs) reads storage buffers.
//
// In kernels of PATH_TEXEL, no loop's condition may be what first names the integer 0 where a LOAD comes after that loop: compute such a condition
// before the loop. Lavapipe of Mesa 26 merges that 0 with the LOAD's implicit level of detail, passes it out of the loop through a phi, then takes
// the level for a varying one and calls a fetch function that it has compiled for constant levels only: a null pointer.
#extension GL_EXT_control_flow_attributes : require

#if PATH_TEXEL
#extension GL_KHR_shader_subgroup_shuffle : require
#define OPERAND(BINDING, NAME) layout(binding = BINDING) uniform textureBuffer NAME;
#define LOAD(NAME, INDEX) texelFetch(NAME, INDEX)
#else
#define OPERAND(BINDING, NAME) layout(std430, binding = BINDING) readonly buffer NAME##Block { vec4 NAME[]; };
#define LOAD(NAME, INDEX) NAME[INDEX]
#endif

#define RESULT(BINDING, NAME) layout(std430, binding = BINDING) writeonly buffer NAME##Block { vec4 NAME[]; };
#define WORDS(BINDING, NAME) layout(std430, binding = BINDING) readonly buffer NAME##Block { uint NAME[]; };
#define WORDS_RESULT(BINDING, NAME) layout(std430, binding = BINDING) buffer NAME##Block { uint NAME[]; };
