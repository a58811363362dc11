/** Inputs and outputs of model.onnx. Written by `coldpress types`, kept up to date by `coldpress pack`. */
export interface Model {
  inputs: {
    float_input: { datatype: 'FP32'; shape: ['N', 30] };
  };
  outputs: {
    output_label: { datatype: 'INT64'; shape: ['N'] };
    output_probability: { datatype: 'FP32'; shape: ['N', 2]; labels: [0, 1] };
  };
}

/** The default input record. If the samples name the features, you can use those names. */
export type DefaultRecord<Feature extends string = never> =
  | { float_input: number[] }
  | number[]
  | ([Feature] extends [never] ? never : Record<Feature, number>);

/** The default result for one record. */
export interface DefaultResult {
  output_label: number | string;
  output_probability: Record<Model['outputs']['output_probability']['labels'][number], Float>;
}

/** A number, or a string for the values that JSON cannot represent. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
