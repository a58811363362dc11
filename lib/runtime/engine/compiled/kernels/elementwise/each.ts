import { EngineTensor } from '../../../tensor.ts';
import { arrayLike, isBig } from '../../array-like.ts';
import type { Run } from '../../kernel.ts';

/** Computes each element from that of a numeric tensor. Results are rounded or wrapped to its type when stored. */
export function eachElement(compute: (value: number) => number): Run {
  return ({ type, data, dims }: EngineTensor & { data: Float32Array }) => {
    const out = arrayLike(data, data.length);
    for (let i = 0; i < data.length; i++) {
      out[i] = compute(data[i]!);
    }
    return [new EngineTensor(type, out, dims)];
  };
}

/** Like `eachElement`, with a separate function for doubles. */
export function eachFloat(compute: (value: number) => number, computeDouble: (value: number) => number): Run {
  const [single, double] = [eachElement(compute), eachElement(computeDouble)] as ((
    x: EngineTensor,
  ) => readonly EngineTensor[])[];
  return (x: EngineTensor) => (x.type === 'float64' ? double! : single!)(x);
}

/** Like `eachElement`, with a separate function for 64-bit integers. */
export function eachNumber(compute: (value: number) => number, computeBig: (value: bigint) => bigint): Run {
  const plain = eachElement(compute) as (x: EngineTensor) => readonly EngineTensor[];
  return (x: EngineTensor) =>
    isBig(x.data) ? [new EngineTensor(x.type, (x.data as BigInt64Array).map(computeBig), x.dims)] : plain(x);
}

/** Tests each element. */
export function eachTest(holds: (value: number) => boolean): Run {
  return ({ data, dims }: EngineTensor & { data: Float32Array }) => {
    const out = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) {
      out[i] = Number(holds(data[i]!));
    }
    return [new EngineTensor('bool', out, dims)];
  };
}
