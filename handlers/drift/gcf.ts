import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MANIFEST_FILE, parseManifest } from '../../lib/contract/manifest.ts';
import { PROFILE_FILE, parseProfile } from '../../lib/contract/profile.ts';
import { googleCalls, judgeDrift } from '../../lib/drift/scheduled.ts';
import { googleTokens } from '../../lib/runtime/platform/google-token.ts';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const profile = parseProfile(read(PROFILE_FILE));
const manifest = parseManifest(read(MANIFEST_FILE));
const getToken = googleTokens(process.env);

/**
 * Runs on Cloud Scheduler for `coldpress deploy --drift-schedule`: judges the log of the model's function and writes
 * the verdict to its own log, from which Cloud Logging derives the metric and the alert. A failed run also alerts.
 */
export async function http(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { PROJECT: project, REGION: region, MODEL_FUNCTION = '', ENDPOINT_URL, ...settings } = process.env;
  const end = (status: number, severity: string, facts: object) => {
    const line = { severity, coldpress: 'drift', function: MODEL_FUNCTION, ...facts };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(facts));
  };
  try {
    const verdict = await judgeDrift({
      source: MODEL_FUNCTION,
      project,
      region,
      endpointUrl: ENDPOINT_URL,
      profile,
      manifest,
      settings,
      nowMs: Date.now(),
      callGoogle: googleCalls(getToken, ENDPOINT_URL),
    });
    end(200, verdict.drifted ? 'WARNING' : 'INFO', verdict);
  } catch (error) {
    end(500, 'ERROR', { message: `drift cannot be judged: ${(error as Error).message}` });
  }
}
