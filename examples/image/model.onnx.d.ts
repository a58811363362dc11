/** Inputs and outputs of model.onnx. Written by `coldpress types`, kept up to date by `coldpress pack`. */
export interface Model {
  inputs: {
    image: { datatype: 'FP32'; shape: ['N', 3, 64, 64] };
  };
  outputs: {
    probabilities: { datatype: 'FP32'; shape: ['N', 4] };
  };
}

/** One record, unless a score changes it; by its features, where samples name them. */
export type DefaultRecord<Feature extends string = never> =
  | { image: number[][][] }
  | number[][][]
  | ([Feature] extends [never] ? never : Record<Feature, number>);

/** The result of one record, unless a score changes it. */
export interface DefaultResult {
  probabilities: Float[];
}

/** As JSON has it. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
