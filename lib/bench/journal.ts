import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ColdpressError } from '../errors.ts';
import { cacheRoot } from '../pack/cache.ts';

/** The state of a Lambda function before a benchmark changed it. */
export interface AwsEntry {
  kind: 'aws';
  functionName: string;
  /** Identifies account and region. */
  arn?: string;
  region?: string;
  endpointUrl?: string;
  memoryMb: number;
  /** The memory sizes that the benchmark sets in turn; absent in journals of coldpress 0.1. */
  sizesMb?: number[];
  /** The complete environment. */
  environment: Record<string, string>;
  /** ISO 8601. */
  startedAt: string;
  /** Process ID of the benchmark. */
  pid: number;
}

/** The state of a Cloud Run service before a benchmark changed it. */
export interface GcfEntry {
  kind: 'gcf';
  functionName: string;
  region: string;
  project: string;
  endpointUrl?: string;
  /** Traffic of the revisions, as the API returns it. */
  traffic: object[];
  startedAt: string;
  pid: number;
}

export type JournalEntry = AwsEntry | GcfEntry;

/** The entries of benchmarks that are running, or were killed before they restored what they had changed. */
export interface Journal {
  /** @throws ColdpressError `BENCH_RUNNING` if the function has an entry */
  write(entry: JournalEntry): Promise<void>;
  list(): Promise<JournalEntry[]>;
  remove(entry: JournalEntry): Promise<void>;
}

/** Next to the cache, readable by this user only, because an environment may contain secrets. */
export function openJournal(env: NodeJS.ProcessEnv): Journal {
  const dir = join(cacheRoot(env), 'bench-journal');
  const fileOf = ({ kind, functionName, region = '', endpointUrl = '' }: JournalEntry) => {
    const key = createHash('sha256')
      .update([kind, functionName, region, endpointUrl].join('\n'))
      .digest('hex');
    return join(dir, `${key.slice(0, 16)}.json`);
  };
  return {
    async write(entry) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const file = fileOf(entry);
      const part = `${file}.${entry.pid}.part`;
      await writeFile(part, JSON.stringify(entry), { mode: 0o600, flush: true });
      try {
        // Atomic, and never overwrites another entry, which records the function's original state.
        await link(part, file);
      } catch (cause) {
        throw (cause as NodeJS.ErrnoException).code === 'EEXIST' ? beingMeasured(entry, cause) : cause;
      } finally {
        await rm(part);
      }
    },
    async list() {
      const names = await readdir(dir).catch(() => []);
      const files = names.filter(name => name.endsWith('.json'));
      return Promise.all(files.map(async name => JSON.parse(await readFile(join(dir, name), 'utf8'))));
    },
    remove: entry => rm(fileOf(entry), { force: true }),
  };
}

function beingMeasured({ functionName }: JournalEntry, cause: unknown): ColdpressError {
  return new ColdpressError('BENCH_RUNNING', `another benchmark measures ${functionName}`, {
    hint: 'Wait for its end. Where it was killed: npx coldpress bench --restore',
    cause,
  });
}
