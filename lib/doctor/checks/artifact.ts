import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Artifact, openArtifact } from '../../artifact.ts';
import { FUNCTION_ZIP, LAYER_ZIP } from '../../contract/files.ts';
import { type FileEntry, runsOn } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { hashFile } from '../../hash-file.ts';
import { elfArchitecture } from '../../native/elf.ts';
import { onnxruntimeVersion } from '../../native/onnxruntime.ts';
import { quote } from '../../shell-command.ts';
import { awsLambdaLimits } from '../../targets/aws-lambda/limits.ts';
import { targets } from '../../targets/index.ts';
import { version } from '../../version.ts';
import type { Finding } from '../pain.ts';
import { ofCode } from './model.ts';
import { checkRuntime } from './runtimes.ts';

const repack = 'npx coldpress pack --out DIR';

/** Checks everything about an artifact that can be checked without running it. */
export async function checkArtifact(dir: string, today: Date): Promise<Finding[]> {
  try {
    const artifact = openArtifact(dir);
    const { runtime } = artifact.manifest;
    return [
      ...checkRuntime(runtime, { where: dir, today }),
      ...checkDrift(artifact, dir),
      ...(await checkFiles(artifact, dir)),
      ...checkSize(artifact, dir),
      ...checkThreads(artifact, dir),
    ].map(finding => ({
      ...finding,
      ...(finding.command === undefined ? {} : { command: finding.command.replace('DIR', () => quote(dir)) }),
    }));
  } catch (error) {
    if (error instanceof ColdpressError) {
      return [ofCode(error, dir)];
    }
    throw error;
  }
}

/** Compares the versions that the artifact was packed with to the installed ones. */
function checkDrift({ manifest: { versions, engine } }: Artifact, where: string): Finding[] {
  const installed = { coldpress: version, onnxruntime: onnxruntimeVersion() };
  // A compiled model runs without ONNX Runtime.
  const names =
    engine.name === 'compiled' ? (['coldpress'] as const) : (['coldpress', 'onnxruntime'] as const);
  return names
    .filter(name => versions[name] !== installed[name])
    .map(name => ({
      id: 'version-drift',
      where,
      evidence: `packed with ${name} ${versions[name]}, installed is ${installed[name]}`,
      cause: `What is tried here is not what was packed: ${name} differs.`,
      fix: 'Pack it again, and replay its golden vectors before it receives traffic; or install the version it was packed with.',
      command: repack,
      link: 'docs/doctor.md#drift',
    }));
}

/** Finds files that are missing, changed, or for a CPU other than the manifest's. */
async function checkFiles(artifact: Artifact, where: string): Promise<Finding[]> {
  const { manifest, functionDir, layerDir } = artifact;
  const layer = manifest.layer;
  const wantsLayer = manifest.layer !== undefined;
  const noLayer = wantsLayer && layerDir === undefined && !existsSync(join(where, LAYER_ZIP));
  const problems = [
    ...(await damaged(functionDir, manifest.files)),
    ...(layer === undefined || layerDir === undefined ? [] : await damaged(layerDir, layer.files)),
  ];
  const native = [functionDir, ...(layerDir === undefined ? [] : [layerDir])].flatMap(root =>
    [...manifest.files, ...(layer?.files ?? [])]
      .map(({ path }) => join(root, path))
      .filter(path => /\.(?:node|so(?:\.\d+)*)$/.test(path) && existsSync(path)),
  );
  const foreign = native.filter(path => {
    const found = elfArchitecture(readFileSync(path).subarray(0, 20));
    return found == null || !runsOn(manifest.architecture, found);
  });
  return [
    ...(noLayer ? [staleLayer(where, 'its layer is missing')] : []),
    ...problems.map(({ path, problem }) =>
      path.startsWith('nodejs/')
        ? staleLayer(where, `layer/${path} ${problem}`)
        : {
            id: 'changed-after-packing',
            where,
            evidence: `function/${path} ${problem}`,
            cause: 'A file is not the one that was packed and proved.',
            fix: 'Pack it again; artifacts are not edited.',
            command: repack,
            link: 'docs/doctor.md#drift',
          },
    ),
    ...foreign.map(path => ({
      id: 'wrong-architecture',
      where,
      evidence: `${path} is not for ${manifest.architecture}`,
      cause: `The function is for ${manifest.architecture}, and a native file of it is not.`,
      fix: 'Pack it for the CPU that the function has.',
      command: `npx coldpress pack --arch ${manifest.architecture} --out DIR`,
      link: 'docs/errors.md#NATIVE_WRONG_CPU',
    })),
  ];
}

function staleLayer(where: string, evidence: string): Finding {
  return {
    id: 'stale-layer',
    where,
    evidence,
    cause: 'The function was packed with another layer, which it loads by version and CPU.',
    fix: 'Pack again, and publish layer.zip together with function.zip.',
    command: repack,
    link: 'docs/guides/terraform-sam.md',
  };
}

async function damaged(root: string, files: FileEntry[]): Promise<{ path: string; problem: string }[]> {
  const states = await Promise.all(
    files.map(async ({ path, sha256 }) => {
      const file = join(root, path);
      if (!existsSync(file)) {
        return { path, problem: 'is missing' };
      }
      return (await hashFile(file)) === sha256 ? [] : { path, problem: 'was changed' };
    }),
  );
  return states.flat();
}

function checkSize({ manifest }: Artifact, where: string): Finding[] {
  const limit = targets.find(({ name }) => name === manifest.target)?.unzippedLimitBytes;
  const bytes = [...manifest.files, ...(manifest.layer?.files ?? [])].reduce(
    (sum, file) => sum + file.sizeBytes,
    0,
  );
  const large = [FUNCTION_ZIP, LAYER_ZIP].filter(name => {
    const size = statSync(join(where, name), { throwIfNoEntry: false })?.size ?? 0;
    return manifest.target === 'aws-lambda' && size > awsLambdaLimits.directUploadBytes;
  });
  return [
    ...(limit === undefined || bytes <= limit
      ? []
      : [
          {
            id: 'package-too-large',
            where,
            evidence: `${bytes} of ${limit} bytes`,
            cause: 'Lambda counts function and layers together, unpacked.',
            fix: 'Quantise the model, or drop assets.',
            link: 'docs/limits.md',
          },
        ]),
    ...large.map(name => ({
      id: 'zip-too-large',
      where,
      evidence: `${name} is larger than 50 MB`,
      cause: 'Lambda accepts zip uploads of up to 50 MB; larger ones must be in S3.',
      fix: 'Deploy it with CDK or SAM, which upload to S3, or name a bucket object.',
      command: 'npx coldpress deploy DIR --target aws-lambda --emit sam',
      link: 'docs/limits.md',
    })),
  ];
}

/**
 * A function has at most about six vCPUs, at 10,240 MB.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const mostVcpus = 6;

function checkThreads({ manifest }: Artifact, where: string): Finding[] {
  const { intraOpNumThreads, interOpNumThreads } = manifest.model.session;
  const most = Math.max(intraOpNumThreads ?? 0, interOpNumThreads ?? 0);
  return most <= mostVcpus
    ? []
    : [
        {
          id: 'threads',
          where,
          evidence: `the session is opened with ${most} threads`,
          cause: `No function of Lambda’s has more than ${mostVcpus} vCPUs; more threads get in each other’s way.`,
          fix: 'Let the threads be chosen by measurement.',
          command: 'npx coldpress pack --tune balanced --out DIR',
          link: 'docs/cold-start.md',
        },
      ];
}
