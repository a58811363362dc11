import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAYER_FOLDER } from '../contract/files.ts';
import type { Manifest } from '../contract/manifest.ts';
import { nativeLayer } from '../native/layer.ts';
import { shipped } from '../native/shipped.ts';
import { toEntries, writeTree } from './artifact.ts';
import { cached } from './cache.ts';
import type { Plan } from './plan.ts';

/** A native layer that is ready to copy. */
export interface PackedLayer {
  /** The folder that contains `layer/` and `layer.zip`. */
  dir: string;
  describe: NonNullable<Manifest['layer']>;
}

const ENTRIES_FILE = 'layer.json';

/** Builds the layer, once for all models per ONNX Runtime version and CPU: it contains nothing else. */
export async function layerOnce({ architecture, runtime }: Plan, cacheDir: string): Promise<PackedLayer> {
  const key = { kind: 'layer', shipped, architecture, system: runtime.system };
  const { dir } = await cached(cacheDir, key, async dir => {
    const { name, files } = nativeLayer(architecture, runtime.system);
    await writeTree(dir, LAYER_FOLDER, { files, archive: 'zip' });
    const describe: NonNullable<Manifest['layer']> = { name, files: toEntries(files) };
    await writeFile(join(dir, ENTRIES_FILE), JSON.stringify(describe));
  });
  return { dir, describe: JSON.parse(readFileSync(join(dir, ENTRIES_FILE), 'utf8')) };
}
