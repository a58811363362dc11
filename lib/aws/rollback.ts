import { ColdpressError } from '../errors.ts';
import { type AwsPlace, withLambda } from './lambda-client.ts';
import { listVersions } from './versions.ts';

export interface AwsRollbackOptions extends AwsPlace {
  /** @default live */
  alias?: string | undefined;
  /** @default the newest version below the one that the alias points to */
  to?: string | undefined;
}

export interface AwsMoved {
  alias: string;
  from: string;
  to: string;
}

/**
 * Points an alias to an earlier version, which then receives all of its traffic. CodeDeploy does not notice: the next
 * deployment starts from the alias's current version.
 * @throws ColdpressError ROLLBACK_IMPOSSIBLE, CLIENT_MISSING, and AWS's errors as `explainAwsError` converts them
 */
export function rollbackAws({ alias: Name = 'live', to, ...place }: AwsRollbackOptions): Promise<AwsMoved> {
  const { functionName: FunctionName } = place;
  return withLambda(place, async (client, sdk) => {
    const current = await client.send(new sdk.GetAliasCommand({ FunctionName, Name }));
    const versions = await listVersions(client, sdk, FunctionName);
    const from = current.FunctionVersion ?? '';
    const before = versions.find(version => version < Number(from));
    const target = to ?? (before === undefined ? undefined : String(before));
    if (target === undefined || !versions.includes(Number(target))) {
      throw new ColdpressError(
        'ROLLBACK_IMPOSSIBLE',
        target === undefined
          ? `${FunctionName} has no version before ${from}, where the alias ${Name} points to`
          : `${FunctionName} has no version ${target}`,
        {
          hint: `it has: ${versions.toReversed().join(', ') || 'none'}; OnnxFunction keeps versions unless keepVersions is false`,
        },
      );
    }
    await client.send(
      new sdk.UpdateAliasCommand({
        FunctionName,
        Name,
        FunctionVersion: target,
        // Ends the traffic split of a rollout in progress.
        RoutingConfig: { AdditionalVersionWeights: {} },
        ...(current.RevisionId !== undefined && { RevisionId: current.RevisionId }),
      }),
    );
    return { alias: Name, from, to: target };
  });
}
