import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startLambda } from '../../lib/local/lambda.ts';
import { clients, invoke, payloadOf, startTiny } from './start-tiny.ts';
import { emptyFolder, host, tinyArtifact } from './tiny-artifact.ts';

describe.each(clients)('under %s', runtimeClient => {
  test('a warm instance keeps its state, and reports no Init Duration', async () => {
    const lambda = await startTiny('let n = 0; export const handler = async () => ++n;', { runtimeClient });
    const answers = await Promise.all([1, 2, 3].map(() => invoke(lambda)));
    expect(answers.map(payloadOf)).toEqual([1, 2, 3]);
    expect(answers.map(({ report }) => report.initDurationMs !== undefined)).toEqual([true, false, false]);
    expect(answers.map(({ initMs }) => initMs !== undefined)).toEqual([true, false, false]);
  });

  test('after a process that ended, the next invocation starts another inside its own clock', async () => {
    const source =
      'let n = 0; export const handler = async ({ end }) => { if (end) process.exit(1); return ++n; };';
    const lambda = await startTiny(source, { runtimeClient });
    expect(payloadOf(await invoke(lambda))).toBe(1);
    expect(payloadOf(await invoke(lambda, { end: true }))).toMatchObject({
      errorType: 'Runtime.ExitError',
    });
    const again = await invoke(lambda);
    expect(payloadOf(again)).toBe(1);
    expect(again.initMs).toBeGreaterThan(0);
    expect(again.report.initDurationMs).toBeUndefined();
  });

  test('an INIT over the limit is run again inside the first invocation', async () => {
    const initLimitMs = 2000;
    // The second process starts later than the limit. On a busy machine the first may end before it runs any of this.
    const source = `if (performance.timeOrigin < Number(process.env.BEGUN) + ${initLimitMs}) {
        setInterval(() => {}, 1000);
        await new Promise(() => {});
      }
      export const handler = async () => 'at last';`;
    const env = { BEGUN: String(Date.now()) };
    const lambda = await startTiny(source, { runtimeClient, initLimitMs, env });
    const invocation = await invoke(lambda);
    expect(payloadOf(invocation)).toBe('at last');
    expect(invocation.logs).toMatch(/^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: timeout$/m);
  });

  test('the process has Lambda’s environment and nothing of this machine’s', async () => {
    const source = `export const handler = async () => ({ env: process.env, cwd: process.cwd(), flags: process.execArgv });`;
    const lambda = await startTiny(source, { runtimeClient, memoryMb: 512, env: { THRESHOLD: '0.5' } });
    const { env, cwd, flags } = payloadOf(await invoke(lambda));
    expect(
      Object.keys(env)
        .filter(name => !name.startsWith('AWS_LAMBDA_'))
        .sort(),
    ).toEqual(
      [
        ...[
          'AWS_DEFAULT_REGION',
          'AWS_EXECUTION_ENV',
          'AWS_REGION',
          'LAMBDA_RUNTIME_DIR',
          'LAMBDA_TASK_ROOT',
        ],
        ...['LANG', 'NODE_PATH', 'PATH', 'THRESHOLD', 'TZ', '_HANDLER', '_X_AMZN_TRACE_ID'],
      ].sort(),
    );
    expect(env).toMatchObject({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512', THRESHOLD: '0.5', TZ: ':UTC' });
    expect(cwd).toBe(env.LAMBDA_TASK_ROOT);
    expect(cwd).toMatch(/\/var\/task$/);
    expect(flags).toContain('--no-experimental-require-module');
  });

  test('the layer is found through NODE_PATH by require, from an empty folder', async () => {
    const source = `import { createRequire } from 'node:module';
      const found = createRequire(import.meta.url)('coldpress-onnxruntime-1.30.0-x64/native.cjs');
      export const handler = async () => found;`;
    const layer = 'layer/nodejs/node_modules/coldpress-onnxruntime-1.30.0-x64/native.cjs';
    const dir = await tinyArtifact(source, { files: { [layer]: 'module.exports = __filename;' } });
    const lambda = await startLambda(dir, { host, runtimeClient });
    onTestFinished(() => lambda.close());
    const found = payloadOf(await invoke(lambda));
    expect(found).toMatch(/\/opt\/nodejs\/node_modules\/coldpress-onnxruntime-1.30.0-x64\/native.cjs$/);
    expect(found.startsWith(dir)).toBe(false);
  });
});

describe('close', () => {
  test('ends an invocation under way, the process and what it started, and removes the sandbox', async () => {
    // The process and its child each hold a connection to here, which breaks when they end.
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connect = `require('node:net').connect(${port}, '127.0.0.1').write(process.cwd() + '\\n')`;
    const source = `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      ${connect};
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(connect)}]);
      export const handler = () => new Promise(() => {});`;
    const lambda = await startTiny(source, { runtimeClient: 'coldpress' });
    const refused = expect(invoke(lambda)).rejects.toMatchObject({ code: 'LAMBDA_CLOSED' });
    const [[first], [second]] = [await once(server, 'connection'), await once(server, 'connection')];
    const [folder] = await once(first, 'data');
    const broken = Promise.all(
      [first, second].map(socket => once(socket.on('error', () => {}).resume(), 'close')),
    );
    await lambda.close();
    await Promise.all([refused, broken]);
    expect(existsSync(folder.toString().trim())).toBe(false);
  });

  test('comes by itself when the signal aborts', async () => {
    const temporary = await emptyFolder();
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const signal = AbortSignal.abort();
    const lambda = await startTiny('export const handler = async () => 1;', { signal });
    await expect(invoke(lambda)).rejects.toBe(signal.reason);
    expect(readdirSync(temporary).filter(name => name.startsWith('coldpress-lambda-'))).toEqual([]);
  });
});
