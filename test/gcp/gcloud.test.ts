import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gcloudCommands } from '../../lib/gcp/emit-gcloud.ts';
import { resolveDeploy } from '../../lib/gcp/options.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { type LocalGoogle, startGoogle } from './google.ts';

/** What `--emit gcloud` prints, given to gcloud itself, which speaks to a local server. */

const hasGcloud = spawnSync('gcloud', ['--version']).status === 0;
const scratch = makeScratch();
const name = 'projects/p/locations/europe-west1/functions/breast-cancer';

/** https://cloud.google.com/sdk/gcloud/reference/topic/configurations, section api_endpoint_overrides */
const apis = [
  ...['cloudfunctions', 'run', 'storage', 'cloudbuild', 'artifactregistry'],
  ...['serviceusage', 'iam', 'cloudresourcemanager'],
];

describe.skipIf(!hasGcloud)('gcloud (needs it installed)', () => {
  let google: LocalGoogle;
  let commands: string[][];

  beforeAll(async () => {
    google = await startGoogle();
    const dir = await packExample(scratch, 'gcf');
    commands = gcloudCommands(resolveDeploy(dir, { project: 'p', region: 'europe-west1' }));
  }, 60_000);
  afterAll(() => google?.close());

  function run(
    [program, ...args]: string[],
    signal?: AbortSignal,
  ): Promise<{ code: unknown; stderr: string }> {
    const overrides = apis.map(api => [
      `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api.toUpperCase()}`,
      `${google.url}/`,
    ]);
    const env = {
      ...process.env,
      CLOUDSDK_CONFIG: join(scratch, 'gcloud'),
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
      ...Object.fromEntries(overrides),
    };
    return new Promise(resolve =>
      execFile(program!, args, { env, signal }, (error, _, stderr) =>
        resolve({ code: error?.code ?? 0, stderr }),
      ),
    );
  }

  test('functions deploy takes the folder, and uploads what makes the function', async () => {
    const { code, stderr } = await run(commands[0]!);
    expect(code, stderr).toBe(0);
    expect(google.functions.get(name)).toMatchObject({
      buildConfig: { entryPoint: 'http', runtime: 'nodejs24' },
      serviceConfig: { maxInstanceRequestConcurrency: 80 },
    });
    // The names of a zip's files are in its directory as they are.
    const zip = [...google.uploads.values()][0]!.toString('latin1');
    for (const file of ['index.mjs', 'package-lock.json', 'functions-framework/main.cjs', 'coldpress.json']) {
      expect(zip).toContain(file);
    }
  }, 120_000);

  test('run deploy takes every argument', async () => {
    google.requests.length = 0;
    const enough = new AbortController();
    const ended = run(commands[1]!, enough.signal);
    // It asks only when it has understood; what it asks next is under another name than this server's.
    const asked = expect.poll(() => google.requests.length, { timeout: 60_000 }).toBeGreaterThan(0);
    const refusal = await Promise.race([asked.then(() => undefined), ended]);
    enough.abort();
    expect(refusal).toBeUndefined();
    await ended;
  }, 120_000);
});
