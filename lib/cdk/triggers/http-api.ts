import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigw from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { errorAt } from '../error-at.ts';
import { newLogGroup } from '../execution-role.ts';
import type { OnnxFunction } from '../function.ts';
import { Trigger } from './trigger.ts';

export interface HttpApiProps {
  /**
   * Who may call: `iam` for AWS principals that have permission, an authorizer, or `none` for anyone on the internet.
   * @default 'iam'
   */
  readonly authorizer?: 'iam' | 'none' | apigw.IHttpRouteAuthorizer;
  /**
   * Requests per second of all callers together.
   * @default 50
   */
  readonly rateLimit?: number;
  /**
   * Most concurrent requests.
   * @default twice the rate limit
   */
  readonly burstLimit?: number;
  /**
   * Web pages of other origins that may call, answered by API Gateway itself, even if the authorizer rejects the
   * request. Leave `http.cors` out of the config.
   * @default none; the config's `http.cors` applies, and preflight requests skip the authorizer
   */
  readonly cors?: apigw.CorsPreflightOptions;
}

export interface HttpApiTriggerProps extends HttpApiProps {
  /**
   * Routes such as `POST /`. Paths are those of the function's own HTTP interface; see docs/http.md.
   * @default every request
   */
  readonly routes?: string[];
}

/** Serves HTTP through API Gateway, with routes, throttling, an access log and authorizers. */
export class HttpApiTrigger extends Trigger {
  /** The HTTP API. */
  readonly api: apigw.HttpApi;
  /** The stage, for an `ApiMapping` of a custom domain. */
  readonly stage: apigw.HttpStage;
  /** The URL of the stage, with a slash at its end. */
  readonly url: string;

  /** @throws ColdpressError ROUTE_INVALID, CORS_TWICE */
  constructor(fn: OnnxFunction, id: string, props: HttpApiTriggerProps = {}) {
    super(fn, id);
    const { api, stage } = newHttpApi(this, props);
    const routes = props.routes ?? ['$default'];
    if (props.cors !== undefined) {
      refuseTwoCors(fn, id);
    }
    const problem = routeProblem(routes);
    if (problem !== undefined) {
      throw errorAt(fn, id, {
        code: 'ROUTE_INVALID',
        message: problem,
        hint: "'POST /v2/models/churn/infer', or 'ANY /{proxy+}'",
      });
    }
    addRoutes(this, { api, routes, fn, props });
    this.api = api;
    this.stage = stage;
    this.url = stage.url;
  }
}

const aRoute = /^(\$default|(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/.*)$/;

function routeProblem(routes: string[]): string | undefined {
  const wrong = routes.find(route => !aRoute.test(route));
  if (wrong !== undefined) {
    return `"${wrong}" is not a route`;
  }
  const twice = routes.find((route, index) => routes.indexOf(route) !== index);
  if (twice !== undefined) {
    return `the route "${twice}" is there twice`;
  }
  return routes.length === 0 ? '"routes" is empty: nobody could call the API' : undefined;
}

/**
 * The fields of the access log, which Logs Insights finds by name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const accessLog = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
} as const;

/** @throws ColdpressError CORS_TWICE: browsers reject an answer that has the header twice */
export function refuseTwoCors(fn: OnnxFunction, id: string): void {
  if (fn.manifest !== undefined && fn.manifest.http.cors !== null) {
    throw errorAt(fn, id, {
      code: 'CORS_TWICE',
      message:
        'both the config and the trigger answer requests of other origins, and browsers refuse a header that is there twice',
      hint: 'leave http.cors out of the config',
    });
  }
}

/** Creates an API without routes, and its stage. */
export function newHttpApi(
  scope: Construct,
  { rateLimit = 50, burstLimit = Math.ceil(2 * rateLimit), cors }: HttpApiProps,
): { api: apigw.HttpApi; stage: apigw.HttpStage } {
  const api = new apigw.HttpApi(scope, 'Api', {
    createDefaultStage: false,
    ...(cors && { corsPreflight: cors }),
  });
  const stage = new apigw.HttpStage(scope, 'Stage', {
    httpApi: api,
    autoDeploy: true,
    throttle: { rateLimit, burstLimit },
    accessLogSettings: {
      destination: new LogGroupLogDestination(newLogGroup(scope, 'AccessLogs')),
      format: AccessLogFormat.custom(JSON.stringify(accessLog)),
    },
  });
  return { api, stage };
}

/**
 * Sends routes to the function, along with their preflight requests. These skip the authorizer, because browsers send
 * them without a token. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function addRoutes(
  scope: Construct,
  { routes, ...to }: { api: apigw.HttpApi; routes: readonly string[]; fn: OnnxFunction; props: HttpApiProps },
): void {
  for (const route of routes) {
    addRoute(scope, { ...to, route });
  }
  const { cors, authorizer } = to.props;
  if (authorizer === 'none' || (cors === undefined && to.fn.manifest?.http.cors == null)) {
    return;
  }
  const paths = routes.flatMap(route => (route === '$default' ? ['/', '/{proxy+}'] : [route.split(' ')[1]!]));
  for (const path of new Set(paths)) {
    const route = `OPTIONS ${path}`;
    if (!routes.includes(route)) {
      addRoute(scope, { ...to, route, props: { authorizer: 'none' } });
    }
  }
}

/** Sends one route to the function, and lets API Gateway invoke the function for this route alone. */
function addRoute(
  scope: Construct,
  { api, route, fn, props }: { api: apigw.HttpApi; route: string; fn: OnnxFunction; props: HttpApiProps },
): void {
  const [method, path] = route.split(' ');
  const routeKey =
    path === undefined
      ? apigw.HttpRouteKey.DEFAULT
      : apigw.HttpRouteKey.with(path, method as apigw.HttpMethod);
  const { authorizer = 'iam' } = props;
  const chosen =
    authorizer === 'none' ? undefined : authorizer === 'iam' ? new HttpIamAuthorizer() : authorizer;
  new apigw.HttpRoute(scope, `Route ${route.replaceAll('/', '.')}`, {
    httpApi: api,
    routeKey,
    integration: new HttpLambdaIntegration('Integration', fn.invocable),
    ...(chosen && { authorizer: chosen }),
  });
}
