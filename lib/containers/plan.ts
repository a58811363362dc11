import { type Artifact, openArtifact } from '../artifact.ts';
import { ColdpressError } from '../errors.ts';
import { memoryFor } from '../targets/container/memory.ts';
import { checkRange } from '../targets/range.ts';

export interface EmitOptions {
  /** Name of the service. @default the model's, as a DNS label */
  name?: string | undefined;
  /** Name of the image, including registry and tag. @default NAME:VERSION, with the model's version */
  image?: string | undefined;
  /** Memory in MiB. @default what the model needs */
  memory?: number | undefined;
}

/** A container service, with all defaults filled in. */
export interface EmitPlan extends Pick<Artifact, 'manifest'> {
  name: string;
  image: string;
  memoryMib: number;
  /** The platform in an image's terms; `undefined` for any. */
  platform: 'linux/amd64' | 'linux/arm64' | undefined;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names */
const serviceName = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws ColdpressError OPTION_INVALID, OPTION_OUT_OF_RANGE, and the errors of `openArtifact` */
export function planEmit(dir: string, options: EmitOptions): EmitPlan {
  const { manifest } = openArtifact(dir, { target: 'container' });
  const { architecture } = manifest;
  const name = options.name ?? toServiceName(manifest.name);
  if (!serviceName.test(name)) {
    throw new ColdpressError('OPTION_INVALID', `--name is ${name}`, {
      hint: 'up to 63 lower-case letters, digits and -, the first a letter',
    });
  }
  const image = options.image ?? `${name}:${manifest.model.sha256.slice(0, 12)}`;
  if (!/^[^\s@]+(@sha256:[0-9a-f]{64})?$/.test(image)) {
    throw new ColdpressError('OPTION_INVALID', `--image is ${image}`, {
      hint: 'as a registry names it: registry.example.com/team/model:1',
    });
  }
  return {
    name,
    image,
    manifest,
    memoryMib: checkRange('--memory', options.memory ?? memoryFor(manifest), {
      range: [128, 1_048_576],
      unit: 'MiB',
    }),
    platform: architecture === 'any' ? undefined : `linux/${architecture === 'x64' ? 'amd64' : 'arm64'}`,
  };
}

function toServiceName(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 61)
    .replace(/^-+|-+$/g, '');
  return /^[a-z]/.test(label) ? label : `m-${label}`;
}
