/**
 * The process that packs the model of a construct. It reads a request from stdin and writes its answer to descriptor 3.
 */
import { readFileSync, writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { ColdpressError } from '../../errors.ts';
import { recordModules } from './record-modules.ts';
import type { LockedRequest, PackAnswer } from './request.ts';

enableCompileCache();
const startedMs = Date.now();
const modules = recordModules();

async function answer(): Promise<PackAnswer> {
  try {
    const request = JSON.parse(readFileSync(0, 'utf8')) as LockedRequest;
    // Imported after recording starts, so that a change of coldpress itself also causes packing again.
    const { packRequest } = await import('./pack-request.ts');
    return { ok: true, ...(await packRequest(request, { modules, startedMs })) };
  } catch (error) {
    if (error instanceof ColdpressError) {
      const { code, message, hint, table } = error;
      return { ok: false, problem: { code, message, hint, table } };
    }
    // This is a bug in coldpress, so the stack is useful.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, problem: { code: 'PACK_FAILED', message, hint: 'please report it' } };
  }
}

const bytes = Buffer.from(JSON.stringify(await answer()));
for (let written = 0; written < bytes.length; ) {
  written += writeSync(3, bytes, written);
}
