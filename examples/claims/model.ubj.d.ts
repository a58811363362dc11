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

/** One record, unless a score changes it; by its features, where samples name them. */
export type DefaultRecord<Feature extends string = never> =
  | { features: (number | null)[] }
  | (number | null)[]
  | ([Feature] extends [never] ? never : Partial<Record<Feature, number | null>>);

/** The result of one record, unless a score changes it. */
export interface DefaultResult {
  prediction: Float;
}

/** As JSON has it. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
