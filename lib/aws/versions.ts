import type { LambdaClient } from '@aws-sdk/client-lambda';
import { clientMissing } from '../client-missing.ts';
import { ColdpressError } from '../errors.ts';
import { explainAwsError } from './errors.ts';

/** A function on AWS Lambda, and how it is reached. */
export interface AwsPlace {
  functionName: string;
  region?: string | undefined;
  endpointUrl?: string | undefined;
}

export type LambdaSdk = typeof import('@aws-sdk/client-lambda');

/**
 * Works with AWS's client, which is closed after.
 * @throws ColdpressError CLIENT_MISSING, and what `explainAwsError` makes of AWS's errors
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

/** The numbers of a function's versions, the newest first. */
export async function listVersions(
  client: LambdaClient,
  sdk: LambdaSdk,
  FunctionName: string,
): Promise<number[]> {
  const versions: number[] = [];
  for await (const page of sdk.paginateListVersionsByFunction({ client }, { FunctionName })) {
    versions.push(...(page.Versions ?? []).map(({ Version }) => Number(Version)).filter(Number.isInteger));
  }
  return versions.sort((a, b) => b - a);
}
