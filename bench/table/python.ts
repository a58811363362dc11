import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Estimate, estimateMedian, estimatePairedRatio } from '../../lib/bench/statistics/estimate.ts';

export interface PythonRow {
  /** `Python 3.11.7, onnxruntime 1.30.0` */
  python: string;
  pythonMs: Estimate;
  coldpressMs: Estimate;
  ratio: Estimate;
}

const run = promisify(execFile);
const discard = 2;

const pythonProgram = `import sys
import numpy
import onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1])
session.run(None, {i.name: numpy.zeros([d if isinstance(d, int) else 1 for d in i.shape], numpy.float32) for i in session.get_inputs()})
`;

/** Does what Lambda's runtime client does with the module, without the client: neither side uses a server. */
const nodeProgram = `const [, file, event] = process.argv;
const { handler } = await import(file);
const context = { awsRequestId: '-', getRemainingTimeInMillis: () => 30000 };
const { statusCode } = await handler(JSON.parse(event), context);
process.exit(statusCode === 200 ? 0 : 1);
`;

/** Finds a Python that can import onnxruntime: COLDPRESS_PYTHON, or python3. `undefined` if there is none. */
export function findPython(env: NodeJS.ProcessEnv): { program: string; version: string } | undefined {
  const program = env.COLDPRESS_PYTHON ?? 'python3';
  const code =
    'import sys, onnxruntime; print("Python", sys.version.split()[0] + ",", "onnxruntime", onnxruntime.__version__)';
  const { status, stdout } = spawnSync(program, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? { program, version: stdout.trim() } : undefined;
}

/**
 * Times whole processes, from spawn to exit, taking turns: Python imports onnxruntime, opens the model and runs it
 * once; Node imports the packed function and sends it one request.
 */
export async function measurePython(
  { program, version }: { program: string; version: string },
  { model, event, artifact, samples }: { model: string; event: string; artifact: string; samples: number },
): Promise<PythonRow> {
  const env = { ...process.env, NODE_PATH: join(artifact, 'layer/nodejs/node_modules') };
  const index = join(artifact, 'function/index.mjs');
  const commands: [string, string[]][] = [
    [program, ['-c', pythonProgram, model]],
    [process.execPath, ['--input-type=module', '-e', nodeProgram, index, event]],
  ];
  const times: [number[], number[]] = [[], []];
  for (let round = -discard; round < samples; round++) {
    for (const [side, [file, args]] of commands.entries()) {
      const start = performance.now();
      await run(file, args, { env });
      if (round >= 0) {
        times[side]!.push(performance.now() - start);
      }
    }
  }
  const [python, coldpress] = times;
  return {
    python: version,
    pythonMs: estimateMedian(python, 1),
    coldpressMs: estimateMedian(coldpress, 1),
    ratio: estimatePairedRatio(coldpress, python, 1),
  };
}
