import type { protos } from '@google-cloud/run';
import { type ComparedSetting, showNames, showPairs } from '../changes.ts';
import type { egressSettings, ingressSettings } from '../options.ts';
import { ifSet } from '../service-config.ts';
import type { ContainerSettings } from './options.ts';

type VpcAccess = protos.google.cloud.run.v2.IVpcAccess;
type Duration = protos.google.protobuf.IDuration;

/** The settings of services and jobs that may change. */
export const comparedSettings: ComparedSetting[] = [
  ['image', 'image'],
  ['memory', 'memory'],
  ['cpu', 'cpu'],
  ['timeout', 'timeout'],
  ['concurrency', 'concurrency'],
  ['minInstances', 'min-instances'],
  ['maxInstances', 'max-instances'],
  ['tasks', 'tasks'],
  ['parallelism', 'parallelism'],
  ['ingress', 'ingress'],
  ['serviceAccount', 'service-account'],
  ['vpcConnector', 'vpc-connector'],
  ['egress', 'egress'],
  ['env', 'env', showNames],
  ['secrets', 'secret', showPairs],
  ['labels', 'label', showPairs],
  ['traffic', 'traffic to the new revision'],
];

/** https://cloud.google.com/run/docs/reference/rest/v2/IngressTraffic; the client has names or numbers. */
const ingressValues = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-gclb': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
} as const satisfies Record<keyof typeof ingressSettings, string>;
const egressValues = {
  private: 'PRIVATE_RANGES_ONLY',
  all: 'ALL_TRAFFIC',
} as const satisfies Record<keyof typeof egressSettings, string>;

export function ingressValue(name: keyof typeof ingressValues) {
  return ingressValues[name];
}

/** Converts the enum's name or number to the value of the flag. */
export function ingressName(value: unknown): string {
  return nameOf(ingressValues, ['', 'all', 'internal', 'internal-and-gclb'], value) ?? 'all';
}

export function egressName(value: unknown): string | undefined {
  return nameOf(egressValues, ['', 'all', 'private'], value);
}

function nameOf(values: Record<string, string>, byNumber: string[], value: unknown): string | undefined {
  return typeof value === 'number'
    ? byNumber[value] || undefined
    : Object.keys(values).find(name => values[name] === value);
}

/** Uses the network options, otherwise the current settings. */
export function planVpc(
  { vpcConnector, egress }: ContainerSettings,
  current: VpcAccess | null | undefined,
): { vpcAccess?: VpcAccess } {
  if (vpcConnector === undefined && egress === undefined) {
    return ifSet('vpcAccess', current);
  }
  return {
    vpcAccess: {
      ...current,
      ...ifSet('connector', vpcConnector ?? current?.connector),
      ...(egress !== undefined && { egress: egressValues[egress] }),
    },
  };
}

export function secondsOf(duration: Duration | null | undefined): number | undefined {
  const seconds = Number(duration?.seconds ?? 0);
  return seconds === 0 ? undefined : seconds;
}
