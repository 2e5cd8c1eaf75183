// A part of a map: at each cell, the features of the four tiles whose centres lie around it, blended bilinearly.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int H = 1;          // cells of the part
layout(constant_id = 1) const int W = 1;
layout(constant_id = 2) const int C4 = 1;
layout(constant_id = 3) const int TILE_H = 1;     // cells of a tile
layout(constant_id = 4) const int TILE_W = 1;
layout(constant_id = 5) const int COLUMNS = 1;    // tiles in a row

OPERAND(0, Tiles)    // [rows * COLUMNS, TILE_H, TILE_W, 4 C4]
WORDS(1, Origin)     // [2]: row and column, among the cells of the tiles, of the part's first cell
RESULT(2, Y)         // [1, H, W, 4 C4], written (=)

vec4 tileAt(int t, int s, int y, int x, int c) { return LOAD(Tiles, (((t * COLUMNS + s) * TILE_H + y) * TILE_W + x) * C4 + c); }

void main() {
    int index = elementIndex();
    if (index >= H * W * C4) return;
    int c = index % C4;
    int j = int(Origin[0]) + index / (C4 * W), i = int(Origin[1]) + index / C4 % W;
    // In half cells, from the centre of the first tile.
    int v = 2 * j + 1 - TILE_H, u = 2 * i + 1 - TILE_W;
    int t = v / (2 * TILE_H), s = u / (2 * TILE_W), y = j % TILE_H, x = i % TILE_W;
    float down = float(v % (2 * TILE_H)) / float(2 * TILE_H), right = float(u % (2 * TILE_W)) / float(2 * TILE_W);
    // Not mix(), which rounds where both are equal.
    vec4 a = tileAt(t, s, y, x, c), b = tileAt(t + 1, s, y, x, c);
    a += right * (tileAt(t, s + 1, y, x, c) - a);
    b += right * (tileAt(t + 1, s + 1, y, x, c) - b);
    Y[index] = a + down * (b - a);
}
