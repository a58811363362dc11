import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { inspectExternalData, resolveExternalData } from '../../lib/model/external-data.ts';
import { AttributeProto_AttributeType, TensorProtoSchema } from '../../lib/model/onnx_pb.ts';
import { decodeModel } from '../../lib/model/read.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { graph, model, node, tensorType, value } from './build-model.ts';

const parent = mkdtempSync(join(tmpdir(), 'coldpress-external-'));
const folder = join(parent, 'model');
mkdirSync(join(folder, 'sub'), { recursive: true });
writeFileSync(join(parent, 'secret.bin'), Buffer.alloc(64, 's'));
writeFileSync(join(folder, 'w.bin'), Buffer.alloc(64, 'w'));
writeFileSync(join(folder, 'sub', 'w.bin'), Buffer.alloc(64));
writeFileSync(join(folder, 'hollow.bin'), '');
symlinkSync('../secret.bin', join(folder, 'link.bin'));
symlinkSync('..', join(folder, 'up'));
truncateSync(join(folder, 'hollow.bin'), 2 ** 32);
linkSync(join(parent, 'secret.bin'), join(folder, 'hard.bin'));

const sha1 = createHash('sha1').update(Buffer.alloc(64, 'w')).digest('hex');

/** A model whose weights are 16 floats in a file, as an initializer or as a constant in a branch. */
function external(entries: Record<string, string>, place: 'initializer' | 'branch' = 'initializer') {
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
  const tensor = create(TensorProtoSchema, {
    name: 'w',
    dims: [4n, 4n],
    dataType: 1,
    dataLocation: 1,
    externalData,
  });
  const constant = node('Constant', [], ['k'], {
    value: { type: AttributeProto_AttributeType.TENSOR, t: tensor },
  });
  const branch = graph({ node: [constant], output: [value('k', undefined)] });
  const proto = model(
    graph({
      node:
        place === 'branch'
          ? [node('If', ['c'], ['y'], { then_branch: branch, else_branch: branch })]
          : [node('Relu', ['w'], ['y'])],
      initializer: place === 'branch' ? [] : [tensor],
      input: [value('c', tensorType('BOOL', []))],
      output: [value('y', tensorType('FLOAT', [4, 4]))],
    }),
  );
  return decodeModel(Buffer.concat(encodeModel(proto)), join(folder, 'model.onnx'));
}

test.each([
  ['a file beside the model', { location: 'w.bin' }],
  ['with all there is to say', { location: 'w.bin', offset: '0', length: '64', checksum: sha1 }],
  ['in a folder below', { location: 'sub/w.bin' }],
])('taken: %s', async (_, entries) => {
  const [file] = await resolveExternalData(external(entries));
  expect(file).toMatchObject({ location: entries.location, sizeBytes: 64, tensors: 1 });
});

const refused: [what: string, entries: Record<string, string>, code: string][] = [
  ['an absolute path', { location: join(parent, 'secret.bin') }, 'EXTERNAL_DATA_OUTSIDE'],
  ['a drive', { location: 'C:\\secret.bin' }, 'EXTERNAL_DATA_OUTSIDE'],
  ['a climb', { location: '../secret.bin' }, 'EXTERNAL_DATA_OUTSIDE'],
  ['a climb on the way', { location: 'sub/../../secret.bin' }, 'EXTERNAL_DATA_OUTSIDE'],
  ['a climb as on Windows', { location: '..\\secret.bin' }, 'EXTERNAL_DATA_OUTSIDE'],
  ['a symbolic link', { location: 'link.bin' }, 'EXTERNAL_DATA_LINKED'],
  ['a symbolic link to a folder', { location: 'up/secret.bin' }, 'EXTERNAL_DATA_LINKED'],
  ['a hard link', { location: 'hard.bin' }, 'EXTERNAL_DATA_LINKED'],
  ['nothing', { location: 'nope.bin' }, 'EXTERNAL_DATA_MISSING'],
  ['an encoded climb', { location: '..%2fsecret.bin' }, 'EXTERNAL_DATA_MISSING'],
  [
    'an address in memory',
    { location: '*/_ORT_MEM_ADDR_/*', offset: '4096', length: '64' },
    'EXTERNAL_DATA_MISSING',
  ],
  ['no name', {}, 'EXTERNAL_DATA_INVALID'],
  ['a name with NUL', { location: 'w.bin\0../secret.bin' }, 'EXTERNAL_DATA_INVALID'],
  ['a folder', { location: 'sub' }, 'EXTERNAL_DATA_INVALID'],
  ['an offset below zero', { location: 'w.bin', offset: '-1' }, 'EXTERNAL_DATA_INVALID'],
  [
    'an offset beyond numbers',
    { location: 'w.bin', offset: '18446744073709551616' },
    'EXTERNAL_DATA_INVALID',
  ],
  ['more than the file has', { location: 'w.bin', offset: '4' }, 'EXTERNAL_DATA_INVALID'],
  ['less than the shape needs', { location: 'w.bin', length: '32' }, 'EXTERNAL_DATA_INVALID'],
  ['a file of holes', { location: 'hollow.bin' }, 'EXTERNAL_DATA_INVALID'],
  ['a wrong checksum', { location: 'w.bin', checksum: '0'.repeat(40) }, 'EXTERNAL_DATA_CHECKSUM'],
];

test.each(refused)('refused: %s', async (_, entries, code) => {
  await expect(resolveExternalData(external(entries))).rejects.toMatchObject({
    name: 'ColdpressError',
    code,
  });
  await expect(resolveExternalData(external(entries, 'branch'))).rejects.toMatchObject({ code });
});

test('an error never holds what stands in the file', async () => {
  for (const [, entries] of refused) {
    const { problems } = await inspectExternalData(external(entries));
    expect(problems.map(({ message, hint }) => message + hint).join()).not.toContain('ssss');
  }
});
