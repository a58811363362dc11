import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { benchGcf } from '../../lib/bench/gcf/bench-gcf.ts';
import { placeOfUrl } from '../../lib/bench/gcf/place-of-url.ts';
import { openJournal } from '../../lib/bench/journal.ts';
import { restoreFunctions } from '../../lib/bench/restore.ts';
import { listen, unlisten } from '../../lib/local/listen.ts';
import { run } from '../cli/coldpress.ts';
import { type LocalGoogle, startGoogle } from '../gcp/google.ts';
import { emptyFolder, host as thisHost } from '../local/tiny-artifact.ts';

const name = 'projects/p/locations/europe-west1/services/churn';
const revision = (number: number) => `${name}/revisions/churn-0000${number}-abc`;

describe('a function on Google', () => {
  let google: LocalGoogle;
  let host = thisHost;
  let [asked, status] = [0, 200];
  const fn = createServer((request, response) => {
    asked += 1;
    request.resume().on('end', () => {
      const timing = asked === 1 ? 'boot;dur=3, native;dur=2, model;dur=1, first;dur=0.5' : '';
      response.writeHead(status, { 'server-timing': timing }).end('{}');
    });
  });

  beforeAll(async () => {
    google = await startGoogle();
    google.tagUrl = `http://127.0.0.1:${await listen(fn, 0)}`;
  });

  beforeEach(async () => {
    [asked, status] = [0, 200];
    google.requests.length = 0;
    host = { ...thisHost, env: { ...thisHost.env, COLDPRESS_CACHE_DIR: await emptyFolder() } };
    const service = {
      name,
      uri: 'https://churn-x.run.app',
      etag: '"0"',
      latestReadyRevision: revision(1),
      template: {
        timeout: '60s',
        containers: [
          {
            image: 'i',
            env: [{ name: 'A_SETTING', value: 'kept' }],
            resources: { limits: { memory: '512Mi' } },
          },
        ],
      },
      traffic: [{ type: 1, percent: 100 }],
      trafficStatuses: [{ type: 1, percent: 100, revision: '' }],
    };
    const ready = { name: revision(1), conditions: [{ type: 'Ready', state: 'CONDITION_SUCCEEDED' }] };
    google.services.set(name, { service, revisions: [ready] });
  });

  afterAll(async () => {
    await unlisten(fn);
    await google.close();
  });

  const place = () => ({
    host,
    functionName: 'churn',
    project: 'p',
    region: 'europe-west1',
    endpointUrl: google.url,
  });
  const short = { samples: 1, warm: 2, input: '{}' } as const;
  const changes = () =>
    google.requests.filter(({ line }) => line.startsWith('PATCH')).map(({ body }) => body);

  test('is measured in a revision that no traffic reaches, and put back', { timeout: 60_000 }, async () => {
    const { variants } = await benchGcf({ ...place(), ...short });
    const [sample] = variants[0]!.samples;
    expect(sample!.phases).toMatchObject({ runtime: 3, native: 2, model: 1, first: 0.5 });
    expect(Object.values(sample!.phases).reduce((a, b) => a + b)).toBeCloseTo(sample!.totalMs);
    expect(sample!.warmMs).toHaveLength(2);
    const [measured, restored] = changes();
    expect(measured.traffic).toMatchObject([
      { revision: 'churn-00001-abc', percent: 100 },
      { percent: 0, tag: 'coldpress-bench' },
    ]);
    expect(measured.template.containers[0].env).toMatchObject([
      { name: 'A_SETTING', value: 'kept' },
      { name: 'COLDPRESS_BENCH', value: expect.stringMatching(/-0$/) },
    ]);
    expect(restored.traffic).toMatchObject([{ percent: 100 }]);
    expect(restored.template.containers[0].env).toMatchObject([{ name: 'A_SETTING', value: 'kept' }]);
    expect(restored.template.containers[0].env).toHaveLength(1);
    expect(await openJournal(host.env).list()).toEqual([]);
  });

  test('that fails gives no numbers, and is put back', { timeout: 60_000 }, async () => {
    status = 500;
    await expect(benchGcf({ ...place(), ...short })).rejects.toMatchObject({
      code: 'BENCH_FUNCTION_FAILED',
      message: expect.stringContaining('churn failed in its first request: it answered 500'),
    });
    expect(changes().at(-1).traffic).toMatchObject([{ percent: 100 }]);
  });

  test('that was left changed by a killed benchmark is put back', { timeout: 60_000 }, async () => {
    await openJournal(host.env).write({
      kind: 'gcf',
      functionName: 'churn',
      project: 'p',
      region: 'europe-west1',
      endpointUrl: google.url,
      traffic: [{ type: 1, percent: 100 }],
      startedAt: '2026-11-20',
      pid: spawnSync(process.execPath, ['--version']).pid,
    });
    expect(await restoreFunctions({ host })).toEqual(['churn']);
    expect(changes()).toHaveLength(1);
  });

  test('that is not there', { timeout: 60_000 }, async () => {
    await expect(benchGcf({ ...place(), ...short, functionName: 'other' })).rejects.toMatchObject({
      code: 'GCP_NOT_FOUND',
    });
  });

  test('the command', { timeout: 60_000 }, async () => {
    const flags = ['--project', 'p', '--region', 'europe-west1', '--endpoint-url', google.url];
    const { code, stdout, stderr } = await run([
      'bench',
      '--gcf',
      'churn',
      ...flags,
      '--samples',
      '1',
      '--warm',
      '1',
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/d platform and network/);
  });

  test('needs its project', async () => {
    const { code, stderr } = await run(['bench', '--gcf', 'churn']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/OPTION_MISSING: --project/);
  });
});

describe('what --gcf names', () => {
  test.each([
    ['churn', { functionName: 'churn', project: 'p', region: 'r' }],
    [
      'https://churn-123456.europe-west1.run.app/v2',
      { functionName: 'churn', project: '123456', region: 'europe-west1' },
    ],
    [
      'https://us-central1-my-project.cloudfunctions.net/churn',
      { functionName: 'churn', project: 'my-project', region: 'us-central1' },
    ],
  ])('%s', (text, expected) => expect(placeOfUrl(text, { project: 'p', region: 'r' })).toEqual(expected));

  test('no URL that does not tell where', () => {
    expect(() => placeOfUrl('https://churn-abc123-uc.a.run.app', {})).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
