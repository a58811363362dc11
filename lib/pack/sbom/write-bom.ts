// The library as a whole also loads its validators.
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import { ColdpressError } from '../../errors.ts';
import { coldpressPackage } from '../../native/installed-package.ts';
import { packageComponent } from './package-component.ts';

/** A bill of materials before it is written: its subject, and the subject's components. */
export interface BomContent {
  subject: Models.Component;
  components: Models.Component[];
}

/**
 * A CycloneDX 1.6 document in JSON. Equal content produces equal bytes: it has no serial number, and a timestamp only
 * if SOURCE_DATE_EPOCH is set (https://reproducible-builds.org/specs/source-date-epoch/).
 * @throws ColdpressError OPTION_INVALID
 */
export function writeBom({ subject, components }: BomContent, env: NodeJS.ProcessEnv): string {
  const tool = packageComponent(coldpressPackage());
  // References are unique in a document, and coldpress is also one of the components.
  tool.bomRef.value = 'tool';
  const bom = new Models.Bom({
    metadata: new Models.Metadata({
      component: subject,
      tools: new Models.Tools({ components: new Models.ComponentRepository([tool]) }),
    }),
    components: new Models.ComponentRepository(components),
  });
  const timestamp = readEpoch(env.SOURCE_DATE_EPOCH);
  if (timestamp !== undefined) {
    bom.metadata.timestamp = timestamp;
  }
  for (const component of components) {
    subject.dependencies.add(component.bomRef);
  }
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function readEpoch(seconds: string | undefined): Date | undefined {
  if (seconds === undefined || seconds === '') {
    return undefined;
  }
  if (!/^\d{1,11}$/.test(seconds)) {
    throw new ColdpressError('OPTION_INVALID', `SOURCE_DATE_EPOCH is "${seconds}"`, {
      hint: 'set it to seconds since 1970, such as the output of git log -1 --format=%ct',
    });
  }
  return new Date(Number(seconds) * 1000);
}

/** A file, by its path in the artifact and its SHA-256. */
export function fileComponent(path: string, sha256: string, description?: string): Models.Component {
  const component = new Models.Component(Enums.ComponentType.File, path, {
    bomRef: `file:${path}`,
    ...(description !== undefined && { description }),
  });
  component.hashes.set(Enums.HashAlgorithm['SHA-256'], sha256);
  return component;
}
