import { cloudRunPayloadBytes, lambdaPayloadBytes } from '../contract/platforms.ts';
import { fitTargets } from '../model/fit.ts';
import { awsLambdaLimits } from '../targets/aws-lambda/limits.ts';
import { gcfLimits } from '../targets/gcf/limits.ts';
import { googleSize, googleUsd, hourlyUsd, lambdaUsd, mostMemoryGb, serverMemoryGb } from './costs.ts';
import { type HourlyName, hourlyPrices } from './prices.ts';
import type { Situation } from './situation.ts';

export type OptionId =
  | 'lambda'
  | 'google'
  | 'container'
  | 'sagemaker'
  | 'vertex'
  | 'azure-ml'
  | 'executable'
  | 'api'
  | 'venv';

/** A way to package and run a model. */
export interface Option {
  id: OptionId;
  title: string;
  /** USD per month; `null` if the price table does not contain it. */
  monthlyUsd(situation: Situation): number | null;
  /** Returns why the option is ruled out. */
  cannot(situation: Situation): string | undefined;
  /** Returns what else the user should know about it. */
  note?(situation: Situation): string | undefined;
  /** Returns the command that sets it up; `null` if coldpress does not. */
  command(situation: Situation): string | null;
}

/** Limits of a request. */
export const payloadLimitMb = {
  lambda: lambdaPayloadBytes.request / 2 ** 20,
  google: cloudRunPayloadBytes / 2 ** 20,
} as const;

export const cloudNames = { aws: 'AWS', google: 'Google Cloud', azure: 'Azure' } as const;

/** Rules out what only exists on another cloud. */
function elsewhere(own: keyof typeof cloudNames, { cloud }: Situation): string | undefined {
  return cloud === 'any' || cloud === own ? undefined : `it is not of ${cloudNames[cloud]}`;
}

/** Returns what rules out any function for a model. */
function noFunction(situation: Situation): string | undefined {
  const { needsGpu, hasDependencies, reproducesEnvironment, obstacles, onDevices } = situation;
  return [
    needsGpu && 'functions have no GPU',
    onDevices && 'a function needs a network and a cloud',
    hasDependencies && 'a function holds ONNX Runtime, not the other packages',
    reproducesEnvironment && 'a function holds ONNX Runtime, not the environment the model was made in',
    obstacles.length > 0 && `the engine cannot run the model: ${obstacles[0]}`,
  ].find(reason => reason !== false) as string | undefined;
}

/** A container of coldpress supports what its functions do. */
const packContainer = (situation: Situation) =>
  noFunction(situation) === undefined ? 'npx coldpress pack MODEL --target container --out build' : null;

const offline = ({ onDevices }: Situation) => (onDevices ? 'the devices cannot reach a server' : undefined);
const noGpu = ({ needsGpu }: Situation) =>
  needsGpu ? 'the CPU instance of the table has no GPU' : undefined;

function containerOf({ cloud }: Situation): 'cloud-run' | 'fargate' {
  return cloud === 'google' ? 'cloud-run' : 'fargate';
}

function tooLarge(name: HourlyName, situation: Situation): string | undefined {
  const most = mostMemoryGb(name);
  return serverMemoryGb(situation) > most
    ? `the largest machine of the price table has ${most} GB`
    : undefined;
}

const ownMachines = 'on machines that you already have';

/** The smallest of the platforms' request limits, that of `gcloud ai endpoints predict`. */
const wellKnownMb = 1.5;

const platformClouds = { sagemaker: 'aws', vertex: 'google', 'azure-ml': 'azure' } as const;

const platformTitles = {
  sagemaker: 'SageMaker, a managed platform',
  vertex: 'Vertex AI, a managed platform',
  'azure-ml': 'Azure ML, a managed platform',
} as const;

