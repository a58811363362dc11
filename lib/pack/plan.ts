import { isAbsolute, relative, resolve } from 'node:path';
import type { Architecture } from '../contract/manifest.ts';
import type { Settings } from '../contract/settings.ts';
import { ColdpressError } from '../errors.ts';
import { declarationPath } from '../model/declarations/file.ts';
import { type EngineChoice, engineChoices } from '../model/press/engine-choice.ts';
import type { TuneMode } from '../model/press/tune.ts';
import type { SamplesOptions } from '../model/samples/run.ts';
import { choicesHint } from '../nearest.ts';
import { awsLambdaImage } from '../targets/aws-lambda/image.ts';
import { awsLambda } from '../targets/aws-lambda/target.ts';
import { targets } from '../targets/index.ts';
import type { Runtime, Target } from '../targets/target.ts';
import type { ModelSignature } from '../verify/model-signature.ts';
import { noSigner, resolveSigner } from '../verify/required-signer.ts';
import { resolveSettings } from './config/settings.ts';
import { settingsOf } from './config/settings-of.ts';
import type { Config, LoadedConfig } from './config.ts';
import { defaultName } from './default-name.ts';
import { fileNameOf } from './fetch/file-name.ts';
import { isRemote } from './fetch/remote.ts';
import { LOCK_FILE } from './lock.ts';

/** Options of the command line. They come before the config. Paths are relative to `cwd`. */
export type PackFlags = Pick<
  Config,
  'target' | 'package' | 'arch' | 'native' | 'engine' | 'runtime' | 'tune'
> & {
  /**
   * Path or URL of the model.
   * @default the config's
   */
  model?: string | undefined;
  /**
   * Folder of the artifact.
   * @default `build` in `cwd`
   */
  out?: string | undefined;
  /**
   * Path of the samples.
   * @default the config's
   */
  samples?: string | undefined;
  /**
   * Whether to send the samples through the score.
   * @default the config's
   */
  runScore?: boolean | undefined;
};

/** The result of all decisions, with absolute paths, for the stages of packing. */
export interface Plan {
  name: string;
  /** A path, or the URL of a model that `localModel` finds in the cache. */
  modelPath: string;
  /** The URL that the model was fetched from, if it was. */
  modelUrl?: string;
  /** The expected SHA-256, in lower case: the config's or, if the model is a URL, the lock's. */
  sha256: string | undefined;
  /** The signature that the model must have. */
  signature: ModelSignature | undefined;
  /** Where `coldpress types` writes the model's types: next to it, or for a URL next to the config. */
  typesPath: string;
  scorePath: string | undefined;
  samples: SamplesOptions | undefined;
  /** Whether the samples are sent through the score. */
  runsScore: boolean;
  /** The profile to count drift by. `undefined`: one of the samples. */
  profilePath: string | undefined;
  tune: TuneMode | undefined;
  /** Path of the lock, which keeps the results of measurements and fetches. */
  lockPath: string;
  assets: { name: string; path: string }[];
  target: Target;
  runtime: Runtime;
  architecture: Architecture;
  /** Where ONNX Runtime is, if the function needs it. */
  native: 'inline' | 'layer';
  engine: EngineChoice;
  /** The settings that the manifest passes to the runtime. */
  settings: Settings;
  /** Names of settings that the target does not use. */
  unused: string[];
  outDir: string;
}

/**
 * Resolves flags and config to a plan.
 * @throws ColdpressError MODEL_UNNAMED, or OPTION_INVALID with the allowed values
 */
