import { relative } from 'node:path';
import type { Command } from 'commander';
import { composeFile } from '../containers/emit-compose.ts';
import { dockerfile } from '../containers/emit-dockerfile.ts';
import { inferenceService } from '../containers/emit-kserve.ts';
import { sageMakerScript } from '../containers/emit-sagemaker.ts';
import { type EmitOptions, planEmit } from '../containers/plan.ts';
import { ColdpressError } from '../errors.ts';

export const containerTools = ['dockerfile', 'compose', 'kserve', 'sagemaker'] as const;

type ContainerTool = (typeof containerTools)[number];

/** The options that also apply to a container. */
const ownFlags = ['target', 'emit', 'name', 'image', 'memory'];

/** @throws ColdpressError OPTION_CONFLICT, OPTION_MISSING, and the errors of `planEmit` */
export function emitForContainer(
  dir: string,
  { emit, ...options }: EmitOptions & { emit?: string },
  command: Command,
): void {
  const other = Object.keys(command.opts()).find(
    name => command.getOptionValueSource(name) === 'cli' && !ownFlags.includes(name),
  );
  const tools = containerTools.map(tool => `--emit ${tool}`).join(', ');
  if (emit === undefined) {
    throw new ColdpressError('OPTION_MISSING', `${dir} is a container: choose where to deploy it`, {
      hint: `--target cloud-run deploys it; ${tools} print configuration for other tools; docs/containers.md`,
    });
  }
  if (other !== undefined || !isTool(emit)) {
    throw new ColdpressError('OPTION_CONFLICT', `--${other ?? `emit ${emit}`} does not go with a container`, {
      hint: `with --target container there are ${tools}, --name, --image and --memory`,
    });
  }
  if (emit === 'sagemaker' && options.image === undefined) {
    throw new ColdpressError('OPTION_MISSING', '--emit sagemaker needs the image to push to Amazon ECR', {
      hint: 'name it: --image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1',
    });
  }
  const plan = planEmit(dir, options);
  const emitters: Record<ContainerTool, () => string> = {
    dockerfile: () => dockerfile(plan),
    compose: () => composeFile(plan, contextOf(dir)),
    kserve: () => inferenceService(plan),
    sagemaker: () => sageMakerScript(plan, dir),
  };
  process.stdout.write(emitters[emit]());
}

function isTool(emit: string): emit is ContainerTool {
  return containerTools.some(tool => tool === emit);
}

/** The artifact's folder for a compose file in the current folder. */
function contextOf(dir: string): string {
  const path = relative(process.cwd(), dir).replaceAll('\\', '/');
  return path.startsWith('.') || path.startsWith('/') ? path : `./${path}`;
}
