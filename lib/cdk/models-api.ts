import type { HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { errorAt } from './error-at.ts';
import type { OnnxFunction } from './function.ts';
import { PACK_LIST } from './pack/request.ts';
import { topStack } from './top-stack.ts';
import { addRoutes, type HttpApiProps, newHttpApi } from './triggers/http-api.ts';

export interface ModelsApiProps extends HttpApiProps {
  /** The models, each under its own name. */
  readonly functions: OnnxFunction[];
}

/**
 * One HTTP API for many models: `/v2/models/NAME` and everything below it is routed to the function of that model.
 */
export class ModelsApi extends Construct {
  /** The HTTP API. */
  readonly api: HttpApi;
  /** The stage, for an `ApiMapping` of a custom domain. */
  readonly stage: HttpStage;
  /** The URL of the stage, with a slash at its end. */
  readonly url: string;

  /** @throws ColdpressError MODEL_NAME_TWICE, MODEL_NAME_UNKNOWN */
  constructor(scope: Construct, id: string, props: ModelsApiProps) {
    super(scope, id);
    const { api, stage } = newHttpApi(this, props);
    const names = new Set<string>();
    for (const fn of props.functions) {
      const modelName = nameOf(fn, this);
      if (names.has(modelName)) {
        throw errorAt(scope, id, {
          code: 'MODEL_NAME_TWICE',
          message: `two of the functions hold a model named "${modelName}"`,
          hint: 'set a different "name" in each config',
        });
      }
      names.add(modelName);
      const path = `/v2/models/${modelName}`;
      addRoutes(this, { api, routes: [`ANY ${path}`, `ANY ${path}/{proxy+}`], fn, props });
    }
    this.api = api;
    this.stage = stage;
    this.url = stage.url;
  }
}

/** @throws ColdpressError MODEL_NAME_UNKNOWN, if this API is deployed but the function's stack was left out */
function nameOf(fn: OnnxFunction, api: ModelsApi): string {
  if (fn.manifest !== undefined) {
    return fn.modelName;
  }
  if (topStack(api).bundlingRequired && api.node.tryGetContext(PACK_LIST) === undefined) {
    throw errorAt(api, '', {
      code: 'MODEL_NAME_UNKNOWN',
      message: `the model of ${fn.node.path} is not packed, so that its name, and its route, are unknown`,
      hint: `leave --exclusively out, or select ${topStack(fn).node.path}, too`,
    });
  }
  // This template is never deployed.
  return fn.node.addr;
}
