import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GOLDEN_FILE } from '../../../lib/contract/files.ts';
import { type Datatype, MANIFEST_FILE } from '../../../lib/contract/manifest.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import type { ElementType } from '../../../lib/model/types.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { type ColdpressFunction, openFunction } from '../../../lib/runtime/function.ts';
import { openHttp } from '../../../lib/runtime/http/open-http.ts';
import type { HttpRequest, HttpResponse } from '../../../lib/runtime/http/types.ts';
import type { Score } from '../../../lib/runtime/score/define.ts';
import { graph, model, node, tensorType, value } from '../../model/build-model.ts';
import { type SettingsConfig, settingsOf } from '../../settings.ts';

/** What JSON.parse gives: anything. */
export type Json = ReturnType<typeof JSON.parse>;

export const example = fileURLToPath(new URL('../../../examples/breast-cancer/', import.meta.url));

/** A folder that pressed models go to, and its removal. */
export function makeScratch() {
  const dir = mkdtempSync(join(tmpdir(), 'coldpress-http-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** An input of each datatype and an output that is the same; two of the names are such as objects trip over. */
export const echoes: [name: string, datatype: Datatype, element: ElementType, shape: (string | number)[]][] =
  [
    ['flags', 'BOOL', 'BOOL', ['N']],
    ['ids', 'INT64', 'INT64', ['N']],
    ['sizes', 'UINT64', 'UINT64', ['N']],
    ['bytes', 'UINT8', 'UINT8', ['N']],
    ['halves', 'FP16', 'FLOAT16', ['N']],
    ['pairs', 'FP32', 'FLOAT', ['N', 2]],
    ['doubles', 'FP64', 'DOUBLE', ['N']],
    ['texts', 'BYTES', 'STRING', ['N']],
    ['one', 'FP32', 'FLOAT', []],
    ['__proto__', 'INT32', 'INT32', ['N']],
    ['then', 'INT32', 'INT32', ['N']],
  ];

/** Presses the LightGBM model of an example with its samples; it has outputs on request. */
export async function pressBooster(dir: string): Promise<string> {
  const outDir = join(dir, 'booster');
  const churn = fileURLToPath(new URL('../../../examples/churn/', import.meta.url));
  const samples = { path: join(churn, 'samples.csv') };
  await pressModel(join(churn, 'model.txt'), { outDir, arch: 'x64', engine: 'auto', samples });
  return outDir;
}

/** Presses the model that gives back what it takes. */
export async function pressEcho(dir: string): Promise<string> {
  return pressIdentities(
    dir,
    'echo',
    echoes.map(([name, , element, shape]) => [name, `${name}!`, element, shape]),
  );
}

/** Presses a model, called by the name, whose outputs are its inputs. */
export async function pressIdentities(
  dir: string,
  name: string,
  tensors: [input: string, output: string, element: ElementType, shape: (string | number)[]][],
): Promise<string> {
  const path = join(dir, `${name}.onnx`);
  const proto = model(
    graph({
      node: tensors.map(([input, output]) => node('Identity', [input], [output])),
      input: tensors.map(([input, , element, shape]) => value(input, tensorType(element, shape))),
      output: tensors.map(([, output, element, shape]) => value(output, tensorType(element, shape))),
    }),
  );
  writeFileSync(path, Buffer.concat(encodeModel(proto)));
  await pressModel(path, { outDir: join(dir, name), arch: 'x64' });
  return join(dir, name);
}

export async function pressExample(dir: string): Promise<string> {
  await pressModel(join(example, 'model.onnx'), { outDir: join(dir, 'breast-cancer'), arch: 'x64' });
  return join(dir, 'breast-cancer');
}

/** Opens a pressed model as packing would leave it, with the config's `http` as given. */
export function openWith(
  dir: string,
  { env = {}, score, ...config }: SettingsConfig & { env?: NodeJS.ProcessEnv; score?: Score } = {},
): ColdpressFunction {
  const path = join(dir, MANIFEST_FILE);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...settingsOf(config) }));
  return openFunction(dir, score, { open: options => openHttp({ ...options, env }) });
}

/** The pressed model as one that has no golden vector. */
export function withoutGolden(dir: string): void {
  const path = join(dir, MANIFEST_FILE);
  const golden = { kept: false, reason: 'it was removed' };
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), golden }));
  rmSync(join(dir, GOLDEN_FILE));
}

export function get(path: string, headers: HttpRequest['headers'] = {}): HttpRequest {
  return { method: 'GET', path, headers, body: '' };
}

/** A body that is neither text nor bytes is sent as JSON. */
export function post(path: string, body: unknown, headers: HttpRequest['headers'] = {}): HttpRequest {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: isRaw ? body : JSON.stringify(body),
  };
}

export function readJson(response: HttpResponse): Json {
  return JSON.parse(Buffer.from(response.body as string).toString());
}
