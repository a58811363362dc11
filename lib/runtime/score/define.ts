import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Datatype } from '../../manifest.ts';
import type { InferInput, InferOutput } from '../tensor/types.ts';

/** A tensor without its name, as `encode` gives one. */
export type Tensor = Omit<InferInput, 'name'>;

/**
 * How records become tensors and outputs become results: one definition for every trigger. It is vectorised: both
 * functions see a whole batch, and the model runs once for it.
 *
 * A record fails alone: by its schema; by a `RequestError` in the place of its result; or by a throw, which has the
 * batch halved until the record that causes it stands alone. A `RequestError` of status 429 or 5xx says that not the
 * record is at fault but the moment: the batch is not halved, and an event's source brings it again.
 */
export interface Score<Row = unknown, Result = unknown> {
  /** Validates (and may transform) one record; any Standard Schema: valibot, zod, arktype. Default: none. */
  record?: StandardSchemaV1<unknown, Row>;
  /** The model's inputs for these records, by name; the first dimension is `records.length`. */
  encode(records: Row[]): Record<string, Tensor> | Promise<Record<string, Tensor>>;
  /** One result a record, in order. `outputs` holds the model's outputs by name. */
  decode(outputs: Record<string, InferOutput>, records: Row[]): Result[] | Promise<Result[]>;
}

/** Defines a score; the identity, for its types. */
export function defineScore<Row, Result>(score: Score<Row, Result>): Score<Row, Result> {
  return score;
}

/**
 * A tensor for `encode`.
 * @param shape - row-major
 * @param data - flat or nested, or the typed array of the datatype
 */
export function tensor(datatype: Datatype, shape: readonly number[], data: InferInput['data']): Tensor {
  return { datatype, shape, data };
}
