import type { v2 } from '@google-cloud/run';
import type { Change } from '../changes.ts';
import { jobsClient } from '../clients.ts';
import { explain, isNotFound } from '../explain.ts';
import { type FollowOptions, follow } from '../follow.ts';
import { jobPath, locationPath } from '../function-resource.ts';
import type { PlannedRequest } from '../planned-request.ts';
import type { JobRequest } from './options.ts';
import { type Job, type JobPlan, planJobDeployment } from './plan-job.ts';

export interface DeployedJob {
  name: string;
  created: boolean;
  /** Changes of an existing job. */
  changes: Change[];
}

export interface JobProgress extends FollowOptions {
  /** Called before anything is changed. */
  onPlan?: (plan: JobPlan) => void;
}

/** Creates or updates a Cloud Run job from an image, without starting it. @throws ColdpressError */
export function deployJob(request: JobRequest, options: JobProgress): Promise<DeployedJob> {
  return withJob(request, `${jobPath(request)} was not deployed`, async (jobs, current) => {
    const plan = planJobDeployment(request, current);
    options.onPlan?.(plan);
    options.onProgress(plan.exists ? 'updating the job' : 'creating the job');
    const [operation] = plan.exists
      ? await jobs.updateJob({ job: plan.resource })
      : await jobs.createJob({ parent: locationPath(plan), jobId: plan.name, job: plan.resource });
    await follow<Job>(operation, options);
    return { name: jobPath(plan), created: !plan.exists, changes: plan.changes };
  });
}

/** Plans a deployment: reads the job and changes nothing. */
export function readJobPlan(request: JobRequest): Promise<JobPlan> {
  return withJob(request, `${jobPath(request)} cannot be read`, async (_, current) =>
    planJobDeployment(request, current),
  );
}

async function withJob<Result>(
  request: JobRequest,
  failure: string,
  work: (jobs: v2.JobsClient, current: Job | undefined) => Promise<Result>,
): Promise<Result> {
  const jobs = await jobsClient(request);
  try {
    return await work(jobs, await findJob(jobs, jobPath(request)));
  } catch (error) {
    throw explain(error, request, failure, 'run');
  } finally {
    await jobs.close();
  }
}

async function findJob(jobs: v2.JobsClient, name: string): Promise<Job | undefined> {
  try {
    const [found] = await jobs.getJob({ name });
    return found;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

/** The requests of the plan that would change something; none is sent. */
export function jobRequests(plan: JobPlan): PlannedRequest[] {
  const origin = plan.endpoint?.origin ?? 'https://run.googleapis.com';
  return [
    plan.exists
      ? { method: 'PATCH', url: `${origin}/v2/${jobPath(plan)}`, body: plan.resource }
      : {
          method: 'POST',
          url: `${origin}/v2/${locationPath(plan)}/jobs?jobId=${plan.name}`,
          body: plan.resource,
        },
  ];
}