export function resolvePlan(flags: PackFlags, { config, dir }: LoadedConfig, cwd: string): Plan {
  const modelPath = resolveModel(flags.model, config.model, { cwd, dir });
  const target = packagedAs(
    flags.package ?? config.package,
    choose('target', flags.target ?? config.target, targets, item => item.name),
  );
  // The files of a model that is a URL are next to the config.
  const localPath = isRemote(modelPath) ? resolve(dir, fileNameOf(new URL(modelPath))) : modelPath;
  const place = ` for ${target.title}`;
  const pick = <T extends string>(option: 'arch' | 'native' | 'engine', allowed: readonly [T, ...T[]]) =>
    choose(option, flags[option] ?? config[option], allowed, item => item, option === 'engine' ? '' : place);
  return {
    name: config.name ?? defaultName(modelPath),
    modelPath,
    sha256: config.sha256?.toLowerCase(),
    signature: resolveSignature(config.verify, { localPath, dir }),
    typesPath: declarationPath(localPath),
    scorePath: config.score === undefined ? undefined : resolve(dir, config.score),
    samples:
      flags.samples === undefined ? resolveSamples(config.samples, dir) : resolveSamples(flags.samples, cwd),
    runsScore: flags.runScore ?? (typeof config.samples !== 'object' || config.samples.score !== false),
    profilePath: config.profile === undefined ? undefined : resolve(dir, config.profile),
    tune: flags.tune ?? config.tune,
    lockPath: resolve(dir, LOCK_FILE),
    assets: [...new Set((config.assets ?? []).map(checkAsset))].map(name => ({
      name,
      path: resolve(dir, name),
    })),
    target,
    runtime: choose('runtime', flags.runtime ?? config.runtime, target.runtimes, item => item.id, place),
    architecture: pick('arch', target.architectures),
    native: pick('native', target.native),
    engine: pick('engine', engineChoices),
    ...settingsOf(target, resolveSettings(config)),
    outDir: resolve(cwd, flags.out ?? 'build'),
  };
}

function resolveSamples(samples: Config['samples'], dir: string): SamplesOptions | undefined {
  if (samples === undefined) {
    return undefined;
  }
  const { path, tolerance } = typeof samples === 'string' ? { path: samples } : samples;
  return { path: resolve(dir, path), ...(tolerance === undefined ? {} : { tolerance }) };
}

/** @throws ColdpressError SIGNER_INVALID */
function resolveSignature(
  verify: Config['verify'],
  { localPath, dir }: { localPath: string; dir: string },
): ModelSignature | undefined {
  if (verify === undefined) {
    return undefined;
  }
  const { signature, subject, ...options } = verify;
  const signer = resolveSigner(options, path => resolve(dir, path));
  if (signer === undefined) {
    throw noSigner('"verify" in the config names no signer');
  }
  return { path: signature === undefined ? `${localPath}.sig` : resolve(dir, signature), signer, subject };
}

function resolveModel(
  flag: string | undefined,
  configured: string | undefined,
  { cwd, dir }: { cwd: string; dir: string },
): string {
  if (flag !== undefined) {
    return isRemote(flag) ? flag : resolve(cwd, flag);
  }
  if (configured !== undefined) {
    return isRemote(configured) ? configured : resolve(dir, configured);
  }
  throw new ColdpressError('MODEL_UNNAMED', 'no model is named', {
    hint: 'name it: `npx coldpress pack model.onnx`, "model" in coldpress.config.ts, or the property "model" of a construct',
  });
}

/** @throws ColdpressError OPTION_CONFLICT for a package that the platform does not accept */
function packagedAs(wanted: Config['package'], target: Target): Target {
  const own = target.archive === 'none' ? 'image' : 'zip';
  if (wanted === undefined || wanted === own) {
    return target;
  }
  if (target === awsLambda) {
    return awsLambdaImage;
  }
  throw new ColdpressError(
    'OPTION_CONFLICT',
    `--package ${wanted} does not go with --target ${target.name}`,
    {
      hint: `${target.title} needs ${own === 'zip' ? 'a zip archive' : 'an image'}: remove the option`,
    },
  );
}

/** The requested item, or the first one if none is requested; an unknown one is an error that lists them all. */
function choose<T>(
  option: string,
  wanted: string | undefined,
  items: readonly [T, ...T[]],
  name: (item: T) => string,
  place = '',
): T {
  if (wanted === undefined) {
    return items[0];
  }
  const found = items.find(item => name(item) === wanted);
  if (found === undefined) {
    throw new ColdpressError('OPTION_INVALID', `unknown ${option} "${wanted}"${place}`, {
      hint: choicesHint(wanted, items.map(name)),
    });
  }
  return found;
}

/** An asset keeps its name in the artifact, so it must be inside the config's folder. */
function checkAsset(name: string): string {
  const path = relative('.', name);
  if (isAbsolute(name) || path === '' || path.startsWith('..')) {
    throw new ColdpressError('ASSET_OUTSIDE', `asset "${name}" is outside the folder of the config`, {
      hint: 'copy it next to coldpress.config.ts',
    });
  }
  return path.replaceAll('\\', '/');
}
