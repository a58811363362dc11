import type { LambdaClient } from '@aws-sdk/client-lambda';
import { clientMissing } from '../client-missing.ts';
import { ColdpressError } from '../errors.ts';
import { explainAwsError } from './errors.ts';

export interface AwsRollbackOptions {
  functionName: string;
  /** @default live */
  alias?: string | undefined;
  /** @default the newest version below the one that the alias points to */
  to?: string | undefined;
  region?: string | undefined;
  endpointUrl?: string | undefined;
}

export interface AwsMoved {
  alias: string;
  from: string;
  to: string;
}

/**
 * Points an alias back to an earlier version, which then gets all of its traffic. CodeDeploy knows nothing of it: the
 * next deployment begins where the alias is.
 * @throws ColdpressError ROLLBACK_IMPOSSIBLE, CLIENT_MISSING, and what `explainAwsError` makes of AWS's errors
 */
export async function rollbackAws({
  functionName: FunctionName,
  alias: Name = 'live',
  to,
  region,
  endpointUrl,
}: AwsRollbackOptions): Promise<AwsMoved> {
  const sdk = await import('@aws-sdk/client-lambda').catch(clientMissing('@aws-sdk/client-lambda'));
  const client: LambdaClient = new sdk.LambdaClient({
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  });
  try {
    const current = await client.send(new sdk.GetAliasCommand({ FunctionName, Name }));
    const versions: number[] = [];
    for await (const page of sdk.paginateListVersionsByFunction({ client }, { FunctionName })) {
      versions.push(...(page.Versions ?? []).map(({ Version }) => Number(Version)).filter(Number.isInteger));
    }
    const from = current.FunctionVersion ?? '';
    const before = versions.filter(version => version < Number(from)).sort((a, b) => b - a)[0];
    const target = to ?? (before === undefined ? undefined : String(before));
    if (target === undefined || !versions.includes(Number(target))) {
      throw new ColdpressError(
        'ROLLBACK_IMPOSSIBLE',
        target === undefined
          ? `${FunctionName} has no version before ${from}, where the alias ${Name} points to`
          : `${FunctionName} has no version ${target}`,
        {
          hint: `it has: ${versions.join(', ') || 'none'}; OnnxFunction keeps versions unless keepVersions is false`,
        },
      );
    }
    await client.send(
      new sdk.UpdateAliasCommand({
        ...{ FunctionName, Name, FunctionVersion: target },
        // A rollout that is under way has divided the traffic.
        RoutingConfig: { AdditionalVersionWeights: {} },
        ...(current.RevisionId !== undefined && { RevisionId: current.RevisionId }),
      }),
    );
    return { alias: Name, from, to: target };
  } catch (error) {
    throw error instanceof ColdpressError ? error : explainAwsError(error);
  } finally {
    client.destroy();
  }
}
