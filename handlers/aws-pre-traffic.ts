import { createRequire } from 'node:module';

// Lambda's runtime brings them, for require alone: what is imported is not looked for in NODE_PATH.
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

/** A p99 of fewer is a single request. */
const enoughRequests = 100;

/**
 * Tells CodeDeploy whether the version that is to get traffic answers the golden vector of its own package, which is
 * what its readiness says; and says in the log when the rollout will see too few requests to judge by.
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
    await tellTraffic(deployment);
  } catch (error) {
    console.error(error);
  }
  await codedeploy.send(new PutLifecycleEventHookExecutionStatusCommand({ ...ids, status }));
}

/** The AppSpec that CloudFormation made; JSON or YAML, its few keys are each there once. */
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

/** A Function URL's request, which every function of coldpress understands. */
const readiness = {
  version: '2.0',
  rawPath: '/v2/health/ready',
  rawQueryString: '',
  headers: {},
  requestContext: { stage: '$default', http: { method: 'GET', path: '/v2/health/ready' } },
  isBase64Encoded: false,
};

/** @throws Error with the end of the function's log, where it says what differs */
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

/** An aid for people: that it fails is no reason to refuse a model. */
async function tellTraffic({ functionName, alias, targetVersion, config }: Deployment): Promise<void> {
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

/** Minutes of the whole traffic that the new version gets while it is watched, by the name of AWS's own configs. */
function rolloutMinutes(config: string): number | undefined {
  const found = /(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minute/.exec(config);
  if (found === null) {
    return undefined;
  }
  const [step, minutes] = [Number(found[2]) / 100, Number(found[3])];
  // Step by step from none to all is half of the time.
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
