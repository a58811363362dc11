import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from '../../lib/model/onnx_pb.ts';
import { randomNumbers } from './random.ts';

/** Integers become INT attributes, other numbers FLOAT. */
export type Attributes = Record<string, number | number[]>;

const ELEMENT_TYPES = { FP32: TensorProto_DataType.FLOAT, INT64: TensorProto_DataType.INT64 } as const;
type ElementType = keyof typeof ELEMENT_TYPES;
type ValueInfo = MessageInitShape<typeof ValueInfoProtoSchema>;

export type GraphBuilder = ReturnType<typeof startGraph>;

/**
 * Builds a model value by value: every function except `output` and `model` returns the name of the value it adds. The
 * weights only depend on the seed and on the order of the calls.
 */
export function startGraph(name: string, seed: number) {
  const random = randomNumbers(seed);
  const nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  const initializers: MessageInitShape<typeof TensorProtoSchema>[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];

  function addNode(opType: string, from: string[], attribute: Uint8Array[]): string {
    const nodeName = `${opType}_${nodes.length}`;
    const output = `${nodeName}_output_0`;
    nodes.push({ name: nodeName, opType, input: from, output: [output], attribute });
    return output;
  }

  function addConstant(type: ElementType, dims: number[], data: Float32Array | BigInt64Array): string {
    const t = { dataType: ELEMENT_TYPES[type], dims: dims.map(BigInt), rawData: littleEndianBytes(data) };
    return addNode(
      'Constant',
      [],
      [encodeAttribute({ name: 'value', type: AttributeProto_AttributeType.TENSOR, t })],
    );
  }

  return {
    input(valueName: string, type: ElementType, dims: (number | string)[]): string {
      inputs.push(valueInfo(valueName, type, dims));
      return valueName;
    },

    /** Makes `value` an output of the model with the given name. */
    output(value: string, valueName: string, type: ElementType, dims: (number | string)[]): void {
      const producer = nodes.find(node => node.output?.[0] === value);
      if (producer === undefined) {
        throw new Error(`no node makes ${value}`);
      }
      producer.output = [valueName];
      outputs.push(valueInfo(valueName, type, dims));
    },

    node(opType: string, from: string[], attributes: Attributes = {}): string {
      return addNode(
        opType,
        from,
        Object.entries(attributes).map(([key, value]) => numberAttribute(key, value)),
      );
    },

    float(value: number): string {
      return addConstant('FP32', [], Float32Array.of(value));
    },

    int64s(values: number[], dims: number[] = [values.length]): string {
      return addConstant('INT64', dims, BigInt64Array.from(values, BigInt));
    },

    /** Seeded numbers, uniform between `center - spread` and `center + spread`. */
    weight(weightName: string, dims: number[], spread: number, center = 0): string {
      const data = new Float32Array(dims.reduce((product, dimension) => product * dimension, 1));
      for (let i = 0; i < data.length; i++) {
        data[i] = center + spread * (2 * random() - 1);
      }
      initializers.push({
        name: weightName,
        dataType: ELEMENT_TYPES.FP32,
        dims: dims.map(BigInt),
        rawData: littleEndianBytes(data),
      });
      return weightName;
    },

    model(): ModelProto {
      return create(ModelProtoSchema, {
        irVersion: 8n,
        producerName: 'coldpress-bench',
        opsetImport: [{ domain: '', version: 17n }],
        graph: { name, node: nodes, initializer: initializers, input: inputs, output: outputs },
      });
    },
  };
}

function numberAttribute(name: string, value: number | number[]): Uint8Array {
  const { INT, INTS, FLOAT } = AttributeProto_AttributeType;
  if (Array.isArray(value)) {
    return encodeAttribute({ name, type: INTS, ints: value.map(BigInt) });
  }
  if (Number.isInteger(value)) {
    return encodeAttribute({ name, type: INT, i: BigInt(value) });
  }
  return encodeAttribute({ name, type: FLOAT, f: value });
}

function encodeAttribute(attribute: MessageInitShape<typeof AttributeProtoSchema>): Uint8Array {
  return toBinary(AttributeProtoSchema, create(AttributeProtoSchema, attribute));
}

function valueInfo(name: string, type: ElementType, dims: (number | string)[]): ValueInfo {
  const dim = dims.map(dimension => ({
    value:
      typeof dimension === 'number'
        ? { case: 'dimValue' as const, value: BigInt(dimension) }
        : { case: 'dimParam' as const, value: dimension },
  }));
  return {
    name,
    type: { value: { case: 'tensorType', value: { elemType: ELEMENT_TYPES[type], shape: { dim } } } },
  };
}

/**
 * ONNX's raw_data is little-endian, as are all CPUs that Node 24 runs on except s390x, which onnxruntime-node does not
 * support.
 */
function littleEndianBytes(data: Float32Array | BigInt64Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
