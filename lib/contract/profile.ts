import type { Datatype } from './datatypes.ts';

/** Of the profile; one of another version is refused. */
export const PROFILE_VERSION = 1;

/** Next to the manifest of a packed function, and what `coldpress profile` writes. */
export const PROFILE_FILE = 'profile.json';

/** A category, and a bin of numbers where the data allow, holds at least this many rows: nobody is singled out. */
export const LEAST_ROWS = 10;

/** Bins of a number, and stored categories, at most: each has a letter in a line of telemetry. */
export const MOST_BINS = 10;
export const MOST_CATEGORIES = 49;

/**
 * The distributions of a model's inputs and outputs on reference data, `profile.json`: fixed bins, and how many rows of the
 * reference are in each. A packed function counts in the same bins.
 */
export interface Profile {
  version: typeof PROFILE_VERSION;
  /** Identifies it in lines of telemetry: 12 hexadecimal digits, from a hash of all the rest. */
  id: string;
  model: {
    name: string;
    /** SHA-256 of the model file, as in the manifest. */
    sha256: string;
  };
  /** Rows of the reference data. */
  rows: number;
  features: Column[];
  /** Of the model's own answers to the reference data, or to a uniform sample of its rows. */
  outputs: Column[];
  /** The column that `--target` names. The function does not count it. */
  target?: Column;
}

export type Column = NumberColumn | CategoryColumn;

/** Where a column's values come from. */
export type Place =
  /** An element of a row of the tensor, row-major. */
  | { element: number }
  /** One of the fixed random projections of a row of a wide tensor. */
  | { projection: number };

interface ColumnBase {
  /** Unique among features, and among outputs: the feature's name, `input`, `input[3]`, or `input{3}` for a projection. */
  name: string;
  /** The input or output, as the signature names it. Empty for a target. */
  tensor: string;
  place: Place;
  datatype: Datatype;
  /** Rows that were counted: `missing`, `other` and `counts` add up to it. */
  rows: number;
  missing: number;
}

export interface NumberColumn extends ColumnBase {
  kind: 'number';
  /** Least and greatest value of the reference; `null` where all values are missing. */
  range: [min: number, max: number] | null;
  /** Ascending, between bins: bin `i` holds `edges[i - 1] <= value < edges[i]`. None for a constant. */
  edges: number[];
  /** One more than edges. */
  counts: number[];
}

export interface CategoryColumn extends ColumnBase {
  kind: 'category';
  /** Most frequent first, each of at least `LEAST_ROWS` rows. */
  categories: string[];
  /** Of each category. */
  counts: number[];
  /** Rows of all other categories. If it is 0, whatever a function counts as other is unseen. */
  other: number;
}

/** The columns that a function counts, in the order of its lines. */
export function countedColumns({ features, outputs }: Pick<Profile, 'features' | 'outputs'>): Column[] {
  return [...features, ...outputs];
}

/** Reads a profile's text. Throws a plain `Error` that says what is wrong with it. */
export function parseProfile(text: string): Profile {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('version' in value) || !('features' in value)) {
    throw new Error('it is not a profile of coldpress');
  }
  if (value.version !== PROFILE_VERSION) {
    throw new Error(
      `it is a profile of version ${value.version}; this coldpress reads version ${PROFILE_VERSION}`,
    );
  }
  return value as Profile;
}
