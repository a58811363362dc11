import type { HttpSettings } from '../../contract/manifest.ts';

/** The config's `http` and the environment, resolved. */
export interface HttpPlan {
  warmUp: boolean;
  docs: boolean;
  cors: NonNullable<HttpSettings['cors']> | undefined;
  limits: {
    /** Of a body after it is inflated; the platform's own limit comes in with the request. */
    bodyBytes: number;
    batch: number;
    depth: number;
    stringLength: number;
  };
  /** Paths that Vertex AI names for its two calls. */
  vertex: { health: string | undefined; predict: string | undefined };
}

const defaults = {
  limits: { bodyBytes: Number.POSITIVE_INFINITY, batch: 10_000, depth: 32, stringLength: 2 ** 23 },
} as const satisfies Partial<HttpPlan>;

/**
 * @param env - `COLDPRESS_LOCAL=1` turns the page on where the config does not say; `AIP_HEALTH_ROUTE` and
 *   `AIP_PREDICT_ROUTE` are Vertex AI's
 */
export function resolveHttp(options: HttpSettings | undefined, env: NodeJS.ProcessEnv): HttpPlan {
  return {
    warmUp: options?.warmUp ?? false,
    docs: options?.docs ?? env.COLDPRESS_LOCAL === '1',
    cors: options?.cors,
    limits: { ...defaults.limits, ...options?.limits },
    vertex: { health: env.AIP_HEALTH_ROUTE, predict: env.AIP_PREDICT_ROUTE },
  };
}
