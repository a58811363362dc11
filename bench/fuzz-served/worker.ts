/** The process of fuzz-served.ts that serves a model. */
import { type InferInput, openModel } from '../../lib/runtime/index.ts';

export type Job = { dir: string } | { inputs: InferInput[] };
export type Verdict = { kind: 'opened' | 'answered' | 'refused' | 'failed'; message?: string };

let model: ReturnType<typeof openModel> | undefined;

process.on('message', (job: Job) => {
  process.send!(judge(job));
});
process.on('disconnect', () => process.exit());

function judge(job: Job): Verdict {
  try {
    if ('dir' in job) {
      model = openModel(job.dir);
      return { kind: 'opened' };
    }
    model!.infer({ inputs: job.inputs });
    return { kind: 'answered' };
  } catch (error) {
    const { name, message } = error as Error;
    return { kind: name === 'RequestError' ? 'refused' : 'failed', message };
  }
}
