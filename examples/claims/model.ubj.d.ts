/** Inputs and outputs of model.ubj. Written by `coldpress types`, kept up to date by `coldpress pack`. */
export interface Model {
  inputs: {
    features: { datatype: 'FP32'; shape: ['N', 5] };
  };
  outputs: {
    prediction: { datatype: 'FP32'; shape: ['N'] };
    margin: { datatype: 'FP32'; shape: ['N'] };
    leaf: { datatype: 'INT32'; shape: ['N', 60] };
    contributions: { datatype: 'FP32'; shape: ['N', 6]; labels: ['driver_age', 'car_age', 'horsepower', 'region', 'years_without_claim', 'bias'] };
  };
}

/** The default input record. If the samples name the features, you can use those names. */
export type DefaultRecord<Feature extends string = never> =
  | { features: (number | null)[] }
  | (number | null)[]
  | ([Feature] extends [never] ? never : Partial<Record<Feature, number | null>>);

/** The default result for one record. */
export interface DefaultResult {
  prediction: Float;
}

/** A number, or a string for the values that JSON cannot represent. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
