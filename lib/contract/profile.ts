import type { Datatype } from './datatypes.ts';

/** Version of the profile; profiles with other versions are rejected. */
export const PROFILE_VERSION = 1;

/** Written by `coldpress profile`, and stored next to the manifest of a packed function. */
export const PROFILE_FILE = 'profile.json';

/** Minimum rows of a category, and of a bin of numbers if the data allow it, so that no individual is singled out. */
export const LEAST_ROWS = 10;

/** Maximum bins of a number, and stored categories, because each has a letter in a line of telemetry. */
export const MOST_BINS = 10;
export const MOST_CATEGORIES = 49;

/**
 * The distributions of a model's inputs and outputs on reference data, `profile.json`: fixed bins, and the number of
 * reference rows in each. A packed function counts in the same bins.
 */
export interface Profile {
  version: typeof PROFILE_VERSION;
  /** Identifies the profile in telemetry: 12 hexadecimal digits of a hash of everything else. */
  id: string;
  model: {
    name: string;
    /** SHA-256 of the model file, as in the manifest. */
    sha256: string;
  };
  /** Number of rows of the reference data. */
  rows: number;
  features: Column[];
  /** Columns of the model's own answers to the reference data, or to a uniform sample of its rows. */
  outputs: Column[];
  /** The column given by `--target`. The function does not count it. */
  target?: Column;
}

export type Column = NumberColumn | CategoryColumn;

/** Which values of a tensor a column contains. */
export type Place =
  /** An element of a row of the tensor, row-major. */
  | { element: number }
  /** One of the fixed random projections of a row of a wide tensor. */
  | { projection: number };

interface ColumnBase {
  /** Unique among features and among outputs: the feature's name, `input`, `input[3]`, or, if projected, `input{3}`. */
  name: string;
  /** The input or output by its name in the signature. Empty for a target. */
  tensor: string;
  place: Place;
  datatype: Datatype;
  /**
   * Number of rows counted, the sum of all counts: all rows of the reference data, or about half of them if the others
   * chose which categories are stored.
   */
  rows: number;
  missing: number;
}

export interface NumberColumn extends ColumnBase {
  kind: 'number';
  /** Holds all finite values of the reference, rounded outwards; `null` if there are none. */
  range: [min: number, max: number] | null;
  /** Edges between bins, ascending: bin `i` has `edges[i - 1] <= value < edges[i]`. Empty for a constant. */
  edges: number[];
  /** Rows by bin: one more than edges. */
  counts: number[];
  /** Rows of negative infinity. @default 0 */
  below?: number;
  /** Rows of infinity. @default 0 */
  above?: number;
}

export interface CategoryColumn extends ColumnBase {
  kind: 'category';
  /** Most frequent first, each with at least `LEAST_ROWS` rows. */
  categories: string[];
  /**
   * Whether the categories are booleans, written `true` and `false`. Every spelling of a boolean counts as one of them.
   * @default false
   */
  isBoolean?: true;
  /** Rows by category. */
  counts: number[];
  /** Rows of all other categories. If 0, everything that a function counts as other is unseen. */
  other: number;
}

/** Returns the columns that a function counts, in the order of its telemetry lines. */
export function countedColumns({ features, outputs }: Pick<Profile, 'features' | 'outputs'>): Column[] {
  return [...features, ...outputs];
}

/** Parses a profile. Throws a plain `Error` that explains what is wrong with it. */
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
