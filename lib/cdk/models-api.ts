import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { errorAt } from './error-at.ts';
import type { OnnxFunction } from './function.ts';
import { addRoute, type HttpApiProps, newHttpApi } from './triggers/http-api.ts';

export interface ModelsApiProps extends HttpApiProps {
  readonly functions: OnnxFunction[];
}

/** One HTTP API for many models: `/v2/models/NAME` and all below it goes to the function of that model. */
export class ModelsApi extends Construct {
  readonly api: HttpApi;
  readonly url: string;

  /** @throws ColdpressError MODEL_NAME_TWICE */
  constructor(scope: Construct, id: string, props: ModelsApiProps) {
    super(scope, id);
    const { api, stage } = newHttpApi(this, props);
    const names = new Set<string>();
    for (const fn of props.functions) {
      const { modelName } = fn;
      if (names.has(modelName)) {
        throw errorAt(scope, id, {
          code: 'MODEL_NAME_TWICE',
          message: `two of the functions hold a model named "${modelName}"`,
          hint: '"name" in the config tells them apart',
        });
      }
      names.add(modelName);
      const path = `/v2/models/${modelName}`;
      for (const route of [`ANY ${path}`, `ANY ${path}/{proxy+}`]) {
        addRoute(this, { api, route, fn, props });
      }
    }
    this.api = api;
    this.url = stage.url;
  }
}
