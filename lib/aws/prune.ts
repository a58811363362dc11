import { checkRange } from '../targets/range.ts';
import { type AwsPlace, listVersions, withLambda } from './versions.ts';

export interface AwsPruned {
  /** Version numbers, the newest first. */
  kept: number[];
  /** Version numbers, the oldest first. */
  deleted: number[];
}

/**
 * Deletes the versions of a function but the newest, and but those that an alias sends traffic to.
 * @param options.keep - how many of the newest stay, at least 1: the newest is the stack's own
 * @throws ColdpressError OPTION_OUT_OF_RANGE, CLIENT_MISSING, and what `explainAwsError` makes of AWS's errors
 */
export function pruneVersions({ keep, ...place }: AwsPlace & { keep: number }): Promise<AwsPruned> {
  checkRange('--prune', keep, { range: [1, 1000], unit: 'versions' });
  const { functionName: FunctionName } = place;
  return withLambda(place, async (client, sdk) => {
    const versions = await listVersions(client, sdk, FunctionName);
    const used = new Set<number>();
    for await (const { Aliases = [] } of sdk.paginateListAliases({ client }, { FunctionName })) {
      for (const { FunctionVersion, RoutingConfig } of Aliases) {
        // A rollout that is under way sends traffic to two.
        const weighted = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {});
        for (const version of [FunctionVersion, ...weighted]) {
          used.add(Number(version));
        }
      }
    }
    const kept = versions.filter((version, index) => index < keep || used.has(version));
    const deleted = versions.filter(version => !kept.includes(version)).reverse();
    for (const version of deleted) {
      // Lambda refuses it if an alias points there by now.
      await client.send(new sdk.DeleteFunctionCommand({ FunctionName, Qualifier: String(version) }));
    }
    return { kept, deleted };
  });
}
