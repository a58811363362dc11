import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen, unlisten } from '../../lib/local/listen.ts';

/**
 * A local Google: the Cloud Functions v2 API, its upload URL, and the Cloud Run Admin v2 API of the services that the
 * functions become, as far as deploying needs them. It keeps what Google keeps: functions, services with revisions and
 * traffic, policies with etags, operations that take a few polls.
 */

// biome-ignore lint/suspicious/noExplicitAny: resources as JSON, of which the real clients check the form
type Json = any;

/** What goes wrong next; each once. */
export interface Faults {
  /** An HTTP status and a status of Google's for the next request whose line matches. */
  refuse?: { line: RegExp; code: number; status: string; message: string };
  /** The next deployment fails after its build. */
  build?: string;
  /** Operations never end. */
  hang?: boolean;
}

export interface LocalGoogle {
  url: string;
  /** Where every tag leads. @default nowhere that there is */
  tagUrl?: string;
  faults: Faults;
  functions: Map<string, Json>;
  services: Map<string, Json>;
  jobs: Map<string, Json>;
  policies: Map<string, Json>;
  /** The zips that were uploaded, by object. */
  uploads: Map<string, Buffer>;
  /** Subscriptions of triggers, by name, as far as they were changed. */
  subscriptions: Map<string, Json>;
  /** Jobs of Cloud Scheduler, metrics of Cloud Logging and alert policies, by name. */
  watching: Map<string, Json>;
  /** Entries of the log, of which every reader gets all. */
  entries: Json[];
  /** Every request that came: its line and its JSON. */
  requests: { line: string; body: Json }[];
  close(): Promise<void>;
}

const revisionType = 2;
const typeUrl = 'type.googleapis.com/google.cloud';
/** What an operation says of itself before it is done, from poll to poll. */
const stages = ['BUILD', 'SERVICE'].map(name => ({
  '@type': `${typeUrl}.functions.v2.OperationMetadata`,
  stages: [{ name, message: `${name} under way`, state: 'IN_PROGRESS' }],
}));

const builder = '1-compute@developer.gserviceaccount.com';

