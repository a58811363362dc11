import type { protos } from '@google-cloud/run';
import { jobArgument, jobVariables } from '../../contract/platforms.ts';
import { ColdpressError } from '../../errors.ts';
import { cloudRunDefaults } from '../../targets/container/cloud-run.ts';
import { type Change, compare } from '../changes.ts';
import { jobPath } from '../function-resource.ts';
import { ifSet } from '../service-config.ts';
import { ownContainer, planContainer, replaceOwn, viewContainer } from './container.ts';
import type { JobRequest } from './options.ts';
import { comparedSettings, egressName, planVpc, secondsOf } from './view.ts';

export type Job = protos.google.cloud.run.v2.IJob;

/** A completed plan: from the options, then the job's current settings, then the defaults. */
export interface JobPlan extends JobRequest {
  exists: boolean;
  resource: Job;
  /** Changes of an existing job. */
  changes: Change[];
}

/**
 * Plans the new state of the job.
 * @param current - the existing job, if any
 * @throws ColdpressError OPTION_MISSING, OPTION_CONFLICT
 */
export function planJobDeployment(request: JobRequest, current: Job | undefined): JobPlan {
  const { settings } = request;
  const labels = { ...current?.labels, ...settings.labels };
  const resource: Job = {
    ...current,
    ...(current !== undefined && { name: jobPath(request) }),
    ...(Object.keys(labels).length > 0 && { labels }),
    template: planExecution(request, current),
  };
  const variables = view(resource).env;
  if (!variables[jobVariables.input]) {
    throw new ColdpressError('OPTION_MISSING', 'a new job needs --input', {
      hint: 'the objects to score: --input gs://my-bucket/in/',
    });
  }
  return {
    ...request,
    exists: current !== undefined,
    resource,
    changes: current === undefined ? [] : compare(comparedSettings, view(current), view(resource)),
  };
}

function planExecution(request: JobRequest, current: Job | undefined): NonNullable<Job['template']> {
  const { settings } = request;
  const execution = current?.template ?? {};
  const task = execution.template ?? {};
  const container = planContainer(request, ownContainer(task.containers));
  return {
    ...execution,
    taskCount: settings.tasks ?? (execution.taskCount || cloudRunDefaults.tasks),
    ...ifSet('parallelism', settings.parallelism ?? execution.parallelism),
    template: {
      ...task,
      containers: replaceOwn(task.containers, { ...container, args: [jobArgument] }),
      timeout:
        settings.timeoutSeconds === undefined && task.timeout
          ? task.timeout
          : { seconds: settings.timeoutSeconds ?? cloudRunDefaults.taskTimeoutSeconds },
      maxRetries: current === undefined ? cloudRunDefaults.taskRetries : (task.maxRetries ?? 0),
      ...ifSet('serviceAccount', settings.serviceAccount ?? task.serviceAccount),
      ...planVpc(settings, task.vpcAccess),
    },
  };
}

function view({ template: execution, labels }: Job) {
  const task = execution?.template ?? {};
  return {
    ...viewContainer(ownContainer(task.containers)),
    timeout: secondsOf(task.timeout),
    tasks: execution?.taskCount || undefined,
    parallelism: execution?.parallelism || undefined,
    serviceAccount: task.serviceAccount,
    vpcConnector: task.vpcAccess?.connector,
    egress: egressName(task.vpcAccess?.egress),
    labels,
  };
}
