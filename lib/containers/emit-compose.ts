import { stringify } from 'yaml';
import { dockerfile } from './emit-dockerfile.ts';
import type { EmitPlan } from './plan.ts';
import { healthPaths, serverPort, userId } from './server.ts';

/** The probe is a Node script, because Node's slim image has no curl. */
const probe = `fetch('http://127.0.0.1:${serverPort}${healthPaths.ready}').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;

/**
 * A compose file that builds the image and runs it. https://github.com/compose-spec/compose-spec/blob/main/spec.md
 * @param context - the artifact's folder, relative to the compose file
 */
export function composeFile(plan: EmitPlan, context: string): string {
  const { name, image, platform, memoryMib } = plan;
  // Escaped, because Compose would substitute variables after a dollar sign.
  const literal = (text: string) => text.replaceAll('$', '$$$$');
  return stringify(
    {
      services: {
        [name]: {
          image,
          ...(platform !== undefined && { platform }),
          build: { context, dockerfile_inline: literal(dockerfile(plan)) },
          ports: [`${serverPort}:${serverPort}`],
          user: `${userId}:${userId}`,
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
          mem_limit: `${memoryMib}m`,
          healthcheck: {
            test: ['CMD', 'node', '-e', probe],
            interval: '10s',
            timeout: '5s',
            start_period: '30s',
          },
          restart: 'unless-stopped',
        },
      },
    },
    { lineWidth: 0 },
  );
}
