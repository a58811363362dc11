import { crc32 } from 'node:zlib';
import { arrayTypes } from '../../contract/arrays.ts';
import { checksum } from '../../contract/checksum.ts';
import type { Constant, Program, Section } from '../../contract/program.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import type { ConstantValue } from './value.ts';

/** Every typed array can start at a multiple of this. */
const alignBytes = 8;

type Numbers = Exclude<TensorData, string[]>;

/** Collects the contents of a program's weight file. */
export interface WeightsWriter {
  add(type: Section['type'], data: Numbers): Section;
  constant(value: ConstantValue): Constant;
  finish(path: string): { bytes: Uint8Array; weights: Program['weights'] };
}

export function startWeights(): WeightsWriter {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  const append = (bytes: Uint8Array) => {
    parts.push(bytes);
    sizeBytes += bytes.length;
  };
  const add = (type: Section['type'], data: Numbers): Section => {
    append(new Uint8Array(-sizeBytes & (alignBytes - 1)));
    const section = { type, offset: sizeBytes, length: data.length };
    append(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return section;
  };
  return {
    add,
    constant: ({ type, dims, data }) => ({
      type,
      dims,
      data: Array.isArray(data) ? data : add(type as Section['type'], data),
    }),
    finish(path) {
      const bytes = new Uint8Array(sizeBytes);
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
      return {
        bytes,
        weights: { path, sizeBytes: bytes.length, checksum: checksum(bytes), crc32: crc32(bytes) },
      };
    },
  };
}

/** Returns the type in which a typed array of settings is stored; if two types share an array, the plain one. */
export function sectionType(data: Numbers): Section['type'] {
  const types = Object.keys(arrayTypes) as Section['type'][];
  return types.find(type => data instanceof arrayTypes[type] && type !== 'float16' && type !== 'bool')!;
}
