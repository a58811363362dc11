import type { LambdaClient } from '@aws-sdk/client-lambda';
import { clientMissing } from '../client-missing.ts';
import { ColdpressError } from '../errors.ts';
import { explainAwsError } from './errors.ts';

/** An AWS Lambda function, and how to reach it. */
export interface AwsPlace {
  functionName: string;
  region?: string | undefined;
  endpointUrl?: string | undefined;
}

export type LambdaSdk = typeof import('@aws-sdk/client-lambda');

/**
 * Runs a callback with the AWS client, which is closed afterwards.
 * @throws ColdpressError CLIENT_MISSING, and AWS's errors as `explainAwsError` converts them
 */
export async function withLambda<T>(
  { region, endpointUrl }: AwsPlace,
  work: (client: LambdaClient, sdk: LambdaSdk) => Promise<T>,
): Promise<T> {
  const sdk = await import('@aws-sdk/client-lambda').catch(clientMissing('@aws-sdk/client-lambda'));
  const client = new sdk.LambdaClient({
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  });
  try {
    return await work(client, sdk);
  } catch (error) {
    throw error instanceof ColdpressError ? error : explainAwsError(error);
  } finally {
    client.destroy();
  }
}
