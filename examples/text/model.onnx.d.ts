/** Inputs and outputs of model.onnx. Written by `coldpress types`, kept up to date by `coldpress pack`. */
export interface Model {
  inputs: {
    input_ids: { datatype: 'INT64'; shape: ['N', 'sequence'] };
    attention_mask: { datatype: 'INT64'; shape: ['N', 'sequence'] };
  };
  outputs: {
    probabilities: { datatype: 'FP32'; shape: ['N', 4] };
  };
}

/** One record, unless a score changes it. */
export interface DefaultRecord {
  input_ids: (number | string)[];
  attention_mask: (number | string)[];
}

/** The result of one record, unless a score changes it. */
export interface DefaultResult {
  probabilities: Float[];
}

/** As JSON has it. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
