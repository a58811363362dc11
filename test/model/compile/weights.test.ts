import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Program } from '../../../lib/contract/program.ts';
import { startWeights } from '../../../lib/model/compile/weights.ts';
import { readWeights } from '../../../lib/runtime/engine/compiled/open.ts';
import { openPortable } from '../../../lib/runtime/portable.ts';

const dir = mkdtempSync(join(tmpdir(), 'coldpress-weights-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Files below and above the size from which a function uses CRC-32. */
describe.each([1000, 100_000])('weights of %i numbers', count => {
  const writer = startWeights();
  writer.add(
    'float32',
    Float32Array.from({ length: count }, (_, index) => Math.sin(index)),
  );
  writer.add('uint8', Uint8Array.of(1, 2, 3));
  const { bytes, weights } = writer.finish('model.data');
  const program: Program = {
    version: 1,
    weights,
    inputs: [],
    outputs: [],
    constants: [],
    graph: { slots: 0, inputs: [], outputs: [], constants: [], steps: [] },
  };
  const open = (contents: Uint8Array) => {
    writeFileSync(join(dir, 'model.data'), contents);
    return readWeights(join(dir, 'program.json'), program);
  };
  const module = { name: 'm', version: '1', signature: { inputs: [], outputs: [] }, program };

  test('are read as they were written', () => {
    expect(Buffer.compare(open(bytes), bytes)).toBe(0);
    expect(() => openPortable(module, bytes)).not.toThrow();
  });

  test('that were cut are refused', () => {
    expect(() => open(bytes.subarray(0, -1))).toThrow(`model.data has ${bytes.length - 1} bytes`);
  });

  test.each([0, 2002, -1])('with another bit in byte %i are refused', index => {
    const altered = Uint8Array.from(bytes);
    altered[index < 0 ? altered.length + index : index]! ^= 1;
    expect(() => open(altered)).toThrow('was changed');
    expect(() => openPortable(module, altered)).toThrow('checksum is another');
  });
});
