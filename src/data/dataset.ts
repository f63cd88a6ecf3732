/** Data as the trainer takes it: one feature matrix and one label column, in memory. */

export interface Split {
  readonly count: number;
  /** Row-major `[count, width]`; f64 so that CSV numbers and f64 trainers lose nothing. */
  readonly features: Float32Array | Float64Array;
  readonly width: number;
  /** Class indices when `classes` is set, else numbers; one per sample. */
  readonly labels: Int32Array | Float64Array;
}

export interface Dataset {
  readonly name: string;
  readonly train: Split;
  /** Absent when the source has no held-out part. */
  readonly test?: Split;
  /** Names of the classes in label order, for classification sets. */
  readonly classes?: readonly string[];
  readonly featureNames?: readonly string[];
}
