import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { nodeImage } from '../containers/server.ts';
import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { type FetchedNode, fetchPlatform } from '../executable/fetch-platform.ts';
import { executablePlatforms } from '../executable/platforms.ts';
import type { FetchedBase } from '../image/fetch-base.ts';
import { cacheRoot } from '../pack/cache.ts';
import { type LoadedConfig, loadConfig } from '../pack/config.ts';
import { isRemote } from '../pack/fetch/remote.ts';
import { type FetchedModel, fetchModel } from '../pack/fetch.ts';
import { LOCK_FILE } from '../pack/lock.ts';
import { container } from '../targets/container/target.ts';
import { formatBytes } from './format.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

interface Options {
  sha256?: string;
  base?: string | true;
  platform?: string;
  arch?: Architecture;
  update?: true;
  config?: string;
  json?: true;
}

/** `coldpress fetch`: downloads a model to the cache and pins its hash. */
export function fetchCommand(): Command {
  return new Command('fetch')
    .description('download a model by URL, or the base of container images, and pin its hash')
    .argument('[url]', 'URL of the model: https://, s3:// or gs:// (default: that of the config)')
    .option('--sha256 <hex>', 'expected SHA-256 of the model')
    .option(
      '--base [image]',
      'fetch a base image for `coldpress image` instead of a model (default: node:VERSION-bookworm-slim)',
    )
    .addOption(
      new Option(
        '--arch <arch>',
        'with --base: the only CPU to fetch (default: every supported CPU)',
      ).choices(['arm64', 'x64']),
    )
    .option('--update', 'with --base: pin the image that the tag refers to now')
    .addOption(
      new Option('--platform <platform>', 'fetch Node for `coldpress executable` instead of a model').choices(
        executablePlatforms.map(({ id }) => id),
      ),
    )
    .option('--config <file>', 'config file (default: coldpress.config.ts, if it exists)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ coldpress fetch https://example.org/model.onnx --sha256 9f86d0…')
    .action(async (named: string | undefined, options: Options) => {
      if (options.platform !== undefined) {
        return fetchNodeFor(named, options);
      }
      const loaded = await loadConfig(options.config, process.cwd());
      const { config, dir } = loaded;
      checkCombination(named, options);
      if (options.base !== undefined) {
        const fetched = await fetchImage(loaded, options);
        console.log(options.json ? JSON.stringify(fetched) : describeBase(fetched));
        return;
      }
      const url = named ?? config.model;
      if (url === undefined || (named === undefined && !isRemote(url))) {
        throw new ColdpressError(
          'MODEL_NOT_REMOTE',
          `there is nothing to fetch: the model is ${url ?? 'not named'}`,
          {
            hint: 'npx coldpress fetch URL, or "model" in coldpress.config.ts as a URL',
          },
        );
      }
      const configured = url === config.model ? (config as { sha256?: string }) : {};
      const sha256 = options.sha256 ?? configured.sha256;
      const fetched = await withProgress(onProgress =>
        fetchModel(url, {
          ...(sha256 === undefined ? {} : { sha256 }),
          lockPath: resolve(dir, LOCK_FILE),
          cacheDir: cacheRoot(process.env),
          onProgress,
          signal: interruptSignal(),
        }),
      );
      console.log(options.json ? JSON.stringify({ url, ...fetched }) : describe(fetched));
    });
}

function checkCombination(named: string | undefined, { base, sha256, arch, update }: Options): void {
  const isBase = base !== undefined;
  const other = isBase
    ? (named ?? (sha256 && '--sha256'))
    : (arch && '--arch') || (update && '--update') || undefined;
  if (other !== undefined) {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      `${other} ${isBase ? 'and --base do not go together' : 'is for --base alone'}`,
      {
        hint: 'a base is pinned by its name: --base node:24-bookworm-slim@sha256:…',
      },
    );
  }
}

async function fetchImage(
  { config, dir }: LoadedConfig,
  { base, arch, update }: Options,
): Promise<FetchedBase> {
  const { fetchBase } = await import('../image/fetch-base.ts');
  const runtime = container.runtimes.find(({ id }) => id === config.runtime) ?? container.runtimes[0];
  const image = typeof base === 'string' ? base : nodeImage(String(runtime.nodeMajor));
  return withProgress(onProgress =>
    fetchBase(image, {
      architecture: arch,
      update,
      env: process.env,
      onProgress,
      lockPath: resolve(dir, LOCK_FILE),
      cacheDir: cacheRoot(process.env),
      signal: interruptSignal('interrupted; what was downloaded is kept'),
    }),
  );
}

function describeBase({ name, digest, architectures, downloadedBytes, isNewlyPinned }: FetchedBase): string {
  return [
    `${name} for ${architectures.join(' and ')}  ${downloadedBytes === 0 ? 'it was in the cache' : formatBytes(downloadedBytes)}`,
    `${digest}, ${isNewlyPinned ? `pinned in ${LOCK_FILE} from now on` : 'as expected'}`,
  ].join('\n');
}

async function fetchNodeFor(named: string | undefined, options: Options): Promise<void> {
  const { platform, json } = options;
  const flag = (['sha256', 'base', 'arch', 'update'] as const).find(name => options[name] !== undefined);
  const other = named ?? (flag && `--${flag}`);
  if (other !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', `--platform and ${other} do not go together`, {
      hint: 'run coldpress fetch once for each; the hash of Node is pinned',
    });
  }
  const found = executablePlatforms.find(({ id }) => id === platform)!;
  const fetched = await withProgress(onProgress =>
    fetchPlatform(found, { cacheDir: cacheRoot(process.env), onProgress, signal: interruptSignal() }),
  );
  console.log(json ? JSON.stringify({ platform, fetched }) : fetched.map(describeNode).join('\n'));
}

function describeNode({ name, version, path, hit }: FetchedNode): string {
  return `${path}  ${name} ${version}, ${hit ? 'it was in the cache' : 'fetched'}`;
}

function describe({ path, sha256, sizeBytes, hit, isNewlyPinned }: FetchedModel): string {
  const source = hit ? 'it was in the cache' : 'fetched';
  return [
    `${path}  ${formatBytes(sizeBytes)}, ${source}`,
    `SHA-256 ${sha256}, ${isNewlyPinned ? `pinned in ${LOCK_FILE} from now on` : 'as expected'}`,
  ].join('\n');
}
