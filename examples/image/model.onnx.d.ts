/** Inputs and outputs of model.onnx. Written by `coldpress types`, kept up to date by `coldpress pack`. */
export interface Model {
  inputs: {
    image: { datatype: 'FP32'; shape: ['N', 3, 64, 64] };
  };
  outputs: {
    probabilities: { datatype: 'FP32'; shape: ['N', 4] };
  };
}

/** The default input record. If the samples name the features, you can use those names. */
export type DefaultRecord<Feature extends string = never> =
  | { image: number[][][] }
  | number[][][]
  | ([Feature] extends [never] ? never : Record<Feature, number>);

/** The default result for one record. */
export interface DefaultResult {
  probabilities: Float[];
}

/** A number, or a string for the values that JSON cannot represent. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
