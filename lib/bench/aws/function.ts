import type { FunctionConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import { explainAwsError } from '../../aws/errors.ts';
import { clientMissing } from '../../client-missing.ts';

/**
 * The calls that a benchmark makes to a deployed function. Each throws AWS's errors as `explainAwsError` converts them.
 */
export interface DeployedFunction {
  configuration(): Promise<FunctionConfiguration>;
  region(): Promise<string>;
  /** Descriptions of what invokes the version that a benchmark changes; empty if nothing does. */
  traffic(): Promise<string[]>;
  /** Waits until the change is in effect: the next invocation starts a new instance. */
  update(change: { memoryMb: number; environment: Record<string, string> }): Promise<void>;
  invoke(payload: Buffer): Promise<Invoked>;
  close(): void;
}

export interface Invoked {
  payload: Buffer;
  functionError: string | undefined;
  /** The last 4 KB of the log. */
  log: string;
  /** From the call to its answer, including the network. */
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
    // AWS limits configuration calls to 15 per second and account.
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
    // Not aborted by the signal: an interrupted run reads the function before it restores it.
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
            FunctionName,
            MemorySize: memoryMb,
            Environment: { Variables: environment },
          }),
          // Not aborted by the signal: an interrupted run ends with this call, which undoes its changes.
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

/** Services that the function's own policy allows to invoke it: API Gateway, SNS, EventBridge, S3 and others. */
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
