import type { Command } from 'commander';
import { ColdpressError } from '../errors.ts';
import { deployJob, jobRequests, readJobPlan } from '../gcp/cloud-run/deploy-job.ts';
import { deployService, readServicePlan, serviceRequests } from '../gcp/cloud-run/deploy-service.ts';
import {
  type CloudRunRequest,
  type ContainerSettings,
  type JobOptions,
  resolveJobDeployment,
  resolveService,
} from '../gcp/cloud-run/options.ts';
import { type JobPlan, planJobDeployment } from '../gcp/cloud-run/plan-job.ts';
import { planServiceDeployment, type ServicePlan } from '../gcp/cloud-run/plan-service.ts';
import { jobPath, servicePath } from '../gcp/function-resource.ts';
import type { PlannedRequest } from '../gcp/planned-request.ts';
import { formatCommand } from '../shell-command.ts';
import { type DeployImageFlags, imageToDeploy, namedImage } from './deploy-image.ts';
import { describeDeployed, describePlan } from './describe-deployment.ts';
import { withProgress } from './progress.ts';

type Flags = JobOptions &
  DeployImageFlags & { job?: true; dryRun?: true; json?: true; operationTimeout: number };

const common = [
  ...[
    'target',
    'project',
    'region',
    'endpointUrl',
    'name',
    'image',
    'base',
    'push',
    'memory',
    'cpu',
    'timeout',
  ],
  ...['env', 'envVarsFile', 'secret', 'label', 'serviceAccount', 'vpcConnector', 'egress'],
  ...['operationTimeout', 'dryRun', 'json'],
];
const ofServices = [
  'concurrency',
  'minInstances',
  'maxInstances',
  'ingress',
  'allowUnauthenticated',
  'traffic',
  'tag',
];
const ofJobs = ['job', 'input', 'output', 'tasks', 'parallelism'];

/** @throws ColdpressError OPTION_CONFLICT, and the errors of deploying */
export async function deployToCloudRun(dir: string, flags: Flags, command: Command): Promise<void> {
  const isJob = flags.job === true;
  const own = [...common, ...(isJob ? ofJobs : ofServices)];
  const other = Object.keys(command.opts()).find(
    name => command.getOptionValueSource(name) === 'cli' && !own.includes(name),
  );
  if (other !== undefined) {
    throw conflict(other, isJob);
  }
  await (isJob ? deployAsJob : deployAsService)(dir, flags);
}

function conflict(name: string, isJob: boolean): ColdpressError {
  const flag = `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
  const what = isJob ? 'a Cloud Run job' : 'a Cloud Run service';
  return new ColdpressError('OPTION_CONFLICT', `${flag} does not go with ${what}`, {
    hint: ofJobs.includes(name)
      ? `${flag} is for a job: add --job`
      : 'leave it out; docs/commands/deploy.md lists the options of each target',
  });
}

async function deployAsService(dir: string, flags: Flags): Promise<void> {
  const { request, note } = await withImage(dir, flags, resolveService);
  const describe = (plan: ServicePlan) => describePlan(servicePath(plan), plan, 'a new revision');
  if (flags.dryRun) {
    const plan = await readServicePlan(request).catch(error =>
      ofNew(error, () => planServiceDeployment(request, undefined)),
    );
    printDryRun(plan, {
      text: [...note, ...describe(plan)],
      requests: serviceRequests(plan),
      json: flags.json,
    });
    return;
  }
  const deployed = await withProgress((onProgress, print) =>
    deployService(request, {
      ...followOptions(flags, onProgress),
      onPlan: plan => print([...note, ...describe(plan)].join('\n')),
    }),
  );
  console.log(flags.json ? JSON.stringify(deployed) : describeDeployed(deployed));
}

async function deployAsJob(dir: string, flags: Flags): Promise<void> {
  const { request, note } = await withImage(dir, flags, resolveJobDeployment);
  const describe = (plan: JobPlan) => describePlan(jobPath(plan), plan, 'a new definition');
  if (flags.dryRun) {
    const plan = await readJobPlan(request).catch(error =>
      ofNew(error, () => planJobDeployment(request, undefined)),
    );
    printDryRun(plan, { text: [...note, ...describe(plan)], requests: jobRequests(plan), json: flags.json });
    return;
  }
  const deployed = await withProgress((onProgress, print) =>
    deployJob(request, {
      ...followOptions(flags, onProgress),
      onPlan: plan => print([...note, ...describe(plan)].join('\n')),
    }),
  );
  const { project, region, name } = request;
  const run = ['gcloud', 'run', 'jobs', 'execute', name, '--project', project, '--region', region, '--wait'];
  console.log(
    flags.json
      ? JSON.stringify(deployed)
      : [
          `${deployed.created ? 'created' : 'updated'} ${deployed.name}`,
          `run it: ${formatCommand(run)}`,
        ].join('\n'),
  );
}

/** Checks the flags before the image is built and pushed, and returns the request with that image. */
async function withImage<Request extends CloudRunRequest<ContainerSettings>>(
  dir: string,
  flags: Flags,
  resolve: (dir: string, flags: Flags) => Request,
): Promise<{ request: Request; note: string[] }> {
  const request = resolve(dir, { ...flags, image: namedImage(dir, flags) });
  const { image, note } = await imageToDeploy(dir, request.settings.image, flags);
  return {
    request: { ...request, settings: { ...request.settings, image } },
    note: note === undefined ? [] : [note],
  };
}

function followOptions({ operationTimeout }: Flags, onProgress: (step: string) => void) {
  return { onProgress, timeoutMs: 1000 * operationTimeout };
}

/** A plan for a new deployment, if the existing one cannot be read. */
function ofNew<Plan>(error: Error & { code?: string }, plan: () => Plan): Plan {
  if (!['GCP_UNAUTHENTICATED', 'CLIENT_MISSING'].includes(error.code ?? '')) {
    throw error;
  }
  process.stderr.write(`note: what exists is not known, so this is for a new deployment: ${error.message}\n`);
  return plan();
}

function printDryRun(
  { exists, changes }: Pick<ServicePlan, 'exists' | 'changes'>,
  { text, requests, json }: { text: string[]; requests: PlannedRequest[]; json: true | undefined },
): void {
  console.log(
    json
      ? JSON.stringify({ exists, changes, requests })
      : [...text, '', JSON.stringify(requests, null, 2)].join('\n'),
  );
}
