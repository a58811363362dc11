import { MANIFEST_FILE, type Manifest } from '../../contract/manifest.ts';
import { parseArtifactManifest } from '../../parse-artifact-manifest.ts';

/** What is known of the artifact that code was packed as. Absent values are unknown. */
export interface CodeFacts {
  model?: string;
  coldpress?: string;
  engine?: string;
}

/** The facts in an artifact's manifest. */
export function factsOf({ model, versions, engine }: Manifest): Required<CodeFacts> {
  return {
    model: model.sha256,
    coldpress: versions.coldpress,
    engine: engine.name === 'compiled' ? 'compiled' : `onnxruntime ${versions.onnxruntime}`,
  };
}

/** The manifest among files; `undefined` if coldpress did not pack them, or with another version of the manifest. */
export function manifestIn(files: Record<string, Uint8Array>): Manifest | undefined {
  try {
    return parseArtifactManifest(Buffer.from(files[MANIFEST_FILE]!).toString());
  } catch {
    return undefined;
  }
}
