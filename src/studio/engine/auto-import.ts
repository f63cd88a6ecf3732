/** What could be imported and is not yet: offered while typing, with the change of the text that imports it. */

import ts from 'typescript';
import type { Completion } from './protocol.ts';

/** Functions and values that the package exports and the text does not know. */
export function importable(
  program: ts.Program,
  text: ts.SourceFile,
  entry: ts.SourceFile,
  known: ReadonlySet<string>,
): readonly Completion[] {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(entry);
  if (module === undefined) return [];
  const addition = additionTo(text);
  return checker
    .getExportsOfModule(module)
    .filter((symbol) => !known.has(symbol.name) && isValue(symbol, checker))
    .map((symbol): Completion => {
      const isFunction = (resolved(symbol, checker).flags & ts.SymbolFlags.Function) !== 0;
      return {
        label: symbol.name,
        type: isFunction ? 'function' : 'variable',
        detail: `from 'chainrule'`,
        also: addition(symbol.name),
      };
    });
}

const resolved = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);

/** A class that is exported as a type is none. */
const isValue = (symbol: ts.Symbol, checker: ts.TypeChecker): boolean =>
  (resolved(symbol, checker).flags & ts.SymbolFlags.Value) !== 0 &&
  symbol.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration) !== true;

/** Where and how a name is imported: beside the others, or in a line of its own before the first statement. */
function additionTo(
  text: ts.SourceFile,
): (name: string) => { readonly from: number; readonly insert: string } {
  for (const statement of text.statements) {
    if (!ts.isImportDeclaration(statement) || statement.importClause?.phaseModifier !== undefined) continue;
    const { moduleSpecifier, importClause } = statement;
    const bindings = importClause?.namedBindings;
    if (!ts.isStringLiteral(moduleSpecifier) || moduleSpecifier.text !== 'chainrule') continue;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const last = bindings.elements[bindings.elements.length - 1];
    if (last === undefined) return (name) => ({ from: bindings.getStart(text) + 1, insert: ` ${name} ` });
    return (name) => ({ from: last.end, insert: `, ${name}` });
  }
  const from = text.statements[0]?.getStart(text) ?? text.end;
  return (name) => ({ from, insert: `import { ${name} } from 'chainrule';\n` });
}
