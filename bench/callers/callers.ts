import type { InputSpec, Manifest } from '../../lib/contract/manifest.ts';
import { goodInput } from '../hostile/good.ts';

/** A caller's request: its own numbers, which make its answer distinguishable from all others. */
export interface Caller {
  path: string;
  body: string;
}

/**
 * Makes callers of a model whose inputs are numbers, deterministically for a seed. Every thirteenth request is invalid.
 */
export function makeCallers(
  { name, signature }: Pick<Manifest, 'name' | 'signature'>,
  { count, random }: { count: number; random: () => number },
): Caller[] {
  return Array.from({ length: count }, (_, index): Caller => {
    const sizes = [1 + Math.floor(random() * 3), 1 + Math.floor(random() * 2)];
    // Mixes large and small values, so that a scale, sum or maximum over all rows would show.
    const scale = [0.01, 1, 1, 100, 1.5e9][Math.floor(random() * 5)]!;
    const own = (spec: InputSpec, sizes: number[]) => {
      const input = goodInput(spec, sizes);
      return { ...input, data: input.data.map(() => (random() * 2 - 1) * scale) };
    };
    const isWrong = index % 13 === 12;
    if (index % 2 === 0) {
      const inputs = signature.inputs.map(spec => own(spec, sizes));
      const sent = isWrong ? inputs.map(input => ({ ...input, data: input.data.slice(1) })) : inputs;
      return {
        path: `/v2/models/${name}/infer`,
        body: JSON.stringify({ id: `caller ${index}`, inputs: sent }),
      };
    }
    const record = () => Object.fromEntries(signature.inputs.map(spec => [spec.name, own(spec, []).data]));
    const records = Array.from({ length: sizes[0]! }, record);
    return { path: '/', body: JSON.stringify(isWrong ? [{}, ...records] : records) };
  });
}
