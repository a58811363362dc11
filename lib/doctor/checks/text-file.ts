import type { Checked } from '../checked.ts';
import type { Finding } from '../pain.ts';
import { checkRuntime } from './runtimes.ts';
import { checkTemplate, readTemplateJson } from './template.ts';
import { isTemplateYaml, readTemplateYaml } from './template-yaml.ts';

/** Checks a template's resources, or the runtimes that any other file names. */
export async function checkTextFile(path: string, text: string, today: Date): Promise<Checked> {
  const isJson = path.endsWith('.json');
  const template = isJson
    ? readTemplateJson(text)
    : isTemplateYaml(path, text)
      ? await readTemplateYaml(text)
      : undefined;
  if (typeof template === 'object') {
    return checkTemplate(template, { where: path, today });
  }
  const what = 'layers and permissions of Function URLs';
  return {
    findings: isJson ? [] : checkRuntimes(text, path, today),
    notChecked: [
      ...(template === undefined ? [] : [{ where: path, what, why: template }]),
      ...(path.endsWith('.tf.json') && text.includes('aws_lambda_function_url')
        ? [{ where: path, what, why: 'of Terraform only .tf files are read' }]
        : []),
    ],
  };
}

function checkRuntimes(text: string, where: string, today: Date): Finding[] {
  const named = text.match(/\bnodejs\d+(?:\.x)?(?![\w.])/g) ?? [];
  const constants = [...text.matchAll(/\bRuntime\.NODEJS_(\d+)_X\b/g)].map(([, major]) => `nodejs${major}.x`);
  return [...new Set([...named, ...constants])].flatMap(id => checkRuntime(id, { where, today }));
}
