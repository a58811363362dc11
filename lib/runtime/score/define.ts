import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Datatype } from '../../contract/manifest.ts';
import type { InferOutput } from '../tensor/types.ts';
import type { Exactly, Inputs, ModelTypes, Outputs, Tensor, TensorInput } from './model-types.ts';

export type { Tensor } from './model-types.ts';

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

/** A `Score` for the model that `coldpress types` declared: another name or datatype does not compile. */
export interface ModelScore<M extends ModelTypes, Row, Result, Given extends Inputs<M>> {
  record?: StandardSchemaV1<unknown, Row>;
  encode(records: Row[]): Exactly<Given, Inputs<M>> | Promise<Exactly<Given, Inputs<M>>>;
  decode(outputs: Outputs<M>, records: Row[]): Result[] | Promise<Result[]>;
}

/**
 * Defines a score; the identity, for its types. `defineScore<Model>()({ … })` types it from the model, too: in two
 * calls, for TypeScript infers either all of a call's type parameters or none.
 */
export function defineScore<Row, Result>(score: Score<Row, Result>): Score<Row, Result>;
export function defineScore<M extends ModelTypes>(): <Row, Result, Given extends Inputs<M>>(
  score: ModelScore<M, Row, Result, Given>,
) => Score<Row, Result>;
export function defineScore(score?: Score): unknown {
  return score ?? defineScore;
}

/**
 * A tensor for `encode`.
 * @param shape - row-major
 * @param data - flat or nested, or the typed array of the datatype
 */
export function tensor<D extends Datatype>(
  datatype: D,
  shape: readonly number[],
  data: TensorInput<D>,
): Tensor<D> {
  return { datatype, shape, data };
}
