import score from '#score';
import { openFunction } from '../lib/runtime/function.ts';
import { cloudEventInvocation } from '../lib/runtime/platform/invocation.ts';
import type { CloudEvent } from '../lib/runtime/sources/cloud-event.ts';
import { googleSources } from '../lib/runtime/sources/google.ts';
import { observer } from '../lib/runtime/telemetry/observe.ts';

// At the top level: the functions framework loads the module before it listens.
const fn = openFunction(import.meta.dirname, score);
const write = (line: string) => process.stdout.write(line);
const observe = observer(fn.model, { platform: 'google', write, env: process.env });

/** The function of the signature type `cloudevent`. */
export async function handler(event: CloudEvent): Promise<void> {
  const invocation = cloudEventInvocation(event, { env: process.env, now: Date.now });
  const source = googleSources.find(candidate => candidate.matches(event))!;
  await observe(invocation, source.name, { event, run: () => source.handle(event, fn, invocation) });
}
