import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import { MANIFEST_FILE } from '../../manifest.ts';
import { type Config, type LoadedConfig, loadConfig } from '../../pack/config.ts';
import { pack } from '../../pack/pack.ts';
import { resolvePlan } from '../../pack/plan.ts';
import { stampInputs } from './inputs.ts';
import type { PackRequest, Stamps } from './request.ts';

/**
 * Packs what a construct asks for into a folder of the cache that is named by its content: two synths at once, or two
 * constructs of one model, meet in the same bytes.
 * @throws ColdpressError
 */
export async function packRequest(
  request: PackRequest,
  seen: { modules: Set<string>; startedMs: number },
): Promise<{ dir: string; inputs: Stamps | undefined }> {
  const { cwd, cacheDir } = request;
  const loaded = await mergeConfig(request);
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'coldpress-synth-')));
  try {
    const config = await writeConfig(loaded, scratch);
    await mkdir(cacheDir, { recursive: true });
    const out = await mkdtemp(join(cacheDir, 'new-'));
    const env = { ...process.env, COLDPRESS_CACHE_DIR: cacheDir };
    await pack({ cwd, env, config, out }).catch(error => {
      throw inOwnWords(error, config);
    });
    seen.modules.delete(config);
    const plan = resolvePlan({ out }, { config: loaded.config, dir: loaded.dir }, cwd);
    return { dir: await settle(out, cacheDir), inputs: await stampInputs(plan, seen) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The config as one object with absolute paths; what the construct says comes first. */
async function mergeConfig({ cwd, config, overrides }: PackRequest): Promise<LoadedConfig> {
  const base =
    typeof config === 'string' ? await loadConfig(config, cwd) : { config: config ?? {}, dir: cwd };
  const { model, score, samples } = overrides;
  const own = { ...overrides, ...absolutePaths({ model, score, samples } as Config, cwd) };
  return { config: { ...base.config, ...absolutePaths(base.config, base.dir), ...own }, dir: base.dir };
}

function absolutePaths({ model, score, samples }: Config, dir: string): Config {
  return {
    ...(model !== undefined && { model: resolve(dir, model) }),
    ...(score !== undefined && { score: resolve(dir, score) }),
    ...(typeof samples === 'string' && { samples: resolve(dir, samples) }),
    ...(typeof samples === 'object' && { samples: { ...samples, path: resolve(dir, samples.path) } }),
  };
}

/** `pack` takes a config file, and assets keep their names relative to it. */
async function writeConfig({ config, dir }: LoadedConfig, scratch: string): Promise<string> {
  const path = join(scratch, 'coldpress.config.mjs');
  await writeFile(path, `export default ${JSON.stringify(config)};\n`);
  for (const name of config.assets ?? []) {
    const link = resolve(scratch, name);
    if (link.startsWith(scratch)) {
      await mkdir(dirname(link), { recursive: true });
      await symlink(resolve(dir, name), link);
    }
  }
  return path;
}

/** Errors must not name a file that nobody wrote. */
function inOwnWords(error: unknown, config: string): unknown {
  if (!(error instanceof ColdpressError)) {
    return error;
  }
  const { code, message, hint } = error;
  return new ColdpressError(code, message.replace(config, 'the config'), hint === undefined ? {} : { hint });
}

async function settle(out: string, cacheDir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [join('function', MANIFEST_FILE), 'function.map', 'report.json']) {
    hash.update(readFileSync(join(out, file)));
  }
  const dir = join(cacheDir, `artifact-${hash.digest('hex').slice(0, 32)}`);
  await rename(out, dir).catch(async error => {
    await rm(out, { recursive: true, force: true });
    if (!existsSync(dir)) {
      throw error;
    }
  });
  return dir;
}
