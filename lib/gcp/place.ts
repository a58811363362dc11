import { ColdpressError } from '../errors.ts';

/** The location of a function, and the server to call. */
export interface Place {
  project?: string | undefined;
  region?: string | undefined;
  /** Name of the function and of its service. @default the manifest's */
  name?: string | undefined;
  /** A local server to use instead of Google's: `http://127.0.0.1:8080`. @default Google's */
  endpointUrl?: string | undefined;
}

export interface ResolvedPlace {
  project: string;
  region: string;
  name: string;
  endpoint: URL | undefined;
}

/** @throws ColdpressError OPTION_MISSING, OPTION_INVALID */
export function resolvePlace(
  { project, region, name, endpointUrl }: Place,
  otherwise: string,
): ResolvedPlace {
  if (project === undefined || region === undefined) {
    const missing = project === undefined ? '--project' : '--region';
    throw new ColdpressError('OPTION_MISSING', `${missing} is missing`, {
      hint: 'say where the function is: --project my-project --region europe-west1',
    });
  }
  return {
    project,
    region,
    name: toFunctionName(name ?? otherwise),
    endpoint: endpointUrl === undefined ? undefined : parseEndpoint(endpointUrl),
  };
}

/** A service's name is a DNS label of at most 49 characters: https://cloud.google.com/run/docs/deploying */
function toFunctionName(name: string): string {
  const label = name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
  if (/^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/.test(label)) {
    return label;
  }
  throw new ColdpressError('OPTION_INVALID', `"${name}" cannot be the name of a function`, {
    hint: 'a letter, then letters, digits and hyphens, 49 characters at most',
  });
}

function parseEndpoint(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new ColdpressError('OPTION_INVALID', `--endpoint-url is ${text}`, {
      hint: 'use a URL',
      cause,
    });
  }
}
