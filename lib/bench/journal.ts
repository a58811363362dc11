import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ColdpressError } from '../errors.ts';
import { cacheRoot } from '../pack/cache.ts';

/** How a function of Lambda was before a benchmark changed it. */
export interface AwsEntry {
  kind: 'aws';
  functionName: string;
  /** Tells account and region. */
  arn?: string;
  region?: string;
  endpointUrl?: string;
  memoryMb: number;
  /** What the benchmark sets it to, in turn; absent in the journals of coldpress 0.1. */
  sizesMb?: number[];
  /** All of its environment. */
  environment: Record<string, string>;
  /** ISO 8601. */
  startedAt: string;
  /** Of the benchmark. */
  pid: number;
}

/** The same of a service of Cloud Run. */
export interface GcfEntry {
  kind: 'gcf';
  functionName: string;
  region: string;
  project: string;
  endpointUrl?: string;
  /** Which revisions got traffic, as the API has it. */
  traffic: object[];
  startedAt: string;
  pid: number;
}

export type JournalEntry = AwsEntry | GcfEntry;

/** Entries of benchmarks that are running, or were killed before they could put back what they had changed. */
export interface Journal {
  /** @throws ColdpressError `BENCH_RUNNING` where the function has an entry */
  write(entry: JournalEntry): Promise<void>;
  list(): Promise<JournalEntry[]>;
  remove(entry: JournalEntry): Promise<void>;
}

/** Beside the cache, readable for this user alone: an environment may hold secrets. */
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
        // Whole, or not at all; and never over another's, which knows how the function was before.
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
