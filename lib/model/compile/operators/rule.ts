import type { TensorData } from '../../../contract/tensor-data.ts';
import type { GraphProto } from '../../onnx_pb.ts';
import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';

/**
 * A setting of a kernel. Typed arrays go to the file of weights. Graphs are lowered, too: the kernel also gets, as
 * `${key}Captures`, how many values from around it a graph uses; they follow the node's own inputs.
 */
export type RuleSetting = number | boolean | string | null | number[] | string[] | TensorData | GraphProto;

/** What a node becomes: a step of a kernel, or nothing, where its output is one of its inputs. */
export type Lowered =
  | {
      kernel: string;
      settings?: Record<string, RuleSetting>;
      /** Of each output. */
      types: (ValueType | undefined)[];
    }
  | { sameAs: number };

/** How an operator is lowered. Throws `NotCovered`, by `node.refuse`, for what its kernel cannot do. */
export type Rule = (node: OperatorNode) => Lowered;
