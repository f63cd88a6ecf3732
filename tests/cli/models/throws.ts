/** A file that fails while it is loaded. */

function readSettings(): number {
  throw new RangeError('no settings here');
}

export default readSettings();
