import { spawn } from 'node:child_process';
import { reapProcess } from '../reaper.ts';
import { deliverReady } from '../settle.ts';
import { expectStarted } from '../started-process.ts';
import { lambdaEnvironment } from './environment.ts';
import type { ProcessExit } from './function-error.ts';
import { majorOf, type NodeChoice } from './node.ts';
import { peakMemoryMb } from './peak-memory.ts';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

/** One process of the function, which Lambda calls an execution environment. */
export interface Instance {
  api: RuntimeApi;
  pid: number | undefined;
  /** A value of `performance.now()`. */
  spawnedAt: number;
  exited: Promise<ProcessExit>;
  /** The last known peak; `undefined` if the host does not report it. */
  memoryMb(): number | undefined;
  /** Waits until all output of the process so far has been passed on. */
  logsSettled(): Promise<void>;
  kill(): Promise<void>;
}

export type InstanceOptions = Omit<Parameters<typeof lambdaEnvironment>[0], 'runtimeApi'> & {
  node: NodeChoice;
  /** The runtime client's file. */
  entry: string;
  /** A program and its arguments that finally executes the command after them. @default none */
  launcher?: string[];
  onLog(text: string): void;
};

/** Starts the function's process with Lambda's environment; INIT begins with it. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const api = await startRuntimeApi();
  const env = lambdaEnvironment({ ...options, runtimeApi: api.address });
  const ownGroup = options.host.platform !== 'win32';
  const spawnedAt = performance.now();
  const command = [...(options.launcher ?? []), options.node.path, ...nodeFlags(options), options.entry];
  const child = spawn(command[0]!, command.slice(1), {
    cwd: options.sandbox.task,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that its children end with it and Ctrl-C in a terminal reaches only coldpress.
    detached: ownGroup,
    windowsHide: true,
  });
  await expectStarted(child).catch(async error => {
    await api.close();
    throw error;
  });
  reapProcess(child);
  const exited = new Promise<ProcessExit>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', reject);
  });
  exited.catch(() => {});
  child.stdout.setEncoding('utf8').on('data', options.onLog);
  child.stderr.setEncoding('utf8').on('data', options.onLog);

  let peak: number | undefined;
  return {
    api,
    pid: child.pid,
    spawnedAt,
    exited,
    memoryMb() {
      peak = peakMemoryMb(child.pid) ?? peak;
      return peak;
    },
    async logsSettled() {
      // A function writes to its pipes synchronously, so its output is in them by now.
      await deliverReady();
    },
    async kill() {
      signal(child.pid, ownGroup);
      await exited.catch(() => {});
      await api.close();
    },
  };
}

/** The flags that Lambda's bootstrap derives from the memory size. */
function nodeFlags({ memoryMb, node }: InstanceOptions): string[] {
  const newSpace = Math.floor(memoryMb / 10);
  const flags = [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(newSpace / 2)}`,
    `--max-old-space-size=${memoryMb - newSpace}`,
  ];
  // Lambda turns it off in the majors that it runs; a later Node used in their place may not know the flag.
  return majorOf(node.version) <= 24 ? [...flags, '--no-experimental-require-module'] : flags;
}

function signal(pid: number | undefined, ownGroup: boolean) {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(ownGroup ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
