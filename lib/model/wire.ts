import { type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { AttributeProtoSchema, ModelProtoSchema, TensorProtoSchema } from './onnx_pb.ts';

/** Where and why bytes are not a protobuf message of the expected kind. */
export interface WireFault {
  kind: 'truncated' | 'malformed' | 'too-deep' | 'too-complex';
  offsetBytes: number;
}

/** Protobuf's own nesting limit, which ONNX Runtime enforces too. */
const MAX_DEPTH = 100;
/** Maximum messages and byte strings, each a JavaScript object once decoded; the largest public models have 100,000. */
const MAX_OBJECTS = 2_000_000;
/** Maximum fields, except in lists in attributes, which are not decoded and may be longer in large forests. */
const MAX_FIELDS = 20_000_000;

/** Maximum size of a tag and the length or number after it. */
const MAX_PREFIX_BYTES = 20;
/** Larger tensors are weights, which do not affect the structure. */
const PAYLOAD_BYTES = 16_384;
const RAW_DATA = TensorProtoSchema.field.rawData.number;

/** Makes bytes from `start` to `end` available in a file that is read in parts; returns how far they are available. */
export type LoadBytes = (start: number, end: number) => number;

interface Shape {
  fields: Map<number, { wire: WireType; packable: boolean; child: Shape | undefined }>;
  isAttribute: boolean;
  isTensor: boolean;
}

const GROUPS = new Set([WireType.StartGroup, WireType.EndGroup, 6, 7]);
const ATTRIBUTE_MESSAGES = new Set([5, 6, 10, 11, 22, 23]);
const ATTRIBUTE_LISTS = new Set([7, 8, 9]);

/**
 * Checks a serialized ModelProto before it is decoded: lengths within bounds, depth and number of fields limited, and
 * each known field of its declared wire type. The decoder and ONNX Runtime resolve a mismatch of types differently,
 * so a crafted file could show one of them an external-data reference that the other does not see.
 *
 * With `load`, only the parts that determine the structure are read, and weights are skipped.
 */
export function findWireFault(bytes: Uint8Array, load?: LoadBytes): WireFault | undefined {
  let pos = 0;
  let objects = 0;
  let fields = 0;
  /** Bytes before this offset that were not skipped are available. */
  let loaded = load === undefined ? Infinity : 0;

  function require(end: number): void {
    const to = Math.min(end, bytes.length);
    if (to > loaded && load !== undefined) {
      loaded = load(Math.max(loaded, pos), to);
    }
  }

  /** Reads a varint as an unsigned number, exact up to 2^53; -1 if it runs past `end` or ten bytes. */
  function readVarint(end: number): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10 && pos < end; i++) {
      const byte = bytes[pos++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return value;
      }
      scale *= 128;
    }
    return -1;
  }

  /** Where the value at `pos` ends; beyond `end` if it is cut short or of a wire type that ONNX does not use. */
  function endOfValue(wire: WireType, end: number): number {
    switch (wire) {
      case WireType.Varint:
        if (pos < end && bytes[pos]! < 0x80) {
          return pos + 1;
        }
        return readVarint(end) === -1 ? Infinity : pos;
      case WireType.Bit32:
        return pos + 4;
      case WireType.Bit64:
        return pos + 8;
      case WireType.LengthDelimited: {
        const length = readVarint(end);
        return length === -1 ? Infinity : pos + length;
      }
      default:
        return Infinity;
    }
  }

  /** Whether the last element of a packed list ends where the list ends; if not, the decoder reads past it. */
  function isPacked(wire: WireType, end: number): boolean {
    if (wire === WireType.Bit32) {
      return (end - pos) % 4 === 0;
    }
    if (wire === WireType.Bit64) {
      return (end - pos) % 8 === 0;
    }
    while (pos < end) {
      if (readVarint(end) === -1) {
        return false;
      }
    }
    return true;
  }

  function walk(shape: Shape, end: number, depth: number): WireFault['kind'] | undefined {
    if (depth > MAX_DEPTH) {
      return 'too-deep';
    }
    if (++objects > MAX_OBJECTS) {
      return 'too-complex';
    }
    let hasMessage = false;
    let hasList = false;
    if (shape.isAttribute) {
      require(end);
    }
    while (pos < end) {
      if (++fields > MAX_FIELDS) {
        return 'too-complex';
      }
      require(pos + MAX_PREFIX_BYTES);
      const start = pos;
      const tag = readVarint(end);
      if (tag < 8 || tag > 0xffffffff || pos - start > 5) {
        return tag === -1 && end === bytes.length ? 'truncated' : 'malformed';
      }
      const wire = tag % 8;
      const number = Math.floor(tag / 8);
      const field = shape.fields.get(number);
      if (
        field !== undefined &&
        wire !== field.wire &&
        !(field.packable && wire === WireType.LengthDelimited)
      ) {
        return 'malformed';
      }
      if (shape.isAttribute) {
        hasMessage ||= ATTRIBUTE_MESSAGES.has(number);
        hasList ||= ATTRIBUTE_LISTS.has(number);
      }
      let next = endOfValue(wire, end);
      if (shape.isAttribute && tag < 0x80 && field?.child === undefined) {
        while (next < end && bytes[next] === tag) {
          pos = next + 1;
          next = endOfValue(wire, end);
        }
      }
      if (next > end) {
        return end === bytes.length && !GROUPS.has(wire) ? 'truncated' : 'malformed';
      }
      const isPayload = shape.isTensor && (field === undefined || number === RAW_DATA);
      if (field?.child === undefined && !(isPayload && next - pos > PAYLOAD_BYTES)) {
        require(next);
      }
      if (field?.child !== undefined) {
        const fault = walk(field.child, next, depth + 1);
        if (fault !== undefined) {
          return fault;
        }
      } else {
        if (field === undefined && ++objects > MAX_OBJECTS) {
          return 'too-complex';
        }
        if (field !== undefined && wire !== field.wire && !isPacked(field.wire, next)) {
          return 'malformed';
        }
        pos = next;
      }
    }
    // attributes.ts does not look for graphs and tensors past the first list.
    return hasMessage && hasList ? 'malformed' : undefined;
  }

  const kind = walk(modelShape(), bytes.length, 1);
  return kind === undefined ? undefined : { kind, offsetBytes: pos };
}

