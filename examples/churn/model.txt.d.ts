/** Inputs and outputs of model.txt. Written by `coldpress types`, kept up to date by `coldpress pack`. */
export interface Model {
  inputs: {
    months: { datatype: 'FP64'; shape: ['N'] };
    plan: { datatype: 'BYTES'; shape: ['N'] };
    country: { datatype: 'BYTES'; shape: ['N'] };
    monthly_charge: { datatype: 'FP64'; shape: ['N'] };
    calls_to_support: { datatype: 'FP64'; shape: ['N'] };
    autopay: { datatype: 'BYTES'; shape: ['N'] };
  };
  outputs: {
    label: { datatype: 'INT64'; shape: ['N'] };
    probability: { datatype: 'FP64'; shape: ['N', 2]; labels: [0, 1] };
    margin: { datatype: 'FP64'; shape: ['N'] };
    leaf: { datatype: 'INT32'; shape: ['N', 60] };
    contributions: { datatype: 'FP64'; shape: ['N', 7]; labels: ['months', 'plan', 'country', 'monthly_charge', 'calls_to_support', 'autopay', 'bias'] };
  };
}

/** The default input record. */
export interface DefaultRecord {
  months?: number | null;
  plan?: string | number | boolean | null;
  country?: string | number | boolean | null;
  monthly_charge?: number | null;
  calls_to_support?: number | null;
  autopay?: string | number | boolean | null;
}

/** The default result for one record. */
export interface DefaultResult {
  label: number | string;
  probability: Record<Model['outputs']['probability']['labels'][number], Float>;
}

/** A number, or a string for the values that JSON cannot represent. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
