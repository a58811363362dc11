import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Datatype } from '../../contract/manifest.ts';
import type { InferOutput } from '../tensor/types.ts';
import type { Exactly, Inputs, ModelTypes, Outputs, Tensor, TensorInput } from './model-types.ts';

export type { Tensor } from './model-types.ts';

/**
 * How records become tensors, and outputs become results: one definition for every trigger. Both functions receive a
 * whole batch, and the model runs once for it.
 *
 * One record can fail alone: its schema rejects it, `decode` returns a `RequestError` in place of its result, or a
 * function throws. After a throw the batch is halved until the record that causes it is found. A `RequestError` with
 * status 429 or 5xx is temporary: the batch is not halved, and an event source delivers the records again.
 */
export interface Score<Row = unknown, Result = unknown> {
  /**
   * Validates one record, and may transform it. Any Standard Schema works: valibot, zod, arktype.
   * @default every record is accepted
   */
  record?: StandardSchemaV1<unknown, Row>;
  /** Returns the model's inputs for these records, by name. The first dimension is `records.length`. */
  encode(records: Row[]): Record<string, Tensor> | Promise<Record<string, Tensor>>;
  /** Returns one result for each record, in order. `outputs` has the model's outputs by name. */
  decode(outputs: Record<string, InferOutput>, records: Row[]): Result[] | Promise<Result[]>;
}

/** A `Score` with the types that `coldpress types` declared: a wrong name or datatype does not compile. */
export interface ModelScore<M extends ModelTypes, Row, Result, Given extends Inputs<M>> {
  record?: StandardSchemaV1<unknown, Row>;
  encode(records: Row[]): Exactly<Given, Inputs<M>> | Promise<Exactly<Given, Inputs<M>>>;
  decode(outputs: Outputs<M>, records: Row[]): Result[] | Promise<Result[]>;
}

/**
 * Returns its argument, with types. `defineScore<Model>()({ … })` also takes the types of the model. It has two calls
 * because TypeScript infers either all type parameters of a call or none.
 */
export function defineScore<Row, Result>(score: Score<Row, Result>): Score<Row, Result>;
export function defineScore<M extends ModelTypes>(): <Row, Result, Given extends Inputs<M>>(
  score: ModelScore<M, Row, Result, Given>,
) => Score<Row, Result>;
export function defineScore(score?: Score): unknown {
  return score ?? defineScore;
}

/**
 * Makes a tensor, for `encode`.
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
