import { Command, Option } from 'commander';
import { ColdpressError } from '../errors.ts';
import { type Deployed, deployFunction } from '../gcp/deploy.ts';
import { formatCommand, gcloudCommands } from '../gcp/emit-gcloud.ts';
import { type DeployOptions, resolveDeploy } from '../gcp/options.ts';
import { plannedRequests } from '../gcp/requests.ts';
import { gcfManifest } from '../local/gcf/target-of.ts';
import { wholeNumber } from './invoke.ts';
import { withPlaceFlags } from './place-flags.ts';
import { withProgress } from './progress.ts';

type Flags = DeployOptions & {
  target?: string;
  dryRun?: true;
  emit?: 'gcloud';
  json?: true;
  operationTimeout: number;
};

const example = `
Examples:
  $ coldpress pack model.onnx --target gcf --out build
  $ coldpress deploy build --project my-project --region europe-west1
  $ coldpress deploy build --project my-project --region europe-west1 --trigger pubsub:measurements
  $ coldpress deploy build --project my-project --region europe-west1 --no-traffic --tag next

Needs @google-cloud/functions, and @google-cloud/run for traffic, tags and public access. The function is private
unless --allow-unauthenticated is given.`;

/** `coldpress deploy DIR`: a gcf artifact becomes a function. */
export function deployCommand(): Command {
  const command = new Command('deploy')
    .description('deploy what was packed for Google Cloud')
    .argument('[dir]', 'what `coldpress pack --target gcf` wrote', 'build')
    .addOption(new Option('--target <target>', 'the only one there is (default: gcf)').choices(['gcf']));
  return withPlaceFlags(command)
    .option('--name <name>', 'of the function (default: the model’s)')
    .option('--trigger <trigger>', 'http, pubsub:TOPIC or gcs:BUCKET (default: http)')
    .option('--memory <MiB>', 'default: what the model needs', wholeNumber('--memory'))
    .option('--cpu <number>', 'vCPUs (default: 1)', Number)
    .option(
      '--concurrency <number>',
      'requests at once of an instance (default: 80)',
      wholeNumber('--concurrency'),
    )
    .option('--min-instances <number>', 'default: 0', wholeNumber('--min-instances'))
    .option('--timeout <seconds>', 'of a request (default: 60)', wholeNumber('--timeout'))
    .option('--ingress <who>', 'all, internal or internal-and-gclb (default: all)')
    .option('--allow-unauthenticated', 'let everyone call it')
    .option('--no-traffic', 'keep the traffic where it is')
    .option('--tag <tag>', 'a name for the new revision, and a URL of its own')
    .option(
      '--operation-timeout <seconds>',
      'how long to wait for Google',
      wholeNumber('--operation-timeout'),
      900,
    )
    .option('--dry-run', 'print the requests and make none')
    .addOption(new Option('--emit <tool>', 'print the commands of another tool').choices(['gcloud']))
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(deploy);
}

async function deploy(dir: string, flags: Flags): Promise<void> {
  const manifest = await gcfManifest(dir);
  if (manifest === undefined) {
    throw new ColdpressError('ARTIFACT_NOT_FOUND', `${dir} holds nothing that was packed for gcf`, {
      hint: `coldpress pack model.onnx --target gcf --out ${dir}`,
    });
  }
  const plan = resolveDeploy(dir, manifest, flags);
  if (flags.emit === 'gcloud') {
    console.log(gcloudCommands(plan).map(formatCommand).join('\n\n'));
    return;
  }
  if (flags.dryRun) {
    const requests = plannedRequests(plan);
    console.log(flags.json ? JSON.stringify(requests) : JSON.stringify(requests, null, 2));
    return;
  }
  const timeoutMs = 1000 * flags.operationTimeout;
  const deployed = await withProgress(onProgress => deployFunction(plan, { onProgress, timeoutMs }));
  console.log(flags.json ? JSON.stringify(deployed) : describe(deployed));
}

function describe({ name, url, created, tagUrl }: Deployed): string {
  return [`${created ? 'created' : 'updated'} ${name}`, url, ...(tagUrl === undefined ? [] : [tagUrl])].join(
    '\n',
  );
}
