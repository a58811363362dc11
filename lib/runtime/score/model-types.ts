import type { Datatype, DatatypeTable } from '../../contract/datatypes.ts';

/** Inputs and outputs of a model, as `coldpress types` declares them. */
export interface ModelTypes {
  inputs: { [name: string]: { datatype: Datatype } | undefined };
  outputs: { [name: string]: { datatype: Datatype; labels?: (string | number)[] } };
}

/** A tensor without its name, as `encode` returns it. */
export interface Tensor<D extends Datatype = Datatype> {
  datatype: D;
  shape: readonly number[];
  data: TensorInput<D>;
  parameters?: Record<string, unknown>;
}

/** The typed array of the datatype, or an array of its elements, flat or nested. */
export type TensorInput<D extends Datatype> = InputArrays[D] | Nested<Elements[D]>;

/** An element of the datatype, or elements, nested. */
export type NestedInput<D extends Datatype> = Elements[D] | Nested<Elements[D]>;

/** Inputs of the model by name, each with its datatype. */
export type Inputs<M extends ModelTypes> = {
  [Name in keyof M['inputs']]: Tensor<NonNullable<M['inputs'][Name]>['datatype']>;
};

/** Outputs of the model by name, each with its typed array and labels. */
export type Outputs<M extends ModelTypes> = {
  [Name in keyof M['outputs']]: Output<M['outputs'][Name]>;
};

interface Output<Spec extends ModelTypes['outputs'][string]> {
  name: string;
  datatype: Spec['datatype'];
  shape: number[];
  data: OutputArrays[Spec['datatype']];
  labels: Spec extends { labels: infer Labels } ? Labels : undefined;
}

/** `T`, but only with properties that `Whole` has: TypeScript does not check a function's return value for others. */
export type Exactly<T, Whole> = T & { [Name in Exclude<keyof T, keyof Whole>]: never };

/** TypeScript adds `undefined` to indexed elements; as an element it is rejected when the model runs. */
type Nested<Element> = readonly (Element | undefined | Nested<Element>)[];

type Elements = { [D in Datatype]: JsonElements[DatatypeTable[D]['json']] };

interface JsonElements {
  boolean: boolean;
  integer: number;
  bigint: number | bigint;
  float: number;
  string: string;
}

type OutputArrays = {
  [D in Datatype]: DatatypeTable[D]['array'] extends new (...args: never) => infer Data ? Data : string[];
};

interface InputArrays extends Omit<OutputArrays, 'FP16'> {
  /** A Float16Array, or the bits; not every project's TypeScript library declares the former. */
  FP16: ArrayBufferView;
}
