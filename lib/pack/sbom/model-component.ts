import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type { Manifest } from '../../contract/manifest.ts';
import type { ModelProvenance } from '../../model/provenance.ts';
import { licenseOf } from './package-component.ts';

/** The original model: its hash, its format, where it was fetched from, and its metadata. */
export function modelComponent(
  { model: { sha256, sizeBytes, passes } }: Pick<Manifest, 'model'>,
  { provenance, fileName, url }: { provenance: ModelProvenance; fileName: string; url: string | undefined },
): Models.Component {
  const { format, producer, author, license } = provenance;
  const component = new Models.Component(Enums.ComponentType.MachineLearningModel, fileName, {
    version: sha256.slice(0, 12),
    bomRef: `model:${sha256}`,
    ...(author !== undefined && { author }),
  });
  component.hashes.set(Enums.HashAlgorithm['SHA-256'], sha256);
  if (license !== undefined) {
    component.licenses.add(licenseOf(license));
  }
  if (url !== undefined) {
    component.externalReferences.add(
      new Models.ExternalReference(url, Enums.ExternalReferenceType.Distribution),
    );
  }
  const properties = {
    format,
    sizeBytes: String(sizeBytes),
    producer,
    passes: passes.join(' ') || undefined,
  };
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) {
      component.properties.add(new Models.Property(`coldpress:model:${name}`, value));
    }
  }
  return component;
}