const shapes = new Map<string, Shape>();

function modelShape(): Shape {
  return shapeOf(ModelProtoSchema);
}

function shapeOf(message: DescMessage): Shape {
  const known = shapes.get(message.typeName);
  if (known !== undefined) {
    return known;
  }
  const isAttribute = message.typeName === AttributeProtoSchema.typeName;
  const isTensor = message.typeName === TensorProtoSchema.typeName;
  const shape: Shape = { fields: new Map(), isAttribute, isTensor };
  shapes.set(message.typeName, shape);
  for (const field of message.fields) {
    // Declared as bytes so that it is decoded late; checked by its real type.
    const isRawAttribute = message.name === 'NodeProto' && field.name === 'attribute';
    const child = isRawAttribute ? AttributeProtoSchema : field.message;
    const wire = wireTypeOf(field.scalar, child !== undefined);
    shape.fields.set(field.number, {
      wire,
      packable: field.fieldKind === 'list' && wire !== WireType.LengthDelimited,
      child: child === undefined ? undefined : shapeOf(child),
    });
  }
  return shape;
}

function wireTypeOf(scalar: ScalarType | undefined, isMessage: boolean): WireType {
  if (isMessage || scalar === ScalarType.STRING || scalar === ScalarType.BYTES) {
    return WireType.LengthDelimited;
  }
  if (scalar === ScalarType.FLOAT) {
    return WireType.Bit32;
  }
  if (scalar === ScalarType.DOUBLE) {
    return WireType.Bit64;
  }
  return WireType.Varint;
}
