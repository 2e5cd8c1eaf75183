// Categorical variables of CLASSES classes lie one after another in a row, without padding: [rows, variables CLASSES], a multiple of 4
// floats. So float e of such a tensor belongs to class e % CLASSES of variable e / CLASSES, counted over all rows.
layout(constant_id = 0) const int COUNT4 = 1;      // vec4s of the tensor
layout(constant_id = 1) const int CLASSES = 4;

const int VARIABLES = COUNT4 * 4 / CLASSES;        // of all rows
