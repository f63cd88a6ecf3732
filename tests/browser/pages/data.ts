/** The data and the options of the training that pages and Node make alike. */

const records = 100;

/** Whole numbers alone decide them: no function of the host has a part in it. */
export const data = {
  x: Float32Array.from({ length: 2 * records }, (_, i) => ((i * i * 37 + i * 11) % 101) / 32 - 1.5),
  y: Int32Array.from({ length: records }, (_, i) => (i * i * 37 + i * 22) % 2),
};

/** 7 steps in an epoch, the last one of 4 records. */
export const fit = { batch: 16, steps: 40 };
export const seed = 5;
