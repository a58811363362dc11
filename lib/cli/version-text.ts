import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, hostOf } from '../local/host.ts';
import { resolveRuntimeClient, runtimeClientPlaces } from '../local/runtime-client/resolve-client.ts';
import { readPackage } from '../native/installed-package.ts';
import { onnxruntimeVersion } from '../native/onnxruntime.ts';
import { vendoredDir } from '../vendored.ts';
import { version } from '../version.ts';

/** Packages that the user's project may contain and coldpress then uses. */
const peers = ['aws-cdk-lib', 'onnxruntime-node', '@google-cloud/functions', '@aws-sdk/client-lambda'];

/** `coldpress --version`: everything that a bug report needs about the machine and the installed packages. */
export function versionText(process: NodeJS.Process): string {
  const host = hostOf(process);
  const client = resolveRuntimeClient(runtimeClientPlaces(host)).name;
  const found = peers.flatMap(name => installedIn(host.cwd, name));
  return [
    `coldpress ${version}`,
    `node ${host.nodeVersion}, ${systemOf(host, process)}`,
    `onnxruntime ${onnxruntimeVersion()}, esbuild ${readPackage(vendoredDir('esbuild'))?.version}`,
    `Lambda's runtime client: ${client}`,
    `in this project: ${found.join(', ') || 'no package that coldpress uses'}`,
  ].join('\n');
}

function systemOf({ platform, arch }: Host, { report }: NodeJS.Process): string {
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string; osRelease: string } };
  const libc = header.glibcVersionRuntime === undefined ? '' : `, glibc ${header.glibcVersionRuntime}`;
  return `${platform} ${header.osRelease} ${arch}${libc}`;
}

function installedIn(cwd: string, name: string): string[] {
  const dir = join(cwd, 'node_modules', name);
  return existsSync(dir) ? [`${name} ${readPackage(dir)?.version}`] : [];
}
