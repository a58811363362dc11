import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { expect, test } from 'vitest';
import { ModelProtoSchema } from '../../lib/model/onnx_pb.ts';
import { decodeModel, readModel, readOutline } from '../../lib/model/read.ts';
import { encodeModel, writeModel } from '../../lib/model/write.ts';
import { floats, graph, model, node, tensorType, value } from './build-model.ts';
import { branching, classifier, dense } from './specimens.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldpress-read-'));
const bytesOf = (proto: Parameters<typeof encodeModel>[0]) => Buffer.concat(encodeModel(proto));

const large = () =>
  model(
    graph({
      node: [node('MatMul', ['x', 'w'], ['y'])],
      initializer: [floats('w', [256, 256], new Float32Array(65_536).fill(0.5))],
      input: [value('x', tensorType('FLOAT', [1, 256]))],
      output: [value('y', tensorType('FLOAT', [1, 256]))],
    }),
  );

test.each([
  ['classifier', classifier()],
  ['branching', branching()],
  ['dense', dense()],
  ['large', large()],
])('a model that is written is the model that was read: %s', async (name, proto) => {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, toBinary(ModelProtoSchema, proto));
  const read = await readModel(path);
  if (read.format !== 'onnx') {
    throw new Error('not ONNX');
  }
  await writeModel(read, `${path}.copy`);
  const copy = await readModel(`${path}.copy`);
  expect(copy).toEqual({ ...read, path: copy.path, bytes: copy.bytes });
  expect(toBinary(ModelProtoSchema, read.proto)).toEqual(Uint8Array.from(read.bytes));
});

test('weights are views of the file, and data in fields that are not declared survives', () => {
  const tensor = new BinaryWriter()
    .tag(2, WireType.Varint)
    .int32(1)
    .tag(8, WireType.LengthDelimited)
    .string('w');
  const packed = tensor.tag(4, WireType.LengthDelimited).bytes(new Uint8Array(8).fill(1)).finish();
  const inner = new BinaryWriter().tag(5, WireType.LengthDelimited).bytes(packed).finish();
  const bytes = new BinaryWriter().tag(1, 0).int32(8).tag(7, WireType.LengthDelimited).bytes(inner).finish();
  const { proto } = decodeModel(bytes, 'm');
  expect(proto.graph!.initializer[0]!.$unknown![0]!.data.buffer).toBe(bytes.buffer);
  expect(bytesOf(proto)).toEqual(Buffer.from(bytes));
});

test('an outline has all but large weights', async () => {
  const path = join(folder, 'outline.onnx');
  writeFileSync(path, bytesOf(large()));
  const outline = await readOutline(path);
  const read = await readModel(path);
  if (outline.format !== 'onnx' || read.format !== 'onnx') {
    throw new Error('not ONNX');
  }
  const weights = outline.proto.graph!.initializer[0]!.rawData;
  expect(weights.length).toBe(262_144);
  // The first block comes with what stands before it.
  expect(weights.at(-1)).toBe(0);
  read.proto.graph!.initializer[0]!.rawData = weights;
  expect(outline.proto).toEqual(read.proto);
});

/** A model's bytes with a chain of messages in it. */
function nested(depth: number): Uint8Array {
  let type: Uint8Array = new Uint8Array();
  for (let level = 0; level < depth; level++) {
    const sequence = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(type).finish();
    type = new BinaryWriter().tag(4, WireType.LengthDelimited).bytes(sequence).finish();
  }
  const input = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(type).finish();
  const main = new BinaryWriter().tag(11, WireType.LengthDelimited).bytes(input).finish();
  return new BinaryWriter().tag(1, 0).int32(8).tag(7, WireType.LengthDelimited).bytes(main).finish();
}

const whole = bytesOf(classifier());
const faults: [what: string, bytes: Uint8Array, code: string][] = [
  ['cut short', whole.subarray(0, whole.length - 7), 'MODEL_TRUNCATED'],
  ['cut in the first field', whole.subarray(0, 1), 'NOT_A_MODEL'],
  ['followed by garbage', Buffer.concat([whole, Buffer.from([0xff, 0xff, 0xff])]), 'MODEL_TRUNCATED'],
  ['deep', nested(60), 'MODEL_TOO_DEEP'],
  ['a graph declared as a number', Buffer.concat([whole, Buffer.from([0x38, 1])]), 'MODEL_CORRUPT'],
  ['in groups', Buffer.concat([whole, Buffer.from([0xa3, 6, 0xa4, 6])]), 'MODEL_CORRUPT'],
  ['without a graph', Buffer.from([8, 8]), 'NOT_A_MODEL'],
  ['of millions of empty nodes', manyNodes(2_100_000), 'MODEL_TOO_COMPLEX'],
];

function manyNodes(count: number): Uint8Array {
  const nodes = Buffer.alloc(2 * count, Buffer.from([0x0a, 0]));
  return new BinaryWriter().tag(1, 0).int32(8).tag(7, WireType.LengthDelimited).bytes(nodes).finish();
}

test.each(faults)('a model that is %s', (_, bytes, code) => {
  expect(() => decodeModel(bytes, 'model.onnx')).toThrow(expect.objectContaining({ code }));
});

test('an ORT-format model that is damaged', async () => {
  const path = join(folder, 'model.ort');
  writeFileSync(path, Buffer.from('\x08\0\0\0ORTM\xff\xff\xff\xff', 'latin1'));
  await expect(readModel(path)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  expect(readFileSync(path).length).toBe(12);
});
