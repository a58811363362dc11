import { jobVariables } from '../../contract/platforms.ts';

/** The part of a bucket below a prefix. */
export interface Folder {
  bucket: string;
  prefix: string;
}

/** The work of a job's task. */
export interface JobPlan {
  input: Folder;
  output: Folder;
  /** The index of this task, from 0, and the number of the job's tasks. */
  task: { index: number; count: number };
  /** Larger objects of CSV and JSON Lines are divided into parts of this size; 0 divides none. */
  partBytes: number;
}

const defaultPartBytes = 64 * 1024 * 1024;

/**
 * Reads the environment of a task.
 * https://cloud.google.com/run/docs/container-contract#jobs-env-vars
 * @param prefix - the prefix of the results if no output is set
 * @throws Error if a variable is missing or invalid
 */
export function resolveJob(env: NodeJS.ProcessEnv, prefix: string): JobPlan {
  const input = readFolder(env, jobVariables.input);
  if (input === undefined) {
    throw new Error(`${jobVariables.input} is not set; expected the objects to score, gs://BUCKET/FOLDER/`);
  }
  const output = asFolder(readFolder(env, jobVariables.output)) ?? { bucket: input.bucket, prefix };
  const count = readCount(env, 'CLOUD_RUN_TASK_COUNT', 1);
  const index = readCount(env, 'CLOUD_RUN_TASK_INDEX', 0);
  if (count === 0 || index >= count) {
    throw new Error(`CLOUD_RUN_TASK_INDEX is ${index} of CLOUD_RUN_TASK_COUNT ${count}`);
  }
  const partBytes = readCount(env, jobVariables.partBytes, defaultPartBytes);
  return { input, output, task: { index, count }, partBytes };
}

function readFolder(env: NodeJS.ProcessEnv, name: string): Folder | undefined {
  const text = env[name];
  if (text === undefined || text === '') {
    return undefined;
  }
  const [, bucket, prefix = ''] = /^gs:\/\/([^/]+)(?:\/(.*))?$/s.exec(text) ?? [];
  if (bucket === undefined) {
    throw new Error(`${name} is "${text}"; expected gs://BUCKET/FOLDER/`);
  }
  return { bucket, prefix };
}

/** Ends the prefix with a slash, so that result keys begin after one. */
function asFolder(folder: Folder | undefined): Folder | undefined {
  return folder && { ...folder, prefix: folder.prefix.replace(/(?<=[^/])$/, '/') };
}

function readCount(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = Number(env[name] || otherwise);
  if (!Number.isInteger(value) || value < 0) {
    throw new Error(`${name} is "${env[name]}"; expected a whole number`);
  }
  return value;
}
