import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recall } from '../../lib/cdk/pack/memo.ts';
import { packAtSynth } from '../../lib/cdk/pack/pack-at-synth.ts';
import { baseConfig, cacheDir, root } from './app.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-example-'));
const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');

/** `cdk synth` of this checkout, in a folder of its own. */
function synth(out: string, { cache = cacheDir, wrapper = [] as string[] } = {}): string {
  const command = [...wrapper, process.execPath, cdk, 'synth', '--quiet', '--output', join(scratch, out)];
  execFileSync(command[0]!, command.slice(1), {
    cwd: root,
    stdio: 'pipe',
    env: { ...process.env, COLDPRESS_CACHE_DIR: cache, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  return readFileSync(join(scratch, out, 'ColdpressExample.template.json'), 'utf8');
}

/** Without what follows from the bytes of the archives, which other tests look at. */
function stable(template: string): unknown {
  const { Resources, Outputs } = JSON.parse(template.replaceAll(/[0-9a-f]{64}\.zip/g, 'HASH.zip'));
  for (const resource of Object.values(Resources) as { Metadata?: unknown }[]) {
    delete resource.Metadata;
  }
  return { Resources, Outputs };
}

const template = synth('one');

test('the example’s template is as it was reviewed', async () => {
  await expect(`${JSON.stringify(stable(template), null, 2)}\n`).toMatchFileSnapshot('example.template.snap');
});

const canUnshare = spawnSync('unshare', ['-n', 'true']).status === 0;

test(`it is the same each time, without a cache${canUnshare ? ' and without a network' : ''}`, () => {
  const cache = join(scratch, 'cache');
  expect(synth('again', { cache, wrapper: canUnshare ? ['unshare', '-n'] : [] })).toBe(template);
  expect(existsSync(cache)).toBe(true);
});

test('a model that did not change costs a synth nothing, and a change of any file of it does', () => {
  const model = join(scratch, 'model.onnx');
  writeFileSync(model, readFileSync(baseConfig.model));
  const score = join(scratch, 'score.ts');
  writeFileSync(join(scratch, 'labels.ts'), "export const label = 'first';\n");
  writeFileSync(
    score,
    `import { label } from './labels.ts';
     import { defineScore } from 'coldpress/runtime';
     export default defineScore({ decode: (_, records) => records.map(() => label) });`,
  );
  const request = { cwd: scratch, cacheDir, overrides: { model, score } };
  const run = () => {
    const result = packAtSynth(request);
    return result.ok ? result.dir : JSON.stringify(result);
  };
  expect(recall(request)).toBeUndefined();
  const first = run();
  expect(recall(request)).toMatchObject({ dir: first, report: { score: expect.any(String) } });
  writeFileSync(join(scratch, 'labels.ts'), "export const label = 'other';\n");
  expect(recall(request)).toBeUndefined();
  const changed = run();
  expect(changed).not.toBe(first);
  // The content decides, not the time.
  writeFileSync(join(scratch, 'labels.ts'), "export const label = 'first';\n");
  expect(run()).toBe(first);
  // What the cache lost is made again.
  rmSync(first, { recursive: true });
  expect(run()).toBe(first);
  expect(existsSync(join(first, 'function.zip'))).toBe(true);
});
