import { dirname, join } from 'node:path';
import { type Artifact, openArtifact } from '../../artifact.ts';
import type { AwsPlace } from '../../aws/lambda-client.ts';
import type { ResolvedPlace } from '../../gcp/place.ts';
import { entriesOf, LOCK_FILE, type PackedEntry, readLock } from '../../pack/lock.ts';
import { formatCommand } from '../../shell-command.ts';
import { checkArtifact } from '../checks/artifact.ts';
import { checkRuntime } from '../checks/runtimes.ts';
import type { Diagnosis } from '../diagnose.ts';
import type { Finding } from '../pain.ts';
import { shortHash } from '../short-hash.ts';
import { compareDeployed, type DeployedRow } from './compare.ts';
import type { Deployed } from './deployed.ts';
import { readCloudRun } from './read-cloud-run.ts';
import { readGcf } from './read-gcf.ts';
import { readLambda } from './read-lambda.ts';

/** A deployed function or service, and where it is. */
export type DeployedPlace =
  | ({ platform: 'aws-lambda' } & AwsPlace)
  | ({ platform: 'gcf' | 'cloud-run' } & ResolvedPlace);

const targets = { 'aws-lambda': 'aws-lambda', gcf: 'gcf', 'cloud-run': 'container' } as const;

/**
 * Checks an artifact, and compares a deployed function with it and with its entry in the lock. The lock is the one in
 * the current folder, or the one next to the artifact.
 * @throws ColdpressError ARTIFACT_…, LOCK_INVALID, DEPLOYED_UNREADABLE, CLIENT_MISSING, AWS_…, GCP_…
 */
export async function diagnoseDeployed(
  dir: string,
  place: DeployedPlace,
  { cwd, today, env }: { cwd: string; today: Date; env: NodeJS.ProcessEnv },
): Promise<Diagnosis> {
  const artifact = openArtifact(dir, { target: targets[place.platform] });
  const deployed = await read(place);
  const lock = await lockedEntry(artifact, { cwd, architecture: deployed.settings.architecture });
  const { rows, notChecked } = await compareDeployed(artifact, deployed, { lock, env });
  return {
    looked: 'artifact',
    subject: dir,
    deployed: {
      subject: deployed.subject,
      ...(deployed.changed !== undefined && { changed: deployed.changed }),
      rows,
    },
    findings: [
      ...(await checkArtifact(dir, today)),
      ...driftOf(rows, { where: deployed.subject, dir, place }),
      ...checkDeployedRuntime(artifact, deployed, today),
    ],
    notChecked,
  };
}

function read(place: DeployedPlace): Promise<Deployed> {
  switch (place.platform) {
    case 'aws-lambda':
      return readLambda(place);
    case 'gcf':
      return readGcf(place);
    case 'cloud-run':
      return readCloudRun(place);
  }
}

async function lockedEntry(
  { dir, manifest }: Artifact,
  { cwd, architecture }: { cwd: string; architecture: string | undefined },
): Promise<PackedEntry | undefined> {
  for (const folder of [cwd, dirname(dir)]) {
    const entries = entriesOf(await readLock(join(folder, LOCK_FILE)), manifest);
    const [, entry] = entries.find(([name]) => name.endsWith(`/${architecture}`)) ?? entries[0] ?? [];
    if (entry !== undefined) {
      return entry;
    }
  }
  return undefined;
}

function driftOf(
  rows: readonly DeployedRow[],
  { where, dir, place }: { where: string; dir: string; place: DeployedPlace },
): Finding[] {
  const settings: DeployedRow['what'][] = ['runtime', 'CPU', 'handler', 'memory', 'environment'];
  const different = rows.filter(({ equal }) => !equal);
  const unlocked = different.filter(({ deployed, artifact }) => deployed === artifact);
  const undeployed = different.filter(row => !unlocked.includes(row));
  const code = undeployed.filter(({ what }) => !settings.includes(what));
  const common = { where, link: 'docs/doctor.md#deployed-functions' };
  const deploy = redeploy(dir, place);
  return [
    ...(code.length === 0
      ? []
      : [
          {
            ...common,
            ...deploy,
            id: 'deployed-drift',
            evidence: code.map(show).join('; '),
            cause: 'Another artifact is deployed.',
          },
        ]),
    ...undeployed
      .filter(({ what }) => settings.includes(what))
      .map(row => ({
        ...common,
        ...deploy,
        id: 'deployed-settings',
        evidence: show(row),
        cause: 'The function has other settings than the artifact needs.',
      })),
    ...unlocked.map(({ what, deployed, lock }) => ({
      ...common,
      id: 'lock-drift',
      evidence: shortHash(`${what}: deployed ${deployed}, the lock has ${lock}`),
      cause: 'The deployed artifact is not what the lock describes.',
      fix: 'Pack what the lock describes and deploy it; or accept what is deployed: npx coldpress pack --lock.',
      command: 'npx coldpress pack --locked',
    })),
  ];
}

function show({ what, deployed, artifact }: DeployedRow): string {
  return shortHash(`${what}: deployed ${deployed}, artifact ${artifact}`);
}

function redeploy(dir: string, place: DeployedPlace): Pick<Finding, 'fix' | 'command'> {
  if (place.platform === 'aws-lambda') {
    return {
      fix: 'Deploy this artifact with the tool that the function was deployed with, such as cdk deploy.',
    };
  }
  const { project, region, name } = place;
  const image = place.platform === 'gcf' ? [] : ['--target', 'cloud-run', '--image', 'IMAGE'];
  return {
    fix: 'Deploy this artifact.',
    command: formatCommand([
      ...['npx', 'coldpress', 'deploy', dir, ...image],
      ...['--project', project, '--region', region, '--name', name],
    ]),
  };
}

/** The check of the artifact covers a runtime that is the same. */
function checkDeployedRuntime(
  { manifest }: Artifact,
  { subject, settings: { runtime } }: Deployed,
  today: Date,
): Finding[] {
  return runtime === undefined || runtime === manifest.runtime
    ? []
    : checkRuntime(runtime, { where: subject, today });
}
