import { nodeImage, serverPort } from '../containers/server.ts';
import type { Manifest } from '../contract/manifest.ts';

/** Where an image has what, and how it is started. */
export interface ImageLayout {
  /** The base that is taken unless another is named. */
  base: string;
  /** Of the function, without a slash at either end. */
  folder: string;
  /** What Node runs. */
  command: string[];
  env: Record<string, string>;
  ports: readonly number[];
  labels: Record<string, string>;
}

/** The layout of a packed artifact's image. */
export function imageLayout({ versions, handler }: Pick<Manifest, 'versions' | 'handler'>): ImageLayout {
  const folder = 'app';
  return {
    base: nodeImage(versions.node),
    folder,
    command: [`/${folder}/${handler}`],
    env: { NODE_ENV: 'production' },
    ports: [serverPort],
    // SageMaker may then run it next to other containers.
    labels: { 'com.amazonaws.sagemaker.capabilities.accept-bind-to-port': 'true' },
  };
}
