// The extent of a normalization: CHANNELS in GROUPS groups; LayerNorm is one group, one pixel an image.
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int PIXELS = 1;     // of one image
layout(constant_id = 2) const int CHANNELS = 4;
layout(constant_id = 3) const int GROUPS = 1;     // divides CHANNELS

const int C4 = (CHANNELS + 3) / 4;
const int GROUP_SIZE = CHANNELS / GROUPS;
