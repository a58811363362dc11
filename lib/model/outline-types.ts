import type { OnnxType } from './types.ts';

export interface Value {
  name: string;
  type: OnnxType;
}

export interface OnnxSignature {
  inputs: Value[];
  outputs: Value[];
}
