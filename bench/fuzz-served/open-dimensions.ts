import type { ModelProto } from '../../lib/model/onnx_pb.ts';

/** Opens every dimension of a model's inputs, so that requests decide about sizes that its author had fixed. */
export function openDimensions(proto: ModelProto): ModelProto {
  const { graph } = proto;
  const constants = new Set(graph?.initializer.map(({ name }) => name));
  for (const { name, type } of graph?.input ?? []) {
    if (type?.value.case === 'tensorType' && !constants.has(name)) {
      for (const [axis, dimension] of (type.value.value.shape?.dim ?? []).entries()) {
        dimension.value = { case: 'dimParam', value: `${name}_${axis}` };
      }
    }
  }
  for (const { type } of graph?.output ?? []) {
    if (type?.value.case === 'tensorType') {
      delete type.value.value.shape;
    }
  }
  if (graph !== undefined) {
    graph.valueInfo = [];
  }
  return proto;
}
