import { checkRange } from '../targets/range.ts';
import { type AwsPlace, withLambda } from './lambda-client.ts';
import { listVersions } from './versions.ts';

export interface AwsPruned {
  /** Version numbers, newest first. */
  kept: number[];
  /** Version numbers, oldest first. */
  deleted: number[];
}

/**
 * Deletes old versions of a function, except the newest ones and those that an alias sends traffic to.
 * @param options.keep - number of newest versions to keep, at least 1: the newest belongs to the stack
 * @throws ColdpressError OPTION_OUT_OF_RANGE, CLIENT_MISSING, and AWS's errors as `explainAwsError` converts them
 */
export function pruneVersions({ keep, ...place }: AwsPlace & { keep: number }): Promise<AwsPruned> {
  checkRange('--prune', keep, { range: [1, 1000], unit: 'versions' });
  const { functionName: FunctionName } = place;
  return withLambda(place, async (client, sdk) => {
    const versions = await listVersions(client, sdk, FunctionName);
    const used = new Set<number>();
    for await (const { Aliases = [] } of sdk.paginateListAliases({ client }, { FunctionName })) {
      for (const { FunctionVersion, RoutingConfig } of Aliases) {
        // During a rollout, an alias sends traffic to two versions.
        const weighted = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {});
        for (const version of [FunctionVersion, ...weighted]) {
          used.add(Number(version));
        }
      }
    }
    const kept = versions.filter((version, index) => index < keep || used.has(version));
    const deleted = versions.filter(version => !kept.includes(version)).reverse();
    for (const version of deleted) {
      // Lambda rejects this if an alias has come to point to the version in the meantime.
      await client.send(new sdk.DeleteFunctionCommand({ FunctionName, Qualifier: String(version) }));
    }
    return { kept, deleted };
  });
}
