import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Manifest } from '../../contract/manifest.ts';
import { resolveExternalData } from '../../model/external-data.ts';
import { rewriteModel } from '../../model/passes/index.ts';
import { readModel } from '../../model/read.ts';
import { writeModel } from '../../model/write.ts';
import type { BaselineName, BenchPlan } from '../options.ts';
import type { Warning } from '../warning.ts';
import { copyEngine, findEngine } from './engine.ts';
import { helloHandler } from './hello-handler.ts';
import { resolveNaiveModel } from './model.ts';
import { naiveHandler } from './naive-handler.ts';
import { writeBaseline } from './write.ts';

interface Build {
  /** The folder to write the artifact to. */
  dir: string;
  plan: BenchPlan;
  /** The artifacts that the baseline is compared with. */
  artifacts: readonly Manifest[];
}

/** The builders of the baselines; each returns its warnings. */
const builders: Record<BaselineName, (build: Build) => Promise<Warning[]>> = {
  naive: buildNaive,
  hello: buildHello,
};

export function buildBaseline(name: BaselineName, build: Build): Promise<Warning[]> {
  return builders[name](build);
}

async function buildHello({ dir, plan: { host }, artifacts }: Build): Promise<Warning[]> {
  const handler = `(${helloHandler})()`;
  await writeBaseline(dir, { name: 'hello', handler, host, onnxruntime: '', like: artifacts[0] });
  return [];
}

/**
 * Builds the function that most developers would deploy: unbundled, with onnxruntime-node in node_modules without the
 * files of other platforms, and a default session created on the first request.
 */
async function buildNaive({ dir, plan, artifacts }: Build): Promise<Warning[]> {
  const { host } = plan;
  const { path, notes } = await resolveNaiveModel(plan, artifacts);
  const wanted = artifacts[0]?.versions.onnxruntime;
  const engine = await findEngine(host, wanted);
  const functionDir = await writeBaseline(dir, {
    name: 'naive',
    handler: `(${naiveHandler})(require, __dirname)`,
    host,
    onnxruntime: engine.version,
    like: artifacts[0],
  });
  await copyModel(path, functionDir);
  await copyEngine(engine, join(functionDir, 'node_modules'), host);
  return engine.version === wanted
    ? notes
    : [
        ...notes,
        {
          code: 'other-onnxruntime',
          variant: 'naive',
          message: `naive runs ONNX Runtime ${engine.version}, the artifact ${wanted}`,
          hint: `npm install --ignore-scripts --save-dev onnxruntime-node@${wanted}`,
        },
      ];
}

/**
 * Copies the model. onnxruntime-node rejects some models ("Non tensor type is temporarily not supported"), which its
 * user would export again without a ZipMap; coldpress's rewrites, made for the same reason, produce such a model.
 */
async function copyModel(path: string, functionDir: string): Promise<void> {
  const model = await readModel(path);
  const to = join(functionDir, 'model.onnx');
  const rewriting = rewriteModel(model);
  if (rewriting.model.format === 'onnx' && rewriting.applied.length > 0) {
    await writeModel(rewriting.model, to);
  } else {
    await copyFile(path, to);
  }
  for (const file of await resolveExternalData(model)) {
    const place = join(functionDir, file.location);
    await mkdir(dirname(place), { recursive: true });
    await copyFile(file.path, place);
  }
}
