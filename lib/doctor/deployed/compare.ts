import { type Artifact, archivesOf } from '../../artifact.ts';
import { runsOn } from '../../contract/manifest.ts';
import { environmentNames } from '../../gcp/environment-names.ts';
import type { PackedEntry } from '../../pack/lock.ts';
import { memoryFor } from '../../targets/aws-lambda/memory.ts';
import { cloudRunMemoryMb } from '../../targets/container/cloud-run.ts';
import { defaultMemoryMb } from '../../targets/gcf/memory.ts';
import type { NotChecked } from '../checked.ts';
import { compareArchive, compareLayers } from './compare-archive.ts';
import { compareImage } from './compare-image.ts';
import type { Deployed } from './deployed.ts';
import { type CodeFacts, factsOf } from './facts.ts';

/** One value of a deployed function, with what the artifact and the lock have. */
export interface DeployedRow {
  what: DeployedName;
  deployed: string;
  artifact: string;
  /** Absent if the lock does not decide it. */
  lock?: string;
  /** Whether the deployed value is the artifact's and the lock's. */
  equal: boolean;
}

/** A deployed function, compared value by value. */
export interface ComparedDeployed extends Pick<Deployed, 'subject' | 'changed'> {
  rows: DeployedRow[];
}

export type DeployedName =
  | 'code'
  | 'layer'
  | 'model'
  | 'coldpress'
  | 'engine'
  | 'runtime'
  | 'CPU'
  | 'handler'
  | 'memory'
  | 'environment';

/**
 * Compares a deployed function with an artifact and its entry in the lock.
 * @throws ColdpressError ARTIFACT_INVALID, DEPLOYED_UNREADABLE
 */
export async function compareDeployed(
  artifact: Artifact,
  deployed: Deployed,
  { lock, env }: { lock: PackedEntry | undefined; env: NodeJS.ProcessEnv },
): Promise<{ rows: DeployedRow[]; notChecked: NotChecked[] }> {
  const { bytes, facts, notChecked } = await compareCode(artifact, deployed, env);
  const own = factsOf(artifact.manifest);
  const locked: Partial<CodeFacts> = lock
    ? {
        model: lock.model,
        coldpress: lock.coldpress,
        // The lock names a version of ONNX Runtime for compiled models, too.
        ...(own.engine !== 'compiled' && { engine: `onnxruntime ${lock.onnxruntime}` }),
      }
    : {};
  const known = (['model', 'coldpress', 'engine'] as const).flatMap(what =>
    facts[what] === undefined ? [] : row(what, facts[what], own[what], locked[what]),
  );
  return {
    rows: [...bytes, ...known, ...compareSettings(artifact, deployed, lock)],
    notChecked: [...deployed.notChecked, ...notChecked],
  };
}

async function compareCode(
  artifact: Artifact,
  { code, layers }: Deployed,
  env: NodeJS.ProcessEnv,
): Promise<{ bytes: DeployedRow[]; facts: CodeFacts; notChecked: NotChecked[] }> {
  const { manifest } = artifact;
  const isImage = manifest.target === 'container' || manifest.package === 'image';
  if (isImage !== (code.kind === 'image')) {
    const names = ['a zip archive', 'an image'];
    const [deployed, own] = isImage ? names : names.toReversed();
    return { bytes: [row('code', deployed!, own!)], facts: {}, notChecked: [] };
  }
  if (code.kind === 'image') {
    const { code: compared, ...rest } = await compareImage(artifact, code, env);
    return { ...rest, bytes: compared === undefined ? [] : [{ what: 'code', ...compared }] };
  }
  const { functionZip, layerZip } = archivesOf(artifact);
  const own = { path: functionZip, files: manifest.files, manifest };
  const { compared, facts } = await compareArchive(code, own);
  const layer =
    layerZip === undefined
      ? []
      : [await compareLayers(layers, { path: layerZip, files: manifest.layer!.files })];
  return {
    bytes: [{ what: 'code', ...compared }, ...layer.map(each => ({ what: 'layer' as const, ...each }))],
    facts,
    notChecked: [],
  };
}

function compareSettings(
  { manifest }: Artifact,
  { settings }: Deployed,
  lock: PackedEntry | undefined,
): DeployedRow[] {
  const { runtime, architecture, handler, memoryMb, environment } = settings;
  const lockedRuntime = lock?.options.runtime;
  const neededMb = memoryOf[manifest.target](manifest);
  const names = environmentNames(manifest);
  const missing = names.filter(name => !environment.includes(name));
  return [
    ...(runtime === undefined
      ? []
      : [
          row(
            'runtime',
            runtime,
            manifest.runtime,
            typeof lockedRuntime === 'string' ? lockedRuntime : undefined,
          ),
        ]),
    ...(architecture === undefined
      ? []
      : [
          {
            what: 'CPU' as const,
            deployed: architecture,
            artifact: manifest.architecture,
            equal: runsOn(manifest.architecture, architecture),
          },
        ]),
    ...(handler === undefined ? [] : [row('handler', handler, manifest.handler)]),
    ...(memoryMb === undefined
      ? []
      : [
          {
            what: 'memory' as const,
            deployed: `${memoryMb} MB`,
            artifact: `${neededMb} MB or more`,
            equal: memoryMb >= neededMb,
          },
        ]),
    ...(names.length === 0
      ? []
      : [
          {
            what: 'environment' as const,
            artifact: names.join(', '),
            deployed: missing.length === 0 ? 'has them' : `has no ${missing.join(', ')}`,
            equal: missing.length === 0,
          },
        ]),
  ];
}

/** The memory that a deployment with coldpress gives a new function. */
const memoryOf = { 'aws-lambda': memoryFor, gcf: defaultMemoryMb, container: cloudRunMemoryMb } as const;

function row(what: DeployedName, deployed: string, artifact: string, lock?: string): DeployedRow {
  const equal = deployed === artifact && (lock === undefined || deployed === lock);
  return { what, deployed, artifact, ...(lock !== undefined && { lock }), equal };
}
