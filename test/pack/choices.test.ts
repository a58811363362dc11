import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { oneHotTexts } from '../../bench/models/pipelines.ts';
import { PROGRAM_FILE } from '../../lib/contract/files.ts';
import { MANIFEST_FILE } from '../../lib/contract/manifest.ts';
import { pressModel } from '../../lib/index.ts';
import { writeModel } from '../../lib/model/write.ts';
import { fieldChoices } from '../../lib/pack/choices.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldpress-choices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the categories of encoders that became one step with the model are choices of its inputs', async () => {
  const modelPath = join(folder, 'model.onnx');
  const pressed = join(folder, 'pressed');
  await writeModel({ proto: oneHotTexts(1) }, modelPath);
  await pressModel(modelPath, { outDir: pressed, arch: 'x64', engine: 'compiled' });
  const manifest = JSON.parse(readFileSync(join(pressed, MANIFEST_FILE), 'utf8'));
  const files = [{ path: PROGRAM_FILE, source: join(pressed, PROGRAM_FILE) }];
  const choices = await fieldChoices({ modelPath }, { manifest, files } as never, []);
  expect(choices.text0).toEqual(Array.from({ length: 10 }, (_, category) => `c${category}`));
  expect(Object.keys(choices)).toHaveLength(8);
});
