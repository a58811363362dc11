import { join } from 'node:path';
import { engineNameOf, type Signature, type SizeBounds, type SizeOfInput } from '../../contract/manifest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { getAttribute } from '../attributes.ts';
import type { EngineLimits } from '../press/engine-process.ts';
import type { Openable } from '../press/openable.ts';
import type { Model } from '../read.ts';
import { dimensionsByName } from '../rows/resize.ts';
import { allNodes } from '../walk.ts';
import { boundSizes } from './bounds.ts';
import { sizeOutputs } from './outputs.ts';
import { profileRuns } from './profile-runs.ts';
import { readProfile } from './read-profile.ts';
import { sizeIn, type Tried, trySizes } from './try-sizes.ts';

/**
 * Learns how large a request's sizes can make the values of the model's operators: runs the model at several sizes of
 * each open dimension, and reads the size of every node's output from the engine's profile.
 * @param reference - the model before it is optimised
 * @param base - inputs that the model has answered
 * @returns `undefined` if no dimension is open, or the model accepts no other sizes than those of `base`
 */
export async function learnBounds(
  reference: Openable,
  {
    model,
    signature,
    base,
    work,
    limits,
  }: {
    model: Model;
    signature: Signature;
    base: readonly ProbeTensor[];
    /** A temporary folder, removed after pressing. */
    work: string;
    limits: EngineLimits;
  },
): Promise<SizeBounds | undefined> {
  const { inputs } = signature;
  const dimensions = dimensionsByName(inputs, base);
  if (dimensions.length === 0) {
    return undefined;
  }
  const options = { outputs: signature.outputs.map(engineNameOf), folder: join(work, 'profile'), limits };
  let tried: Tried | undefined;
  let profile = await profileRuns(
    reference,
    async run => {
      tried = await trySizes(dimensions, base, run);
    },
    options,
  );
  if (tried === undefined || tried.groups.length === 0) {
    return undefined;
  }
  const { groups, answered, isWhole } = tried as Tried;
  if (!isWhole) {
    // Repeats the answered runs: a refused run is mixed into the profile of the next, and a crashed engine wrote none.
    profile = await profileRuns(
      reference,
      async run => {
        for (const { inputs } of answered) {
          await run(inputs);
        }
      },
      options,
    );
  }
  const runs = profile === undefined ? [] : readProfile(profile, headsOf(model));
  if (runs.length !== answered.length) {
    return undefined;
  }
  const names = inputs.map(engineNameOf);
  const sized = answered.map(({ inputs, outputs }, index) => ({
    sizes: groups.map(group => sizeIn(group, inputs)),
    run: runs[index]!,
    outputs,
  }));
  const bounds = boundSizes(
    sized,
    groups.map(group => group.map(({ input, axis }): SizeOfInput => [names[input]!, axis])),
    inputs.flatMap((spec, index): SizeOfInput[] => (spec.datatype === 'BYTES' ? [[names[index]!, -1]] : [])),
  );
  const outputs = sizeOutputs(signature, groups, sized);
  return bounds && (outputs.length === 0 ? bounds : { ...bounds, outputs });
}

/** Returns the largest number of heads of the model's attentions. */
function headsOf(model: Model): number {
  if (model.format === 'ort') {
    return 1;
  }
  const heads = [...allNodes(model.proto)].flatMap(node =>
    ['num_heads', 'q_num_heads'].map(name => Number(getAttribute(node, name)?.i ?? 1)),
  );
  return heads.reduce((most, count) => Math.max(most, count), 1);
}
