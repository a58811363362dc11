import { WEIGHTS_FILE } from '../../contract/files.ts';
import { changeAttributeTensors, changeSubgraphs } from '../attributes.ts';
import type { ExternalFile } from '../external-data.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto } from '../onnx_pb.ts';

/**
 * Returns the new path of each weight file in a coldpress folder. A model's own names might collide with files there,
 * such as the manifest, and one would overwrite the other.
 */
export function placesOf(external: readonly ExternalFile[]): Map<string, string> {
  return new Map(
    external.map(({ location }, index) => [
      location,
      index === 0 ? WEIGHTS_FILE : `${WEIGHTS_FILE}.${index}`,
    ]),
  );
}

/** Changes every external tensor of the model to refer to the new path of its file. */
export function relocateWeights(model: ModelProto, places: ReadonlyMap<string, string>): void {
  const relocate = (tensor: TensorProto): boolean => {
    const location = tensor.externalData.find(({ key }) => key === 'location');
    const place = places.get(location?.value ?? '');
    if (location === undefined || place === undefined) {
      return false;
    }
    location.value = place;
    return true;
  };
  const inNodes = (nodes: NodeProto[]): boolean =>
    nodes
      .flatMap(node => [changeAttributeTensors(node, relocate), changeSubgraphs(node, inGraph)])
      .includes(true);
  const inGraph = ({ initializer, sparseInitializer, node }: GraphProto): boolean => {
    const sparse = sparseInitializer.flatMap(({ values, indices }) => [values, indices]);
    const tensors = [...initializer, ...sparse].filter(tensor => tensor !== undefined);
    return [tensors.map(relocate), inNodes(node)].flat().includes(true);
  };
  if (model.graph !== undefined) {
    inGraph(model.graph);
  }
  for (const { node } of model.functions) {
    inNodes(node);
  }
}
