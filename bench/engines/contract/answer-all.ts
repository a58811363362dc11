/**
 * Imports a packed Lambda function and appends its answers to the requests of a seed to a file, a line each:
 * `answer-all DIR SEED COUNT FILE`. Standard output has the function's telemetry.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { openArtifact } from '../../../lib/artifact.ts';
import { toFunctionUrlEvent } from '../../../lib/local/function-url.ts';
import { randomNumbers } from '../../models/random.ts';
import { oddRequests } from './odd-requests.ts';

export interface Answer {
  kind: string;
  status: number;
  body: string;
}

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};

const [dir = '', seed = '', count = '', file = ''] = process.argv.slice(2);
const { manifest, functionDir } = openArtifact(dir);
process.chdir(functionDir);
const { handler } = await import(join(functionDir, 'index.mjs'));
const requests = oddRequests(manifest, randomNumbers(Number(seed)));
for (let index = 0; index < Number(count); index++) {
  const { kind, method, path, headers, body } = requests.next().value!;
  const event = toFunctionUrlEvent({
    method,
    url: path,
    headers,
    body,
    sourceIp: '127.0.0.1',
    now: new Date(0),
  });
  const context = { awsRequestId: String(index), getRemainingTimeInMillis: () => 30_000 };
  const answer = await handler(event, context);
  const bytes = Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8');
  const decode = decoders[answer.headers?.['content-encoding']] ?? ((same: Buffer) => same);
  const text = decode(bytes).toString('latin1');
  const head = answer.headers?.['inference-header-content-length'];
  // Bytes of numbers are compared by their count: JSON answers show whether the numbers are close.
  const shown = head === undefined ? text : `${text.slice(0, head)} and ${text.length} bytes`;
  const line: Answer = { kind, status: answer.statusCode, body: shown };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
