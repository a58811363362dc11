/** The process in which a construct's model is packed: a request on stdin, an answer on descriptor 3. */
import { readFileSync, writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { ColdpressError } from '../../errors.ts';
import { recordModules } from './record-modules.ts';
import type { PackAnswer, PackRequest } from './request.ts';

enableCompileCache();
const startedMs = Date.now();
const modules = recordModules();

async function answer(): Promise<PackAnswer> {
  try {
    const request = JSON.parse(readFileSync(0, 'utf8')) as PackRequest;
    // After the recording began: a change of coldpress itself is a reason to pack again, too.
    const { packRequest } = await import('./pack-request.ts');
    return { ok: true, ...(await packRequest(request, { modules, startedMs })) };
  } catch (error) {
    if (error instanceof ColdpressError) {
      const { code, message, hint } = error;
      return { ok: false, problem: { code, message, hint } };
    }
    // A bug of ours, where the stack is what helps.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, problem: { code: 'PACK_FAILED', message, hint: 'please report it' } };
  }
}

const bytes = Buffer.from(JSON.stringify(await answer()));
for (let written = 0; written < bytes.length; ) {
  written += writeSync(3, bytes, written);
}
