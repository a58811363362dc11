import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('the example’s template is as it was reviewed, and the same each time', async () => {
  const template = synth('one');
  expect(synth('two')).toBe(template);
  await expect(`${JSON.stringify(stable(template), null, 2)}\n`).toMatchFileSnapshot('example.template.snap');
});

const canUnshare = spawnSync('unshare', ['-n', 'true']).status === 0;

test.skipIf(!canUnshare)('it is synthesised without a network, and without a cache', () => {
  const cache = join(scratch, 'cache');
  expect(synth('offline', { cache, wrapper: ['unshare', '-n'] })).toContain('AWS::Lambda::Function');
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
  const request = { cwd: scratch, cacheDir: join(scratch, 'memo'), overrides: { model, score } };
  const run = () => {
    const start = performance.now();
    const result = packAtSynth(request);
    return { dir: result.ok ? result.dir : JSON.stringify(result), ms: performance.now() - start };
  };
  const first = run();
  const again = run();
  expect(again.dir).toBe(first.dir);
  expect(again.ms).toBeLessThan(300);
  writeFileSync(join(scratch, 'labels.ts'), "export const label = 'other';\n");
  const changed = run();
  expect(changed.dir).not.toBe(first.dir);
  // The content decides, not the time.
  writeFileSync(join(scratch, 'labels.ts'), "export const label = 'first';\n");
  expect(run().dir).toBe(first.dir);
  // What the cache lost is made again.
  rmSync(first.dir, { recursive: true });
  expect(run().dir).toBe(first.dir);
  expect(existsSync(join(first.dir, 'function.zip'))).toBe(true);
});
