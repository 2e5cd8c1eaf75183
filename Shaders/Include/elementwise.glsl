// One invocation per vec4 of the result. The grid is folded into x and y, because one dimension may be limited to 65,535 groups.
layout(local_size_x = 64) in;

int elementIndex() {
    return int((gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * 64u + gl_LocalInvocationID.x);
}
