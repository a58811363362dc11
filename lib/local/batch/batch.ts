import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { openArtifact } from '../../artifact.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import { lambdaMbPerVcpu } from '../../contract/platforms.ts';
import { ColdpressError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { explainSystemError } from '../../system-error.ts';
import { lambdaEnvironment } from '../environment.ts';
import type { Host } from '../host.ts';
import { type Engine, resolveHostEngine } from '../host-engine.ts';
import { createSandbox } from '../sandbox.ts';
import { claimOutput } from './claim.ts';
import { checkReplaceable, pathsOf } from './file-state.ts';
import { type FileFormat, listInputs } from './list-inputs.ts';
import { type FileSummary, scoreFile } from './score-file.ts';
import { startScorers } from './scorers.ts';

export interface BatchOptions {
  host: Host;
  /** Format of all files. @default by file extension */
  format?: FileFormat | undefined;
  /** Number of scoring processes, about 100 MB each. @default one per CPU, at most two */
  processes?: number | undefined;
  /** Names of outputs to compute in addition to those of every answer: `['contributions']`. @default none */
  outputs?: readonly string[] | undefined;
  /** The function's own environment variables. @default none */
  env?: Record<string, string> | undefined;
  /** Called after each part of a file. */
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal | undefined;
}

export interface Progress {
  input: string;
  /** Over all files, in this run. */
  rows: number;
  /** The share of this file that is done. */
  fraction: number;
}

export interface BatchResult {
  files: (FileSummary | { input: string; error: ColdpressError })[];
  /** Rows scored in this run. */
  rows: number;
  seconds: number;
  engine: { kind: Engine['kind']; note?: string };
}

const defaultProcessesAtMost = 2;
/** Each process has one thread, because the processes share the CPUs. */
const memoryMb = lambdaMbPerVcpu;

/**
 * Scores CSV and JSON Lines files with the packed function in `dir`, in separate processes. A file that cannot be read
 * does not stop the others.
 * @param input - a file, or a folder of files
 * @param output - the folder for the results; if it contains those of an earlier run, this run resumes it
 * @throws ColdpressError BATCH_NO_INPUT, OUTPUT_EXISTS, BATCH_RUNNING, BATCH_FUNCTION, BATCH_DIED, OUTPUT_UNWRITABLE, DISK_FULL,
 * TOO_MANY_FILES, OPTION_CONFLICT, OPTION_INVALID, OPTION_OUT_OF_RANGE, and the errors of `openArtifact`
 */
export async function runBatch(
  dir: string,
  { input, output }: { input: string; output: string },
  options: BatchOptions,
): Promise<BatchResult> {
  const { host, processes = Math.min(availableParallelism(), defaultProcessesAtMost), signal } = options;
  if (processes < 1) {
    throw new ColdpressError('OPTION_OUT_OF_RANGE', `processes is ${processes}`, { hint: 'at least 1' });
  }
  const outDir = resolve(output);
  if (outDir === resolve(input)) {
    throw new ColdpressError('OPTION_CONFLICT', `${output} is both what is scored and where results go`, {
      hint: 'name another folder for the results',
    });
  }
  checkFolderName(output, outDir);
  const artifact = openArtifact(dir, { target: 'aws-lambda' });
  const { outputs = [] } = options;
  checkOutputNames(outputs, artifact.manifest.signature.outputs);
  const inputs = listInputs(input, outDir, options.format);
  const stateDir = join(outDir, '.coldpress');
  for (const file of inputs) {
    checkReplaceable(pathsOf(file, { outDir, stateDir }));
  }
  const engine = resolveHostEngine(artifact.manifest, host);
  const sandbox = await createSandbox(artifact, engine);
  const facts = { runtimeApi: '', memoryMb, logStream: '', env: options.env ?? {} };
  const env = lambdaEnvironment({ manifest: artifact.manifest, sandbox, host, ...facts });
  const scorers = startScorers(processes, { cwd: sandbox.task, env });
  const result: BatchResult = {
    files: [],
    rows: 0,
    seconds: 0,
    engine: engine.kind === 'host' ? { kind: 'host', note: engine.note } : { kind: 'artifact' },
  };
  const startedAt = performance.now();
  let release = async () => {};
  try {
    await makeFolder(stateDir);
    release = await claimOutput(stateDir);
    for (const file of inputs) {
      signal?.throwIfAborted();
      const onRows = ({ rows, bytes, sizeBytes }: { rows: number; bytes: number; sizeBytes: number }) => {
        result.rows += rows;
        options.onProgress?.({ input: file.name, rows: result.rows, fraction: bytes / sizeBytes });
      };
      const scope = { outDir, stateDir, functionDir: artifact.functionDir, scorers, outputs, signal, onRows };
      result.files.push(await scoreFile(file, scope).catch(error => failureOf(file.path, error)));
    }
  } catch (error) {
    throw outputError(outDir, error);
  } finally {
    scorers.close();
    await release();
    await sandbox.remove();
  }
  return { ...result, seconds: (performance.now() - startedAt) / 1000 };
}

/** A name with the ending of a file is probably meant as one. @throws ColdpressError OPTION_INVALID */
function checkFolderName(output: string, outDir: string): void {
  if (output === '-') {
    throw new ColdpressError('OPTION_INVALID', '- is not a folder; results do not go to stdout', {
      hint: 'name a folder, for example scored',
    });
  }
  const ending = /\.(csv|jsonl|ndjson|json|parquet)$/i.exec(outDir)?.[0];
  const found = statSync(outDir, { throwIfNoEntry: false });
  if (found?.isDirectory() === true || (ending === undefined && found === undefined)) {
    return;
  }
  const problem = found === undefined ? 'has the ending of a file' : 'is a file';
  throw new ColdpressError('OPTION_INVALID', `${output} ${problem}; results go to a folder`, {
    hint: `name a folder, for example ${ending === undefined ? 'scored' : output.slice(0, -ending.length) || 'scored'}; the results of rows.csv are then rows.csv.csv in it`,
  });
}

/** @throws ColdpressError OPTION_INVALID */
function checkOutputNames(names: readonly string[], outputs: readonly TensorSpec[]): void {
  const known = outputs.map(({ name }) => name);
  const unknown = names.find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw new ColdpressError('OPTION_INVALID', `the model has no output "${unknown}"`, {
      hint: `it has ${known.join(', ')}`,
    });
  }
}

/** Explains why results cannot be written. */
function outputError(outDir: string, error: unknown): unknown {
  const explained = explainSystemError(error, outDir);
  if (explained instanceof ColdpressError && ['DISK_FULL', 'TOO_MANY_FILES'].includes(explained.code)) {
    return explained;
  }
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Errors of other files have their own codes: inputs have BATCH_INPUT, and the artifact has its own.
  if (code !== undefined && syscall !== undefined) {
    return new ColdpressError(
      'OUTPUT_UNWRITABLE',
      `${outDir} cannot be written: ${(error as Error).message}`,
      {
        hint: 'name another folder for the results',
        cause: error,
      },
    );
  }
  return error;
}

/** Returns an error that concerns only one file. @throws any other */
function failureOf(input: string, error: unknown): { input: string; error: ColdpressError } {
  if (
    error instanceof ColdpressError &&
    ['BATCH_INPUT', 'BATCH_RECORD_SIZE', 'BATCH_ALL_FAILED'].includes(error.code)
  ) {
    return { input, error };
  }
  throw error;
}
