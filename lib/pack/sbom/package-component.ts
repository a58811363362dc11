import { Factories } from '@cyclonedx/cyclonedx-library/Contrib/License';
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import parseExpression from 'spdx-expression-parse';
import type { BundledPackage } from '../bundled-packages.ts';

const licenses = new Factories.LicenseFactory(parseExpression);

/** A licence in one of CycloneDX's forms: an SPDX identifier, an SPDX expression, or another text. */
export function licenseOf(text: string): Models.License {
  return licenses.makeFromString(text);
}

interface NpmPackage extends BundledPackage {
  /** Hash of the package's archive, in the format of npm's lock files. */
  integrity?: string | undefined;
}

/** An npm package. Scanners recognise it by its package URL. */
export function packageComponent({ name, version, license, integrity }: NpmPackage): Models.Component {
  const [, group, shortName = name] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  const purl = packageUrl(name, version);
  const component = new Models.Component(Enums.ComponentType.Library, shortName, {
    ...(group !== undefined && { group }),
    version,
    purl,
    bomRef: purl,
  });
  if (typeof license === 'string') {
    component.licenses.add(licenseOf(license));
  }
  const sha512 = /^sha512-(.+)$/.exec(integrity ?? '')?.[1];
  if (sha512 !== undefined) {
    component.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(sha512, 'base64').toString('hex'));
  }
  return component;
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
export function packageUrl(name: string, version: string): string {
  return `pkg:npm/${name.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}`;
}
