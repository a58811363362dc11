import { ColdpressError } from '../../errors.ts';

interface NamedPlace {
  functionName: string;
  project?: string | undefined;
  region?: string | undefined;
}

/** https://cloud.google.com/run/docs/triggering/https-request#deterministic */
const service = /^([a-z0-9-]+)-(\d+)\.([a-z0-9-]+)\.run\.app$/;
const functions = /^([a-z]+-[a-z]+\d+)-([a-z0-9-]+)\.cloudfunctions\.net$/;

/**
 * Parses `--gcf`: a function's name, or a URL that contains its name, project and region.
 * @throws ColdpressError OPTION_INVALID for a URL that does not contain them
 */
export function placeOfUrl(text: string, flags: { project?: string; region?: string }): NamedPlace {
  if (!/^https?:/.test(text)) {
    return { functionName: text, project: flags.project, region: flags.region };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, name, number, location] = service.exec(url?.hostname ?? '') ?? [];
  if (name !== undefined) {
    return { functionName: name, project: number, region: location };
  }
  const [, region, project] = functions.exec(url?.hostname ?? '') ?? [];
  const [, path] = /^\/([a-z0-9-]+)\/?$/i.exec(url?.pathname ?? '') ?? [];
  if (path !== undefined && project !== undefined) {
    return { functionName: path, project, region };
  }
  throw new ColdpressError('OPTION_INVALID', `--gcf is ${text}, which does not contain project and region`, {
    hint: 'A cold start is forced by a new revision: pass the name, --project and --region.',
  });
}
