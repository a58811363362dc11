import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadEsbuild } from '../../lib/vendored.ts';
import { folder, root } from '../cli/coldpress.ts';

/** GitHub's own parser of workflows, bundled: it imports JSON without the attribute that Node requires. */
export function loadWorkflowParser(): typeof import('@actions/workflow-parser') {
  const outfile = join(folder('workflow-parser'), 'parser.cjs');
  loadEsbuild().buildSync({
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    absWorkingDir: root,
    entryPoints: ['@actions/workflow-parser'],
  });
  return createRequire(outfile)(outfile);
}
