import { type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process';
import { extname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { LockedRequest, PackAnswer, PackRequest } from './request.ts';

const child = fileURLToPath(new URL(`./pack-child${extname(import.meta.url)}`, import.meta.url));
/** The descriptor of the child's answer. It is not stdout, because a config may print to that. */
const answerFd = 3;
/** The CDK command line reads stdout, so output of packing for people goes to stderr. */
const stdio = ['pipe', process.stderr.fd, 'inherit', 'pipe'] satisfies SpawnSyncOptions['stdio'];

/** Packs in a child process while the caller waits. */
export function packInChildSync(request: PackRequest): PackAnswer {
  const { output, status, signal, error } = spawnSync(process.execPath, [child], {
    cwd: request.cwd,
    input: JSON.stringify(request),
    encoding: 'utf8',
    stdio,
    maxBuffer: 64 * 2 ** 20,
  });
  return readAnswer(output?.[answerFd], error?.message ?? endingOf(status, signal));
}

/** Packs in a child process, asynchronously, so that several can run at once. */
export async function packInChild(request: LockedRequest): Promise<PackAnswer> {
  const started = spawn(process.execPath, [child], { cwd: request.cwd, stdio });
  const ended = new Promise<string>(resolve => {
    started.once('exit', (code, signal) => resolve(endingOf(code, signal)));
    started.once('error', error => resolve(error.message));
  });
  (started.stdio[0] as Writable).end(JSON.stringify(request));
  const answer = await text(started.stdio[answerFd] as Readable);
  return readAnswer(answer, await ended);
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

function readAnswer(answer: string | null | undefined, ending: string): PackAnswer {
  if (!answer) {
    const message = `the packing process ended without an answer: ${ending}`;
    return {
      ok: false,
      problem: { code: 'PACK_DIED', message, hint: 'pack on the command line to see why' },
    };
  }
  return JSON.parse(answer) as PackAnswer;
}
