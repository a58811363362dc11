import { Command, Option } from 'commander';
import { openArtifact } from '../artifact.ts';
import { awsCliScript } from '../aws/emit-aws-cli.ts';
import { type EmitPlan, planEmit } from '../aws/emit-plan.ts';
import { samTemplate } from '../aws/emit-sam.ts';
import { terraformConfig } from '../aws/emit-terraform.ts';
import { ColdpressError } from '../errors.ts';
import type { JobOptions } from '../gcp/cloud-run/options.ts';
import { deployFunction, readPlan } from '../gcp/deploy.ts';
import { gcloudCommands } from '../gcp/emit-gcloud.ts';
import { functionPath } from '../gcp/function-resource.ts';
import { type DeployOptions, resolveDeploy } from '../gcp/options.ts';
import { planDeployment } from '../gcp/plan.ts';
import { plannedRequests } from '../gcp/requests.ts';
import { formatCommand } from '../shell-command.ts';
import { parseTarget, type TargetName, targetHelp } from '../targets/names.ts';
import type { DeployImageFlags } from './deploy-image.ts';
import { describeDeployed, describePlan } from './describe-deployment.ts';
import { containerTools, emitForContainer } from './emit-container.ts';
import { positiveNumber, wholeNumber } from './flags.ts';
import { withPlaceFlags } from './place-flags.ts';
import { withProgress } from './progress.ts';

type Flags = DeployOptions &
  JobOptions &
  DeployImageFlags & {
    target?: TargetName | 'cloud-run';
    job?: true;
    dryRun?: true;
    emit?: 'gcloud' | AwsTool | (typeof containerTools)[number];
    json?: true;
    operationTimeout: number;
  };

const example = `
Examples:
  $ coldpress pack model.onnx --target gcf --out build
  $ coldpress deploy build --project my-project --region europe-west1
  $ coldpress deploy build --project my-project --region europe-west1 --trigger pubsub:measurements
  $ coldpress deploy build --project my-project --region europe-west1 --no-traffic --tag next
  $ coldpress deploy build --project my-project --region europe-west1 --drift-schedule "0 6 * * *"
  $ coldpress deploy build --project my-project --region europe-west1 --env RESULTS=projects/my-project/topics/results
  $ coldpress deploy build --target cloud-run --image europe-west1-docker.pkg.dev/my-project/models/churn:1 \\
      --project my-project --region europe-west1
  $ coldpress deploy build --target cloud-run --image europe-west1-docker.pkg.dev/my-project/models/churn:1 \\
      --project my-project --region europe-west1 --job --input gs://my-bucket/in/ --output gs://my-bucket/out/ --tasks 20
  $ coldpress deploy build --emit sam > template.json
  $ coldpress deploy build --emit terraform > main.tf.json
  $ coldpress deploy build --emit aws-cli > deploy.sh
  $ coldpress deploy build --emit sagemaker --image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1 > deploy.sh
  $ coldpress deploy build --emit dockerfile > Dockerfile && docker build --file Dockerfile build

For AWS Lambda, --emit prints configurations for AWS's tools; docs/aws.md describes the CDK constructs. For a container, it prints
configurations for Docker, Compose, KServe and SageMaker; docs/containers.md has the commands of each platform.
With --target cloud-run, it builds an image, pushes it to the tag of --image, and deploys a service, or with --job a job that
scores the objects of a bucket. Fetch the base image once: coldpress fetch --base.
Settings without an option keep their values; each change is printed to stderr. Google Cloud needs @google-cloud/functions, and
@google-cloud/run for Cloud Run, traffic, tags and public access. Functions are private unless you add --allow-unauthenticated.`;

/**
 * `coldpress deploy DIR`: deploys a gcf artifact as a function, or a container as a service or job of Cloud Run, or
 * prints the configuration for another tool.
 */
