/** A file that exports something, but no model. */

export default { layers: [2, 16, 2] };
