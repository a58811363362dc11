import { awsLambdaLimits } from '../targets/aws-lambda/limits.ts';
import { coldShareOf, lambdaThreadVcpu } from './costs.ts';
import { type OptionId, optionOf, payloadLimitMb } from './options.ts';
import type { Situation } from './situation.ts';

/** A question of the decision tree: "yes" leads to an option, "no" to the next question. */
export interface Question {
  id: string;
  ask: string;
  /** Whether the answer is yes. */
  holds(situation: Situation): boolean;
  takes(situation: Situation): OptionId;
  /** The outcome of "yes", for the picture of the tree. */
  leads: string;
  /** Why the answer leads to this option. */
  reason: string;
}

/** A share of cold starts that the 99th percentile does not include. */
const rareShare = 0.01;

/** The managed platform of each cloud; if any cloud will do, that of the first. */
export const managed = { any: 'sagemaker', aws: 'sagemaker', google: 'vertex', azure: 'azure-ml' } as const;
const functions = ['lambda', 'google'] as const;

/** The functions that can run the model on the allowed clouds. */
export function possibleFunctions(situation: Situation): OptionId[] {
  return functions.filter(id => optionOf(id).cannot(situation) === undefined);
}

export function cheapest(ids: readonly OptionId[], situation: Situation): OptionId {
  const usd = (id: OptionId) => optionOf(id).monthlyUsd(situation) ?? Infinity;
  return ids.reduce((best, id) => (usd(id) < usd(best) ? id : best));
}

/** The CPU of the function that would be chosen. */
export function functionVcpu(situation: Situation): number {
  const isGoogle = cheapest(possibleFunctions(situation), situation) === 'google';
  // `coldpress deploy` allocates at least one whole CPU, and the function is single-threaded.
  return isGoogle ? 1 : lambdaThreadVcpu(situation);
}

/** The always-on option that holds the model: an instance with only the engine if possible, otherwise a server. */
export function alwaysOn(situation: Situation): OptionId {
  return !situation.needsGpu && optionOf('api').cannot(situation) === undefined ? 'api' : server(situation);
}

/** A container if one can hold the model, otherwise a platform, which has larger machines. */
function server(situation: Situation): OptionId {
  return optionOf('container').cannot(situation) === undefined ? 'container' : managed[situation.cloud];
}

/** The decision tree: the first "yes" decides. */
export const questions: readonly Question[] = [
  {
    id: 'devices',
    ask: 'Does it run on devices with little memory or no network?',
    holds: ({ onDevices }) => onDevices,
    takes: () => 'executable',
    leads: 'single-file executable',
    reason: 'Devices without a network cannot call a service, and a single file is easy to deliver.',
  },
  {
    id: 'environment',
    ask: 'Do analysts run it in the environment in which it was trained?',
    holds: ({ reproducesEnvironment, integrators }) => reproducesEnvironment && integrators === 'analysts',
    takes: () => 'venv',
    leads: 'virtual environment',
    reason: 'In a notebook, analysts need the same packages, not an endpoint.',
  },
  {
    id: 'gpu',
    ask: 'Does it need a GPU?',
    holds: ({ needsGpu }) => needsGpu,
    takes: ({ cloud }) => managed[cloud],
    leads: 'managed platform',
    reason:
      'Functions have no GPU. A managed platform starts, monitors and replaces instances that have one.',
  },
  {
    id: 'platform',
    ask: 'Does an ML team want a platform, or must it be Azure?',
    holds: ({ integrators, cloud }) => integrators === 'ml-team' || cloud === 'azure',
    takes: ({ cloud }) => managed[cloud],
    leads: 'managed platform',
    reason:
      'The platform has the registry, variants and monitoring that the team would otherwise build. coldpress builds no functions for Azure.',
  },
  {
    id: 'dependencies',
    ask: 'Does it need more than ONNX Runtime?',
    holds: ({ hasDependencies, reproducesEnvironment, obstacles }) =>
      hasDependencies || reproducesEnvironment || obstacles.length > 0,
    takes: server,
    leads: 'container or platform',
    reason: 'A container can contain any Linux package; a function contains only the engine and JavaScript.',
  },
  {
    id: 'limits',
    ask: 'Is the model, or a request, larger than a function allows?',
    holds: situation => possibleFunctions(situation).length === 0,
    takes: server,
    leads: 'container or platform',
    reason: `Lambda allows ${awsLambdaLimits.unzippedBytes.toLocaleString('en-US')} bytes and requests of ${payloadLimitMb.lambda} MB, Cloud Run requests of ${payloadLimitMb.google} MiB; larger inputs can be objects in a bucket.`,
  },
  {
    id: 'latency',
    ask: 'Would cold starts exceed the latency target?',
    holds: situation =>
      situation.coldMs / functionVcpu(situation) > situation.latencyMs && coldShareOf(situation) > rareShare,
    takes: alwaysOn,
    leads: 'plain API wrapper',
    reason: 'More than one request in a hundred would wait for a cold start. An always-on server has none.',
  },
  {
    id: 'traffic',
    ask: 'Is an instance cheaper at this traffic?',
    holds: situation =>
      optionOf(cheapest(possibleFunctions(situation), situation)).monthlyUsd(situation)! >
      (optionOf(alwaysOn(situation)).monthlyUsd(situation) ?? Number.POSITIVE_INFINITY),
    takes: alwaysOn,
    leads: 'plain API wrapper',
    reason: 'A busy instance costs less than the same time billed by the millisecond.',
  },
];

export const otherwise = {
  leads: 'function',
  reason: 'It costs nothing when idle, scales automatically and needs no patching.',
} as const;

export interface Step {
  id: string;
  ask: string;
  answer: 'yes' | 'no';
}

/** Follows the tree to an option. */
export function decide(situation: Situation): { option: OptionId; reason: string; path: Step[] } {
  const at = questions.findIndex(question => question.holds(situation));
  const asked = at < 0 ? questions : questions.slice(0, at + 1);
  const path = asked.map(({ id, ask }, index): Step => ({ id, ask, answer: index === at ? 'yes' : 'no' }));
  const question = questions[at];
  return question === undefined
    ? { option: cheapest(possibleFunctions(situation), situation), reason: otherwise.reason, path }
    : { option: question.takes(situation), reason: question.reason, path };
}
