import { placeOfUrl } from '../bench/gcf/place-of-url.ts';
import { type BaselineName, plainPath } from '../bench/options.ts';
import { ColdpressError } from '../errors.ts';

/** The options of `coldpress bench`, without folders. */
export interface BenchFlags {
  event?: string;
  input?: string;
  samples?: number;
  discard?: number;
  warm?: number;
  memory?: number[];
  coldDisk?: true;
  baseline?: BaselineName[];
  model?: string;
  seed?: number;
  requestsPerMonth?: number;
  compare?: string;
  failAbove?: number;
  report?: string;
  json?: true;
  aws?: string[];
  gcf?: string;
  project?: string;
  region?: string;
  endpointUrl?: string;
  allowTraffic?: true;
  restore?: true;
}

/** The names of what is measured, as in the result. */
export function sourcesOf(dirs: string[], { aws, gcf, ...flags }: BenchFlags): string[] {
  return aws ?? (gcf === undefined ? dirs.map(plainPath) : [placeOfUrl(gcf, flags).functionName]);
}

/** @throws ColdpressError OPTION_CONFLICT */
export function checkWhat(dirs: string[], flags: BenchFlags): void {
  const { aws, gcf, baseline, coldDisk, project, region, endpointUrl, allowTraffic } = flags;
  const conflict = (message: string, hint: string) => {
    throw new ColdpressError('OPTION_CONFLICT', message, { hint });
  };
  if (aws !== undefined && gcf !== undefined) {
    conflict('--aws and --gcf cannot be combined', 'One platform is measured at a time.');
  }
  if (aws === undefined && gcf === undefined) {
    if (dirs.length === 0) {
      conflict(
        'nothing to measure was named',
        'Name what `coldpress pack` wrote, or a function with --aws or --gcf.',
      );
    }
    if ((project ?? region ?? endpointUrl ?? allowTraffic) !== undefined) {
      conflict('an option of --aws or --gcf was used without it', 'Name the function: --aws my-function.');
    }
  } else if ((aws === undefined ? allowTraffic : project) !== undefined) {
    conflict(
      aws === undefined
        ? '--allow-traffic cannot be combined with --gcf'
        : '--project cannot be combined with --aws',
      'Leave it out: it is the other platform’s.',
    );
  } else if (dirs.length > 0 || baseline !== undefined || coldDisk === true) {
    conflict(
      '--aws and --gcf cannot be combined with artifacts, --baseline or --cold-disk',
      'These are measured here: leave them out.',
    );
  }
}
