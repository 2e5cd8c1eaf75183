// One random position of the grid of each image of the batch: its code, the codes before it, and the image's label.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "philox.glsl"
#include "step.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int HEIGHT = 1;
layout(constant_id = 2) const int WIDTH = 1;
layout(constant_id = 3) const int RADIUS = 0;         // of the causal window; 0: all earlier codes
layout(constant_id = 4) const int SLOTS = 1;
layout(constant_id = 5) const int LABEL_COUNT = 0;
layout(constant_id = 6) const float CONTEXT_DROP = 0.0;
layout(constant_id = 7) const float LABEL_DROP = 0.0;

WORDS(0, Codes)             // [images, HEIGHT, WIDTH]
WORDS(1, Labels)            // [images], read where LABEL_COUNT > 0
WORDS(2, Step)
WORDS_RESULT(3, Context)    // [BATCH, SLOTS], written (=)
WORDS_RESULT(4, Position)   // [BATCH], written (=)
WORDS_RESULT(5, Label)      // [BATCH], written (=)
WORDS_RESULT(6, Target)     // [BATCH], written (=)

const uint STREAM_POSITION = 0x21u;
const uint STREAM_CONTEXT_DROP = 0x22u;
const uint NOTHING = 0xFFFFFFFFu;

// As CodeGrid.SourceOf.
int sourceOf(int position, int slot) {
    if (RADIUS == 0) return slot < position ? slot : -1;
    int across = 2 * RADIUS + 1, y = position / WIDTH + slot / across - RADIUS, x = position % WIDTH + slot % across - RADIUS;
    return y >= 0 && x >= 0 && x < WIDTH ? y * WIDTH + x : -1;
}

// grid: elementwise over BATCH (SLOTS + 1); the last of a row writes what there is one of
void main() {
    int index = elementIndex();
    if (index >= BATCH * (SLOTS + 1)) return;
    int row = index / (SLOTS + 1), slot = index % (SLOTS + 1);
    int image = int(Step[STEP_BATCH_ROWS + row]), first = image * HEIGHT * WIDTH;
    uvec4 draw = STEP_DRAW(STREAM_POSITION, row);
    uint position, low;
    umulExtended(draw.x, uint(HEIGHT * WIDTH), position, low);
    if (slot < SLOTS) {
        int source = sourceOf(int(position), slot);
        uint code = Codes[first + max(source, 0)];
        bool dropped = CONTEXT_DROP > 0.0 && uniform01(STEP_DRAW(STREAM_CONTEXT_DROP, row * SLOTS + slot)).x <= CONTEXT_DROP;
        Context[row * SLOTS + slot] = source < 0 || dropped ? NOTHING : code;
    } else {
        Position[row] = position;
        Target[row] = Codes[first + int(position)];
        uint label = uint(LABEL_COUNT);
        if (LABEL_COUNT > 0 && uniform01(draw).y > LABEL_DROP) label = Labels[image];
        Label[row] = label;
    }
}
