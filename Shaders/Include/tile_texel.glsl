// The tile of the texel path: TILE rows by 32 columns on the 8 lanes of a workgroup. Lane l owns columns 4l .. 4l+3 of every row, and fetches the
// operands of rows l, 8 + l, ..; a row's scalars reach the other lanes by shuffle with a constant lane, which costs next to nothing. More rows
// fetch less for each product, and make longer loops, which some processors are slow at; a tile of fewer than 8, for a result that has no more, spares
// the arithmetic: what the lanes past it fetch is not used. Whichever it is, every sum is taken in the same order, one step after another: the same bits.
const int FETCHES = (TILE + 7) / 8;                // of an operand of rows, each of which brings one to every lane
layout(local_size_x = 8) in;

// A number of row i, of the FETCHES that a lane has.
#define OF_ROW(VALUES, I) subgroupShuffle(VALUES[(I) / 8], (I) % 8)

// sums[row] += over the four channels k of a vec4, in order, of  X[k] of that row * W[k]
#define ADD_PRODUCTS(X, W) \
    [[unroll]] for (int i = 0; i < TILE; i++) [[unroll]] for (int k = 0; k < 4; k++) sums[i] += subgroupShuffle(X[i / 8][k], i % 8) * W[k];
