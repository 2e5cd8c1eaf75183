#version 450
layout(binding = 0) uniform sampler2DArray layers;

layout(location = 0) in vec2 coordinate;
layout(location = 1) flat in int layer;
layout(location = 0) out vec4 colour;

void main()
{
    colour = texture(layers, vec3(coordinate, layer));
}
