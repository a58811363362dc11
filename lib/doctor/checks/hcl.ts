/** A block of Terraform's language, such as `resource "aws_lambda_function" "churn" { … }`. */
export interface HclBlock extends HclBody {
  type: string;
  labels: string[];
}

export interface HclBody {
  /** Expressions as written in the file: `"nodejs24.x"`, `aws_lambda_function.churn.arn`. */
  attributes: Record<string, string>;
  blocks: HclBlock[];
}

/**
 * Reads the structure of a file: blocks and their attributes. Expressions are delimited, not evaluated.
 * https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 * @throws SyntaxError if the text cannot be parsed
 */
export function readHcl(text: string): HclBody {
  return readBody({ text, at: 0 }, undefined);
}

interface Cursor {
  readonly text: string;
  at: number;
}

const word = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const space = /(?:[\s\uFEFF]|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const lineSpace = /(?:[^\S\n]|\/\*[\s\S]*?\*\/)+/y;
const equals = /=(?!=)/y;
const comment = /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const heredoc = /<<-?[\p{ID_Start}_][\p{ID_Continue}-]*\r?\n/uy;

function readBody(cursor: Cursor, end: '}' | undefined): HclBody {
  const body: HclBody = { attributes: {}, blocks: [] };
  for (;;) {
    take(cursor, space);
    if (peek(cursor) === end) {
      cursor.at++;
      return body;
    }
    const name = take(cursor, word) ?? fail(cursor, 'a name');
    take(cursor, lineSpace);
    if (take(cursor, equals) !== undefined) {
      body.attributes[name] = readExpression(cursor);
    } else {
      body.blocks.push(readBlock(cursor, name));
    }
  }
}

function readBlock(cursor: Cursor, type: string): HclBlock {
  for (const labels: string[] = []; ; ) {
    take(cursor, lineSpace);
    const next = peek(cursor);
    if (next === '{') {
      cursor.at++;
      return { type, labels, ...readBody(cursor, '}') };
    }
    labels.push(
      next === '"' ? readString(cursor).slice(1, -1) : (take(cursor, word) ?? fail(cursor, 'a block')),
    );
  }
}

/** Reads to the end of the line or block outside all brackets, or to a comment. */
function readExpression(cursor: Cursor): string {
  const start = cursor.at;
  for (let depth = 0; ; ) {
    const next = peek(cursor);
    const isOver = next === undefined || '\n}#'.includes(next) || cursor.text.startsWith('//', cursor.at);
    if (depth === 0 && isOver) {
      return cursor.text.slice(start, cursor.at).trim();
    }
    if (next === undefined) {
      fail(cursor, 'a closing bracket');
    }
    if (next === '"') {
      readString(cursor);
    } else if (!skipHeredoc(cursor) && take(cursor, comment) === undefined) {
      depth += '([{'.includes(next) ? 1 : ')]}'.includes(next) ? -1 : 0;
      cursor.at++;
    }
  }
}

/** Reads a string with its quotes. A string may contain expressions, which may contain strings. */
function readString(cursor: Cursor): string {
  const start = cursor.at++;
  for (;;) {
    const next = peek(cursor);
    if (next === undefined || next === '\n') {
      fail(cursor, 'a closing quote');
    }
    if (next === '"') {
      cursor.at++;
      return cursor.text.slice(start, cursor.at);
    }
    const here = cursor.text.slice(cursor.at, cursor.at + 3);
    if (/^[$%]\{/.test(here)) {
      cursor.at += 2;
      skipTemplate(cursor);
    } else {
      cursor.at += /^(?:\$\$\{|%%\{)/.test(here) ? 3 : next === '\\' ? 2 : 1;
    }
  }
}

function skipTemplate(cursor: Cursor): void {
  for (let depth = 1; depth > 0; ) {
    const next = peek(cursor) ?? fail(cursor, 'a closing brace');
    if (next === '"') {
      readString(cursor);
    } else {
      depth += next === '{' ? 1 : next === '}' ? -1 : 0;
      cursor.at++;
    }
  }
}

function skipHeredoc(cursor: Cursor): boolean {
  const opening = take(cursor, heredoc);
  if (opening === undefined) {
    return false;
  }
  const marker = opening.replace(/^<<-?/, '').trim();
  const end = new RegExp(`^[^\\S\\n]*${marker}[^\\S\\n]*$`, 'gm');
  end.lastIndex = cursor.at;
  cursor.at = end.test(cursor.text) ? end.lastIndex : fail(cursor, `a line ${marker}`);
  return true;
}

function peek({ text, at }: Cursor): string | undefined {
  return text[at];
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text)?.[0];
  cursor.at += match?.length ?? 0;
  return match;
}

function fail({ text, at }: Cursor, expected: string): never {
  throw new SyntaxError(`line ${text.slice(0, at).split('\n').length}: ${expected} is expected`);
}
