import { join } from 'node:path';
import { MODEL_FILE, WEIGHTS_FILE } from '../../contract/files.ts';
import type { Lookup, ReadAhead } from '../../contract/manifest.ts';
import { getAttribute } from '../attributes.ts';
import type { GraphProto, NodeProto, TensorProto } from '../onnx_pb.ts';
import { readOutline } from '../read.ts';

/** Fewer bytes are read before another thread would have started. */
const worthwhileBytes = 2 ** 22;
/** A smaller table is read before its rows are found. */
const tableBytes = 2 ** 21;
/** Reading a smaller gap costs less than starting another read. */
const gapBytes = 2 ** 18;

interface Weight {
  offset: number;
  length: number;
  rows: number;
}

/**
 * Finds the parts of the weight file that every inference reads, and the large tables from which it looks up a few
 * rows by an input, such as words by their number. Weights that only a branch needs are left out.
 */
export async function neededWeights(dir: string): Promise<ReadAhead | undefined> {
  const model = await readOutline(join(dir, MODEL_FILE));
  if (model.format !== 'onnx' || model.proto.graph === undefined) {
    return undefined;
  }
  const { graph } = model.proto;
  const weights = new Map(graph.initializer.flatMap(tensor => placeOf(tensor) ?? []));
  const isTable = (node: NodeProto, index: number) =>
    isLookedUp(node, index) && (weights.get(node.input[index]!)?.length ?? 0) >= tableBytes;
  const read = new Set(graph.node.flatMap(node => node.input.filter((_, index) => !isTable(node, index))));
  const ranges = joinRanges([...weights].filter(([name]) => read.has(name)).map(([, weight]) => weight));
  const tables = new Map(
    [...weights].filter(([name, { length }]) => !read.has(name) && length >= tableBytes),
  );
  const lookups = findLookups(graph, tables);
  const total = ranges.reduce((sum, [, length]) => sum + length, 0);
  return total < worthwhileBytes && lookups.length === 0
    ? undefined
    : { path: WEIGHTS_FILE, ranges, ...(lookups.length > 0 && { lookups }) };
}

function isLookedUp({ opType }: NodeProto, index: number): boolean {
  return opType === 'EmbedLayerNormalization'
    ? index >= 2 && index <= 4
    : opType.startsWith('Gather') && index === 0;
}

/** Finds tables whose rows are chosen by an input, either directly or through a Cast. */
function findLookups({ node: nodes, input }: GraphProto, tables: Map<string, Weight>): Lookup[] {
  const origins = new Map(input.map(({ name }) => [name, name]));
  for (const { opType, input: from, output } of nodes) {
    if (opType === 'Cast' && origins.has(from[0]!)) {
      origins.set(output[0]!, origins.get(from[0]!)!);
    }
  }
  return nodes.flatMap(node => {
    const [table, indices] = tableAndIndices(node);
    const weight = tables.get(table ?? '');
    const origin = origins.get(indices ?? '');
    if (weight === undefined || origin === undefined) {
      return [];
    }
    const { offset, rows, length } = weight;
    return [{ input: origin, offset, rows, rowBytes: length / rows }];
  });
}

/** See https://onnx.ai/onnx/operators/onnx__Gather.html, and ONNX Runtime's com.microsoft.EmbedLayerNormalization. */
function tableAndIndices(node: NodeProto): string[] {
  if (node.opType === 'EmbedLayerNormalization') {
    return [node.input[2]!, node.input[0]!];
  }
  return node.opType === 'Gather' && Number(getAttribute(node, 'axis')?.i ?? 0) === 0 ? node.input : [];
}

function placeOf({ name, externalData, dims }: TensorProto): [name: string, weight: Weight][] | undefined {
  const {
    location,
    offset = '0',
    length,
  } = Object.fromEntries(externalData.map(({ key, value }) => [key, value]));
  return location === WEIGHTS_FILE && length !== undefined
    ? [[name, { offset: Number(offset), length: Number(length), rows: Number(dims[0] ?? 1) }]]
    : undefined;
}

function joinRanges(weights: Weight[]): ReadAhead['ranges'] {
  const joined: ReadAhead['ranges'] = [];
  for (const { offset, length } of weights.sort((a, b) => a.offset - b.offset)) {
    const last = joined.at(-1);
    if (last !== undefined && offset - (last[0] + last[1]) <= gapBytes) {
      last[1] = offset + length - last[0];
    } else {
      joined.push([offset, length]);
    }
  }
  return joined;
}
