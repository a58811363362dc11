import { spawnSync } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../error-at.ts';
import { recall, remember } from './memo.ts';
import type { PackAnswer, PackRequest } from './request.ts';

export type SynthPack = { ok: true; dir: string } | { ok: false; problem: Problem };

const child = fileURLToPath(new URL(`./pack-child${extname(import.meta.url)}`, import.meta.url));
/** Where the child writes its answer: a config may print what it likes. */
const answerFd = 3;

/**
 * Packs while a constructor waits: constructors are synchronous, packing is not, so that it has a process of its own,
 * unless nothing changed since the last time.
 */
export function packAtSynth(request: PackRequest): SynthPack {
  const known = recall(request);
  if (known !== undefined) {
    return { ok: true, dir: known };
  }
  const answer = runChild(request);
  if (answer.ok && answer.inputs !== undefined) {
    remember(request, { dir: answer.dir, inputs: answer.inputs });
  }
  return answer;
}

function runChild(request: PackRequest): PackAnswer {
  const { output, status, signal, error } = spawnSync(process.execPath, [child], {
    cwd: request.cwd,
    input: JSON.stringify(request),
    encoding: 'utf8',
    // What the CDK command line reads of an app is its own; what packing prints is for people.
    stdio: ['pipe', process.stderr.fd, 'inherit', 'pipe'],
    maxBuffer: 64 * 2 ** 20,
  });
  const text = output?.[answerFd];
  if (error !== undefined || !text) {
    const ending = error?.message ?? (signal === null ? `exit code ${status}` : `signal ${signal}`);
    return {
      ok: false,
      problem: { code: 'PACK_DIED', message: `the packing process ended without an answer: ${ending}` },
    };
  }
  return JSON.parse(text) as PackAnswer;
}
