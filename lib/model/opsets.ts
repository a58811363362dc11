import { create } from '@bufbuild/protobuf';
import { type ModelProto, type NodeProto, OperatorSetIdProtoSchema } from './onnx_pb.ts';

/** Normalises the domain of ONNX's own operators, which exporters spell in two ways. */
export function domainOf(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** Returns an operator's name with its domain, unless it is one of ONNX's own: `Pad`, `com.microsoft.Pad`. */
export function operatorOf({ opType, domain }: Pick<NodeProto, 'opType' | 'domain'>): string {
  const own = domainOf(domain);
  return own === '' ? opType : `${own}.${opType}`;
}

/** Returns the version of ONNX's own operators that the model imports. */
export function defaultOpset(model: ModelProto): number | undefined {
  const found = model.opsetImport.find(({ domain }) => domainOf(domain) === '');
  return found === undefined ? undefined : Number(found.version);
}

/** Imports the given version of ONNX's own operators into a model that imports none. */
export function importDefaultOpset(model: ModelProto, version: number): void {
  if (defaultOpset(model) === undefined) {
    model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(version) }));
  }
}
