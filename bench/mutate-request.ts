import type { HttpRequest } from '../lib/runtime/http/types.ts';
import { post } from '../test/runtime/http/models.ts';

type Random = () => number;
type Json = unknown;

const hostile: Json[] = [
  ...[
    null,
    true,
    0,
    -1,
    0.5,
    1e308,
    -0,
    2 ** 53,
    2 ** 31,
    '',
    'NaN',
    'x'.repeat(2000),
    '\0',
    '\ud800',
    '__proto__',
    'FP32',
  ],
  ...[[], {}, [[]], [null], { __proto__: null }, [2 ** 40], [0, 2 ** 40], Array(300).fill(1), [[1, 2], [3]]],
];

const headers: HttpRequest['headers'][] = [
  {},
  { 'inference-header-content-length': '10' },
  { 'content-encoding': 'gzip' },
  { accept: 'text/plain' },
  { 'content-type': 'text/csv' },
];
const paths = ['/', '/v2/models/echo/infer', '/v1/models/echo:predict', '/invocations'];

/** A good request with one to four things wrong: in its tree, in its bytes, in its binary part, around it. */
export function mutateRequest(inputs: object[], random: Random): HttpRequest {
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const tree: Json = {
    inputs: structuredClone(inputs),
    id: 'a',
    outputs: [{ name: 'ids!' }],
    parameters: {},
  };
  const changes = Math.floor(random() * 4);
  for (let change = 0; change < changes; change++) {
    mutateTree(tree, random);
  }
  const path = random() < 0.85 ? paths[1]! : pick(paths);
  if (random() < 0.3) {
    return binary(path, tree as { inputs: unknown }, random);
  }
  const text = Buffer.from(JSON.stringify(tree));
  return post(path, random() < 0.4 ? mutateBytes(text, random) : text, random() < 0.1 ? pick(headers) : {});
}

/** Replaces, removes, repeats or renames something at a random place. */
function mutateTree(root: Json, random: Random): void {
  let node = root as Record<string, Json>;
  for (;;) {
    const keys = Object.keys(node);
    const key = keys[Math.floor(random() * keys.length)];
    if (key === undefined) {
      return;
    }
    const value = node[key];
    if (typeof value === 'object' && value !== null && random() < 0.75) {
      node = value as Record<string, Json>;
      continue;
    }
    const kind = random();
    if (kind < 0.6) {
      node[key] = structuredClone(hostile[Math.floor(random() * hostile.length)]);
    } else if (kind < 0.75) {
      delete node[key];
    } else if (Array.isArray(node)) {
      node.push(structuredClone(value));
    } else {
      node[`${key}x`] = value;
    }
    return;
  }
}

function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    changed[Math.floor(random() * changed.length)] =
      random() < 0.5 ? random() * 256 : '[]{}",:0-e.'.charCodeAt(random() * 11);
  }
  return random() < 0.2 ? changed.subarray(0, random() * changed.length) : changed;
}

/** Moves the data of some inputs behind the JSON, with sizes that mostly fit. */
function binary(path: string, tree: { inputs: unknown }, random: Random): HttpRequest {
  const chunks: Buffer[] = [];
  for (const input of Array.isArray(tree.inputs) ? tree.inputs : []) {
    if (random() < 0.4 && typeof input === 'object' && input !== null) {
      const chunk = Buffer.from(
        Uint8Array.from({ length: [2, 4, 8, 16][Math.floor(random() * 4)]! }, () => random() * 3),
      );
      delete input.data;
      input.parameters = { binary_data_size: chunk.length + (random() < 0.1 ? 1 : 0) };
      chunks.push(chunk);
    }
  }
  const head = Buffer.from(JSON.stringify({ ...tree, parameters: { binary_data_output: random() < 0.5 } }));
  const body = Buffer.concat([head, ...chunks]);
  const length = head.length + (random() < 0.1 ? Math.floor(random() * 9) - 4 : 0);
  return post(path, random() < 0.1 ? mutateBytes(body, random) : body, {
    'inference-header-content-length': String(length),
  });
}
