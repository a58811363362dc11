import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { openArtifact } from '../artifact.ts';
import { EXECUTABLE_FILE } from '../contract/executable.ts';
import { SBOM_FILE } from '../contract/files.ts';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { choicesHint } from '../nearest.ts';
import { checkOutputFile, checkSbomFile } from '../output-file.ts';
import { reapProcess } from '../reaper.ts';
import { settledAbort } from '../settle.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { writeWhole } from '../write-whole.ts';
import { bundleProgram } from './bundle.ts';
import { type Contents, describeContents, executableFiles } from './contents.ts';
import { findNode, isExecutable, type NodeBinaries, sentinel } from './node-binary.ts';
import { type ExecutablePlatform, executablePlatforms, hostPlatform } from './platforms.ts';
import { executableSbom } from './sbom.ts';

export interface ExecutableOptions {
  /** The file to write. @default the model's name (with .exe for Windows), in the working folder */
  out?: string | undefined;
  /** @default the platform of this machine */
  platform?: string | undefined;
  /** A file to write a copy of the bill of materials to. @default none */
  sbom?: string | undefined;
  cacheDir: string;
  onProgress?: (step: string) => void;
  signal?: AbortSignal;
}

export interface Executable {
  path: string;
  platform: ExecutablePlatform['id'];
  /** Version of Node. */
  version: string;
  sizeBytes: number;
  /** Whether it contains V8's code cache. */
  codeCache: boolean;
  /** Whether it extracts files to disk while it runs: ONNX Runtime's, and a model that is opened by path. */
  extracts: boolean;
}

const execute = promisify(execFile);

/**
 * Makes a single file from a container artifact: Node, the server with its command line, and the model.
 * @throws ColdpressError ARTIFACT_TARGET, PLATFORM_UNAVAILABLE, NODE_NOT_FETCHED, EXECUTABLE_MODULE, and the errors of
 * `openArtifact`
 */
export async function makeExecutable(dir: string, options: ExecutableOptions): Promise<Executable> {
  const { cacheDir, onProgress = () => {}, signal } = options;
  const artifact = openArtifact(dir, { target: 'container' });
  const platform = choosePlatform(options.platform);
  const nodeMajor = Number.parseInt(artifact.manifest.versions.node, 10);
  const node = await findNode(platform, { cacheDir, nodeMajor });
  const contents = executableFiles(artifact, platform);
  const sbom = sbomOf(artifact.dir, { contents, node });
  const out = resolve(options.out ?? `${artifact.manifest.name}${platform.os === 'win32' ? '.exe' : ''}`);
  const sbomPath = options.sbom === undefined ? undefined : resolve(options.sbom);
  if (sbomPath === out) {
    throw new ColdpressError('OPTION_CONFLICT', `--out and --sbom both name ${out}`, {
      hint: 'choose another file with --sbom',
    });
  }
  await checkOutputFile(out, {
    option: '--out',
    inputs: [],
    isOwn: async () => isExecutable(await readFile(out)),
  });
  await checkSbomFile(sbomPath, []);
  await makeFolder(dirname(out));
  const work = await makeTemporaryFolder({ purpose: 'executable' });
  // Next to the output, so that it can be renamed.
  const place = await makeTemporaryFolder({ purpose: 'executable', parent: dirname(out) });
  const partial = join(place, basename(out));
  try {
    onProgress('writing the program');
    const blobPath = await writeBlob(contents, {
      functionDir: artifact.functionDir,
      work,
      node,
      nodeMajor,
      sbom,
    });
    signal?.throwIfAborted();
    onProgress('injecting it into Node');
    await writeFile(partial, node.target);
    await chmod(partial, 0o755);
    await inject(partial, blobPath, platform);
    signal?.throwIfAborted();
    await rename(partial, out);
    if (sbomPath !== undefined) {
      await makeFolder(dirname(sbomPath));
      await writeWhole(sbomPath, sbom);
    }
  } catch (error) {
    // Ctrl-C in a terminal also ends the child processes.
    throw await settledAbort(error, signal);
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(place, { recursive: true, force: true });
  }
  const { size: sizeBytes } = await stat(out);
  return {
    path: out,
    platform: platform.id,
    version: node.version,
    sizeBytes,
    codeCache: node.isSame,
    extracts: contents.manifest.engine.name === 'onnxruntime',
  };
}

/** @throws ColdpressError ARTIFACT_INVALID */
function sbomOf(dir: string, { contents, node }: { contents: Contents; node: NodeBinaries }): string {
  const path = join(dir, SBOM_FILE);
  if (!existsSync(path)) {
    throw new ColdpressError('ARTIFACT_INVALID', `${path} is missing`, { hint: 'pack the model again' });
  }
  return executableSbom(readFileSync(path, 'utf8'), { manifest: contents.manifest, node });
}

/** https://nodejs.org/api/single-executable-applications.html#generating-single-executable-preparation-blobs */
async function writeBlob(
  contents: Contents,
  {
    functionDir,
    work,
    node,
    nodeMajor,
    sbom,
  }: { functionDir: string; work: string; node: NodeBinaries; nodeMajor: number; sbom: string },
): Promise<string> {
  const at = (name: string) => join(work, name);
  const chunks = contents.modules.map(({ path }) => path).filter(path => path.startsWith('chunk-'));
  await writeFile(at('function.cjs'), await bundleProgram(functionDir, { chunks, nodeMajor }));
  await writeFile(at(MANIFEST_FILE), JSON.stringify(contents.manifest));
  await writeFile(at(EXECUTABLE_FILE), JSON.stringify(describeContents(contents)));
  await writeFile(at(SBOM_FILE), sbom);
  const config = {
    main: 'function.cjs',
    output: 'program.blob',
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: node.isSame,
    execArgvExtension: 'none',
    assets: {
      [MANIFEST_FILE]: at(MANIFEST_FILE),
      [EXECUTABLE_FILE]: at(EXECUTABLE_FILE),
      [SBOM_FILE]: at(SBOM_FILE),
      ...Object.fromEntries(contents.files.map(({ path, source }) => [path, source])),
    },
  };
  await writeFile(at('config.json'), JSON.stringify(config));
  // Runs in the work folder with relative names, because absolute paths would become part of the bytes.
  await run(node.blobWriter, ['--experimental-sea-config', 'config.json'], { cwd: work });
  return at('program.blob');
}

/**
 * Runs the tool's command line in a child process, because it prints warnings about section names that Node's linker
 * chose.
 */
async function inject(path: string, blobPath: string, { os }: ExecutablePlatform): Promise<void> {
  const postject = createRequire(import.meta.url).resolve('postject/dist/cli.js');
  const segment = os === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
  await run(process.execPath, [
    ...[postject, path, 'NODE_SEA_BLOB', blobPath, '--sentinel-fuse', sentinel],
    ...segment,
  ]);
}

/** Runs a program that ends with this process, even if that is killed. */
async function run(file: string, args: string[], { cwd }: { cwd?: string } = {}): Promise<void> {
  const running = execute(file, args, { cwd });
  reapProcess(running.child);
  await running;
}

function choosePlatform(wanted: string | undefined): ExecutablePlatform {
  const found = wanted === undefined ? hostPlatform() : executablePlatforms.find(({ id }) => id === wanted);
  if (found === undefined) {
    const problem =
      wanted === undefined ? '--platform is required on this machine' : `unknown --platform ${wanted}`;
    throw new ColdpressError('OPTION_INVALID', problem, {
      hint: choicesHint(
        wanted ?? '',
        executablePlatforms.map(({ id }) => id),
      ),
    });
  }
  return found;
}
