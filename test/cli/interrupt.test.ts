import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { folder, run, start } from './coldpress.ts';

interface Places {
  /** Of the process's temporary files. */
  temporary: string;
  cache: string;
  /** Holds the output. */
  parent: string;
}

const config = 'examples/breast-cancer/coldpress.config.ts';

function places(name: string): Places {
  return {
    temporary: folder(`${name}/tmp`),
    cache: folder(`${name}/cache`),
    parent: folder(`${name}/parent`),
  };
}

function packing({ temporary, cache, parent }: Places): Parameters<typeof start> {
  const env = { TMPDIR: temporary, TEMP: temporary, COLDPRESS_CACHE_DIR: cache };
  const args = ['--config', config, '--engine', 'onnxruntime', '--out', join(parent, 'build')];
  return [['pack', ...args], { env }];
}

const some = (dir: string, pattern: RegExp) =>
  readdirSync(dir, { recursive: true }).some(name => pattern.test(String(name)));

const isFile = (path: string, bytes: Buffer) => existsSync(path) && readFileSync(path).equals(bytes);

/** When Ctrl-C comes: as soon as this is seen. */
const moments: [when: string, seen: (places: Places) => boolean][] = [
  ['the process starts', () => true],
  ['the model is staged for the engine', ({ temporary }) => some(temporary, /^coldpress-press-.*\.onnx$/)],
  [
    'the engine has written the pressed model',
    ({ cache }) => some(cache, /^coldpress-new-[\w.-]+.model\.onnx$/),
  ],
  ['the function is being bundled', ({ cache }) => some(cache, /^[0-9a-f]{32}$/)],
  ['the layer is being made', ({ cache }) => some(cache, /^coldpress-new-[\w.-]+.layer/)],
  ['the layer is being zipped', ({ cache }) => some(cache, /layer\.zip.*\.partial$/)],
  ['the artifact is being written', ({ parent }) => some(parent, /^\.build\.partial/)],
];

// Windows has neither process groups nor SIGINT for another process.
describe.skipIf(process.platform === 'win32')('Ctrl-C leaves nothing behind, when', () => {
  let expected: Buffer;

  let layer: string;

  beforeAll(async () => {
    const undisturbed = { ...places('undisturbed'), cache: process.env.COLDPRESS_CACHE_DIR! };
    await run(...packing(undisturbed));
    expected = readFileSync(join(undisturbed.parent, 'build/function.zip'));
    const entries = readdirSync(undisturbed.cache).map(name => join(undisturbed.cache, name));
    const written = readFileSync(join(undisturbed.parent, 'build/layer.zip'));
    layer = entries.find(entry => isFile(join(entry, 'layer.zip'), written))!;
  });

  /** A pack that is stopped at the moment; on a busy machine it takes more than one. */
  async function stopAt(when: string, seen: (places: Places) => boolean) {
    for (let count = 1; ; count++) {
      const here = places(`${when.replaceAll(' ', '-')}-${count}`);
      const { child, ended } = start(...packing(here));
      const over = ended.then(() => true);
      while (!seen(here) && !(await Promise.race([over, delay(2, false)]))) {
        // Not yet.
      }
      // A terminal sends a signal to every process of the command, the engine's and the bundler's among them.
      const kill = (signal: NodeJS.Signals) => process.kill(-child.pid!, signal);
      if (child.exitCode === null) {
        kill('SIGSTOP');
      }
      if (child.exitCode === null && seen(here) && !existsSync(join(here.parent, 'build'))) {
        return { here, ended, kill };
      }
      child.kill('SIGKILL');
    }
  }

  test.each(moments)('%s', async (when, seen) => {
    const { here, ended, kill } = await stopAt(when, seen);
    kill('SIGINT');
    kill('SIGCONT');
    const { code, signal, stdout, stderr } = await ended;
    // Before it could listen, the signal itself has ended it; a shell shows both as 130.
    expect(signal === 'SIGINT' ? 130 : code, stderr).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^(INTERRUPTED: .*\n)?$/);
    expect(readdirSync(here.parent)).toEqual([]);
    expect(readdirSync(here.temporary)).toEqual([]);
    expect(readdirSync(here.cache).filter(name => name.startsWith('coldpress-new-'))).toEqual([]);

    // Only where the layer is what was cut short, the second pack makes it anew.
    if (!when.startsWith('the layer') && !existsSync(join(here.cache, basename(layer)))) {
      symlinkSync(layer, join(here.cache, basename(layer)));
    }
    // What was cut short is not in the cache.
    const again = await run(...packing(here));
    expect(again.code, again.stderr).toBe(0);
    expect(existsSync(join(here.parent, 'build/layer.zip'))).toBe(true);
    expect(readFileSync(join(here.parent, 'build/function.zip')).equals(expected)).toBe(true);
  });
});
