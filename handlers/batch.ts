/** Scores ranges of files with a packed function for `coldpress batch`; requests and answers travel over IPC. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { MANIFEST_FILE, parseManifest } from '../lib/contract/manifest.ts';
import { RequestError } from '../lib/runtime/errors.ts';
import { type Handler, scoreRange } from '../lib/runtime/files/score-range.ts';
import type { RangeAnswer, RangeRequest } from '../lib/runtime/files/types.ts';

const dir = process.env.LAMBDA_TASK_ROOT!;
const manifest = parseManifest(readFileSync(join(dir, MANIFEST_FILE), 'utf8'));
const [file, exported] = manifest.handler.split('.') as [string, string];
const opened = import(pathToFileURL(join(dir, `${file}.mjs`)).href);
// The first request reports the error.
opened.catch(() => {});

process.on('message', async (request: RangeRequest) => {
  process.send!({ id: request.id, ...(await answer(request)) } satisfies RangeAnswer);
});
// The parent process has ended, for whatever reason.
process.once('disconnect', () => process.exit());

let last: Promise<unknown> = Promise.resolve();

/** Runs one request at a time, so that the function's counts belong to one range. */
function afterLast(run: () => Promise<unknown>): Promise<unknown> {
  const answer = last.then(run, run);
  last = answer.then(logged, logged);
  return answer;
}

/** Waits for the log line, which takes the counts that are left; see `afterAnswer` for its two immediates. */
async function logged(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

async function answer(request: RangeRequest) {
  try {
    const { [exported]: handler } = await opened;
    const alone: Handler = (event, context) => afterLast(() => handler(event, context));
    return {
      kind: 'scored' as const,
      scores: await scoreRange(request, { handler: alone, model: manifest }),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isFile = error instanceof RequestError && error.code === 'CSV';
    return { kind: isFile ? ('unreadable' as const) : ('failed' as const), message };
  }
}
