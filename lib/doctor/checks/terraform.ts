import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Checked, type NotChecked, together } from '../checked.ts';
import { checkFunctionUrl, urlActions } from './function-url.ts';
import { type HclBlock, type HclBody, readHcl } from './hcl.ts';

interface TerraformFile {
  /** The path that is shown to the user. */
  path: string;
  text: string;
}

/** A resource and the file that contains it. */
interface Resource extends HclBody {
  path: string;
  id: string;
}

/** https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md: #44858, January 2026. */
const grantingProvider = [6, 28, 0] as const;

const fix =
  'Use version 6.28.0 or newer of the provider hashicorp/aws, which grants both where the URL is created; for one that is there already, have an aws_lambda_permission with action = "lambda:InvokeFunction" and invoked_via_function_url = true.';

/**
 * Checks permissions of the Function URLs in a module, which is the files of a folder. For a public one, the provider
 * itself grants `lambda:InvokeFunctionUrl`, and since 6.28.0 also `lambda:InvokeFunction`.
 * @param place - the module's folder, and the project's, up to which the version lock is searched for
 */
export function checkTerraform(
  files: readonly TerraformFile[],
  place: { dir: string; root: string },
): Checked {
  const { resources, notChecked } = readResources(files);
  const version = lockedProvider(place);
  const urls = resources.filter(({ id }) => id.startsWith('aws_lambda_function_url.'));
  return together([{ findings: [], notChecked }, ...urls.map(url => checkUrl(url, resources, version))]);
}

function checkUrl(
  { path, id, attributes }: Resource,
  resources: readonly Resource[],
  version: readonly number[] | undefined,
): Checked {
  const where = `${path}, ${id}`;
  const target = functionOf(attributes.function_name, resources);
  const permissions = resources
    .filter(({ id: other }) => other.startsWith('aws_lambda_permission.'))
    .filter(({ attributes: of }) => functionOf(of.function_name, resources) === target)
    .map(({ attributes: of }) => ({ action: literal(of.action), isForAll: literal(of.principal) === '*' }));
  const authType = literal(attributes.authorization_type);
  const check = (impliedActions: readonly string[]) =>
    checkFunctionUrl({ where, authType, permissions, impliedActions, fix });
  const [before, since] = [check(urlActions.slice(0, 1)), check(urlActions)];
  if (version !== undefined) {
    return isBefore(version, grantingProvider) ? before : since;
  }
  const why =
    'no .terraform.lock.hcl pins the version of hashicorp/aws; 6.28.0 and newer grant both permissions';
  return before.findings.length === since.findings.length
    ? before
    : { findings: [], notChecked: [{ where, what: 'permissions of the Function URL', why }] };
}

function readResources(files: readonly TerraformFile[]): { resources: Resource[]; notChecked: NotChecked[] } {
  const resources: Resource[] = [];
  const notChecked: NotChecked[] = [];
  const what = 'permissions of Function URLs';
  for (const { path, text } of files) {
    try {
      const { blocks } = readHcl(text);
      resources.push(
        ...blocks.filter(isResource).map(block => ({ ...block, path, id: block.labels.join('.') })),
      );
      const why = 'modules from elsewhere are not read';
      notChecked.push(
        ...blocks
          .filter(makesUrl)
          .map(({ labels }) => ({ where: `${path}, module.${labels[0]}`, what, why })),
      );
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) {
        throw error;
      }
      notChecked.push({ where: path, what, why: `it cannot be read: ${error.message}` });
    }
  }
  return { resources, notChecked };
}

function isResource({ type, labels }: HclBlock): boolean {
  return type === 'resource' && labels.length === 2;
}

/** Whether a module creates a Function URL. */
function makesUrl({ type, attributes }: HclBlock): boolean {
  return (
    type === 'module' &&
    Object.entries(attributes).some(([name, value]) => /function_url$/.test(name) && value !== 'false')
  );
}

/** The function that an expression refers to: a resource's address if possible, else the expression itself. */
function functionOf(expression: string | undefined, resources: readonly Resource[]): string | undefined {
  const reference = /\baws_lambda_(?:function|alias)\.[\w-]+/.exec(expression ?? '')?.[0];
  const named = resources.find(
    ({ id, attributes }) => id.startsWith('aws_lambda_function.') && attributes.function_name === expression,
  );
  return reference ?? named?.id ?? expression;
}

/** The text of a string that contains no expressions. */
function literal(expression: string | undefined): string | undefined {
  return /^"([^"$%\\]*)"$/.exec(expression ?? '')?.[1];
}

/** The version that `terraform init` selected, which is stored in the root module. */
function lockedProvider({ dir, root }: { dir: string; root: string }): readonly number[] | undefined {
  const lock = join(dir, '.terraform.lock.hcl');
  if (existsSync(lock)) {
    const provider = readFileSync(lock, 'utf8').match(
      /provider "[^"]*\/hashicorp\/aws" \{[^}]*?\bversion\s*=\s*"([\d.]+)/,
    );
    return provider?.[1]?.split('.').map(Number);
  }
  return dir === root || dir === dirname(dir) ? undefined : lockedProvider({ dir: dirname(dir), root });
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const at = version.findIndex((part, index) => part !== other[index]);
  return at >= 0 && version[at]! < other[at]!;
}
