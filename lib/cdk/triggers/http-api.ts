import * as apigw from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { errorAt } from '../error-at.ts';
import { newLogGroup } from '../execution-role.ts';
import type { OnnxFunction } from '../function.ts';

export interface HttpApiProps {
  /**
   * Who may call: `iam` for AWS principals that are granted it, an authorizer, or `none` for anybody in the world.
   * @default 'iam'
   */
  readonly authorizer?: 'iam' | 'none' | apigw.IHttpRouteAuthorizer;
  /**
   * Requests a second of all callers together.
   * @default 50
   */
  readonly rateLimit?: number;
  /**
   * Requests that may come at once.
   * @default twice the rate
   */
  readonly burstLimit?: number;
}

export interface HttpApiTriggerProps extends HttpApiProps {
  /**
   * `METHOD /path`, each; paths are those of the function's own HTTP interface.
   * @default every request
   */
  readonly routes?: string[];
}

/** HTTP by way of API Gateway: routes, throttling, an access log, authorizers. */
export class HttpApiTrigger extends Construct {
  readonly api: apigw.HttpApi;
  readonly url: string;

  /** @throws ColdpressError ROUTE_INVALID */
  constructor(fn: OnnxFunction, id: string, props: HttpApiTriggerProps = {}) {
    super(fn, id);
    const { api, stage } = newHttpApi(this, props);
    const routes = props.routes ?? ['$default'];
    const problem = routeProblem(routes);
    if (problem !== undefined) {
      throw errorAt(fn, id, {
        code: 'ROUTE_INVALID',
        message: problem,
        hint: "'POST /v2/models/churn/infer', or 'ANY /{proxy+}'",
      });
    }
    for (const route of routes) {
      addRoute(this, { api, route, fn, props });
    }
    this.api = api;
    this.url = stage.url;
  }
}

const aRoute = /^(\$default|(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/.*)$/;

function routeProblem(routes: string[]): string | undefined {
  const wrong = routes.find(route => !aRoute.test(route));
  if (wrong !== undefined) {
    return `"${wrong}" is no route`;
  }
  const twice = routes.find((route, index) => routes.indexOf(route) !== index);
  if (twice !== undefined) {
    return `the route "${twice}" is there twice`;
  }
  return routes.length === 0 ? 'there is no route, so that nobody could call the API' : undefined;
}

/** An API without routes, and its stage. */
export function newHttpApi(
  scope: Construct,
  { rateLimit = 50, burstLimit = Math.ceil(2 * rateLimit) }: HttpApiProps,
): { api: apigw.HttpApi; stage: apigw.HttpStage } {
  const api = new apigw.HttpApi(scope, 'Api', { createDefaultStage: false });
  const stage = new apigw.HttpStage(scope, 'Stage', {
    httpApi: api,
    autoDeploy: true,
    throttle: { rateLimit, burstLimit },
    accessLogSettings: { destination: new LogGroupLogDestination(newLogGroup(scope, 'AccessLogs')) },
  });
  return { api, stage };
}

/** Sends a route to the function; API Gateway may invoke it for this route alone. */
export function addRoute(
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
