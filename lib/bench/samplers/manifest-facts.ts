import type { Manifest } from '../../contract/manifest.ts';
import type { VariantFacts } from '../sample.ts';

/** The facts of a variant that its manifest contains. */
export function manifestFacts(
  { target, architecture, engine, versions }: Manifest,
  {
    kind,
    node,
    runtimeClient,
  }: Pick<VariantFacts, 'kind'> & { node: { version: string }; runtimeClient: string },
): Pick<VariantFacts, 'target' | 'architecture' | 'engine' | 'versions'> {
  const { coldpress, onnxruntime } = versions;
  const isCompiled = engine.name === 'compiled';
  return {
    target,
    architecture,
    ...(kind === 'artifact' && { engine: engine.name }),
    versions: {
      coldpress,
      node: node.version,
      onnxruntime: isCompiled ? '' : onnxruntime,
      runtimeClient,
    },
  };
}
