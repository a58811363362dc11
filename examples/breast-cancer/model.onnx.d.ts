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

/** One record, unless a score changes it; by its features, where samples name them. */
export type DefaultRecord<Feature extends string = never> =
  | { float_input: number[] }
  | number[]
  | ([Feature] extends [never] ? never : Record<Feature, number>);

/** The result of one record, unless a score changes it. */
export interface DefaultResult {
  output_label: number | string;
  output_probability: Record<Model['outputs']['output_probability']['labels'][number], Float>;
}

/** As JSON has it. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
