import { join } from 'node:path';
import type { ReadAhead } from '../../manifest.ts';
import type { GraphProto, NodeProto, TensorProto } from '../onnx_pb.ts';
import { readOutline } from '../read.ts';
import { MODEL_FILE, WEIGHTS_FILE } from './files.ts';

/** Less is read before another thread would have begun. */
const worthwhileBytes = 2 ** 22;
/** Reading what lies between costs less than beginning anew. */
const gapBytes = 2 ** 18;

/**
 * Where in the file of weights those lie that every inference reads. Tables of which an inference looks up a few rows,
 * as words by their number, are not among them, nor is what only a branch needs.
 */
export async function neededWeights(dir: string): Promise<ReadAhead | undefined> {
  const model = await readOutline(join(dir, MODEL_FILE));
  if (model.format !== 'onnx' || model.proto.graph === undefined) {
    return undefined;
  }
  const ranges = joinRanges(neededRanges(model.proto.graph));
  const total = ranges.reduce((sum, [, length]) => sum + length, 0);
  return total < worthwhileBytes ? undefined : { path: WEIGHTS_FILE, ranges };
}

function neededRanges({ node: nodes, initializer }: GraphProto): ReadAhead['ranges'] {
  const read = new Set(nodes.flatMap(node => node.input.filter((_, index) => !isLookedUp(node, index))));
  return initializer.filter(tensor => read.has(tensor.name)).flatMap(tensor => placeOf(tensor) ?? []);
}

function isLookedUp({ opType }: NodeProto, index: number): boolean {
  return opType === 'EmbedLayerNormalization'
    ? index >= 2 && index <= 4
    : opType.startsWith('Gather') && index === 0;
}

function placeOf(tensor: TensorProto): ReadAhead['ranges'] | undefined {
  const {
    location,
    offset = '0',
    length,
  } = Object.fromEntries(tensor.externalData.map(({ key, value }) => [key, value]));
  return location === WEIGHTS_FILE && length !== undefined ? [[Number(offset), Number(length)]] : undefined;
}

function joinRanges(ranges: ReadAhead['ranges']): ReadAhead['ranges'] {
  const joined: ReadAhead['ranges'] = [];
  for (const [offset, length] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && offset - (last[0] + last[1]) <= gapBytes) {
      last[1] = offset + length - last[0];
    } else {
      joined.push([offset, length]);
    }
  }
  return joined;
}
