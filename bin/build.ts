/**
 * Builds dist/, which is published to npm: JavaScript and declarations, in the layout of the repository. `--vendor`
 * also fills dist/vendored with what coldpress ships: files of packages that have install scripts, Google's functions
 * framework (bundled), and the bill of materials of the whole package.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SBOM_FILE } from '../lib/contract/files.ts';
import { type InstalledPackage, readPackage } from '../lib/native/installed-package.ts';
import { checkShipped, shipped } from '../lib/native/shipped.ts';
import { bundledPackages } from '../lib/pack/bundled-packages.ts';
import { carryFramework } from '../lib/pack/gcf/carried-framework.ts';
import { bundleFramework } from '../lib/pack/gcf/framework.ts';
import { packageSbom } from '../lib/pack/sbom/package-sbom.ts';
import { buildCommonJs } from './build-commonjs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);

/** Files that lib/ reads at run time and the compiler does not copy. */
const assets = [
  'lib/native/licenses',
  'lib/native/shipped.json',
  'lib/verify/sigstore-root.json',
  'lib/local/gcf/loopback.cjs',
  'lib/local/deliveries/stand-in.mjs',
];

/**
 * The native files to copy. Excluded: the library's second name on macOS, and on Windows what only the GPU provider
 * loads.
 */
const vendored: Record<string, string[]> = {
  esbuild: ['lib/main.js', 'LICENSE.md'],
  [shipped.package]: Object.keys(shipped.files),
};

clean();
compile();
for (const asset of assets) {
  cpSync(join(root, asset), join(dist, asset), { recursive: true });
}
const metafile = await buildCommonJs(root);
if (process.argv.includes('--vendor')) {
  rmSync(join(dist, 'vendored'), { recursive: true, force: true });
  for (const [name, files] of Object.entries(vendored)) {
    vendor(name, files);
  }
  const framework = await bundleFramework();
  vendorRuntimeClient();
  await carryFramework(framework, join(dist, 'vendored', 'functions-framework'));
  const carried = [
    ...bundledPackages(metafile),
    ...framework.packages,
    ...Object.keys(vendored).map(installed),
  ];
  writeFileSync(join(dist, SBOM_FILE), packageSbom(carried, process.env));
}

/**
 * Copies AWS's runtime client for Lambda images; the script `dependencies` installs it separately from everything else.
 */
function vendorRuntimeClient(): void {
  const from = join(root, 'lib/local/aws-lambda-ric/node_modules/aws-lambda-ric');
  const to = join(dist, 'vendored', 'aws-lambda-ric');
  mkdirSync(to, { recursive: true });
  for (const file of ['index.mjs', 'LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES', 'package.json']) {
    cpSync(join(from, file), join(to, file));
  }
}

/** Empties dist/, except for vendored files of the installed versions, which take a while to copy. */
function clean(): void {
  const isCurrent = Object.keys(vendored).every(name => {
    const copy = join(dist, 'vendored', name, 'package.json');
    return (
      existsSync(copy) && readJson(copy).version === readJson(require.resolve(`${name}/package.json`)).version
    );
  });
  for (const name of existsSync(dist) ? readdirSync(dist) : []) {
    if (name !== 'vendored' || !isCurrent) {
      rmSync(join(dist, name), { recursive: true });
    }
  }
}

function compile(): void {
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

function vendor(name: string, files: string[]): void {
  const from = dirname(require.resolve(`${name}/package.json`));
  const to = join(dist, 'vendored', name);
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(from, file), join(to, file));
    if (name === shipped.package) {
      checkShipped(
        join(to, file),
        file,
        createHash('sha256')
          .update(readFileSync(join(to, file)))
          .digest('hex'),
      );
    }
  }
  // Written last, because it marks the copy as complete; without scripts, which only apply to installed packages.
  const { version, license } = readJson(join(from, 'package.json'));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify({ name, version, license }, null, 2)}\n`);
}

function installed(name: string): InstalledPackage {
  return readPackage(dirname(require.resolve(`${name}/package.json`)))!;
}

function readJson(file: string): { version: string; license: string } {
  return JSON.parse(readFileSync(file, 'utf8'));
}
