import type { Part } from '../targets/container/part.ts';
import { version } from '../version.ts';
import type { Base } from './base.ts';
import type { Origin } from './created.ts';
import type { ImageLayout } from './image-layout.ts';
import type { Layer } from './layer.ts';
import type { ImageConfig } from './oci.ts';

/**
 * The base's config plus the additions of the artifact:
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 */
export function imageConfig({
  base,
  layers,
  origin: { created },
  labels,
  layout: { folder, entrypoint, cmd, env, ports },
}: {
  base: Base;
  layers: readonly (Layer & { part: Part })[];
  origin: Origin;
  labels: Record<string, string>;
  layout: ImageLayout;
}): ImageConfig {
  const { os, architecture, variant, config = {}, rootfs, history = [] } = base.config;
  const inherited = (config.Env ?? []).filter(variable => !(variable.split('=')[0]! in env));
  return {
    created,
    architecture,
    os,
    ...(variant !== undefined && { variant }),
    config: {
      ...config,
      Env: [...inherited, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      Entrypoint: [base.facts.node!, ...entrypoint],
      Cmd: cmd,
      WorkingDir: `/${folder}`,
      ExposedPorts: { ...config.ExposedPorts, ...Object.fromEntries(ports.map(port => [`${port}/tcp`, {}])) },
      Labels: { ...config.Labels, ...labels },
    },
    rootfs: { type: 'layers', diff_ids: [...rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)] },
    history: [
      ...history,
      ...layers.map(({ part }) => ({ created, created_by: `coldpress ${version}`, comment: part })),
    ],
  };
}
