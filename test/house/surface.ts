import ts from "typescript";

/**
 * What an entry of the package exports: each name with its kind and its types, as a text with one fact a line, in the
 * order of the names. What is private, protected or marked `@internal` does not show.
 */
export function surfaceOf(program: ts.Program, path: string): string {
  return exportedBy(program, path)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((symbol) => linesOf(program.getTypeChecker(), symbol))
    .join("\n")
    .concat("\n");
}

/** What an entry of the package exports, with the files of the specification left out. */
export function exportsOf(program: ts.Program, path: string): readonly ts.Symbol[] {
  const checker = program.getTypeChecker();
  return exportedBy(program, path)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter(({ declarations = [] }) => !declarations.some((one) => one.getSourceFile().fileName.includes("generated")));
}

function exportedBy(program: ts.Program, path: string): ts.Symbol[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${path} is not a module of the program`);
  return checker.getExportsOfModule(module);
}

const FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

function linesOf(checker: ts.TypeChecker, symbol: ts.Symbol): readonly string[] {
  const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const { flags } = meant;
  const typeOnly = symbol.declarations?.some(
    (declaration) =>
      ts.isExportSpecifier(declaration) && (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly),
  );
  if (flags & ts.SymbolFlags.Class) {
    const made = typeOnly ? [] : membersOf(checker, checker.getTypeOfSymbol(meant), "static ");
    return [
      `${typeOnly ? "type of " : ""}class ${symbol.name}`,
      ...made,
      ...membersOf(checker, checker.getDeclaredTypeOfSymbol(meant)),
    ];
  }
  if (flags & ts.SymbolFlags.Interface) {
    return [`interface ${symbol.name}`, ...membersOf(checker, checker.getDeclaredTypeOfSymbol(meant))];
  }
  if (flags & ts.SymbolFlags.TypeAlias) {
    const type = checker.getDeclaredTypeOfSymbol(meant);
    return [`type ${symbol.name} = ${checker.typeToString(type, undefined, FORMAT | ts.TypeFormatFlags.InTypeAlias)}`];
  }
  if (flags & ts.SymbolFlags.Function) {
    return checker
      .getTypeOfSymbol(meant)
      .getCallSignatures()
      .map((signature) => `function ${symbol.name}${checker.signatureToString(signature, undefined, FORMAT)}`);
  }
  if (flags & ts.SymbolFlags.ValueModule) {
    const names = checker.getExportsOfModule(meant).map(({ name }) => name);
    return [`namespace ${symbol.name}`, ...names.sort().map((name) => `  ${name}`)];
  }
  return [`const ${symbol.name}: ${checker.typeToString(checker.getTypeOfSymbol(meant), undefined, FORMAT)}`];
}

const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

/** The public members of a class or interface that come from this package, and how it is constructed. */
function membersOf(checker: ts.TypeChecker, type: ts.Type, prefix = ""): readonly string[] {
  const constructors = type
    .getConstructSignatures()
    .map((signature) => `  new ${checker.signatureToString(signature, undefined, FORMAT)}`);
  const members = checker
    .getPropertiesOfType(type)
    .filter((member) => {
      const declarations = member.declarations ?? [];
      const ours = declarations.some((declaration) => !declaration.getSourceFile().fileName.includes("node_modules"));
      const hidden = declarations.some(
        (declaration) =>
          ts.getCombinedModifierFlags(declaration) & HIDDEN ||
          ts.getJSDocTags(declaration).some((tag) => tag.tagName.text === "internal"),
      );
      return ours && !hidden;
    })
    .map((member) => {
      const optional = member.flags & ts.SymbolFlags.Optional ? "?" : "";
      return `  ${prefix}${memberName(member)}${optional}: ${checker.typeToString(checker.getTypeOfSymbol(member), undefined, FORMAT)}`;
    });
  return [...constructors, ...members.sort()];
}

/** A member under a symbol is `[BIND]`: the compiler's name has a number that depends on what it read before. */
function memberName({ name }: ts.Symbol): string {
  return name.replace(/^__@(\w+)@\d+$/, "[$1]");
}
