import type { HttpSettings } from '../../contract/settings.ts';

/** The HTTP settings, resolved with the environment. */
export interface HttpPlan extends HttpSettings {
  docs: boolean;
  /** The paths that Vertex AI sets for its two calls. */
  vertex: { health: string | undefined; predict: string | undefined };
}

/**
 * @param env - `COLDPRESS_LOCAL=1` enables the page if the config leaves it open; `AIP_HEALTH_ROUTE` and
 *   `AIP_PREDICT_ROUTE` come from Vertex AI; `AWS_LAMBDA_INITIALIZATION_TYPE=snap-start` enables the warm-up
 */
export function resolveHttp(settings: HttpSettings, env: NodeJS.ProcessEnv): HttpPlan {
  return {
    ...settings,
    // A snapshot is taken once per version, so no start waits for the warm-up.
    warmUp: settings.warmUp || env.AWS_LAMBDA_INITIALIZATION_TYPE === 'snap-start',
    docs: settings.docs === 'local' ? env.COLDPRESS_LOCAL === '1' : settings.docs,
    vertex: { health: env.AIP_HEALTH_ROUTE, predict: env.AIP_PREDICT_ROUTE },
  };
}
