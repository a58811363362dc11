import { create } from '@bufbuild/protobuf';
import { getAttribute, subgraphs } from '../attributes.ts';
import {
  type GraphProto,
  type NodeProto,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  type TypeProto,
  TypeProtoSchema,
  type ValueInfoProto,
} from '../onnx_pb.ts';
import type { Pass } from './pass.ts';

/** Replaces a dictionary input that only DictVectorizer reads by the row of numbers that DictVectorizer makes of it. */
export const dictionaryInputs: Pass = {
  name: 'dictionary-inputs',
  apply({ proto: { graph } }) {
    if (graph === undefined) {
      return undefined;
    }
    const replaced = graph.input.flatMap(input => {
      const reader = onlyVectorizer(graph, input.name);
      const columns = reader && vocabularyOf(reader);
      const type = columns && rowType(input, columns.length);
      if (type === undefined) {
        return [];
      }
      input.type = type;
      reader!.opType = 'Identity';
      reader!.domain = '';
      reader!.attribute = [];
      return { name: input.name, columns: columns! };
    });
    return replaced.length === 0
      ? undefined
      : replaced
          .map(
            ({ name, columns }) =>
              `${name}: a dictionary, which onnxruntime-node cannot pass; now a row of ${columns.length} columns, 0 for a key that is missing: ${columns.join(', ')}`,
          )
          .join('; ');
  },
};

function onlyVectorizer(graph: GraphProto, name: string): NodeProto | undefined {
  const readers = graph.node.filter(node => node.input.includes(name));
  const [reader] = readers;
  const isAlone =
    readers.length === 1 && graph.node.every(node => subgraphs(node).every(body => !mentions(body, name)));
  return isAlone && reader!.opType === 'DictVectorizer' && reader!.domain === 'ai.onnx.ml'
    ? reader
    : undefined;
}

function mentions(graph: GraphProto, name: string): boolean {
  return graph.node.some(
    node => node.input.includes(name) || subgraphs(node).some(body => mentions(body, name)),
  );
}

/** Returns the keys in the order of their columns. */
function vocabularyOf(node: NodeProto): (string | bigint)[] | undefined {
  const strings = getAttribute(node, 'string_vocabulary')?.strings ?? [];
  const integers = getAttribute(node, 'int64_vocabulary')?.ints ?? [];
  const keys = strings.length > 0 ? strings.map(key => Buffer.from(key).toString()) : integers;
  return keys.length === 0 ? undefined : keys;
}

/** DictVectorizer makes one row of the values' type. */
function rowType({ type }: ValueInfoProto, columns: number): TypeProto | undefined {
  const map = type?.value.case === 'mapType' ? type.value.value : undefined;
  const element = map?.valueType?.value;
  if (element?.case !== 'tensorType') {
    return undefined;
  }
  const dim = [1, columns].map(size =>
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(size) } }),
  );
  const shape = create(TensorShapeProtoSchema, { dim });
  return create(TypeProtoSchema, {
    value: { case: 'tensorType', value: { elemType: element.value.elemType, shape } },
  });
}
