/** Public declarations as a reader wants them: their signatures as written, without bodies, and their comments. */

import {
  type ClassDeclaration,
  type FunctionDeclaration,
  type JSDocableNode,
  type MethodDeclaration,
  Node,
  type ParameterDeclaration,
  type VariableDeclaration,
} from 'ts-morph';
import { isOpName } from '../../ir/ops/index.ts';
import { purposeOf, unstarred } from './sources.ts';

/** The comment above a declaration; empty where there is none. */
export function docOf(node: Node): string {
  const commented = Node.isVariableDeclaration(node) ? node.getVariableStatement() : node;
  const last = Node.isJSDocable(commented) ? (commented as JSDocableNode).getJsDocs().at(-1) : undefined;
  return last === undefined ? '' : unstarred(last.getText().replace(/^\/\*\*|\*\/$/g, ''));
}

/** What an export is; `Model` and `model` are told apart by it. */
export function kindOf(node: Node): string {
  if (Node.isInterfaceDeclaration(node)) return 'interface';
  if (Node.isTypeAliasDeclaration(node)) return 'type';
  if (Node.isClassDeclaration(node)) return 'class';
  if (Node.isVariableDeclaration(node) && !Node.isArrowFunction(node.getInitializer())) return 'constant';
  return 'function';
}

/** The declaration of an export, as TypeScript. */
export function signatureOf(name: string, node: Node): string {
  if (Node.isFunctionDeclaration(node)) return functionText(name, node);
  if (Node.isVariableDeclaration(node)) return variableText(name, node);
  if (Node.isClassDeclaration(node)) return classText(node);
  if (Node.isInterfaceDeclaration(node) || Node.isTypeAliasDeclaration(node))
    return withoutExport(withoutDoc(node.getText(), docTextOf(node)));
  throw new Error(`${name} is a ${node.getKindName()}, which no page can show.`);
}

const withoutExport = (text: string): string => text.replace(/^export (default )?/, '');
const docTextOf = (node: JSDocableNode): readonly string[] => node.getJsDocs().map((doc) => doc.getText());
const withoutDoc = (text: string, docs: readonly string[]): string =>
  docs.reduce((rest, doc) => rest.replace(doc, ''), text).trim();

/** Each overload a line; the implementation is none of them. */
function functionText(name: string, node: FunctionDeclaration): string {
  const overloads = node.getOverloads();
  const shown = overloads.length > 0 ? overloads : [node];
  return shown.map((one) => `function ${name}${callText(one)};`).join('\n');
}

/** Type parameters, parameters and result. */
function callText(
  node: Pick<FunctionDeclaration, 'getTypeParameters' | 'getParameters' | 'getReturnTypeNode'>,
): string {
  const types = node.getTypeParameters().map((type) => type.getText());
  const parameters = node.getParameters().map(parameterText);
  const result = node.getReturnTypeNode()?.getText() ?? 'void';
  const all = `${types.length === 0 ? '' : `<${types.join(', ')}>`}(${parameters.join(', ')}): ${result}`;
  if (all.length < 100) return all;
  return `${types.length === 0 ? '' : `<${types.join(', ')}>`}(\n${parameters.map((one) => `  ${one},\n`).join('')}): ${result}`;
}

/** What is taken apart in the implementation has a name for callers; what has a default may be left out. */
function parameterText(parameter: ParameterDeclaration): string {
  const taken = Node.isObjectBindingPattern(parameter.getNameNode()) ? 'options' : parameter.getName();
  const optional = parameter.hasQuestionToken() || parameter.hasInitializer();
  const type = parameter.getTypeNode()?.getText() ?? typeOfDefault(parameter);
  return `${parameter.isRestParameter() ? '...' : ''}${taken}${optional ? '?' : ''}: ${type}`;
}

/** A default that is a number or a truth says the type. */
function typeOfDefault(parameter: ParameterDeclaration): string {
  const value = parameter.getInitializer()?.getText() ?? '';
  return /^-?[\d.e]+$/.test(value) ? 'number' : /^(true|false)$/.test(value) ? 'boolean' : 'unknown';
}

/** A function that is a constant is shown as a function. */
function variableText(name: string, node: VariableDeclaration): string {
  const value = node.getInitializer();
  const type = node.getTypeNode()?.getText();
  if (Node.isArrowFunction(value)) return `function ${name}${callText(value)};`;
  const text = value?.getText() ?? 'unknown';
  const known = /^[`'"]/.test(text) ? 'string' : text;
  return `const ${name}: ${type ?? known};`;
}

/** Public members with their comments. */
function classText(node: ClassDeclaration): string {
  const head = /^(?:export )?([^{]*)\{/.exec(withoutDoc(node.getText(), docTextOf(node)))?.[1]?.trim() ?? '';
  const properties = node.getProperties().map((one) =>
    commented(
      docOf(one),
      one
        .getText()
        .replace(docTextOf(one)[0] ?? '', '')
        .trim(),
    ),
  );
  const methods = node.getMethods().flatMap((one) => methodTexts(one));
  return `${head} {\n${indented([...properties, ...methods].join('\n'))}\n}`;
}

function methodTexts(method: MethodDeclaration): readonly string[] {
  const overloads = method.getOverloads();
  const shown = overloads.length > 0 ? overloads : [method];
  const name = method.getName();
  const isSilent = shown.every((one) => docOf(one) === '');
  return shown.map((one) => commented(isSilent ? purposeOfOp(name) : docOf(one), `${name}${callText(one)};`));
}

/** A method called as an op records that op. */
const purposeOfOp = (name: string): string =>
  isOpName(name)
    ? purposeOf(`ir/ops/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`)
    : '';

const commented = (doc: string, text: string): string =>
  doc === '' ? text : `/** ${doc.replace(/\s+/g, ' ')} */\n${text}`;

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
