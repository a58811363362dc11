import { Command } from 'commander';
import { checkSignature } from '../local/gcf/start.ts';
import { type ServedArtifact, serveArtifact } from '../local/serve.ts';
import { runOptions, type ServeFlags, wholeNumber, withServeFlags } from './flags.ts';
import { formatFunctionEvent } from './function-events.ts';
import { hostOption } from './host-flag.ts';
import { servingSignal } from './interrupt.ts';
import { tryIt } from './try-it.ts';

interface Flags extends ServeFlags {
  port?: number;
  host?: string[];
  signature?: string;
}

const example = `
Example:
  $ coldpress serve packed --port 9000
  $ curl localhost:9000/v2/models/my-model
  $ aws lambda invoke --endpoint-url http://127.0.0.1:9000 --function-name my-model --payload '{}' answer.json

The playground, a form to try the function, is at /_coldpress/. Ctrl-C stops the server. Each request prints one line to
stderr; --verbose prints the whole log.`;

/** `coldpress serve DIR`: keeps the function running under the local Lambda. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description(
      'serve a packed function on this machine: as a Function URL and Lambda’s Invoke API, under Google’s functions framework, or as a container’s server',
    )
    .argument('[dir]', 'artifact folder written by `coldpress pack`', 'build')
    .option('--port <number>', 'port, or 0 for any free port (default: 9000)', wholeNumber('--port'))
    .addOption(hostOption())
    .option('--signature <type>', 'entry point of a gcf artifact: http or cloudevent (default: http)');
  return withServeFlags(command)
    .addHelpText('after', example)
    .action(async (dir: string, flags: Flags) => {
      const signal = servingSignal();
      try {
        const { onLog, ...options } = runOptions(flags, signal);
        const isVerbose = flags.verbose === true;
        const served = await serveArtifact(dir, {
          ...options,
          ...(isVerbose && { onLog }),
          onEvent(event) {
            // The complete log already contains it.
            if (event.kind !== 'output' || !isVerbose) {
              process.stderr.write(`${formatFunctionEvent(event)}\n`);
            }
          },
          port: flags.port,
          hosts: flags.host,
          signature: checkSignature(flags.signature),
        });
        process.stdout.write(
          flags.json === true
            ? `${JSON.stringify(summary(served))}\n`
            : formatServed(served, await tryIt(dir, served.url)),
        );
        await served.closed;
      } catch (error) {
        // Ctrl-C is the normal end of serving, even during the start.
        if (!signal.aborted) {
          throw error;
        }
      }
    });
}

function summary({ url, playgroundUrl, manifest, init, runtimeClient, node, engine }: ServedArtifact) {
  const { kind, initMs } = init;
  const note = engine.kind === 'host' ? { note: engine.note } : {};
  return {
    url,
    ...(playgroundUrl !== undefined && { playgroundUrl }),
    name: manifest.name,
    init: { kind, initMs },
    runtimeClient,
    node,
    engine: { kind: engine.kind, ...note },
  };
}

function formatServed(served: ServedArtifact, command: string): string {
  const { url, playgroundUrl, manifest, init, runtimeClient, node, engine } = served;
  const how = init.kind === 'ready' ? 'ready after' : 'INIT failed after';
  return [
    `${manifest.name}: ${how} ${init.initMs.toFixed(1)} ms (${runtimeClient}, Node ${node.version})`,
    ...(engine.kind === 'host' ? [`note: ${engine.note}`] : []),
    ...(node.matches
      ? []
      : [`note: no Node of the target's major version found; this runs on ${node.version}`]),
    ...(manifest.target === 'aws-lambda'
      ? [
          `  Function URL  ${url}/`,
          `  Invoke API    ${url}/2015-03-31/functions/${manifest.name}/invocations`,
        ]
      : [`  ${manifest.target === 'gcf' ? 'function ' : 'container'}     ${url}/`]),
    ...(playgroundUrl === undefined ? [] : [`  playground    ${playgroundUrl}`]),
    `  health        ${url}/_coldpress/health`,
    ...(playgroundUrl === undefined ? [] : ['', `  ${command}`]),
    '',
    '',
  ].join('\n');
}