export function deployCommand(): Command {
  const command = new Command('deploy')
    .description('deploy a packed artifact to Google Cloud, or print the configuration for another tool')
    .argument('[dir]', 'artifact folder written by `coldpress pack`', 'build')
    .option(
      '--target <target>',
      `target of the artifact: ${targetHelp}, or cloud-run (default: what --emit is for, else the artifact’s own)`,
      (word: string) => (word === 'cloud-run' ? word : parseTarget(word)),
    );
  return withPlaceFlags(command)
    .option('--name <name>', 'function name (default: the model name)')
    .option('--trigger <trigger>', 'trigger: http, pubsub:TOPIC or gcs:BUCKET (default: http)')
    .option('--memory <MiB>', 'memory in MiB (default: what the model needs)', wholeNumber('--memory'))
    .option(
      '--cpu <number>',
      'vCPUs (default: 1, or as many as the memory requires)',
      positiveNumber('--cpu'),
    )
    .option(
      '--concurrency <number>',
      'concurrent requests per instance (default: 80)',
      wholeNumber('--concurrency'),
    )
    .option(
      '--min-instances <number>',
      'minimum number of instances (default: 0)',
      wholeNumber('--min-instances'),
    )
    .option(
      '--max-instances <number>',
      'maximum number of instances (default: set by Google)',
      wholeNumber('--max-instances'),
    )
    .option(
      '--timeout <seconds>',
      'timeout in seconds of a request (default: 60) or of a job’s task (default: 86400)',
      wholeNumber('--timeout'),
    )
    .option('--ingress <who>', 'allowed network traffic: all, internal or internal-and-gclb (default: all)')
    .option('--env <name=value>', 'environment variable; repeatable', collect)
    .option('--env-vars-file <file>', 'file of environment variables, one NAME=VALUE per line')
    .option(
      '--secret <name=secret>',
      'environment variable from Secret Manager, SECRET[:VERSION]; repeatable',
      collect,
    )
    .option('--label <name=value>', 'label; repeatable', collect)
    .option('--service-account <email>', 'service account to run as (default: set by Google)')
    .option('--vpc-connector <name>', 'Serverless VPC Access connector')
    .option('--egress <what>', 'traffic through the connector: private or all (default: private)')
    .option('--dead-letter-topic <topic>', 'Pub/Sub topic for events that failed five times')
    .option(
      '--drift-schedule <cron>',
      'judge drift on this schedule (UTC); creates a function, a Cloud Scheduler job, a metric and an alert',
    )
    .option(
      '--drift-service-account <email>',
      'service account that judges drift; it needs roles/logging.viewer (default: that of the function)',
    )
    .option('--allow-unauthenticated', 'allow calls without authentication')
    .option('--traffic', 'send all traffic to the new revision (default for a new function)')
    .option('--no-traffic', 'keep traffic on the current revision')
    .option('--tag <tag>', 'tag for the new revision, which gets its own URL')
    .option(
      '--operation-timeout <seconds>',
      'seconds to wait for Google',
      wholeNumber('--operation-timeout'),
      900,
    )
    .option('--dry-run', 'print the changes and the API requests without sending them')
    .addOption(
      new Option('--emit <tool>', 'print the configuration for another tool instead of deploying').choices([
        ...['gcloud', ...awsTools],
        ...containerTools,
      ]),
    )
    .option(
      '--image <ref>',
      'image reference: for cloud-run a tag, which is built and pushed, or a digest; for container a name (default: NAME:VERSION)',
    )
    .option('--base <image>', 'with cloud-run: base of the image (default: as for `coldpress image`)')
    .option('--no-push', 'with cloud-run: deploy the image that the tag has, without building it')
    .option('--job', 'with cloud-run: deploy a job that scores the objects of a bucket, instead of a service')
    .option('--input <url>', 'with --job: objects to score, gs://BUCKET/FOLDER/')
    .option(
      '--output <url>',
      'with --job: folder for results, gs://BUCKET/FOLDER/ (default: scored/ in the bucket)',
    )
    .option(
      '--tasks <number>',
      'with --job: number of tasks that divide the objects (default: 1)',
      wholeNumber('--tasks'),
    )
    .option(
      '--parallelism <number>',
      'with --job: number of tasks that run at once (default: set by Google)',
      wholeNumber('--parallelism'),
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action((dir: string, flags: Flags, command: Command) =>
      deployTo[flags.target ?? targetOf(dir, flags.emit)](dir, flags, command),
    );
}

const deployTo: Record<
  NonNullable<Flags['target']>,
  (dir: string, flags: Flags, command: Command) => void | Promise<void>
> = {
  gcf: deploy,
  // It builds images.
  'cloud-run': async (...all) => (await import('./deploy-cloud-run.ts')).deployToCloudRun(...all),
  'aws-lambda': emitForAws,
  container: emitForContainer,
};

const awsTools = ['sam', 'terraform', 'aws-cli'] as const;
type AwsTool = (typeof awsTools)[number];

const emitters: Record<AwsTool, (plan: EmitPlan) => string> = {
  sam: plan => JSON.stringify(samTemplate(plan), null, 2),
  terraform: plan => JSON.stringify(terraformConfig(plan), null, 2),
  'aws-cli': awsCliScript,
};

function isAwsTool(emit: string): emit is AwsTool {
  return awsTools.some(tool => tool === emit);
}

/** The target for which a tool deploys; without a tool, the artifact's own. */
function targetOf(dir: string, emit: Flags['emit']): TargetName {
  if (emit === undefined) {
    return openArtifact(dir).manifest.target;
  }
  if (emit === 'gcloud') {
    return 'gcf';
  }
  return isAwsTool(emit) ? 'aws-lambda' : 'container';
}

/** The options that also apply to a Lambda function. */
const awsFlags = ['target', 'emit', 'name', 'memory', 'timeout', 'json'];

async function emitForAws(dir: string, flags: Flags, command: Command): Promise<void> {
  const other = Object.keys(flags).find(
    name => command.getOptionValueSource(name) === 'cli' && !awsFlags.includes(name),
  );
  const isOwn = flags.emit === undefined || isAwsTool(flags.emit);
  if (other !== undefined || !isOwn) {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      `--${other ?? `emit ${flags.emit}`} has no effect for AWS Lambda`,
      {
        hint: 'with --target aws-lambda there are --emit, --name, --memory and --timeout',
      },
    );
  }
  if (flags.emit === undefined || !isAwsTool(flags.emit)) {
    throw new ColdpressError('OPTION_MISSING', 'the CDK deploys functions to AWS, not this command', {
      hint: 'npx cdk deploy, in a project of npx coldpress init (docs/aws.md); or for another tool: --emit sam, --emit terraform, --emit aws-cli',
    });
  }
  const plan = planEmit(dir, flags);
  if (Object.values(plan.manifest.sinks).some(sink => sink !== null)) {
    process.stderr.write(
      'note: the config has sinks: grant the role what they need, and set their variables; docs/aws.md\n',
    );
  }
  console.log(emitters[flags.emit](plan));
}

