import { relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { ColdpressError } from '../errors.ts';
import type { BuiltImage } from '../image/build.ts';
import { type Pushed, pushImage } from '../image/push.ts';
import { keepPushed } from '../image/pushed.ts';
import { parseReference } from '../image/reference.ts';
import { writeLayout } from '../image/write-layout.ts';
import { LOCK_FILE } from '../pack/lock.ts';
import { buildProjectImage, type ImageFlags } from './build-image.ts';
import { formatBytes, formatTable } from './format.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

interface Options extends ImageFlags {
  tag?: string;
  push?: true;
  out?: string;
  json?: true;
}

/** `coldpress image`: builds a container image of packed artifacts. */
export function imageCommand(): Command {
  return new Command('image')
    .description('build a container image of a packed artifact, without Docker, and push it')
    .argument('<dir...>', 'artifact folders written by `coldpress pack`; several of one model form an index')
    .option(
      '--base <image>',
      'base image, fetched by `coldpress fetch --base` (default: node:VERSION-bookworm-slim)',
    )
    .addOption(
      new Option('--arch <arch>', 'the only CPU to build for (default: every supported CPU)').choices([
        'arm64',
        'x64',
      ]),
    )
    .option('--tag <image>', 'image reference, including the registry (default: NAME:VERSION of the model)')
    .option('--snap-start', 'label an AWS Lambda image for SnapStart')
    .option('--push', 'push to the registry of --tag, with the credentials of docker login')
    .option('--out <path>', 'OCI image layout to write: a folder, or a .tar archive (default: image)')
    .option(
      '--config <file>',
      `config file, whose folder has ${LOCK_FILE} (default: coldpress.config.ts, if it exists)`,
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ coldpress fetch --base\n  $ coldpress image build --tag ghcr.io/team/churn:1 --push',
    )
    .action(async (dirs: string[], options: Options) => {
      const { push, tag, out = push ? undefined : 'image' } = options;
      if (push && tag === undefined) {
        throw new ColdpressError('OPTION_MISSING', '--push needs a name', {
          hint: 'name registry and repository: --tag ghcr.io/team/model:1',
        });
      }
      const reference = tag === undefined ? undefined : parseReference(tag, '--tag');
      if (reference?.digest !== undefined) {
        throw new ColdpressError('IMAGE_NAME_INVALID', `--tag is ${tag}`, {
          hint: 'leave the digest out: it follows from the content',
        });
      }
      const cwd = process.cwd();
      const signal = interruptSignal('interrupted; nothing half-pushed has a tag');
      const result = await withProgress(async onProgress => {
        const built = await buildProjectImage(dirs, options, { signal, onProgress });
        if (out !== undefined) {
          onProgress(`writing ${out}`);
          await writeLayout(built, resolve(cwd, out), tag ?? built.name);
        }
        const pushed = push
          ? await pushImage(built, reference!, { env: process.env, signal, onProgress })
          : undefined;
        if (pushed !== undefined) {
          await keepPushed(dirs, pushed);
        }
        return { built, pushed };
      });
      const path = out === undefined ? undefined : relative(cwd, resolve(cwd, out)) || '.';
      console.log(options.json ? toJson(result, path) : describe(result, path));
    });
}

interface Result {
  built: BuiltImage;
  pushed: Pushed | undefined;
}

function toJson({ built, pushed }: Result, out: string | undefined): string {
  const { name, top, images } = built;
  return JSON.stringify({
    name,
    digest: top.digest,
    images: images.map(({ architecture, manifest, layers, base }) => ({
      architecture,
      digest: manifest.digest,
      base: `${base.name}@${base.digest}`,
      layers,
    })),
    ...(out !== undefined && { out }),
    ...(pushed !== undefined && { pushed }),
  });
}

function describe({ built, pushed }: Result, out: string | undefined): string {
  const rows = built.images.flatMap(({ architecture, layers, base }) => [
    [`${base.name} for ${architecture}`, formatBytes(base.layers.reduce((sum, { size }) => sum + size, 0))],
    ...layers.map(({ part, sizeBytes }) => [`  ${part}`, formatBytes(sizeBytes)]),
  ]);
  return [
    formatTable(rows),
    '',
    ...(out === undefined ? [] : [`wrote ${out}`]),
    ...(pushed === undefined
      ? []
      : [`pushed ${formatBytes(pushed.sentBytes)}; the registry had the rest`, pushed.image]),
    ...(pushed?.sbom === 'refused'
      ? ['the registry accepts no bill of materials, so it has none for this image']
      : []),
    ...(pushed === undefined ? [built.top.digest] : []),
  ].join('\n');
}
