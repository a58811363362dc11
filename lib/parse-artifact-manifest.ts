import * as v from 'valibot';
import { MANIFEST_FILE, type Manifest, parseManifest } from './contract/manifest.ts';

const fileEntries = v.array(v.looseObject({ path: v.string(), sha256: v.string(), sizeBytes: v.number() }));

/** The parts of a manifest that commands read. */
const schema = v.looseObject({
  name: v.string(),
  target: v.picklist(['aws-lambda', 'gcf', 'container']),
  handler: v.string(),
  architecture: v.string(),
  runtime: v.string(),
  versions: v.looseObject({ coldpress: v.string(), node: v.string(), onnxruntime: v.string() }),
  engine: v.looseObject({ name: v.picklist(['onnxruntime', 'compiled']) }),
  model: v.looseObject({
    path: v.string(),
    sha256: v.string(),
    sizeBytes: v.number(),
    passes: v.array(v.string()),
    session: v.looseObject({}),
  }),
  signature: v.looseObject({ inputs: v.array(v.looseObject({})), outputs: v.array(v.looseObject({})) }),
  rows: v.looseObject({}),
  golden: v.looseObject({ kept: v.boolean() }),
  assets: v.array(v.string()),
  files: fileEntries,
  layer: v.optional(v.looseObject({ name: v.string(), files: fileEntries })),
  http: v.looseObject({}),
  events: v.looseObject({}),
  sinks: v.looseObject({}),
} satisfies Partial<Record<keyof Manifest, unknown>>);

/**
 * Parses the manifest of an artifact, which may have been edited or damaged. The function itself trusts its package and
 * uses `parseManifest`. Throws a plain `Error` that names what is wrong.
 */
export function parseArtifactManifest(text: string): Manifest {
  const manifest = parseManifest(text);
  const { issues } = v.safeParse(schema, manifest, { abortEarly: true });
  if (issues !== undefined) {
    throw new Error(`${MANIFEST_FILE} was changed or damaged: it has no valid ${v.getDotPath(issues[0])}`);
  }
  return manifest;
}
