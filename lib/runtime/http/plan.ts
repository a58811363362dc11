import type { HttpSettings } from '../../contract/settings.ts';

/** The settings and the environment, resolved. */
export interface HttpPlan extends HttpSettings {
  docs: boolean;
  /** Paths that Vertex AI names for its two calls. */
  vertex: { health: string | undefined; predict: string | undefined };
}

/**
 * @param env - `COLDPRESS_LOCAL=1` turns the page on where the config leaves it open; `AIP_HEALTH_ROUTE` and
 *   `AIP_PREDICT_ROUTE` are Vertex AI's; with `AWS_LAMBDA_INITIALIZATION_TYPE=snap-start` the model is warmed up
 */
export function resolveHttp(settings: HttpSettings, env: NodeJS.ProcessEnv): HttpPlan {
  return {
    ...settings,
    // A snapshot is taken once a version, so that no start waits for this.
    warmUp: settings.warmUp || env.AWS_LAMBDA_INITIALIZATION_TYPE === 'snap-start',
    docs: settings.docs === 'local' ? env.COLDPRESS_LOCAL === '1' : settings.docs,
    vertex: { health: env.AIP_HEALTH_ROUTE, predict: env.AIP_PREDICT_ROUTE },
  };
}
