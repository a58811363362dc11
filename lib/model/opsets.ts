import { create } from '@bufbuild/protobuf';
import { type ModelProto, type NodeProto, OperatorSetIdProtoSchema } from './onnx_pb.ts';

/** Writers spell the domain of ONNX's own operators either way. */
export function domainOf(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** An operator's name with its domain, but for ONNX's own: `Pad`, `com.microsoft.Pad`. */
export function operatorOf({ opType, domain }: Pick<NodeProto, 'opType' | 'domain'>): string {
  const own = domainOf(domain);
  return own === '' ? opType : `${own}.${opType}`;
}

/** The version of ONNX's own operators that the model imports. */
export function defaultOpset(model: ModelProto): number | undefined {
  const found = model.opsetImport.find(({ domain }) => domainOf(domain) === '');
  return found === undefined ? undefined : Number(found.version);
}

/** Imports ONNX's own operators, of that version, into a model that has none of them so far. */
export function importDefaultOpset(model: ModelProto, version: number): void {
  if (defaultOpset(model) === undefined) {
    model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(version) }));
  }
}