async function deploy(dir: string, flags: Flags): Promise<void> {
  if (flags.emit !== undefined && flags.emit !== 'gcloud') {
    const target = isAwsTool(flags.emit) ? 'aws-lambda' : 'container';
    throw new ColdpressError('OPTION_CONFLICT', `--emit ${flags.emit} does not go with gcf`, {
      hint: `add --target ${target}, or use --emit gcloud`,
    });
  }
  const ofContainers = (['image', 'base', 'job', 'input', 'output', 'tasks', 'parallelism'] as const).find(
    name => flags[name] !== undefined,
  );
  if (ofContainers !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', `--${ofContainers} does not go with gcf`, {
      hint: 'it is for the image of a container: --target cloud-run',
    });
  }
  const request = resolveDeploy(dir, flags);
  if (flags.emit === 'gcloud') {
    if (request.drift !== undefined) {
      throw new ColdpressError('OPTION_CONFLICT', '--drift-schedule cannot be combined with --emit gcloud', {
        hint: 'the source of the function that judges drift is built during the deployment: remove --emit',
      });
    }
    const [first, ...others] = gcloudCommands(request).map(formatCommand);
    console.log(
      [
        first,
        ...others.map(other => `# The same with "gcloud run": use one of the two commands.\n${other}`),
      ].join('\n\n'),
    );
    return;
  }
  if (flags.dryRun) {
    const plan = await readPlan(request).catch(error => {
      if (!['GCP_UNAUTHENTICATED', 'CLIENT_MISSING'].includes(error.code)) {
        throw error;
      }
      process.stderr.write(
        `note: coldpress cannot read the existing function, so this is the plan for a new one: ${error.message}\n`,
      );
      return planDeployment(request, undefined);
    });
    const requests = plannedRequests(plan);
    console.log(
      flags.json
        ? JSON.stringify({ exists: plan.exists, changes: plan.changes, requests })
        : [
            ...describePlan(functionPath(plan), plan, 'a new source'),
            '',
            JSON.stringify(requests, null, 2),
          ].join('\n'),
    );
    return;
  }
  const timeoutMs = 1000 * flags.operationTimeout;
  const deployed = await withProgress((onProgress, print) =>
    deployFunction(request, {
      onProgress,
      timeoutMs,
      onPlan: plan => print(describePlan(functionPath(plan), plan, 'a new source').join('\n')),
    }),
  );
  console.log(flags.json ? JSON.stringify(deployed) : describeDeployed(deployed));
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
