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

/** The default input record. */
export interface DefaultRecord {
  input_ids: (number | string)[];
  attention_mask: (number | string)[];
}

/** The default result for one record. */
export interface DefaultResult {
  probabilities: Float[];
}

/** A number, or a string for the values that JSON cannot represent. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
