import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { openArtifact } from '../../lib/artifact.ts';
import { listen, unlisten } from '../../lib/local/listen.ts';
import { pack } from '../../lib/pack/pack.ts';
import { doubling } from '../../test/model/doubling.ts';

/** A command that changes files, and the expected state of these files before it, after a kill, and after a rerun. */
export interface Scenario {
  name: string;
  /** Arguments for coldpress. */
  args: string[];
  /** The folder with the state before the command: copied for each kill, with `project` as the working directory. */
  template: string;
  /** Returns the problems after a kill, before anything else has run. */
  problemsAfterKill(dir: string): string[];
  /** Error that the command may exit with on a rerun, if the kill came when everything was done. */
  mayRefuse?: RegExp;
  close?(): Promise<void>;
}

const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

/** Makes all scenarios in a folder: two states of one project, and the commands' inputs. */
export async function makeScenarios(root: string): Promise<Scenario[]> {
  const artifact = join(root, 'artifact');
  await packDoubling({ cwd: emptyProject(root, 'made'), cache: join(root, 'made-cache'), out: artifact });
  return [
    await packScenario(root),
    batchScenario(root, artifact),
    await fetchScenario(root),
    initScenario(root),
  ];
}

function emptyProject(root: string, name: string): string {
  const dir = join(root, name, 'project');
  mkdirSync(dir, { recursive: true });
  mkdirSync(join(root, name, 'cache'), { recursive: true });
  mkdirSync(join(root, name, 'tmp'), { recursive: true });
  return dir;
}

async function packDoubling({ cwd, cache, out }: { cwd: string; cache: string; out: string }): Promise<void> {
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  await pack({ cwd, env: { ...process.env, COLDPRESS_CACHE_DIR: cache }, model: 'model.onnx', arch, out });
}

/** Replaces one artifact with another. */
async function packScenario(root: string): Promise<Scenario> {
  const project = emptyProject(root, 'pack');
  await packDoubling({ cwd: project, cache: join(root, 'pack', 'cache'), out: join(project, 'build') });
  writeFileSync(
    join(project, 'coldpress.config.ts'),
    `export default { name: 'renamed', model: 'model.onnx', arch: '${arch}' };\n`,
  );
  return {
    name: 'pack',
    args: ['pack'],
    template: join(root, 'pack'),
    problemsAfterKill: dir => wholeProblems(join(dir, 'project/build')),
  };
}

/** Scores rows some of which fail, so that there are two output files. */
function batchScenario(root: string, artifact: string): Scenario {
  const project = emptyProject(root, 'batch');
  const rows = Array.from({ length: 2000 }, (_, i) =>
    i % 100 === 7 ? '{"x":"no"}' : `{"x":[${i},${i + 1}]}`,
  );
  writeFileSync(join(project, 'rows.jsonl'), `${rows.join('\n')}\n`);
  return {
    name: 'batch',
    args: ['batch', artifact, 'rows.jsonl', 'out'],
    template: join(root, 'batch'),
    problemsAfterKill(dir) {
      const results = join(dir, 'project/out/rows.jsonl.jsonl');
      const lines = existsSync(results)
        ? readFileSync(results, 'utf8').trimEnd().split('\n').length
        : rows.length;
      return lines === rows.length ? [] : [`the results have ${lines} of ${rows.length} rows`];
    },
  };
}

async function fetchScenario(root: string): Promise<Scenario> {
  emptyProject(root, 'fetch');
  const model = doubling();
  const sha256 = createHash('sha256').update(model).digest('hex');
  const server = createServer((_, response) => response.end(model));
  const port = await listen(server, 0);
  return {
    name: 'fetch',
    args: ['fetch', `http://127.0.0.1:${port}/model.onnx`, '--sha256', sha256],
    template: join(root, 'fetch'),
    problemsAfterKill(dir) {
      const lock = join(dir, 'project/coldpress.lock.json');
      const kept = join(dir, 'cache', `model-${sha256}`, 'model.onnx');
      return [
        ...(existsSync(lock) && !isJson(lock) ? ['the lock is not JSON'] : []),
        ...(existsSync(kept) && !readFileSync(kept).equals(model) ? ['the cache has another file'] : []),
      ];
    },
    close: () => unlisten(server),
  };
}

function initScenario(root: string): Scenario {
  const project = emptyProject(root, 'init');
  writeFileSync(join(project, 'model.onnx'), doubling());
  // Files that the command modifies, in addition to those that it creates.
  writeFileSync(join(project, 'package.json'), '{"type":"module"}\n');
  writeFileSync(join(project, '.gitignore'), '*.pyc\n');
  return {
    name: 'init',
    args: ['init', '--yes', '--no-install'],
    template: join(root, 'init'),
    problemsAfterKill: () => [],
  };
}

/** Checks that an artifact is complete, as the next command to open it would. */
export function wholeProblems(dir: string): string[] {
  const { manifest, functionDir } = openArtifact(dir);
  const files = [
    ...manifest.files.map(file => ({ ...file, path: join(functionDir, file.path) })),
    ...(manifest.layer?.files ?? []).map(file => ({ ...file, path: join(dir, 'layer', file.path) })),
  ];
  const changed = files.filter(({ path, sha256 }) => {
    return !existsSync(path) || createHash('sha256').update(readFileSync(path)).digest('hex') !== sha256;
  });
  const zips = ['function.zip', ...(manifest.layer === undefined ? [] : ['layer.zip'])];
  return [
    ...changed.map(({ path }) => `${path} is not what the manifest says`),
    ...zips.filter(name => !existsSync(join(dir, name))).map(name => `${name} is missing`),
  ];
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Makes a fresh copy of a scenario's files. */
export function copyTemplate({ template }: Scenario, dir: string): void {
  cpSync(template, dir, { recursive: true });
}

/** Lists every file and folder, so that leftovers show. */
export function listAll(dir: string): string[] {
  return readdirSync(dir, { recursive: true }).map(String).sort();
}
