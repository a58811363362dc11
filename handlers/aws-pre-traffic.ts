import { createRequire } from 'node:module';

// Lambda's runtime provides these packages only to `require`: `import` does not search NODE_PATH.
const require = createRequire(import.meta.url);
const { CloudWatchClient, GetMetricStatisticsCommand } =
  require('@aws-sdk/client-cloudwatch') as typeof import('@aws-sdk/client-cloudwatch');
const { CodeDeployClient, GetDeploymentCommand, PutLifecycleEventHookExecutionStatusCommand } =
  require('@aws-sdk/client-codedeploy') as typeof import('@aws-sdk/client-codedeploy');
const { InvokeCommand, LambdaClient } =
  require('@aws-sdk/client-lambda') as typeof import('@aws-sdk/client-lambda');

const codedeploy = new CodeDeployClient({});
const lambda = new LambdaClient({});
const cloudwatch = new CloudWatchClient({});

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
interface HookEvent {
  DeploymentId: string;
  LifecycleEventHookExecutionId: string;
}

interface Deployment {
  functionName: string;
  alias: string;
  targetVersion: string;
  config: string;
}

/** With fewer requests, the p99 would be a single request. */
const enoughRequests = 100;

/**
 * Reports to CodeDeploy whether the new version is ready, that is, whether it reproduces the golden vector of its own
 * package. Also logs a warning if the rollout will see too few requests to judge by.
 */
export async function handler(event: HookEvent): Promise<void> {
  const ids = {
    deploymentId: event.DeploymentId,
    lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
  };
  let status: 'Succeeded' | 'Failed' = 'Failed';
  try {
    const deployment = await readDeployment(event.DeploymentId);
    await checkReady(deployment);
    status = 'Succeeded';
    await reportTraffic(deployment);
  } catch (error) {
    console.error(error);
  }
  await codedeploy.send(new PutLifecycleEventHookExecutionStatusCommand({ ...ids, status }));
}

/** Reads the AppSpec that CloudFormation wrote: JSON or YAML, in which each of these keys appears once. */
async function readDeployment(deploymentId: string): Promise<Deployment> {
  const { deploymentInfo } = await codedeploy.send(new GetDeploymentCommand({ deploymentId }));
  const revision = deploymentInfo?.revision;
  const content = revision?.appSpecContent?.content ?? revision?.string?.content ?? '';
  const read = (key: string) => {
    const value = new RegExp(`"?\\b${key}"?\\s*:\\s*"?([^",}\\s]+)`).exec(content)?.[1];
    if (value === undefined) {
      throw new Error(`deployment ${deploymentId} has no ${key} in its AppSpec: ${content}`);
    }
    return value;
  };
  return {
    functionName: read('Name'),
    alias: read('Alias'),
    targetVersion: read('TargetVersion'),
    config: deploymentInfo?.deploymentConfigName ?? '',
  };
}

/** A Function URL request, which every coldpress function understands. */
const readiness = {
  version: '2.0',
  rawPath: '/v2/health/ready',
  rawQueryString: '',
  headers: {},
  requestContext: { stage: '$default', http: { method: 'GET', path: '/v2/health/ready' } },
  isBase64Encoded: false,
};

/** @throws Error with the end of the function's log, which reports the difference */
async function checkReady({ functionName, targetVersion }: Deployment): Promise<void> {
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      Qualifier: targetVersion,
      LogType: 'Tail',
      Payload: JSON.stringify(readiness),
    }),
  );
  const payload = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError !== undefined || JSON.parse(payload).statusCode !== 200) {
    const log = Buffer.from(answer.LogResult ?? '', 'base64').toString();
    throw new Error(`${functionName}:${targetVersion} is not ready: ${payload}\n${log}`);
  }
  console.info(`${functionName}:${targetVersion} answers its golden vector`);
}

/** Only informs people, so a failure here does not reject the model. */
async function reportTraffic({ functionName, alias, targetVersion, config }: Deployment): Promise<void> {
  const share = rolloutMinutes(config);
  if (share === undefined) {
    return;
  }
  try {
    const expected = Math.round((share * (await invocationsOfAnHour(functionName, alias))) / 60);
    if (expected < enoughRequests) {
      console.warn(
        `about ${expected} requests will reach ${functionName}:${targetVersion} while ${config} watches it, ` +
          `fewer than the ${enoughRequests} that alarms can judge by: this rollout relies on the golden vector`,
      );
    }
  } catch (error) {
    console.warn('how much traffic the rollout will see is not known:', error);
  }
}

/** Returns the minutes of full traffic that the watched version receives, by the name of AWS's config. */
function rolloutMinutes(config: string): number | undefined {
  const found = /(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minute/.exec(config);
  if (found === null) {
    return undefined;
  }
  const [step, minutes] = [Number(found[2]) / 100, Number(found[3])];
  // Traffic that grows step by step from none to all averages half.
  return found[1] === 'Canary' ? step * minutes : (minutes / step) * 0.5;
}

async function invocationsOfAnHour(functionName: string, alias: string): Promise<number> {
  const EndTime = new Date();
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [
        { Name: 'FunctionName', Value: functionName },
        { Name: 'Resource', Value: `${functionName}:${alias}` },
      ],
      StartTime: new Date(EndTime.getTime() - 3_600_000),
      EndTime,
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}
