import type { TensorData } from '../../../contract/tensor-data.ts';
import type { GraphProto } from '../../onnx_pb.ts';
import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';

/**
 * A setting of a kernel. Typed arrays are stored in the weight file. Graphs are lowered too: as `${key}Captures` the
 * kernel also receives the number of outer values that a graph uses, which follow the node's own inputs.
 */
export type RuleSetting = number | boolean | string | null | number[] | string[] | TensorData | GraphProto;

/** The result of lowering a node: a step of a kernel, or no step if its output is one of its inputs. */
export type Lowered =
  | {
      kernel: string;
      settings?: Record<string, RuleSetting>;
      /** Types of the outputs. */
      types: (ValueType | undefined)[];
    }
  | { sameAs: number };

/** Lowers an operator. Throws `NotCovered`, through `node.refuse`, if its kernel does not support the node. */
export type Rule = (node: OperatorNode) => Lowered;
