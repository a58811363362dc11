import type { Dice } from './dice.ts';
import { secret } from './good.ts';

type Json = unknown;

const hostile: Json[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, -0, 2 ** 53, 2 ** 31, 2 ** 63, '', 'NaN', 'x'.repeat(2000)],
  ...[
    '\0',
    '\ud800',
    '\u001b]52;c;aGk=\u0007',
    '\u202e',
    '__proto__',
    'constructor',
    'FP32',
    secret,
    '1e999',
  ],
  ...[[], {}, [[]], [null], [2 ** 40], [0, 2 ** 40], Array(300).fill(1), [[1, 2], [3]], { length: 2 }],
  ...['{"toString":1,"valueOf":1}', '{"then":1}', '{"__proto__":{"inputs":[]}}'].map(text =>
    JSON.parse(text),
  ),
];

const names = [
  '__proto__',
  'constructor',
  'toString',
  'length',
  'then',
  '',
  '\0',
  '\u202ex',
  'inputs',
  'data',
];

/** Replaces, removes, repeats or renames something at a random position of a tree. */
export function mutateJson(root: Json, dice: Dice): void {
  let node = root as Record<string, Json>;
  for (;;) {
    const keys = Object.keys(node);
    if (keys.length === 0) {
      return;
    }
    const key = dice.pick(keys);
    const value = node[key];
    if (typeof value === 'object' && value !== null && dice.chance(0.7)) {
      node = value as Record<string, Json>;
      continue;
    }
    const kind = dice.below(10);
    if (kind < 5) {
      set(node, key, structuredClone(dice.pick(hostile)));
    } else if (kind < 7) {
      delete node[key];
    } else if (Array.isArray(node)) {
      node.push(structuredClone(value));
    } else {
      set(node, dice.pick(names), value);
    }
    return;
  }
}

/** An assignment would set the prototype. */
function set(node: object, key: string, value: Json): void {
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Changes bytes at a few positions, and occasionally cuts off the end. */
export function mutateBytes(bytes: Uint8Array, dice: Dice): Buffer {
  const changed = Buffer.from(bytes);
  for (let times = 1 + dice.below(3); times > 0 && changed.length > 0; times--) {
    changed[dice.below(changed.length)] = dice.chance(0.5)
      ? dice.below(256)
      : '[]{}",:0-e.\\\n'.charCodeAt(dice.below(13));
  }
  return dice.chance(0.2) ? changed.subarray(0, dice.below(changed.length)) : changed;
}
