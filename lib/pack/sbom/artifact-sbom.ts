import { basename } from 'node:path';
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type { FileEntry, FileOrigin, Manifest } from '../../contract/manifest.ts';
import { readProvenance } from '../../model/provenance.ts';
import { copiedPackages } from '../../native/package-tree.ts';
import { shipped, shippedLicense } from '../../native/shipped.ts';
import type { Bundle } from '../bundle.ts';
import { bundledPackages } from '../bundled-packages.ts';
import { lockKey } from '../fetch/lock-key.ts';
import { loadFramework } from '../gcf/carried-framework.ts';
import type { Plan } from '../plan.ts';
import { modelComponent } from './model-component.ts';
import { packageComponent, packageUrl } from './package-component.ts';
import { fileComponent, writeBom } from './write-bom.ts';

/**
 * The bill of materials of an artifact, in CycloneDX JSON: every package with code in a bundle or copied next to it, every native file with
 * its hash and the package that it comes from, the model, and all other files.
 */
export async function artifactSbom(
  plan: Plan,
  { manifest, bundle, env }: { manifest: Manifest; bundle: Bundle; env: NodeJS.ProcessEnv },
): Promise<string> {
  const { modelPath, modelUrl } = plan;
  const files = [...manifest.files, ...(manifest.layer?.files ?? [])];
  const packages = new Map<string, Models.Component>();
  const carried = plan.target.build === 'none' ? [] : (await loadFramework()).packages;
  const copied = copiedPackages(bundle.nativeDirs, plan.architecture);
  for (const found of [...bundledPackages(bundle.metafile), ...copied, ...carried]) {
    packages.set(packageUrl(found.name, found.version), packageComponent(found));
  }
  for (const { origin, ...file } of files) {
    if (origin !== undefined) {
      addNative(packages, file, origin);
    }
  }
  return writeBom(
    {
      subject: new Models.Component(Enums.ComponentType.Application, manifest.name, {
        version: manifest.model.sha256.slice(0, 12),
        bomRef: 'artifact',
      }),
      components: [
        modelComponent(manifest, {
          provenance: await readProvenance(modelPath),
          fileName: basename(modelPath),
          url: modelUrl === undefined ? undefined : lockKey(modelUrl),
        }),
        ...packages.values(),
        ...files
          .filter(file => file.origin === undefined)
          .map(({ path, sha256, reason }) => fileComponent(path, sha256, reason)),
      ],
    },
    env,
  );
}

/** Adds a native file as a part of the package that it was copied from. */
function addNative(packages: Map<string, Models.Component>, file: FileEntry, origin: FileOrigin): void {
  const purl = packageUrl(origin.package, origin.version);
  const found =
    packages.get(purl) ??
    packageComponent({
      name: origin.package,
      version: origin.version,
      integrity: origin.integrity,
      // The user's own packages are among the copied ones already.
      license: origin.package === shipped.package ? shippedLicense : undefined,
    });
  const component = fileComponent(file.path, file.sha256, file.reason);
  component.properties.add(new Models.Property('coldpress:origin:file', origin.file));
  found.components.add(component);
  packages.set(purl, found);
}
