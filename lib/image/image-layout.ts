import { nodeImage, serverPort } from '../containers/server.ts';
import type { Manifest } from '../contract/manifest.ts';
import { runtimeClientFiles } from './lambda-runtime.ts';
import type { LayerFile } from './layer.ts';

/** Where an image has what, and how it is started. */
export interface ImageLayout {
  /** Of the function, without a slash at either end. */
  folder: string;
  /** Files next to the function's, which change with coldpress's version. */
  extras: LayerFile[];
  /** Arguments of Node. */
  entrypoint: string[];
  cmd: string[];
  env: Record<string, string>;
  ports: readonly number[];
  labels: Record<string, string>;
}

type Packed = Pick<Manifest, 'target' | 'package' | 'handler'>;

export function isLambdaImage({ target, package: packaging }: Pick<Packed, 'target' | 'package'>): boolean {
  return target === 'aws-lambda' && packaging === 'image';
}

/** The base that is taken unless another is named. */
export function defaultBase({ versions }: Pick<Manifest, 'versions'>): string {
  return nodeImage(versions.node);
}

/** The layout of a packed artifact's image. */
export function imageLayout(
  manifest: Packed,
  { snapStart }: { snapStart?: boolean | undefined } = {},
): ImageLayout {
  return isLambdaImage(manifest)
    ? { ...lambdaLayout(manifest), labels: snapStart ? snapStartLabels : {} }
    : serverLayout(manifest);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html */
const snapStartLabels = { 'com.amazonaws.lambda.feature.snapstart': 'Allow' };

const serverFolder = 'app';
const lambdaFolder = 'var/task';

/** Where an image has its function, whatever it is for. */
export const functionFolders = [serverFolder, lambdaFolder];

function serverLayout({ handler }: Packed): ImageLayout {
  const folder = serverFolder;
  return {
    folder,
    extras: [],
    entrypoint: [`/${folder}/${handler}`],
    cmd: [],
    env: { NODE_ENV: 'production' },
    ports: [serverPort],
    // SageMaker may then run it next to other containers.
    labels: { 'com.amazonaws.sagemaker.capabilities.accept-bind-to-port': 'true' },
  };
}

/** As AWS's own images are laid out: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-image.html */
function lambdaLayout({ handler }: Packed): Omit<ImageLayout, 'labels'> {
  const [folder, runtime] = [lambdaFolder, 'var/runtime'];
  return {
    folder,
    extras: runtimeClientFiles(runtime),
    // The client's context comes in a header; the limit is the one of Lambda's own bootstrap.
    entrypoint: ['--max-http-header-size=81920', `/${runtime}/bootstrap.mjs`],
    cmd: [handler],
    env: { LAMBDA_TASK_ROOT: `/${folder}`, LAMBDA_RUNTIME_DIR: `/${runtime}`, TZ: ':UTC' },
    ports: [],
  };
}
