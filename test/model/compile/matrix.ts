import { startDrawing } from '../../../bench/engines/fuzz/draw.ts';
import { generators } from '../../../bench/engines/fuzz/index.ts';
import { isWrong, judge } from '../../../bench/engines/fuzz/judge.ts';
import { arrayTypes } from '../../../lib/contract/arrays.ts';
import type { TensorType } from '../../../lib/contract/tensor-data.ts';
import { compileModel } from '../../../lib/model/compile/compile.ts';
import { operatorOf } from '../../../lib/model/compile/node.ts';
import { NotCovered } from '../../../lib/model/compile/not-covered.ts';
import { decodeModel } from '../../../lib/model/read.ts';
import { difference, encode, type Operator } from './answers.ts';
import { netCases } from './net-cases.ts';
import { operatorCases } from './operator-cases.ts';

/** What the tests found of an operator. */
export interface Row {
  opsets: Set<number>;
  types: Set<TensorType>;
  ulps: number;
  tests: number;
}

export interface Matrix {
  /** By operator. */
  rows: Map<string, Row>;
  failures: string[];
}

const opsets = [7, 9, 11, 13, 15, 18, 21, 24];
/** What types are tried with, or the newest where an operator is newer; the other opsets are tried with the first type. */
const usualOpset = 18;
const newest = Math.max(...opsets);
const types = [...Object.keys(arrayTypes), 'string'] as TensorType[];
const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

/** Runs every test table of operators through both engines. */
export function findMatrix(): Matrix {
  const matrix: Matrix = { rows: new Map(), failures: [] };
  for (const { operator, make } of operatorCases) {
    const isNew = make('float32', usualOpset) === undefined;
    const tried = isNew ? newest : usualOpset;
    const [first] = types.filter(type => runCase(matrix, operator, type, make(type, tried)));
    for (const opset of opsets.filter(opset => first !== undefined && opset !== tried)) {
      runCase(matrix, operator, first!, make(first!, opset));
    }
  }
  for (const [name, operator] of netCases) {
    for (const counted of new Set(operator.nodes.map(operatorOf))) {
      if (!runCase(matrix, counted, 'float32', operator)) {
        matrix.failures.push(`${name}: one engine refuses it`);
      }
    }
  }
  for (const operator of Object.keys(generators)) {
    drawCases(matrix, operator);
  }
  return matrix;
}

/** Whether both engines have the case. */
function runCase(matrix: Matrix, operator: string, type: TensorType, one: Operator | undefined): boolean {
  if (one === undefined || !isCovered(one)) {
    return false;
  }
  try {
    const { isClose, ulps, text } = difference(one);
    add(matrix, operator, { opset: one.opset ?? 17, type, ulps });
    if (!isClose) {
      matrix.failures.push(`${operator}, opset ${one.opset}, ${type}: ${text}`);
    }
    return true;
  } catch (error) {
    if (
      !/implementation|NOT_IMPLEMENTED|invalid|Type Error|No Op registered|opset|is not a registered/i.test(
        `${error}`,
      )
    ) {
      matrix.failures.push(`${operator}, opset ${one.opset}, ${type}: ${error}`);
    }
    return false;
  }
}

function isCovered(one: Operator): boolean {
  try {
    compileModel(decodeModel(encode(one), 'model.onnx'), []);
    return true;
  } catch (error) {
    if (error instanceof NotCovered) {
      return false;
    }
    throw error;
  }
}

/** Random models of an operator of ai.onnx.ml, or of text. */
function drawCases(matrix: Matrix, name: string): void {
  for (const seed of seeds) {
    const made = generators[name]!(startDrawing(seed));
    const judged = judge(made);
    if (isWrong(judged)) {
      matrix.failures.push(`${name}, seed ${seed}: ${judged.detail}`);
    }
    if (judged.ulps !== undefined) {
      const [used] = made.model.graph!.node;
      const { version } = made.model.opsetImport.find(({ domain }) => domain === used!.domain)!;
      add(matrix, operatorOf(used!), {
        opset: Number(version),
        type: [...made.inputs.values()][0]!.type,
        ulps: judged.ulps,
      });
    }
  }
}

function add(
  { rows }: Matrix,
  operator: string,
  { opset, type, ulps }: { opset: number; type: TensorType; ulps: number },
): void {
  const row = rows.get(operator) ?? { opsets: new Set(), types: new Set(), ulps: 0, tests: 0 };
  row.opsets.add(opset);
  row.types.add(type);
  row.ulps = Math.max(row.ulps, ulps);
  row.tests++;
  rows.set(operator, row);
}

/** The table of the page. */
export function renderMatrix({ rows }: Matrix): string {
  const lines = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([operator, { opsets, types, ulps, tests }]) => {
      const [least, most] = [Math.min(...opsets), Math.max(...opsets)];
      const range = least === most ? `${least}` : `${least} to ${most}`;
      return `| ${operator} | ${range} | ${[...types].sort().join(', ')} | ${ulps} | ${tests} |`;
    });
  return [
    '| operator | opsets | types | units in the last place | tests |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

const block = /\| operator \| opsets \|.*\n(?:\|.*\n)*/;

export const page = new URL('../../../docs/engines.md', import.meta.url);

/** A page with the table in the place of the one that it has. */
export function withMatrix(text: string, matrix: Matrix): string {
  return text.replace(block, () => `${renderMatrix(matrix)}\n`);
}

/** The table of a page, by its columns. */
export function parseMatrix(text: string) {
  const [, , ...lines] = (block.exec(text)?.[0] ?? '').trim().split('\n');
  return lines.map(line => {
    const [, operator, opsets, types, ulps, tests] = line
      .split(' | ')
      .flatMap(cell => cell.split(/^\| | \|$/));
    return { operator, opsets, types, ulps: Number(ulps), tests };
  });
}
