import { WEIGHTS_FILE } from '../../contract/files.ts';
import { changeAttributeTensors, changeSubgraphs } from '../attributes.ts';
import type { ExternalFile } from '../external-data.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto } from '../onnx_pb.ts';

/**
 * Where each file of weights goes in a folder of coldpress: a model may name its own like any file there, such as the
 * manifest, which it would overwrite or be overwritten by.
 */
export function placesOf(external: readonly ExternalFile[]): Map<string, string> {
  return new Map(
    external.map(({ location }, index) => [
      location,
      index === 0 ? WEIGHTS_FILE : `${WEIGHTS_FILE}.${index}`,
    ]),
  );
}

/** Makes every tensor of the model that is in a file refer to that file's new place. */
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
