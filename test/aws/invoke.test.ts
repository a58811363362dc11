import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../lib/local/listen.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { folder, run } from '../cli/coldpress.ts';
import { host, tinyArtifact } from '../local/tiny-artifact.ts';

const source = `export const handler = async event => {
  console.log('handling');
  if (event.fail) throw new RangeError(event.fail);
  if (event.http) return { statusCode: 418, headers: { 'content-type': 'application/json' }, body: '{"tea":true}' };
  return { event };
};`;

const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };
let served: ServedArtifact;

beforeAll(async () => {
  served = await serveArtifact(await tinyArtifact(source), { host, port: 0 });
});
afterAll(() => served.close());

function invoke(
  args: string[],
  { env = credentials, stdin = '{}' }: { env?: Record<string, string>; stdin?: string } = {},
) {
  return run(['invoke', '--endpoint-url', served.url, '--event', '-', ...args], {
    env: {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    },
    stdin,
  });
}

test('a deployed function answers as a packed one does, its log on stderr', async () => {
  const { code, stdout, stderr } = await invoke(['--aws', 'tiny:$LATEST', '--json'], { stdin: '{"n":1}' });
  expect(JSON.parse(stdout)).toMatchObject({ answer: { event: { n: 1 } }, executedVersion: '$LATEST' });
  expect(stderr).toBe('handling\n');
  const verbose = await invoke(['--aws', 'tiny:$LATEST', '--verbose'], { stdin: '{"n":1}' });
  expect(verbose.stderr).toMatch(/handling(.|\n)*REPORT RequestId/);
  expect(code).toBe(0);
  const http = await invoke(['--aws', 'tiny'], { stdin: '{"http":true}' });
  expect(http).toMatchObject({ code: 2, stdout: expect.stringMatching(/^answer 418\n\{ tea: true \}\n/) });
});

test('a failure of the function is its result', async () => {
  const { code, stdout } = await invoke(['--aws', 'tiny', '--json'], { stdin: '{"fail":"no"}' });
  expect(JSON.parse(stdout)).toMatchObject({
    functionError: 'Unhandled',
    answer: { errorType: 'RangeError', errorMessage: 'no' },
  });
  expect(code).toBe(2);
});

test('an endpoint of the environment is respected, too', async () => {
  const { stdout } = await run(['invoke', '--aws', 'tiny', '--json'], {
    env: { ...credentials, AWS_ENDPOINT_URL: served.url },
  });
  expect(JSON.parse(stdout)).toMatchObject({ answer: { event: {} } });
  const { stderr } = await run(['invoke', '--aws', 'tiny'], {
    env: { ...credentials, AWS_ENDPOINT_URL: 'nonsense' },
  });
  expect(stderr).toMatch(/^OPTION_INVALID: AWS_ENDPOINT_URL/);
});

test.each([
  ['a function or alias that is not there', ['--aws', 'tiny:live'], credentials, 'AWS_FUNCTION_NOT_FOUND'],
  ['no credentials', ['--aws', 'tiny'], { AWS_REGION: 'us-east-1' }, 'AWS_CREDENTIALS'],
  ['no region', ['--aws', 'tiny'], { ...credentials, AWS_REGION: '' }, 'AWS_REGION'],
  ['nobody there', ['--aws', 'tiny', '--endpoint-url', 'http://127.0.0.1:9'], credentials, 'AWS_UNREACHABLE'],
  ['a folder, too', [folder('dir'), '--aws', 'tiny'], credentials, 'OPTION_CONFLICT'],
  ['what only a local function takes', ['--aws', 'tiny', '--memory', '512'], credentials, 'OPTION_CONFLICT'],
  ['no URL', ['--aws', 'tiny', '--endpoint-url', 'localhost:9'], credentials, 'OPTION_INVALID'],
])(
  'says what is wrong: %s',
  async (_, args, env, expected) => {
    const { code, stderr } = await invoke(args, { env });
    expect(stderr).toMatch(new RegExp(`^${expected}: .+\n  .+\n`));
    expect(code).toBe(2);
  },
  30_000,
);

test.each([
  [429, 'TooManyRequestsException', 'AWS_THROTTLED'],
  [403, 'AccessDeniedException', 'AWS_DENIED'],
  [413, 'RequestTooLargeException', 'AWS_REFUSED'],
])('says what AWS says: %i %s', async (status, type, expected) => {
  const server = createServer((_, response) =>
    response.writeHead(status, { 'x-amzn-errortype': type }).end('{"message":"told by AWS"}'),
  );
  onTestFinished(() => void server.close());
  const port = await listen(server, 0);
  const endpoint = ['--endpoint-url', `http://127.0.0.1:${port}`];
  const { code, stderr } = await invoke(['--aws', 'tiny', ...endpoint], {
    env: { ...credentials, AWS_MAX_ATTEMPTS: '1' },
  });
  expect(stderr).toMatch(new RegExp(`^${expected}: .*told by AWS`));
  expect(code).toBe(2);
});
