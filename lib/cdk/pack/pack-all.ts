import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openArtifact } from '../../artifact.ts';
import { causeOf } from '../../cause-of.ts';
import { ColdpressError } from '../../errors.ts';
import type { LockMode } from '../../pack/pack-lock.ts';
import { makeTemporaryFolder } from '../../temporary-folder.ts';
import type { Problem } from '../error-at.ts';
import { packInChild } from './child.ts';
import { recall, remember } from './memo.ts';
import { type Listed, PACK_LIST, type Packed } from './request.ts';

export interface PackAllOptions {
  /** The folder of `cdk.json`. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /**
   * Writes the entry of each model to the lock, or requires that it matches.
   * @default neither
   */
  lock?: LockMode | undefined;
  /** Called when a model is done. */
  onProgress?: (step: string) => void;
}

/** The result for one model; constructs with the same request share it. */
export interface PackedModel extends Packed {
  /** Paths of the constructs. */
  paths: string[];
  /** Whether nothing had changed since the model was last packed. */
  isKnown: boolean;
}

/**
 * Packs every model of a CDK app, several at once, so that synthesis finds them packed. The app is run with the command
 * in `cdk.json`, and its constructs list what they would pack.
 * @throws ColdpressError CDK_APP_MISSING, CDK_APP_FAILED, LOCK_NAME_TAKEN, and the errors of packing, with the path of the
 * construct
 */
export async function packAll({
  cwd,
  env,
  lock,
  onProgress = () => {},
}: PackAllOptions): Promise<PackedModel[]> {
  onProgress('asking the app for its models');
  const listed = Map.groupBy(await listModels(cwd, env), ({ request }) => JSON.stringify(request));
  const waiting = [...listed.values()];
  const packed: PackedModel[] = [];
  const total = waiting.length;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      packed.push(await packOne(next, lock));
      onProgress(`${packed.length} of ${total} models`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  if (lock === 'write') {
    await checkNames([...listed.values()], packed);
  }
  return packed;
}

async function packOne(listed: Listed[], lock: LockMode | undefined): Promise<PackedModel> {
  const paths = listed.map(({ path }) => path);
  const { request } = listed[0]!;
  const known = lock === undefined ? recall(request) : undefined;
  if (known !== undefined) {
    return { paths, ...known, isKnown: true };
  }
  const answer = await packInChild({ ...request, ...(lock && { lock }) });
  if (!answer.ok) {
    throw problemOf(paths, answer.problem);
  }
  const { dir, report, inputs } = answer;
  if (inputs !== undefined) {
    remember(request, { dir, report, inputs });
  }
  return { paths, dir, report, isKnown: false };
}

function problemOf(paths: readonly string[], { code, message, hint, table }: Problem): ColdpressError {
  return new ColdpressError(code, `${paths[0]}: ${message}`, {
    // The hints of packing are for one model.
    ...(hint !== undefined && { hint: hint.replace('coldpress pack --lock', 'coldpress pack --all --lock') }),
    ...(table !== undefined && { table }),
  });
}

/**
 * Requires that no model has overwritten the lock's entry of another: entries are named by the model, the target and
 * the CPU, and two constructs may pack one model in two ways.
 * @throws ColdpressError LOCK_NAME_TAKEN
 */
async function checkNames(listed: Listed[][], packed: readonly PackedModel[]): Promise<void> {
  const named = Map.groupBy(packed, ({ dir }) => openArtifact(dir).manifest.name);
  for (const several of [...named.values()].filter(({ length }) => length > 1)) {
    for (const { paths } of several) {
      const [{ request }] = listed.find(([first]) => first!.path === paths[0])! as [Listed];
      const answer = await packInChild({ ...request, lock: 'require' });
      if (!answer.ok && answer.problem.code === 'LOCK_DIFFERS') {
        const all = several.map(each => each.paths[0]).join(' and ');
        throw new ColdpressError('LOCK_NAME_TAKEN', `${all} would have one entry in the lock`, {
          hint: "set a different name for each: config: { name: 'churn-native', … }",
          ...(answer.problem.table && { table: answer.problem.table }),
        });
      }
    }
  }
}

async function listModels(cwd: string, env: NodeJS.ProcessEnv): Promise<Listed[]> {
  const command = await appCommand(cwd);
  const scratch = await makeTemporaryFolder({ purpose: 'list' });
  try {
    const list = join(scratch, 'list');
    const child = spawn(command, {
      cwd,
      shell: true,
      env: {
        ...env,
        CDK_CONTEXT_JSON: withContext(env.CDK_CONTEXT_JSON, list),
        CDK_OUTDIR: join(scratch, 'cdk.out'),
      },
      // The app's output goes to stderr: stdout is for this command's own answer.
      stdio: ['ignore', process.stderr.fd, 'inherit'],
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) {
      throw new ColdpressError('CDK_APP_FAILED', `the app ended with exit code ${code}: ${command}`, {
        hint: 'the app printed the reason above; `npx cdk synth` shows it, too',
      });
    }
    const lines = existsSync(list) ? (await readFile(list, 'utf8')).trim().split('\n') : [];
    return lines.map(line => JSON.parse(line) as Listed);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Adds the list to the context in the variable with which the CDK passes it to an app. */
function withContext(context = '{}', list: string): string {
  return JSON.stringify({ ...JSON.parse(context), [PACK_LIST]: list });
}

async function appCommand(cwd: string): Promise<string> {
  const path = join(cwd, 'cdk.json');
  try {
    const { app } = JSON.parse(await readFile(path, 'utf8'));
    if (typeof app === 'string' && app !== '') {
      return app;
    }
  } catch (cause) {
    throw new ColdpressError('CDK_APP_MISSING', `${path} cannot be read: ${causeOf(cause)}`, {
      hint: 'run it in the folder of cdk.json',
      cause,
    });
  }
  throw new ColdpressError('CDK_APP_MISSING', `${path} names no app`, { hint: '"app": "node bin/app.ts"' });
}
