import { createHash } from 'node:crypto';
import type { Contents } from './contents.ts';

/** The CycloneDX fields that are read or written here. */
interface Component {
  type: string;
  name: string;
  version?: string;
  'bom-ref': string;
  purl?: string;
  cpe?: string;
  licenses?: { license: { id: string } }[];
  hashes?: { alg: string; content: string }[];
  description?: string;
  properties?: { name: string; value: string }[];
  components?: Component[];
}

/**
 * The bill of materials of an executable: the artifact's, with Node and the native files of its platform.
 * @param text - the artifact's bill of materials, in CycloneDX JSON
 */
export function executableSbom(
  text: string,
  { manifest, node }: { manifest: Contents['manifest']; node: { version: string; target: Uint8Array } },
): string {
  const bom = JSON.parse(text);
  const native = manifest.files.filter(({ origin }) => origin !== undefined);
  const runtime = nodeComponent(node);
  for (const component of bom.components as Component[]) {
    const own = native.filter(
      ({ origin }) => component.purl === `pkg:npm/${origin!.package}@${origin!.version}`,
    );
    if (own.length > 0) {
      component.components = own.map(({ path, sha256, reason, origin }) => ({
        type: 'file',
        name: path,
        'bom-ref': `file:${path}`,
        description: reason,
        hashes: [{ alg: 'SHA-256', content: sha256 }],
        properties: [{ name: 'coldpress:origin:file', value: origin!.file }],
      }));
    }
  }
  bom.components.push(runtime);
  for (const dependency of bom.dependencies ?? []) {
    if (dependency.ref === bom.metadata.component['bom-ref']) {
      dependency.dependsOn = [...(dependency.dependsOn ?? []), runtime['bom-ref']];
    }
  }
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** Includes the CPE, by which scanners find Node's vulnerabilities. */
function nodeComponent({ version, target }: { version: string; target: Uint8Array }): Component {
  const purl = `pkg:generic/node@${version}`;
  return {
    type: 'platform',
    name: 'node',
    version,
    'bom-ref': purl,
    purl,
    licenses: [{ license: { id: 'MIT' } }],
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(target).digest('hex') }],
  };
}
