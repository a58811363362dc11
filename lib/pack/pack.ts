import { rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FUNCTION_FOLDER, LAYER_FOLDER, SBOM_FILE } from '../contract/files.ts';
import { makeFolder } from '../make-folder.ts';
import { refreshDeclaration } from '../model/declarations/file.ts';
import { checkSbomFile } from '../output-file.ts';
import { settledAbort } from '../settle.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { writeWhole } from '../write-whole.ts';
import { copyTree, listZips } from './artifact.ts';
import { checkBudget } from './budget.ts';
import { bundleFunction } from './bundle.ts';
import { cacheRoot } from './cache.ts';
import { companionFiles } from './companions.ts';
import { type LoadedConfig, loadConfig } from './config.ts';
import { functionContents } from './contents.ts';
import { functionOnce } from './function.ts';
import { inBackground } from './in-background.ts';
import { listInputs } from './inputs.ts';
import { keepLayer } from './keep-layer.ts';
import { layerOnce } from './layer.ts';
import { localModel } from './local-model.ts';
import { makeManifest } from './make-manifest.ts';
import { checkOutput, replaceOutput } from './output-folder.ts';
import { openPackLock } from './pack-lock.ts';
import type { PackOptions, PackResult } from './pack-options.ts';
import { resolvePlan } from './plan.ts';
import { pressOnce, usedBy } from './press.ts';
import { profileFor } from './profile.ts';
import { runScore, type ScoreResult } from './run-score.ts';
import { checkScoreFile } from './score-file.ts';

/**
 * Packs a model into an artifact. If it fails, nothing is written.
 * @throws ColdpressError
 */
export async function pack(options: PackOptions): Promise<PackResult> {
  return packLoaded(await loadConfig(options.config, options.cwd), options);
}

/** Packs from a config object that is already loaded. */
export async function packLoaded(
  loaded: LoadedConfig,
  options: Omit<PackOptions, 'config'>,
): Promise<PackResult> {
  const { cwd, env, onProgress = () => {}, signal } = options;
  const cacheDir = cacheRoot(env);
  const plan = await localModel(resolvePlan(options, loaded, cwd), cacheDir);
  checkScoreFile(plan.scorePath, loaded.path);
  await checkOutput(plan.outDir, [
    ...[loaded.path, plan.modelPath, plan.scorePath, plan.samples?.path, plan.profilePath],
    ...plan.assets.map(({ path }) => path),
  ]);
  const sbomPath = options.sbom === undefined ? undefined : resolve(cwd, options.sbom);
  await checkSbomFile(sbomPath, [loaded.path, plan.modelPath, plan.samples?.path, plan.lockPath]);
  const lock = await openPackLock(options.lock, plan);
  const scratch = await makeTemporaryFolder({ purpose: 'pack' });
  try {
    const makeLayer = async () => (plan.native === 'layer' ? layerOnce(plan, cacheDir) : undefined);
    const madeLayer = plan.engine === 'onnxruntime' ? inBackground(makeLayer()) : makeLayer;
    if (plan.tune !== undefined && plan.engine === 'onnxruntime') {
      // Tuning measures time; nothing else may run meanwhile.
      await madeLayer();
    }
    onProgress('pressing the model');
    const pressed = await pressOnce(plan, cacheDir, { onProgress, signal });
    await refreshDeclaration(plan.typesPath, plan.modelPath, pressed.manifest.signature);
    signal?.throwIfAborted();

    onProgress('bundling the function');
    const profile = await profileFor(plan, pressed, cacheDir);
    const bundle = await bundleFunction(plan, usedBy(pressed));
    lock.checkPackages(bundle);
    const contents = await functionContents(plan, { pressed, profile, bundle, scratch });
    const layer = pressed.manifest.engine.name === 'onnxruntime' ? await madeLayer() : undefined;
    const manifest = makeManifest(plan, { pressed: pressed.manifest, profile, bundle, contents, layer });
    const budget = checkBudget(plan.target, manifest);
    signal?.throwIfAborted();

    onProgress('writing the archives');
    const { artifactSbom } = await import('./sbom/artifact-sbom.ts');
    const sbom = await artifactSbom(plan, { manifest, bundle, env });
    const inputs = await listInputs(plan, bundle.metafile);
    const sources = loaded.path === undefined ? inputs : [loaded.path, ...inputs];
    const companions = await companionFiles(plan, { pressed, bundle, sources });
    const fn = await functionOnce(manifest, { contents, archive: plan.target.archive }, cacheDir);
    let score: ScoreResult | undefined;
    await replaceOutput(plan.outDir, async dir => {
      if (layer !== undefined && !(await keepLayer(plan.outDir, dir, layer.describe))) {
        await copyTree(layer.dir, dir, LAYER_FOLDER);
      }
      await copyTree(fn.dir, dir, FUNCTION_FOLDER);
      for (const [name, contents] of Object.entries({ ...companions, [SBOM_FILE]: sbom })) {
        await writeFile(join(dir, name), contents);
      }
      score = await runScore(plan, { dir, manifest, bundle, cacheDir, cwd, onProgress, signal });
      signal?.throwIfAborted();
    });
    await lock.keep(bundle);
    if (sbomPath !== undefined) {
      await makeFolder(dirname(sbomPath));
      await writeWhole(sbomPath, sbom);
    }
    const { reference, unanswered, notCompiled, refused, samples } = pressed;
    return {
      outDir: plan.outDir,
      manifest,
      ...(reference && { reference }),
      ...(unanswered !== undefined && { unanswered }),
      ...(notCompiled !== undefined && { notCompiled }),
      ...(refused !== undefined && { refused }),
      ...(samples && { samples }),
      ...(score && { score }),
      unused: plan.unused,
      budget,
      zips: await listZips(plan.outDir),
      inputs,
    };
  } catch (error) {
    // Ctrl-C in a terminal also ends the bundler's process.
    throw await settledAbort(error, signal);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
