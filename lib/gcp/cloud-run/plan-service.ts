import type { protos } from '@google-cloud/run';
import { cloudRunDefaults } from '../../targets/container/cloud-run.ts';
import { type Change, compare } from '../changes.ts';
import { servicePath } from '../function-resource.ts';
import { conflict } from '../options.ts';
import { ifSet } from '../service-config.ts';
import { pinnedTraffic } from '../traffic.ts';
import {
  type Container,
  ownContainer,
  parseCpu,
  planContainer,
  replaceOwn,
  viewContainer,
} from './container.ts';
import type { ServiceRequest } from './options.ts';
import { comparedSettings, egressName, ingressName, ingressValue, planVpc, secondsOf } from './view.ts';

export type Service = protos.google.cloud.run.v2.IService;
type Target = protos.google.cloud.run.v2.ITrafficTarget;

/** A completed plan: from the options, then the service's current settings, then the defaults. */
export interface ServicePlan extends ServiceRequest {
  exists: boolean;
  resource: Service;
  /** Paths of the resource that an update sends; a new service is sent in full. */
  updateMask: string[];
  /** Changes of an existing service. */
  changes: Change[];
  /** Whether the new revision receives the traffic. */
  traffic: boolean;
}

/** No requests are sent before the model has answered its golden vector. */
const startupProbe = {
  httpGet: { path: '/v2/health/ready' },
  periodSeconds: 1,
  timeoutSeconds: 1,
  failureThreshold: 120,
} as const;

/**
 * Plans the new state of the service.
 * @param current - the existing service, if any
 * @throws ColdpressError OPTION_CONFLICT
 */
export function planServiceDeployment(request: ServiceRequest, current: Service | undefined): ServicePlan {
  const { settings } = request;
  if (current === undefined && settings.traffic === false) {
    throw conflict('--no-traffic is for a service that exists, and this one is new');
  }
  const { labels, ingress, traffic } = {
    labels: { ...current?.labels, ...settings.labels },
    ingress: settings.ingress === undefined ? current?.ingress : ingressValue(settings.ingress),
    traffic: planTraffic(settings.traffic, current),
  };
  const resource: Service = {
    ...(current !== undefined && { name: servicePath(request), ...ifSet('etag', current.etag) }),
    template: planTemplate(request, current),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...ifSet('ingress', ingress),
    ...ifSet('traffic', traffic),
  };
  const next = { ...current, ...resource };
  return {
    ...request,
    exists: current !== undefined,
    resource,
    updateMask: [
      'template',
      ...(Object.keys(settings.labels).length > 0 ? ['labels'] : []),
      ...(settings.ingress === undefined ? [] : ['ingress']),
      ...(settings.traffic === undefined ? [] : ['traffic']),
    ],
    changes: current === undefined ? [] : compare(comparedSettings, view(current), view(next)),
    traffic: followsLatest(next),
  };
}

function planTemplate(
  request: ServiceRequest,
  current: Service | undefined,
): NonNullable<Service['template']> {
  const { settings } = request;
  // With the name, Google would look for the existing revision.
  const { revision: _, ...template } = current?.template ?? {};
  const own = ownContainer(template.containers);
  const container = planContainer(request, own);
  const cpu = parseCpu(container.resources.limits.cpu);
  const concurrency =
    settings.concurrency ??
    (cpu < 1 ? 1 : undefined) ??
    (template.maxInstanceRequestConcurrency || undefined);
  if (cpu < 1 && concurrency! > 1) {
    throw conflict(`--concurrency ${concurrency} needs a whole CPU, and the service has ${cpu}`);
  }
  return {
    ...template,
    containers: replaceOwn(template.containers, {
      ...container,
      // A service with explicit resources has to request billing by request explicitly.
      resources: {
        ...(current === undefined && { cpuIdle: true, startupCpuBoost: true }),
        ...container.resources,
      },
      startupProbe: probeOf(own),
    }),
    maxInstanceRequestConcurrency: concurrency ?? cloudRunDefaults.concurrency,
    timeout:
      settings.timeoutSeconds === undefined && template.timeout
        ? template.timeout
        : { seconds: settings.timeoutSeconds ?? cloudRunDefaults.timeoutSeconds },
    scaling: {
      ...template.scaling,
      ...ifSet('minInstanceCount', settings.minInstances),
      ...ifSet('maxInstanceCount', settings.maxInstances),
    },
    ...ifSet('serviceAccount', settings.serviceAccount ?? template.serviceAccount),
    ...planVpc(settings, template.vpcAccess),
  };
}

/** Replaces a TCP probe, which is Google's default if none was configured. */
function probeOf({ startupProbe: current }: Container): NonNullable<Container['startupProbe']> {
  return current?.httpGet || current?.grpc ? current : startupProbe;
}

const toLatest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';

function planTraffic(isOn: boolean | undefined, current: Service | undefined): Target[] | undefined {
  if (isOn === undefined || current === undefined) {
    return current?.traffic ?? undefined;
  }
  if (!isOn) {
    return pinnedTraffic(current);
  }
  const tags = (current.traffic ?? []).filter(({ tag }) => tag).map(target => ({ ...target, percent: 0 }));
  return [{ type: toLatest, percent: 100 }, ...tags];
}

/** Compares the enum's name or number; a service without targets sends all traffic to the latest revision. */
function followsLatest({ traffic }: Service): boolean {
  const targets = (traffic ?? []).filter(({ percent }) => (percent ?? 0) > 0);
  return targets.length === 0 || targets.some(({ type }) => type === toLatest || type === 1);
}

function view(service: Service) {
  const template = service.template ?? {};
  return {
    ...viewContainer(ownContainer(template.containers)),
    timeout: secondsOf(template.timeout),
    concurrency: template.maxInstanceRequestConcurrency || undefined,
    minInstances: template.scaling?.minInstanceCount || undefined,
    maxInstances: template.scaling?.maxInstanceCount || undefined,
    ingress: ingressName(service.ingress),
    serviceAccount: template.serviceAccount,
    vpcConnector: template.vpcAccess?.connector,
    egress: egressName(template.vpcAccess?.egress),
    labels: service.labels,
    traffic: followsLatest(service),
  };
}
