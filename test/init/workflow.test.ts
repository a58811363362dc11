import { expect, test } from 'vitest';
import type { Project } from '../../lib/init/project.ts';
import { workflow } from '../../lib/init/templates/workflow.ts';
import { loadWorkflowParser } from './workflow-parser.ts';

const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = loadWorkflowParser();

/** What GitHub's own parser finds wrong: keys, permissions, needs, expressions. */
async function faultsOf(content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: 'model.yml', content }, new NoOperationTraceWriter());
  if (value !== undefined) {
    await convertWorkflowTemplate(context, value);
  }
  return context.errors.getErrors().map(({ message }) => message);
}

const projectFor = (target: Project['target'], trigger: Project['trigger']) =>
  ({ name: 'churn', target, trigger }) as Project;

test.each<[Project['target'], Project['trigger']]>([
  ['aws-lambda', 'http'],
  ['aws-lambda', 'sqs'],
  ['gcf', 'http'],
  ['gcf', 'pubsub'],
  ['gcf', 'gcs'],
  ['container', 'http'],
])('GitHub accepts the workflow for %s by %s', async (target, trigger) => {
  expect(await faultsOf(workflow(projectFor(target, trigger)))).toEqual([]);
});

test.each([
  ['attestations: write', 'attestation: write'],
  ['needs: build', 'needs: nothing'],
  ['steps.hash.outputs', 'stepz.hash.outputs'],
])('it would not accept %s written as %s', async (right, wrong) => {
  expect(await faultsOf(workflow(projectFor('container', 'http')).replace(right, wrong))).not.toEqual([]);
});
