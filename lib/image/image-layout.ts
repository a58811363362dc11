import { nodeImage, serverPort } from '../containers/server.ts';
import type { Manifest } from '../contract/manifest.ts';
import { runtimeClientFiles } from './lambda-runtime.ts';
import type { LayerFile } from './layer.ts';

/** The paths in an image, and how it is started. */
export interface ImageLayout {
  /** The function's folder, without a slash at either end. */
  folder: string;
  /** Files next to the function's that depend on coldpress's version. */
  extras: LayerFile[];
  /** Arguments for Node. */
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

/** The default base image. */
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

/** The folders that contain the function, for all kinds of images. */
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
    // Lets SageMaker run it next to other containers.
    labels: { 'com.amazonaws.sagemaker.capabilities.accept-bind-to-port': 'true' },
  };
}

/** The same layout as AWS's own images: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-image.html */
function lambdaLayout({ handler }: Packed): Omit<ImageLayout, 'labels'> {
  const [folder, runtime] = [lambdaFolder, 'var/runtime'];
  return {
    folder,
    extras: runtimeClientFiles(runtime),
    // The client context arrives in a header; Lambda's own bootstrap has the same limit.
    entrypoint: ['--max-http-header-size=81920', `/${runtime}/bootstrap.mjs`],
    cmd: [handler],
    env: { LAMBDA_TASK_ROOT: `/${folder}`, LAMBDA_RUNTIME_DIR: `/${runtime}`, TZ: ':UTC' },
    ports: [],
  };
}