export async function startGoogle(): Promise<LocalGoogle> {
  const operations = new Map<string, { polls: number; outcome: Json; metadata: Json }>();
  const state: Omit<LocalGoogle, 'close' | 'url'> = {
    faults: {} as Faults,
    functions: new Map<string, Json>(),
    services: new Map<string, Json>(),
    jobs: new Map<string, Json>(),
    policies: new Map<string, Json>(),
    uploads: new Map<string, Buffer>(),
    subscriptions: new Map<string, Json>(),
    watching: new Map<string, Json>(),
    entries: [],
    requests: [] as { line: string; body: Json }[],
  };
  let count = 0;
  let url = '';

  const routes: [line: RegExp, answer: (match: string[], body: Json, query: URLSearchParams) => Json][] = [
    [
      /^POST \/v2\/(.+)\/functions:generateUploadUrl$/,
      () => {
        count += 1;
        const object = `${count}.zip`;
        return { uploadUrl: `${url}/upload/${object}`, storageSource: { bucket: 'gcf-uploads', object } };
      },
    ],
    [
      /^POST \/v2\/(.+\/functions\/[^/:]+):generateDownloadUrl$/,
      ([name]) => {
        const { buildConfig } = found(state.functions, name!);
        return { downloadUrl: `${url}/download/${buildConfig.source.storageSource.object}` };
      },
    ],
    [
      /^GET \/v2\/projects\/[^/]+\/locations\/[^/]+\/runtimes$/,
      () => ({
        runtimes: ['nodejs22', 'nodejs24'].map(name => ({ name, stage: 'GA', environment: 'GEN_2' })),
      }),
    ],
    // What gcloud asks beside: of the project, and of who builds and whether it may.
    [/^GET \/v1\/projects\/([^/]+)$/, ([id]) => ({ projectId: id, projectNumber: '1' })],
    [
      /^POST \/v1\/projects\/[^/]+:getIamPolicy$/,
      () => ({
        bindings: [{ role: 'roles/cloudbuild.builds.builder', members: [`serviceAccount:${builder}`] }],
      }),
    ],
    [
      /^GET \/v1\/projects\/[^/]+\/locations\/[^/]+\/defaultServiceAccount$/,
      () => ({ serviceAccountEmail: `projects/p/serviceAccounts/${builder}` }),
    ],
    [
      /^GET \/v2\/(projects\/[^/]+\/locations\/[^/]+\/functions\/[^/]+)$/,
      ([name]) => found(state.functions, name!),
    ],
    [
      /^POST \/v2\/(projects\/[^/]+\/locations\/[^/]+)\/functions$/,
      ([parent], body, query) => {
        const name = `${parent}/functions/${query.get('functionId')}`;
        if (state.functions.has(name)) {
          throw new Refusal(409, 'ALREADY_EXISTS', `${name} exists`);
        }
        return build(name, body);
      },
    ],
    [
      /^PATCH \/v2\/(projects\/[^/]+\/locations\/[^/]+\/functions\/[^/]+)$/,
      ([name], body, query) => {
        const current = found(state.functions, name!);
        const masked = structuredClone(current);
        for (const path of query.get('updateMask')!.split(',')) {
          const keys = path.split('.').map(toCamel);
          const target = keys.slice(0, -1).reduce((object, key) => (object[key] ??= {}), masked);
          target[keys.at(-1)!] = keys.reduce((object, key) => object?.[key], body);
        }
        return build(name!, masked);
      },
    ],
    [/^GET \/v2\/(projects\/[^/]+\/locations\/[^/]+\/operations\/[^/]+)$/, ([name]) => operation(name!)],
    [
      /^GET \/v2\/(projects\/[^/]+\/locations\/[^/]+\/services\/[^/:]+)$/,
      ([name]) => found(state.services, name!).service,
    ],
    [
      /^GET \/v2\/(.+\/services\/[^/:]+)\/revisions$/,
      ([name]) => ({ revisions: found(state.services, name!).revisions.toReversed() }),
    ],
    [
      /^GET \/v2\/((.+\/services\/[^/:]+)\/revisions\/[^/]+)$/,
      ([name, service]) =>
        found(state.services, service!).revisions.find((revision: Json) => revision.name === name),
    ],
    [
      /^PATCH \/v2\/(.+\/services\/[^/:]+)$/,
      ([name], body, query) => {
        const { service, revisions } = found(state.services, name!);
        if (body.etag !== service.etag) {
          throw new Refusal(409, 'ABORTED', 'the etag is not the service’s');
        }
        const mask = query.get('updateMask')!.split(',');
        if (mask.includes('template')) {
          checkTemplate(body.template);
        }
        for (const path of mask.filter(path => path !== 'template')) {
          service[path] = body[path];
        }
        const total = (service.traffic ?? [{ percent: 100 }]).reduce(
          (sum: number, target: Json) => sum + (target.percent ?? 0),
          0,
        );
        if (total !== 100) {
          throw new Refusal(400, 'INVALID_ARGUMENT', `the traffic adds up to ${total}`);
        }
        if (mask.includes('template')) {
          service.template = body.template;
          addRevision(service, revisions);
        }
        refresh(service);
        return start({ '@type': `${typeUrl}.run.v2.Service`, ...service }, []);
      },
    ],
    [
      /^POST \/v2\/(projects\/[^/]+\/locations\/[^/]+)\/services$/,
      ([parent], body, query) => {
        const name = `${parent}/services/${query.get('serviceId')}`;
        checkTemplate(body.template);
        const service = {
          ...body,
          name,
          uri: `https://${name.split('/').at(-1)}-x.run.app`,
          traffic: [{ type: 1, percent: 100 }],
        };
        const revisions: Json[] = [];
        addRevision(service, revisions);
        refresh(service);
        state.services.set(name, { service, revisions });
        return start({ '@type': `${typeUrl}.run.v2.Service`, ...service }, []);
      },
    ],
    [/^GET \/v2\/(.+\/jobs\/[^/]+)$/, ([name]) => found(state.jobs, name!)],
    [
      /^POST \/v2\/(projects\/[^/]+\/locations\/[^/]+)\/jobs$/,
      ([parent], body, query) => putJob(`${parent}/jobs/${query.get('jobId')}`, body),
    ],
    [
      /^PATCH \/v2\/(.+\/jobs\/[^/]+)$/,
      ([name], body) => {
        const { etag } = found(state.jobs, name!);
        if (body.etag !== etag) {
          throw new Refusal(409, 'ABORTED', 'the etag is not the job’s');
        }
        return putJob(name!, body);
      },
    ],
    // Cloud Scheduler, Cloud Logging, Cloud Monitoring, and the metadata server.
    [
      /^PATCH \/v1\/(projects\/[^/]+\/locations\/[^/]+\/jobs\/[^/]+)$/,
      ([name], body) => {
        found(state.watching, name!);
        state.watching.set(name!, body);
        return body;
      },
    ],
    [
      /^POST \/v1\/projects\/[^/]+\/locations\/[^/]+\/jobs$/,
      (_, body) => {
        state.watching.set(body.name, body);
        return body;
      },
    ],
    [
      /^PUT \/v2\/(projects\/[^/]+\/metrics\/[^/]+)$/,
      ([name], body) => {
        state.watching.set(name!, body);
        return body;
      },
    ],
    [
      /^GET \/v3\/projects\/[^/]+\/alertPolicies$/,
      (_match, _body, query) => {
        const [, label, value] = /^user_labels\.(\w+)="(.*)"$/.exec(query.get('filter')!)!;
        const policies = [...state.watching.values()].filter(
          ({ userLabels }) => userLabels?.[label!] === value,
        );
        return { alertPolicies: policies };
      },
    ],
    [
      /^POST \/v3\/(projects\/[^/]+)\/alertPolicies$/,
      ([project], body) => {
        const name = `${project}/alertPolicies/1`;
        state.watching.set(name, { ...body, name });
        return state.watching.get(name);
      },
    ],
    [
      /^PATCH \/v3\/(projects\/[^/]+\/alertPolicies\/[^/]+)$/,
      ([name], body, query) => {
        const policy = found(state.watching, name!);
        for (const path of query.get('updateMask')!.split(',')) {
          policy[path] = body[path];
        }
        return policy;
      },
    ],
    [/^POST \/v2\/entries:list$/, () => ({ entries: state.entries })],
    [
      /^GET \/computeMetadata\/v1\/instance\/service-accounts\/default\/token$/,
      () => ({ access_token: 'token', expires_in: 3600 }),
    ],
    // Eventarc and Pub/Sub.
    [
      /^GET \/v1\/.+\/triggers\/([^/]+)$/,
      ([id]) => ({ transport: { pubsub: { subscription: `projects/p/subscriptions/eventarc-${id}` } } }),
    ],
    [
      /^PATCH \/v1\/(projects\/[^/]+\/subscriptions\/[^/]+)$/,
      ([name], { subscription }) => {
        state.subscriptions.set(name!, subscription);
        return subscription;
      },
    ],
    [
      /^GET \/v1\/(projects\/[^/]+\/(?:subscriptions|topics)\/[^/]+):getIamPolicy$/,
      ([name]) => state.policies.get(name!) ?? { etag: 'BwA=' },
    ],
    [
      /^POST \/v1\/(projects\/[^/]+\/(?:subscriptions|topics)\/[^/]+):setIamPolicy$/,
      ([name], { policy }) => {
        state.policies.set(name!, policy);
        return policy;
      },
    ],
    [
      /^GET \/v2\/(.+\/services\/[^/:]+):getIamPolicy$/,
      ([name]) => state.policies.get(name!) ?? { etag: 'BwA=' },
    ],
    [
      /^POST \/v2\/(.+\/services\/[^/:]+):setIamPolicy$/,
      ([name], { policy }) => {
        if (policy.etag !== (state.policies.get(name!)?.etag ?? 'BwA=')) {
          throw new Refusal(409, 'ABORTED', `the etag ${policy.etag} is not the policy’s`);
        }
        state.policies.set(name!, { ...policy, etag: 'BwE=' });
        return policy;
      },
    ],
  ];

  /** Builds and deploys: a new revision of the service, which gets what `allTrafficOnLatestRevision` says. */
  function build(name: string, resource: Json): Json {
    const { bucket, object } = resource.buildConfig.source.storageSource;
    if (bucket !== 'gcf-uploads' || !state.uploads.has(object)) {
      throw new Refusal(400, 'INVALID_ARGUMENT', `there is no ${bucket}/${object}`);
    }
    if (state.faults.build !== undefined) {
      const error = { code: 3, message: state.faults.build };
      delete state.faults.build;
      return start(undefined, stages, error);
    }
    const serviceName = name.replace('/functions/', '/services/');
    const kept = state.services.get(serviceName) ?? {
      service: { name: serviceName, traffic: [] },
      revisions: [],
    };
    const short = `${name.split('/').at(-1)}-${String(kept.revisions.length + 1).padStart(5, '0')}-abc`;
    kept.revisions.push({
      name: `${serviceName}/revisions/${short}`,
      conditions: [{ type: 'Ready', state: 'CONDITION_SUCCEEDED' }],
    });
    kept.service.latestReadyRevision = `${serviceName}/revisions/${short}`;
    if (resource.serviceConfig.allTrafficOnLatestRevision || kept.service.traffic.length === 0) {
      kept.service.traffic = [
        { type: 1, percent: 100 },
        ...kept.service.traffic.filter((target: Json) => target.tag && !target.percent),
      ];
    }
    kept.service.uri = `https://${name.split('/').at(-1)}-x.run.app`;
    refresh(kept.service);
    state.services.set(serviceName, kept);
    const made = {
      ...resource,
      name,
      state: 'ACTIVE',
      url: kept.service.uri,
      serviceConfig: {
        ...resource.serviceConfig,
        uri: kept.service.uri,
        service: serviceName,
        revision: short,
      },
    };
    if (made.eventTrigger !== undefined) {
      made.eventTrigger = { ...made.eventTrigger, trigger: `${name.replace('/functions/', '/triggers/')}-1` };
    }
    state.functions.set(name, made);
    return start({ '@type': `${typeUrl}.functions.v2.Function`, ...made }, stages);
  }

  function putJob(name: string, body: Json): Json {
    count += 1;
    const job = { ...body, name, etag: `"${count}"` };
    state.jobs.set(name, job);
    return start({ '@type': `${typeUrl}.run.v2.Job`, ...job }, []);
  }

  function addRevision(service: Json, revisions: Json[]) {
    const short = `${service.name.split('/').at(-1)}-${String(revisions.length + 1).padStart(5, '0')}-abc`;
    const name = `${service.name}/revisions/${short}`;
    const { containers } = service.template;
    revisions.push({ name, containers, conditions: [{ type: 'Ready', state: 'CONDITION_SUCCEEDED' }] });
    service.latestReadyRevision = name;
  }

  /** Of what Google would say of a revision. */
  function checkTemplate({ containers, revision, timeout }: Json) {
    const [container] = containers;
    if (revision) {
      throw new Refusal(409, 'ALREADY_EXISTS', `${revision} exists`);
    }
    if (!/^\d+s$/.test(timeout) || !/^\d+Mi$/.test(container.resources.limits.memory)) {
      throw new Refusal(
        400,
        'INVALID_ARGUMENT',
        `timeout ${timeout}, ${JSON.stringify(container.resources)}`,
      );
    }
    if (container.image.endsWith(':missing')) {
      throw new Refusal(400, 'INVALID_ARGUMENT', `image ${container.image} not found`);
    }
  }

  function refresh(service: Json) {
    count += 1;
    service.etag = `"${count}"`;
    service.trafficStatuses = service.traffic.map((target: Json) => ({
      ...target,
      ...(target.type === revisionType ? {} : { revision: '' }),
      ...(target.tag && { uri: state.tagUrl ?? `https://${target.tag}---${service.uri.slice(8)}` }),
    }));
  }

  function start(response: Json, metadata: Json, error?: Json): Json {
    count += 1;
    const name = `projects/p/locations/europe-west1/operations/${count}`;
    operations.set(name, { polls: 2, metadata, outcome: error ? { error } : { response } });
    return operation(name);
  }

  function operation(name: string): Json {
    const { outcome, metadata, ...kept } = found(operations, name);
    operations.set(name, { outcome, metadata, polls: kept.polls - 1 });
    const done = kept.polls <= 0 && !state.faults.hang;
    const current = metadata[kept.polls > 1 ? 0 : 1];
    return { name, ...(current && { metadata: current }), done, ...(done ? outcome : {}) };
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url!, url);
    const line = `${request.method} ${decodeURIComponent(pathname)}`;
    const bytes = await buffer(request);
    const upload = /^PUT \/upload\/(.+)$/.exec(line)?.[1];
    const body = upload === undefined && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined;
    state.requests.push({ line, body });
    refuseIfConfigured(line);
    if (upload !== undefined) {
      const isBare = request.headers['content-type'] === 'application/zip' && !request.headers.authorization;
      state.uploads.set(upload, bytes);
      response.writeHead(isBare ? 200 : 403).end();
      return;
    }
    const downloaded = state.uploads.get(/^GET \/download\/(.+)$/.exec(line)?.[1] ?? '');
    if (downloaded !== undefined) {
      response.writeHead(200).end(downloaded);
      return;
    }
    for (const [pattern, answer] of routes) {
      const match = pattern.exec(line);
      if (match !== null) {
        sendJson(response, 200, answer(match.slice(1), body, searchParams));
        return;
      }
    }
    throw new Refusal(404, 'NOT_FOUND', `there is no ${line}`);
  }

  function refuseIfConfigured(line: string) {
    const { refuse } = state.faults;
    if (refuse?.line.test(line)) {
      delete state.faults.refuse;
      throw new Refusal(refuse.code, refuse.status, refuse.message);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(error => {
      const { code = 500, status = 'INTERNAL', message } = error;
      sendJson(response, code, { error: { code, status, message } });
    });
  });
  url = `http://127.0.0.1:${await listen(server, 0)}`;
  return Object.assign(state, { url, close: () => unlisten(server) });
}

class Refusal extends Error {
  readonly code: number;
  readonly status: string;

  constructor(code: number, status: string, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

function found<T>(map: Map<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) {
    throw new Refusal(404, 'NOT_FOUND', `${name} was not found`);
  }
  return value;
}

function sendJson(response: ServerResponse, status: number, value: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function toCamel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
