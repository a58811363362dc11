import type { InferInput } from '../../../lib/runtime/index.ts';
import { hostile } from '../../fuzz-served/hostile.ts';
import { type Dice, startDice } from '../../hostile/dice.ts';
import { goodInput, type Subject } from '../../hostile/good.ts';
import { type HostileRequest, hostileRequests } from '../../hostile/requests.ts';

const sizes = [0, 1, 1, 2, 3, 5, 17] as const;

/** Requests that are wrong in form, taking turns with well-formed ones whose values, sizes or inputs are unusual. */
export function* oddRequests(subject: Subject, random: () => number): Generator<HostileRequest> {
  const dice = startDice(random);
  const malformed = hostileRequests(subject, { random, mostBytes: 0, largeFirst: 0, largeShare: 0 });
  for (;;) {
    yield dice.chance(0.5) ? malformed.next().value! : unusual(subject, dice, random);
  }
}

/** What is wrong with the inputs of a request. */
const faults: Readonly<Record<string, (inputs: InferInput[], dice: Dice) => unknown[]>> = {
  'an input is missing': (inputs, dice) => inputs.toSpliced(dice.below(inputs.length), 1),
  'an input is given twice': (inputs, dice) => [...inputs, dice.pick(inputs)],
  'an input is unknown': (inputs, dice) => [...inputs, { ...dice.pick(inputs), name: 'other' }],
  'values of another type': (inputs, dice) => {
    const data = [dice.pick<unknown>(['x', true, null, 1e300, -1, '9223372036854775808', [1], { a: 1 }])];
    return inputs.map(input => ({ ...input, data }));
  },
};

function unusual(subject: Subject, dice: Dice, random: () => number): HostileRequest {
  const rows = dice.pick(sizes);
  const isAligned = dice.chance(0.7);
  const inputs = subject.signature.inputs.map(spec => {
    const open = (spec.shape ?? []).map(() => (isAligned ? rows : dice.pick(sizes)));
    const input = goodInput(spec, open) as InferInput;
    return dice.chance(0.7) ? hostile(input, random) : input;
  });
  const kind = dice.chance(0.35) ? dice.pick(Object.keys(faults)) : isAligned ? 'values' : 'sizes';
  const sent = faults[kind]?.(inputs, dice) ?? inputs;
  const outputs = subject.signature.outputs.map(({ name }) => ({ name }));
  const requested = dice.chance(0.2) ? { outputs: [dice.pick(outputs)] } : {};
  const body = JSON.stringify({ inputs: sent, ...requested }, (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return {
    kind,
    method: 'POST',
    path: `/v2/models/${subject.name}/infer`,
    body: Buffer.from(body),
    headers: { 'content-type': 'application/json' },
  };
}
