import { coldpressPackage } from '../../native/installed-package.ts';
import { shipped } from '../../native/shipped.ts';
import type { BundledPackage } from '../bundled-packages.ts';
import { packageComponent, packageUrl } from './package-component.ts';
import { fileComponent, writeBom } from './write-bom.ts';

/**
 * The bill of materials of coldpress itself as npm publishes it: the packages whose code it contains, bundled or
 * copied, and the native files with their hashes. Its npm dependencies have package URLs in the user's own lock file.
 */
export function packageSbom(carried: readonly BundledPackage[], env: NodeJS.ProcessEnv): string {
  const own = packageComponent(coldpressPackage());
  const packages = new Map(
    carried.map(found => {
      const isShipped = found.name === shipped.package && found.version === shipped.version;
      const { integrity } = shipped;
      return [
        packageUrl(found.name, found.version),
        packageComponent({ ...found, ...(isShipped && { integrity }) }),
      ];
    }),
  );
  packages.delete(own.purl!);
  const native = packages.get(packageUrl(shipped.package, shipped.version));
  for (const [path, sha256] of Object.entries(shipped.files)) {
    native?.components.add(fileComponent(`vendored/${shipped.package}/${path}`, sha256));
  }
  return writeBom({ subject: own, components: [...packages.values()] }, env);
}
