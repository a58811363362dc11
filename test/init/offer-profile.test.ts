import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { offerProfile } from '../../lib/init/offer-profile.ts';
import { emptyFolder } from '../local/tiny-artifact.ts';

test('init offers a profile of the data that is there, not of samples', async () => {
  const dir = await emptyFolder();
  expect(await offerProfile(dir)).toBeUndefined();
  for (const name of ['model.onnx', 'samples.csv']) {
    writeFileSync(join(dir, name), '');
  }
  expect(await offerProfile(dir)).toBeUndefined();
  writeFileSync(join(dir, 'train data.csv'), '');
  expect(await offerProfile(dir)).toMatch(/^npx coldpress profile .train data\.csv.$/);
});
