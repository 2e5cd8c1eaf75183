// Winograd's minimal filtering F(2, 2): two neighbouring outputs of a filter with two taps, from three products in place of four
// (Winograd 1980; Lavin & Gray 2016, arXiv:1509.09308, section 4):
//   y0 = d0 g0 + d1 g1,  y1 = d1 g0 + d2 g1
//   P0 = (d0 - d1) g0,   P1 = d1 (g0 + g1),   P2 = (d2 - d1) g1;      y0 = P0 + P1,  y1 = P1 + P2
// In two dimensions 2x2 outputs take 9 products P[a, b] in place of 16. Nothing but sums and differences of two: as exact as the plain sum,
// but for a small factor. Summing over channels comes between the products and the outputs, so the products are those of matrices.
//
// A convolution of kernel 4, stride 2 and pad 1 is such a filter with 2x2 taps, four times over ("parts"): forward, once for each parity of the
// input pixels, and the four are summed; adjoint, once for each parity of the output pixels. Part p, row or column:
//   forward:  d[s] = X[2 (y + s) - 1 + p],  g[t] = Weight[2 t + p]
//   adjoint:  d[s] = X[y + p - 1 + s],      g[t] = Weight[3 - p - 2 t]
// where y is the first row of the tile of outputs, on the grid of its phase.
const int TILES_H = (GRID_H + 1) / 2, TILES_W = (GRID_W + 1) / 2, TILES = BATCH * TILES_H * TILES_W;

struct Tile { int image; ivec2 first; };           // first output (y, x) on the phase's grid; image < 0: past the last tile

Tile tileAt(int index) {
    Tile tile;
    tile.image = mix(-1, index / (TILES_H * TILES_W), index < TILES);
    tile.first = 2 * ivec2(index / TILES_W % TILES_H, index % TILES_W);
    return tile;
}

ivec2 partOf(int index) { return ivec2(index / 2, index % 2); }

// Pixel index in the input of d[s], s = 0, 1, 2 in both directions.
int tileSource(Tile tile, ivec2 part, ivec2 s) {
    return inputPixel(tile.image, mix(2 * (tile.first + s) - 1 + part, tile.first + part - 1 + s, bvec2(ADJOINT != 0)));
}
