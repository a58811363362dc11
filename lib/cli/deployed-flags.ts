import type { Command } from 'commander';
import type { DeployedPlace } from '../doctor/deployed/diagnose-deployed.ts';
import { ColdpressError } from '../errors.ts';
import { type Place, resolvePlace } from '../gcp/place.ts';

/** The options that name a deployed function. */
export interface DeployedFlags extends Omit<Place, 'name'> {
  aws?: string;
  gcf?: string;
  cloudRun?: string;
}

export function withDeployedFlags(command: Command): Command {
  return command
    .option('--aws <function>', 'compare with this Lambda function: name or ARN, with or without :alias')
    .option('--gcf <function>', 'compare with this Google Cloud function')
    .option('--cloud-run <service>', 'compare with this Cloud Run service')
    .option('--project <id>', 'Google Cloud project, with --gcf or --cloud-run')
    .option(
      '--region <region>',
      'region, with --aws, --gcf or --cloud-run (default with --aws: that of the AWS CLI)',
    )
    .option('--endpoint-url <url>', 'API endpoint to use instead of the platform’s');
}

/**
 * Returns the deployed function that the options name, if any.
 * @throws ColdpressError OPTION_CONFLICT, OPTION_MISSING, OPTION_INVALID
 */
export function resolveDeployed(flags: DeployedFlags): DeployedPlace | undefined {
  const { aws, gcf, cloudRun, project, region, endpointUrl } = flags;
  const named = Object.entries({ aws, gcf, 'cloud-run': cloudRun }).filter(([, name]) => name !== undefined);
  if (named.length > 1) {
    throw conflict(
      `--${named[0]![0]} and --${named[1]![0]} cannot be combined`,
      'compare with one at a time',
    );
  }
  if (named.length === 0) {
    const other = Object.entries({ project, region, 'endpoint-url': endpointUrl }).find(
      ([, value]) => value !== undefined,
    );
    if (other !== undefined) {
      throw conflict(`--${other[0]} needs a function`, 'add --aws, --gcf or --cloud-run');
    }
    return undefined;
  }
  if (aws !== undefined) {
    if (project !== undefined) {
      throw conflict('--project cannot be combined with --aws', 'leave it out: it is for Google Cloud');
    }
    return { platform: 'aws-lambda', functionName: aws, region, endpointUrl };
  }
  const place = resolvePlace({ project, region, endpointUrl }, (gcf ?? cloudRun)!);
  return { platform: gcf === undefined ? 'cloud-run' : 'gcf', ...place };
}

function conflict(message: string, hint: string): ColdpressError {
  return new ColdpressError('OPTION_CONFLICT', message, { hint });
}
