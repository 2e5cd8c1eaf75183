#version 450
// One quad of a square grid for each instance, as a strip of two triangles. The number of the instance says where in the grid it
// stands, in rows from the top left, and which layer it shows. There are no vertex buffers.
layout(constant_id = 0) const int COLUMNS = 1;

layout(location = 0) out vec2 coordinate;
layout(location = 1) flat out int layer;

void main()
{
    vec2 corner = vec2(gl_VertexIndex % 2, gl_VertexIndex / 2);
    vec2 cell = vec2(gl_InstanceIndex % COLUMNS, gl_InstanceIndex / COLUMNS);
    coordinate = corner;
    layer = gl_InstanceIndex;
    gl_Position = vec4((cell + corner) / float(COLUMNS) * 2.0 - 1.0, 0.0, 1.0);
}