/** Every option, in the order of the tables. */
export const options: readonly Option[] = [
  {
    id: 'lambda',
    title: 'a function on AWS Lambda',
    monthlyUsd: lambdaUsd,
    cannot: situation =>
      elsewhere('aws', situation) ??
      noFunction(situation) ??
      (situation.payloadMb > payloadLimitMb.lambda
        ? `Lambda accepts requests of up to ${payloadLimitMb.lambda} MB`
        : fitTargets(situation.storedBytes, [], situation.engine).some(
              fit => fit.target === 'aws-lambda' && fit.packable,
            )
          ? undefined
          : `${situation.engine === 'compiled' ? 'the compiled model is' : 'the model and the engine are'} more than Lambda’s ${awsLambdaLimits.unzippedBytes.toLocaleString('en-US')} bytes`),
    command: () => 'npx coldpress pack MODEL --out build',
  },
  {
    id: 'google',
    title: 'a function on Google Cloud Run',
    monthlyUsd: googleUsd,
    cannot: situation =>
      elsewhere('google', situation) ??
      noFunction(situation) ??
      (situation.payloadMb > payloadLimitMb.google
        ? `Cloud Run accepts requests of up to ${payloadLimitMb.google} MiB`
        : googleSize(situation) === undefined
          ? `the model needs more than ${gcfLimits.memoryMb[1] / 1024} GiB of memory`
          : undefined),
    command: () => 'npx coldpress pack MODEL --target gcf --out build',
  },
  {
    id: 'container',
    title: 'a container that is always on',
    monthlyUsd: situation => hourlyUsd(containerOf(situation), situation),
    cannot: situation =>
      offline(situation) ?? noGpu(situation) ?? tooLarge(containerOf(situation), situation),
    note: ({ cloud, payloadMb }) =>
      cloud === 'azure'
        ? 'at the price of Fargate'
        : cloud === 'google' && payloadMb > payloadLimitMb.google
          ? `over HTTP/2: with HTTP/1, Cloud Run accepts up to ${payloadLimitMb.google} MiB`
          : undefined,
    command: packContainer,
  },
  ...(['sagemaker', 'vertex', 'azure-ml'] as const).map(managedPlatform),
  {
    id: 'executable',
    title: 'a single-file executable',
    monthlyUsd: () => 0,
    cannot: () => undefined,
    note: ({ needsGpu }) =>
      needsGpu
        ? `${ownMachines}, with the libraries of each device’s GPU`
        : `coldpress builds it; it runs ${ownMachines}`,
    command: () => null,
  },
  {
    id: 'api',
    title: 'a plain API wrapper on an instance',
    monthlyUsd: situation => hourlyUsd('ec2', situation),
    cannot: situation => offline(situation) ?? noGpu(situation) ?? tooLarge('ec2', situation),
    note: ({ cloud }) =>
      cloud === 'google' || cloud === 'azure' ? `at the price of ${hourlyPrices.ec2.title}` : undefined,
    command: () => null,
  },
  {
    id: 'venv',
    title: 'a virtual environment',
    monthlyUsd: () => 0,
    cannot: ({ onDevices }) => (onDevices ? 'it would have to be installed on each device' : undefined),
    note: () => ownMachines,
    command: () => null,
  },
];

function managedPlatform(id: 'sagemaker' | 'vertex' | 'azure-ml'): Option {
  const instanceFor = ({ needsGpu }: Situation): HourlyName | undefined =>
    needsGpu ? (id === 'sagemaker' ? 'sagemaker-gpu' : undefined) : id;
  return {
    id,
    title: platformTitles[id],
    monthlyUsd: situation => {
      const name = instanceFor(situation);
      return name === undefined ? null : hourlyUsd(name, situation);
    },
    cannot: situation => elsewhere(platformClouds[id], situation) ?? offline(situation),
    note: situation => {
      const name = instanceFor(situation);
      const small = name === undefined ? undefined : tooLarge(name, situation);
      return (
        small ?? (situation.payloadMb > wellKnownMb ? 'check the largest request that it accepts' : undefined)
      );
    },
    command: packContainer,
  };
}

export function optionOf(id: OptionId): Option {
  return options.find(option => option.id === id)!;
}
