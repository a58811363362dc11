import { resolve } from 'node:path';
import { Command } from 'commander';
import { ColdpressError } from '../errors.ts';
import { cacheRoot } from '../pack/cache.ts';
import { loadConfig } from '../pack/config.ts';
import { isRemote } from '../pack/fetch/remote.ts';
import { type FetchedModel, fetchModel } from '../pack/fetch.ts';
import { LOCK_FILE } from '../pack/lock.ts';
import { formatBytes } from './format.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

/** `coldpress fetch`: a model on the network becomes a file in the cache, its hash pinned. */
export function fetchCommand(): Command {
  return new Command('fetch')
    .description('download the model that the config or the command line names by URL, and pin its hash')
    .argument('[url]', 'https://, s3:// or gs://; default: the model that the config names')
    .option('--sha256 <hex>', 'the SHA-256 that the model must have')
    .option('--config <file>', 'default: coldpress.config.ts, if there is one')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ coldpress fetch https://example.org/model.onnx --sha256 9f86d0…')
    .action(async (named: string | undefined, options: { sha256?: string; config?: string; json?: true }) => {
      const { config, dir } = await loadConfig(options.config, process.cwd());
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

function describe({ path, sha256, sizeBytes, hit, isNewlyPinned }: FetchedModel): string {
  const source = hit ? 'it was in the cache' : 'fetched';
  return [
    `${path}  ${formatBytes(sizeBytes)}, ${source}`,
    `SHA-256 ${sha256}, ${isNewlyPinned ? `pinned in ${LOCK_FILE} from now on` : 'as expected'}`,
  ].join('\n');
}
