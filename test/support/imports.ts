// Finds what a TypeScript file imports, types and late imports included, with the compiler's own parser.
import path from 'node:path';
import ts from 'typescript';
import { readText } from './repository.js';

/** Module names as they stand in the file: `import`, `export … from`, `import()`, `import('…')` types, `require()`. */
export function importsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = importedName(node);
    if (name !== undefined) found.push(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest));
  return found;
}

function importedName(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads = expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
  return loads ? literal(node.arguments[0]) : undefined;
}

function literal(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : undefined;
}

/** A relative import as a path of the repository (`src/domain/cluster.ts`); a package or node: name as it is. */
export function resolveImport(file: string, imported: string): string {
  if (!imported.startsWith('.')) return imported;
  return path.posix.join(path.posix.dirname(file), imported).replace(/\.js$/, '.ts');
}
