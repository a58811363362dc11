import { attributeNames, setAttribute } from '../attributes.ts';
import { AttributeProto_AttributeType } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import { randomOperators } from '../random-operators.ts';
import { readModel } from '../read.ts';
import { changeNodes } from '../scope.ts';
import { type Staged, writeStaged } from './stage.ts';

/**
 * Writes a copy of a model in which every operator that draws random numbers has a seed. Each time it is opened, it
 * draws the same numbers in the same order, so that it can be compared with another form of itself.
 */
export async function writeSeeded({ path, external }: Staged, dir: string): Promise<Staged> {
  const model = await readModel(path);
  if (model.format === 'onnx') {
    changeNodes(model.proto, node => {
      const isRandom = domainOf(node.domain) === '' && randomOperators.has(node.opType);
      if (!isRandom || attributeNames(node).includes('seed')) {
        return undefined;
      }
      setAttribute(node, { name: 'seed', type: AttributeProto_AttributeType.FLOAT, f: 1 });
      return [node];
    });
  }
  return writeStaged(model, external, dir);
}
