import type { FunctionConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import { explainAwsError } from '../../aws/errors.ts';
import { clientMissing } from '../../client-missing.ts';

/** The calls that a benchmark makes of a deployed function. Each throws what `explainAwsError` makes of AWS's errors. */
export interface DeployedFunction {
  configuration(): Promise<FunctionConfiguration>;
  region(): Promise<string>;
  /** What invokes the version that a benchmark changes, in words; empty where nothing does. */
  traffic(): Promise<string[]>;
  /** Waits until the change is in force: the next invocation has a new instance. */
  update(change: { memoryMb: number; environment: Record<string, string> }): Promise<void>;
  invoke(payload: Buffer): Promise<Invoked>;
  close(): void;
}

export interface Invoked {
  payload: Buffer;
  functionError: string | undefined;
  /** The last 4 KB. */
  log: string;
  /** From the call to its answer, network and all. */
  roundTripMs: number;
}

export interface AwsPlace {
  functionName: string;
  region?: string | undefined;
  endpointUrl?: string | undefined;
  signal?: AbortSignal | undefined;
}

const waitLimitSeconds = 120;

/** @throws ColdpressError CLIENT_MISSING */
export async function openFunction({
  functionName: FunctionName,
  region,
  endpointUrl,
  signal,
}: AwsPlace): Promise<DeployedFunction> {
  const sdk = await import('@aws-sdk/client-lambda').catch(clientMissing('@aws-sdk/client-lambda'));
  const client: LambdaClient = new sdk.LambdaClient({
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    // Configuration calls are limited to 15 a second for an account.
    maxAttempts: 8,
  });
  const abort = signal && { abortSignal: signal };
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw explainAwsError(error);
    }
  };
  return {
    // Not to be cut off: the end of an interrupted run looks at the function before it restores it.
    configuration: () => call(() => client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName }))),
    region: () => call(() => client.config.region()),
    traffic: () =>
      call(async () => {
        const [aliases, mappings, url, policy] = await Promise.all([
          client.send(new sdk.ListAliasesCommand({ FunctionName }), abort),
          client.send(new sdk.ListEventSourceMappingsCommand({ FunctionName }), abort),
          client.send(new sdk.GetFunctionUrlConfigCommand({ FunctionName }), abort).catch(notFound),
          client.send(new sdk.GetPolicyCommand({ FunctionName }), abort).catch(notFound),
        ]);
        const latest = (aliases.Aliases ?? []).filter(alias => alias.FunctionVersion === '$LATEST');
        const enabled = (mappings.EventSourceMappings ?? []).filter(({ State }) => State !== 'Disabled');
        return [
          ...latest.map(alias => `the alias ${alias.Name}`),
          ...enabled.map(mapping => `the event source ${mapping.EventSourceArn}`),
          ...(url === undefined ? [] : ['a Function URL']),
          ...invokersIn(policy?.Policy),
        ];
      }),
    update: ({ memoryMb, environment }) =>
      call(async () => {
        await client.send(
          new sdk.UpdateFunctionConfigurationCommand({
            ...{ FunctionName, MemorySize: memoryMb, Environment: { Variables: environment } },
          }),
          // Not to be cut off: what it undoes may be the end of an interrupted run.
        );
        await sdk.waitUntilFunctionUpdatedV2(
          { client, maxWaitTime: waitLimitSeconds, minDelay: 1, maxDelay: 2 },
          { FunctionName },
        );
      }),
    invoke: payload =>
      call(async () => {
        const startedAt = performance.now();
        const answer = await client.send(
          new sdk.InvokeCommand({ FunctionName, Payload: payload, LogType: 'Tail' }),
          abort,
        );
        return {
          payload: Buffer.from(answer.Payload ?? []),
          functionError: answer.FunctionError,
          log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
          roundTripMs: performance.now() - startedAt,
        };
      }),
    close: () => client.destroy(),
  };
}

/** Services that the function's own policy lets invoke it: API Gateway, SNS, EventBridge, S3 and others. */
function invokersIn(policy: string | undefined): string[] {
  const { Statement = [] } = JSON.parse(policy ?? '{}') as {
    Statement?: { Effect: string; Principal: string | { Service?: string | string[] } }[];
  };
  const services = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) =>
    typeof Principal === 'string' ? [] : (Principal.Service ?? []),
  );
  return [...new Set(services)].map(service => `the permission of ${service}`);
}

function notFound(error: Error): undefined {
  if (error.name !== 'ResourceNotFoundException') {
    throw error;
  }
}
