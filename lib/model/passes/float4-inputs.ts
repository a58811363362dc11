import { subgraphs } from '../attributes.ts';
import { type GraphProto, TensorProto_DataType, type TypeProto_Tensor } from '../onnx_pb.ts';
import type { Pass } from './pass.ts';

/**
 * ONNX Runtime has no kernel for FLOAT4E2M1, not even Cast. If such an input is only used by a Cast, the Cast can
 * start from FLOAT instead, which represents every float4 value.
 */
export const float4Inputs: Pass = {
  name: 'float4-inputs',
  apply({ proto: { graph } }) {
    if (graph === undefined) {
      return undefined;
    }
    const widened = graph.input.filter(({ name, type }) => {
      const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
      return tensor?.elemType === TensorProto_DataType.FLOAT4E2M1 && onlyCast(graph, name) && widen(tensor);
    });
    if (widened.length === 0) {
      return undefined;
    }
    return `FLOAT4E2M1 has neither a JavaScript array nor kernels; ${widened.map(({ name }) => name).join(', ')} now FLOAT, which the model casts it to`;
  },
};

function widen(tensor: TypeProto_Tensor): true {
  tensor.elemType = TensorProto_DataType.FLOAT;
  return true;
}

function onlyCast(graph: GraphProto, name: string): boolean {
  if (
    graph.output.some(output => output.name === name) ||
    graph.initializer.some(tensor => tensor.name === name)
  ) {
    return false;
  }
  return graph.node.every(node => {
    if (subgraphs(node).length > 0) {
      return false;
    }
    const uses = node.input.filter(input => input === name).length;
    return uses === 0 || (uses === 1 && node.input[0] === name && ['Cast', 'CastLike'].includes(node.opType));
  });
}
