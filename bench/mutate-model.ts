/** Models for fuzzing the code that reads models. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { randomNumbers } from './models/random.ts';

/** The small models of a corpus: a folder of folders with one model each. */
export function corpusModels(folder: string): Uint8Array[] {
  const paths = globSync(join(folder, '*/*/model.{onnx,ort}')).sort();
  return paths
    .filter(path => existsSync(path) && statSync(path).isFile() && statSync(path).size < 40_000)
    .map(path => readFileSync(path));
}

/** Mutates models deterministically for a seed. */
export function startMutating(seed: number) {
  const uniform = randomNumbers(seed);
  /** An integer below `bound`. */
  const random = (bound: number) => Math.floor(uniform() * bound);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;

  /**
   * Makes one to four changes, of bytes or of fields; the lengths around fields are adjusted, so that deeper code is
   * reached.
   */
  function mutate(model: Uint8Array): Uint8Array {
    let bytes = model;
    for (let changes = 1 + random(4); changes > 0; changes--) {
      bytes = random(3) === 0 ? mutateBytes(bytes) : mutateFields(bytes, 0);
    }
    return bytes;
  }

  function mutateBytes(bytes: Uint8Array): Uint8Array {
    const at = random(bytes.length + 1);
    const kind = random(4);
    if (kind === 0) {
      return bytes.slice(0, at);
    }
    if (kind === 1) {
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at)]);
    }
    const copy = Uint8Array.from(bytes);
    if (at < copy.length) {
      copy[at] = kind === 2 ? random(256) : copy[at]! ^ (1 << random(8));
    }
    return copy;
  }

  function mutateFields(bytes: Uint8Array, depth: number): Uint8Array {
    const fields = parseFields(bytes);
    if (fields === undefined || fields.length === 0) {
      return mutateBytes(bytes);
    }
    const index = random(fields.length);
    const field = fields[index]!;
    const kind = random(12);
    if (kind === 0) {
      fields.splice(index, 1);
    } else if (kind === 1) {
      fields.splice(index, 0, field);
    } else if (kind === 2) {
      fields.push(pick(fields));
    } else if (kind === 3) {
      field.number = 1 + random(26);
    } else if (kind === 4) {
      field.content = Buffer.alloc(random(20), random(256));
    } else if (kind === 5) {
      field.content = pick(fields).content;
    } else if (field.wire === WireType.LengthDelimited && depth < 200) {
      field.content = mutateFields(field.content, depth + 1);
    } else {
      field.content = mutateBytes(field.content);
    }
    return Buffer.concat(fields.map(encodeField));
  }

  return { pick, mutate };
}

interface Field {
  number: number;
  wire: WireType;
  /** Without the preceding length. */
  content: Uint8Array;
}

function parseFields(bytes: Uint8Array): Field[] | undefined {
  const reader = new BinaryReader(bytes);
  const fields: Field[] = [];
  try {
    while (reader.pos < reader.len) {
      const [number, wire] = reader.tag();
      const content = wire === WireType.LengthDelimited ? reader.bytes() : reader.skip(wire, number);
      fields.push({ number, wire, content });
    }
    return fields;
  } catch {
    return undefined;
  }
}

function encodeField({ number, wire, content }: Field): Uint8Array {
  const writer = new BinaryWriter().tag(number, wire);
  return (wire === WireType.LengthDelimited ? writer.bytes(content) : writer.raw(content)).finish();
}
