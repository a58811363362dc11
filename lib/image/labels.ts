import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../contract/manifest.ts';
import type { Base } from './base.ts';
import type { Origin } from './created.ts';

const oci = 'org.opencontainers.image';

/** Annotations of images and indices: https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md */
export function annotationsOf(
  { name, model }: Manifest,
  { created, revision, source }: Origin,
): Record<string, string> {
  return {
    [`${oci}.created`]: created,
    ...(revision !== undefined && { [`${oci}.revision`]: revision }),
    ...(source !== undefined && { [`${oci}.source`]: source }),
    [`${oci}.title`]: name,
    [`${oci}.version`]: model.sha256.slice(0, 12),
  };
}

/** Names of coldpress's own labels. */
export const ownLabels = { model: 'coldpress.model.sha256', coldpress: 'coldpress.version' } as const;

/** Labels of an image, which `docker inspect` shows. */
export function labelsOf(
  { model, versions }: Manifest,
  { base, licenses }: { base: Base; licenses: string },
): Record<string, string> {
  return {
    [ownLabels.model]: model.sha256,
    [ownLabels.coldpress]: versions.coldpress,
    [`${oci}.base.digest`]: base.digest,
    [`${oci}.base.name`]: base.name,
    [`${oci}.licenses`]: licenses,
  };
}

/**
 * An SPDX expression of the licences: the project's, from its package.json, that of coldpress's runtime, and ONNX
 * Runtime's. THIRD-PARTY-NOTICES.txt contains those of bundled packages.
 */
export function licensesOf({ engine }: Manifest, cwd: string): string {
  const own = projectLicense(cwd);
  const all = [
    ...(own === undefined ? [] : [own]),
    'Apache-2.0',
    ...(engine.name === 'onnxruntime' ? ['MIT'] : []),
  ];
  return [...new Set(all)].join(' AND ');
}

function projectLicense(cwd: string): string | undefined {
  try {
    const { license } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    return /^[A-Za-z0-9.+-]+$/.test(license) && license !== 'UNLICENSED' ? license : undefined;
  } catch {
    return undefined;
  }
}
