import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { FUNCTION_FOLDER, REPORT_FILE, SOURCE_MAP_FILE } from '../../contract/files.ts';
import { MANIFEST_FILE } from '../../contract/manifest.ts';
import { makeFolder } from '../../make-folder.ts';
import { type LoadedConfig, loadConfig, parseConfig } from '../../pack/config.ts';
import { packLoaded } from '../../pack/pack.ts';
import { reportOf } from '../../pack/pack-report.ts';
import { makeTemporaryFolder } from '../../temporary-folder.ts';
import type { LockedRequest, Packed, PackRequest, Stamps } from './request.ts';
import { stampAll } from './stamp.ts';

/**
 * Packs a construct's model into a cache folder that is named by its content, so that concurrent synths, or two
 * constructs with the same model, write the same bytes.
 * @throws ColdpressError
 */
export async function packRequest(
  request: LockedRequest,
  seen: { modules: Set<string>; startedMs: number },
): Promise<Packed & { inputs: Stamps | undefined }> {
  const { cwd, cacheDir, overrides, lock } = request;
  const { score, samples, ...flags } = overrides;
  const config = await readConfig(request);
  await makeFolder(cacheDir);
  const scratch = await makeTemporaryFolder({ purpose: 'new', parent: cacheDir });
  try {
    const out = join(scratch, 'artifact');
    const env = { ...process.env, COLDPRESS_CACHE_DIR: cacheDir };
    const result = await packLoaded(config, { ...flags, cwd, env, out, lock });
    const dir = await settle(out, cacheDir);
    return {
      dir,
      report: reportOf(result, relative(cwd, dir)),
      inputs: stampAll(new Set([...seen.modules, ...result.inputs]), seen.startedMs),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Reads the config, from its file or object, with the overrides of the construct. */
async function readConfig({ cwd, config, overrides }: PackRequest): Promise<LoadedConfig> {
  const loaded =
    typeof config === 'string'
      ? await loadConfig(config, cwd)
      : { config: parseConfig(config ?? {}, 'the config'), dir: cwd };
  const { score, samples } = overrides;
  const own = {
    ...(score !== undefined && { score: resolve(cwd, score) }),
    ...(typeof samples === 'string' && { samples: resolve(cwd, samples) }),
    ...(typeof samples === 'object' && { samples: { ...samples, path: resolve(cwd, samples.path) } }),
  };
  return { ...loaded, config: { ...loaded.config, ...own } };
}

async function settle(out: string, cacheDir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [join(FUNCTION_FOLDER, MANIFEST_FILE), SOURCE_MAP_FILE, REPORT_FILE]) {
    hash.update(readFileSync(join(out, file)));
  }
  const dir = join(cacheDir, `artifact-${hash.digest('hex').slice(0, 32)}`);
  await rename(out, dir).catch(error => {
    if (!existsSync(dir)) {
      throw error;
    }
  });
  return dir;
}
