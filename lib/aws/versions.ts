import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { LambdaSdk } from './lambda-client.ts';

/** Returns the numbers of a function's versions, newest first. */
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
